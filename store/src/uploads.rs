//! Files that somebody sent and nothing ever used: imports that were never run, files that no
//! message, template or campaign refers to.
//!
//! One goes in three steps, so that a process that dies leaves nothing behind that nobody knows:
//! it is set aside in a transaction that looks once more whether anything refers to it, its bytes
//! are removed, and then its row.

use std::collections::HashSet;

use wigwag_model::id::Id as _;
use wigwag_model::{ImportId, MediaId, Timestamp, WorkspaceId};

use crate::{Batch, Db, Priority, Result, Tx, sql, sql_rows};

/// Why a file that was set aside is not to be had.
const UNUSED: &str = "unused";
/// Files of one transaction.
const PIECE: i64 = 500;

/// A file of a message or of a header that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusedMedia {
    /// Its id.
    pub id: MediaId,
    /// Where its bytes are.
    pub object_key: Option<String>,
}

/// What one look at a workspace found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The files that were set aside, now or by an earlier look that was cut off.
    pub unused: Vec<UnusedMedia>,
    /// Where the next look begins; `None` when there is nothing more.
    pub next: Option<MediaId>,
}

/// Sets files of a workspace aside that were uploaded between two instants, after `after`, and that
/// nothing refers to. Ids begin with their time, so that this reads no older files.
///
/// # Errors
/// What the database says.
pub async fn set_media_aside(
    db: &Db,
    workspace: WorkspaceId,
    (from, before): (Timestamp, Timestamp),
    after: Option<MediaId>,
) -> Result<Found> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let begin = after.unwrap_or_else(|| MediaId::new(from, [0; 10]));
            let rows = sql(
                "SELECT m.id, m.object_key FROM media m WHERE m.workspace_id = $1 AND m.id > $2 AND m.id < $3
                   AND (m.state = 'ready' OR (m.state = 'failed' AND m.failure = $4))
                   AND NOT EXISTS (SELECT 1 FROM messages t WHERE t.workspace_id = m.workspace_id AND t.media_id = m.id)
                 ORDER BY m.id LIMIT $5",
            )
            .bind(workspace)
            .bind(begin)
            .bind(MediaId::new(before, [0; 10]))
            .bind(UNUSED)
            .bind(PIECE)
            .fetch_all(tx)
            .await?;
            let mut unused = Vec::with_capacity(rows.len());
            for row in &rows {
                unused.push(UnusedMedia {
                    id: row.id(0)?,
                    object_key: row.opt_text(1)?,
                });
            }
            let whole = i64::try_from(rows.len()).unwrap_or(0) < PIECE;
            let next = unused.last().map(|last| last.id).filter(|_| !whole);
            if !unused.is_empty() {
                let referred = referred(tx, workspace).await?;
                unused.retain(|file| !referred.contains(&file.id));
                mark(tx, workspace, &unused).await?;
            }
            Ok(Found { unused, next })
        })
    })
    .await
}

async fn mark(tx: &mut Tx, workspace: WorkspaceId, files: &[UnusedMedia]) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    sql_rows(
        "UPDATE media SET state = 'failed', failure = $2 FROM {rows}
         WHERE media.workspace_id = {$1} AND media.id = r.id",
        Batch::new().ids("id", files.iter().map(|file| file.id)),
    )
    .bind(workspace)
    .bind(UNUSED)
    .execute(tx)
    .await?;
    Ok(())
}

/// Deletes the rows of files that no message, template or campaign refers to any more.
pub(crate) async fn delete_unreferred(
    tx: &mut Tx,
    workspace: WorkspaceId,
    files: &[MediaId],
) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let referred = referred(tx, workspace).await?;
    let free: Vec<MediaId> = files
        .iter()
        .copied()
        .filter(|file| !referred.contains(file))
        .collect();
    let rows = Batch::new()
        .ids("workspace_id", free.iter().map(|_| workspace))
        .ids("id", free.iter().copied());
    sql_rows(
        "DELETE FROM media WHERE (workspace_id, id) IN (SELECT r.workspace_id, r.id FROM {rows})
           AND NOT EXISTS (SELECT 1 FROM messages t WHERE t.workspace_id = media.workspace_id AND t.media_id = media.id)",
        rows,
    )
    .execute(tx)
    .await
    .map(drop)
}

/// The files that templates, what is written of them, their versions and campaigns name.
async fn referred(tx: &mut Tx, workspace: WorkspaceId) -> Result<HashSet<MediaId>> {
    let mut found = HashSet::new();
    for text in [
        "SELECT header_media, components FROM templates WHERE workspace_id = $1 AND (header_media IS NOT NULL OR components LIKE '%media_%')",
        "SELECT header_media, edit FROM templates WHERE workspace_id = $1 AND edit LIKE '%media_%'",
        "SELECT NULL, components FROM template_versions WHERE workspace_id = $1 AND components LIKE '%media_%'",
        "SELECT NULL, header FROM campaigns WHERE workspace_id = $1 AND header LIKE '%media_%'",
    ] {
        for row in sql(text).bind(workspace).fetch_all(tx).await? {
            if !text.starts_with("SELECT NULL") {
                found.extend(row.opt_id::<MediaId>(0)?);
            }
            found.extend(named(&row.opt_text(1)?.unwrap_or_default()));
        }
    }
    Ok(found)
}

/// Every id of a file in a text.
fn named(text: &str) -> impl Iterator<Item = MediaId> + '_ {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| word.starts_with("media_"))
        .filter_map(|word| word.parse().ok())
}

/// Deletes the rows of files that were set aside and whose bytes are gone.
///
/// # Errors
/// What the database says.
pub async fn media_removed(db: &Db, workspace: WorkspaceId, ids: Vec<MediaId>) -> Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let rows = Batch::new()
                .ids("workspace_id", ids.iter().map(|_| workspace))
                .ids("id", ids.iter().copied());
            sql_rows(
                "DELETE FROM media WHERE state = 'failed' AND failure = $1
                   AND (workspace_id, id) IN (SELECT r.workspace_id, r.id FROM {rows})",
                rows,
            )
            .bind(UNUSED)
            .execute(tx)
            .await
        })
    })
    .await
}

/// A file of contacts that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusedImport {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// Its id.
    pub id: ImportId,
    /// Where its bytes are.
    pub object_key: String,
}

/// Sets files of contacts aside that were uploaded before an instant and never run, at most 500.
/// From now on one cannot be run any more.
///
/// # Errors
/// What the database says.
pub async fn set_imports_aside(db: &Db, before: Timestamp) -> Result<Vec<UnusedImport>> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            sql(
                "UPDATE imports SET state = 'failed', failure = $2, ended_at = $3
                 WHERE state = 'uploaded' AND created_at < $1",
            )
            .bind(before)
            .bind(UNUSED)
            .bind(now)
            .execute(tx)
            .await?;
            let rows = sql("SELECT workspace_id, id, object_key FROM imports
                 WHERE state = 'failed' AND failure = $1 LIMIT $2")
            .bind(UNUSED)
            .bind(PIECE)
            .fetch_all(tx)
            .await?;
            rows.iter()
                .map(|row| {
                    Ok(UnusedImport {
                        workspace: row.id(0)?,
                        id: row.id(1)?,
                        object_key: row.text(2)?,
                    })
                })
                .collect()
        })
    })
    .await
}

/// Where the files were of imports that ended between two instants. They are removed as an import ends; a
/// process that died just then has left its file.
///
/// # Errors
/// What the database says.
pub async fn ended_imports(db: &Db, from: Timestamp, before: Timestamp) -> Result<Vec<String>> {
    let rows = sql(
        "SELECT object_key FROM imports WHERE state IN ('done', 'failed') AND ended_at >= $1 AND ended_at < $2",
    )
    .bind(from)
    .bind(before)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter().map(|row| row.text(0)).collect()
}

/// Deletes the row of a file of contacts that was set aside and whose bytes are gone.
///
/// # Errors
/// What the database says.
pub async fn import_removed(db: &Db, workspace: WorkspaceId, id: ImportId) -> Result<u64> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            sql("DELETE FROM imports WHERE workspace_id = $1 AND id = $2 AND state = 'failed' AND failure = $3")
                .bind(workspace)
                .bind(id)
                .bind(UNUSED)
                .execute(tx)
                .await
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_wherever_a_text_names_them() {
        let id = MediaId::new(Timestamp::from_seconds(1_800_000_000), [7; 10]);
        for text in [
            format!(r#"[{{"type":"HEADER","media_id":"{id}"}}]"#),
            format!(r#"{{"media_id":"{id}","x":"media_"}}"#),
            format!("{id}"),
        ] {
            assert_eq!(named(&text).collect::<Vec<_>>(), [id], "{text}");
        }
        assert_eq!(named("media_id media_x").count(), 0);
    }
}
