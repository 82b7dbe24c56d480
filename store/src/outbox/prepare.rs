//! Messages whose file is on its way to Meta: they enter the lane when it is there.

use wigwag_model::{ConversationId, MediaId, MessageId, MessageState, NumberId, WorkspaceId};

use super::{Changed, tell};
use crate::{Db, Error, Priority, Result, sql};

/// A message that waits for its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preparing {
    /// The file.
    pub media: MediaId,
    /// The number whose upload it must be.
    pub number: NumberId,
}

/// What a waiting message waits for; `None` when it waits no longer.
///
/// # Errors
/// What the database says.
pub async fn preparing(
    db: &Db,
    workspace: WorkspaceId,
    message: MessageId,
) -> Result<Option<Preparing>> {
    let row = sql("SELECT m.media_id, o.number_id FROM outbox o
                   JOIN messages m ON m.workspace_id = o.workspace_id AND m.id = o.message_id
                   WHERE o.workspace_id = $1 AND o.message_id = $2 AND o.state = 'preparing'")
    .bind(workspace)
    .bind(message)
    .fetch_optional(&mut db.reader().await?)
    .await?;
    row.map(|row| {
        Ok(Preparing {
            media: row.opt_id(0)?.ok_or(Error::Inconsistent {
                table: "messages",
                column: "media_id",
            })?,
            number: row.id(1)?,
        })
    })
    .transpose()
}

/// Lets a message into the lane: its file is with Meta.
///
/// # Errors
/// What the database says.
pub async fn prepared(db: &Db, workspace: WorkspaceId, message: MessageId) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("UPDATE outbox SET state = 'queued' WHERE workspace_id = $1 AND message_id = $2 AND state = 'preparing'")
                .bind(workspace)
                .bind(message)
                .execute(tx)
                .await?;
            Ok(())
        })
    })
    .await
}

/// Ends a message whose file could not be brought to Meta.
///
/// # Errors
/// What the database says.
pub async fn fail_preparing(
    db: &Db,
    workspace: WorkspaceId,
    message: MessageId,
    reason: &'static str,
    detail: String,
) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let gone = sql("DELETE FROM outbox WHERE workspace_id = $1 AND message_id = $2 AND state = 'preparing'")
                .bind(workspace)
                .bind(message)
                .execute(tx)
                .await?;
            if gone == 0 {
                return Ok(());
            }
            let (now, seq) = (tx.mint().now(), tx.seq(workspace).await?);
            let row = sql("UPDATE messages SET state = $3, failure_reason = $4, failure_detail = $5, failed_at = $6, changed_seq = $7
                           WHERE workspace_id = $1 AND id = $2 RETURNING conversation_id, source")
                .bind(workspace)
                .bind(message)
                .bind(MessageState::Failed.rank())
                .bind(reason)
                .bind(detail)
                .bind(now)
                .bind(seq)
                .fetch_one(tx)
                .await?;
            let conversation: ConversationId = row.id(0)?;
            let changed = Changed {
                workspace,
                message,
                conversation,
                state: MessageState::Failed,
                quiet: row.text(1)? == "campaign",
            };
            tell(tx, &[changed]).await
        })
    })
    .await
}
