-- What filters read from contacts: who became another, when people were made and where they are. Not when
-- they last wrote: each message that comes in would have to change that index.

CREATE INDEX contacts_merged ON contacts (workspace_id, merged_into, id) WHERE merged_into IS NOT NULL;
CREATE INDEX contacts_by_created ON contacts (workspace_id, created_at, id);
CREATE INDEX contacts_by_country ON contacts (workspace_id, country, id) WHERE country IS NOT NULL;
