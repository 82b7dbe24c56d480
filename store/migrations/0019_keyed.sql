-- Tables that are read by their key alone are kept in the order of that key: on SQLite a tree less for each.
--
-- Terms, tags and traits only repeat what stands in contacts. One door writes them with their contact, in one
-- transaction (store/src/contacts/write.rs), and whatever removes or joins contacts takes them along. They have
-- no foreign keys: to look each word's contact up again took longer than to write the word.
--
-- Terms are made anew: a phone number is found by its beginning, with and without the country's code, and by its
-- end, which is kept backwards, instead of by a term for each place at which it may be cut.

DROP TABLE contact_terms;
CREATE TABLE contact_terms (
    workspace_id {id}   NOT NULL,
    term         {text} NOT NULL,
    contact_id   {id}   NOT NULL,
    PRIMARY KEY (workspace_id, term, contact_id)
){keyed};
CREATE INDEX contact_terms_by_contact ON contact_terms (workspace_id, contact_id);

ALTER TABLE contact_tags RENAME TO contact_tags_before;
CREATE TABLE contact_tags (
    workspace_id {id}   NOT NULL,
    tag_key      {text} NOT NULL,
    contact_id   {id}   NOT NULL,
    tag          {text} NOT NULL,
    PRIMARY KEY (workspace_id, tag_key, contact_id)
){keyed};
INSERT INTO contact_tags (workspace_id, tag_key, contact_id, tag)
    SELECT workspace_id, tag_key, contact_id, tag FROM contact_tags_before;
DROP TABLE contact_tags_before;
CREATE INDEX contact_tags_by_contact ON contact_tags (workspace_id, contact_id);

ALTER TABLE contact_traits RENAME TO contact_traits_before;
CREATE TABLE contact_traits (
    workspace_id {id}   NOT NULL,
    contact_id   {id}   NOT NULL,
    key          {text} NOT NULL,
    place        {int}  NOT NULL,
    text         {text},
    number       {int},
    at           {int},
    PRIMARY KEY (workspace_id, contact_id, key, place)
){keyed};
INSERT INTO contact_traits (workspace_id, contact_id, key, place, text, number, at)
    SELECT workspace_id, contact_id, key, place, text, number, at FROM contact_traits_before;
DROP TABLE contact_traits_before;
CREATE INDEX contact_traits_by_text ON contact_traits (workspace_id, key, text, contact_id);
CREATE INDEX contact_traits_by_number ON contact_traits (workspace_id, key, number, contact_id) WHERE number IS NOT NULL;
CREATE INDEX contact_traits_by_time ON contact_traits (workspace_id, key, at, contact_id) WHERE at IS NOT NULL;

ALTER TABLE contact_identities RENAME TO contact_identities_before;
CREATE TABLE contact_identities (
    workspace_id {id}   NOT NULL,
    kind         {text} NOT NULL,
    scope        {text} NOT NULL,
    value        {text} NOT NULL,
    contact_id   {id}   NOT NULL,
    created_at   {int}  NOT NULL,
    PRIMARY KEY (workspace_id, kind, scope, value),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
){keyed};
INSERT INTO contact_identities (workspace_id, kind, scope, value, contact_id, created_at)
    SELECT workspace_id, kind, scope, value, contact_id, created_at FROM contact_identities_before;
DROP TABLE contact_identities_before;
CREATE INDEX contact_identities_by_contact ON contact_identities (workspace_id, contact_id);

ALTER TABLE consent RENAME TO consent_before;
CREATE TABLE consent (
    workspace_id {id}   NOT NULL,
    contact_id   {id}   NOT NULL,
    category     {text} NOT NULL,
    state        {text} NOT NULL,
    source       {text} NOT NULL,
    text         {text},
    at           {int}  NOT NULL,
    PRIMARY KEY (workspace_id, contact_id, category),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
){keyed};
INSERT INTO consent (workspace_id, contact_id, category, state, source, text, at)
    SELECT workspace_id, contact_id, category, state, source, text, at FROM consent_before;
DROP TABLE consent_before;
CREATE INDEX consent_by_state ON consent (workspace_id, category, state, contact_id);

ALTER TABLE audience_list_members RENAME TO audience_list_members_before;
CREATE TABLE audience_list_members (
    workspace_id {id}   NOT NULL,
    list_id      {id}   NOT NULL,
    contact_id   {id}   NOT NULL,
    columns      {text} NOT NULL,
    row_no       {int}  NOT NULL,
    made         {int}  NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, list_id, contact_id),
    FOREIGN KEY (workspace_id, list_id) REFERENCES audience_lists (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
){keyed};
INSERT INTO audience_list_members (workspace_id, list_id, contact_id, columns, row_no, made)
    SELECT workspace_id, list_id, contact_id, columns, row_no, made FROM audience_list_members_before;
DROP TABLE audience_list_members_before;
CREATE INDEX audience_list_members_by_contact ON audience_list_members (workspace_id, contact_id);
