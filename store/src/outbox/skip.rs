//! Ending messages that wait and may not leave.

use wigwag_model::{MessageState, WorkspaceId};

use super::{Changed, tell};
use crate::campaigns::Share;
use crate::{Batch, Result, Tx, sql_rows};

/// Makes queued messages `skipped`; the rows have `id` and `reason`. Their outbox rows are the
/// caller's to remove.
pub(crate) async fn skip_messages(tx: &mut Tx, workspace: WorkspaceId, rows: Batch) -> Result<()> {
    let (now, seq) = (tx.mint().now(), tx.seq(workspace).await?);
    let moved = sql_rows(
        "UPDATE messages SET state = $2, failure_reason = r.reason, failed_at = $3, changed_seq = $4 FROM {rows}
         WHERE messages.workspace_id = {$1} AND messages.id = r.id AND messages.state = $5
         RETURNING messages.id, messages.conversation_id, messages.source, messages.campaign_id, messages.campaign_round",
        rows,
    )
    .bind(workspace)
    .bind(MessageState::Skipped.rank())
    .bind(now)
    .bind(seq)
    .bind(MessageState::Queued.rank())
    .fetch_all(tx)
    .await?;
    let mut changed = Vec::with_capacity(moved.len());
    for row in &moved {
        changed.push(Changed {
            workspace,
            message: row.id(0)?,
            conversation: row.id(1)?,
            state: MessageState::Skipped,
            quiet: row.text(2)? == "campaign",
        });
        let share = Share::read(workspace, row, 3)?;
        tx.moves()
            .add_some(share, MessageState::Queued, MessageState::Skipped);
    }
    tell(tx, &changed).await
}
