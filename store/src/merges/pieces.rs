//! What a merge left behind moves over piece by piece: messages of joined threads, the contact of messages,
//! events.

use wigwag_model::{ContactId, ConversationId, MessageId, WorkspaceId};

use super::threads::hand_over;
use crate::{Db, Priority, Result, Tx, conversations, sql};

/// Rows of one piece: it holds the writer for some 20 ms.
const ROWS: i64 = 500;

/// Contacts whose merge is not whole yet, at most 100.
///
/// # Errors
/// What the database says.
pub async fn pending(db: &Db, workspace: WorkspaceId) -> Result<Vec<ContactId>> {
    let rows = sql("SELECT contact_id FROM contact_merges WHERE workspace_id = $1 AND ended_at IS NULL ORDER BY contact_id LIMIT 100")
        .bind(workspace)
        .fetch_all(&mut db.reader().await?)
        .await?;
    rows.iter().map(|row| row.id(0)).collect()
}

/// Moves the next piece of what stands under a contact that was merged. Says whether that was the last.
///
/// # Errors
/// What the database says.
pub async fn next_piece(db: &Db, workspace: WorkspaceId, other: ContactId) -> Result<bool> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let row = sql("SELECT merged_into FROM contacts WHERE workspace_id = $1 AND id = $2")
                .bind(workspace)
                .bind(other)
                .fetch_one(tx)
                .await?;
            let Some(survivor) = row.opt_id::<ContactId>(0)? else {
                return Ok(true);
            };
            if survivor == other {
                // Erased meanwhile: there is nobody to move to.
                return end(tx, workspace, other).await;
            }
            if threads(tx, workspace, survivor, other).await?
                || authors(tx, workspace, survivor, other).await?
                || events(tx, workspace, survivor, other).await?
            {
                return Ok(false);
            }
            end(tx, workspace, other).await
        })
    })
    .await
}

async fn end(tx: &mut Tx, workspace: WorkspaceId, other: ContactId) -> Result<bool> {
    let now = tx.mint().now();
    // Who of the two began an on-going campaign has begun it: a merge lets nobody begin again.
    sql("INSERT INTO campaign_entrants (workspace_id, campaign_id, contact_id, entries, last_at)
         SELECT e.workspace_id, e.campaign_id, p.merged_into, e.entries, e.last_at FROM contacts p
         JOIN campaigns c ON c.workspace_id = p.workspace_id AND c.kind = 'ongoing'
         JOIN campaign_entrants e ON e.workspace_id = c.workspace_id AND e.campaign_id = c.id AND e.contact_id = p.id
         WHERE p.workspace_id = $1 AND p.id = $2 AND p.merged_into <> p.id
         ON CONFLICT (workspace_id, campaign_id, contact_id) DO UPDATE SET
            entries = campaign_entrants.entries + excluded.entries,
            last_at = CASE WHEN campaign_entrants.last_at > excluded.last_at THEN campaign_entrants.last_at ELSE excluded.last_at END")
        .bind(workspace)
        .bind(other)
        .execute(tx)
        .await?;
    sql("UPDATE contact_merges SET ended_at = $3 WHERE workspace_id = $1 AND contact_id = $2")
        .bind(workspace)
        .bind(other)
        .bind(now)
        .execute(tx)
        .await?;
    Ok(true)
}

/// Moves messages of a thread that the survivor has one with the same number of; once it is empty it goes.
async fn threads(
    tx: &mut Tx,
    workspace: WorkspaceId,
    survivor: ContactId,
    other: ContactId,
) -> Result<bool> {
    let row = sql("SELECT o.id, s.id FROM conversations o
                   LEFT JOIN conversations s ON s.workspace_id = o.workspace_id AND s.contact_id = $3 AND s.number_id = o.number_id
                   WHERE o.workspace_id = $1 AND o.contact_id = $2 ORDER BY o.id LIMIT 1")
        .bind(workspace)
        .bind(other)
        .bind(survivor)
        .fetch_optional(tx)
        .await?;
    let Some(row) = row else {
        return Ok(false);
    };
    let from: ConversationId = row.id(0)?;
    let Some(thread) = row.opt_id::<ConversationId>(1)? else {
        // It came while both were merged: it changes hands as a whole.
        sql("UPDATE conversations SET contact_id = $3 WHERE workspace_id = $1 AND id = $2")
            .bind(workspace)
            .bind(from)
            .bind(survivor)
            .execute(tx)
            .await?;
        return Ok(true);
    };
    let rows = sql("SELECT id FROM messages WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY at, seq, idx LIMIT $3")
        .bind(workspace)
        .bind(from)
        .bind(ROWS)
        .fetch_all(tx)
        .await?;
    let moved = rows
        .iter()
        .map(|row| row.id(0))
        .collect::<Result<Vec<MessageId>>>()?;
    let seq = tx.seq(workspace).await?;
    hand_over(tx, workspace, thread, &moved, seq).await?;
    if moved.is_empty() {
        sql("DELETE FROM conversations WHERE workspace_id = $1 AND id = $2")
            .bind(workspace)
            .bind(from)
            .execute(tx)
            .await?;
    }
    sql("UPDATE conversations SET changed_seq = $3 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(thread)
        .bind(seq)
        .execute(tx)
        .await?;
    conversations::changed(tx, workspace, thread);
    Ok(true)
}

/// Messages of threads that changed hands still name the contact that was.
async fn authors(
    tx: &mut Tx,
    workspace: WorkspaceId,
    survivor: ContactId,
    other: ContactId,
) -> Result<bool> {
    let moved = sql(
        "UPDATE messages SET contact_id = $2 WHERE workspace_id = $1 AND id IN
         (SELECT m.id FROM conversations v
          JOIN messages m ON m.workspace_id = v.workspace_id AND m.conversation_id = v.id AND m.contact_id = $3
          WHERE v.workspace_id = $1 AND v.contact_id = $2 LIMIT $4)",
    )
    .bind(workspace)
    .bind(survivor)
    .bind(other)
    .bind(ROWS)
    .execute(tx)
    .await?;
    Ok(moved > 0)
}

async fn events(
    tx: &mut Tx,
    workspace: WorkspaceId,
    survivor: ContactId,
    other: ContactId,
) -> Result<bool> {
    let moved = sql(
        "UPDATE events SET contact_id = $2 WHERE workspace_id = $1 AND id IN
         (SELECT e.id FROM events e WHERE e.workspace_id = $1 AND e.contact_id = $3 LIMIT $4)",
    )
    .bind(workspace)
    .bind(survivor)
    .bind(other)
    .bind(ROWS)
    .execute(tx)
    .await?;
    Ok(moved > 0)
}
