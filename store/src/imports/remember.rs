//! What columns were last read as, so that the next file of the same make needs no work.

use std::collections::HashMap;

use wigwag_model::WorkspaceId;
use wigwag_model::audience::text_key;

use crate::{Batch, Db, Priority, Result, sql_rows};

/// Keeps what columns are read as, by their names.
///
/// # Errors
/// What the database says.
pub async fn remember(
    db: &Db,
    workspace: WorkspaceId,
    columns: Vec<(String, String)>,
) -> Result<()> {
    // A name that stands twice in a file tells nothing.
    let columns: HashMap<String, String> = columns
        .into_iter()
        .map(|(name, target)| (text_key(&name), target))
        .filter(|(key, _)| !key.is_empty())
        .collect();
    if columns.is_empty() {
        return Ok(());
    }
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let rows = Batch::new()
                .texts("column_key", columns.keys().map(String::as_str))
                .texts("target", columns.values().map(String::as_str));
            sql_rows(
                "INSERT INTO import_columns (workspace_id, column_key, target, used_at)
                 SELECT $1, r.column_key, r.target, $2 FROM {rows} WHERE true
                 ON CONFLICT (workspace_id, column_key) DO UPDATE SET target = excluded.target, used_at = excluded.used_at",
                rows,
            )
            .bind(workspace)
            .bind(now)
            .execute(tx)
            .await?;
            Ok(())
        })
    })
    .await
}

/// What columns of these names were last read as, in their order.
///
/// # Errors
/// What the database says.
pub async fn remembered(
    db: &Db,
    workspace: WorkspaceId,
    names: &[String],
) -> Result<Vec<Option<String>>> {
    let rows = sql_rows(
        "SELECT r.ord, c.target FROM {rows} JOIN import_columns c ON c.workspace_id = {$1} AND c.column_key = r.column_key",
        Batch::new().texts("column_key", names.iter().map(|name| text_key(name))),
    )
    .bind(workspace)
    .fetch_all(&mut db.reader().await?)
    .await?;
    let mut targets = vec![None; names.len()];
    for row in &rows {
        if let Some(slot) = targets.get_mut(usize::try_from(row.int(0)?).unwrap_or_default()) {
            *slot = Some(row.text(1)?);
        }
    }
    Ok(targets)
}
