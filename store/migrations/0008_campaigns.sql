-- Campaigns: one message to many people, planned, fed to the lanes, counted.

-- state: draft, scheduled, planning, running, pausing, paused, done, stopped, failed. A paused
-- campaign with held_reason waits for a person. canary: off, armed, sending, waiting, passed.
-- tended_at: when a process last looked after it while it ran; what nobody looked after for hours
-- is held before anything more leaves.
CREATE TABLE campaigns (
    workspace_id     {id}   NOT NULL REFERENCES workspaces (id),
    id               {id}   NOT NULL,
    name             {text} NOT NULL,
    state            {text} NOT NULL,
    held_reason      {text},
    failure          {text},
    number_id        {id},
    template_id      {id},
    category         {text},
    audience         {text} NOT NULL,
    variables        {text} NOT NULL,
    header           {text},
    schedule         {text} NOT NULL,
    settings         {text} NOT NULL,
    round            {int}  NOT NULL,
    round_ends_at    {int},
    confirmed_count  {int},
    estimate_micros  {int},
    currency         {text},
    canary           {text} NOT NULL,
    canary_until     {int},
    scheduled_at     {int},
    undo_until       {int},
    started_at       {int},
    ended_at         {int},
    tended_at        {int},
    created_by       {text} NOT NULL,
    created_at       {int}  NOT NULL,
    updated_at       {int}  NOT NULL,
    version          {int}  NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, number_id) REFERENCES numbers (workspace_id, id),
    FOREIGN KEY (workspace_id, template_id) REFERENCES templates (workspace_id, id)
){strict};
-- One that was stopped or failed has work left until ended_at is set.
CREATE INDEX campaigns_at_work ON campaigns (workspace_id, id)
    WHERE ended_at IS NULL AND state IN ('scheduled', 'planning', 'running', 'pausing', 'stopped', 'failed');

-- One row per person and round. state: planned, skipped, fed; once fed the message's state counts.
CREATE TABLE campaign_recipients (
    workspace_id    {id}   NOT NULL,
    campaign_id     {id}   NOT NULL,
    round           {int}  NOT NULL,
    contact_id      {id}   NOT NULL,
    no              {int}  NOT NULL,
    number_id       {id}   NOT NULL,
    due_at          {int}  NOT NULL,
    zone            {text},
    state           {text} NOT NULL,
    reason          {text},
    market          {text},
    estimate_micros {int},
    filled          {text},
    message_id      {id},
    canary          {int}  NOT NULL,
    fed_at          {int},
    reply_until     {int},
    replied_at      {int},
    clicked_at      {int},
    opted_out_at    {int},
    PRIMARY KEY (workspace_id, campaign_id, round, contact_id),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
){strict};
CREATE UNIQUE INDEX campaign_recipients_in_order ON campaign_recipients (workspace_id, campaign_id, round, no);
CREATE INDEX campaign_recipients_to_feed ON campaign_recipients (workspace_id, campaign_id, canary, due_at, contact_id)
    WHERE state = 'planned';
CREATE INDEX campaign_recipients_skipped ON campaign_recipients (workspace_id, campaign_id, reason, round, no)
    WHERE state = 'skipped';
CREATE INDEX campaign_recipients_by_contact ON campaign_recipients (workspace_id, contact_id, fed_at);

-- How many are in each state, moved with what moves them. state: a message's, or replied, clicked,
-- opted_out, which are counted beside.
CREATE TABLE campaign_counts (
    workspace_id {id}   NOT NULL,
    campaign_id  {id}   NOT NULL,
    round        {int}  NOT NULL,
    state        {text} NOT NULL,
    n            {int}  NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, round, state),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns (workspace_id, id)
){strict};

-- What moved in each minute. kind: sent, delivered, read, failed, replied, clicked, opted_out.
CREATE TABLE campaign_series (
    workspace_id {id}   NOT NULL,
    campaign_id  {id}   NOT NULL,
    at           {int}  NOT NULL,
    kind         {text} NOT NULL,
    n            {int}  NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, at, kind),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns (workspace_id, id)
){strict};

-- What Meta charged for a campaign's messages, in millionths, by currency.
CREATE TABLE campaign_charges (
    workspace_id {id}   NOT NULL,
    campaign_id  {id}   NOT NULL,
    currency     {text} NOT NULL,
    micros       {int}  NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, currency),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns (workspace_id, id)
){strict};

ALTER TABLE messages ADD COLUMN campaign_id {id};
ALTER TABLE messages ADD COLUMN campaign_round {int};
CREATE INDEX messages_by_campaign ON messages (workspace_id, campaign_id, state, id) WHERE campaign_id IS NOT NULL;

ALTER TABLE outbox ADD COLUMN campaign_id {id};
CREATE INDEX outbox_by_campaign ON outbox (workspace_id, campaign_id, state, message_id) WHERE campaign_id IS NOT NULL;

-- How many of portfolio_budget began in each five minutes: the moving sum reads these instead of
-- the people. bucket: the first microsecond of the five minutes.
CREATE TABLE portfolio_budget_counts (
    workspace_id {id}  NOT NULL REFERENCES workspaces (id),
    portfolio    {id}  NOT NULL,
    bucket       {int} NOT NULL,
    n            {int} NOT NULL,
    PRIMARY KEY (workspace_id, portfolio, bucket)
){strict};
INSERT INTO portfolio_budget_counts (workspace_id, portfolio, bucket, n)
    SELECT workspace_id, portfolio, first_at / 300000000 * 300000000, COUNT(*)
    FROM portfolio_budget GROUP BY workspace_id, portfolio, first_at / 300000000;
