-- Saved filters over contacts; and events in the form in which filters compare their particulars.

-- filter: a filter over contacts as JSON, as docs/audience.md describes it. name_key: the folded name, of
-- which there is one in a workspace.
CREATE TABLE segments (
    workspace_id {id}   NOT NULL REFERENCES workspaces (id),
    id           {id}   NOT NULL,
    name         {text} NOT NULL,
    name_key     {text} NOT NULL,
    filter       {text} NOT NULL,
    created_by   {text} NOT NULL,
    created_at   {int}  NOT NULL,
    updated_at   {int}  NOT NULL,
    version      {int}  NOT NULL,
    PRIMARY KEY (workspace_id, id)
){strict};
CREATE UNIQUE INDEX segments_by_name ON segments (workspace_id, name_key);

-- The particulars as they are compared, see model/src/audience/event.rs; empty for events that were told
-- before there were segments.
ALTER TABLE events ADD COLUMN compared {text};
-- Holds who did it, so that a question without particulars reads no event.
DROP INDEX events_by_name;
CREATE INDEX events_by_name ON events (workspace_id, name, occurred_at, contact_id);
