//! On-going campaigns: what starts a run for a person, how long it waits, on what condition it goes
//! on, who may run again, and which of several messages a person gets.
//!
//! The rest — number, first message, filter on the person, quiet hours, cap, goals, brakes — is what
//! every campaign has. A started campaign is edited in versions; a run keeps the version it began with.

mod arm;
pub mod ending;
mod matcher;
mod timing;
mod trigger;

pub use arm::{Arm, entry_of, round};
pub use matcher::Matcher;
pub use timing::Delay;
pub use trigger::{EventTrigger, Signal, Trigger};

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Problem, Variables};
use crate::audience::EventTest;
use crate::{TemplateId, Timestamp};

/// Most messages beside the first that a campaign may try against each other.
pub const MOST_VARIANTS: usize = 4;

/// What makes a campaign on-going.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ongoing {
    /// What starts a run; a draft may have none yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Trigger>,
    /// How long a run waits.
    pub delay: Delay,
    /// What must not happen meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unless: Option<Unless>,
    /// Who may run again.
    pub reentry: Reentry,
    /// How many of a hundred get nothing, to compare with; the same people each time.
    pub holdout_percent: u32,
    /// A run that is due more than so many hours ago is dropped: a message about what happened long
    /// ago helps nobody.
    pub late_after_hours: u32,
    /// The trait that holds a person's zone; else the number's country decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone_trait: Option<String>,
    /// What else is tried against the campaign's own message.
    pub variants: Vec<Variant>,
}

impl Default for Ongoing {
    fn default() -> Self {
        Self {
            trigger: None,
            delay: Delay::default(),
            unless: None,
            reentry: Reentry::Each,
            holdout_percent: 0,
            late_after_hours: 24,
            zone_trait: None,
            variants: Vec::new(),
        }
    }
}

/// Something that must not happen between the start of a run and its message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unless {
    /// What the person must not do.
    #[serde(deserialize_with = "trigger::read_event")]
    pub event: EventTest,
    /// For how many hours after the start it is waited for, 1 to 720.
    pub within_hours: u32,
}

/// Whether somebody who has run before may run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reentry {
    /// Once in a lifetime.
    Never,
    /// Each time that it happens.
    Each,
    /// When the last start is so many days ago, 1 to 365.
    AfterDays(u32),
}

impl Reentry {
    /// The latest last start with which one may run again at `now`; `None` when nobody may.
    pub fn latest(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Never => None,
            Self::Each => Some(Timestamp::from_micros(i64::MAX)),
            Self::AfterDays(days) => Some(now.minus(Duration::from_hours(24).saturating_mul(days))),
        }
    }
}

/// Another message that is tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// What people call it.
    pub name: String,
    /// How many of a hundred get it; the campaign's own message has the rest.
    pub share: u32,
    /// Its template.
    pub template_id: TemplateId,
    /// What its variables say.
    #[serde(default)]
    pub variables: Variables,
    /// The header's file or place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<Value>,
}

impl Ongoing {
    /// What is wrong with it. A draft may lack a trigger, one that is started may not.
    pub fn problems(&self, started: bool) -> Vec<Problem> {
        let mut found = Vec::new();
        match &self.trigger {
            Some(trigger) => found.extend(trigger.problems()),
            None if started => found.push(Problem::new(
                "ongoing.trigger",
                "required",
                "choose what starts it",
            )),
            None => {}
        }
        found.extend(self.delay.problems());
        let mut range = |field: &str, value: u32, least: u32, most: u32| {
            if !(least..=most).contains(&value) {
                let message = format!("choose a number from {least} to {most}");
                found.push(
                    Problem::new(format!("ongoing.{field}"), "out_of_range", message)
                        .with("least", i64::from(least))
                        .with("most", i64::from(most)),
                );
            }
        };
        if let Some(unless) = &self.unless {
            range("unless.within_hours", unless.within_hours, 1, 720);
        }
        if let Reentry::AfterDays(days) = self.reentry {
            range("reentry.after_days", days, 1, 365);
        }
        range("holdout_percent", self.holdout_percent, 0, 50);
        range("late_after_hours", self.late_after_hours, 1, 720);
        for (at, variant) in self.variants.iter().enumerate() {
            range(&format!("variants[{at}].share"), variant.share, 1, 99);
        }
        found.extend(self.variant_problems());
        found
    }

    fn variant_problems(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        if self.variants.len() > MOST_VARIANTS {
            let message = format!("try at most {MOST_VARIANTS} messages beside the first");
            found.push(
                Problem::new("ongoing.variants", "out_of_range", message)
                    .with("most", MOST_VARIANTS as i64),
            );
        }
        let shares: u64 = self.variants.iter().map(|one| u64::from(one.share)).sum();
        if shares > 99 {
            found.push(
                Problem::new(
                    "ongoing.variants",
                    "shares",
                    "leave a share for the first message: the others may have 99 of a hundred together",
                )
                .with("most", 99),
            );
        }
        let mut names = BTreeSet::new();
        for (at, variant) in self.variants.iter().enumerate() {
            let field = format!("ongoing.variants[{at}].name");
            if variant.name.trim().is_empty() || variant.name.len() > 100 {
                let message = "give it a name of at most 100 bytes";
                found.push(Problem::new(field, "invalid", message));
            } else if !names.insert(variant.name.trim()) {
                let message = "another message has this name";
                found.push(Problem::new(field, "duplicate", message));
            }
        }
        found
    }

    /// Until when a run that began at an instant is watched for what must not happen; `None` when
    /// nothing is.
    pub fn watched_until(&self, began: Timestamp) -> Option<Timestamp> {
        let unless = self.unless.as_ref()?;
        Some(began.plus(Duration::from_hours(u64::from(unless.within_hours))))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_left_out_is_a_default_and_what_is_unknown_is_refused() {
        let read: Ongoing = serde_json::from_value(json!({})).unwrap();
        assert_eq!(read, Ongoing::default());
        assert!(read.problems(false).is_empty());
        assert_eq!(read.problems(true)[0].field, "ongoing.trigger");
        assert!(serde_json::from_value::<Ongoing>(json!({"wait": 1})).is_err());
        let read: Ongoing = serde_json::from_value(json!({
            "trigger": {"event": {"name": "Cart Left", "where": [{"key": "total", "is": {"gte": 10}}]}},
            "delay": {"hours": 2},
            "unless": {"event": {"name": "Order Placed"}, "within_hours": 2},
            "reentry": {"after_days": 7},
        }))
        .unwrap();
        assert!(read.problems(true).is_empty());
        let again: Ongoing = serde_json::from_value(serde_json::to_value(&read).unwrap()).unwrap();
        assert_eq!(again, read);
    }

    #[test]
    fn each_wrong_figure_is_named() {
        let variant = |name: &str, share| {
            json!({"name": name, "share": share,
                   "template_id": "template_01h455vb4pex5vsknk084sn02q"})
        };
        let read: Ongoing = serde_json::from_value(json!({
            "trigger": {"trait_changed": {"trait": ""}},
            "delay": {"days": 400, "at": "25:00"},
            "unless": {"event": {"name": "X"}, "within_hours": 0},
            "reentry": {"after_days": 0},
            "holdout_percent": 51,
            "late_after_hours": 0,
            "variants": [variant("B", 50), variant("B", 50), variant(" ", 0)],
        }))
        .unwrap();
        let fields: Vec<_> = read.problems(true).into_iter().map(|p| p.field).collect();
        assert_eq!(
            fields,
            [
                "ongoing.trigger.trait",
                "ongoing.delay.days",
                "ongoing.delay.at",
                "ongoing.unless.within_hours",
                "ongoing.reentry.after_days",
                "ongoing.holdout_percent",
                "ongoing.late_after_hours",
                "ongoing.variants[2].share",
                "ongoing.variants",
                "ongoing.variants[1].name",
                "ongoing.variants[2].name",
            ]
        );
    }

    #[test]
    fn who_may_run_again() {
        let now = Timestamp::from_seconds(1_000_000);
        assert_eq!(Reentry::Never.latest(now), None);
        assert!(Reentry::Each.latest(now).unwrap() > now);
        assert_eq!(
            Reentry::AfterDays(2).latest(now),
            Some(Timestamp::from_seconds(1_000_000 - 2 * 86_400))
        );
    }
}
