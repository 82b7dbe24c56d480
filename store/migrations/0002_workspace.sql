-- Tenant tables: workspace_id leads every key, and every reference between them carries it,
-- so that the database itself refuses a row that crosses workspaces.

CREATE TABLE members (
    workspace_id {id}   NOT NULL REFERENCES workspaces (id),
    id           {id}   NOT NULL,
    account_id   {id}   NOT NULL REFERENCES accounts (id),
    role         {text} NOT NULL,
    disabled_at  {int},
    created_at   {int}  NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, account_id)
){strict};
CREATE INDEX members_by_account ON members (account_id);

CREATE TABLE api_keys (
    workspace_id {id}   NOT NULL REFERENCES workspaces (id),
    id           {id}   NOT NULL,
    name         {text} NOT NULL,
    prefix       {text} NOT NULL,
    secret_hash  {bytes} NOT NULL UNIQUE,
    scopes       {text} NOT NULL,
    created_by   {id},
    created_at   {int}  NOT NULL,
    expires_at   {int},
    last_used_at {int},
    revoked_at   {int},
    PRIMARY KEY (workspace_id, id)
){strict};

CREATE TABLE portfolios (
    workspace_id {id}   NOT NULL REFERENCES workspaces (id),
    id           {id}   NOT NULL,
    portfolio_id {text} NOT NULL,
    name         {text} NOT NULL,
    created_at   {int}  NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, portfolio_id)
){strict};

CREATE TABLE wabas (
    workspace_id     {id}   NOT NULL REFERENCES workspaces (id),
    id               {id}   NOT NULL,
    portfolio        {id},
    app_id           {text} NOT NULL REFERENCES apps (id),
    waba_id          {text} NOT NULL,
    name             {text} NOT NULL,
    currency         {text},
    time_zone        {text},
    access_token_enc {bytes} NOT NULL,
    created_at       {int}  NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, waba_id),
    FOREIGN KEY (workspace_id, portfolio) REFERENCES portfolios (workspace_id, id)
){strict};

CREATE TABLE numbers (
    workspace_id         {id}   NOT NULL REFERENCES workspaces (id),
    id                   {id}   NOT NULL,
    waba                 {id}   NOT NULL,
    phone_number_id      {text} NOT NULL,
    display_phone_number {text} NOT NULL,
    verified_name        {text} NOT NULL,
    quality              {text} NOT NULL,
    status               {text} NOT NULL,
    throughput           {int}  NOT NULL,
    messaging_limit      {int},
    enabled              {int}  NOT NULL,
    last_webhook_at      {int},
    synced_at            {int},
    created_at           {int}  NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, phone_number_id),
    FOREIGN KEY (workspace_id, waba) REFERENCES wabas (workspace_id, id)
){strict};

CREATE TABLE templates (
    workspace_id     {id}   NOT NULL REFERENCES workspaces (id),
    id               {id}   NOT NULL,
    waba             {id}   NOT NULL,
    meta_template_id {text} NOT NULL,
    name             {text} NOT NULL,
    language         {text} NOT NULL,
    category         {text} NOT NULL,
    status           {text} NOT NULL,
    quality          {text} NOT NULL,
    rejected_reason  {text},
    parameter_format {text} NOT NULL,
    components       {text} NOT NULL,
    synced_at        {int}  NOT NULL,
    created_at       {int}  NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, waba, name, language),
    FOREIGN KEY (workspace_id, waba) REFERENCES wabas (workspace_id, id)
){strict};
CREATE INDEX templates_by_meta_id ON templates (workspace_id, meta_template_id);

CREATE TABLE contacts (
    workspace_id {id}   NOT NULL REFERENCES workspaces (id),
    id           {id}   NOT NULL,
    no           {int}  NOT NULL,
    name         {text},
    profile_name {text},
    phone        {text},
    wa_id        {text},
    user_id      {text},
    username     {text},
    email        {text},
    country      {text},
    tags         {text} NOT NULL,
    traits       {text} NOT NULL,
    blocked_at   {int},
    source       {text} NOT NULL,
    name_key     {text} NOT NULL,
    created_at   {int}  NOT NULL,
    last_seen_at {int},
    updated_at   {int}  NOT NULL,
    version      {int}  NOT NULL,
    merged_into  {id},
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, no),
    FOREIGN KEY (workspace_id, merged_into) REFERENCES contacts (workspace_id, id)
){strict};
CREATE INDEX contacts_by_name ON contacts (workspace_id, name_key, id);

-- kind: wa_id, phone, user_id (scope = portfolio id), external.
CREATE TABLE contact_identities (
    workspace_id {id}   NOT NULL,
    kind         {text} NOT NULL,
    scope        {text} NOT NULL,
    value        {text} NOT NULL,
    contact_id   {id}   NOT NULL,
    created_at   {int}  NOT NULL,
    PRIMARY KEY (workspace_id, kind, scope, value),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
){strict};
CREATE INDEX contact_identities_by_contact ON contact_identities (workspace_id, contact_id);

-- One row per searchable term (folded words of names, phone suffixes), so that search is an
-- index range on both databases.
CREATE TABLE contact_terms (
    workspace_id {id}   NOT NULL,
    term         {text} NOT NULL,
    contact_id   {id}   NOT NULL,
    PRIMARY KEY (workspace_id, term, contact_id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
){strict};
CREATE INDEX contact_terms_by_contact ON contact_terms (workspace_id, contact_id);

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
){strict};

CREATE TABLE media (
    workspace_id     {id}   NOT NULL REFERENCES workspaces (id),
    id               {id}   NOT NULL,
    kind             {text} NOT NULL,
    mime_type        {text} NOT NULL,
    filename         {text},
    size             {int},
    sha256           {bytes},
    state            {text} NOT NULL,
    object_key       {text},
    number_id        {id},
    meta_media_id    {text},
    meta_uploaded_at {int},
    width            {int},
    height           {int},
    failure          {text},
    created_at       {int}  NOT NULL,
    PRIMARY KEY (workspace_id, id)
){strict};

CREATE TABLE conversations (
    workspace_id       {id}   NOT NULL REFERENCES workspaces (id),
    id                 {id}   NOT NULL,
    contact_id         {id}   NOT NULL,
    number_id          {id}   NOT NULL,
    status             {text} NOT NULL,
    assignee_id        {id},
    unread_count       {int}  NOT NULL,
    contact_name       {text} NOT NULL,
    contact_phone      {text},
    last_message_id    {id},
    last_direction     {text},
    last_kind          {text},
    last_preview       {text},
    last_state         {int},
    last_author        {text},
    last_at            {int},
    activity_at        {int}  NOT NULL,
    last_inbound_at    {int},
    last_inbound_wamid {text},
    window_closes_at   {int},
    free_entry_closes_at {int},
    snoozed_until      {int},
    changed_seq        {int}  NOT NULL,
    created_at         {int}  NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, contact_id, number_id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id),
    FOREIGN KEY (workspace_id, number_id) REFERENCES numbers (workspace_id, id),
    FOREIGN KEY (workspace_id, assignee_id) REFERENCES members (workspace_id, id)
){strict};
CREATE INDEX conversations_by_activity ON conversations (workspace_id, status, activity_at, id);
CREATE INDEX conversations_by_assignee ON conversations (workspace_id, status, assignee_id, activity_at, id);
CREATE INDEX conversations_unread ON conversations (workspace_id, status, activity_at, id) WHERE unread_count > 0;
CREATE INDEX conversations_snoozed ON conversations (snoozed_until) WHERE snoozed_until IS NOT NULL;

CREATE TABLE messages (
    workspace_id    {id}   NOT NULL,
    id              {id}   NOT NULL,
    conversation_id {id}   NOT NULL,
    contact_id      {id}   NOT NULL,
    number_id       {id}   NOT NULL,
    direction       {text} NOT NULL,
    kind            {text} NOT NULL,
    content         {text} NOT NULL,
    media_id        {id},
    source          {text} NOT NULL,
    author_id       {id},
    client_ref      {text},
    wamid           {text},
    reply_to_wamid  {text},
    template_id     {id},
    category        {text},
    state           {int},
    failure_code    {int},
    failure_reason  {text},
    failure_detail  {text},
    pricing         {text},
    referral        {text},
    at              {int}  NOT NULL,
    seq             {int}  NOT NULL,
    idx             {int}  NOT NULL,
    accepted_at     {int},
    sent_at         {int},
    delivered_at    {int},
    read_at         {int},
    played_at       {int},
    failed_at       {int},
    edited_at       {int},
    revoked_at      {int},
    created_at      {int}  NOT NULL,
    changed_seq     {int}  NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id)
){strict};
CREATE INDEX messages_thread ON messages (workspace_id, conversation_id, at, seq, idx);
CREATE INDEX messages_changed ON messages (workspace_id, conversation_id, changed_seq);
CREATE UNIQUE INDEX messages_by_wamid ON messages (workspace_id, number_id, wamid) WHERE wamid IS NOT NULL;
CREATE UNIQUE INDEX messages_by_client_ref ON messages (workspace_id, client_ref) WHERE client_ref IS NOT NULL;
CREATE INDEX messages_by_media ON messages (workspace_id, media_id) WHERE media_id IS NOT NULL;
CREATE INDEX messages_unknown ON messages (number_id, state, at) WHERE state = 30;

-- author: contact, business.
CREATE TABLE reactions (
    workspace_id {id}   NOT NULL,
    message_id   {id}   NOT NULL,
    author       {text} NOT NULL,
    emoji        {text} NOT NULL,
    at           {int}  NOT NULL,
    PRIMARY KEY (workspace_id, message_id, author),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id)
){strict};

-- Statuses, edits, revokes and reactions whose message is not known yet.
CREATE TABLE parked (
    workspace_id {id}   NOT NULL,
    number_id    {id}   NOT NULL,
    wamid        {text} NOT NULL,
    kind         {text} NOT NULL,
    payload      {text} NOT NULL,
    parked_at    {int}  NOT NULL,
    PRIMARY KEY (workspace_id, number_id, wamid, kind)
){strict};
CREATE INDEX parked_by_age ON parked (parked_at);
