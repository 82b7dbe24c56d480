//! Looks after campaigns: begins them at their time, feeds them, brakes them, brings them to rest
//! and ends them. Every process that works has one such task; each step asks the database for the
//! state it leaves, so that several do no harm.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use wigwag_model::campaign::{Held, Outcomes, State};
use wigwag_model::{CampaignId, MessageState, Timestamp, WorkspaceId};
use wigwag_store::campaigns::{self, AtWork, Campaign, Canary, Counts, Flag};
use wigwag_store::numbers::Number;

use super::actions::hold;
use super::brake::Recent;
use super::feed::{Feeding, feed};
use super::ongoing;
use super::review::rate;
use super::setup::{self, Sending};
use crate::{Context, jobs, wait};

/// How often running campaigns are looked at.
const BEAT: Duration = Duration::from_millis(200);
/// How often it is looked for others that have begun.
const LOOK: Duration = Duration::from_millis(500);
/// How often a campaign is noted as looked after.
const NOTE: Duration = Duration::from_secs(30);
/// How late a campaign may be before somebody is asked.
const STALE: Duration = Duration::from_hours(2);
/// How long before their time people are written down.
const PLAN_AHEAD: Duration = Duration::from_mins(2);
/// How often a plan that has no job gets one.
const REPLAN: Duration = Duration::from_secs(20);
/// Pieces of people that are skipped in one step.
const PIECES: usize = 10;

/// Starts the task.
pub(crate) fn start(context: &Context) {
    context.tasks().spawn(serve(context.clone()));
}

/// What is remembered from step to step; nothing depends on it.
#[derive(Default)]
struct Memory {
    recent: HashMap<CampaignId, Judged>,
    /// Campaigns whose end of sending was made known to the lanes of this process.
    stopped: HashSet<(CampaignId, State)>,
    /// When messages may leave of campaigns with a rate of their own, µs.
    paces: HashMap<CampaignId, Pace>,
    planned: HashMap<CampaignId, Timestamp>,
}

/// What the brakes of a campaign look back on.
struct Judged {
    /// Its last change by a person: what was before a pause or an edit has been judged.
    since: Timestamp,
    /// An on-going one is not at work while nobody is due, and still the same campaign.
    ongoing: bool,
    recent: Recent,
}

/// Messages that a campaign's own rate allows.
struct Pace {
    /// Thousandths of a message.
    level: i64,
    at_us: i64,
}

impl Pace {
    /// How many may leave now, at `rate` per second; a second's worth at once at most.
    fn available(&mut self, rate: i64, now_us: i64) -> i64 {
        let gained = (now_us - self.at_us).max(0).saturating_mul(rate) / 1_000;
        if gained > 0 {
            self.level = self.level.saturating_add(gained).min(rate * 1_000);
            self.at_us = now_us;
        }
        self.level / 1_000
    }
}

async fn serve(context: Context) {
    let mut memory = Memory::default();
    while !context.stop().is_cancelled() {
        let busy = match campaigns::at_work(context.db()).await {
            Ok(list) => look(&context, &mut memory, list).await,
            Err(error) => {
                tracing::warn!(%error, "the campaigns could not be read");
                false
            }
        };
        tokio::select! {
            () = context.campaigns().rung() => {}
            () = wait::pause(if busy { BEAT } else { LOOK }) => {}
            () = context.stop().cancelled() => {}
        }
    }
}

/// One step for each; `true` when one of them moves.
async fn look(context: &Context, memory: &mut Memory, list: Vec<AtWork>) -> bool {
    let known: HashSet<CampaignId> = list.iter().map(|one| one.campaign.id).collect();
    memory
        .recent
        .retain(|id, judged| judged.ongoing || known.contains(id));
    memory.paces.retain(|id, _| known.contains(id));
    memory.planned.retain(|id, _| known.contains(id));
    memory.stopped.retain(|(id, state)| {
        list.iter()
            .any(|one| one.campaign.id == *id && one.campaign.state == *state)
    });
    let mut busy = false;
    for one in list {
        busy |= one.campaign.state != State::Scheduled;
        let (id, state) = (one.campaign.id, one.campaign.state);
        if let Err(error) = step(context, memory, one).await {
            if error.is_transient() || matches!(error, wigwag_store::Error::Stale) {
                tracing::debug!(%error, campaign = %id, "a campaign waits a moment");
            } else {
                tracing::error!(%error, campaign = %id, state = state.as_str(), "a campaign could not go on");
            }
        }
    }
    busy
}

async fn step(context: &Context, memory: &mut Memory, one: AtWork) -> wigwag_store::Result<()> {
    let (db, workspace, id) = (context.db(), one.workspace, one.campaign.id);
    let state = one.campaign.state;
    if !matches!(state, State::Running | State::Scheduled | State::Planning)
        && memory.stopped.insert((id, state))
    {
        // It may have been another process that stopped it: what is claimed here goes back.
        context.stop_epoch().raise();
    }
    match state {
        State::Scheduled => begin(context, &one).await,
        State::Planning => plan(context, memory, &one).await,
        State::Running => Box::pin(run(context, memory, one)).await,
        State::Pausing => campaigns::settle_paused(db, workspace, id).await.map(drop),
        State::Stopped | State::Failed => {
            let reason = if state == State::Stopped {
                "stopped"
            } else {
                "campaign_failed"
            };
            for _ in 0..PIECES {
                if campaigns::settle_stopped(db, workspace, id, reason).await? {
                    break;
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Begins a campaign whose time has come; one that is hours late is asked about.
async fn begin(context: &Context, one: &AtWork) -> wigwag_store::Result<()> {
    let now = context.clock().now();
    let at = one.campaign.scheduled_at.unwrap_or(now);
    if now.since(at) > STALE {
        return hold(context, one.workspace, one.campaign.id, Held::StaleSchedule).await;
    }
    if now.plus(PLAN_AHEAD) >= at {
        campaigns::start(context.db(), one.workspace, one.campaign.id).await?;
    }
    Ok(())
}

/// Sees to it that a campaign which is being planned has a job that does it.
async fn plan(context: &Context, memory: &mut Memory, one: &AtWork) -> wigwag_store::Result<()> {
    let now = context.clock().now();
    let id = one.campaign.id;
    let last = *memory.planned.entry(id).or_insert(now);
    if now.since(last) < REPLAN {
        return Ok(());
    }
    memory.planned.insert(id, now);
    jobs::enqueue_plan(context, one.workspace, id).await
}

async fn run(context: &Context, memory: &mut Memory, one: AtWork) -> wigwag_store::Result<()> {
    let (db, workspace) = (context.db(), one.workspace);
    let campaign = one.campaign;
    let (id, now) = (campaign.id, context.clock().now());
    if campaign.undo_until.is_some_and(|until| until > now) {
        return note(context, workspace, &campaign, now).await;
    }
    let counts = campaigns::counts_of(db, workspace, id, None).await?;
    if stale(context, workspace, &campaign, &counts, now).await? {
        return hold(context, workspace, id, Held::StaleSchedule).await;
    }
    note(context, workspace, &campaign, now).await?;
    let outcomes = outcomes(&counts);
    if let Some(reason) = braked(memory, &campaign, outcomes) {
        return hold(context, workspace, id, reason).await;
    }
    if campaign.ongoing.is_some() {
        campaigns::unhold(db, workspace, id).await?;
        let most = allowed(context, memory, &campaign, None);
        let fed = Box::pin(ongoing::step(context, workspace, &campaign, most)).await?;
        return took(context, workspace, memory, id, fed).await;
    }
    let category = campaign.category;
    let checked = setup::check_running(context, workspace, campaign).await?;
    let mut sending = match checked {
        Ok(sending) => sending,
        Err(reason) => return hold(context, workspace, id, reason).await,
    };
    if category.is_some_and(|known| known != sending.category) {
        return hold(context, workspace, id, Held::TemplateRecategorised).await;
    }
    campaigns::unhold(db, workspace, id).await?;
    if !canary(context, workspace, &sending, outcomes, now).await? {
        return Ok(());
    }
    if round(context, workspace, &sending, &counts, now).await? {
        return Ok(());
    }
    let most = allowed(context, memory, &sending.campaign, Some(&sending.number));
    let fed = feed(context, workspace, &mut sending, most).await?;
    took(context, workspace, memory, id, fed).await
}

/// Why the last outcomes hold a campaign, when they do.
fn braked(memory: &mut Memory, campaign: &Campaign, outcomes: Outcomes) -> Option<Held> {
    let (ongoing, since) = (campaign.ongoing.is_some(), campaign.updated_at);
    let anew = || Judged {
        since,
        ongoing,
        recent: Recent::from(outcomes),
    };
    let judged = memory.recent.entry(campaign.id).or_insert_with(anew);
    if ongoing && judged.since != since {
        *judged = anew();
    }
    judged.recent.add(&campaign.settings.brakes, outcomes)
}

/// How many messages of a campaign may be handed over now: it may have a rate of its own.
fn allowed(
    context: &Context,
    memory: &mut Memory,
    campaign: &Campaign,
    number: Option<&Number>,
) -> i64 {
    let Some(own) = campaign.settings.rate_per_second else {
        return i64::MAX;
    };
    let rate = number.map_or(i64::from(own), |number| rate(campaign, number));
    let now_us = context.clock().monotonic_us();
    let pace = memory.paces.entry(campaign.id).or_insert(Pace {
        level: 0,
        at_us: now_us,
    });
    pace.available(rate, now_us)
}

/// Takes what was handed over off the rate, or holds the campaign.
async fn took(
    context: &Context,
    workspace: WorkspaceId,
    memory: &mut Memory,
    id: CampaignId,
    fed: Feeding,
) -> wigwag_store::Result<()> {
    match fed {
        Feeding::Hold(reason) => hold(context, workspace, id, reason).await,
        Feeding::Some(count) => {
            if let Some(pace) = memory.paces.get_mut(&id) {
                pace.level -= i64::try_from(count)
                    .unwrap_or(i64::MAX)
                    .saturating_mul(1_000);
            }
            Ok(())
        }
    }
}

/// Notes now and then that somebody looks after it.
async fn note(
    context: &Context,
    workspace: WorkspaceId,
    campaign: &Campaign,
    now: Timestamp,
) -> wigwag_store::Result<()> {
    if campaign.tended_at.is_none_or(|at| now.since(at) >= NOTE) {
        campaigns::tend(context.db(), workspace, campaign.id).await?;
    }
    Ok(())
}

/// Whether messages were due hours ago while nobody looked after the campaign.
async fn stale(
    context: &Context,
    workspace: WorkspaceId,
    campaign: &Campaign,
    counts: &Counts,
    now: Timestamp,
) -> wigwag_store::Result<bool> {
    if campaign.tended_at.is_none_or(|at| now.since(at) <= STALE) {
        return Ok(false);
    }
    if counts.of(MessageState::Queued) > 0 {
        return Ok(true);
    }
    for canary in [true, false] {
        let due = campaigns::next_due(context.db(), workspace, campaign.id, canary).await?;
        if due.is_some_and(|due| now.since(due) > STALE) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn outcomes(counts: &Counts) -> Outcomes {
    let failed = counts.of(MessageState::Failed);
    Outcomes {
        known: counts.of(MessageState::Sent) + counts.delivered() + failed,
        failed,
        opted_out: counts.flagged(Flag::OptedOut),
    }
}

/// Moves the canary; `false` while nobody else may get the message.
async fn canary(
    context: &Context,
    workspace: WorkspaceId,
    sending: &Sending,
    outcomes: Outcomes,
    now: Timestamp,
) -> wigwag_store::Result<bool> {
    let (db, campaign) = (context.db(), &sending.campaign);
    let id = campaign.id;
    match campaign.canary {
        Canary::Sending => {
            if !campaigns::canary_waits(db, workspace, id).await? {
                let seconds = campaign.settings.canary.unwrap_or_default().wait_seconds;
                let until = now.plus(Duration::from_secs(u64::from(seconds)));
                campaigns::set_canary(
                    db,
                    workspace,
                    id,
                    Canary::Sending,
                    Canary::Waiting,
                    Some(until),
                )
                .await?;
                return Ok(false);
            }
            Ok(true)
        }
        Canary::Waiting => {
            if campaign.canary_until.is_some_and(|until| now < until) {
                return Ok(false);
            }
            if campaign.settings.brakes.judge(outcomes, 1).is_some() {
                hold(context, workspace, id, Held::CanaryFailed).await?;
                return Ok(false);
            }
            let passed =
                campaigns::set_canary(db, workspace, id, Canary::Waiting, Canary::Passed, None)
                    .await?;
            if passed {
                context.campaigns().ring();
            }
            Ok(false)
        }
        Canary::Off | Canary::Armed | Canary::Passed => Ok(true),
    }
}

/// Ends the campaign or its round when nobody is left; `true` when there is nothing to feed.
async fn round(
    context: &Context,
    workspace: WorkspaceId,
    sending: &Sending,
    counts: &Counts,
    now: Timestamp,
) -> wigwag_store::Result<bool> {
    let (db, campaign) = (context.db(), &sending.campaign);
    let id = campaign.id;
    if let Some(at) = campaign.round_ends_at {
        if now < at {
            return Ok(true);
        }
        while campaigns::second_round(db, workspace, id).await? > 0 {}
        return Ok(true);
    }
    if counts.waiting() + counts.of(MessageState::Attempting) > 0 {
        return Ok(false);
    }
    let next = campaign
        .settings
        .second_round
        .filter(|_| campaign.round == 1)
        .map(|second| now.plus(Duration::from_hours(u64::from(second.after_hours))));
    campaigns::finish(db, workspace, id, next).await?;
    Ok(true)
}
