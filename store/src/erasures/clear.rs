//! The last step: threads, events and the rest are emptied piece by piece, until nothing is left.

use wigwag_model::{ContactId, MediaId, MessageId, WorkspaceId};

use crate::{Batch, Db, Priority, Result, Tx, sql, sql_rows, uploads};

/// Rows of one piece: it holds the writer for some 20 ms.
const ROWS: i64 = 500;
/// What a message says of whom nothing is known any more.
const CONTENT: &str = r#"{"type":"erased"}"#;

/// People whose erasure has begun and has not ended, at most 100.
///
/// # Errors
/// What the database says.
pub async fn open(db: &Db, workspace: WorkspaceId) -> Result<Vec<ContactId>> {
    let rows = sql(
        "SELECT contact_id FROM erasures WHERE workspace_id = $1 AND ended_at IS NULL
                    ORDER BY contact_id LIMIT 100",
    )
    .bind(workspace)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter().map(|row| row.id(0)).collect()
}

/// Where the bytes of the next piece's files are. They are removed before the piece is cleared, so that none
/// stays behind that nobody knows; removing one again does no harm.
///
/// # Errors
/// What the database says.
pub async fn files(db: &Db, workspace: WorkspaceId, contact: ContactId) -> Result<Vec<String>> {
    let rows = sql(
        "SELECT f.object_key FROM
           (SELECT m.id, m.media_id FROM conversations v
            JOIN messages m ON m.workspace_id = v.workspace_id AND m.conversation_id = v.id AND m.content <> $3
            WHERE v.workspace_id = $1 AND v.contact_id = $2 ORDER BY m.id LIMIT $4) piece
         JOIN media f ON f.workspace_id = $1 AND f.id = piece.media_id
         WHERE f.object_key IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM messages t WHERE t.workspace_id = $1 AND t.media_id = f.id AND t.contact_id <> $2)",
    )
    .bind(workspace)
    .bind(contact)
    .bind(CONTENT)
    .bind(ROWS)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter().map(|row| row.text(0)).collect()
}

/// What one piece did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// There is more.
    More,
    /// A message is on its way to Meta still: come again in a moment.
    Waits,
    /// Nothing is left.
    Done,
}

/// Clears the next piece of somebody whose erasure has begun.
///
/// # Errors
/// What the database says.
pub async fn clear(db: &Db, workspace: WorkspaceId, contact: ContactId) -> Result<Piece> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            if messages(tx, workspace, contact).await? || events(tx, workspace, contact).await? {
                return Ok(Piece::More);
            }
            if rest(tx, workspace, contact).await? {
                return Ok(Piece::More);
            }
            let waits =
                sql("SELECT 1 FROM outbox WHERE workspace_id = $1 AND contact_id = $2 LIMIT 1")
                    .bind(workspace)
                    .bind(contact)
                    .fetch_optional(tx)
                    .await?;
            if waits.is_some() {
                return Ok(Piece::Waits);
            }
            let now = tx.mint().now();
            sql("UPDATE erasures SET ended_at = $3 WHERE workspace_id = $1 AND contact_id = $2")
                .bind(workspace)
                .bind(contact)
                .bind(now)
                .execute(tx)
                .await?;
            Ok(Piece::Done)
        })
    })
    .await
}

/// Empties messages: what was said goes, that and when it was sent, Meta's id and the cost stay.
async fn messages(tx: &mut Tx, workspace: WorkspaceId, contact: ContactId) -> Result<bool> {
    let rows = sql(
        "SELECT m.id, m.media_id FROM conversations v
         JOIN messages m ON m.workspace_id = v.workspace_id AND m.conversation_id = v.id AND m.content <> $3
         WHERE v.workspace_id = $1 AND v.contact_id = $2 ORDER BY m.id LIMIT $4",
    )
    .bind(workspace)
    .bind(contact)
    .bind(CONTENT)
    .bind(ROWS)
    .fetch_all(tx)
    .await?;
    if rows.is_empty() {
        return Ok(false);
    }
    let (mut ids, mut media): (Vec<MessageId>, Vec<MediaId>) = (Vec::new(), Vec::new());
    for row in &rows {
        ids.push(row.id(0)?);
        media.extend(row.opt_id::<MediaId>(1)?);
    }
    let seq = tx.seq(workspace).await?;
    sql_rows(
        "UPDATE messages SET kind = 'unsupported', content = $2, media_id = NULL, client_ref = NULL, failure_detail = NULL,
            referral = NULL, callback_data = NULL, changed_seq = $3
         FROM {rows} WHERE messages.workspace_id = {$1} AND messages.id = r.id",
        Batch::new().ids("id", ids.iter().copied()),
    )
    .bind(workspace)
    .bind(CONTENT)
    .bind(seq)
    .execute(tx)
    .await?;
    let pairs = || {
        Batch::new()
            .ids("workspace_id", ids.iter().map(|_| workspace))
            .ids("id", ids.iter().copied())
    };
    for text in [
        "DELETE FROM reactions WHERE (workspace_id, message_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        "UPDATE attempts SET error_detail = NULL WHERE (workspace_id, message_id) IN (SELECT r.workspace_id, r.id FROM {rows})
           AND error_detail IS NOT NULL",
    ] {
        sql_rows(text, pairs()).execute(tx).await?;
    }
    uploads::delete_unreferred(tx, workspace, &media).await?;
    Ok(true)
}

/// Removes events; of those that reached a goal, which is counted, only name and time stay.
async fn events(tx: &mut Tx, workspace: WorkspaceId, contact: ContactId) -> Result<bool> {
    let emptied = sql(
        "UPDATE events SET properties = '{}', compared = NULL, source_id = NULL
         WHERE workspace_id = $1 AND contact_id = $2 AND (properties <> '{}' OR compared IS NOT NULL OR source_id IS NOT NULL)
           AND id IN (SELECT g.event_id FROM campaign_conversions g WHERE g.workspace_id = $1 AND g.contact_id = $2)",
    )
    .bind(workspace)
    .bind(contact)
    .execute(tx)
    .await?;
    let gone = sql(
        "DELETE FROM events WHERE workspace_id = $1 AND id IN
         (SELECT e.id FROM events e WHERE e.workspace_id = $1 AND e.contact_id = $2
            AND NOT EXISTS (SELECT 1 FROM campaign_conversions g WHERE g.workspace_id = $1 AND g.contact_id = $2 AND g.event_id = e.id)
          LIMIT $3)",
    )
    .bind(workspace)
    .bind(contact)
    .bind(ROWS)
    .execute(tx)
    .await?;
    Ok(emptied > 0 || gone > 0)
}

/// Empties what else is about the person.
async fn rest(tx: &mut Tx, workspace: WorkspaceId, contact: ContactId) -> Result<bool> {
    let mut touched = 0;
    for text in [
        "UPDATE campaign_recipients SET filled = NULL, zone = NULL
         WHERE workspace_id = $1 AND contact_id = $2 AND (filled IS NOT NULL OR zone IS NOT NULL)",
        "DELETE FROM links WHERE workspace_id = $1 AND contact_id = $2",
        "DELETE FROM import_changes WHERE workspace_id = $1 AND contact_id = $2
           AND import_id IN (SELECT i.id FROM imports i WHERE i.workspace_id = $1)",
        "UPDATE hook_deliveries SET detail = NULL WHERE workspace_id = $1 AND contact_id = $2 AND detail IS NOT NULL",
        "UPDATE bulk_people SET detail = NULL WHERE workspace_id = $1 AND contact_id = $2 AND detail IS NOT NULL
           AND bulk_id IN (SELECT b.id FROM bulk_actions b WHERE b.workspace_id = $1)
           AND no = (SELECT p.no FROM contacts p WHERE p.workspace_id = $1 AND p.id = $2)",
    ] {
        touched += sql(text).bind(workspace).bind(contact).execute(tx).await?;
    }
    // What began for the person may name a day of theirs; how often it began stays counted.
    touched += sql(
        "DELETE FROM campaign_runs WHERE workspace_id = $1 AND id IN
         (SELECT r.id FROM campaign_runs r WHERE r.workspace_id = $1 AND r.contact_id = $2 LIMIT $3)",
    )
    .bind(workspace)
    .bind(contact)
    .bind(ROWS)
    .execute(tx)
    .await?;
    touched += sql(
        "DELETE FROM endpoint_deliveries WHERE workspace_id = $1 AND id IN
         (SELECT d.id FROM endpoint_deliveries d WHERE d.workspace_id = $1 AND d.topic = $2 LIMIT $3)",
    )
    .bind(workspace)
    .bind(contact)
    .bind(ROWS)
    .execute(tx)
    .await?;
    Ok(touched > 0)
}
