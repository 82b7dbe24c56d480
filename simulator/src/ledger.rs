//! The ledger: everything that was accepted, counted by the simulator's own person.
//!
//! It is the judge in crash tests, so it only grows and never depends on what webhooks did.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// A status that was given to a message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StatusMark {
    pub(crate) status: String,
    pub(crate) at_us: i64,
    pub(crate) pricing: Option<Value>,
    /// The code of a failure.
    #[serde(default)]
    pub(crate) code: Option<i64>,
    /// HTTP status of the last webhook POST that carried it; 0 = no answer.
    pub(crate) delivered_http: Option<u16>,
}

/// One accepted message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) seq: u64,
    pub(crate) received_at_us: i64,
    pub(crate) accepted_at_us: i64,
    /// The client got its 200.
    pub(crate) answered: bool,
    pub(crate) wamid: String,
    pub(crate) phone_number_id: String,
    pub(crate) person: String,
    pub(crate) to: Option<String>,
    pub(crate) recipient: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) template: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) callback_data: Option<String>,
    pub(crate) body: Box<RawValue>,
    pub(crate) statuses: Vec<StatusMark>,
    /// Hash of what makes two messages to one person the same.
    pub(crate) same_key: u64,
}

impl Entry {
    fn view(&self) -> Value {
        let mut view = serde_json::to_value(self).unwrap_or_default();
        if let Some(object) = view.as_object_mut() {
            object.remove("same_key");
        }
        view
    }
}

/// What two accepted messages must share to count as doubled: template and body parameters, or for
/// free-form messages the content.
pub(crate) fn same_key(kind: &str, body: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    kind.hash(&mut hasher);
    if kind == "template" {
        let template = &body["template"];
        template["name"].as_str().hash(&mut hasher);
        let parameters = template["components"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|component| {
                component["type"]
                    .as_str()
                    .is_some_and(|kind| kind.eq_ignore_ascii_case("body"))
            });
        for component in parameters {
            component["parameters"].to_string().hash(&mut hasher);
        }
    } else {
        body[kind].to_string().hash(&mut hasher);
    }
    hasher.finish()
}

/// Which entries are asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Filter {
    pub(crate) after_seq: u64,
    pub(crate) limit: Option<usize>,
    pub(crate) person: Option<String>,
    pub(crate) template: Option<String>,
    pub(crate) phone_number_id: Option<String>,
}

impl Filter {
    fn matches(&self, entry: &Entry) -> bool {
        let same = |wanted: &Option<String>, have: Option<&String>| {
            wanted.is_none() || wanted.as_ref() == have
        };
        entry.seq > self.after_seq
            && same(&self.person, Some(&entry.person))
            && same(&self.template, entry.template.as_ref())
            && same(&self.phone_number_id, Some(&entry.phone_number_id))
    }
}

/// The accepted messages in order.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Ledger {
    pub(crate) entries: Vec<Entry>,
}

impl Ledger {
    /// Appends an entry and gives its index; `seq` is set here.
    pub(crate) fn push(&mut self, mut entry: Entry) -> usize {
        entry.seq = self.entries.len() as u64 + 1;
        self.entries.push(entry);
        self.entries.len() - 1
    }

    /// Entries after `after_seq` that match, oldest first.
    pub(crate) fn page(&self, filter: &Filter) -> Value {
        let limit = filter.limit.unwrap_or(100).clamp(1, 10_000);
        let start = usize::try_from(filter.after_seq)
            .unwrap_or(usize::MAX)
            .min(self.entries.len());
        let mut found = self.entries[start..]
            .iter()
            .filter(|entry| filter.matches(entry));
        let page: Vec<_> = found.by_ref().take(limit).collect();
        let next = if found.next().is_some() {
            page.last().map(|e| e.seq)
        } else {
            None
        };
        json!({
            "data": page.iter().map(|entry| entry.view()).collect::<Vec<_>>(),
            "next_after_seq": next,
        })
    }

    /// Counts over all entries that match.
    pub(crate) fn summary(&self, filter: &Filter) -> Value {
        let mut accepted = 0_u64;
        let mut answered = 0_u64;
        let mut per_person: HashMap<&str, u64> = HashMap::new();
        let mut seen: HashMap<(&str, u64), u64> = HashMap::new();
        let mut states: HashMap<&str, u64> = HashMap::new();
        for entry in self.entries.iter().filter(|entry| filter.matches(entry)) {
            accepted += 1;
            answered += u64::from(entry.answered);
            *per_person.entry(&entry.person).or_default() += 1;
            *seen.entry((&entry.person, entry.same_key)).or_default() += 1;
            let last = entry
                .statuses
                .last()
                .map_or("accepted", |mark| mark.status.as_str());
            *states.entry(last).or_default() += 1;
        }
        let doubled: u64 = seen.values().map(|n| n - 1).sum();
        let doubled_persons: BTreeSet<&str> = seen
            .iter()
            .filter(|(_, n)| **n > 1)
            .map(|((person, _), _)| *person)
            .take(100)
            .collect();
        json!({
            "accepted": accepted,
            "answered": answered,
            "distinct_persons": per_person.len(),
            "max_per_person": per_person.values().max().copied().unwrap_or(0),
            "doubled": doubled,
            "doubled_persons": doubled_persons,
            "last_status": states,
            "last_seq": self.entries.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(person: &str, body: &Value) -> Entry {
        let kind = body["type"].as_str().unwrap();
        Entry {
            seq: 0,
            received_at_us: 0,
            accepted_at_us: 0,
            answered: true,
            wamid: "wamid.x".into(),
            phone_number_id: "1".into(),
            person: person.into(),
            to: None,
            recipient: None,
            kind: kind.into(),
            template: body["template"]["name"].as_str().map(str::to_owned),
            language: None,
            callback_data: None,
            body: RawValue::from_string(body.to_string()).unwrap(),
            statuses: Vec::new(),
            same_key: same_key(kind, body),
        }
    }

    fn offer(name: &str) -> Value {
        json!({"type": "template", "template": {"name": "offer", "components": [
            {"type": "body", "parameters": [{"type": "text", "text": name}]}]}})
    }

    #[test]
    fn doubles_are_counted_by_person_template_and_body_parameters() {
        let mut ledger = Ledger::default();
        ledger.push(entry("p_1", &offer("Asha")));
        ledger.push(entry("p_2", &offer("Asha")));
        ledger.push(entry("p_1", &offer("Ravi")));
        assert_eq!(ledger.summary(&Filter::default())["doubled"], 0);
        ledger.push(entry("p_1", &offer("Asha")));
        let summary = ledger.summary(&Filter {
            template: Some("offer".into()),
            ..Filter::default()
        });
        assert_eq!(summary["doubled"], 1);
        assert_eq!(summary["accepted"], 4);
        assert_eq!(summary["distinct_persons"], 2);
        assert_eq!(summary["max_per_person"], 3);
    }

    #[test]
    fn pages_go_on_after_a_seq() {
        let mut ledger = Ledger::default();
        for n in 0..5 {
            ledger.push(entry(
                "p_1",
                &json!({"type": "text", "text": {"body": format!("{n}")}}),
            ));
        }
        let first = ledger.page(&Filter {
            limit: Some(2),
            ..Filter::default()
        });
        assert_eq!(first["next_after_seq"], 2);
        let last = ledger.page(&Filter {
            after_seq: 3,
            limit: Some(2),
            ..Filter::default()
        });
        assert_eq!(last["data"][1]["seq"], 5);
        assert_eq!(last["next_after_seq"], Value::Null);
        assert_eq!(ledger.summary(&Filter::default())["doubled"], 0);
    }
}
