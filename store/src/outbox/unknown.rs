//! What cannot be known: attempts of a process that is gone, and unknown messages that have
//! waited long enough for a status.

use wigwag_model::{MessageId, MessageState, NumberId, Timestamp, WorkspaceId};

use super::{Changed, tell};
use crate::campaigns::Share;
use crate::{Batch, Db, Priority, Result, Row, Tx, sql, sql_rows};

/// Most messages that one call of [`age_unknown`] moves.
pub const AGED: usize = 500;

/// Makes unknown what an earlier holder of the lane was sending: its POST may have arrived.
/// Called in the transaction that takes the lane.
pub(crate) async fn take_over(
    tx: &mut Tx,
    workspace: WorkspaceId,
    number: NumberId,
    epoch: i64,
    now: Timestamp,
) -> Result<usize> {
    let left = sql(
        "DELETE FROM outbox WHERE number_id = $1 AND state = 'attempting' AND lane_epoch < $2
                    RETURNING message_id, try_no",
    )
    .bind(number)
    .bind(epoch)
    .fetch_all(tx)
    .await?;
    if left.is_empty() {
        return Ok(0);
    }
    let ids: Vec<MessageId> = left.iter().map(|row| row.id(0)).collect::<Result<_>>()?;
    let tries: Vec<i64> = left.iter().map(|row| row.int(1)).collect::<Result<_>>()?;
    let rows = || {
        Batch::new()
            .ids("id", ids.iter().copied())
            .ints("try_no", tries.iter().copied())
    };
    sql_rows(
        "UPDATE attempts SET effect = 'maybe', ended_at = $2, error_detail = 'the process ended during the attempt',
            live_us = COALESCE((SELECT k.live_us FROM lane_clocks k WHERE k.number_id = attempts.number_id), 0)
         FROM {rows} WHERE attempts.workspace_id = {$1} AND attempts.message_id = r.id AND attempts.try_no = r.try_no
           AND attempts.effect IS NULL",
        rows(),
    )
    .bind(workspace)
    .bind(now)
    .execute(tx)
    .await?;
    let seq = tx.seq(workspace).await?;
    let moved = sql_rows(
        "UPDATE messages SET state = $2, failure_reason = 'no_answer', changed_seq = $3 FROM {rows}
         WHERE messages.workspace_id = {$1} AND messages.id = r.id AND messages.state = $4
         RETURNING messages.id, messages.conversation_id, messages.source, messages.campaign_id, messages.campaign_round",
        rows(),
    )
    .bind(workspace)
    .bind(MessageState::Unknown.rank())
    .bind(seq)
    .bind(MessageState::Attempting.rank())
    .fetch_all(tx)
    .await?;
    count(
        tx,
        workspace,
        &moved,
        MessageState::Attempting,
        MessageState::Unknown,
    )?;
    tell(tx, &changes(workspace, &moved, MessageState::Unknown)?).await?;
    Ok(ids.len())
}

/// Makes unconfirmed what has been unknown while webhooks for its number came for `after_us`
/// microseconds: a status would have come with them. Returns how many moved, at most [`AGED`].
///
/// # Errors
/// What the database says.
pub async fn age_unknown(
    db: &Db,
    workspace: WorkspaceId,
    number: NumberId,
    after_us: i64,
) -> Result<usize> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let limit = i64::try_from(AGED).unwrap_or(i64::MAX);
            let old = sql("SELECT m.id FROM messages m
                 JOIN lane_clocks k ON k.number_id = m.number_id
                 WHERE m.workspace_id = $1 AND m.number_id = $2 AND m.state = 30
                   AND k.live_us - COALESCE((SELECT MAX(a.live_us) FROM attempts a
                        WHERE a.workspace_id = m.workspace_id AND a.message_id = m.id), 0) >= $3
                 ORDER BY m.at LIMIT $4")
            .bind(workspace)
            .bind(number)
            .bind(after_us)
            .bind(limit)
            .fetch_all(tx)
            .await?;
            if old.is_empty() {
                return Ok(0);
            }
            let ids: Vec<MessageId> = old.iter().map(|row| row.id(0)).collect::<Result<_>>()?;
            let seq = tx.seq(workspace).await?;
            let moved = sql_rows(
                "UPDATE messages SET state = $2, changed_seq = $3 FROM {rows}
                 WHERE messages.workspace_id = {$1} AND messages.id = r.id AND messages.state = $4
                 RETURNING messages.id, messages.conversation_id, messages.source, messages.campaign_id, messages.campaign_round",
                Batch::new().ids("id", ids),
            )
            .bind(workspace)
            .bind(MessageState::Unconfirmed.rank())
            .bind(seq)
            .bind(MessageState::Unknown.rank())
            .fetch_all(tx)
            .await?;
            count(tx, workspace, &moved, MessageState::Unknown, MessageState::Unconfirmed)?;
            tell(tx, &changes(workspace, &moved, MessageState::Unconfirmed)?).await?;
            Ok(moved.len())
        })
    })
    .await
}

fn count(
    tx: &mut Tx,
    workspace: WorkspaceId,
    moved: &[Row],
    from: MessageState,
    to: MessageState,
) -> Result<()> {
    for row in moved {
        let share = Share::read(workspace, row, 3)?;
        tx.moves().add_some(share, from, to);
    }
    Ok(())
}

fn changes(workspace: WorkspaceId, moved: &[Row], state: MessageState) -> Result<Vec<Changed>> {
    moved
        .iter()
        .map(|row| {
            Ok(Changed {
                workspace,
                message: row.id(0)?,
                conversation: row.id(1)?,
                state,
                quiet: row.text(2)? == "campaign",
            })
        })
        .collect()
}
