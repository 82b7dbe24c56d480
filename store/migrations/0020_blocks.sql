-- Whom the block list of a number at Meta shall hold, and whom it holds as far as is known. Meta keeps that list
-- by address (a WhatsApp id, or a business-scoped user id where there is none), and so is ours: a contact that has
-- two addresses since a merge has two rows, and of somebody who was erased the address is kept until Meta was asked
-- to let them in again. The contact leads in the key, because a page of people is looked up by it.
--
-- wanted: 1 it shall hold them, 0 it shall not. listed: 1 it holds them. unsure: 1 while a call is under way, and
-- after one that ended without a word about this address: what Meta holds may be either.
-- due_at: when Meta is to be asked. heard_at: it is to be asked once the person writes; the last message that
-- they had written when that was found out (0: none). code: what Meta last refused with.
CREATE TABLE blocks (
    workspace_id {id}   NOT NULL,
    number_id    {id}   NOT NULL,
    address      {text} NOT NULL,
    contact_id   {id}   NOT NULL,
    wanted       {int}  NOT NULL,
    listed       {int}  NOT NULL,
    unsure       {int}  NOT NULL,
    due_at       {int},
    heard_at     {int},
    tries        {int}  NOT NULL,
    code         {int},
    updated_at   {int}  NOT NULL,
    PRIMARY KEY (workspace_id, contact_id, number_id, address),
    UNIQUE (workspace_id, number_id, address),
    FOREIGN KEY (workspace_id, number_id) REFERENCES numbers (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
){keyed};
CREATE INDEX blocks_due ON blocks (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX blocks_waiting ON blocks (workspace_id, contact_id, number_id, heard_at) WHERE heard_at IS NOT NULL;

-- When each number's list is read next and compared with ours, and when it last was.
CREATE TABLE block_lists (
    workspace_id {id}   NOT NULL,
    number_id    {id}   NOT NULL,
    due_at       {int}  NOT NULL,
    tries        {int}  NOT NULL,
    read_at      {int},
    PRIMARY KEY (workspace_id, number_id),
    FOREIGN KEY (workspace_id, number_id) REFERENCES numbers (workspace_id, id)
){keyed};

-- Blocked people are few, and are gone through again and again.
CREATE INDEX contacts_blocked ON contacts (workspace_id, id) WHERE blocked_at IS NOT NULL;
