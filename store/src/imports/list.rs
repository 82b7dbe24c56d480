//! The imports of a workspace, the newest first.

use serde::{Deserialize, Serialize};
use wigwag_model::{ImportId, WorkspaceId};

use super::rows::{IMPORT, Import, read};
use super::undo::UndoState;
use crate::{Db, Error, Result, sql_owned};

/// Where a page of imports ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The last import of the page.
    pub id: ImportId,
}

/// Imports that have begun, the newest first, each with how far it is taken back.
///
/// # Errors
/// What the database says.
pub async fn list(
    db: &Db,
    workspace: WorkspaceId,
    after: Option<Key>,
    limit: u32,
) -> Result<(Vec<(Import, Option<UndoState>)>, Option<Key>)> {
    let below = if after.is_some() { " AND id < $3" } else { "" };
    let statement = sql_owned(format!(
        "SELECT {IMPORT},
            (SELECT u.state FROM import_undos u WHERE u.workspace_id = imports.workspace_id AND u.import_id = imports.id)
         FROM imports WHERE workspace_id = $1 AND started_at IS NOT NULL{below} ORDER BY id DESC LIMIT $2"
    ))
    .bind(workspace)
    .bind(i64::from(limit) + 1);
    let statement = match after {
        Some(key) => statement.bind(key.id),
        None => statement,
    };
    let rows = statement.fetch_all(&mut db.reader().await?).await?;
    let more = rows.len() > limit as usize;
    let mut page = Vec::with_capacity(rows.len());
    for row in rows.iter().take(limit as usize) {
        let undo = row
            .opt_text(24)?
            .map(|text| {
                UndoState::parse(&text).ok_or(Error::Inconsistent {
                    table: "import_undos",
                    column: "state",
                })
            })
            .transpose()?;
        page.push((read(row)?, undo));
    }
    let next = page
        .last()
        .filter(|_| more)
        .map(|last| Key { id: last.0.id });
    Ok((page, next))
}
