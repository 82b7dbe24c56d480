//! The beginning of a run: whether the filter finds the person, when the message is due, what the person
//! gets.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use wigwag_model::audience::{Filter, TraitKind, Typed, typed};
use wigwag_model::campaign::ongoing::Trigger;
use wigwag_model::campaign::ongoing::ending::{DAY_MOVED, NO_MATCH, TOO_LATE};
use wigwag_model::campaign::{Held, Zoned};
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, Timestamp, WorkspaceId};
use wigwag_store::audience::{self, Person};
use wigwag_store::campaigns::Campaign;
use wigwag_store::campaigns::ongoing::{self, Admitted, Definition, Run};
use wigwag_store::{Error, workspaces};

use super::super::actions::hold;
use super::{Definitions, PIECE};
use crate::Context;

/// Asks the filter about a piece of the runs that have begun; `false` when there are none.
pub(super) async fn admit(
    context: &Context,
    workspace: WorkspaceId,
    campaign: &Campaign,
    known: &mut Definitions,
) -> wigwag_store::Result<bool> {
    let fresh = ongoing::fresh(context.db(), workspace, campaign.id, PIECE).await?;
    if fresh.is_empty() {
        return Ok(false);
    }
    let zone = workspaces::get(context.db(), workspace).await?.time_zone;
    // One run of a person at a time: the next sees that this one has begun.
    let mut by_version: BTreeMap<i64, Vec<Run>> = BTreeMap::new();
    let mut people = HashSet::new();
    for run in fresh {
        if people.insert(run.contact) {
            by_version.entry(run.definition).or_default().push(run);
        }
    }
    for (no, runs) in by_version {
        let definition = known.get(context, workspace, campaign, no).await?;
        let judged = match judge(context, workspace, campaign, definition, &zone, runs).await {
            Ok(judged) => judged,
            Err(Error::Filter(fault)) => {
                tracing::warn!(%fault, campaign = %campaign.id, "a filter cannot be asked any more");
                hold(context, workspace, campaign.id, Held::AudienceUnreadable).await?;
                return Ok(false);
            }
            Err(error) => return Err(error),
        };
        let reentry = definition.ongoing.reentry;
        if !ongoing::admit(context.db(), workspace, campaign.id, reentry, judged).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn judge(
    context: &Context,
    workspace: WorkspaceId,
    campaign: &Campaign,
    definition: &Definition,
    zone: &str,
    runs: Vec<Run>,
) -> wigwag_store::Result<Vec<Admitted>> {
    let filter = Filter::read(&definition.audience)?;
    let now = context.clock().now();
    let ids: Vec<ContactId> = runs.iter().map(|run| run.contact).collect();
    let mut on = context.db().snapshot().await?;
    let found = audience::among(&mut on, workspace, &filter, now, None, &ids).await?;
    drop(on);
    let found: HashMap<ContactId, Person> = found
        .into_iter()
        .map(|person| (person.contact.id, person))
        .collect();
    let ongoing = &definition.ongoing;
    Ok(runs
        .into_iter()
        .map(|run| {
            let verdict = match found.get(&run.contact) {
                None => Err(NO_MATCH),
                Some(person) => {
                    let zone = zone_of(person, ongoing.zone_trait.as_deref(), zone);
                    let mut due = ongoing.delay.due(run.began_at, &zone);
                    if let Some(watched) = ongoing.watched_until(run.began_at) {
                        due = due.max(watched);
                    }
                    let late = Duration::from_hours(u64::from(ongoing.late_after_hours));
                    if now.since(due) > late {
                        Err(TOO_LATE)
                    } else if moved(ongoing.trigger.as_ref(), person, run.began_at, &zone) {
                        Err(DAY_MOVED)
                    } else {
                        Ok((due, ongoing.arm(campaign.id, run.contact)))
                    }
                }
            };
            Admitted { run, verdict }
        })
        .collect())
}

/// A person's zone: what the trait says, else the country's, else the workspace's.
pub(super) fn zone_of(person: &Person, r#trait: Option<&str>, workspace: &str) -> Zoned {
    let stated = r#trait
        .and_then(|key| person.contact.traits.get(key))
        .and_then(|value| value.as_str());
    let country = match &person.contact.country {
        Some(country) => Some(country.clone()),
        None => person
            .contact
            .phone
            .as_deref()
            .and_then(Phone::from_wa_id)
            .and_then(|phone| phone.country()),
    };
    Zoned::of(stated, country.as_deref(), workspace)
}

/// Whether the day for which a run began is not the one that the trait names now.
fn moved(trigger: Option<&Trigger>, person: &Person, began: Timestamp, zone: &Zoned) -> bool {
    let Some(trigger @ Trigger::Date { r#trait, .. }) = trigger else {
        return false;
    };
    let value = person
        .contact
        .traits
        .get(r#trait)
        .cloned()
        .unwrap_or_default();
    !typed(TraitKind::Datetime, &value).into_iter().any(|value| {
        let Typed::At(named) = value else {
            return false;
        };
        let reached = trigger.reached(Timestamp::from_micros(named), began, zone);
        reached.is_some_and(|(at, _)| at == began)
    })
}
