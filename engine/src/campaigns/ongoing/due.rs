//! The end of a run: its message is due, and everything is asked once more.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value};
use wigwag_model::audience::{Filter, Happened, Plan};
use wigwag_model::campaign::Held;
use wigwag_model::campaign::ongoing::ending::{HOLDOUT, NO_MATCH, UNLESS};
use wigwag_model::campaign::ongoing::{Arm, Unless};
use wigwag_model::consent::Category;
use wigwag_model::{ContactId, EventId, NumberId, RunId, Timestamp, WorkspaceId};
use wigwag_store::campaigns::ongoing::{self, Definition, Outcome, Run, Settled};
use wigwag_store::campaigns::{Campaign, Planned};
use wigwag_store::{Error, Snapshot, audience};

use super::super::decide::Decider;
use super::super::plan::{reason, row};
use super::super::setup;
use super::{Definitions, PIECE};
use crate::Context;

/// What became of a step.
pub(super) enum Due {
    /// Nobody is due.
    Nobody,
    /// Somebody was.
    Some,
    /// The campaign cannot go on.
    Hold(Held),
}

/// Ends a piece of the runs whose message is due.
pub(super) async fn due(
    context: &Context,
    workspace: WorkspaceId,
    campaign: &Campaign,
    known: &mut Definitions,
) -> wigwag_store::Result<Due> {
    let due = ongoing::due(context.db(), workspace, campaign.id, PIECE).await?;
    if due.is_empty() {
        return Ok(Due::Nobody);
    }
    let mut groups: BTreeMap<(i64, i64), Vec<Run>> = BTreeMap::new();
    let mut people = HashSet::new();
    for run in due {
        // A person's second run sees what the first has written.
        if people.insert(run.contact) {
            let arm = run.arm.unwrap_or(Arm::Message(0)).no();
            groups.entry((run.definition, arm)).or_default().push(run);
        }
    }
    for ((no, arm), runs) in groups {
        let definition = known.get(context, workspace, campaign, no).await?;
        let group = Group {
            context,
            workspace,
            campaign,
            definition,
            arm: Arm::of(arm),
        };
        let ended = match group.judge(runs.clone()).await {
            Ok(Ok(ended)) => ended,
            // A version that is not in force any more holds nobody up but those who began with it.
            Ok(Err(reason)) if campaign.definition == Some(no) => return Ok(Due::Hold(reason)),
            Ok(Err(_)) => {
                ongoing::outdate(context.db(), workspace, campaign.id, runs).await?;
                continue;
            }
            Err(Error::Filter(fault)) => {
                tracing::warn!(%fault, campaign = %campaign.id, "a filter cannot be asked any more");
                return Ok(Due::Hold(Held::AudienceUnreadable));
            }
            Err(error) => return Err(error),
        };
        let cap = definition.settings.cap.zip(Some(ended.category));
        let runs = ended.runs;
        if !ongoing::settle(
            context.db(),
            workspace,
            campaign.id,
            ended.number,
            cap,
            runs,
        )
        .await?
        {
            return Ok(Due::Nobody);
        }
    }
    Ok(Due::Some)
}

/// Runs of one version that get the same.
struct Group<'g> {
    context: &'g Context,
    workspace: WorkspaceId,
    campaign: &'g Campaign,
    definition: &'g Definition,
    arm: Arm,
}

struct Ended {
    number: NumberId,
    category: Category,
    runs: Vec<Settled>,
}

impl Group<'_> {
    async fn judge(&self, runs: Vec<Run>) -> wigwag_store::Result<Result<Ended, Held>> {
        let of = self.definition.apply(self.campaign, self.arm);
        let category = of.category;
        let mut checked = setup::check(self.context, self.workspace, of).await?;
        checked
            .problems
            .retain(|problem| !problem.field.starts_with("settings."));
        let setup = match (checked.setup, checked.problems.first()) {
            (Some(setup), None) => setup,
            (_, problem) => {
                let field = problem.map_or("", |problem| problem.field.as_str());
                return Ok(Err(reason(field)));
            }
        };
        if category.is_some_and(|known| known != setup.category) {
            return Ok(Err(Held::TemplateRecategorised));
        }
        let now = self.context.clock().now();
        let mut on = self.context.db().snapshot().await?;
        let did = match &self.definition.ongoing.unless {
            Some(unless) => self.did(&mut on, unless, &runs, now).await?,
            None => HashSet::new(),
        };
        let ids: Vec<ContactId> = runs.iter().map(|run| run.contact).collect();
        let filter: &Filter = &setup.filter;
        let number = Some(setup.number.id);
        let mut people =
            audience::among(&mut on, self.workspace, filter, now, number, &ids).await?;
        let events: Vec<EventId> = runs.iter().filter_map(|run| run.event).collect();
        let particulars = ongoing::particulars(&mut on, self.workspace, &events).await?;
        let started: HashMap<ContactId, EventId> = runs
            .iter()
            .filter_map(|run| Some((run.contact, run.event?)))
            .collect();
        for person in &mut people {
            let event = started.get(&person.contact.id);
            if let Some(properties) = event.and_then(|event| particulars.get(event)) {
                person.columns = columns(properties);
            }
        }
        let mut decider = Decider::new(&setup, self.workspace, now);
        let decided = decider.decide(&mut on, people).await?;
        drop(on);
        let quiet = setup.campaign.schedule.quiet().is_some();
        let mut planned: HashMap<ContactId, Planned> = decided
            .into_iter()
            .map(|one| (one.person.contact.id, row(one, 0, false, quiet)))
            .collect();
        let runs = runs
            .into_iter()
            .map(|run| {
                let outcome = if did.contains(&run.id) {
                    Outcome::Dropped(UNLESS)
                } else if let Some(mut planned) = planned.remove(&run.contact) {
                    if self.arm == Arm::Holdout && planned.reason.is_none() {
                        planned.reason = Some(HOLDOUT);
                    }
                    Outcome::Recipient(Box::new(planned))
                } else {
                    Outcome::Dropped(NO_MATCH)
                };
                Settled { run, outcome }
            })
            .collect();
        Ok(Ok(Ended {
            number: setup.number.id,
            category: setup.category,
            runs,
        }))
    }

    /// Runs whose person has done what it must not.
    async fn did(
        &self,
        on: &mut Snapshot,
        unless: &Unless,
        runs: &[Run],
        now: Timestamp,
    ) -> wigwag_store::Result<HashSet<RunId>> {
        let asked: Vec<_> = runs
            .iter()
            .map(|run| {
                let until = self.definition.ongoing.watched_until(run.began_at);
                (run.id, run.contact, run.began_at, until.unwrap_or(now))
            })
            .collect();
        let found = ongoing::did(on, self.workspace, &unless.event.name, &asked).await?;
        let plan = Plan::new(&Filter::Event(unless.event.clone()), &BTreeMap::new(), now)?;
        Ok(found
            .into_iter()
            .filter(|(_, at, properties)| {
                let happened = Happened {
                    name: unless.event.name.clone(),
                    at: *at,
                    properties: properties.clone(),
                };
                plan.passes(happened)
            })
            .map(|(run, ..)| run)
            .collect())
    }
}

/// The particulars of an event as the values that a message's variables may take.
pub(super) fn columns(properties: &Map<String, Value>) -> BTreeMap<String, String> {
    properties
        .iter()
        .filter_map(|(key, value)| {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                Value::Bool(truth) => truth.to_string(),
                _ => return None,
            };
            Some((key.clone(), text))
        })
        .collect()
}
