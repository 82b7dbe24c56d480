//! People of a filter with everything that a file of contacts can hold, page by page along their numbers.

use wigwag_model::audience::Filter;
use wigwag_model::{Timestamp, WorkspaceId};

use super::people::{self, Person};
use super::{Builder, plan};
use crate::contacts::COLUMNS;
use crate::{Batch, Db, Result, segments, sql, sql_rows};

/// Numbers that one page looks through at most: where a filter finds hardly anybody a page is short, so that
/// nothing is held open for long.
const STRIDE: i64 = 20_000;

/// What an export means, fixed when it begins: later changes of segments, and whoever comes later, do not
/// count.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    filter: Filter,
    now: Timestamp,
    last_no: i64,
}

/// One of the people.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The person with what it said.
    pub person: Person,
    /// The id that the shop's own programs gave it.
    pub external: Option<String>,
}

/// Begins an export.
///
/// # Errors
/// [`crate::Error::Filter`] for a filter that cannot be asked.
pub async fn begin_export(
    db: &Db,
    workspace: WorkspaceId,
    filter: &Filter,
    now: Timestamp,
) -> Result<Export> {
    let mut on = db.snapshot().await?;
    super::check(&mut on, workspace, filter, now).await?;
    let filter = segments::filled(&mut on, workspace, filter).await?;
    let last_no = sql("SELECT MAX(no) FROM contacts WHERE workspace_id = $1")
        .bind(workspace)
        .fetch_one(&mut on)
        .await?
        .opt_int(0)?
        .unwrap_or(0);
    Ok(Export {
        filter,
        now,
        last_no,
    })
}

/// The next people after a number, and the number after which to go on; nothing when that was all.
///
/// # Errors
/// [`crate::Error::Filter`] when the filter cannot be asked any more.
pub async fn export_page(
    db: &Db,
    workspace: WorkspaceId,
    export: &Export,
    after: i64,
    limit: u32,
) -> Result<(Vec<Row>, Option<i64>)> {
    let until = export.last_no.min(after + STRIDE);
    let mut on = db.snapshot().await?;
    let plan = plan(&mut on, workspace, &export.filter, export.now).await?;
    let mut builder = Builder::new(&mut on, workspace, None);
    let condition = builder.condition(&plan)?;
    let (above, up_to) = (builder.bind(after), builder.bind(until));
    let rows = builder
        .statement(format!(
            "SELECT {COLUMNS}, p.no FROM contacts p WHERE p.workspace_id = $1 AND p.no > {above} AND p.no <= {up_to}
               AND p.merged_into IS NULL AND {condition} ORDER BY p.no LIMIT {limit}"
        ))
        .fetch_all(&mut on)
        .await?;
    let full = rows.len() >= limit as usize;
    let reached = match rows.last() {
        Some(row) if full => row.int(17)?,
        _ => until,
    };
    let mut people = rows.iter().map(people::read).collect::<Result<Vec<_>>>()?;
    people::add_consent(&mut on, workspace, &mut people).await?;
    let mut externals = vec![None; people.len()];
    if !people.is_empty() {
        let ids = Batch::new().ids("id", people.iter().map(|person| person.contact.id));
        let keys = sql_rows(
            "SELECT r.ord, MIN(i.value) FROM {rows}
             JOIN contact_identities i ON i.workspace_id = {$1} AND i.contact_id = r.id AND i.kind = 'external' AND i.scope = ''
             GROUP BY r.ord",
            ids,
        )
        .bind(workspace)
        .fetch_all(&mut on)
        .await?;
        for row in &keys {
            let at = usize::try_from(row.int(0)?).unwrap_or_default();
            if let Some(slot) = externals.get_mut(at) {
                *slot = row.opt_text(1)?;
            }
        }
    }
    let rows = people
        .into_iter()
        .zip(externals)
        .map(|(person, external)| Row { person, external })
        .collect();
    Ok((rows, (reached < export.last_no).then_some(reached)))
}
