//! The last calls made with API keys, for the developers' page. Written in batches, kept a week.

use wigwag_model::{CallId, Timestamp, WorkspaceId};

use crate::{Batch, Db, Priority, Result, sql, sql_rows};

/// A call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Whose key it was.
    pub workspace: WorkspaceId,
    /// When it ended.
    pub at: Timestamp,
    /// The HTTP method.
    pub method: String,
    /// The route, with ids but without the query.
    pub path: String,
    /// The HTTP status.
    pub status: u16,
    /// How long it took, in microseconds.
    pub duration_us: i64,
    /// The key's first characters.
    pub key_prefix: Option<String>,
    /// The request's id.
    pub request_id: String,
}

/// A call read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Its id.
    pub id: CallId,
    /// The call.
    pub call: Call,
}

/// Keeps calls.
///
/// # Errors
/// What the database says.
pub async fn append(db: &Db, calls: Vec<Call>) -> Result<()> {
    let ids: Vec<CallId> = calls.iter().map(|_| db.mint().id()).collect();
    db.write(Priority::Background, move |tx| {
        let batch = Batch::new()
            .ids("workspace_id", calls.iter().map(|call| call.workspace))
            .ids("id", ids.iter().copied())
            .times("at", calls.iter().map(|call| call.at))
            .texts("method", calls.iter().map(|call| call.method.as_str()))
            .texts("path", calls.iter().map(|call| call.path.as_str()))
            .ints("status", calls.iter().map(|call| i64::from(call.status)))
            .ints("duration_us", calls.iter().map(|call| call.duration_us))
            .opt_texts("key_prefix", calls.iter().map(|call| call.key_prefix.as_deref()))
            .texts("request_id", calls.iter().map(|call| call.request_id.as_str()));
        Box::pin(async move {
            sql_rows(
                "INSERT INTO calls (workspace_id, id, at, method, path, status, duration_us, key_prefix, request_id)
                 SELECT r.workspace_id, r.id, r.at, r.method, r.path, r.status, r.duration_us, r.key_prefix, r.request_id
                 FROM {rows}",
                batch,
            )
            .execute(tx)
            .await?;
            Ok(())
        })
    })
    .await
}

/// The newest calls of a workspace.
///
/// # Errors
/// What the database says.
pub async fn newest(db: &Db, workspace: WorkspaceId, limit: u32) -> Result<Vec<Logged>> {
    let mut reader = db.reader().await?;
    let rows = sql(
        "SELECT id, at, method, path, status, duration_us, key_prefix, request_id
                    FROM calls WHERE workspace_id = $1 ORDER BY id DESC LIMIT $2",
    )
    .bind(workspace)
    .bind(i64::from(limit))
    .fetch_all(&mut reader)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Logged {
                id: row.id(0)?,
                call: Call {
                    workspace,
                    at: row.time(1)?,
                    method: row.text(2)?,
                    path: row.text(3)?,
                    status: u16::try_from(row.int(4)?).unwrap_or(0),
                    duration_us: row.int(5)?,
                    key_prefix: row.opt_text(6)?,
                    request_id: row.text(7)?,
                },
            })
        })
        .collect()
}

/// Deletes calls older than `before`, at most 2,000.
///
/// # Errors
/// What the database says.
pub async fn sweep(db: &Db, before: Timestamp) -> Result<u64> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            sql("DELETE FROM calls WHERE (workspace_id, id) IN
                 (SELECT workspace_id, id FROM calls WHERE at < $1 ORDER BY at LIMIT 2000)")
            .bind(before)
            .execute(tx)
            .await
        })
    })
    .await
}
