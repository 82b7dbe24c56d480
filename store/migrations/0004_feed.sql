-- What clients follow and what operators look back on.

CREATE TABLE feed (
    workspace_id    {id}   NOT NULL REFERENCES workspaces (id),
    seq             {int}  NOT NULL,
    kind            {text} NOT NULL,
    subject_id      {id}   NOT NULL,
    conversation_id {id},
    at              {int}  NOT NULL,
    PRIMARY KEY (workspace_id, seq)
){strict};
CREATE INDEX feed_by_age ON feed (at);

CREATE TABLE audit (
    workspace_id {id}   NOT NULL REFERENCES workspaces (id),
    id           {id}   NOT NULL,
    at           {int}  NOT NULL,
    actor        {text} NOT NULL,
    action       {text} NOT NULL,
    subject      {text} NOT NULL,
    detail       {text} NOT NULL,
    seal         {bytes},
    PRIMARY KEY (workspace_id, id)
){strict};

-- The last calls made with API keys, for the developers' page.
CREATE TABLE calls (
    workspace_id {id}   NOT NULL REFERENCES workspaces (id),
    id           {id}   NOT NULL,
    at           {int}  NOT NULL,
    method       {text} NOT NULL,
    path         {text} NOT NULL,
    status       {int}  NOT NULL,
    duration_us  {int}  NOT NULL,
    key_prefix   {text},
    request_id   {text} NOT NULL,
    PRIMARY KEY (workspace_id, id)
){strict};
CREATE INDEX calls_by_age ON calls (at);
