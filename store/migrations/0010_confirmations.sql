-- What people are answered when they stop or resume marketing. A workspace without a row answers
-- with the default words; an absent text means them too. sent: 0 where nothing is answered.
CREATE TABLE confirmations (
    workspace_id {id}  NOT NULL REFERENCES workspaces (id),
    stop_sent    {int} NOT NULL,
    stop_text    {text},
    start_sent   {int} NOT NULL,
    start_text   {text},
    version      {int} NOT NULL,
    updated_at   {int} NOT NULL,
    PRIMARY KEY (workspace_id)
){strict};
