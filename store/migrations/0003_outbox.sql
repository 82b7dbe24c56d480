-- What leaves: outbox rows per number, the attempts made, the leases of the lanes.

-- priority: 10 agent reply, 20 transactional, 30 automation, 40 campaign.
-- state: preparing (its file is on the way to Meta), queued, attempting; a row leaves the outbox
-- when its attempt has an outcome.
CREATE TABLE outbox (
    workspace_id {id}   NOT NULL,
    message_id   {id}   NOT NULL,
    number_id    {id}   NOT NULL,
    contact_id   {id}   NOT NULL,
    priority     {int}  NOT NULL,
    state        {text} NOT NULL,
    due_at       {int}  NOT NULL,
    try_no       {int}  NOT NULL,
    lane_epoch   {int},
    send_by      {int},
    body         {text} NOT NULL,
    created_at   {int}  NOT NULL,
    PRIMARY KEY (workspace_id, message_id),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id)
){strict};
CREATE INDEX outbox_claim ON outbox (number_id, state, priority, due_at, message_id);
CREATE INDEX outbox_due ON outbox (state, due_at);

-- live_us: the number's lane clock when the outcome became unknown.
CREATE TABLE attempts (
    workspace_id {id}   NOT NULL,
    message_id   {id}   NOT NULL,
    try_no       {int}  NOT NULL,
    number_id    {id}   NOT NULL,
    lane_epoch   {int}  NOT NULL,
    started_at   {int}  NOT NULL,
    ended_at     {int},
    effect       {text},
    http_status  {int},
    error_code   {int},
    error_detail {text},
    wamid        {text},
    live_us      {int},
    PRIMARY KEY (workspace_id, message_id, try_no),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id)
){strict};

CREATE INDEX attempts_by_age ON attempts (started_at);

-- A number is served by one process at a time. epoch grows at each take-over.
CREATE TABLE lanes (
    number_id    {id}   NOT NULL PRIMARY KEY,
    workspace_id {id}   NOT NULL REFERENCES workspaces (id),
    owner        {text} NOT NULL,
    epoch        {int}  NOT NULL,
    lease_until  {int}  NOT NULL
){strict};

-- Unknown rows age only while webhooks for their number arrive: seconds in which one did.
CREATE TABLE lane_clocks (
    number_id    {id}  NOT NULL PRIMARY KEY,
    workspace_id {id}  NOT NULL REFERENCES workspaces (id),
    live_us      {int} NOT NULL,
    last_seen_at {int} NOT NULL
){strict};

-- People first written to outside the window, per portfolio, in the moving 24 h.
CREATE TABLE portfolio_budget (
    workspace_id {id}   NOT NULL REFERENCES workspaces (id),
    portfolio    {id}   NOT NULL,
    contact_id   {id}   NOT NULL,
    first_at     {int}  NOT NULL,
    PRIMARY KEY (workspace_id, portfolio, contact_id)
){strict};
CREATE INDEX portfolio_budget_by_age ON portfolio_budget (workspace_id, portfolio, first_at);

CREATE TABLE idempotency (
    workspace_id {id}   NOT NULL REFERENCES workspaces (id),
    key          {text} NOT NULL,
    request_hash {bytes} NOT NULL,
    state        {text} NOT NULL,
    status       {int},
    body         {text},
    created_at   {int}  NOT NULL,
    PRIMARY KEY (workspace_id, key)
){strict};
CREATE INDEX idempotency_by_age ON idempotency (created_at);
