//! The comparison: the console's counts, its list of people, the simulator's ledger. A pure function of
//! the three, so that each kind of broken promise has a test that it is found.

use crate::load::campaign::Recipient;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A message that the simulator accepted.
pub(super) struct Accepted {
    /// The simulator's own person.
    person: String,
    wa_id: String,
    /// The last status that it has.
    status: String,
    /// Whether the product has answered 200 to the webhook with that status.
    told: bool,
}

impl Accepted {
    pub(super) fn parse(entry: &Value) -> Option<Self> {
        let last = entry["statuses"].as_array().and_then(|all| all.last());
        Some(Self {
            person: entry["person"].as_str()?.to_owned(),
            wa_id: entry["to"]
                .as_str()?
                .chars()
                .filter(char::is_ascii_digit)
                .collect(),
            status: last
                .map_or("accepted", |last| {
                    last["status"].as_str().unwrap_or_default()
                })
                .to_owned(),
            told: last.is_some_and(|last| last["delivered_http"] == 200),
        })
    }
}

/// What is compared.
pub(super) struct Done {
    /// How many the review promised.
    pub(super) people: u64,
    pub(super) counts: BTreeMap<String, u64>,
    pub(super) recipients: Vec<Recipient>,
    pub(super) accepted: Vec<Accepted>,
}

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::chaos) struct Verdict {
    pub(super) kills: u32,
    pub(super) stops: u32,
    pub(super) seconds: u32,
    pub(super) pauses: u32,
    /// Messages that reached Meta more than a second after a pause was answered.
    pub(super) late: usize,
    /// The most that one kill left in doubt, and what it may.
    pub(super) most_unknown: u64,
    pub(super) concurrency: u64,
    recipients: usize,
    accepted: usize,
    max_per_recipient: usize,
    /// People whose state is missing, still moving, without its reason, or at odds with the ledger.
    unaccounted: usize,
    /// States whose count is not the number of people in them.
    miscounted: usize,
    unknown: usize,
    unconfirmed: usize,
    examples: Vec<String>,
}

impl Verdict {
    /// Whether every promise was kept.
    pub(in crate::chaos) fn holds(&self) -> bool {
        self.max_per_recipient <= 1
            && self.unaccounted == 0
            && self.miscounted == 0
            && self.late == 0
            && self.most_unknown <= self.concurrency
    }

    pub(in crate::chaos) fn json(&self) -> Value {
        json!({
            "bench": "chaos",
            "variant": "campaign",
            "kills": self.kills,
            "stops": self.stops,
            "second_processes": self.seconds,
            "pauses": self.pauses,
            "after_a_pause": self.late,
            "recipients": self.recipients,
            "accepted": self.accepted,
            "max_per_recipient": self.max_per_recipient,
            "unaccounted": self.unaccounted,
            "miscounted": self.miscounted,
            "unknown": self.unknown,
            "unconfirmed": self.unconfirmed,
            "most_unknown_per_kill": self.most_unknown,
            "examples": self.examples,
        })
    }

    fn wrong(&mut self, what: String) {
        if self.examples.len() < 20 {
            self.examples.push(what);
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "{} kills, {} of them clean stops, {} second processes, {} pauses with {} messages too late",
            self.kills, self.stops, self.seconds, self.pauses, self.late
        )?;
        write!(
            out,
            "{} people, {} accepted, at most {} each, {} unaccounted, {} miscounted, {} unknown, {} unconfirmed, {} in doubt after one kill",
            self.recipients,
            self.accepted,
            self.max_per_recipient,
            self.unaccounted,
            self.miscounted,
            self.unknown,
            self.unconfirmed,
            self.most_unknown
        )?;
        self.examples
            .iter()
            .try_for_each(|example| write!(out, "\n  {example}"))
    }
}

/// Compare.
pub(super) fn judge(done: &Done) -> Verdict {
    let mut verdict = Verdict {
        recipients: done.recipients.len(),
        accepted: done.accepted.len(),
        ..Verdict::default()
    };
    let mut by_person: BTreeMap<&str, usize> = BTreeMap::new();
    let mut by_number: BTreeMap<&str, &Accepted> = BTreeMap::new();
    for accepted in &done.accepted {
        let count = by_person.entry(&accepted.person).or_default();
        *count += 1;
        verdict.max_per_recipient = verdict.max_per_recipient.max(*count);
        if *count > 1 {
            verdict.wrong(format!("{} was accepted {count} times", accepted.wa_id));
        }
        by_number.insert(&accepted.wa_id, accepted);
    }
    let mut rows: BTreeMap<&str, u64> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for recipient in &done.recipients {
        *rows.entry(&recipient.state).or_default() += 1;
        verdict.unknown += usize::from(recipient.state == "unknown");
        verdict.unconfirmed += usize::from(recipient.state == "unconfirmed");
        let accepted = by_number.get(recipient.wa_id.as_str());
        let twice = !seen.insert(recipient.wa_id.as_str());
        if twice || !agrees(recipient, accepted.copied()) {
            verdict.unaccounted += 1;
            let there = accepted.map_or("nothing", |accepted| accepted.status.as_str());
            verdict.wrong(format!(
                "{} is {} here and {there} there",
                recipient.wa_id, recipient.state
            ));
        }
    }
    for accepted in &done.accepted {
        if !seen.contains(accepted.wa_id.as_str()) {
            verdict.unaccounted += 1;
            verdict.wrong(format!(
                "{} was accepted and is nobody here",
                accepted.wa_id
            ));
        }
    }
    if (done.recipients.len() as u64) < done.people {
        verdict.unaccounted += 1;
        verdict.wrong(format!(
            "{} people were promised, {} are listed",
            done.people,
            done.recipients.len()
        ));
    }
    let states: BTreeSet<&str> = rows
        .keys()
        .copied()
        .chain(done.counts.keys().map(String::as_str))
        .collect();
    for state in states {
        let (rows, counted) = (
            rows.get(state).copied().unwrap_or(0),
            done.counts.get(state).copied().unwrap_or(0),
        );
        if rows != counted {
            verdict.miscounted += 1;
            verdict.wrong(format!("{rows} people are {state}, {counted} are counted"));
        }
    }
    verdict
}

/// Whether a state is one to rest in and says what the ledger says. “Unknown” fits an accepted message
/// only as long as no webhook with a status of it was taken.
fn agrees(recipient: &Recipient, accepted: Option<&Accepted>) -> bool {
    match (recipient.state.as_str(), accepted) {
        ("sent" | "delivered" | "read" | "played", Some(accepted)) => {
            recipient.state == accepted.status
        }
        ("unknown" | "unconfirmed", accepted) => accepted.is_none_or(|accepted| !accepted.told),
        // Refused without effect, or accepted and failed later.
        ("failed", accepted) => {
            recipient.has_reason && accepted.is_none_or(|accepted| accepted.status == "failed")
        }
        ("skipped", None) => recipient.has_reason,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipient(wa_id: &str, state: &str) -> Recipient {
        Recipient {
            wa_id: wa_id.to_owned(),
            state: state.to_owned(),
            has_reason: true,
        }
    }

    fn accepted(wa_id: &str, status: &str) -> Accepted {
        Accepted {
            person: format!("p_{wa_id}"),
            wa_id: wa_id.to_owned(),
            status: status.to_owned(),
            told: true,
        }
    }

    fn good() -> Done {
        Done {
            people: 4,
            counts: BTreeMap::from(
                [("read", 1), ("failed", 1), ("unknown", 1), ("skipped", 1)]
                    .map(|(state, count)| (state.to_owned(), count)),
            ),
            recipients: vec![
                recipient("1", "read"),
                recipient("2", "failed"),
                recipient("3", "unknown"),
                recipient("4", "skipped"),
            ],
            accepted: vec![accepted("1", "read"), accepted("2", "failed")],
        }
    }

    #[test]
    fn what_is_well_holds() {
        let verdict = judge(&good());
        assert!(verdict.holds(), "{verdict}");
        assert_eq!((verdict.unknown, verdict.max_per_recipient), (1, 1));
    }

    #[test]
    fn every_broken_promise_is_found() {
        type Breach = (&'static str, fn(&mut Done));
        let broken: [Breach; 9] = [
            ("doubled", |done| done.accepted.push(accepted("1", "read"))),
            ("still moving", |done| {
                done.recipients[0].state = "queued".to_owned();
            }),
            ("without a reason", |done| {
                done.recipients[1].has_reason = false;
            }),
            ("skipped and sent", |done| {
                done.accepted.push(accepted("4", "read"));
            }),
            ("unknown though told", |done| {
                done.accepted.push(accepted("3", "read"));
            }),
            ("read and never accepted", |done| {
                done.accepted.remove(0).person.clear();
            }),
            ("accepted for nobody", |done| {
                done.accepted.push(accepted("9", "read"));
            }),
            ("lost from the list", |done| {
                done.recipients.pop();
            }),
            ("counted wrong", |done| {
                done.counts.insert("read".to_owned(), 2);
            }),
        ];
        for (name, break_it) in broken {
            let mut done = good();
            break_it(&mut done);
            let verdict = judge(&done);
            assert!(!verdict.holds(), "{name}: {verdict}");
        }
        for break_it in [
            (|verdict: &mut Verdict| verdict.late = 1) as fn(&mut Verdict),
            |verdict| verdict.most_unknown = 65,
        ] {
            let mut verdict = judge(&good());
            verdict.concurrency = 64;
            break_it(&mut verdict);
            assert!(!verdict.holds());
        }
    }
}
