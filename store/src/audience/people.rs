//! The people of an audience with what planning needs, read in batches.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::{ContactId, ListId, NumberId, Timestamp, WorkspaceId};

use crate::contacts::ConsentRow;
use crate::{Batch, Error, Executor, Result, Row, sql_rows};

/// A person of an audience.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The contact.
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
    /// Typed fields.
    pub traits: BTreeMap<String, Value>,
    /// Tags.
    pub tags: Vec<String>,
    /// When members blocked the contact.
    pub blocked_at: Option<Timestamp>,
    /// The contact that it became; never set for people whom a filter found.
    pub merged_into: Option<ContactId>,
    /// What it said, by category; nothing where it never said.
    pub consent: Vec<ConsentRow>,
    /// Its service window with the number asked for, when they have talked.
    pub window: Option<Window>,
    /// What the list says about it, when the filter has one list.
    pub columns: BTreeMap<String, String>,
}

/// Until when a contact may be written to freely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// When the service window closes or closed.
    pub closes_at: Option<Timestamp>,
    /// When the free entry point's window closes or closed.
    pub free_entry_closes_at: Option<Timestamp>,
}

impl Person {
    /// What the person said about a category.
    pub fn consent(&self, category: Category) -> ConsentState {
        self.consent
            .iter()
            .find(|row| row.category == category)
            .map_or(ConsentState::Unknown, |row| row.state)
    }
}

pub(super) const COLUMNS: &str =
    "p.id, p.name, p.profile_name, p.phone, p.wa_id, p.user_id, p.username, p.email, p.country,
    p.traits, p.tags, p.blocked_at, p.merged_into";

pub(super) fn read(row: &Row) -> Result<Person> {
    let wrong = |column| Error::Inconsistent {
        table: "contacts",
        column,
    };
    Ok(Person {
        id: row.id(0)?,
        name: row.opt_text(1)?,
        profile_name: row.opt_text(2)?,
        phone: row.opt_text(3)?,
        wa_id: row.opt_text(4)?,
        user_id: row.opt_text(5)?,
        username: row.opt_text(6)?,
        email: row.opt_text(7)?,
        country: row.opt_text(8)?,
        traits: serde_json::from_str(&row.text(9)?).map_err(|_| wrong("traits"))?,
        tags: serde_json::from_str(&row.text(10)?).map_err(|_| wrong("tags"))?,
        blocked_at: row.opt_time(11)?,
        merged_into: row.opt_id(12)?,
        consent: Vec::new(),
        window: None,
        columns: BTreeMap::new(),
    })
}

fn ids(people: &[Person]) -> Batch {
    Batch::new().ids("id", people.iter().map(|person| person.id))
}

fn places(people: &[Person]) -> HashMap<ContactId, usize> {
    people
        .iter()
        .enumerate()
        .map(|(at, person)| (person.id, at))
        .collect()
}

pub(super) async fn add_consent(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    people: &mut [Person],
) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let rows = sql_rows(
        "SELECT c.contact_id, c.category, c.state, c.source, c.at FROM {rows}
         JOIN consent c ON c.workspace_id = {$1} AND c.contact_id = r.id ORDER BY r.ord, c.category",
        ids(people),
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    let places = places(people);
    for row in &rows {
        let wrong = Error::Inconsistent {
            table: "consent",
            column: "category",
        };
        if let Some(at) = places.get(&row.id(0)?) {
            people[*at].consent.push(ConsentRow {
                category: Category::parse(&row.text(1)?).ok_or(wrong)?,
                state: ConsentState::parse(&row.text(2)?),
                source: row.text(3)?,
                at: row.time(4)?,
            });
        }
    }
    Ok(())
}

pub(super) async fn add_windows(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    number: NumberId,
    people: &mut [Person],
) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let rows = sql_rows(
        "SELECT v.contact_id, v.window_closes_at, v.free_entry_closes_at FROM {rows}
         JOIN conversations v ON v.workspace_id = {$1} AND v.contact_id = r.id AND v.number_id = $2",
        ids(people),
    )
    .bind(workspace)
    .bind(number)
    .fetch_all(on)
    .await?;
    let places = places(people);
    for row in &rows {
        if let Some(at) = places.get(&row.id(0)?) {
            people[*at].window = Some(Window {
                closes_at: row.opt_time(1)?,
                free_entry_closes_at: row.opt_time(2)?,
            });
        }
    }
    Ok(())
}

pub(super) async fn add_columns(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    list: ListId,
    people: &mut [Person],
) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let rows = sql_rows(
        "SELECT m.contact_id, m.columns FROM {rows}
         JOIN audience_list_members m ON m.workspace_id = {$1} AND m.list_id = $2 AND m.contact_id = r.id",
        ids(people),
    )
    .bind(workspace)
    .bind(list)
    .fetch_all(on)
    .await?;
    let places = places(people);
    for row in &rows {
        let wrong = |_| Error::Inconsistent {
            table: "audience_list_members",
            column: "columns",
        };
        if let Some(at) = places.get(&row.id(0)?) {
            people[*at].columns = serde_json::from_str(&row.text(1)?).map_err(wrong)?;
        }
    }
    Ok(())
}
