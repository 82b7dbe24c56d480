//! Messages as the thread shows them: the row, its file, who wrote it, what it answers and the
//! reactions to it.
//!
//! Reading only; rows are written by `ingest`, `outbox` and [`past`]. A page is one range of the thread's
//! index, read in one journey.

mod cost;
pub mod past;
mod thread;

pub use cost::Cost;
pub use thread::{Around, Key, Page, changes, get, page, wamid};

use serde_json::Value;
use wigwag_model::content::{Kind, preview};
use wigwag_model::{
    ConversationId, MediaId, MemberId, MessageId, MessageState, NumberId, Timestamp,
};

use crate::{Error, Result, Row};

/// A file of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its id.
    pub id: MediaId,
    /// `image`, `video`, …
    pub kind: String,
    /// Its media type.
    pub mime_type: String,
    /// Its name.
    pub filename: Option<String>,
    /// Its size in bytes.
    pub size: Option<i64>,
    /// Its SHA-256.
    pub sha256: Option<Vec<u8>>,
    /// `pending`, `ready` or `failed`.
    pub state: String,
    /// Width in pixels.
    pub width: Option<i64>,
    /// Height in pixels.
    pub height: Option<i64>,
    /// Why it could not be had.
    pub failure: Option<String>,
}

impl From<crate::media::Media> for File {
    fn from(media: crate::media::Media) -> Self {
        Self {
            id: media.id,
            kind: media.kind,
            mime_type: media.mime_type,
            filename: media.filename,
            size: media.size,
            sha256: media.sha256,
            state: media.state.as_str().to_owned(),
            width: media.width,
            height: media.height,
            failure: media.failure,
        }
    }
}

/// What a message answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyTo {
    /// The message; `None` when it is not known here.
    pub message: Option<MessageId>,
    /// Whether the contact wrote it.
    pub inbound: bool,
    /// Its kind.
    pub kind: Kind,
    /// One line of it.
    pub preview: String,
    /// Who wrote it, when a member did.
    pub author_name: Option<String>,
}

/// A reaction to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// Whether the contact reacted, else the business.
    pub by_contact: bool,
}

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Its conversation.
    pub conversation: ConversationId,
    /// The number that it went through.
    pub number: NumberId,
    /// What the client called it while it was sending.
    pub client_ref: Option<String>,
    /// What the client gets back with all that is told of it.
    pub callback_data: Option<String>,
    /// Whether the contact wrote it.
    pub inbound: bool,
    /// Its kind.
    pub kind: Kind,
    /// What it says, in the API's shape for its kind.
    pub content: Value,
    /// Its file.
    pub file: Option<File>,
    /// Its state, when it is ours.
    pub state: Option<MessageState>,
    /// Meta's code, when Meta refused.
    pub failure_code: Option<i64>,
    /// The stable reason of a failure.
    pub failure_reason: Option<String>,
    /// More about the failure.
    pub failure_detail: Option<String>,
    /// What it answers.
    pub reply_to: Option<ReplyTo>,
    /// The reactions to it.
    pub reactions: Vec<Reaction>,
    /// Who wrote it, when a member did.
    pub author: Option<(MemberId, String)>,
    /// What made it: `composer`, `api`, …
    pub source: String,
    /// Its place in the thread.
    pub key: Key,
    /// When Meta had sent it.
    pub sent_at: Option<Timestamp>,
    /// When it was delivered.
    pub delivered_at: Option<Timestamp>,
    /// When it was read.
    pub read_at: Option<Timestamp>,
    /// Whether the contact edited it.
    pub edited: bool,
    /// Whether the contact took it back.
    pub revoked: bool,
    /// The advertisement that it came from.
    pub referral: Option<Value>,
    /// What Meta charged for it, once that is known.
    pub cost: Option<Cost>,
    /// The feed's number of its last change.
    pub changed_seq: i64,
}

/// What every read selects, in the order of [`read`].
const SELECT: &str = "SELECT m.id, m.conversation_id, m.number_id, m.client_ref, m.direction, m.kind, m.content,
        f.id, f.kind, f.mime_type, f.filename, f.size, f.sha256, f.state, f.width, f.height, f.failure,
        m.state, m.failure_code, m.failure_reason, m.failure_detail,
        m.reply_to_wamid, t.id, t.direction, t.kind, t.content, ta.name,
        m.author_id, a.name, m.source, m.at, m.seq, m.idx, m.sent_at, m.delivered_at, m.read_at,
        m.edited_at, m.revoked_at, m.referral, m.changed_seq,
        m.cost_micros, m.cost_currency, m.cost_card, m.pricing, m.callback_data,
        (SELECT string_agg(x.author || ':' || x.emoji, '\u{1f}' ORDER BY x.at, x.author) FROM reactions x
         WHERE x.workspace_id = m.workspace_id AND x.message_id = m.id)
    FROM messages m
    LEFT JOIN media f ON f.workspace_id = m.workspace_id AND f.id = m.media_id
    LEFT JOIN messages t ON t.workspace_id = m.workspace_id AND t.number_id = m.number_id
        AND t.wamid = m.reply_to_wamid
    LEFT JOIN members w ON w.workspace_id = m.workspace_id AND w.id = m.author_id
    LEFT JOIN accounts a ON a.id = w.account_id
    LEFT JOIN members tw ON tw.workspace_id = t.workspace_id AND tw.id = t.author_id
    LEFT JOIN accounts ta ON ta.id = tw.account_id";

fn json(column: &'static str, text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|_| Error::Inconsistent {
        table: "messages",
        column,
    })
}

/// The reactions to a message, as [`SELECT`] puts them into one text.
fn reactions(text: &str) -> Vec<Reaction> {
    text.split('\u{1f}')
        .filter_map(|one| one.split_once(':'))
        .map(|(author, emoji)| Reaction {
            by_contact: author == "contact",
            emoji: emoji.to_owned(),
        })
        .collect()
}

fn read(row: &Row) -> Result<Message> {
    let file = match row.opt_id(7)? {
        None => None,
        Some(id) => Some(File {
            id,
            kind: row.text(8)?,
            mime_type: row.text(9)?,
            filename: row.opt_text(10)?,
            size: row.opt_int(11)?,
            sha256: row.opt_bytes(12)?,
            state: row.text(13)?,
            width: row.opt_int(14)?,
            height: row.opt_int(15)?,
            failure: row.opt_text(16)?,
        }),
    };
    let reply_to = if row.opt_text(21)?.is_none() {
        None
    } else {
        let kind = Kind::parse(&row.opt_text(24)?.unwrap_or_default());
        let content = row
            .opt_text(25)?
            .map(|text| json("content", &text))
            .transpose()?;
        Some(ReplyTo {
            message: row.opt_id(22)?,
            inbound: row.opt_text(23)?.as_deref() == Some("in"),
            preview: content
                .map(|content| preview(kind, &content))
                .unwrap_or_default(),
            kind,
            author_name: row.opt_text(26)?,
        })
    };
    let author: Option<MemberId> = row.opt_id(27)?;
    let id = row.id(0)?;
    Ok(Message {
        id,
        conversation: row.id(1)?,
        number: row.id(2)?,
        client_ref: row.opt_text(3)?,
        inbound: row.text(4)? == "in",
        kind: Kind::parse(&row.text(5)?),
        content: json("content", &row.text(6)?)?,
        file,
        state: row.opt_int(17)?.and_then(MessageState::from_rank),
        failure_code: row.opt_int(18)?,
        failure_reason: row.opt_text(19)?,
        failure_detail: row.opt_text(20)?,
        reply_to,
        reactions: row
            .opt_text(45)?
            .as_deref()
            .map_or_else(Vec::new, reactions),
        author: author.zip(row.opt_text(28)?),
        source: row.text(29)?,
        key: Key {
            at: row.time(30)?,
            seq: row.int(31)?,
            idx: row.int(32)?,
            id,
        },
        sent_at: row.opt_time(33)?,
        delivered_at: row.opt_time(34)?,
        read_at: row.opt_time(35)?,
        edited: row.opt_int(36)?.is_some(),
        revoked: row.opt_int(37)?.is_some(),
        referral: row
            .opt_text(38)?
            .map(|text| json("referral", &text))
            .transpose()?,
        changed_seq: row.int(39)?,
        cost: cost::read(row, 40)?,
        callback_data: row.opt_text(44)?,
    })
}
