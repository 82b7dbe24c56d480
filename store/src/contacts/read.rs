//! One contact with what its panel shows. An id of a merged contact resolves to the one it
//! became; one that was erased is not found.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::{ContactId, ConversationId, Timestamp, WorkspaceId};

use crate::blocks::{Standing, standing};
use crate::{Batch, Db, Error, Executor, Result, Row, sql, sql_owned, sql_rows, sql_rows_owned};

/// A contact.
#[derive(Debug, Clone, PartialEq)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// The name that members gave.
    pub name: Option<String>,
    /// The name of the WhatsApp profile.
    pub profile_name: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// WhatsApp's id.
    pub wa_id: Option<String>,
    /// The business-scoped user id.
    pub user_id: Option<String>,
    /// The WhatsApp user name.
    pub username: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Tags, sorted.
    pub tags: Vec<String>,
    /// Typed fields.
    pub traits: BTreeMap<String, Value>,
    /// Whether members blocked the contact.
    pub blocked: bool,
    /// What made it: `inbound`, `api`, `manual`, …
    pub source: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last wrote.
    pub last_seen_at: Option<Timestamp>,
    /// Grows with each edit.
    pub version: i64,
    /// When its name, address, tags or traits last changed.
    pub updated_at: Timestamp,
}

/// What a contact said about one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRow {
    /// The category.
    pub category: Category,
    /// Yes, no, or never asked.
    pub state: ConsentState,
    /// How it is known.
    pub source: String,
    /// Since when.
    pub at: Timestamp,
}

/// A conversation of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationOf {
    /// Its id.
    pub id: ConversationId,
    /// The verified name of its number.
    pub number_name: String,
}

/// A contact with its consent and conversations.
#[derive(Debug, Clone, PartialEq)]
pub struct Details {
    /// The contact.
    pub contact: Contact,
    /// What it said, by category.
    pub consent: Vec<ConsentRow>,
    /// Its conversations.
    pub conversations: Vec<ConversationOf>,
    /// Whether WhatsApp stops its messages; `None` where it is not blocked, or nobody asked.
    pub whatsapp_block: Option<Standing>,
}

pub(crate) const COLUMNS: &str =
    "p.id, p.name, p.profile_name, p.phone, p.wa_id, p.user_id, p.username, p.email,
    p.country, p.tags, p.traits, p.blocked_at, p.source, p.created_at, p.last_seen_at, p.version, p.updated_at";

pub(crate) fn read(row: &Row) -> Result<Contact> {
    let wrong = |column| Error::Inconsistent {
        table: "contacts",
        column,
    };
    Ok(Contact {
        id: row.id(0)?,
        name: row.opt_text(1)?,
        profile_name: row.opt_text(2)?,
        phone: row.opt_text(3)?,
        wa_id: row.opt_text(4)?,
        user_id: row.opt_text(5)?,
        username: row.opt_text(6)?,
        email: row.opt_text(7)?,
        country: row.opt_text(8)?,
        tags: serde_json::from_str(&row.text(9)?).map_err(|_| wrong("tags"))?,
        traits: serde_json::from_str(&row.text(10)?).map_err(|_| wrong("traits"))?,
        blocked: row.opt_int(11)?.is_some(),
        source: row.text(12)?,
        created_at: row.time(13)?,
        last_seen_at: row.opt_time(14)?,
        version: row.int(15)?,
        updated_at: row.time(16)?,
    })
}

/// One contact; the id of a merged one gives the contact that it became.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(on: &mut impl Executor, workspace: WorkspaceId, id: ContactId) -> Result<Contact> {
    let row = sql_owned(format!(
        "SELECT {COLUMNS} FROM contacts q
         JOIN contacts p ON p.workspace_id = q.workspace_id AND p.id = COALESCE(q.merged_into, q.id) AND p.merged_into IS NULL
         WHERE q.workspace_id = $1 AND q.id = $2"
    ))
    .bind(workspace)
    .bind(id)
    .fetch_one(on)
    .await?;
    read(&row)
}

/// Contacts by their ids; those that are not there are left out.
pub(crate) async fn of(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    ids: impl Iterator<Item = ContactId>,
) -> Result<HashMap<ContactId, Contact>> {
    let rows = sql_rows_owned(
        format!(
            "SELECT {COLUMNS} FROM {{rows}} JOIN contacts p ON p.workspace_id = {{$1}} AND p.id = r.id"
        ),
        Batch::new().ids("id", ids),
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| read(row).map(|contact| (contact.id, contact)))
        .collect()
}

/// One contact with its consent and conversations.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn details(db: &Db, workspace: WorkspaceId, id: ContactId) -> Result<Details> {
    let mut on = db.reader().await?;
    let contact = get(&mut on, workspace, id).await?;
    let consent = sql("SELECT category, state, source, at FROM consent
                       WHERE workspace_id = $1 AND contact_id = $2 ORDER BY category")
    .bind(workspace)
    .bind(contact.id)
    .fetch_all(&mut on)
    .await?;
    let conversations = sql("SELECT c.id, n.verified_name FROM conversations c
                             LEFT JOIN numbers n ON n.workspace_id = c.workspace_id AND n.id = c.number_id
                             WHERE c.workspace_id = $1 AND c.contact_id = $2 ORDER BY c.id")
        .bind(workspace)
        .bind(contact.id)
        .fetch_all(&mut on)
        .await?;
    let whatsapp_block = if contact.blocked {
        Some(standing(&mut on, workspace, contact.id).await?)
    } else {
        None
    };
    Ok(Details {
        whatsapp_block,
        consent: consent.iter().map(consent_row).collect::<Result<_>>()?,
        conversations: conversations
            .iter()
            .map(|row| {
                Ok(ConversationOf {
                    id: row.id(0)?,
                    number_name: row.opt_text(1)?.unwrap_or_default(),
                })
            })
            .collect::<Result<_>>()?,
        contact,
    })
}

/// What each of some contacts said, by category.
///
/// # Errors
/// What the database says.
pub async fn consents(
    db: &Db,
    workspace: WorkspaceId,
    contacts: impl IntoIterator<Item = ContactId>,
) -> Result<HashMap<ContactId, Vec<ConsentRow>>> {
    let rows = sql_rows(
        "SELECT c.category, c.state, c.source, c.at, c.contact_id FROM {rows}
         JOIN consent c ON c.workspace_id = {$1} AND c.contact_id = r.id ORDER BY r.ord, c.category",
        Batch::new().ids("id", contacts),
    )
    .bind(workspace)
    .fetch_all(&mut db.reader().await?)
    .await?;
    let mut said: HashMap<ContactId, Vec<ConsentRow>> = HashMap::new();
    for row in &rows {
        said.entry(row.id(4)?).or_default().push(consent_row(row)?);
    }
    Ok(said)
}

fn consent_row(row: &Row) -> Result<ConsentRow> {
    let wrong = Error::Inconsistent {
        table: "consent",
        column: "category",
    };
    Ok(ConsentRow {
        category: Category::parse(&row.text(0)?).ok_or(wrong)?,
        state: ConsentState::parse(&row.text(1)?),
        source: row.text(2)?,
        at: row.time(3)?,
    })
}
