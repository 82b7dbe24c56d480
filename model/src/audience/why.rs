//! Why a filter finds a contact, or why not: the tree of its parts, each with its answer and with what
//! the contact has.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::{Facts, Field, Plan, TraitKind};
use crate::consent::ConsentState;

/// The answer of one part of a filter, in the shape of the filter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Why {
    /// What the part is: `all`, `tag`, `event` …
    pub kind: &'static str,
    /// Whether it finds the contact.
    pub found: bool,
    /// What the contact has: the value of the trait, its tags, how often it did it. Null where it has nothing.
    pub value: Value,
    /// The answers of the parts inside, in their order.
    pub parts: Vec<Why>,
}

impl Plan {
    /// The answer of each part for one contact.
    pub fn why(&self, facts: &Facts, kinds: &BTreeMap<String, TraitKind>) -> Why {
        let several = |parts: &[Self]| parts.iter().map(|part| part.why(facts, kinds)).collect();
        let (kind, value, parts) = match self {
            Self::All(parts) => ("all", Value::Null, several(parts)),
            Self::Any(parts) => ("any", Value::Null, several(parts)),
            Self::Not(part) => ("not", Value::Null, vec![part.why(facts, kinds)]),
            Self::Everyone => ("everyone", Value::Null, Vec::new()),
            Self::Tag(_) => ("tag", json!(facts.tags), Vec::new()),
            Self::Trait { key, .. } => {
                let value = facts.traits.get(key).cloned().unwrap_or_default();
                ("trait", value, Vec::new())
            }
            Self::Field { name, .. } => ("field", facts.shown(*name), Vec::new()),
            Self::Consent(test) => {
                let said = facts.consent.iter().find(|said| said.0 == test.category);
                let state = said.map_or(ConsentState::Unknown, |said| said.1);
                ("consent", json!(state.as_str()), Vec::new())
            }
            Self::List(id) => ("list", json!(facts.lists.contains(id)), Vec::new()),
            Self::Campaign { test, .. } => {
                let known = facts.outcomes.get(&test.id);
                (
                    "campaign",
                    known.map(|known| json!(known)).unwrap_or_default(),
                    Vec::new(),
                )
            }
            Self::Event(doing) => ("event", json!(doing.count(facts)), Vec::new()),
            Self::Conversation(..) => {
                ("conversation", json!(facts.conversations.len()), Vec::new())
            }
        };
        Why {
            kind,
            found: self.matches(facts, kinds),
            value,
            parts,
        }
    }
}

impl Facts {
    /// A field as people read it.
    fn shown(&self, field: Field) -> Value {
        match field {
            Field::Country => json!(self.country),
            Field::Name => json!(self.name),
            Field::Phone => json!(self.phone),
            Field::Source => json!(self.source),
            Field::Email => json!(self.email),
            Field::CreatedAt => json!(self.created_at),
            Field::UpdatedAt => json!(self.updated_at),
            Field::LastSeenAt => json!(self.last_seen_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Filter;
    use super::*;
    use crate::Timestamp;

    #[test]
    fn each_part_tells_its_answer_and_what_there_is() {
        let facts = Facts {
            tags: vec!["VIP".to_owned()],
            traits: [("city".to_owned(), json!("Pune"))].into(),
            ..Facts::default()
        };
        let filter = json!({"all": [{"tag": "vip"}, {"not": {"trait": {"key": "city", "is": {"eq": "pune"}}}},
                                    {"event": {"name": "Order Placed"}}]});
        let filter = Filter::read(&filter).unwrap();
        let kinds = [("city".to_owned(), TraitKind::Text)].into();
        let plan = Plan::new(&filter, &kinds, Timestamp::from_seconds(0)).unwrap();
        let why = serde_json::to_value(plan.why(&facts, &kinds)).unwrap();
        assert_eq!(
            why,
            json!({"kind": "all", "found": false, "value": null, "parts": [
                {"kind": "tag", "found": true, "value": ["VIP"], "parts": []},
                {"kind": "not", "found": false, "value": null, "parts": [
                    {"kind": "trait", "found": true, "value": "Pune", "parts": []},
                ]},
                {"kind": "event", "found": false, "value": 0, "parts": []},
            ]})
        );
    }
}
