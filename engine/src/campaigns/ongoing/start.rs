//! Starting an on-going campaign, and changing one that was started.

use wigwag_model::audience::TraitKind;
use wigwag_model::campaign::ongoing::{Arm, Trigger};
use wigwag_model::campaign::{Action, Problem, Schedule, State};
use wigwag_model::{CampaignId, Scope, WorkspaceId};
use wigwag_store::campaigns::ongoing::{self, Definition, Enrol};
use wigwag_store::campaigns::{self, Campaign, Patch};
use wigwag_store::{Error, audience, segments};

use super::super::error::CampaignError;
use super::super::setup::{self, Setup};
use crate::Context;

type Result<T, E = CampaignError> = std::result::Result<T, E>;

/// An on-going campaign with the setup of each of its messages.
pub(super) struct Checked {
    pub(super) definition: Definition,
    /// Its own message first, then the variants.
    pub(super) setups: Vec<Setup>,
}

/// Checks everything about an on-going campaign that is to be started or tested.
pub(super) async fn check(
    context: &Context,
    workspace: WorkspaceId,
    campaign: &Campaign,
) -> Result<Checked> {
    let Some(stated) = &campaign.ongoing else {
        return Err(CampaignError::State(campaign.state));
    };
    let mut problems = stated.problems(true);
    if !matches!(campaign.schedule, Schedule::Now { .. }) {
        problems.push(Problem::new(
            "schedule.when",
            "unsupported",
            "an on-going campaign goes out when something happens: write {\"when\": \"now\"}, with quiet hours if you like",
        ));
    }
    problems.extend(trigger_problem(context, workspace, stated.trigger.as_ref()).await?);
    let bare = Definition::of(campaign, Vec::new()).ok_or(CampaignError::State(campaign.state))?;
    let (mut setups, mut categories) = (Vec::new(), Vec::new());
    for at in 0..=stated.variants.len() {
        let of = bare.apply(campaign, Arm::Message(at));
        let checked = setup::check(context, workspace, of).await?;
        problems.extend(checked.problems.into_iter().filter_map(|mut problem| {
            if at == 0 {
                return Some(problem);
            }
            // What all messages share was said of the first.
            let own = ["template", "variables", "header"];
            own.iter()
                .any(|field| problem.field.starts_with(field))
                .then(|| {
                    problem.field = format!("ongoing.variants[{}].{}", at - 1, problem.field);
                    problem
                })
        }));
        if let Some(setup) = checked.setup {
            categories.push(setup.category.as_str().to_owned());
            setups.push(setup);
        }
    }
    if !problems.is_empty() || setups.len() != stated.variants.len() + 1 {
        return Err(CampaignError::Problems(problems));
    }
    let definition =
        Definition::of(campaign, categories).ok_or(CampaignError::State(campaign.state))?;
    Ok(Checked { definition, setups })
}

/// What stands in the way of a start.
pub(in crate::campaigns) async fn problems(
    context: &Context,
    workspace: WorkspaceId,
    campaign: &Campaign,
) -> Result<Vec<Problem>> {
    match check(context, workspace, campaign).await {
        Ok(_) => Ok(Vec::new()),
        Err(CampaignError::Problems(problems)) => Ok(problems),
        Err(error) => Err(error),
    }
}

async fn trigger_problem(
    context: &Context,
    workspace: WorkspaceId,
    trigger: Option<&Trigger>,
) -> wigwag_store::Result<Option<Problem>> {
    let wrong = |part: &str, message: &str| {
        Some(Problem::new(
            format!("ongoing.trigger.{part}"),
            "unknown",
            message,
        ))
    };
    Ok(match trigger {
        Some(Trigger::SegmentEntered { segment_id }) => {
            let mut on = context.db().reader().await?;
            match segments::get(&mut on, workspace, *segment_id).await {
                Ok(_) => None,
                Err(Error::NotFound) => {
                    wrong("segment_id", "there is no such segment: choose another")
                }
                Err(error) => return Err(error),
            }
        }
        Some(Trigger::Date { r#trait, .. }) => {
            let traits = audience::traits(context.db(), workspace).await?;
            let known = traits.iter().find(|known| known.key == *r#trait);
            match known.map(|known| known.kind) {
                Some(TraitKind::Datetime) => None,
                Some(_) => wrong("trait", "this trait holds no dates: choose one that does"),
                None => wrong(
                    "trait",
                    "no contact has this trait yet: import or set it first",
                ),
            }
        }
        _ => None,
    })
}

/// What is done with those who are in already.
fn enrol(trigger: Option<&Trigger>, existing: bool) -> Result<Enrol> {
    let (segment, may) = match trigger {
        Some(Trigger::SegmentEntered { .. }) => (true, true),
        Some(Trigger::ContactCreated(_) | Trigger::TagAdded { .. }) => (false, true),
        _ => (false, false),
    };
    match (existing, may) {
        (true, true) => Ok(Enrol::Runs),
        (true, false) => Err(CampaignError::Problems(vec![Problem::new(
            "enrol",
            "unsupported",
            "this trigger names nobody who is in already: write \"new\"",
        )])),
        (false, _) if segment => Ok(Enrol::Members),
        (false, _) => Ok(Enrol::Done),
    }
}

/// Starts an on-going campaign. `existing`: also for those who are in its segment, have its tag or are
/// contacts already.
///
/// # Errors
/// [`CampaignError::Problems`] when it cannot be started as it is, [`CampaignError::State`] when it is
/// no draft.
pub async fn start(
    context: &Context,
    scope: &Scope,
    id: CampaignId,
    existing: bool,
) -> Result<State> {
    let workspace = scope.workspace;
    let campaign = campaigns::get(&mut context.db().reader().await?, workspace, id).await?;
    if !campaign.state.allows(Action::Send) {
        return Err(CampaignError::State(campaign.state));
    }
    let checked = check(context, workspace, &campaign).await?;
    let enrol = enrol(checked.definition.ongoing.trigger.as_ref(), existing)?;
    let actor = scope.actor.to_string();
    let (db, version) = (context.db(), campaign.version);
    if ongoing::start(db, workspace, id, version, checked.definition, enrol, actor).await? {
        context.campaigns().ring();
        return Ok(State::Running);
    }
    let state = campaigns::get(&mut db.reader().await?, workspace, id)
        .await?
        .state;
    Err(CampaignError::State(state))
}

/// Changes an on-going campaign that was started: what begins from now on follows the new version, whose
/// number is returned.
///
/// # Errors
/// [`CampaignError::Problems`] when it could not be started as it would be, [`CampaignError::State`] when
/// it is a draft or over.
pub async fn change(
    context: &Context,
    scope: &Scope,
    id: CampaignId,
    version: i64,
    patch: Patch,
) -> Result<i64> {
    let workspace = scope.workspace;
    let mut campaign = campaigns::get(&mut context.db().reader().await?, workspace, id).await?;
    if campaign.definition.is_none() || campaign.state.is_over() {
        return Err(CampaignError::State(campaign.state));
    }
    if campaign.version != version {
        return Err(Error::Stale.into());
    }
    let before = campaign
        .ongoing
        .as_ref()
        .and_then(|ongoing| ongoing.trigger.clone());
    take(&mut campaign, patch);
    let checked = check(context, workspace, &campaign).await?;
    let trigger = checked.definition.ongoing.trigger.as_ref();
    let enrol = if before.as_ref() == trigger {
        Enrol::Done
    } else {
        enrol(trigger, false)?
    };
    let (db, actor, name) = (context.db(), scope.actor.to_string(), campaign.name.clone());
    let change = ongoing::Change {
        version,
        name,
        definition: checked.definition,
        enrol,
        actor,
    };
    let no = ongoing::edit(db, workspace, id, change).await?;
    context.campaigns().ring();
    Ok(no)
}

fn take(campaign: &mut Campaign, patch: Patch) {
    if let Some(name) = patch.name {
        campaign.name = name;
    }
    if let Some(number) = patch.number {
        campaign.number = number;
    }
    if let Some(template) = patch.template {
        campaign.template = template;
    }
    if let Some(audience) = patch.audience {
        campaign.audience = audience;
    }
    if let Some(variables) = patch.variables {
        campaign.variables = variables;
    }
    if let Some(header) = patch.header {
        campaign.header = header;
    }
    if let Some(schedule) = patch.schedule {
        campaign.schedule = schedule;
    }
    if let Some(settings) = patch.settings {
        campaign.settings = settings;
    }
    if patch.ongoing.is_some() {
        campaign.ongoing = patch.ongoing;
    }
}
