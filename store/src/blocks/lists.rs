//! When a number's list is read at Meta, so that it can be compared with ours.

use wigwag_model::{NumberId, Timestamp, WabaId, WorkspaceId};

use crate::{Db, Priority, Result, sql};

/// A list that is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The number whose list it is.
    pub number: NumberId,
    /// Meta's id of the number.
    pub phone_number_id: String,
    /// The account whose token is used.
    pub waba: WabaId,
    /// How often it was tried in vain.
    pub tries: i64,
}

/// The list that is due longest, of the numbers that are in use.
///
/// # Errors
/// What the database says.
pub async fn next_list(db: &Db, now: Timestamp) -> Result<Option<List>> {
    let row = sql("SELECT n.workspace_id, n.id, n.phone_number_id, n.waba, COALESCE(l.tries, 0) FROM numbers n
                   LEFT JOIN block_lists l ON l.workspace_id = n.workspace_id AND l.number_id = n.id
                   WHERE n.enabled = 1 AND (l.due_at IS NULL OR l.due_at <= $1)
                   ORDER BY COALESCE(l.due_at, 0), n.id LIMIT 1")
    .bind(now)
    .fetch_optional(&mut db.reader().await?)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    Ok(Some(List {
        workspace: row.id(0)?,
        number: row.id(1)?,
        phone_number_id: row.text(2)?,
        waba: row.id(3)?,
        tries: row.int(4)?,
    }))
}

/// Takes a list that is due for oneself until `until`. Says whether nobody else was quicker.
///
/// # Errors
/// What the database says.
pub async fn take_list(
    db: &Db,
    workspace: WorkspaceId,
    number: NumberId,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let taken = sql("INSERT INTO block_lists (workspace_id, number_id, due_at, tries) VALUES ($1, $2, $3, 1)
                             ON CONFLICT (workspace_id, number_id) DO UPDATE
                             SET due_at = excluded.due_at, tries = block_lists.tries + 1 WHERE block_lists.due_at <= $4")
            .bind(workspace)
            .bind(number)
            .bind(until)
            .bind(now)
            .execute(tx)
            .await?;
            Ok(taken == 1)
        })
    })
    .await
}

/// Says when a list is read next; `done` when it was read and compared.
///
/// # Errors
/// What the database says.
pub async fn list_read(
    db: &Db,
    workspace: WorkspaceId,
    number: NumberId,
    done: bool,
    next: Timestamp,
) -> Result<()> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            sql("UPDATE block_lists SET due_at = $3, tries = CASE WHEN $4 = 1 THEN 0 ELSE tries END,
                    read_at = CASE WHEN $4 = 1 THEN $5 ELSE read_at END
                 WHERE workspace_id = $1 AND number_id = $2")
                .bind(workspace)
                .bind(number)
                .bind(next)
                .bind(done)
                .bind(now)
                .execute(tx)
                .await
                .map(drop)
        })
    })
    .await
}
