-- What contacts are searched by, what they agreed to and when, lists, and files read in.

-- The kind of each trait: text, number, boolean, datetime, list. A new trait defines itself by its
-- first value.
CREATE TABLE traits (
    workspace_id {id}   NOT NULL REFERENCES workspaces (id),
    key          {text} NOT NULL,
    kind         {text} NOT NULL,
    label        {text} NOT NULL,
    created_at   {int}  NOT NULL,
    PRIMARY KEY (workspace_id, key)
){strict};

-- contacts.tags and contacts.traits are what one read shows; these tables are what filters ask.
-- One function writes both, see store/src/contacts/write.rs.
CREATE TABLE contact_tags (
    workspace_id {id}   NOT NULL,
    tag_key      {text} NOT NULL,
    contact_id   {id}   NOT NULL,
    tag          {text} NOT NULL,
    PRIMARY KEY (workspace_id, tag_key, contact_id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
){strict};
CREATE INDEX contact_tags_by_contact ON contact_tags (workspace_id, contact_id);

-- text is folded; number is a number in the order of integers, or 0 and 1. All three are empty for
-- a value that is not of the trait's kind. place tells the values of a list apart.
CREATE TABLE contact_traits (
    workspace_id {id}   NOT NULL,
    contact_id   {id}   NOT NULL,
    key          {text} NOT NULL,
    place        {int}  NOT NULL,
    text         {text},
    number       {int},
    at           {int},
    PRIMARY KEY (workspace_id, contact_id, key, place),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
){strict};
CREATE INDEX contact_traits_by_text ON contact_traits (workspace_id, key, text, contact_id);
CREATE INDEX contact_traits_by_number ON contact_traits (workspace_id, key, number, contact_id) WHERE number IS NOT NULL;
CREATE INDEX contact_traits_by_time ON contact_traits (workspace_id, key, at, contact_id) WHERE at IS NOT NULL;

CREATE INDEX consent_by_state ON consent (workspace_id, category, state, contact_id);

-- Every word about consent, append-only: who, what, when, and the words if there were any.
CREATE TABLE consent_log (
    workspace_id {id}   NOT NULL,
    id           {id}   NOT NULL,
    contact_id   {id}   NOT NULL,
    category     {text} NOT NULL,
    state        {text} NOT NULL,
    source       {text} NOT NULL,
    actor        {text} NOT NULL,
    text         {text},
    at           {int}  NOT NULL,
    recorded_at  {int}  NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
){strict};
CREATE INDEX consent_log_by_contact ON consent_log (workspace_id, contact_id, at, id);

-- source: import, manual, api. columns: the names of the columns that its members bring, JSON.
CREATE TABLE audience_lists (
    workspace_id {id}   NOT NULL REFERENCES workspaces (id),
    id           {id}   NOT NULL,
    name         {text} NOT NULL,
    source       {text} NOT NULL,
    columns      {text} NOT NULL,
    members      {int}  NOT NULL,
    created_by   {text} NOT NULL,
    created_at   {int}  NOT NULL,
    PRIMARY KEY (workspace_id, id)
){strict};

CREATE TABLE audience_list_members (
    workspace_id {id}   NOT NULL,
    list_id      {id}   NOT NULL,
    contact_id   {id}   NOT NULL,
    columns      {text} NOT NULL,
    row_no       {int}  NOT NULL,
    PRIMARY KEY (workspace_id, list_id, contact_id),
    FOREIGN KEY (workspace_id, list_id) REFERENCES audience_lists (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
){strict};
CREATE INDEX audience_list_members_by_contact ON audience_list_members (workspace_id, contact_id);

-- A file of contacts. state: uploaded, running, done, failed. The file is kept as UTF-8 under
-- object_key; position is the byte where the next chunk begins.
CREATE TABLE imports (
    workspace_id {id}   NOT NULL REFERENCES workspaces (id),
    id           {id}   NOT NULL,
    state        {text} NOT NULL,
    filename     {text} NOT NULL,
    object_key   {text} NOT NULL,
    size         {int}  NOT NULL,
    encoding     {text} NOT NULL,
    delimiter    {text} NOT NULL,
    has_header   {int}  NOT NULL,
    columns      {text} NOT NULL,
    rows_total   {int}  NOT NULL,
    wish         {text},
    list_id      {id},
    position     {int}  NOT NULL,
    rows_done    {int}  NOT NULL,
    created      {int}  NOT NULL,
    updated      {int}  NOT NULL,
    duplicates   {int}  NOT NULL,
    failed       {int}  NOT NULL,
    granted      {int}  NOT NULL,
    kept_denied  {int}  NOT NULL,
    failure      {text},
    created_by   {text} NOT NULL,
    created_at   {int}  NOT NULL,
    started_at   {int},
    ended_at     {int},
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, list_id) REFERENCES audience_lists (workspace_id, id)
){strict};

-- Rows that were not taken, as they stood in the file.
CREATE TABLE import_problems (
    workspace_id {id}   NOT NULL,
    import_id    {id}   NOT NULL,
    row_no       {int}  NOT NULL,
    field        {text} NOT NULL,
    code         {text} NOT NULL,
    message      {text} NOT NULL,
    record       {text} NOT NULL,
    PRIMARY KEY (workspace_id, import_id, row_no),
    FOREIGN KEY (workspace_id, import_id) REFERENCES imports (workspace_id, id)
){strict};

-- What a column of this name was last read as.
CREATE TABLE import_columns (
    workspace_id {id}   NOT NULL REFERENCES workspaces (id),
    column_key   {text} NOT NULL,
    target       {text} NOT NULL,
    used_at      {int}  NOT NULL,
    PRIMARY KEY (workspace_id, column_key)
){strict};
