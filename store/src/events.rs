//! Events: what contacts did elsewhere, as a shop's programs tell it. Written once, whoever tells it
//! twice, together with the goals of campaigns that it reaches.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wigwag_model::id::Id as _;
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, EventId, Timestamp, WorkspaceId};

use crate::{Db, Error, Priority, Result, Row, Tx, campaigns, contacts, sql, sql_owned};

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
}

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

const COLUMNS: &str =
    "e.id, e.contact_id, e.name, e.properties, e.occurred_at, e.source_id, e.created_at";

fn read(row: &Row) -> Result<Event> {
    Ok(Event {
        id: row.id(0)?,
        contact: row.id(1)?,
        name: row.text(2)?,
        properties: serde_json::from_str(&row.text(3)?).map_err(|_| Error::Inconsistent {
            table: "events",
            column: "properties",
        })?,
        occurred_at: row.time(4)?,
        source_id: row.opt_text(5)?,
        created_at: row.time(6)?,
    })
}

/// Writes an event down and counts it for the goals of campaigns.
///
/// # Errors
/// [`Error::NotFound`] when there is no such contact.
pub async fn track(db: &Db, workspace: WorkspaceId, new: NewEvent) -> Result<Tracked> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            if let Some(known) = known(tx, workspace, new.source_id.as_deref()).await? {
                return Ok(Tracked::Known(known));
            }
            let now = tx.mint().now();
            let event = Event {
                id: tx.mint().id(),
                contact: find(tx, workspace, &new.contact).await?,
                name: new.name,
                properties: new.properties,
                occurred_at: new.occurred_at.unwrap_or(now),
                source_id: new.source_id,
                created_at: now,
            };
            if !insert(tx, workspace, &event).await? {
                // Told twice at once: the other one was quicker.
                let known = known(tx, workspace, event.source_id.as_deref()).await?;
                return known.map(Tracked::Known).ok_or(Error::Stale);
            }
            campaigns::converted(tx, workspace, &event).await?;
            tx.record(
                workspace,
                crate::Event {
                    kind: CREATED,
                    subject: event.id.uuid(),
                    conversation: None,
                },
            );
            Ok(Tracked::New(event))
        })
    })
    .await
}

async fn known(
    tx: &mut Tx,
    workspace: WorkspaceId,
    source_id: Option<&str>,
) -> Result<Option<Event>> {
    let Some(source_id) = source_id else {
        return Ok(None);
    };
    let row = sql_owned(format!(
        "SELECT {COLUMNS} FROM events e WHERE e.workspace_id = $1 AND e.source_id = $2"
    ))
    .bind(workspace)
    .bind(source_id)
    .fetch_optional(tx)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The contact that is meant; of one that was merged the contact that it became.
async fn find(tx: &mut Tx, workspace: WorkspaceId, who: &Who) -> Result<ContactId> {
    let (kind, value) = match who {
        Who::Id(id) => return Ok(contacts::get(tx, workspace, *id).await?.id),
        Who::Phone(phone) => ("phone", phone.as_str()),
        Who::External(id) => ("external", id.as_str()),
    };
    let row = sql(
        "SELECT contact_id FROM contact_identities WHERE workspace_id = $1 AND kind = $2 AND scope = '' AND value = $3",
    )
    .bind(workspace)
    .bind(kind)
    .bind(value)
    .fetch_one(tx)
    .await?;
    Ok(contacts::get(tx, workspace, row.id(0)?).await?.id)
}

async fn insert(tx: &mut Tx, workspace: WorkspaceId, event: &Event) -> Result<bool> {
    let properties =
        serde_json::to_string(&event.properties).map_err(|error| Error::Db(Box::new(error)))?;
    let done = sql("INSERT INTO events (workspace_id, id, contact_id, name, properties, occurred_at, source_id, created_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING")
        .bind(workspace)
        .bind(event.id)
        .bind(event.contact)
        .bind(&event.name)
        .bind(properties)
        .bind(event.occurred_at)
        .bind(event.source_id.as_deref())
        .bind(event.created_at)
        .execute(tx)
        .await?;
    Ok(done > 0)
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
