-- Actions on many contacts at a time, and people who were erased.

-- action: JSON, what is done. filter: JSON, whom it means, with its segments in place; empty where people were
-- listed, who then stand in bulk_people. Nobody with a number above last_no is touched: they came later.
-- state, undo_state: running, done, failed. after_no, undo_after: up to whom it has come. changed, unchanged and
-- refused add up to seen; undone and kept to undo_seen.
CREATE TABLE bulk_actions (
    workspace_id  {id}   NOT NULL REFERENCES workspaces (id),
    id            {id}   NOT NULL,
    action        {text} NOT NULL,
    filter        {text},
    last_no       {int}  NOT NULL,
    total         {int}  NOT NULL,
    state         {text} NOT NULL,
    failure       {text},
    after_no      {int}  NOT NULL,
    seen          {int}  NOT NULL,
    changed       {int}  NOT NULL,
    unchanged     {int}  NOT NULL,
    refused       {int}  NOT NULL,
    undo_state    {text},
    undo_after    {int}  NOT NULL,
    undo_seen     {int}  NOT NULL,
    undone        {int}  NOT NULL,
    kept          {int}  NOT NULL,
    undone_by     {text},
    created_by    {text} NOT NULL,
    created_at    {int}  NOT NULL,
    ended_at      {int},
    PRIMARY KEY (workspace_id, id)
){strict};

-- no: the contact's. state: waiting, changed, refused, undone, kept. detail: of one that was changed what stood
-- before, JSON. Kept as long as the action can be undone; it names a contact that may be gone by then.
CREATE TABLE bulk_people (
    workspace_id {id}   NOT NULL,
    bulk_id      {id}   NOT NULL,
    no           {int}  NOT NULL,
    contact_id   {id}   NOT NULL,
    state        {text} NOT NULL,
    reason       {text},
    detail       {text},
    PRIMARY KEY (workspace_id, bulk_id, no),
    FOREIGN KEY (workspace_id, bulk_id) REFERENCES bulk_actions (workspace_id, id)
){strict};
CREATE INDEX bulk_people_refused ON bulk_people (workspace_id, bulk_id, no) WHERE state = 'refused';

-- People who are being erased, or were. An erased contact is merged into itself: nobody of its own to whoever
-- looks for contacts, while attempts, counts and charges still have whom they refer to.
ALTER TABLE contacts ADD COLUMN erased_at {int};
CREATE TABLE erasures (
    workspace_id {id}   NOT NULL,
    contact_id   {id}   NOT NULL,
    asked_by     {text} NOT NULL,
    begun_at     {int}  NOT NULL,
    ended_at     {int},
    PRIMARY KEY (workspace_id, contact_id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
){strict};
CREATE INDEX erasures_open ON erasures (workspace_id, contact_id) WHERE ended_at IS NULL;

-- What people had said no to when they were erased. digest: of their phone number or user id, with a key that
-- is not in the database. A contact that is made with it begins with the no.
CREATE TABLE kept_refusals (
    workspace_id {id}    NOT NULL REFERENCES workspaces (id),
    digest       {bytes} NOT NULL,
    category     {text}  NOT NULL,
    source       {text}  NOT NULL,
    at           {int}   NOT NULL,
    PRIMARY KEY (workspace_id, digest, category)
){strict};

-- What is about one person is found by it.
CREATE INDEX endpoint_deliveries_by_topic ON endpoint_deliveries (workspace_id, topic);
CREATE INDEX hook_deliveries_by_contact ON hook_deliveries (workspace_id, contact_id) WHERE contact_id IS NOT NULL;

-- Contacts that became one with another. While ended_at is empty, messages and events still move over.
CREATE TABLE contact_merges (
    workspace_id {id}   NOT NULL,
    contact_id   {id}   NOT NULL,
    survivor_id  {id}   NOT NULL,
    merged_by    {text} NOT NULL,
    merged_at    {int}  NOT NULL,
    ended_at     {int},
    PRIMARY KEY (workspace_id, contact_id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id),
    FOREIGN KEY (workspace_id, survivor_id) REFERENCES contacts (workspace_id, id)
){strict};
