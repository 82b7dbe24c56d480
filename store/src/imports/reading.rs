//! How a file is read and what is to be done with it, as somebody says before it begins.

use wigwag_model::{ImportId, WorkspaceId};

use super::rows::{Column, Import, get};
use crate::{Db, Error, Priority, Result, sql};

/// How a file is read, as somebody corrected it.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Whether its first row names the columns.
    pub has_header: bool,
    /// The byte at which the first row begins.
    pub position: i64,
    /// Its columns.
    pub columns: Vec<Column>,
    /// How many rows it has, without the header.
    pub rows_total: i64,
}

/// Reads a file otherwise, as long as it has not begun; what was to be done with it is forgotten,
/// because it was said of other columns.
///
/// # Errors
/// [`Error::Stale`] once it has begun; [`Error::NotFound`].
pub async fn read_as(
    db: &Db,
    workspace: WorkspaceId,
    id: ImportId,
    reading: Reading,
) -> Result<Import> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let done = sql(
                "UPDATE imports SET has_header = $3, position = $4, columns = $5, rows_total = $6, wish = NULL
                 WHERE workspace_id = $1 AND id = $2 AND state = 'uploaded'",
            )
            .bind(workspace)
            .bind(id)
            .bind(reading.has_header)
            .bind(reading.position)
            .bind(serde_json::json!(reading.columns).to_string())
            .bind(reading.rows_total)
            .execute(tx)
            .await?;
            let import = get(tx, workspace, id).await?;
            if done == 1 { Ok(import) } else { Err(Error::Stale) }
        })
    })
    .await
}

/// Keeps what is to be done with a file, as long as it has not begun. `position` is the byte at
/// which its rows began when that was asked: somebody may read it otherwise in between.
///
/// # Errors
/// [`Error::Stale`] once it has begun or is read otherwise; [`Error::NotFound`].
pub async fn wish(
    db: &Db,
    workspace: WorkspaceId,
    id: ImportId,
    position: i64,
    wish: String,
) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let done = sql("UPDATE imports SET wish = $3
                            WHERE workspace_id = $1 AND id = $2 AND state = 'uploaded' AND position = $4")
                .bind(workspace)
                .bind(id)
                .bind(wish)
                .bind(position)
                .execute(tx)
                .await?;
            if done == 1 {
                return Ok(());
            }
            get(tx, workspace, id).await?;
            Err(Error::Stale)
        })
    })
    .await
}
