-- Imports undone: what they changed of people who were there, and how far the way back is.

-- change: what an import set on somebody who was there, JSON, with what stood before. granted: 1
-- where it wrote down a yes. Kept as long as the import can be undone; it names a contact that may
-- be gone by then, so that it does not refer to it.
CREATE TABLE import_changes (
    workspace_id {id}   NOT NULL,
    import_id    {id}   NOT NULL,
    contact_id   {id}   NOT NULL,
    change       {text} NOT NULL,
    granted      {int}  NOT NULL,
    PRIMARY KEY (workspace_id, import_id, contact_id),
    FOREIGN KEY (workspace_id, import_id) REFERENCES imports (workspace_id, id)
){strict};

-- state: running, done, failed. after_contact: up to whom of the list it has come. seen: how many
-- that were; removed, restored, unchanged and those of kept add up to it. kept: how many were left
-- alone by reason, JSON.
CREATE TABLE import_undos (
    workspace_id  {id}   NOT NULL,
    import_id     {id}   NOT NULL,
    state         {text} NOT NULL,
    after_contact {id},
    seen          {int}  NOT NULL,
    removed       {int}  NOT NULL,
    restored      {int}  NOT NULL,
    unchanged     {int}  NOT NULL,
    withdrawn     {int}  NOT NULL,
    kept          {text} NOT NULL,
    asked_by      {text} NOT NULL,
    created_at    {int}  NOT NULL,
    ended_at      {int},
    PRIMARY KEY (workspace_id, import_id),
    FOREIGN KEY (workspace_id, import_id) REFERENCES imports (workspace_id, id)
){strict};

-- 1 where the import that fills the list made the contact.
ALTER TABLE audience_list_members ADD COLUMN made {int} NOT NULL DEFAULT 0;

-- Before a contact goes the database looks for what refers to it.
CREATE INDEX contacts_by_merged ON contacts (workspace_id, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX links_by_contact ON links (workspace_id, contact_id);
CREATE INDEX campaign_conversions_by_contact ON campaign_conversions (workspace_id, contact_id);
