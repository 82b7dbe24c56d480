//! What people are answered when they stop or resume marketing, one row per workspace.

use std::collections::HashMap;

use wigwag_model::WorkspaceId;
use wigwag_model::confirmation::{Confirmation, Confirmations};

use crate::audit::{self, Entry};
use crate::{Batch, Db, Error, Executor, Priority, Result, Row, Tx, sql, sql_rows};

/// The answers of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// What is answered.
    pub answers: Confirmations,
    /// Pass it with a change; 0 where nobody has changed anything.
    pub version: i64,
}

fn read(row: &Row, from: usize) -> Result<Kept> {
    Ok(Kept {
        answers: Confirmations {
            stop: Confirmation {
                sent: row.bool(from)?,
                text: row.opt_text(from + 1)?,
            },
            start: Confirmation {
                sent: row.bool(from + 2)?,
                text: row.opt_text(from + 3)?,
            },
        },
        version: row.int(from + 4)?,
    })
}

/// The answers of a workspace; the usual ones where nobody has changed anything.
///
/// # Errors
/// What the database says.
pub async fn get(on: &mut impl Executor, workspace: WorkspaceId) -> Result<Kept> {
    let row = sql(
        "SELECT stop_sent, stop_text, start_sent, start_text, version FROM confirmations
         WHERE workspace_id = $1",
    )
    .bind(workspace)
    .fetch_optional(on)
    .await?;
    row.map_or_else(|| Ok(Kept::default()), |row| read(&row, 0))
}

/// The answers of those workspaces that have changed them.
pub(crate) async fn of(
    tx: &mut Tx,
    workspaces: impl Iterator<Item = WorkspaceId>,
) -> Result<HashMap<WorkspaceId, Confirmations>> {
    let rows = sql_rows(
        "SELECT c.workspace_id, c.stop_sent, c.stop_text, c.start_sent, c.start_text, c.version
         FROM {rows} JOIN confirmations c ON c.workspace_id = r.workspace_id",
        Batch::new().ids("workspace_id", workspaces),
    )
    .fetch_all(tx)
    .await?;
    rows.iter()
        .map(|row| Ok((row.id(0)?, read(row, 1)?.answers)))
        .collect()
}

/// Changes the answers, with the entry in the audit log that says from what to what.
///
/// # Errors
/// [`Error::Stale`] when they were changed since that version.
pub async fn put(
    db: &Db,
    workspace: WorkspaceId,
    answers: Confirmations,
    version: i64,
    actor: String,
) -> Result<Kept> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let before = get(tx, workspace).await?;
            if before.version != version {
                return Err(Error::Stale);
            }
            let now = tx.mint().now();
            let text = if version == 0 {
                "INSERT INTO confirmations (workspace_id, stop_sent, stop_text, start_sent, start_text, version, updated_at)
                 VALUES ($1, $2, $3, $4, $5, $6 + 1, $7) ON CONFLICT DO NOTHING"
            } else {
                "UPDATE confirmations SET stop_sent = $2, stop_text = $3, start_sent = $4, start_text = $5,
                    version = version + 1, updated_at = $7 WHERE workspace_id = $1 AND version = $6"
            };
            let done = sql(text)
                .bind(workspace)
                .bind(answers.stop.sent)
                .bind(answers.stop.text.as_deref())
                .bind(answers.start.sent)
                .bind(answers.start.text.as_deref())
                .bind(version)
                .bind(now)
                .execute(tx)
                .await?;
            if done == 0 {
                return Err(Error::Stale);
            }
            let entry = Entry {
                actor,
                action: "settings.confirmations".to_owned(),
                subject: workspace.to_string(),
                detail: serde_json::json!({
                    "before": detail(&before.answers),
                    "after": detail(&answers),
                }),
            };
            audit::append_in(tx, workspace, &entry).await?;
            Ok(Kept {
                answers,
                version: version + 1,
            })
        })
    })
    .await
}

fn detail(answers: &Confirmations) -> serde_json::Value {
    let one = |answer: &Confirmation| serde_json::json!({"send": answer.sent, "text": answer.text});
    serde_json::json!({"stop": one(&answers.stop), "start": one(&answers.start)})
}
