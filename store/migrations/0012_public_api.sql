-- What the API in Interakt's form needs: the number that a key sends from, and the text that a program
-- gives with a message and gets back with all that is told of it.
ALTER TABLE api_keys ADD COLUMN number_id {id};
ALTER TABLE messages ADD COLUMN callback_data {text};

-- Programs that ask every minute who changed read a range of this.
CREATE INDEX contacts_by_change ON contacts (workspace_id, updated_at, id);
