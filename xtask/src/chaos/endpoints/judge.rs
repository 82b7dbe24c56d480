//! The comparison: the product's messages, and what the receiver took. A pure function of the two, so
//! that each kind of broken promise has a test that it is found.

use super::receiver::Arrival;
use crate::load::inventory::Message;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::fmt;

/// What was found. Missing, disordered and unsigned must be nought.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::chaos) struct Verdict {
    kills: u32,
    recipients: usize,
    messages: usize,
    arrivals: usize,
    deliveries: usize,
    /// Messages and states in the product that were never taken.
    missing: usize,
    /// Deliveries of a contact that came before an earlier one was taken, or after a later one.
    disordered: usize,
    /// Arrivals without a signature that fits.
    unsigned: usize,
    /// Arrivals of what had been taken before: a process died before it could write that down.
    repeated: usize,
    /// Some of what is wrong.
    examples: Vec<String>,
}

impl Verdict {
    /// Whether every promise was kept.
    pub(in crate::chaos) fn holds(&self) -> bool {
        self.missing == 0 && self.disordered == 0 && self.unsigned == 0
    }

    pub(in crate::chaos) fn json(&self) -> Value {
        json!({
            "bench": "chaos_endpoints",
            "kills": self.kills,
            "recipients": self.recipients,
            "messages": self.messages,
            "arrivals": self.arrivals,
            "deliveries": self.deliveries,
            "missing": self.missing,
            "disordered": self.disordered,
            "unsigned": self.unsigned,
            "repeated": self.repeated,
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
            "{} kills, {} people, {} messages: {} deliveries in {} arrivals, {} of them repeated",
            self.kills,
            self.recipients,
            self.messages,
            self.deliveries,
            self.arrivals,
            self.repeated
        )?;
        write!(
            out,
            "{} missing, {} out of order, {} without a signature that fits",
            self.missing, self.disordered, self.unsigned
        )?;
        for example in &self.examples {
            write!(out, "\n  {example}")?;
        }
        Ok(())
    }
}

/// Compare.
pub(super) fn judge(
    messages: &[Message],
    arrivals: &[Arrival],
    kills: u32,
    recipients: usize,
) -> Verdict {
    let mut verdict = Verdict {
        kills,
        recipients,
        messages: messages.len(),
        arrivals: arrivals.len(),
        ..Verdict::default()
    };
    order(arrivals, &mut verdict);
    let taken: HashSet<(&str, &str, &str)> = arrivals
        .iter()
        .filter(|one| one.taken)
        .map(|one| (one.kind.as_str(), one.message.as_str(), one.state.as_str()))
        .collect();
    for message in messages {
        for (kind, state) in due(message) {
            if !taken.contains(&(kind, message.id.as_str(), state)) {
                verdict.missing += 1;
                verdict.wrong(format!("{} {kind} {state}: never taken", message.text));
            }
        }
    }
    verdict
}

/// What tells a state of a message.
const STATUS: &str = "message.status";

/// What must have been told of a message.
fn due(message: &Message) -> Vec<(&'static str, &'static str)> {
    // Messages of the shop that was there before the endpoint are none of the proof's own.
    if !message.outgoing && message.text.starts_with("in-") {
        return vec![("message.received", "")];
    }
    if !message.text.starts_with("out-") {
        return Vec::new();
    }
    match message.state.as_str() {
        "accepted" => vec![("message.sent", "")],
        "sent" => vec![("message.sent", ""), (STATUS, "sent")],
        "delivered" => vec![("message.sent", ""), (STATUS, "delivered")],
        "read" => vec![
            ("message.sent", ""),
            (STATUS, "delivered"),
            (STATUS, "read"),
        ],
        "failed" => vec![(STATUS, "failed")],
        _ => Vec::new(),
    }
}

/// Of one contact a delivery may come first only when all before it were taken, and never again after
/// the next has come.
fn order(arrivals: &[Arrival], verdict: &mut Verdict) {
    let mut taken: HashSet<&str> = HashSet::new();
    let mut seen: HashSet<&str> = HashSet::new();
    let mut latest: HashMap<&str, &str> = HashMap::new();
    for one in arrivals {
        if !one.signed {
            verdict.unsigned += 1;
            verdict.wrong(format!("{} {}: not signed", one.kind, one.id));
        }
        if taken.contains(one.id.as_str()) {
            verdict.repeated += 1;
        }
        if !one.contact.is_empty() {
            let before = latest.insert(&one.contact, &one.id);
            let jumped = before.is_some_and(|id| id != one.id && !taken.contains(id));
            let late = seen.contains(one.id.as_str()) && before != Some(one.id.as_str());
            if jumped || late {
                verdict.disordered += 1;
                verdict.wrong(format!("{} {}: out of order", one.kind, one.id));
            }
        }
        seen.insert(&one.id);
        if one.taken {
            taken.insert(&one.id);
        }
    }
    verdict.deliveries = seen.len();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(id: &str, outgoing: bool, state: &str) -> Message {
        Message {
            id: id.to_owned(),
            outgoing,
            text: if outgoing { "out-1" } else { "in-1" }.to_owned(),
            state: state.to_owned(),
            has_reason: false,
        }
    }

    fn arrival(id: &str, kind: &str, message: &str, state: &str, taken: bool) -> Arrival {
        Arrival {
            id: id.to_owned(),
            taken,
            signed: true,
            kind: kind.to_owned(),
            contact: "asha".to_owned(),
            message: message.to_owned(),
            state: state.to_owned(),
        }
    }

    fn fine() -> (Vec<Message>, Vec<Arrival>) {
        let messages = vec![message("m1", false, ""), message("m2", true, "delivered")];
        let arrivals = vec![
            arrival("d1", "message.received", "m1", "", false),
            arrival("d1", "message.received", "m1", "", true),
            arrival("d1", "message.received", "m1", "", true),
            arrival("d2", "message.sent", "m2", "", true),
            arrival("d3", "message.status", "m2", "delivered", true),
        ];
        (messages, arrivals)
    }

    #[test]
    fn what_was_taken_in_order_holds() {
        let (messages, arrivals) = fine();
        let verdict = judge(&messages, &arrivals, 3, 1);
        assert!(verdict.holds(), "{verdict}");
        assert_eq!((verdict.repeated, verdict.deliveries), (1, 3));
    }

    #[test]
    fn what_was_never_taken_is_missing() {
        let (messages, arrivals) = fine();
        for at in 1..arrivals.len() {
            let mut some = arrivals.clone();
            let id = some[at].id.clone();
            some.retain(|one| one.id != id || !one.taken);
            let verdict = judge(&messages, &some, 3, 1);
            assert_eq!(verdict.missing, 1, "{id}");
            assert!(!verdict.holds());
        }
    }

    #[test]
    fn what_overtakes_or_comes_back_is_out_of_order() {
        let (messages, mut arrivals) = fine();
        // The second comes before the first was taken.
        arrivals.remove(1);
        arrivals.remove(1);
        assert!(judge(&messages, &arrivals, 3, 1).disordered > 0);
        let (messages, mut arrivals) = fine();
        // The first comes again after the second.
        arrivals.push(arrivals[0].clone());
        assert!(judge(&messages, &arrivals, 3, 1).disordered > 0);
    }

    #[test]
    fn what_is_not_signed_is_found() {
        let (messages, mut arrivals) = fine();
        arrivals[3].signed = false;
        assert_eq!(judge(&messages, &arrivals, 3, 1).unsigned, 1);
    }
}
