-- On-going campaigns: versions, what starts them, and the run of each person.

-- kind: one_time, ongoing. ongoing: what makes it on-going, as JSON. definition: the version in force
-- of an on-going campaign that was started. last_no: the last place among its recipients.
ALTER TABLE campaigns ADD COLUMN kind {text} NOT NULL DEFAULT 'one_time';
ALTER TABLE campaigns ADD COLUMN ongoing {text};
ALTER TABLE campaigns ADD COLUMN definition {int};
ALTER TABLE campaigns ADD COLUMN last_no {int} NOT NULL DEFAULT 0;
CREATE INDEX campaigns_ongoing ON campaigns (workspace_id, id) WHERE kind = 'ongoing' AND ended_at IS NULL AND started_at IS NOT NULL;

-- What an on-going campaign said in each version, as JSON. Runs keep the one they began with.
CREATE TABLE campaign_definitions (
    workspace_id {id}   NOT NULL,
    campaign_id  {id}   NOT NULL,
    no           {int}  NOT NULL,
    body         {text} NOT NULL,
    created_by   {text} NOT NULL,
    created_at   {int}  NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, no),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns (workspace_id, id)
){strict};

-- What starts the campaigns that run now. kind: event, contact_created, trait_changed, tag_added,
-- tag_removed, date, segment_entered. key: the event's, trait's or tag's name. looked_at: when days and
-- segments were last looked at. enrol: what is still to be done with those who are in already: runs (they
-- run too), members (they count as known), done; from enrol_after on.
CREATE TABLE campaign_triggers (
    workspace_id {id}   NOT NULL,
    campaign_id  {id}   NOT NULL,
    definition   {int}  NOT NULL,
    kind         {text} NOT NULL,
    key          {text} NOT NULL,
    looked_at    {int},
    enrol        {text} NOT NULL,
    enrol_after  {id},
    PRIMARY KEY (workspace_id, campaign_id),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns (workspace_id, id)
){strict};
CREATE INDEX campaign_triggers_by_key ON campaign_triggers (workspace_id, kind, key);

-- One row each time that something started a campaign for a person. state: new (nobody has asked the
-- filter yet; from began_at on), waiting (for due_at), done (became a recipient), dropped (with the reason). dedupe: what
-- started it; the same starts a campaign once. arm: which message, 7: none, to compare with.
CREATE TABLE campaign_runs (
    workspace_id {id}   NOT NULL,
    id           {id}   NOT NULL,
    campaign_id  {id}   NOT NULL,
    definition   {int}  NOT NULL,
    contact_id   {id}   NOT NULL,
    event_id     {id},
    dedupe       {text} NOT NULL,
    began_at     {int}  NOT NULL,
    due_at       {int}  NOT NULL,
    state        {text} NOT NULL,
    reason       {text},
    entry        {int},
    arm          {int},
    ended_at     {int},
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
){strict};
CREATE UNIQUE INDEX campaign_runs_once ON campaign_runs (workspace_id, campaign_id, contact_id, dedupe);
CREATE INDEX campaign_runs_new ON campaign_runs (workspace_id, campaign_id, began_at, id) WHERE state = 'new';
CREATE INDEX campaign_runs_due ON campaign_runs (workspace_id, campaign_id, due_at, id) WHERE state = 'waiting';
CREATE INDEX campaign_runs_listed ON campaign_runs (workspace_id, campaign_id, began_at, id);
CREATE INDEX campaign_runs_by_contact ON campaign_runs (workspace_id, contact_id, began_at);

-- How often and when last a person passed a campaign's filter: who may run again.
CREATE TABLE campaign_entrants (
    workspace_id {id}  NOT NULL,
    campaign_id  {id}  NOT NULL,
    contact_id   {id}  NOT NULL,
    entries      {int} NOT NULL,
    last_at      {int} NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, contact_id),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns (workspace_id, id)
){strict};

-- Who is in the segment that starts a campaign, as last looked at.
CREATE TABLE campaign_members (
    workspace_id {id}  NOT NULL,
    campaign_id  {id}  NOT NULL,
    contact_id   {id}  NOT NULL,
    since        {int} NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, contact_id),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns (workspace_id, id)
){strict};

-- What became of runs, by the hour in UTC. kind: began, or done, or the reason for which they were
-- dropped.
CREATE TABLE campaign_run_counts (
    workspace_id {id}   NOT NULL,
    campaign_id  {id}   NOT NULL,
    hour         {int}  NOT NULL,
    definition   {int}  NOT NULL,
    kind         {text} NOT NULL,
    n            {int}  NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, hour, definition, kind),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns (workspace_id, id)
){strict};

-- The version by which a recipient of an on-going campaign is written to, and the run that led there.
ALTER TABLE campaign_recipients ADD COLUMN definition {int};
ALTER TABLE campaign_recipients ADD COLUMN run_id {id};

-- Grows whenever what starts campaigns changes: processes that keep the triggers in memory read them
-- anew.
ALTER TABLE feeds ADD COLUMN trigger_epoch {int} NOT NULL DEFAULT 0;
