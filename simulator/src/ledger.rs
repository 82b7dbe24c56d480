//! The ledger: everything that was accepted, counted by the simulator's own person.
//!
//! It is the judge in crash tests, so it only grows and never depends on what webhooks did. Counts over
//! all of it are kept as it grows, and pages of one person or template come from an index: asking costs
//! the same after a million messages.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::shelf::Shelf;

/// A status that was given to a message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StatusMark {
    pub(crate) status: String,
    pub(crate) at_us: i64,
    pub(crate) pricing: Option<Box<RawValue>>,
    /// What Meta would charge, in millionths of a dollar, where the simulator has the figure.
    #[serde(default)]
    pub(crate) cost_micros: Option<i64>,
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
    pub(crate) body: Arc<RawValue>,
    pub(crate) statuses: Vec<StatusMark>,
    /// Hash of what makes two messages to one person the same.
    pub(crate) same_key: u64,
}

impl Entry {
    fn last_status(&self) -> &str {
        self.statuses
            .last()
            .map_or("accepted", |mark| mark.status.as_str())
    }
}

/// An entry as it is shown.
#[derive(Serialize)]
struct Shown<'a> {
    seq: u64,
    received_at_us: i64,
    accepted_at_us: i64,
    answered: bool,
    wamid: &'a str,
    phone_number_id: &'a str,
    person: &'a str,
    to: Option<&'a str>,
    recipient: Option<&'a str>,
    #[serde(rename = "type")]
    kind: &'a str,
    template: Option<&'a str>,
    language: Option<&'a str>,
    callback_data: Option<&'a str>,
    body: &'a RawValue,
    statuses: &'a [StatusMark],
}

impl<'a> Shown<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self {
            seq: entry.seq,
            received_at_us: entry.received_at_us,
            accepted_at_us: entry.accepted_at_us,
            answered: entry.answered,
            wamid: &entry.wamid,
            phone_number_id: &entry.phone_number_id,
            person: &entry.person,
            to: entry.to.as_deref(),
            recipient: entry.recipient.as_deref(),
            kind: &entry.kind,
            template: entry.template.as_deref(),
            language: entry.language.as_deref(),
            callback_data: entry.callback_data.as_deref(),
            body: &entry.body,
            statuses: &entry.statuses,
        }
    }
}

/// A page of entries.
#[derive(Serialize)]
struct Page<'a> {
    data: Vec<Shown<'a>>,
    /// Where the next page starts, if there is one.
    next_after_seq: Option<u64>,
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

    /// Whether everything is asked for.
    fn is_open(&self) -> bool {
        self.after_seq == 0
            && self.person.is_none()
            && self.template.is_none()
            && self.phone_number_id.is_none()
    }
}

/// Counts over some entries.
#[derive(Debug, Default)]
struct Counts {
    accepted: u64,
    answered: u64,
    per_person: HashMap<String, (usize, u64)>,
    max_per_person: u64,
    /// Person, by the order of first appearance, and what makes messages the same.
    seen: HashSet<(usize, u64)>,
    doubled: u64,
    doubled_persons: BTreeSet<String>,
    last_status: BTreeMap<String, u64>,
}

impl Counts {
    fn add(&mut self, entry: &Entry) {
        self.accepted += 1;
        self.answered += u64::from(entry.answered);
        let next = self.per_person.len();
        if !self.per_person.contains_key(&entry.person) {
            self.per_person.insert(entry.person.clone(), (next, 0));
        }
        if let Some((person, count)) = self.per_person.get_mut(&entry.person) {
            *count += 1;
            self.max_per_person = self.max_per_person.max(*count);
            if !self.seen.insert((*person, entry.same_key)) {
                self.doubled += 1;
                if self.doubled_persons.len() < 100 {
                    self.doubled_persons.insert(entry.person.clone());
                }
            }
        }
        *self
            .last_status
            .entry(entry.last_status().to_owned())
            .or_default() += 1;
    }

    /// A message went from one status to another.
    fn moved(&mut self, from: &str, to: &str) {
        if let Some(count) = self.last_status.get_mut(from) {
            *count -= 1;
            if *count == 0 {
                self.last_status.remove(from);
            }
        }
        *self.last_status.entry(to.to_owned()).or_default() += 1;
    }

    fn view(&self, last_seq: usize) -> Value {
        json!({
            "accepted": self.accepted,
            "answered": self.answered,
            "distinct_persons": self.per_person.len(),
            "max_per_person": self.max_per_person,
            "doubled": self.doubled,
            "doubled_persons": self.doubled_persons,
            "last_status": self.last_status,
            "last_seq": last_seq,
        })
    }
}

/// The accepted messages in order.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    entries: Shelf<Entry>,
    by_person: HashMap<String, Vec<usize>>,
    by_template: HashMap<String, Vec<usize>>,
    counts: Counts,
}

impl Ledger {
    /// The ledger with entries that were stored.
    pub(crate) fn stored(entries: Vec<Entry>) -> Self {
        let mut ledger = Self {
            entries: Shelf::stored(entries),
            ..Self::default()
        };
        for index in 0..ledger.entries.len() {
            ledger.note(index);
        }
        ledger
    }

    /// Appends an entry and gives its index; `seq` is set here.
    pub(crate) fn push(&mut self, mut entry: Entry) -> usize {
        entry.seq = self.entries.len() as u64 + 1;
        let index = self.entries.push(entry);
        self.note(index);
        index
    }

    /// Adds an entry to the indexes and counts.
    fn note(&mut self, index: usize) {
        let entry = &self.entries[index];
        self.counts.add(entry);
        let person = self.by_person.entry(entry.person.clone());
        person.or_default().push(index);
        if let Some(template) = &entry.template {
            let template = self.by_template.entry(template.clone());
            template.or_default().push(index);
        }
    }

    /// Adds a status to an entry; gives its place among the entry's statuses.
    pub(crate) fn mark(&mut self, index: usize, mark: StatusMark) -> usize {
        let entry = &mut self.entries[index];
        self.counts.moved(entry.last_status(), &mark.status);
        entry.statuses.push(mark);
        entry.statuses.len() - 1
    }

    /// A webhook with this status was answered.
    pub(crate) fn delivered(&mut self, index: usize, status: usize, http: u16) {
        let entry = self.entries.get_mut(index);
        if let Some(mark) = entry.and_then(|entry| entry.statuses.get_mut(status)) {
            mark.delivered_http = Some(http);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The entries, for storing them.
    pub(crate) fn shelf(&mut self) -> &mut Shelf<Entry> {
        &mut self.entries
    }

    /// Entries that match, oldest first: from the shortest list that holds them all.
    fn matching<'a>(&'a self, filter: &'a Filter) -> Box<dyn Iterator<Item = &'a Entry> + 'a> {
        let none: &[usize] = &[];
        let listed = |index: &'a HashMap<String, Vec<usize>>, key: &Option<String>| {
            let key = key.as_ref()?;
            Some(index.get(key).map_or(none, Vec::as_slice))
        };
        let shortest = [
            listed(&self.by_person, &filter.person),
            listed(&self.by_template, &filter.template),
        ]
        .into_iter()
        .flatten()
        .min_by_key(|list| list.len());
        let after = usize::try_from(filter.after_seq).unwrap_or(usize::MAX);
        if let Some(list) = shortest {
            let start = list.partition_point(|index| *index < after);
            let found = list[start..].iter().map(|index| &self.entries[*index]);
            return Box::new(found.filter(|entry| filter.matches(entry)));
        }
        let start = after.min(self.entries.len());
        let found = self.entries.as_slice()[start..].iter();
        Box::new(found.filter(|entry| filter.matches(entry)))
    }

    /// Entries after `after_seq` that match, oldest first, as JSON.
    pub(crate) fn page(&self, filter: &Filter) -> serde_json::Result<String> {
        let limit = filter.limit.unwrap_or(100).clamp(1, 10_000);
        let mut found = self.matching(filter);
        let data: Vec<_> = found.by_ref().take(limit).map(Shown::of).collect();
        let next_after_seq = match found.next() {
            Some(_) => data.last().map(|entry| entry.seq),
            None => None,
        };
        serde_json::to_string(&Page {
            data,
            next_after_seq,
        })
    }

    /// Counts over all entries that match.
    pub(crate) fn summary(&self, filter: &Filter) -> Value {
        if filter.is_open() {
            return self.counts.view(self.entries.len());
        }
        let mut counts = Counts::default();
        self.matching(filter).for_each(|entry| counts.add(entry));
        counts.view(self.entries.len())
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
            body: RawValue::from_string(body.to_string()).unwrap().into(),
            statuses: Vec::new(),
            same_key: same_key(kind, body),
        }
    }

    fn offer(name: &str) -> Value {
        offer_of("offer", name)
    }

    fn page(ledger: &Ledger, filter: &Filter) -> Value {
        serde_json::from_str(&ledger.page(filter).unwrap()).unwrap()
    }

    fn offer_of(template: &str, name: &str) -> Value {
        json!({"type": "template", "template": {"name": template, "components": [
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
    fn an_index_finds_what_a_search_through_all_finds() {
        let mut ledger = Ledger::default();
        for n in 0..60_u64 {
            let kind = if n % 3 == 0 { "offer" } else { "other" };
            ledger.push(entry(&format!("p_{}", n % 7), &offer_of(kind, "Asha")));
        }
        for (person, template, after_seq) in [
            (Some("p_3"), None, 0),
            (None, Some("offer"), 11),
            (Some("p_3"), Some("offer"), 4),
            (Some("p_99"), None, 0),
            (None, None, 50),
        ] {
            let filter = Filter {
                after_seq,
                limit: Some(3),
                person: person.map(str::to_owned),
                template: template.map(str::to_owned),
                phone_number_id: Some("1".into()),
            };
            let wanted: Vec<u64> = (ledger.entries.iter())
                .filter(|entry| filter.matches(entry))
                .map(|entry| entry.seq)
                .collect();
            let page = page(&ledger, &filter);
            let found: Vec<u64> = (page["data"].as_array().unwrap().iter())
                .map(|entry| entry["seq"].as_u64().unwrap())
                .collect();
            assert_eq!(found, wanted[..wanted.len().min(3)]);
            assert_eq!(page["next_after_seq"].is_null(), wanted.len() <= 3);
            assert_eq!(ledger.summary(&filter)["accepted"], wanted.len());
        }
    }

    #[test]
    fn counts_that_are_kept_are_those_that_are_made_anew() {
        let mut ledger = Ledger::default();
        for n in 0..20 {
            ledger.push(entry(&format!("p_{}", n % 6), &offer("Asha")));
        }
        for (index, status) in [(0, "sent"), (0, "delivered"), (1, "sent"), (2, "failed")] {
            let mark = StatusMark {
                status: status.into(),
                at_us: 0,
                pricing: None,
                cost_micros: None,
                code: None,
                delivered_http: None,
            };
            ledger.mark(index, mark);
        }
        let kept = ledger.summary(&Filter::default());
        let anew = Ledger::stored(ledger.entries.as_slice().to_vec());
        assert_eq!(kept, anew.summary(&Filter::default()));
        assert_eq!(kept["last_status"]["accepted"], 17);
        assert_eq!(
            (kept["doubled"].as_u64(), kept["max_per_person"].as_u64()),
            (Some(14), Some(4))
        );
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
        let two = Filter {
            limit: Some(2),
            ..Filter::default()
        };
        let first = page(&ledger, &two);
        assert_eq!(first["next_after_seq"], 2);
        let last = Filter {
            after_seq: 3,
            ..two
        };
        let last = page(&ledger, &last);
        assert_eq!(last["data"][1]["seq"], 5);
        assert_eq!(last["next_after_seq"], Value::Null);
        assert_eq!(ledger.summary(&Filter::default())["doubled"], 0);
    }
}
