-- Instance tables: what belongs to the installation and not to one workspace.
-- {id} {int} {text} {bytes} {strict} are expanded per dialect, see store/src/migrate.rs.

CREATE TABLE instance (
    key   {text} NOT NULL PRIMARY KEY,
    value {text} NOT NULL
){strict};

CREATE TABLE workspaces (
    id              {id}   NOT NULL PRIMARY KEY,
    name            {text} NOT NULL,
    time_zone       {text} NOT NULL,
    demo            {int}  NOT NULL,
    data_key        {bytes} NOT NULL,
    next_contact_no {int}  NOT NULL,
    created_at      {int}  NOT NULL
){strict};

-- The change feed's counter: its row lock makes commit order the feed's order.
CREATE TABLE feeds (
    workspace_id {id}  NOT NULL PRIMARY KEY REFERENCES workspaces (id),
    seq          {int} NOT NULL
){strict};

CREATE TABLE accounts (
    id            {id}   NOT NULL PRIMARY KEY,
    email         {text} NOT NULL,
    email_key     {text} NOT NULL UNIQUE,
    name          {text} NOT NULL,
    password_hash {text} NOT NULL,
    disabled_at   {int},
    created_at    {int}  NOT NULL
){strict};

CREATE TABLE apps (
    id                  {text} NOT NULL PRIMARY KEY,
    name                {text} NOT NULL,
    secret_enc          {bytes} NOT NULL,
    previous_secret_enc {bytes},
    verify_token_enc    {bytes} NOT NULL,
    last_webhook_at     {int},
    created_at          {int}  NOT NULL
){strict};

-- Where an item of a webhook belongs. kind: phone_number, waba, portfolio.
CREATE TABLE routes (
    kind         {text} NOT NULL,
    external_id  {text} NOT NULL,
    app_id       {text} NOT NULL REFERENCES apps (id),
    workspace_id {id}   NOT NULL REFERENCES workspaces (id),
    subject_id   {id}   NOT NULL,
    PRIMARY KEY (kind, external_id)
){strict};

-- One counter per partition: appending takes its row lock, so that commit order is seq order.
CREATE TABLE journal_partitions (
    partition {int} NOT NULL PRIMARY KEY,
    next_seq  {int} NOT NULL
){strict};

-- Raw webhook bodies. class bits: 1 messages and preferences, 2 statuses, 4 everything else.
CREATE TABLE journal (
    partition   {int}  NOT NULL,
    seq         {int}  NOT NULL,
    app_id      {text} NOT NULL,
    class       {int}  NOT NULL,
    received_at {int}  NOT NULL,
    body        {bytes} NOT NULL,
    PRIMARY KEY (partition, seq)
){strict};

-- How far each applier lane has got. lane: 1 messages, 2 statuses, 4 the rest.
CREATE TABLE journal_cursors (
    partition {int} NOT NULL,
    lane      {int} NOT NULL,
    seq       {int} NOT NULL,
    PRIMARY KEY (partition, lane)
){strict};

CREATE TABLE dead_letters (
    id           {id}   NOT NULL PRIMARY KEY,
    workspace_id {id},
    app_id       {text} NOT NULL,
    partition    {int}  NOT NULL,
    journal_seq  {int}  NOT NULL,
    item_index   {int}  NOT NULL,
    reason       {text} NOT NULL,
    detail       {text} NOT NULL,
    item         {bytes} NOT NULL,
    state        {text} NOT NULL,
    tries        {int}  NOT NULL,
    received_at  {int}  NOT NULL,
    changed_at   {int}  NOT NULL,
    UNIQUE (partition, journal_seq, item_index)
){strict};
CREATE INDEX dead_letters_by_state ON dead_letters (state, received_at, id);

CREATE TABLE jobs (
    id           {id}   NOT NULL PRIMARY KEY,
    workspace_id {id}   REFERENCES workspaces (id),
    kind         {text} NOT NULL,
    lane         {int}  NOT NULL,
    payload      {text} NOT NULL,
    dedupe_key   {text},
    run_at       {int}  NOT NULL,
    tries        {int}  NOT NULL,
    max_tries    {int}  NOT NULL,
    locked_until {int},
    again        {int}  NOT NULL,
    last_error   {text},
    state        {text} NOT NULL,
    created_at   {int}  NOT NULL
){strict};
CREATE INDEX jobs_due ON jobs (state, lane, run_at);
CREATE UNIQUE INDEX jobs_dedupe ON jobs (dedupe_key) WHERE dedupe_key IS NOT NULL;

CREATE TABLE sessions (
    token_hash   {bytes} NOT NULL PRIMARY KEY,
    csrf_token   {text} NOT NULL,
    account_id   {id}   NOT NULL REFERENCES accounts (id),
    workspace_id {id}   NOT NULL REFERENCES workspaces (id),
    member_id    {id}   NOT NULL,
    user_agent   {text} NOT NULL,
    created_at   {int}  NOT NULL,
    last_seen_at {int}  NOT NULL,
    expires_at   {int}  NOT NULL
){strict};
CREATE INDEX sessions_by_account ON sessions (account_id);

-- Single-use tokens: first-owner set-up, the demo's login link. Only hashes are kept.
CREATE TABLE one_time_tokens (
    token_hash   {bytes} NOT NULL PRIMARY KEY,
    purpose      {text} NOT NULL,
    account_id   {id},
    workspace_id {id},
    expires_at   {int}  NOT NULL,
    used_at      {int},
    created_at   {int}  NOT NULL
){strict};
