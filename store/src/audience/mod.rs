//! Asking filters of the database: how many contacts, which, and what is needed to write to them.
//!
//! Texts are fixed, values are bound. To count a part by itself is one statement (`alone`); else each part
//! of a filter is read as a set of ids, and the sets are put together in memory (`found`). Paging goes along
//! the contacts in the order of their ids and asks the parts of each, so that a walk over all pages reads
//! everything once. A table begins like a page and, where that finds too few, asks for the set. Contacts that
//! were merged into others are nobody of their own and never found.

mod ahead;
mod alone;
mod among;
mod campaign;
mod counting;
mod customers;
mod doings;
mod export;
mod facts;
mod found;
mod lists;
mod part;
mod people;
mod place;
mod reading;
mod rows;
mod sets;
mod statement;
mod steps;
mod table;
mod walks;

pub use among::{among, ids, moved};
pub use counting::{count, count_with_sample};
#[cfg(any(test, feature = "testing"))]
pub use counting::{count_within, set_within};
pub use customers::{Customer, customers, of_national, one as customer};
pub use export::{Export, Row as ExportRow, begin_export, export_page};
pub use facts::{facts, why};
pub use found::Reach;
pub(crate) use lists::insert_list;
pub use lists::{List, ListKey, NewList, TagCount, Trait, create_list, lists, tags, traits};
pub use people::{Person, Window};
#[cfg(any(test, feature = "testing"))]
pub use table::table_within;
pub use table::{Order, TableKey, table};

use std::collections::BTreeMap;

use wigwag_model::audience::{Filter, Plan, TraitKind};
use wigwag_model::{ContactId, NumberId, Timestamp, WorkspaceId};

use crate::contacts::COLUMNS;
use crate::{Batch, Executor, Result, Snapshot, segments, sql_rows};
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

/// The filter with its saved segments in place, and ready to be asked at an instant.
async fn plan(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    filter: &Filter,
    now: Timestamp,
) -> Result<Plan> {
    let filter = segments::filled(on, workspace, filter).await?;
    Ok(Plan::new(
        &filter,
        &kinds(on, workspace, &filter).await?,
        now,
    )?)
}

/// Whether a filter can be asked, without asking it.
///
/// # Errors
/// [`crate::Error::Filter`] names the place and the mend.
pub async fn check(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    filter: &Filter,
    now: Timestamp,
) -> Result<()> {
    let plan = plan(on, workspace, filter, now).await?;
    Builder::new(on, workspace, None).condition(&plan)?;
    Ok(())
}

/// The next people whom a filter finds, in the order of their ids, with what planning needs.
///
/// `number` is the number that they are to be written from: it decides whose window is read. Spans of
/// the filter count from `now`, which is the same for all pages of a walk.
///
/// # Errors
/// [`crate::Error::Filter`] for a filter that cannot be asked.
pub async fn page(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    filter: &Filter,
    now: Timestamp,
    number: Option<NumberId>,
    after: Option<ContactId>,
    limit: u32,
) -> Result<Vec<Person>> {
    let plan = plan(on, workspace, filter, now).await?;
    let mut builder = Builder::new(on, workspace, after);
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

/// Numbers and ids of contacts that a filter finds, in the order of their dense numbers: those above the first
/// of `between` up to the second.
///
/// # Errors
/// [`crate::Error::Filter`] for a filter that cannot be asked.
pub(crate) async fn numbers(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    filter: &Filter,
    now: Timestamp,
    (above, up_to): (i64, i64),
    limit: u32,
) -> Result<Vec<(i64, ContactId)>> {
    let plan = plan(on, workspace, filter, now).await?;
    let mut builder = Builder::new(on, workspace, None);
    let condition = builder.condition(&plan)?;
    let (above, up_to) = (builder.bind(above), builder.bind(up_to));
    let rows = builder
        .statement(format!(
            "SELECT p.no, p.id FROM contacts p WHERE p.workspace_id = $1 AND p.no > {above} AND p.no <= {up_to}
               AND p.merged_into IS NULL AND {condition} ORDER BY p.no LIMIT {limit}"
        ))
        .fetch_all(on)
        .await?;
    rows.iter()
        .map(|row| Ok((row.int(0)?, row.id(1)?)))
        .collect()
}

/// In tests: how the database goes about reading a filter of one part as a set, or paging.
///
/// # Errors
/// What the database says.
#[cfg(any(test, feature = "testing"))]
pub async fn explain(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    filter: &Filter,
    now: Timestamp,
    paging: bool,
) -> Result<Vec<String>> {
    let plan = plan(on, workspace, filter, now).await?;
    let mut builder = Builder::new(on, workspace, None);
    let asked = if paging {
        let condition = builder.condition(&plan)?;
        format!(
            "SELECT p.id FROM contacts p WHERE p.workspace_id = $1 AND p.merged_into IS NULL AND {condition}
             ORDER BY p.id LIMIT 500"
        )
    } else {
        let Some(rows) = builder.rows(&plan) else {
            return Ok(Vec::new());
        };
        format!(
            "SELECT t.contact_id FROM {} WHERE t.workspace_id = $1 AND {}",
            rows.table, rows.question
        )
    };
    let (explain, column) = match on.conn() {
        crate::Conn::Sqlite(_) => ("EXPLAIN QUERY PLAN", 3),
        crate::Conn::Postgres(_) => ("EXPLAIN", 0),
    };
    let rows = builder
        .statement(format!("{explain} {asked}"))
        .fetch_all(on)
        .await?;
    rows.iter().map(|row| row.text(column)).collect()
}
