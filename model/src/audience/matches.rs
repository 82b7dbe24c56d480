//! Asking a filter about one contact in memory.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::plan::{Doing, Property};
use super::{
    Field, Happened, Leaf, Outcome, Plan, Range, Side, Talk, Test, TraitKind, Typed, tag_key,
    text_key, typed,
};
use crate::consent::{Category, ConsentState};
use crate::{CampaignId, ListId, Timestamp};

/// What is known of a contact when it is asked.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Its tags.
    pub tags: Vec<String>,
    /// Its traits.
    pub traits: BTreeMap<String, Value>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// The name that members gave, else the profile's, else the user name.
    pub name: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// What made it.
    pub source: String,
    /// E-mail address.
    pub email: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it last wrote.
    pub last_seen_at: Option<Timestamp>,
    /// What it said.
    pub consent: Vec<(Category, ConsentState)>,
    /// The lists that it is on.
    pub lists: BTreeSet<ListId>,
    /// What became of campaigns to it.
    pub outcomes: BTreeMap<CampaignId, BTreeSet<Outcome>>,
    /// What it did, as far as the filter asks for it.
    pub events: Vec<Happened>,
    /// Its conversations.
    pub conversations: Vec<Talk>,
}

impl Plan {
    /// Whether the filter finds a contact.
    pub fn matches(&self, facts: &Facts, kinds: &BTreeMap<String, TraitKind>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(facts, kinds)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(facts, kinds)),
            Self::Not(part) => !part.matches(facts, kinds),
            Self::Everyone => true,
            Self::Tag(key) => facts.tags.iter().any(|tag| tag_key(tag) == *key),
            Self::Trait { key, leaf } => {
                let value = facts.traits.get(key).unwrap_or(&Value::Null);
                let kind = kinds.get(key).copied().or_else(|| TraitKind::of(value));
                let values = kind.map(|kind| typed(kind, value)).unwrap_or_default();
                leaf.passes(&values)
            }
            Self::Field { name, leaf } => leaf.passes(facts.field(*name).as_slice()),
            Self::Consent(test) => {
                let said = facts.consent.iter().find(|said| said.0 == test.category);
                said.map_or(ConsentState::Unknown, |said| said.1) == test.state
            }
            Self::List(id) => facts.lists.contains(id),
            Self::Campaign { test, .. } => facts.outcomes.get(&test.id).is_some_and(|known| {
                test.outcome.iter().any(|wanted| known.contains(wanted)) != test.not
            }),
            Self::Event(doing) => doing.count(facts) >= u64::from(doing.at_least),
            Self::Conversation(test, now) => {
                let mut talks = facts.conversations.iter();
                talks.any(|talk| test.holds(talk, *now))
            }
        }
    }
}

impl Plan {
    /// Whether one event passes a filter that asks for events alone.
    pub fn passes(&self, event: Happened) -> bool {
        let facts = Facts {
            events: vec![event],
            ..Facts::default()
        };
        self.matches(&facts, &BTreeMap::new())
    }
}

impl Doing {
    /// How often somebody did it.
    pub(super) fn count(&self, facts: &Facts) -> u64 {
        let events = facts.events.iter().filter(|event| self.counts(event));
        u64::try_from(events.count()).unwrap_or(u64::MAX)
    }

    fn counts(&self, event: &Happened) -> bool {
        event.name == self.name
            && self.since.is_none_or(|since| event.at >= since)
            && self
                .properties
                .iter()
                .all(|test| test.holds(&event.properties))
    }
}

impl Property {
    /// Whether it holds for the particulars of an event.
    pub fn holds(&self, properties: &Map<String, Value>) -> bool {
        let value = properties.get(&self.key).unwrap_or(&Value::Null);
        self.leaf.passes(&typed(self.kind, value))
    }
}

impl Facts {
    pub(super) fn field(&self, field: Field) -> Option<Typed> {
        let text = |text: &Option<String>| text.clone().map(Typed::Text);
        match field {
            Field::Country => text(&self.country),
            Field::Name => self.name.as_deref().map(text_key).map(Typed::Text),
            Field::Phone => text(&self.phone),
            Field::Source => Some(Typed::Text(self.source.clone())),
            Field::Email => self
                .email
                .as_deref()
                .map(|email| Typed::Text(email.to_ascii_lowercase())),
            Field::CreatedAt => Some(Typed::At(self.created_at.as_micros())),
            Field::UpdatedAt => Some(Typed::At(self.updated_at.as_micros())),
            Field::LastSeenAt => self.last_seen_at.map(|at| Typed::At(at.as_micros())),
        }
    }
}

impl Leaf {
    /// Whether the values of what is asked pass.
    pub(crate) fn passes(&self, values: &[Typed]) -> bool {
        values.iter().any(|value| self.test.passes(value)) != self.negated
    }
}

impl Test {
    fn passes(&self, value: &Typed) -> bool {
        match (self, value) {
            (Self::Present, _) => true,
            (Self::Texts(wanted), Typed::Text(text)) => wanted.contains(text),
            (Self::Contains(part), Typed::Text(text)) => text.contains(part.as_str()),
            (Self::StartsWith(start), Typed::Text(text)) => text.starts_with(start.as_str()),
            (Self::Ints(Side::Number, wanted), Typed::Number(value))
            | (Self::Ints(Side::At, wanted), Typed::At(value)) => wanted.contains(value),
            (Self::Range(Side::Number, range, limit), Typed::Number(value))
            | (Self::Range(Side::At, range, limit), Typed::At(value)) => match range {
                Range::Lt => value < limit,
                Range::Lte => value <= limit,
                Range::Gt => value > limit,
                Range::Gte => value >= limit,
            },
            (Self::Between(from, to), Typed::At(value)) => (from..=to).contains(&value),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Filter, Standing};
    use super::*;
    use crate::NumberId;

    /// Expectations stated by hand, so that the interpreters cannot be wrong together.
    #[test]
    fn each_leaf_finds_whom_it_says() {
        let list: ListId = "list_01j00000000000000000000000".parse().unwrap();
        let number: NumberId = "number_01j00000000000000000000000".parse().unwrap();
        let campaign: CampaignId = "campaign_01j00000000000000000000000".parse().unwrap();
        let now: Timestamp = "2026-11-10T00:00:00Z".parse().unwrap();
        let order = |at: &str, properties: Value| Happened {
            name: "Order Placed".to_owned(),
            at: at.parse::<Timestamp>().unwrap().as_micros(),
            properties: properties.as_object().unwrap().clone(),
        };
        let asha = Facts {
            tags: vec!["VIP".to_owned()],
            traits: json!({"city": "Pune", "spent": 120, "member": true, "born": "1990-05-01", "likes": ["Tea", "Kites"],
                           "note": ""})
                .as_object()
                .unwrap()
                .clone()
                .into_iter()
                .collect(),
            country: Some("IN".to_owned()),
            name: Some("Asha Rao".to_owned()),
            phone: Some("+919876543210".to_owned()),
            source: "import".to_owned(),
            email: Some("Asha@Kite.example".to_owned()),
            created_at: "2026-11-01T00:00:00Z".parse().unwrap(),
            updated_at: "2026-11-03T00:00:00Z".parse().unwrap(),
            last_seen_at: None,
            consent: vec![(Category::Marketing, ConsentState::Granted)],
            lists: [list].into(),
            outcomes: [(campaign, [Outcome::Delivered].into())].into(),
            events: vec![
                order("2026-11-09T00:00:00Z", json!({"amount": 120, "items": ["Tea", "Cup"], "city": "GÖTEBORG"})),
                order("2026-11-01T00:00:00Z", json!({"amount": "80"})),
            ],
            conversations: vec![Talk {
                status: Standing::Open,
                unread: true,
                assigned: false,
                window_closes_at: Some("2026-11-10T00:00:01Z".parse().unwrap()),
                number,
            }],
        };
        let kinds: BTreeMap<String, TraitKind> = [
            ("city", TraitKind::Text),
            ("spent", TraitKind::Number),
            ("member", TraitKind::Boolean),
            ("born", TraitKind::Datetime),
            ("likes", TraitKind::List),
            ("note", TraitKind::Text),
        ]
        .map(|(key, kind)| (key.to_owned(), kind))
        .into();
        let of_trait = |key: &str, is: Value| json!({"trait": {"key": key, "is": is}});
        let field = |name: &str, is: Value| json!({"field": {"name": name, "is": is}});
        let placed = |test: Value| json!({"event": {"name": "Order Placed", "where": [test]}});
        for (filter, found) in [
            (json!({"everyone": true}), true),
            (json!({"tag": "vip"}), true),
            (json!({"tag": "vi"}), false),
            (of_trait("city", json!({"eq": "PUNE"})), true),
            (of_trait("city", json!({"ne": "pune"})), false),
            (of_trait("street", json!({"ne": "pune"})), true),
            (of_trait("city", json!({"in": ["Goa", "pune"]})), true),
            (of_trait("city", json!({"contains": "un"})), true),
            (of_trait("city", json!({"starts_with": "un"})), false),
            (of_trait("spent", json!({"gt": 119.5})), true),
            (of_trait("spent", json!({"lt": 120})), false),
            (of_trait("spent", json!({"lte": 120})), true),
            (of_trait("member", json!({"eq": true})), true),
            (
                of_trait("born", json!({"gte": "1990-05-01T00:00:00Z"})),
                true,
            ),
            (of_trait("born", json!({"gt": "1990-05-01"})), false),
            (of_trait("likes", json!({"eq": "tea"})), true),
            (of_trait("likes", json!({"ne": "tea"})), false),
            (of_trait("note", json!({"exists": true})), false),
            (of_trait("street", json!({"exists": false})), true),
            (field("country", json!({"eq": "in"})), true),
            (field("name", json!({"contains": "rao"})), true),
            (field("phone", json!({"starts_with": "+91"})), true),
            (field("email", json!({"eq": "asha@kite.EXAMPLE"})), true),
            (field("source", json!({"ne": "import"})), false),
            (field("created_at", json!({"lt": "2026-11-02"})), true),
            (field("updated_at", json!({"lt": "2026-11-03"})), false),
            (field("updated_at", json!({"lte": "2026-11-03"})), true),
            (field("last_seen_at", json!({"exists": false})), true),
            (field("last_seen_at", json!({"lt": "2030-01-01"})), false),
            (
                json!({"consent": {"category": "marketing", "state": "granted"}}),
                true,
            ),
            (
                json!({"consent": {"category": "utility", "state": "unknown"}}),
                true,
            ),
            (field("updated_at", json!({"past": "7d"})), true),
            (field("updated_at", json!({"past": "6d"})), false),
            (field("updated_at", json!({"older": "6d"})), true),
            (field("last_seen_at", json!({"older": "1d"})), false),
            (of_trait("born", json!({"next": "2w"})), false),
            (json!({"event": {"name": "Order Placed"}}), true),
            (json!({"event": {"name": "order placed"}}), false),
            (
                json!({"event": {"name": "Order Placed", "at_least": 2}}),
                true,
            ),
            (
                json!({"event": {"name": "Order Placed", "at_least": 3}}),
                false,
            ),
            (
                json!({"event": {"name": "Order Placed", "at_least": 2, "within": "8d"}}),
                false,
            ),
            (
                json!({"event": {"name": "Order Placed", "at_least": 2, "within": "9d"}}),
                true,
            ),
            (placed(json!({"key": "amount", "is": {"gt": 100}})), true),
            (placed(json!({"key": "amount", "is": {"lt": 80}})), false),
            (placed(json!({"key": "amount", "is": {"eq": 80}})), true),
            (
                placed(json!({"key": "city", "is": {"eq": "goteborg"}})),
                true,
            ),
            (placed(json!({"key": "items", "is": {"eq": "cup"}})), true),
            (
                placed(json!({"key": "items", "is": {"exists": false}})),
                true,
            ),
            (
                placed(json!({"key": "code", "is": {"exists": true}})),
                false,
            ),
            (
                json!({"conversation": {"status": "open", "unread": true}}),
                true,
            ),
            (json!({"conversation": {"status": "snoozed"}}), false),
            (
                json!({"conversation": {"window": "open", "number": number}}),
                true,
            ),
            (json!({"conversation": {"window": "closed"}}), false),
            (json!({"conversation": {"assigned": true}}), false),
            (
                json!({"campaign": {"id": campaign, "outcome": ["delivered", "read"]}}),
                true,
            ),
            (
                json!({"campaign": {"id": campaign, "outcome": ["read"], "not": true}}),
                true,
            ),
            (
                json!({"campaign": {"id": campaign, "outcome": ["read"]}}),
                false,
            ),
            (json!({"list": list}), true),
            (json!({"not": {"list": list}}), false),
            (json!({"any": [{"tag": "no"}, {"tag": "vip"}]}), true),
            (json!({"all": [{"tag": "no"}, {"tag": "vip"}]}), false),
        ] {
            let plan = Plan::new(&Filter::read(&filter).unwrap(), &kinds, now).unwrap();
            assert_eq!(plan.matches(&asha, &kinds), found, "{filter}");
        }
    }
}
