//! What people do with campaigns.

use std::time::Duration;

use wigwag_model::campaign::{Action, Held, Problem, Source, State};
use wigwag_model::{CampaignId, Scope, WorkspaceId};
use wigwag_store::campaigns::{self, Begin, Campaign, Patch};

use super::error::CampaignError;
use super::{review, setup};
use crate::Context;
use crate::jobs;

type Result<T, E = CampaignError> = std::result::Result<T, E>;

async fn get(context: &Context, workspace: WorkspaceId, id: CampaignId) -> Result<Campaign> {
    Ok(campaigns::get(&mut context.db().reader().await?, workspace, id).await?)
}

/// The state as the answer no.
async fn refused<T>(context: &Context, workspace: WorkspaceId, id: CampaignId) -> Result<T> {
    Err(CampaignError::State(
        get(context, workspace, id).await?.state,
    ))
}

/// Changes a draft.
///
/// # Errors
/// [`CampaignError::State`] when it is none any more; [`CampaignError::Problems`] for what cannot
/// be written down.
pub async fn edit(
    context: &Context,
    scope: &Scope,
    id: CampaignId,
    version: i64,
    patch: Patch,
) -> Result<()> {
    let mut problems = patch
        .settings
        .as_ref()
        .map(wigwag_model::campaign::Settings::problems)
        .unwrap_or_default();
    if let Some(ongoing) = &patch.ongoing {
        problems.extend(ongoing.problems(false));
    }
    if let Some(schedule) = &patch.schedule {
        problems.extend(schedule.problems(context.clock().now()));
    }
    if let Some(audience) = patch
        .audience
        .as_ref()
        .filter(|audience| !is_empty(audience))
        && let Err(fault) = wigwag_model::audience::Filter::read(audience)
    {
        problems.push(setup::audience_problem(fault));
    }
    if !problems.is_empty() {
        return Err(CampaignError::Problems(problems));
    }
    if campaigns::edit(context.db(), scope.workspace, id, version, patch).await? {
        Ok(())
    } else {
        refused(context, scope.workspace, id).await
    }
}

fn is_empty(audience: &serde_json::Value) -> bool {
    audience.as_object().is_some_and(serde_json::Map::is_empty)
}

/// Forgets a campaign of which nothing left.
///
/// # Errors
/// [`CampaignError::State`] for any other.
pub async fn delete(context: &Context, scope: &Scope, id: CampaignId) -> Result<()> {
    let campaign = get(context, scope.workspace, id).await?;
    if !campaign.state.allows(Action::Delete) {
        return Err(CampaignError::State(campaign.state));
    }
    campaigns::clear(context.db(), scope.workspace, id, campaign.version).await?;
    if campaigns::delete(context.db(), scope.workspace, id).await? {
        Ok(())
    } else {
        refused(context, scope.workspace, id).await
    }
}

/// Sends a draft: now, or at its time. Nothing leaves before the time to undo is over.
///
/// # Errors
/// [`CampaignError::Problems`] when it cannot be sent as it is.
pub async fn send(
    context: &Context,
    scope: &Scope,
    id: CampaignId,
    confirmed: Option<i64>,
) -> Result<State> {
    let workspace = scope.workspace;
    let campaign = get(context, workspace, id).await?;
    if !campaign.state.allows(Action::Send) {
        return Err(CampaignError::State(campaign.state));
    }
    if campaign.ongoing.is_some() {
        return Err(CampaignError::Problems(vec![Problem::new(
            "kind",
            "ongoing",
            "this campaign goes out when something happens: start it instead",
        )]));
    }
    let checked = setup::check(context, workspace, campaign).await?;
    let Some(setup) = checked.setup.filter(|_| checked.problems.is_empty()) else {
        return Err(CampaignError::Problems(checked.problems));
    };
    let may_be_empty = |source: &Source| match source {
        Source::Constant { .. } => false,
        Source::Trait { fallback, .. }
        | Source::Field { fallback, .. }
        | Source::Column { fallback, .. } => fallback
            .as_deref()
            .is_none_or(|text| text.trim().is_empty()),
    };
    if setup.campaign.variables.0.values().any(may_be_empty) {
        let missing = review::missing(context, workspace, &setup).await?;
        if missing > 0 {
            return Err(CampaignError::Problems(vec![
                Problem::new(
                    "variables",
                    "missing_variable",
                    format!("{missing} people have no value: add a fallback, or leave them out"),
                )
                .with("count", missing),
            ]));
        }
    }
    let now = context.clock().now();
    let undo = Duration::from_secs(u64::from(setup.campaign.settings.undo_seconds));
    let begin = Begin {
        version: setup.campaign.version,
        category: setup.category,
        confirmed,
        at: setup.campaign.schedule.begins(),
        undo_until: now.plus(undo),
        canary: setup.campaign.settings.canary.is_some(),
    };
    match campaigns::begin(context.db(), workspace, id, begin).await? {
        Some(state) => {
            context.campaigns().ring();
            Ok(state)
        }
        None => refused(context, workspace, id).await,
    }
}

/// Takes a sending back before anything left.
///
/// # Errors
/// [`CampaignError::TooLate`] once something may have left.
pub async fn undo(context: &Context, scope: &Scope, id: CampaignId) -> Result<()> {
    let workspace = scope.workspace;
    let state = get(context, workspace, id).await?.state;
    if !state.allows(Action::Undo) {
        return Err(CampaignError::State(state));
    }
    if !campaigns::undo(context.db(), workspace, id).await? {
        return Err(CampaignError::TooLate);
    }
    // Forgets those who were written down.
    jobs::enqueue_plan(context, workspace, id).await?;
    context.campaigns().ring();
    Ok(())
}

/// Lets nothing more leave for now.
///
/// # Errors
/// [`CampaignError::State`] when it does not run.
pub async fn pause(context: &Context, scope: &Scope, id: CampaignId) -> Result<State> {
    let state = campaigns::pause(context.db(), scope.workspace, id).await?;
    // What is claimed and has not begun goes back.
    context.stop_epoch().raise();
    context.campaigns().ring();
    match state {
        Some(state) => Ok(state),
        None => refused(context, scope.workspace, id).await,
    }
}

/// Goes on after a pause.
///
/// # Errors
/// [`CampaignError::State`] when it does not rest.
pub async fn resume(context: &Context, scope: &Scope, id: CampaignId) -> Result<State> {
    let state = campaigns::resume(context.db(), scope.workspace, id).await?;
    go_on(context, scope.workspace, id, state).await
}

/// Goes on after it held by itself, or after its canary.
///
/// # Errors
/// [`CampaignError::State`] when it waits for nobody.
pub async fn release(context: &Context, scope: &Scope, id: CampaignId) -> Result<State> {
    let state = campaigns::release(context.db(), scope.workspace, id).await?;
    go_on(context, scope.workspace, id, state).await
}

async fn go_on(
    context: &Context,
    workspace: WorkspaceId,
    id: CampaignId,
    state: Option<State>,
) -> Result<State> {
    let Some(state) = state else {
        return refused(context, workspace, id).await;
    };
    context.campaigns().ring();
    if let Some(number) = get(context, workspace, id).await?.number {
        context.wakes().wake(number);
    }
    Ok(state)
}

/// Ends a campaign for good.
///
/// # Errors
/// [`CampaignError::State`] when it was over.
pub async fn stop(context: &Context, scope: &Scope, id: CampaignId) -> Result<State> {
    let stopped = campaigns::stop(context.db(), scope.workspace, id).await?;
    context.stop_epoch().raise();
    context.campaigns().ring();
    if stopped {
        Ok(State::Stopped)
    } else {
        refused(context, scope.workspace, id).await
    }
}

/// Makes a campaign wait for a person, with the reason.
pub(crate) async fn hold(
    context: &Context,
    workspace: WorkspaceId,
    id: CampaignId,
    reason: Held,
) -> wigwag_store::Result<()> {
    if campaigns::hold(context.db(), workspace, id, reason)
        .await?
        .is_some()
    {
        tracing::warn!(campaign = %id, reason = reason.as_str(), "a campaign is held");
        context.stop_epoch().raise();
        context.campaigns().ring();
    }
    Ok(())
}
