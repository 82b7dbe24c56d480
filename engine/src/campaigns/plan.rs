//! The job that writes a campaign's people down.

use serde::{Deserialize, Serialize};
use wigwag_model::campaign::{Held, State};
use wigwag_model::{CampaignId, WorkspaceId};
use wigwag_store::campaigns::{self, Campaign, Canary, Planned};
use wigwag_store::{Error, Snapshot};

use super::actions::hold;
use super::decide::{Decided, Decider};
use super::setup::{self, Setup};
use crate::Context;
use crate::jobs::Failure;

/// What the job needs.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) campaign_id: CampaignId,
}

/// Reads the audience in one snapshot and writes every person down, with the reason where there is
/// no message. What an earlier try had written is forgotten first: nothing of it can have left.
pub(crate) async fn plan(
    context: &Context,
    workspace: WorkspaceId,
    wish: Plan,
) -> Result<(), Failure> {
    let id = wish.campaign_id;
    match anew(context, workspace, id).await {
        Ok(()) => {
            context.campaigns().ring();
            Ok(())
        }
        // Deleted meanwhile.
        Err(Error::NotFound) => Ok(()),
        // Taken back or stopped meanwhile: whoever did it has told us to clear. Or another try plans it.
        Err(Error::Stale) => Ok(()),
        Err(error @ Error::Filter(_)) => {
            tracing::warn!(%error, campaign = %id, "an audience cannot be read any more");
            hold(context, workspace, id, Held::AudienceUnreadable).await?;
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

/// Makes a campaign fail whose people could not be written down.
pub(crate) async fn give_up(
    context: &Context,
    workspace: WorkspaceId,
    wish: Plan,
) -> wigwag_store::Result<()> {
    hold(
        context,
        workspace,
        wish.campaign_id,
        Held::AudienceUnreadable,
    )
    .await
}

async fn anew(
    context: &Context,
    workspace: WorkspaceId,
    id: CampaignId,
) -> wigwag_store::Result<()> {
    let db = context.db();
    // From here on an earlier try, should it still go on, writes nothing more.
    campaigns::take_over(db, workspace, id).await?;
    let campaign = campaigns::get(&mut db.reader().await?, workspace, id).await?;
    if !matches!(campaign.state, State::Draft | State::Planning) {
        return Ok(());
    }
    campaigns::clear(db, workspace, id, campaign.version).await?;
    if campaign.state == State::Planning {
        write(context, workspace, campaign).await?;
    }
    Ok(())
}

async fn write(
    context: &Context,
    workspace: WorkspaceId,
    campaign: Campaign,
) -> wigwag_store::Result<()> {
    let db = context.db();
    let (id, version) = (campaign.id, campaign.version);
    let mut checked = setup::check(context, workspace, campaign).await?;
    // Its time has come: that it is not ahead any more is no problem.
    checked
        .problems
        .retain(|problem| !problem.field.starts_with("schedule."));
    let setup = match (checked.setup, checked.problems.first()) {
        (Some(setup), None) => setup,
        (_, problem) => {
            let field = problem.map_or("", |problem| problem.field.as_str());
            return hold(context, workspace, id, reason(field)).await;
        }
    };
    if setup
        .campaign
        .category
        .is_some_and(|known| known != setup.category)
    {
        return hold(context, workspace, id, Held::TemplateRecategorised).await;
    }
    let mut snapshot = db.snapshot().await?;
    let sums = people(context, workspace, &setup, version, &mut snapshot).await?;
    drop(snapshot);
    if sums.planned == 0 {
        return hold(context, workspace, id, Held::NobodyLeft).await;
    }
    let settings = &setup.campaign.settings;
    let canary = match settings.canary {
        Some(canary)
            if setup.campaign.canary == Canary::Armed && sums.planned > i64::from(canary.above) =>
        {
            Canary::Sending
        }
        _ => Canary::Off,
    };
    let currency = setup.billing.currency();
    let total = sums.estimate.total(currency);
    let estimate = Some((total.max_micros, currency.to_string()));
    campaigns::planned(db, workspace, id, version, canary, estimate).await
}

/// What a problem of this field holds a campaign for.
pub(super) fn reason(field: &str) -> Held {
    if field.starts_with("number") {
        Held::NumberUnavailable
    } else if field.starts_with("header") {
        Held::MediaFailed
    } else if field.starts_with("audience") {
        Held::AudienceUnreadable
    } else if field.starts_with("variables") {
        Held::MissingVariables
    } else if field.starts_with("template") {
        Held::TemplateUnavailable
    } else {
        Held::Unrenderable
    }
}

/// Sums over a plan.
#[derive(Default)]
struct Sums {
    planned: i64,
    estimate: wigwag_model::rates::Estimate,
}

async fn people(
    context: &Context,
    workspace: WorkspaceId,
    setup: &Setup,
    version: i64,
    snapshot: &mut Snapshot,
) -> wigwag_store::Result<Sums> {
    let mut decider = Decider::new(setup, workspace, context.clock().now());
    let percent = setup
        .campaign
        .settings
        .canary
        .map_or(0, |canary| i64::from(canary.percent));
    let quiet = setup.campaign.schedule.quiet().is_some();
    let (mut no, mut sums) = (0, Sums::default());
    loop {
        let decided = decider.next(snapshot).await?;
        if decided.is_empty() {
            return Ok(sums);
        }
        if context.stop().is_cancelled() {
            return Err(Error::Busy);
        }
        let mut rows = Vec::with_capacity(decided.len());
        for one in decided {
            no += 1;
            let eligible = one.verdict.is_ok();
            // Spread over the audience: every hundredth place gets its share.
            let canary = eligible && {
                let before = sums.planned * percent / 100;
                (sums.planned + 1) * percent / 100 > before
            };
            if eligible {
                sums.planned += 1;
                sums.estimate.add(one.rate, one.free);
            }
            rows.push(row(one, no, canary, quiet));
        }
        campaigns::plan_chunk(
            context.db(),
            workspace,
            setup.campaign.id,
            version,
            setup.number.id,
            rows,
        )
        .await?;
    }
}

pub(super) fn row(one: Decided, no: i64, canary: bool, quiet: bool) -> Planned {
    let eligible = one.verdict.is_ok();
    Planned {
        contact: one.person.contact.id,
        no,
        due_at: one.due.at,
        zone: one.zone.filter(|_| quiet).map(|zone| zone.name),
        reason: one
            .verdict
            .err()
            .map(wigwag_model::campaign::Exclusion::as_str),
        market: Some(one.rate.market.key().to_owned()),
        estimate_micros: one.rate.micros.filter(|_| eligible),
        filled: eligible
            .then(|| serde_json::to_string(&one.values).ok())
            .flatten(),
        canary,
    }
}
