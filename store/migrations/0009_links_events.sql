-- Short links and the taps on them; events of contacts, and the goals of campaigns that they reach.

-- One row per person and short-link button of a campaign. slug: what stands in the address, found
-- without a workspace because nobody can guess it. round 0: a test, which counts in no report.
-- variable: `button.0.url`.
CREATE TABLE links (
    workspace_id     {id}   NOT NULL,
    slug             {text} NOT NULL,
    campaign_id      {id}   NOT NULL,
    round            {int}  NOT NULL,
    contact_id       {id}   NOT NULL,
    message_id       {id},
    variable         {text} NOT NULL,
    destination      {text} NOT NULL,
    clicks           {int}  NOT NULL,
    first_clicked_at {int},
    last_clicked_at  {int},
    created_at       {int}  NOT NULL,
    PRIMARY KEY (workspace_id, slug),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
){strict};
CREATE UNIQUE INDEX links_by_slug ON links (slug);
CREATE INDEX links_by_campaign ON links (workspace_id, campaign_id);

-- What contacts did. source_id: the sender's own id of it; the same twice is one event.
CREATE TABLE events (
    workspace_id {id}   NOT NULL,
    id           {id}   NOT NULL,
    contact_id   {id}   NOT NULL,
    name         {text} NOT NULL,
    properties   {text} NOT NULL,
    occurred_at  {int}  NOT NULL,
    source_id    {text},
    created_at   {int}  NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
){strict};
CREATE UNIQUE INDEX events_by_source ON events (workspace_id, source_id) WHERE source_id IS NOT NULL;
CREATE INDEX events_by_contact ON events (workspace_id, contact_id, occurred_at, id);
CREATE INDEX events_by_name ON events (workspace_id, name, occurred_at);

-- Who reached which goal of a campaign, once per person and goal. goal: its place in the
-- campaign's settings, from 0.
CREATE TABLE campaign_conversions (
    workspace_id {id}  NOT NULL,
    campaign_id  {id}  NOT NULL,
    contact_id   {id}  NOT NULL,
    goal         {int} NOT NULL,
    round        {int} NOT NULL,
    event_id     {id}  NOT NULL,
    at           {int} NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, contact_id, goal),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaigns (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id),
    FOREIGN KEY (workspace_id, event_id) REFERENCES events (workspace_id, id)
){strict};

-- When the person first reached a goal. campaign_counts and campaign_series count `converted` like
-- `clicked`; campaign_counts besides has `clicks`, how often links were followed, and `goal_0` to
-- `goal_9`, how many people reached each goal.
ALTER TABLE campaign_recipients ADD COLUMN converted_at {int};
