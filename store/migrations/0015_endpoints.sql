-- Addresses outside that are told what happens here, and what they are still to be told.

-- How many endpoints of the workspace are on. Stands in the row that every transaction with events
-- changes anyway, so that asking costs nothing where there is none.
ALTER TABLE feeds ADD COLUMN endpoints {int} NOT NULL DEFAULT 0;

-- form: wigwag, interakt. events: names, with spaces between; empty: all. state: on, off, deleted.
-- on_since: what was recorded before is not told. rest_until: nothing is called before.
CREATE TABLE endpoints (
    workspace_id        {id}   NOT NULL REFERENCES workspaces (id),
    id                  {id}   NOT NULL,
    name                {text} NOT NULL,
    url                 {text} NOT NULL,
    form                {text} NOT NULL,
    events              {text} NOT NULL,
    state               {text} NOT NULL,
    off_reason          {text},
    on_since            {int}  NOT NULL,
    secret_enc          {bytes} NOT NULL,
    previous_secret_enc {bytes},
    previous_until      {int},
    failures            {int}  NOT NULL,
    failing_since       {int},
    rest_until          {int},
    last_success_at     {int},
    created_at          {int}  NOT NULL,
    PRIMARY KEY (workspace_id, id)
){strict};

-- What happened and was not yet spread over the endpoints: written with the change, in the order
-- of the feed. detail: what the row may no longer say later, such as a state.
CREATE TABLE happenings (
    workspace_id {id}   NOT NULL REFERENCES workspaces (id),
    seq          {int}  NOT NULL,
    kind         {text} NOT NULL,
    subject_id   {id}   NOT NULL,
    detail       {text},
    at           {int}  NOT NULL,
    recorded_at  {int}  NOT NULL,
    PRIMARY KEY (workspace_id, seq)
){strict};
CREATE INDEX happenings_by_age ON happenings (recorded_at);

-- The state of campaigns and templates that was told last: their rows change more often than it.
CREATE TABLE told (
    workspace_id {id}   NOT NULL REFERENCES workspaces (id),
    subject_id   {id}   NOT NULL,
    state        {text} NOT NULL,
    PRIMARY KEY (workspace_id, subject_id)
){strict};

-- One thing to tell one endpoint. topic: the contact, or what else it is about; of one topic one
-- delivery is on its way at a time, in the order of seq. state: queued (another of its topic comes
-- first), waiting (for due_at), delivered, given_up. due_at: while it is claimed, the end of the lease.
CREATE TABLE endpoint_deliveries (
    workspace_id {id}   NOT NULL,
    id           {id}   NOT NULL,
    endpoint_id  {id}   NOT NULL,
    topic        {id}   NOT NULL,
    seq          {int}  NOT NULL,
    kind         {text} NOT NULL,
    body         {text} NOT NULL,
    state        {text} NOT NULL,
    due_at       {int}  NOT NULL,
    tries        {int}  NOT NULL,
    claimed_by   {text},
    outcome      {text},
    took_us      {int},
    tried_at     {int},
    created_at   {int}  NOT NULL,
    ended_at     {int},
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, endpoint_id) REFERENCES endpoints (workspace_id, id)
){strict};
CREATE INDEX endpoint_deliveries_due ON endpoint_deliveries (workspace_id, endpoint_id, state, due_at);
CREATE INDEX endpoint_deliveries_open ON endpoint_deliveries (workspace_id, endpoint_id, topic, seq)
    WHERE ended_at IS NULL;
CREATE INDEX endpoint_deliveries_claimed ON endpoint_deliveries (claimed_by) WHERE claimed_by IS NOT NULL;
CREATE INDEX endpoint_deliveries_listed ON endpoint_deliveries (workspace_id, endpoint_id, id);
CREATE INDEX endpoint_deliveries_by_age ON endpoint_deliveries (created_at);
