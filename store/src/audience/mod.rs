//! Asking filters of the database: how many contacts, which, and what is needed to write to them.
//!
//! The filter becomes one statement with bound values. Counting lets the database begin with the
//! most telling part; paging goes along the contacts in the order of their ids and asks the parts
//! of each, so that a walk over all pages reads everything once. Contacts that were merged into
//! others are nobody of their own and never found.

mod campaign;
mod customers;
mod lists;
mod people;
mod statement;

pub use customers::{Customer, customers, of_national, one as customer};
pub(crate) use lists::insert_list;
pub use lists::{List, ListKey, NewList, TagCount, Trait, create_list, lists, tags, traits};
pub use people::{Person, Window};

use std::collections::BTreeMap;

use wigwag_model::audience::{Filter, Plan, TraitKind};
use wigwag_model::{ContactId, NumberId, WorkspaceId};

use crate::contacts::{COLUMNS, Contact, read_contact};
use crate::{Batch, Executor, Result, Snapshot, sql_rows};
use statement::Builder;

/// The kinds of the traits that a filter asks for.
async fn kinds(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    filter: &Filter,
) -> Result<BTreeMap<String, TraitKind>> {
    let keys = filter.trait_keys();
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = sql_rows(
        "SELECT t.key, t.kind FROM {rows} JOIN traits t ON t.workspace_id = {$1} AND t.key = r.key",
        Batch::new().texts("key", keys),
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    let mut kinds = BTreeMap::new();
    for row in &rows {
        if let Some(kind) = TraitKind::parse(&row.text(1)?) {
            kinds.insert(row.text(0)?, kind);
        }
    }
    Ok(kinds)
}

async fn plan(on: &mut impl Executor, workspace: WorkspaceId, filter: &Filter) -> Result<Plan> {
    Ok(Plan::new(filter, &kinds(on, workspace, filter).await?)?)
}

/// Whether a filter can be asked, without asking it.
///
/// # Errors
/// [`crate::Error::Filter`] names the place and the mend.
pub async fn check(on: &mut impl Executor, workspace: WorkspaceId, filter: &Filter) -> Result<()> {
    let plan = plan(on, workspace, filter).await?;
    Builder::counting(on, workspace).condition(&plan)?;
    Ok(())
}

/// How many contacts a filter finds. In a snapshot, which is planned for the values of the filter.
///
/// # Errors
/// [`crate::Error::Filter`] for a filter that cannot be asked.
pub async fn count(on: &mut Snapshot, workspace: WorkspaceId, filter: &Filter) -> Result<i64> {
    let plan = plan(on, workspace, filter).await?;
    let mut builder = Builder::counting(on, workspace);
    let condition = builder.condition(&plan)?;
    builder
        .statement(format!(
            "SELECT COUNT(*) FROM contacts p WHERE p.workspace_id = $1 AND p.merged_into IS NULL AND {condition}"
        ))
        .fetch_one(on)
        .await?
        .int(0)
}

/// Some of the contacts that a filter finds, the oldest first.
///
/// # Errors
/// [`crate::Error::Filter`] for a filter that cannot be asked.
pub async fn sample(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    filter: &Filter,
    limit: u32,
) -> Result<Vec<Contact>> {
    let plan = plan(on, workspace, filter).await?;
    let mut builder = Builder::paging(on, workspace, None);
    let condition = builder.condition(&plan)?;
    let rows = builder
        .statement(format!(
            "SELECT {COLUMNS} FROM contacts p WHERE p.workspace_id = $1 AND p.merged_into IS NULL AND {condition}
             ORDER BY p.id LIMIT {limit}"
        ))
        .fetch_all(on)
        .await?;
    rows.iter().map(read_contact).collect()
}

/// The next people whom a filter finds, in the order of their ids, with what planning needs.
///
/// `number` is the number that they are to be written from: it decides whose window is read.
///
/// # Errors
/// [`crate::Error::Filter`] for a filter that cannot be asked.
pub async fn page(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    filter: &Filter,
    number: Option<NumberId>,
    after: Option<ContactId>,
    limit: u32,
) -> Result<Vec<Person>> {
    let plan = plan(on, workspace, filter).await?;
    let mut builder = Builder::paging(on, workspace, after);
    let condition = builder.condition(&plan)?;
    let begin = builder.beginning();
    let rows = builder
        .statement(format!(
            "SELECT {COLUMNS} FROM contacts p WHERE p.workspace_id = $1{begin} AND p.merged_into IS NULL AND {condition}
             ORDER BY p.id LIMIT {limit}"
        ))
        .fetch_all(on)
        .await?;
    let mut people = rows.iter().map(people::read).collect::<Result<Vec<_>>>()?;
    people::add_consent(on, workspace, &mut people).await?;
    if let Some(number) = number {
        people::add_windows(on, workspace, number, &mut people).await?;
    }
    if let Some(list) = filter.list() {
        people::add_columns(on, workspace, list, &mut people).await?;
    }
    Ok(people)
}

/// In tests: how the database goes about counting or paging.
///
/// # Errors
/// What the database says.
#[cfg(any(test, feature = "testing"))]
pub async fn explain(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    filter: &Filter,
    paging: bool,
) -> Result<Vec<String>> {
    let plan = plan(on, workspace, filter).await?;
    let (mut builder, what, order) = if paging {
        let builder = Builder::paging(on, workspace, None);
        (builder, "p.id", " ORDER BY p.id LIMIT 500")
    } else {
        (Builder::counting(on, workspace), "COUNT(*)", "")
    };
    let condition = builder.condition(&plan)?;
    let (explain, column) = match on.conn() {
        crate::Conn::Sqlite(_) => ("EXPLAIN QUERY PLAN", 3),
        crate::Conn::Postgres(_) => ("EXPLAIN", 0),
    };
    let rows = builder
        .statement(format!(
            "{explain} SELECT {what} FROM contacts p WHERE p.workspace_id = $1 AND p.merged_into IS NULL AND {condition}{order}"
        ))
        .fetch_all(on)
        .await?;
    rows.iter().map(|row| row.text(column)).collect()
}
