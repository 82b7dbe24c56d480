//! The decision about each person of an audience: whether, when, with what words and at what price.
//! Review and plan ask the same [`Decider`].

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use wigwag_model::campaign::{Due, Eligibility, Exclusion, Person as Words, Zoned, decide};
use wigwag_model::phone::Phone;
use wigwag_model::rates::{self, Rate, Windows};
use wigwag_model::{ContactId, Timestamp, WorkspaceId};
use wigwag_store::audience::{self, Person};
use wigwag_store::{Snapshot, campaigns};

use super::setup::Setup;

/// People read at a time.
pub(super) const PAGE: u32 = 1_000;

/// A person with the decision.
#[derive(Debug, Clone)]
pub(super) struct Decided {
    pub(super) person: Person,
    pub(super) verdict: Result<(), Exclusion>,
    pub(super) values: BTreeMap<String, String>,
    pub(super) due: Due,
    /// The person's zone, where the schedule asks for it.
    pub(super) zone: Option<Zoned>,
    pub(super) rate: Rate,
    /// Whether Meta is expected to charge nothing.
    pub(super) free: Option<rates::Free>,
}

/// Decides about people in the order in which they are read.
pub(super) struct Decider<'s> {
    setup: &'s Setup,
    workspace: WorkspaceId,
    now: Timestamp,
    /// Digests of the phone numbers so far: eight bytes a person.
    phones: HashSet<u64>,
    after: Option<ContactId>,
}

impl<'s> Decider<'s> {
    pub(super) fn new(setup: &'s Setup, workspace: WorkspaceId, now: Timestamp) -> Self {
        Self {
            setup,
            workspace,
            now,
            phones: HashSet::new(),
            after: None,
        }
    }

    /// Goes on after a person, for lists that are read in pieces.
    pub(super) fn after(mut self, after: Option<ContactId>) -> Self {
        self.after = after;
        self
    }

    /// The next people with the decisions; none at the end.
    pub(super) async fn next(&mut self, on: &mut Snapshot) -> wigwag_store::Result<Vec<Decided>> {
        let people = audience::page(
            on,
            self.workspace,
            &self.setup.filter,
            self.now,
            Some(self.setup.number.id),
            self.after,
            PAGE,
        )
        .await?;
        if let Some(last) = people.last() {
            self.after = Some(last.contact.id);
        }
        self.decide(on, people).await
    }

    /// These people with the decisions.
    pub(super) async fn decide(
        &mut self,
        on: &mut Snapshot,
        people: Vec<Person>,
    ) -> wigwag_store::Result<Vec<Decided>> {
        let settings = &self.setup.campaign.settings;
        let ids: Vec<ContactId> = people.iter().map(|person| person.contact.id).collect();
        let since = settings
            .cap
            .map(|cap| self.now.minus(Duration::from_hours(24) * cap.days));
        let (got, waits) = campaigns::history(
            on,
            self.workspace,
            self.setup.campaign.id,
            &ids,
            since,
            settings.skip_in_other_campaigns,
        )
        .await?;
        Ok(people
            .into_iter()
            .map(|person| {
                let capped = settings.cap.is_some_and(|cap| {
                    got.get(&person.contact.id).copied().unwrap_or(0) >= i64::from(cap.messages)
                });
                let in_other = waits.contains(&person.contact.id);
                self.one(person, capped, in_other)
            })
            .collect())
    }

    /// One person, as if no campaign had written to it.
    pub(super) fn alone(&mut self, person: Person) -> Decided {
        self.one(person, false, false)
    }

    fn one(&mut self, person: Person, capped: bool, in_other: bool) -> Decided {
        let setup = self.setup;
        let name = person
            .contact
            .name
            .as_deref()
            .or(person.contact.profile_name.as_deref());
        let words = Words {
            name: name.filter(|name| !name.trim().is_empty()),
            phone: person.contact.phone.as_deref(),
            email: person.contact.email.as_deref(),
            country: person.contact.country.as_deref(),
            traits: &person.contact.traits,
            columns: &person.columns,
        };
        let resolved = setup.campaign.variables.resolve(&words, &setup.links);
        let verdict = decide(&Eligibility {
            now: self.now,
            category: setup.category,
            blocked: person.contact.blocked,
            phone: person.contact.phone.as_deref(),
            wa_id: person.contact.wa_id.as_deref(),
            user_id: person.contact.user_id.as_deref(),
            consent: person.consent(setup.category),
            duplicate: self.seen(&person),
            in_other,
            capped,
            missing_variable: !resolved.missing.is_empty(),
            invalid_link: !resolved.invalid_links.is_empty(),
        });
        let zone = setup
            .campaign
            .schedule
            .needs_zones()
            .then(|| self.zone(&person));
        let due = match &zone {
            Some(zone) => setup.campaign.schedule.due(self.now, zone),
            None => setup
                .campaign
                .schedule
                .due(self.now, &Zoned::of(None, None, "UTC")),
        };
        let day = setup.billing.zone.day(due.at);
        let category =
            rates::Category::parse(setup.category.as_str()).unwrap_or(rates::Category::Marketing);
        let place = rates::place(
            person
                .contact
                .phone
                .as_deref()
                .or(person.contact.wa_id.as_deref()),
            person.contact.user_id.as_deref(),
        )
        .unwrap_or(rates::Place::OTHER);
        let rate = rates::rate(setup.billing.currency(), day, place, category);
        let window = person.window;
        let windows = Windows::at(
            due.at,
            window.and_then(|window| window.closes_at),
            window.and_then(|window| window.free_entry_closes_at),
        );
        Decided {
            verdict,
            values: resolved.values,
            due,
            zone,
            rate,
            free: rates::free(category, day, windows),
            person,
        }
    }

    fn seen(&mut self, person: &Person) -> bool {
        let Some(phone) = &person.contact.phone else {
            return false;
        };
        let mut digest = DefaultHasher::new();
        phone.hash(&mut digest);
        !self.phones.insert(digest.finish())
    }

    fn zone(&self, person: &Person) -> Zoned {
        let ongoing = self.setup.campaign.ongoing.as_ref();
        let stated = self
            .setup
            .campaign
            .schedule
            .zone_trait()
            .or_else(|| ongoing.and_then(|ongoing| ongoing.zone_trait.as_deref()))
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
        Zoned::of(stated, country.as_deref(), &self.setup.zone)
    }
}
