//! The comparison: our record of answers, the product's messages, the simulator's ledger.
//! A pure function of the three, so that each kind of broken promise has a test that it is found.

use super::load::Record;
use crate::load::inventory::Message;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A message that the simulator accepted, as its ledger tells.
pub(super) struct Accepted {
    text: String,
}

impl Accepted {
    /// An entry of the ledger; messages that are none of the proof's own are left out.
    pub(super) fn parse(entry: &Value) -> Option<Self> {
        let text = entry["body"]["text"]["body"].as_str()?;
        text.starts_with("out-").then(|| Self {
            text: text.to_owned(),
        })
    }
}

/// What was found. The first four must be nought (or one, for the most per message).
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    kills: u32,
    recipients: usize,
    webhooks: usize,
    sends: usize,
    accepted: usize,
    /// Webhooks that were answered 200 and are not in the inbox.
    lost: usize,
    /// Webhooks that are in the inbox more than once.
    repeated: usize,
    /// The most often that one message was accepted.
    max_per_recipient: usize,
    /// Sends whose state is missing, still moving, or at odds with the ledger.
    unaccounted: usize,
    unknown: usize,
    unconfirmed: usize,
    /// Some of what is wrong, by text.
    examples: Vec<String>,
}

impl Verdict {
    /// Whether every promise was kept.
    pub(super) fn holds(&self) -> bool {
        self.lost == 0 && self.repeated == 0 && self.max_per_recipient <= 1 && self.unaccounted == 0
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "bench": "chaos",
            "kills": self.kills,
            "recipients": self.recipients,
            "webhooks": self.webhooks,
            "sends": self.sends,
            "accepted": self.accepted,
            "lost": self.lost,
            "repeated": self.repeated,
            "max_per_recipient": self.max_per_recipient,
            "unaccounted": self.unaccounted,
            "unknown": self.unknown,
            "unconfirmed": self.unconfirmed,
            "examples": self.examples,
        })
    }

    fn wrong(&mut self, what: &str, text: &str) {
        if self.examples.len() < 20 {
            self.examples.push(format!("{text}: {what}"));
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "{} kills, {} people: {} webhooks answered, {} lost, {} repeated",
            self.kills, self.recipients, self.webhooks, self.lost, self.repeated
        )?;
        write!(
            out,
            "{} sends answered, {} accepted, at most {} per message, {} unaccounted, {} unknown, {} unconfirmed",
            self.sends,
            self.accepted,
            self.max_per_recipient,
            self.unaccounted,
            self.unknown,
            self.unconfirmed
        )?;
        self.examples
            .iter()
            .try_for_each(|example| write!(out, "\n  {example}"))
    }
}

/// Compare.
pub(super) fn judge(
    record: &Record,
    messages: &[Message],
    accepted: &[Accepted],
    kills: u32,
    recipients: usize,
) -> Verdict {
    let mut verdict = Verdict {
        kills,
        recipients,
        webhooks: record.webhooks.len(),
        sends: record.sends.len(),
        accepted: accepted.len(),
        ..Verdict::default()
    };
    inbound(record, messages, &mut verdict);
    outbound(record, messages, accepted, &mut verdict);
    verdict
}

fn inbound(record: &Record, messages: &[Message], verdict: &mut Verdict) {
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    for message in messages.iter().filter(|message| !message.outgoing) {
        *shown.entry(&message.text).or_default() += 1;
    }
    for text in &record.webhooks {
        if !shown.contains_key(text.as_str()) {
            verdict.lost += 1;
            verdict.wrong("was answered 200 and is not in the inbox", text);
        }
    }
    for (text, count) in shown {
        if text.starts_with("in-") && count > 1 {
            verdict.repeated += 1;
            verdict.wrong("is in the inbox more than once", text);
        }
    }
}

fn outbound(record: &Record, messages: &[Message], accepted: &[Accepted], verdict: &mut Verdict) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in accepted {
        *counts.entry(&entry.text).or_default() += 1;
    }
    for (text, count) in &counts {
        verdict.max_per_recipient = verdict.max_per_recipient.max(*count);
        if *count > 1 {
            verdict.wrong("was accepted more than once", text);
        }
    }
    let mut known = BTreeSet::new();
    for message in messages
        .iter()
        .filter(|message| message.outgoing && message.text.starts_with("out-"))
    {
        let was_accepted = counts.contains_key(message.text.as_str());
        verdict.unknown += usize::from(message.state == "unknown");
        verdict.unconfirmed += usize::from(message.state == "unconfirmed");
        if !agrees(message, was_accepted) || !known.insert(message.text.as_str()) {
            verdict.unaccounted += 1;
            verdict.wrong(
                &format!("is {} here, accepted there: {was_accepted}", message.state),
                &message.text,
            );
        }
    }
    // An answer names a message, and an accepted message is one of ours.
    let ids: BTreeSet<&str> = messages.iter().map(|message| message.id.as_str()).collect();
    for (text, id) in &record.sends {
        if !ids.contains(id.as_str()) {
            verdict.unaccounted += 1;
            verdict.wrong("was answered 202 and is not in the thread", text);
        }
    }
    for text in counts.keys().filter(|text| !known.contains(**text)) {
        verdict.unaccounted += 1;
        verdict.wrong("was accepted and is not in the thread", text);
    }
}

/// Whether a state says what the ledger says. Only the honest “unknown” fits both.
fn agrees(message: &Message, was_accepted: bool) -> bool {
    match message.state.as_str() {
        "accepted" | "sent" | "delivered" | "read" | "played" => was_accepted,
        "unknown" | "unconfirmed" => true,
        "failed" | "skipped" => message.has_reason,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str, outgoing: bool, state: &str) -> Message {
        Message {
            id: format!("id of {text}"),
            outgoing,
            text: text.to_owned(),
            state: state.to_owned(),
            has_reason: false,
        }
    }

    struct Case {
        record: Record,
        messages: Vec<Message>,
        accepted: Vec<Accepted>,
    }

    impl Case {
        /// Two webhooks and two sends, all well.
        fn good() -> Self {
            let record = Record {
                webhooks: vec!["in-1".to_owned(), "in-2".to_owned()],
                sends: ["out-1", "out-2"]
                    .map(|text| (text.to_owned(), format!("id of {text}")))
                    .into(),
            };
            let messages = vec![
                message("Hello", false, ""),
                message("Hello", false, ""),
                message("in-1", false, ""),
                message("in-2", false, ""),
                message("out-1", true, "read"),
                message("out-2", true, "unknown"),
            ];
            Self {
                record,
                messages,
                accepted: vec![Accepted {
                    text: "out-1".to_owned(),
                }],
            }
        }

        fn verdict(&self) -> Verdict {
            judge(&self.record, &self.messages, &self.accepted, 1, 2)
        }
    }

    #[test]
    fn a_good_run_holds() {
        let verdict = Case::good().verdict();
        assert!(verdict.holds(), "{verdict}");
        assert_eq!((verdict.accepted, verdict.unknown), (1, 1));
    }

    #[test]
    fn a_webhook_that_is_gone_is_found() {
        let mut case = Case::good();
        case.messages.retain(|message| message.text != "in-2");
        assert_eq!(case.verdict().lost, 1);
        assert!(!case.verdict().holds());
    }

    #[test]
    fn a_webhook_that_was_applied_twice_is_found() {
        let mut case = Case::good();
        case.messages.push(message("in-1", false, ""));
        assert_eq!(case.verdict().repeated, 1);
        assert!(!case.verdict().holds());
    }

    #[test]
    fn a_send_that_was_accepted_twice_is_found() {
        let mut case = Case::good();
        case.accepted.push(Accepted {
            text: "out-1".to_owned(),
        });
        assert_eq!(case.verdict().max_per_recipient, 2);
        assert!(!case.verdict().holds());
    }

    #[test]
    fn sends_without_a_true_state_are_found() {
        for state in ["queued", "attempting", "failed", "delivered", ""] {
            let mut case = Case::good();
            case.messages[5].state = state.to_owned();
            assert_eq!(case.verdict().unaccounted, 1, "{state}");
        }
        let mut case = Case::good();
        case.messages.pop();
        assert_eq!(case.verdict().unaccounted, 1, "answered and gone");
        let mut case = Case::good();
        case.accepted.push(Accepted {
            text: "out-9".to_owned(),
        });
        assert_eq!(case.verdict().unaccounted, 1, "accepted and never ours");
    }
}
