//! Events: what contacts did elsewhere, as a shop's programs tell it. Written once, whoever tells it
//! twice, together with the goals of campaigns that it reaches and the runs that it starts.

mod track;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, EventId, Timestamp, WorkspaceId};

use crate::{Db, Error, Result, Row, contacts, sql_owned};

pub(crate) use track::{by_source, track_in};
pub use track::{track, track_all};

/// The feed's name for a new event.
pub const CREATED: &str = "event.created";

/// Something that a contact did.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Who did it.
    pub contact: ContactId,
    /// What: `Order Placed`.
    pub name: String,
    /// The particulars.
    pub properties: Map<String, Value>,
    /// When.
    pub occurred_at: Timestamp,
    /// The sender's own id of it.
    pub source_id: Option<String>,
    /// When we were told.
    pub created_at: Timestamp,
    /// Who told it: [`API`], [`WEB`], [`SHOPIFY`] or [`HOOK`].
    pub source: String,
}

/// The source of events that programs tell with a secret key.
pub const API: &str = "api";
/// The source of events that a web page told with a publishable key: anybody may have.
pub const WEB: &str = "web";
/// The source of events that a Shopify shop signed.
pub const SHOPIFY: &str = "shopify";
/// The source of events that another system signed.
pub const HOOK: &str = "hook";

/// By what a contact is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Its id.
    Id(ContactId),
    /// Its phone number.
    Phone(Phone),
    /// The id that the shop's own programs gave it.
    External(String),
}

/// An event to write down.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// Who did it.
    pub contact: Who,
    /// What.
    pub name: String,
    /// The particulars.
    pub properties: Map<String, Value>,
    /// When; now when nobody says.
    pub occurred_at: Option<Timestamp>,
    /// The sender's own id of it: the same twice is one event.
    pub source_id: Option<String>,
}

/// What became of an event that was told.
#[derive(Debug, Clone, PartialEq)]
pub enum Tracked {
    /// It is new.
    New(Event),
    /// It was known by the sender's id; nothing was changed.
    Known(Event),
}

pub(crate) const COLUMNS: &str =
    "e.id, e.contact_id, e.name, e.properties, e.occurred_at, e.source_id, e.created_at, e.source";

/// The particulars of an event as the table has them.
pub(crate) fn properties(text: &str) -> Result<Map<String, Value>> {
    serde_json::from_str(text).map_err(|_| Error::Inconsistent {
        table: "events",
        column: "properties",
    })
}

pub(crate) fn read(row: &Row) -> Result<Event> {
    Ok(Event {
        id: row.id(0)?,
        contact: row.id(1)?,
        name: row.text(2)?,
        properties: properties(&row.text(3)?)?,
        occurred_at: row.time(4)?,
        source_id: row.opt_text(5)?,
        created_at: row.time(6)?,
        source: row.opt_text(7)?.unwrap_or_else(|| API.to_owned()),
    })
}

/// The place of an event in a contact's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// When it happened: the newest come first.
    pub at: Timestamp,
    /// Its id.
    pub id: EventId,
}

/// A page of what a contact did, the newest first, and the key of its last row when there may be
/// more.
///
/// # Errors
/// [`Error::NotFound`] when there is no such contact.
pub async fn list(
    db: &Db,
    workspace: WorkspaceId,
    contact: ContactId,
    after: Option<Key>,
    limit: u32,
) -> Result<(Vec<Event>, Option<Key>)> {
    let mut on = db.reader().await?;
    let contact = contacts::get(&mut on, workspace, contact).await?.id;
    let rest = if after.is_some() {
        " AND (e.occurred_at, e.id) < ($4, $5)"
    } else {
        ""
    };
    let mut statement = sql_owned(format!(
        "SELECT {COLUMNS} FROM events e WHERE e.workspace_id = $1 AND e.contact_id = $2{rest}
         ORDER BY e.occurred_at DESC, e.id DESC LIMIT $3"
    ))
    .bind(workspace)
    .bind(contact)
    .bind(i64::from(limit) + 1);
    if let Some(key) = after {
        statement = statement.bind(key.at).bind(key.id);
    }
    let rows = statement.fetch_all(&mut on).await?;
    let more = rows.len() > limit as usize;
    let mut page = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    page.truncate(limit as usize);
    let key = page.last().filter(|_| more).map(|last| Key {
        at: last.occurred_at,
        id: last.id,
    });
    Ok((page, key))
}
