//! Conversations: the thread of one contact with one number.
//!
//! The row is denormalised (name, last message, unread, window), so that a list is one range of
//! an index and never touches the messages. Whatever changes a conversation takes the change
//! feed's number as `changed_seq` and records `conversation.changed` in the same transaction.

mod counts;
mod list;
mod of_contact;
mod open;
mod status;

pub use counts::{CAP, Counts, counts};
pub use list::{Filter, Key, View, list};
pub use of_contact::of_contact;
pub use open::open;
pub(crate) use status::changed;
pub use status::{
    ReadUp, assign, last_inbound, mark_read, next_snoozed, number_of, set_status, wake_snoozed,
};

use wigwag_model::content::Kind;
use wigwag_model::{
    ContactId, ConversationId, MemberId, MessageId, MessageState, NumberId, Scope, Timestamp,
    Visibility,
};

use crate::{Db, Error, Executor, Result, Row, sql_owned};

/// The feed's name for a changed conversation.
pub const CHANGED: &str = "conversation.changed";

/// Where a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Somebody should look after it.
    Open,
    /// Put away until a time or the contact's next message.
    Snoozed,
    /// Done.
    Closed,
}

impl Status {
    /// The name in the table and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Snoozed => "snoozed",
            Self::Closed => "closed",
        }
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "open" => Some(Self::Open),
            "snoozed" => Some(Self::Snoozed),
            "closed" => Some(Self::Closed),
            _ => None,
        }
    }
}

/// The last message as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Last {
    /// Its id.
    pub id: MessageId,
    /// Whether the contact wrote it.
    pub inbound: bool,
    /// Its kind.
    pub kind: Kind,
    /// One line of it.
    pub preview: String,
    /// Its state, when it is ours.
    pub state: Option<MessageState>,
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it, when it is ours and a person did.
    pub author_name: Option<String>,
}

/// The status of a conversation whose contact was erased: no list asks for it, and whoever asks for the
/// conversation itself is told that there is none.
pub(crate) const ERASED: &str = "erased";

/// The status of a conversation whose messages move into another of the same person; hidden alike.
pub(crate) const JOINED: &str = "joined";

/// A conversation as lists and headers show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// The contact.
    pub contact: ContactId,
    /// The contact's name, else the profile's, else the phone number.
    pub contact_name: String,
    /// The contact's phone number.
    pub contact_phone: Option<String>,
    /// The contact's WhatsApp id.
    pub contact_wa_id: Option<String>,
    /// Our number.
    pub number: NumberId,
    /// The number's verified name.
    pub number_name: String,
    /// The number as it is displayed.
    pub number_display: String,
    /// Where it stands.
    pub status: Status,
    /// Who looks after it.
    pub assignee: Option<(MemberId, String)>,
    /// Inbound messages since it was last read.
    pub unread_count: i64,
    /// The last message.
    pub last: Option<Last>,
    /// When something last happened in it; lists are ordered by this.
    pub activity_at: Timestamp,
    /// Until when session messages may be sent.
    pub window_closes_at: Option<Timestamp>,
    /// Until when it is put away.
    pub snoozed_until: Option<Timestamp>,
    /// The feed's number of its last change.
    pub changed_seq: i64,
}

/// What every read selects, in the order of [`read`]. Left joins keep the conversation's index
/// outermost on both databases.
const SELECT: &str = "SELECT c.id, c.contact_id, c.contact_name, c.contact_phone, p.wa_id,
        c.number_id, n.verified_name, n.display_phone_number, c.status, c.assignee_id, a.name,
        c.unread_count, c.last_message_id, c.last_direction, c.last_kind, c.last_preview,
        c.last_state, c.last_at, c.last_author, c.activity_at, c.window_closes_at,
        c.snoozed_until, c.changed_seq
    FROM conversations c
    LEFT JOIN contacts p ON p.workspace_id = c.workspace_id AND p.id = c.contact_id
    LEFT JOIN numbers n ON n.workspace_id = c.workspace_id AND n.id = c.number_id
    LEFT JOIN members m ON m.workspace_id = c.workspace_id AND m.id = c.assignee_id
    LEFT JOIN accounts a ON a.id = m.account_id";

fn read(row: &Row) -> Result<Conversation> {
    let status = row.text(8)?;
    refuse_hidden(&status)?;
    let assignee: Option<MemberId> = row.opt_id(9)?;
    let last = match row.opt_id(12)? {
        None => None,
        Some(id) => Some(Last {
            id,
            inbound: row.opt_text(13)?.as_deref() == Some("in"),
            kind: Kind::parse(&row.opt_text(14)?.unwrap_or_default()),
            preview: row.opt_text(15)?.unwrap_or_default(),
            state: row.opt_int(16)?.and_then(MessageState::from_rank),
            at: row.opt_time(17)?.unwrap_or_default(),
            author_name: row.opt_text(18)?,
        }),
    };
    Ok(Conversation {
        id: row.id(0)?,
        contact: row.id(1)?,
        contact_name: row.text(2)?,
        contact_phone: row.opt_text(3)?,
        contact_wa_id: row.opt_text(4)?,
        number: row.id(5)?,
        number_name: row.opt_text(6)?.unwrap_or_default(),
        number_display: row.opt_text(7)?.unwrap_or_default(),
        status: Status::parse(&status).ok_or(Error::Inconsistent {
            table: "conversations",
            column: "status",
        })?,
        assignee: assignee.zip(row.opt_text(10)?),
        unread_count: row.int(11)?,
        last,
        activity_at: row.time(19)?,
        window_closes_at: row.opt_time(20)?,
        snoozed_until: row.opt_time(21)?,
        changed_seq: row.int(22)?,
    })
}

/// The condition that hides what the caller may not see; `parameter` is the next free one.
fn visible(scope: &Scope, parameter: usize) -> (String, Option<MemberId>) {
    match scope.visibility {
        Visibility::All => (String::new(), None),
        // Until there are teams, a member's teams are the member and what nobody has.
        Visibility::Teams(member) => (
            format!(" AND (c.assignee_id = ${parameter} OR c.assignee_id IS NULL)"),
            Some(member),
        ),
        Visibility::Assigned(member) => {
            (format!(" AND c.assignee_id = ${parameter}"), Some(member))
        }
    }
}

/// One conversation that the caller may see.
///
/// # Errors
/// [`Error::NotFound`] also when it is hidden from the caller.
pub async fn get(db: &Db, scope: &Scope, id: ConversationId) -> Result<Conversation> {
    get_on(&mut db.reader().await?, scope, id).await
}

/// [`get`] on a connection at hand.
///
/// # Errors
/// [`Error::NotFound`] also when it is hidden from the caller.
pub async fn get_on(
    on: &mut impl Executor,
    scope: &Scope,
    id: ConversationId,
) -> Result<Conversation> {
    let (hidden, member) = visible(scope, 3);
    let mut statement = sql_owned(format!(
        "{SELECT} WHERE c.workspace_id = $1 AND c.id = $2{hidden}"
    ))
    .bind(scope.workspace)
    .bind(id);
    if let Some(member) = member {
        statement = statement.bind(member);
    }
    read(&statement.fetch_one(on).await?)
}

/// Refuses what the caller may not see.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn check_visible(db: &Db, scope: &Scope, id: ConversationId) -> Result<()> {
    check_visible_on(&mut db.reader().await?, scope, id).await
}

/// Refuses what the caller may not see, before a change in the same transaction.
pub(crate) async fn check_visible_on(
    on: &mut impl Executor,
    scope: &Scope,
    id: ConversationId,
) -> Result<()> {
    let (hidden, member) = visible(scope, 3);
    let mut statement = sql_owned(format!(
        "SELECT c.status FROM conversations c WHERE c.workspace_id = $1 AND c.id = $2{hidden}"
    ))
    .bind(scope.workspace)
    .bind(id);
    if let Some(member) = member {
        statement = statement.bind(member);
    }
    let status = statement.fetch_one(on).await?.text(0)?;
    refuse_hidden(&status)
}

/// Whoever asks for a conversation that is no more is told that there is none.
fn refuse_hidden(status: &str) -> Result<()> {
    if status == ERASED || status == JOINED {
        Err(Error::NotFound)
    } else {
        Ok(())
    }
}
