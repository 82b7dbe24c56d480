//! What would happen if a campaign were sent now: the plan's own decisions, without writing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use wigwag_model::campaign::{Exclusion, Problem, ZoneFrom};
use wigwag_model::money::Currency;
use wigwag_model::rates::Estimate;
use wigwag_model::{CampaignId, ContactId, Scope, WorkspaceId};
use wigwag_store::audience::Person;
use wigwag_store::campaigns::Campaign;
use wigwag_store::numbers::Number;
use wigwag_store::{campaigns, contacts, outbox};

use super::decide::{Decided, Decider};
use super::error::CampaignError;
use super::links::{self, Shortener};
use super::ongoing;
use super::setup::{self, Setup};
use crate::Context;
use crate::messages::render;

/// Why a person was chosen for a preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The first one.
    Typical,
    /// The longest values.
    Longest,
    /// The shortest values.
    Emptiest,
}

impl Why {
    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Typical => "typical",
            Self::Longest => "longest",
            Self::Emptiest => "emptiest",
        }
    }
}

/// A message as one person would get it.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Who.
    pub contact: ContactId,
    /// The name to show.
    pub name: String,
    /// E.164.
    pub phone: Option<String>,
    /// Why this one.
    pub why: Why,
    /// What the thread would show.
    pub message: Value,
}

/// How it fits into what the portfolio may begin in a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DailyLimit {
    /// People per 24 hours.
    pub limit: i64,
    /// Places taken.
    pub used: i64,
    /// Whether all fit today.
    pub fits: bool,
    /// How many days it takes.
    pub days: i64,
}

/// From where people's own time is known.
#[derive(Debug, Clone, Default)]
pub struct LocalTime {
    /// By a trait.
    pub by_trait: i64,
    /// By the country.
    pub by_country: i64,
    /// Of them, those whose country has several times.
    pub by_country_of_several: i64,
    /// By the workspace's zone.
    pub by_default: i64,
    /// Those whose time has gone by: they get it at once.
    pub late: i64,
    /// The zones.
    pub zones: BTreeSet<String>,
}

/// What would happen.
#[derive(Debug, Clone, Default)]
pub struct Review {
    /// How many the audience finds.
    pub matched: i64,
    /// How many of them get it.
    pub eligible: i64,
    /// How many do not, by reason.
    pub excluded: BTreeMap<Exclusion, i64>,
    /// The cost, line by line.
    pub cost: Estimate,
    /// The currency that amounts are asked for in.
    pub currency: Option<Currency>,
    /// Messages per second.
    pub rate_per_second: i64,
    /// How long it takes at that rate.
    pub duration_seconds: i64,
    /// How it fits into the day.
    pub daily_limit: Option<DailyLimit>,
    /// What must be mended first.
    pub problems: Vec<Problem>,
    /// Messages as some would get them.
    pub previews: Vec<Preview>,
    /// People's own time, where the schedule asks for it.
    pub local_time: Option<LocalTime>,
}

/// The length of the values, by which previews are chosen.
fn length(one: &Decided) -> usize {
    one.values.values().map(|value| value.chars().count()).sum()
}

/// Reviews a campaign.
///
/// # Errors
/// [`CampaignError::Store`].
pub async fn review(
    context: &Context,
    scope: &Scope,
    id: CampaignId,
) -> Result<Review, CampaignError> {
    let (db, workspace) = (context.db(), scope.workspace);
    let campaign = campaigns::get(&mut db.reader().await?, workspace, id).await?;
    // Whoever is there today is only some of those to whom an on-going campaign will go.
    let of_all = match &campaign.ongoing {
        Some(_) => Some(Box::pin(ongoing::problems(context, workspace, &campaign)).await?),
        None => None,
    };
    let ongoing = of_all.is_some();
    let checked = setup::check(context, workspace, campaign).await?;
    let problems = of_all.unwrap_or(checked.problems);
    let Some(setup) = checked.setup else {
        return Ok(Review {
            problems,
            ..Review::default()
        });
    };
    let mut review = Review {
        problems,
        currency: Some(setup.billing.currency()),
        rate_per_second: rate(&setup.campaign, &setup.number),
        local_time: setup
            .campaign
            .schedule
            .needs_zones()
            .then(LocalTime::default),
        ..Review::default()
    };
    let mut shown: [Option<Decided>; 3] = [None, None, None];
    let mut decider = Decider::new(&setup, workspace, context.clock().now());
    let mut snapshot = db.snapshot().await?;
    loop {
        let decided = decider.next(&mut snapshot).await?;
        if decided.is_empty() {
            break;
        }
        for one in decided {
            review.add(&one);
            if one.verdict.is_err() {
                continue;
            }
            let size = length(&one);
            let [typical, longest, emptiest] = &mut shown;
            if longest.as_ref().is_none_or(|known| size > length(known)) {
                *longest = Some(one.clone());
            }
            if emptiest.as_ref().is_none_or(|known| size < length(known)) {
                *emptiest = Some(one.clone());
            }
            if typical.is_none() {
                *typical = Some(one);
            }
        }
    }
    drop(snapshot);
    review.previews = previews(&setup, &shown);
    review.duration_seconds = review.eligible / review.rate_per_second.max(1)
        + i64::from(review.eligible % review.rate_per_second.max(1) > 0);
    if let Some(limit) = setup.number.messaging_limit.filter(|limit| *limit > 0) {
        let used = outbox::budget_used(db, workspace, setup.number.id).await?;
        review.daily_limit = Some(DailyLimit {
            limit,
            used,
            fits: review.eligible <= (limit - used).max(0),
            days: (review.eligible + used + limit - 1) / limit,
        });
    }
    if let Some(count) = review.excluded.get(&Exclusion::MissingVariable) {
        review.problems.push(
            Problem::new(
                "variables",
                "missing_variable",
                format!("{count} people have no value: add a fallback, or leave them out"),
            )
            .with("count", *count),
        );
    }
    if review.eligible == 0 && review.problems.is_empty() && !ongoing {
        let message = "nobody would get it: look at who is left out, and why";
        review
            .problems
            .push(Problem::new("audience", "nobody", message));
    }
    Ok(review)
}

/// Messages per second that leave: the number's, or fewer where the owner says so.
pub(super) fn rate(campaign: &Campaign, number: &Number) -> i64 {
    let own = campaign
        .settings
        .rate_per_second
        .map_or(i64::MAX, i64::from);
    number.throughput.min(own).max(1)
}

impl Review {
    fn add(&mut self, one: &Decided) {
        self.matched += 1;
        if let Err(reason) = one.verdict {
            *self.excluded.entry(reason).or_default() += 1;
            return;
        }
        self.eligible += 1;
        self.cost.add(one.rate, one.free);
        if let (Some(local), Some(zone)) = (&mut self.local_time, &one.zone) {
            match zone.from {
                ZoneFrom::Trait => local.by_trait += 1,
                ZoneFrom::Country => local.by_country += 1,
                ZoneFrom::CountryOfSeveral => {
                    local.by_country += 1;
                    local.by_country_of_several += 1;
                }
                ZoneFrom::Default => local.by_default += 1,
            }
            local.late += i64::from(one.due.late);
            if local.zones.len() < 50 {
                local.zones.insert(zone.name.clone());
            }
        }
    }
}

fn previews(setup: &Setup, shown: &[Option<Decided>; 3]) -> Vec<Preview> {
    let mut previews: Vec<Preview> = Vec::new();
    let shortener = Shortener::new(&setup.links, &setup.campaign, &setup.template);
    for (one, why) in shown
        .iter()
        .zip([Why::Typical, Why::Longest, Why::Emptiest])
    {
        let Some(one) = one else { continue };
        if previews
            .iter()
            .any(|known| known.contact == one.person.contact.id)
        {
            continue;
        }
        let header = &setup.header;
        let mut values = one.values.clone();
        let Some(found) = shortener.sample(&mut values) else {
            continue;
        };
        let rendered = render(
            &setup.template,
            &values,
            header.file.as_ref(),
            header.place.as_ref(),
        );
        if let Ok(mut rendered) = rendered {
            links::show(&mut rendered.content, &found);
            previews.push(Preview {
                contact: one.person.contact.id,
                name: name(&one.person),
                phone: one.person.contact.phone.clone(),
                why,
                message: rendered.content,
            });
        }
    }
    previews
}

fn name(person: &Person) -> String {
    contacts::display_name(
        person.contact.name.as_deref(),
        person.contact.profile_name.as_deref(),
        person.contact.username.as_deref(),
        person.contact.phone.as_deref(),
    )
}

/// How many have a variable without a value.
pub(super) async fn missing(
    context: &Context,
    workspace: WorkspaceId,
    setup: &Setup,
) -> wigwag_store::Result<i64> {
    let mut decider = Decider::new(setup, workspace, context.clock().now());
    let mut snapshot = context.db().snapshot().await?;
    let mut missing = 0;
    loop {
        let decided = decider.next(&mut snapshot).await?;
        if decided.is_empty() {
            return Ok(missing);
        }
        let of = |one: &&Decided| one.verdict == Err(Exclusion::MissingVariable);
        missing += i64::try_from(decided.iter().filter(of).count()).unwrap_or(i64::MAX);
    }
}

/// A person who would get no message.
#[derive(Debug, Clone)]
pub struct Excluded {
    /// Who.
    pub contact: ContactId,
    /// The name to show.
    pub name: String,
    /// E.164.
    pub phone: Option<String>,
    /// Why.
    pub reason: Exclusion,
}

/// Pages of people that one question reads at most: an answer may be short and still go on.
const PAGES: usize = 20;

/// People who would get no message, all or those of one reason, after a person; with the person
/// after whom to go on.
///
/// # Errors
/// [`CampaignError::Problems`] when the campaign is not complete.
pub async fn excluded(
    context: &Context,
    scope: &Scope,
    id: CampaignId,
    reason: Option<Exclusion>,
    after: Option<ContactId>,
    limit: usize,
) -> Result<(Vec<Excluded>, Option<ContactId>), CampaignError> {
    let (db, workspace) = (context.db(), scope.workspace);
    let campaign = campaigns::get(&mut db.reader().await?, workspace, id).await?;
    let checked = setup::check(context, workspace, campaign).await?;
    let Some(setup) = checked.setup else {
        return Err(CampaignError::Problems(checked.problems));
    };
    let now = context.clock().now();
    let mut decider = Decider::new(&setup, workspace, now).after(after);
    let mut snapshot = db.snapshot().await?;
    let (mut found, mut last) = (Vec::new(), after);
    for _ in 0..PAGES {
        let decided = decider.next(&mut snapshot).await?;
        if decided.is_empty() {
            return Ok((found, None));
        }
        for one in decided {
            last = Some(one.person.contact.id);
            let Err(why) = one.verdict else { continue };
            if reason.is_some_and(|wanted| wanted != why) {
                continue;
            }
            found.push(Excluded {
                contact: one.person.contact.id,
                name: name(&one.person),
                phone: one.person.contact.phone.clone(),
                reason: why,
            });
            if found.len() >= limit {
                return Ok((found, last));
            }
        }
    }
    Ok((found, last))
}
