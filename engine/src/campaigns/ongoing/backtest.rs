//! Trying a draft on what happened in the last thirty days, with the matcher and the decisions that
//! send: who would have got a message, when, at what cost, and who would not and why.
//!
//! What happened is taken as it was; the filter on the person, consent and the price as they are now,
//! for no older state of a contact is kept.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::time::Duration;

use serde_json::{Map, Value};
use wigwag_model::audience::{FieldTest, Filter, Happened, Op, Plan, Span};
use wigwag_model::campaign::ongoing::ending::{AGAIN, HOLDOUT, NO_MATCH, UNLESS};
use wigwag_model::campaign::ongoing::{Arm, Matcher, Reentry, Trigger};
use wigwag_model::campaign::{Exclusion, Problem, Zoned};
use wigwag_model::consent::Category;
use wigwag_model::rates::Estimate;
use wigwag_model::{CampaignId, ContactId, RunId, Scope, Timestamp, WorkspaceId};
use wigwag_store::audience::Person;
use wigwag_store::campaigns::{self, ongoing};
use wigwag_store::contacts::{Contact, display_name};
use wigwag_store::{Snapshot, audience, workspaces};

use super::super::decide::Decider;
use super::super::error::CampaignError;
use super::admit::zone_of;
use super::due::columns;
use super::start::{Checked, check};
use crate::Context;

type Result<T, E = CampaignError> = std::result::Result<T, E>;

/// How far back it looks.
const BACK: Duration = Duration::from_hours(30 * 24);
/// Most events that are looked at.
const MOST: usize = 200_000;
/// Those of one page.
const PAGE: i64 = 2_000;
/// People who are shown.
const SHOWN: usize = 100;

/// What a draft would have done.
#[derive(Debug, Clone)]
pub struct Backtest {
    /// From when.
    pub since: Timestamp,
    /// Whether there was more than could be looked at.
    pub cut: bool,
    /// How often it would have begun for somebody.
    pub began: i64,
    /// Messages that would have been sent.
    pub messages: i64,
    /// How often there would have been none, by reason.
    pub left_out: BTreeMap<String, i64>,
    /// By day of the workspace's zone.
    pub days: Vec<Day>,
    /// What the messages would cost at most, in millionths.
    pub cost_micros: i64,
    /// The currency of the cost.
    pub currency: String,
    /// Some of the people, the latest first.
    pub people: VecDeque<Tested>,
}

/// A day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// `2026-11-27`.
    pub day: String,
    /// How often it would have begun.
    pub began: i64,
    /// Messages.
    pub messages: i64,
}

/// A start, as it would have been.
#[derive(Debug, Clone, PartialEq)]
pub struct Tested {
    /// Who.
    pub contact: ContactId,
    /// The name to show.
    pub name: String,
    /// When it would have begun.
    pub began_at: Timestamp,
    /// When the message would have been due.
    pub due_at: Timestamp,
    /// What the person would have got; `None` for no message.
    pub arm: Option<Arm>,
    /// Why there would have been none.
    pub reason: Option<String>,
}

/// Something of the past that would have begun a run.
struct Start {
    contact: ContactId,
    at: Timestamp,
    properties: Map<String, Value>,
}

/// Tries an on-going campaign on the last thirty days.
///
/// # Errors
/// [`CampaignError::Problems`] when it could not be started as it is, or when what starts it is not
/// kept: changes of tags, traits and segments.
pub async fn backtest(context: &Context, scope: &Scope, id: CampaignId) -> Result<Backtest> {
    let workspace = scope.workspace;
    let mut on = context.db().reader().await?;
    let campaign = campaigns::get(&mut on, workspace, id).await?;
    drop(on);
    let checked = check(context, workspace, &campaign).await?;
    let now = context.clock().now();
    let since = now.minus(BACK);
    let zone = workspaces::get(context.db(), workspace).await?.time_zone;
    let mut on = context.db().snapshot().await?;
    let past = Past {
        context,
        workspace,
        campaign: id,
        checked: &checked,
        now,
        since,
        zone,
    };
    let (mut starts, cut) = past.starts(&mut on).await?;
    starts.sort_by_key(|start| start.at);
    past.judge(&mut on, starts, cut).await
}

/// What is remembered from start to start.
#[derive(Default)]
struct Memory {
    /// When each last began.
    last: HashMap<ContactId, Timestamp>,
    /// Of whom it was asked what they were sent.
    asked: HashSet<ContactId>,
    /// When marketing was sent to whom, and would have been.
    sent: HashMap<ContactId, Vec<Timestamp>>,
    estimate: Estimate,
}

struct Past<'p> {
    context: &'p Context,
    workspace: WorkspaceId,
    campaign: CampaignId,
    checked: &'p Checked,
    now: Timestamp,
    since: Timestamp,
    zone: String,
}

impl Past<'_> {
    async fn starts(&self, on: &mut Snapshot) -> Result<(Vec<Start>, bool)> {
        match &self.checked.definition.ongoing.trigger {
            Some(Trigger::Event(event)) => {
                let mut matcher = Matcher::default();
                matcher
                    .add(self.campaign, 1, event, self.now)
                    .map_err(wigwag_store::Error::from)?;
                self.events(on, &event.test.name, &matcher).await
            }
            Some(Trigger::ContactCreated(_)) => self.created(on).await,
            _ => Err(CampaignError::Problems(vec![Problem::new(
                "ongoing.trigger",
                "not_kept",
                "only events and new contacts can be tried on the past: earlier tags, traits and segments are not kept",
            )])),
        }
    }

    async fn events(
        &self,
        on: &mut Snapshot,
        name: &str,
        matcher: &Matcher,
    ) -> Result<(Vec<Start>, bool)> {
        let (mut starts, mut seen, mut after) = (Vec::new(), 0, None);
        loop {
            let page = ongoing::past(on, self.workspace, name, self.since, after, PAGE).await?;
            seen += page.len();
            let full = i64::try_from(page.len()).unwrap_or(0) == PAGE;
            after = page.last().map(|last| (last.at, last.id));
            for one in page {
                let started = matcher.matching(name, &one.properties, one.web);
                if one.at <= self.now && !started.is_empty() {
                    starts.push(Start {
                        contact: one.contact,
                        at: one.at,
                        properties: one.properties,
                    });
                }
            }
            if !full {
                return Ok((starts, false));
            }
            if seen >= MOST {
                return Ok((starts, true));
            }
        }
    }

    async fn created(&self, on: &mut Snapshot) -> Result<(Vec<Start>, bool)> {
        let Some(span) = Span::parse("30d") else {
            return Ok((Vec::new(), false));
        };
        let filter = Filter::Field(FieldTest {
            name: wigwag_model::audience::Field::CreatedAt,
            is: Op::Past(span),
        });
        let (mut starts, mut after) = (Vec::new(), None);
        loop {
            let limit = u32::try_from(PAGE).unwrap_or(u32::MAX);
            let page =
                audience::page(on, self.workspace, &filter, self.now, None, after, limit).await?;
            after = page.last().map(|last| last.contact.id);
            let full = page.len() == limit as usize;
            starts.extend(page.into_iter().map(|person| Start {
                contact: person.contact.id,
                at: person.contact.created_at,
                properties: Map::new(),
            }));
            if !full {
                return Ok((starts, false));
            }
            if starts.len() >= MOST {
                return Ok((starts, true));
            }
        }
    }

    async fn judge(&self, on: &mut Snapshot, starts: Vec<Start>, cut: bool) -> Result<Backtest> {
        let own = &self.checked.setups[0];
        let currency = own.billing.currency();
        let mut made = Backtest {
            since: self.since,
            cut,
            began: 0,
            messages: 0,
            left_out: BTreeMap::new(),
            days: Vec::new(),
            cost_micros: 0,
            currency: currency.to_string(),
            people: VecDeque::new(),
        };
        let mut memory = Memory::default();
        let mut days: BTreeMap<String, Day> = BTreeMap::new();
        let home = Zoned::of(Some(&self.zone), None, "UTC");
        for piece in starts.chunks(1_000) {
            let found = self.found(on, piece, &mut memory).await?;
            let did = self.did(on, piece).await?;
            for (at, start) in piece.iter().enumerate() {
                let person = found.get(&start.contact);
                let (due_at, verdict) = self.verdict(&mut memory, start, person, did.contains(&at));
                let day = home.day(start.at);
                let day = days.entry(day.clone()).or_insert(Day {
                    day,
                    began: 0,
                    messages: 0,
                });
                made.began += 1;
                day.began += 1;
                match verdict {
                    Ok(_) => {
                        made.messages += 1;
                        day.messages += 1;
                    }
                    Err(reason) => *made.left_out.entry(reason.to_owned()).or_default() += 1,
                }
                if let Some(person) = person {
                    made.people.push_front(Tested {
                        contact: start.contact,
                        name: shown(&person.contact),
                        began_at: start.at,
                        due_at,
                        arm: verdict.ok(),
                        reason: verdict.err().map(str::to_owned),
                    });
                    made.people.truncate(SHOWN);
                }
            }
        }
        made.cost_micros = memory.estimate.total(currency).max_micros;
        made.days = days.into_values().collect();
        Ok(made)
    }

    /// The people of a piece whom the filter finds, and what they were sent before, where a cap asks.
    async fn found(
        &self,
        on: &mut Snapshot,
        piece: &[Start],
        memory: &mut Memory,
    ) -> Result<HashMap<ContactId, Person>> {
        let own = &self.checked.setups[0];
        let ids: HashSet<ContactId> = piece.iter().map(|start| start.contact).collect();
        let ids: Vec<ContactId> = ids.into_iter().collect();
        let number = Some(own.number.id);
        let (workspace, filter) = (self.workspace, &own.filter);
        let found = audience::among(on, workspace, filter, self.now, number, &ids).await?;
        if let Some(cap) = self.checked.definition.settings.cap {
            let from = self.since.minus(Duration::from_hours(24) * cap.days);
            let fresh: Vec<ContactId> = ids
                .into_iter()
                .filter(|contact| memory.asked.insert(*contact))
                .collect();
            for (contact, at) in ongoing::sent(on, workspace, &fresh, from).await? {
                memory.sent.entry(contact).or_default().push(at);
            }
        }
        Ok(found
            .into_iter()
            .map(|person| (person.contact.id, person))
            .collect())
    }

    /// When a message would have been due, and which; or why there would have been none.
    fn verdict(
        &self,
        memory: &mut Memory,
        start: &Start,
        person: Option<&Person>,
        did: bool,
    ) -> (Timestamp, std::result::Result<Arm, &'static str>) {
        let ongoing = &self.checked.definition.ongoing;
        let Some(person) = person else {
            return (start.at, Err(NO_MATCH));
        };
        if !again(ongoing.reentry, &mut memory.last, start) {
            return (start.at, Err(AGAIN));
        }
        let zone = zone_of(person, ongoing.zone_trait.as_deref(), &self.zone);
        let mut due = ongoing.delay.due(start.at, &zone);
        if let Some(watched) = ongoing.watched_until(start.at) {
            due = due.max(watched);
        }
        if did {
            return (due, Err(UNLESS));
        }
        let arm = ongoing.arm(self.campaign, start.contact);
        let Arm::Message(no) = arm else {
            return (due, Err(HOLDOUT));
        };
        let setup = &self.checked.setups[no];
        if let Some(quiet) = setup.campaign.schedule.quiet() {
            due = quiet.ends(due, &zone).unwrap_or(due);
        }
        let mut person = person.clone();
        person.columns = columns(&start.properties);
        let decided = Decider::new(setup, self.workspace, self.now).alone(person);
        if let Err(reason) = decided.verdict {
            return (due, Err(reason.as_str()));
        }
        if setup.category == Category::Marketing {
            let sent = memory.sent.entry(start.contact).or_default();
            if self.capped(sent, due) {
                return (due, Err(Exclusion::Capped.as_str()));
            }
            sent.push(due);
        }
        memory.estimate.add(decided.rate, decided.free);
        (due, Ok(arm))
    }

    /// Whether somebody who was sent messages at these times gets none at another.
    fn capped(&self, sent: &[Timestamp], due: Timestamp) -> bool {
        self.checked.definition.settings.cap.is_some_and(|cap| {
            let from = due.minus(Duration::from_hours(24) * cap.days);
            let got = sent.iter().filter(|at| **at > from && **at <= due).count();
            got >= cap.messages as usize
        })
    }

    /// The places of starts after which the person did what it must not.
    async fn did(&self, on: &mut Snapshot, piece: &[Start]) -> Result<HashSet<usize>> {
        let ongoing = &self.checked.definition.ongoing;
        let Some(unless) = &ongoing.unless else {
            return Ok(HashSet::new());
        };
        let mint = self.context.db().mint();
        let ids: Vec<RunId> = piece.iter().map(|_| mint.id()).collect();
        let asked: Vec<_> = piece
            .iter()
            .zip(&ids)
            .map(|(start, id)| {
                let until = ongoing.watched_until(start.at).unwrap_or(self.now);
                (*id, start.contact, start.at, until)
            })
            .collect();
        let plan = Plan::new(
            &Filter::Event(unless.event.clone()),
            &BTreeMap::new(),
            self.now,
        )
        .map_err(wigwag_store::Error::from)?;
        let places: HashMap<RunId, usize> = ids.iter().copied().zip(0..).collect();
        let found = ongoing::did(on, self.workspace, &unless.event.name, &asked).await?;
        Ok(found
            .into_iter()
            .filter(|(_, at, properties)| {
                plan.passes(Happened {
                    name: unless.event.name.clone(),
                    at: *at,
                    properties: properties.clone(),
                })
            })
            .filter_map(|(run, ..)| places.get(&run).copied())
            .collect())
    }
}

fn shown(contact: &Contact) -> String {
    display_name(
        contact.name.as_deref(),
        contact.profile_name.as_deref(),
        contact.username.as_deref(),
        contact.phone.as_deref(),
    )
}

/// Whether the person may begin again, and that it has.
fn again(reentry: Reentry, last: &mut HashMap<ContactId, Timestamp>, start: &Start) -> bool {
    let may = match (last.get(&start.contact), reentry) {
        (None, _) | (Some(_), Reentry::Each) => true,
        (Some(_), Reentry::Never) => false,
        (Some(before), Reentry::AfterDays(days)) => {
            *before
                <= start
                    .at
                    .minus(Duration::from_hours(24).saturating_mul(days))
        }
    };
    if may {
        last.insert(start.contact, start.at);
    }
    may
}
