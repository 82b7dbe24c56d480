//! The story that the demo begins with: who wrote what how long ago. The text is in `story.json`,
//! the people are the simulator's.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::failure::{Outcome, failed};

/// A conversation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Thread {
    /// Name of one of the simulator's people.
    pub(super) person: String,
    /// Who looks after it, by the first part of the address.
    pub(super) assignee: Option<String>,
    #[serde(default)]
    pub(super) status: Status,
    /// Minutes until a snoozed one comes back.
    pub(super) snoozed_for: Option<u64>,
    /// How many of the last messages nobody has read.
    #[serde(default)]
    pub(super) unread: usize,
    #[serde(default)]
    pub(super) tags: Vec<String>,
    #[serde(default)]
    pub(super) traits: BTreeMap<String, Value>,
    pub(super) email: Option<String>,
    /// Oldest first.
    pub(super) messages: Vec<Line>,
}

/// Where a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    #[default]
    Open,
    Snoozed,
    Closed,
}

/// A message.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    /// Minutes ago.
    pub(super) ago: u64,
    /// What the person wrote.
    pub(super) r#in: Option<Words>,
    /// What the business wrote.
    pub(super) out: Option<Words>,
    /// Who wrote it: a member, or `system`.
    pub(super) by: Option<String>,
    /// How it ended; read when nothing is said.
    pub(super) state: Option<String>,
    /// Meta's code, when it failed.
    pub(super) code: Option<i64>,
    /// The place of the message that it answers.
    pub(super) reply_to: Option<usize>,
    /// The person's reaction to what the business wrote.
    pub(super) reaction: Option<String>,
}

/// What was written.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Words {
    Text(String),
    Template {
        template: String,
        language: String,
        /// By the keys of the template's variables.
        values: BTreeMap<String, String>,
    },
    /// In the simulator's form.
    Message(Value),
}

/// Reads the story.
///
/// # Errors
/// When the text is not in order, which a test rules out.
pub(super) fn read() -> Outcome<Vec<Thread>> {
    serde_json::from_str(include_str!("story.json"))
        .map_err(|error| failed(format!("the demo's story: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_story_is_in_order_and_has_some_of_everything() {
        let threads = read().unwrap();
        for thread in &threads {
            let mut before = u64::MAX;
            for (at, line) in thread.messages.iter().enumerate() {
                let place = format!("{} {at}", thread.person);
                assert!(line.ago < before, "{place}: not later than the one before");
                before = line.ago;
                assert!(line.r#in.is_some() != line.out.is_some(), "{place}");
                assert_eq!(line.out.is_some(), line.by.is_some(), "{place}");
                assert!(line.reply_to.is_none_or(|earlier| earlier < at), "{place}");
                assert!(line.reaction.is_none() || line.out.is_some(), "{place}");
            }
            let read = thread.messages.len() - thread.unread;
            assert!(
                thread.messages[read..]
                    .iter()
                    .all(|line| line.r#in.is_some()),
                "{}: only what a person wrote can be unread",
                thread.person
            );
        }
        let any = |found: fn(&Thread) -> bool| threads.iter().any(found);
        assert!(any(|thread| thread.status == Status::Closed));
        assert!(any(|thread| thread.status == Status::Snoozed));
        assert!(any(|thread| thread.assignee.is_none()));
        assert!(any(|thread| thread.unread > 1));
        assert!(any(|thread| thread
            .messages
            .iter()
            .any(|line| line.code.is_some())));
    }
}
