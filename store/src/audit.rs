//! The audit log: who did what to what. Rows are only ever added; sealing them into a chain is a
//! job's work, not the writer's.

use wigwag_model::{AuditId, Timestamp, WorkspaceId};

use crate::{Db, Priority, Result, Tx, sql};

/// An entry to write.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Who: a member, an API key, `system`.
    pub actor: String,
    /// What: `api_key.create`, `conversation.assign`, …
    pub action: String,
    /// To what: an id, or empty.
    pub subject: String,
    /// More, without secrets.
    pub detail: serde_json::Value,
}

/// An entry read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What.
    pub action: String,
    /// To what.
    pub subject: String,
}

/// Writes an entry inside the transaction of what it tells of.
///
/// # Errors
/// What the database says.
pub async fn append_in(tx: &mut Tx, workspace: WorkspaceId, entry: &Entry) -> Result<()> {
    let (id, now): (AuditId, _) = (tx.mint().id(), tx.mint().now());
    sql("INSERT INTO audit (workspace_id, id, at, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(workspace)
        .bind(id)
        .bind(now)
        .bind(&entry.actor)
        .bind(&entry.action)
        .bind(&entry.subject)
        .bind(entry.detail.to_string())
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes an entry.
///
/// # Errors
/// What the database says.
pub async fn append(db: &Db, workspace: WorkspaceId, entry: Entry) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move { append_in(tx, workspace, &entry).await })
    })
    .await
}

/// The newest entries.
///
/// # Errors
/// What the database says.
pub async fn newest(db: &Db, workspace: WorkspaceId, limit: u32) -> Result<Vec<Written>> {
    let mut reader = db.reader().await?;
    let rows = sql("SELECT at, actor, action, subject FROM audit WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2")
        .bind(workspace)
        .bind(i64::from(limit))
        .fetch_all(&mut reader)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Written {
                at: row.time(0)?,
                actor: row.text(1)?,
                action: row.text(2)?,
                subject: row.text(3)?,
            })
        })
        .collect()
}
