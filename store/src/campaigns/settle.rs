//! Coming to rest: what was on its way has ended, what will not go any more is skipped, and
//! whoever runs is looked after.

use wigwag_model::{CampaignId, MessageId, MessageState, Timestamp, WorkspaceId};

use super::counts::Share;
use super::moves::move_on;
use super::read::Canary;
use crate::outbox;
use crate::{Batch, Db, Priority, Result, Tx, sql, sql_owned};

/// Whether a message of the campaign is on its way to Meta this moment.
const OUT: &str = "EXISTS (SELECT 1 FROM outbox o WHERE o.workspace_id = campaigns.workspace_id
    AND o.campaign_id = campaigns.id AND o.state = 'attempting')";

/// Makes a pausing campaign rest once nothing of it is on its way; `true` when it rests now. One
/// whose template is gone before anything left has failed; an on-going one waits for its next version.
pub(super) async fn settle_on(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: CampaignId,
    now: Timestamp,
) -> Result<bool> {
    // What went back while the pause was being written waits with the rest.
    sql("UPDATE outbox SET state = 'held' WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'queued'")
        .bind(workspace)
        .bind(id)
        .execute(tx)
        .await?;
    let failed = move_on(
        tx,
        workspace,
        id,
        "state = 'failed', failure = held_reason, held_reason = NULL, updated_at = $3",
        &format!(
            "state = 'pausing' AND kind <> 'ongoing' AND held_reason IN ('template_missing', 'audience_unreadable', 'nobody_left') AND NOT {OUT}
             AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.workspace_id = campaigns.workspace_id
                AND m.campaign_id = campaigns.id AND m.state >= 30)"
        ),
        now,
    )
    .await?;
    if failed {
        return Ok(true);
    }
    move_on(
        tx,
        workspace,
        id,
        "state = 'paused', updated_at = $3",
        &format!("state = 'pausing' AND NOT {OUT}"),
        now,
    )
    .await
}

/// Makes a pausing campaign rest once nothing of it is on its way.
///
/// # Errors
/// What the database says.
pub async fn settle_paused(db: &Db, workspace: WorkspaceId, id: CampaignId) -> Result<bool> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            settle_on(tx, workspace, id, now).await
        })
    })
    .await
}

/// Whether a message of the campaign is on its way to Meta this moment.
///
/// # Errors
/// What the database says.
pub async fn is_out(db: &Db, workspace: WorkspaceId, id: CampaignId) -> Result<bool> {
    let row = sql_owned(format!(
        "SELECT CASE WHEN {OUT} THEN 1 ELSE 0 END FROM campaigns WHERE workspace_id = $1 AND id = $2"
    ))
    .bind(workspace)
    .bind(id)
    .fetch_one(&mut db.reader().await?)
    .await?;
    row.bool(0)
}

/// People of one piece.
const PIECE: i64 = 1_000;

/// Skips a piece of those whom a campaign that is over has not reached, with the reason. `true`
/// when nothing is left to do: the campaign has ended.
///
/// # Errors
/// What the database says.
pub async fn settle_stopped(
    db: &Db,
    workspace: WorkspaceId,
    id: CampaignId,
    reason: &'static str,
) -> Result<bool> {
    if !super::ongoing::drop_runs(db, workspace, id, reason).await? {
        return Ok(false);
    }
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let skipped = skip_planned(tx, workspace, id, reason).await?
                + skip_waiting(tx, workspace, id, reason).await?;
            if skipped > 0 {
                return Ok(false);
            }
            let now = tx.mint().now();
            move_on(
                tx,
                workspace,
                id,
                "ended_at = $3, updated_at = $3",
                // Of any state: what was on its way may have gone back since we looked.
                "state IN ('stopped', 'failed') AND ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM outbox o
                    WHERE o.workspace_id = campaigns.workspace_id AND o.campaign_id = campaigns.id)",
                now,
            )
            .await
        })
    })
    .await
}

async fn skip_planned(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: CampaignId,
    reason: &'static str,
) -> Result<usize> {
    let skipped = sql(
        "UPDATE campaign_recipients SET state = 'skipped', reason = $3
         WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'planned' AND (round, contact_id) IN (
            SELECT p.round, p.contact_id FROM campaign_recipients p
            WHERE p.workspace_id = $1 AND p.campaign_id = $2 AND p.state = 'planned' LIMIT $4)
         RETURNING round",
    )
    .bind(workspace)
    .bind(id)
    .bind(reason)
    .bind(PIECE)
    .fetch_all(tx)
    .await?;
    for row in &skipped {
        let share = Share {
            workspace,
            campaign: id,
            round: row.int(0)?,
        };
        tx.moves()
            .add(share, MessageState::Planned, MessageState::Skipped);
    }
    Ok(skipped.len())
}

async fn skip_waiting(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: CampaignId,
    reason: &'static str,
) -> Result<usize> {
    let gone = sql(
        "DELETE FROM outbox WHERE workspace_id = $1 AND campaign_id = $2 AND state IN ('queued', 'held') AND message_id IN (
            SELECT o.message_id FROM outbox o
            WHERE o.workspace_id = $1 AND o.campaign_id = $2 AND o.state IN ('queued', 'held') LIMIT $3)
         RETURNING message_id",
    )
    .bind(workspace)
    .bind(id)
    .bind(PIECE)
    .fetch_all(tx)
    .await?;
    if gone.is_empty() {
        return Ok(0);
    }
    let mut ids: Vec<MessageId> = gone.iter().map(|row| row.id(0)).collect::<Result<_>>()?;
    ids.sort();
    outbox::skip_messages(
        tx,
        workspace,
        Batch::new()
            .ids("id", ids.iter().copied())
            .texts("reason", ids.iter().map(|_| reason)),
    )
    .await?;
    Ok(ids.len())
}

/// Lets waiting rows of a running campaign into the lane that were held in a race.
///
/// # Errors
/// What the database says.
pub async fn unhold(db: &Db, workspace: WorkspaceId, id: CampaignId) -> Result<()> {
    let held = sql("SELECT 1 FROM outbox WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'held' LIMIT 1")
        .bind(workspace)
        .bind(id)
        .fetch_optional(&mut db.reader().await?)
        .await?;
    if held.is_none() {
        return Ok(());
    }
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("UPDATE outbox SET state = 'queued' WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'held'
                   AND EXISTS (SELECT 1 FROM campaigns c WHERE c.workspace_id = $1 AND c.id = $2 AND c.state = 'running')")
                .bind(workspace)
                .bind(id)
                .execute(tx)
                .await?;
            Ok(())
        })
    })
    .await
}

/// Notes that somebody looks after a running campaign.
///
/// # Errors
/// What the database says.
pub async fn tend(db: &Db, workspace: WorkspaceId, id: CampaignId) -> Result<()> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            sql("UPDATE campaigns SET tended_at = $3 WHERE workspace_id = $1 AND id = $2 AND state = 'running'")
                .bind(workspace)
                .bind(id)
                .bind(now)
                .execute(tx)
                .await?;
            Ok(())
        })
    })
    .await
}

/// Moves the canary of a running campaign; `false` when somebody was quicker.
///
/// # Errors
/// What the database says.
pub async fn set_canary(
    db: &Db,
    workspace: WorkspaceId,
    id: CampaignId,
    from: Canary,
    to: Canary,
    until: Option<Timestamp>,
) -> Result<bool> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let done = sql("UPDATE campaigns SET canary = $5, canary_until = $6, updated_at = $3
                            WHERE workspace_id = $1 AND id = $2 AND state = 'running' AND canary = $4")
                .bind(workspace)
                .bind(id)
                .bind(now)
                .bind(from.as_str())
                .bind(to.as_str())
                .bind(until)
                .execute(tx)
                .await?;
            if done == 1 {
                tx.record(workspace, super::counts::changed(id));
            }
            Ok(done == 1)
        })
    })
    .await
}

/// Whether anybody of the canary is still to get it.
///
/// # Errors
/// What the database says.
pub async fn canary_waits(db: &Db, workspace: WorkspaceId, id: CampaignId) -> Result<bool> {
    let planned = sql("SELECT 1 FROM campaign_recipients
                       WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'planned' AND canary = 1 LIMIT 1")
    .bind(workspace)
    .bind(id)
    .fetch_optional(&mut db.reader().await?)
    .await?;
    if planned.is_some() {
        return Ok(true);
    }
    let waits = sql("SELECT 1 FROM outbox WHERE workspace_id = $1 AND campaign_id = $2 LIMIT 1")
        .bind(workspace)
        .bind(id)
        .fetch_optional(&mut db.reader().await?)
        .await?;
    Ok(waits.is_some())
}

/// Ends a running campaign that has nobody left to write to: it is done, or its second round waits
/// until an instant. `false` while something is planned or on its way.
///
/// # Errors
/// What the database says.
pub async fn finish(
    db: &Db,
    workspace: WorkspaceId,
    id: CampaignId,
    round_ends_at: Option<Timestamp>,
) -> Result<bool> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let rest = "state = 'running' AND NOT EXISTS (SELECT 1 FROM campaign_counts n
                WHERE n.workspace_id = campaigns.workspace_id AND n.campaign_id = campaigns.id
                  AND n.state IN ('planned', 'queued', 'attempting') AND n.n > 0)";
            match round_ends_at {
                None => {
                    move_on(
                        tx,
                        workspace,
                        id,
                        "state = 'done', ended_at = $3, updated_at = $3, round_ends_at = NULL",
                        rest,
                        now,
                    )
                    .await
                }
                Some(at) => {
                    let done = sql_owned(format!(
                        "UPDATE campaigns SET round_ends_at = $4, updated_at = $3
                         WHERE workspace_id = $1 AND id = $2 AND round_ends_at IS NULL AND {rest}"
                    ))
                    .bind(workspace)
                    .bind(id)
                    .bind(now)
                    .bind(at)
                    .execute(tx)
                    .await?;
                    if done == 1 {
                        tx.record(workspace, super::counts::changed(id));
                    }
                    Ok(done == 1)
                }
            }
        })
    })
    .await
}
