//! The moves that people and brakes make: each is one transaction that asks for the state it
//! leaves, so that of two who press at once one wins and the other is told.

use wigwag_model::campaign::{Held, State};
use wigwag_model::consent::Category;
use wigwag_model::{CampaignId, Timestamp, WorkspaceId};

use super::counts::changed;
use super::read::{Campaign, Canary, get};
use crate::{Db, Job, Priority, Result, Tx, sql, sql_owned};

/// Tries of planning before the campaign fails.
const PLAN_TRIES: i64 = 5;

/// What a sending fixes.
#[derive(Debug, Clone)]
pub struct Begin {
    /// The version that was reviewed.
    pub version: i64,
    /// The template's category.
    pub category: Category,
    /// How many its sender was told.
    pub confirmed: Option<i64>,
    /// When it begins; at once when there is none.
    pub at: Option<Timestamp>,
    /// Until when nothing leaves.
    pub undo_until: Timestamp,
    /// Whether some may get it first.
    pub canary: bool,
}

fn plan_job(tx: &Tx, workspace: WorkspaceId, id: CampaignId) -> Job {
    Job {
        kind: "campaign.plan",
        workspace: Some(workspace),
        payload: format!("{{\"campaign_id\":\"{id}\"}}"),
        run_at: tx.mint().now(),
        dedupe_key: Some(format!("campaign.plan:{id}")),
        max_tries: PLAN_TRIES,
    }
}

/// Sends a draft: it waits for its time, or its people are written down now. `None` when it is no
/// draft.
///
/// # Errors
/// [`crate::Error::NotFound`]; [`crate::Error::Stale`] when it was changed since that version.
pub async fn begin(
    db: &Db,
    workspace: WorkspaceId,
    id: CampaignId,
    wish: Begin,
) -> Result<Option<State>> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let campaign = get(tx, workspace, id).await?;
            if campaign.state != State::Draft {
                return Ok(None);
            }
            let now = tx.mint().now();
            let state = if wish.at.is_some_and(|at| at > now) {
                State::Scheduled
            } else {
                State::Planning
            };
            let canary = if wish.canary { Canary::Armed } else { Canary::Off };
            let done = sql("UPDATE campaigns SET state = $4, category = $5, confirmed_count = $6, scheduled_at = $7, undo_until = $8,
                                canary = $9, canary_until = NULL, held_reason = NULL, failure = NULL, round = 1, round_ends_at = NULL,
                                started_at = NULL, ended_at = NULL, tended_at = $10, updated_at = $10, version = version + 1
                            WHERE workspace_id = $1 AND id = $2 AND version = $3 AND state = 'draft'")
                .bind(workspace)
                .bind(id)
                .bind(wish.version)
                .bind(state.as_str())
                .bind(wish.category.as_str())
                .bind(wish.confirmed)
                .bind(wish.at)
                .bind(wish.undo_until)
                .bind(canary.as_str())
                .bind(now)
                .execute(tx)
                .await?;
            if done == 0 {
                return Err(crate::Error::Stale);
            }
            if state == State::Planning {
                let job = plan_job(tx, workspace, id);
                tx.enqueue(job);
            }
            tx.record(workspace, changed(id));
            Ok(Some(state))
        })
    })
    .await
}

/// Begins to plan a campaign whose time has come; `false` when somebody was quicker.
///
/// # Errors
/// What the database says.
pub async fn start(db: &Db, workspace: WorkspaceId, id: CampaignId) -> Result<bool> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let done = move_on(
                tx,
                workspace,
                id,
                "state = 'planning', tended_at = $3, updated_at = $3",
                "state = 'scheduled'",
                now,
            )
            .await?;
            if done {
                let job = plan_job(tx, workspace, id);
                tx.enqueue(job);
            }
            Ok(done)
        })
    })
    .await
}

/// One guarded update of a campaign; `$3` is the present.
pub(super) async fn move_on(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: CampaignId,
    set: &str,
    guard: &str,
    now: Timestamp,
) -> Result<bool> {
    let done = sql_owned(format!(
        "UPDATE campaigns SET {set} WHERE workspace_id = $1 AND id = $2 AND {guard}"
    ))
    .bind(workspace)
    .bind(id)
    .bind(now)
    .execute(tx)
    .await?;
    if done == 1 {
        tx.record(workspace, changed(id));
    }
    Ok(done == 1)
}

/// Takes a sending back while nothing has been handed to the lane; `false` when it is too late.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn undo(db: &Db, workspace: WorkspaceId, id: CampaignId) -> Result<bool> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            get(tx, workspace, id).await?;
            let now = tx.mint().now();
            move_on(
                tx,
                workspace,
                id,
                "state = 'draft', canary = 'off', scheduled_at = NULL, undo_until = NULL, started_at = NULL,
                 held_reason = NULL, updated_at = $3, version = version + 1",
                "(state IN ('scheduled', 'planning') OR (state = 'running' AND undo_until > $3))
                 AND NOT EXISTS (SELECT 1 FROM messages m
                    WHERE m.workspace_id = campaigns.workspace_id AND m.campaign_id = campaigns.id)",
                now,
            )
            .await
        })
    })
    .await
}

/// Lets nothing more be claimed. What is on its way ends by itself; `None` when it does not run.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn pause(db: &Db, workspace: WorkspaceId, id: CampaignId) -> Result<Option<State>> {
    rest(db, workspace, id, None).await
}

/// Pauses a campaign by itself, with the reason; it then waits for a person. `None` when it does
/// not run.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn hold(
    db: &Db,
    workspace: WorkspaceId,
    id: CampaignId,
    reason: Held,
) -> Result<Option<State>> {
    rest(db, workspace, id, Some(reason)).await
}

async fn rest(
    db: &Db,
    workspace: WorkspaceId,
    id: CampaignId,
    reason: Option<Held>,
) -> Result<Option<State>> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let campaign = get(tx, workspace, id).await?;
            let now = tx.mint().now();
            // A schedule that is held has planned nothing: it rests at once.
            let from = if reason.is_some() {
                "state IN ('scheduled', 'planning', 'running')"
            } else {
                "state = 'running'"
            };
            let done = sql_owned(format!(
                "UPDATE campaigns SET state = 'pausing', held_reason = $4, updated_at = $3
                 WHERE workspace_id = $1 AND id = $2 AND {from}"
            ))
            .bind(workspace)
            .bind(id)
            .bind(now)
            .bind(reason.map(Held::as_str))
            .execute(tx)
            .await?;
            if done == 0 {
                return Ok(None);
            }
            tx.record(workspace, changed(campaign.id));
            sql("UPDATE outbox SET state = 'held' WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'queued'")
                .bind(workspace)
                .bind(id)
                .execute(tx)
                .await?;
            let settled = super::settle::settle_on(tx, workspace, id, now).await?;
            Ok(Some(if settled { State::Paused } else { State::Pausing }))
        })
    })
    .await
}

/// Goes on after a pause; `None` when it does not rest. One that was held before its people were
/// written down is planned now.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn resume(db: &Db, workspace: WorkspaceId, id: CampaignId) -> Result<Option<State>> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move { resume_on(tx, workspace, id).await })
    })
    .await
}

async fn resume_on(tx: &mut Tx, workspace: WorkspaceId, id: CampaignId) -> Result<Option<State>> {
    let campaign = get(tx, workspace, id).await?;
    let now = tx.mint().now();
    let state = if campaign.started_at.is_some() {
        State::Running
    } else {
        State::Planning
    };
    let set = if state == State::Running {
        "state = 'running', held_reason = NULL, tended_at = $3, updated_at = $3"
    } else {
        "state = 'planning', held_reason = NULL, tended_at = $3, updated_at = $3"
    };
    if !move_on(
        tx,
        workspace,
        id,
        set,
        "state IN ('pausing', 'paused')",
        now,
    )
    .await?
    {
        return Ok(None);
    }
    if state == State::Planning {
        let job = plan_job(tx, workspace, id);
        tx.enqueue(job);
    } else {
        sql("UPDATE outbox SET state = 'queued' WHERE workspace_id = $1 AND campaign_id = $2 AND state = 'held'")
            .bind(workspace)
            .bind(id)
            .execute(tx)
            .await?;
    }
    Ok(Some(state))
}

/// Goes on after a hold or a canary: the canary counts as passed. `None` when there is nothing to
/// release.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn release(db: &Db, workspace: WorkspaceId, id: CampaignId) -> Result<Option<State>> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let Campaign {
                state,
                canary,
                held,
                ..
            } = get(tx, workspace, id).await?;
            let canaries = matches!(canary, Canary::Sending | Canary::Waiting);
            let resting = matches!(state, State::Pausing | State::Paused);
            if !(resting && held.is_some()) && !(canaries && (resting || state == State::Running)) {
                return Ok(None);
            }
            if canaries {
                let now = tx.mint().now();
                move_on(
                    tx,
                    workspace,
                    id,
                    "canary = 'passed', canary_until = NULL, updated_at = $3",
                    "canary IN ('sending', 'waiting')",
                    now,
                )
                .await?;
            }
            if resting {
                resume_on(tx, workspace, id).await
            } else {
                Ok(Some(state))
            }
        })
    })
    .await
}

/// Ends a campaign for good: nothing more is claimed. Those who have not been reached are skipped
/// in pieces afterwards. `false` when it was over.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn stop(db: &Db, workspace: WorkspaceId, id: CampaignId) -> Result<bool> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            get(tx, workspace, id).await?;
            let now = tx.mint().now();
            move_on(
                tx,
                workspace,
                id,
                "state = 'stopped', held_reason = NULL, canary_until = NULL, updated_at = $3",
                "state IN ('scheduled', 'planning', 'running', 'pausing', 'paused')",
                now,
            )
            .await
        })
    })
    .await
}
