//! The people of an audience with what planning needs, read in batches.

use std::collections::{BTreeMap, HashMap};

use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::{ContactId, ListId, NumberId, Timestamp, WorkspaceId};

use crate::contacts::{ConsentRow, Contact, read_contact};
use crate::{Batch, Error, Executor, Result, Row, sql_rows};

/// A person of an audience.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The contact; never one that has become another.
    pub contact: Contact,
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

pub(super) fn read(row: &Row) -> Result<Person> {
    Ok(Person {
        contact: read_contact(row)?,
        consent: Vec::new(),
        window: None,
        columns: BTreeMap::new(),
    })
}

fn ids(people: &[Person]) -> Batch {
    Batch::new().ids("id", people.iter().map(|person| person.contact.id))
}

fn places(people: &[Person]) -> HashMap<ContactId, usize> {
    people
        .iter()
        .enumerate()
        .map(|(at, person)| (person.contact.id, at))
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
