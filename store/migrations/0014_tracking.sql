-- Events from web pages and from shops.

-- A publishable key stands in a web page for everybody to read, so it is kept as it is. Secret keys
-- have null here. origins: the origins that it may be used from, separated by spaces.
ALTER TABLE api_keys ADD COLUMN public_key {text};
ALTER TABLE api_keys ADD COLUMN origins {text};

-- Who told an event: `web` (a page with a publishable key, so anybody), `shopify` or `hook` (a shop
-- that signs), null for a program with a secret key.
ALTER TABLE events ADD COLUMN source {text};

-- Addresses that shops and other systems call. token: what stands in the address. plan: JSON, how
-- bodies are read and how they are signed. A deleted hook stays, without its secret, as long as its
-- deliveries.
CREATE TABLE hooks (
    workspace_id    {id}    NOT NULL REFERENCES workspaces (id),
    id              {id}    NOT NULL,
    name            {text}  NOT NULL,
    token           {text}  NOT NULL,
    plan            {text}  NOT NULL,
    secret_enc      {bytes} NOT NULL,
    active          {int}   NOT NULL,
    version         {int}   NOT NULL,
    last_refused_at {int},
    created_by      {id},
    created_at      {int}   NOT NULL,
    updated_at      {int}   NOT NULL,
    deleted_at      {int},
    PRIMARY KEY (workspace_id, id)
){strict};
CREATE UNIQUE INDEX hooks_by_token ON hooks (token);

-- What came for a hook with a right signature, and what became of it. source_id: the sender's id of
-- the delivery, or a digest of the body; the same twice is one delivery, but for refused ones.
-- outcome: `recorded`, `passed_over` or `refused`; reason: a code, or the field that was wrong.
CREATE TABLE hook_deliveries (
    workspace_id {id}   NOT NULL,
    id           {id}   NOT NULL,
    hook_id      {id}   NOT NULL,
    source_id    {text} NOT NULL,
    topic        {text} NOT NULL,
    outcome      {text} NOT NULL,
    reason       {text},
    detail       {text},
    contact_id   {id},
    event_id     {id},
    received_at  {int}  NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, hook_id) REFERENCES hooks (workspace_id, id)
){strict};
CREATE UNIQUE INDEX hook_deliveries_by_source ON hook_deliveries (workspace_id, hook_id, source_id);
CREATE INDEX hook_deliveries_by_hook ON hook_deliveries (workspace_id, hook_id, id);
CREATE INDEX hook_deliveries_by_time ON hook_deliveries (received_at);
