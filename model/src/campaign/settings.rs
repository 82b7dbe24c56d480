//! What a campaign's owner may set: the time to take it back, the canary, the brakes, the cap, the
//! second round, the goals.

use serde::{Deserialize, Serialize};

use super::{Goal, Problem, Utm, goals};

/// All settings, each with a default that a careful sender would choose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Seconds in which a sending may be taken back before anything leaves.
    pub undo_seconds: u32,
    /// Some get it first.
    pub canary: Option<Canary>,
    /// When it holds by itself.
    pub brakes: Brakes,
    /// How many marketing messages a person gets at most.
    pub cap: Option<Cap>,
    /// Another try for those whom Meta withheld it from (131049).
    pub second_round: Option<SecondRound>,
    /// Leaves out who waits for another campaign's message.
    pub skip_in_other_campaigns: bool,
    /// Messages per second at most; the number's own rate when there is none.
    pub rate_per_second: Option<u32>,
    /// For how long after it was sent an answer counts as a reply to it.
    pub reply_within_hours: u32,
    /// What is added to the destinations of short links; none: nothing.
    pub utm: Option<Utm>,
    /// Events that count as its success.
    pub goals: Vec<Goal>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            undo_seconds: 10,
            canary: Some(Canary::default()),
            brakes: Brakes::default(),
            cap: None,
            second_round: None,
            skip_in_other_campaigns: false,
            rate_per_second: None,
            reply_within_hours: 72,
            utm: None,
            goals: Vec::new(),
        }
    }
}

/// A share of the people gets it first; then it waits for what comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Canary {
    /// Only above so many people.
    pub above: u32,
    /// Percent of them, 1 to 5.
    pub percent: u32,
    /// How long it then waits.
    pub wait_seconds: u32,
}

impl Default for Canary {
    fn default() -> Self {
        Self {
            above: 5_000,
            percent: 2,
            wait_seconds: 900,
        }
    }
}

/// When a campaign holds by itself and waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Brakes {
    /// Percent of failures among the last outcomes; none: never.
    pub failure_percent: Option<f64>,
    /// Percent of opt-outs among the last outcomes; none: never.
    pub opt_out_percent: Option<f64>,
    /// How many of the last outcomes are looked at; fewer decide nothing.
    pub window: u32,
    /// Whether a number that Meta calls red holds it.
    pub quality_red: bool,
}

impl Default for Brakes {
    fn default() -> Self {
        Self {
            failure_percent: Some(20.0),
            opt_out_percent: Some(3.0),
            window: 200,
            quality_red: true,
        }
    }
}

/// At most so many marketing messages of campaigns per person in so many days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// Messages.
    pub messages: u32,
    /// Days.
    pub days: u32,
}

/// Another try, as new rows, for those whom Meta withheld it from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecondRound {
    /// Not before; Meta asks for 24.
    pub after_hours: u32,
}

impl Default for SecondRound {
    fn default() -> Self {
        Self { after_hours: 24 }
    }
}

/// What has come of the messages of a campaign, as far as brakes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcomes {
    /// Messages that Meta said anything final about: failed, sent or further.
    pub known: i64,
    /// Of them, those that failed.
    pub failed: i64,
    /// People who opted out after it.
    pub opted_out: i64,
}

impl Outcomes {
    /// What came since an earlier count.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            known: self.known - earlier.known,
            failed: self.failed - earlier.failed,
            opted_out: self.opted_out - earlier.opted_out,
        }
    }
}

impl Brakes {
    /// Whether these last outcomes are too bad; `enough` is how many must be known to decide.
    pub fn judge(&self, last: Outcomes, enough: i64) -> Option<super::Held> {
        if last.known < enough.max(1) {
            return None;
        }
        let over = |count: i64, limit: Option<f64>| {
            limit.is_some_and(|limit| count as f64 * 100.0 > limit * last.known as f64)
        };
        if over(last.failed, self.failure_percent) {
            Some(super::Held::FailureRate)
        } else if over(last.opted_out, self.opt_out_percent) {
            Some(super::Held::OptOutRate)
        } else {
            None
        }
    }
}

impl Settings {
    /// What is wrong with them.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        let mut range = |field: &str, value: u32, least: u32, most: u32| {
            if !(least..=most).contains(&value) {
                let message = format!("choose a number from {least} to {most}");
                found.push(
                    Problem::new(format!("settings.{field}"), "out_of_range", message)
                        .with("least", i64::from(least))
                        .with("most", i64::from(most)),
                );
            }
        };
        range("undo_seconds", self.undo_seconds, 0, 600);
        range("reply_within_hours", self.reply_within_hours, 1, 720);
        range("brakes.window", self.brakes.window, 10, 100_000);
        if let Some(canary) = self.canary {
            range("canary.percent", canary.percent, 1, 5);
            range("canary.above", canary.above, 20, 10_000_000);
            range("canary.wait_seconds", canary.wait_seconds, 1, 86_400);
        }
        if let Some(cap) = self.cap {
            range("cap.messages", cap.messages, 1, 1_000);
            range("cap.days", cap.days, 1, 90);
        }
        if let Some(round) = self.second_round {
            range("second_round.after_hours", round.after_hours, 24, 168);
        }
        if let Some(rate) = self.rate_per_second {
            range("rate_per_second", rate, 1, 1_000);
        }
        for (field, percent) in [
            ("failure_percent", self.brakes.failure_percent),
            ("opt_out_percent", self.brakes.opt_out_percent),
        ] {
            if percent.is_some_and(|percent| !(0.1..=100.0).contains(&percent)) {
                found.push(Problem::new(
                    format!("settings.brakes.{field}"),
                    "out_of_range",
                    "choose a share from 0.1 to 100 percent, or null for none",
                ));
            }
        }
        found.extend(self.utm.iter().flat_map(Utm::problems));
        found.extend(goals::problems(&self.goals));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::Held;

    #[test]
    fn the_defaults_are_right_and_what_is_left_out_is_one() {
        assert!(Settings::default().problems().is_empty());
        let read: Settings = serde_json::from_str(r#"{"undo_seconds": 5}"#).unwrap();
        assert_eq!(
            read,
            Settings {
                undo_seconds: 5,
                ..Settings::default()
            }
        );
        assert!(serde_json::from_str::<Settings>(r#"{"undo": 5}"#).is_err());
    }

    #[test]
    fn each_wrong_figure_is_named() {
        let settings = Settings {
            undo_seconds: 601,
            canary: Some(Canary {
                percent: 6,
                ..Canary::default()
            }),
            brakes: Brakes {
                failure_percent: Some(f64::NAN),
                ..Brakes::default()
            },
            second_round: Some(SecondRound { after_hours: 1 }),
            ..Settings::default()
        };
        let fields: Vec<_> = settings.problems().into_iter().map(|p| p.field).collect();
        assert_eq!(
            fields,
            [
                "settings.undo_seconds",
                "settings.canary.percent",
                "settings.second_round.after_hours",
                "settings.brakes.failure_percent"
            ]
        );
    }

    #[test]
    fn brakes_decide_on_enough_outcomes_only() {
        let brakes = Brakes {
            failure_percent: Some(20.0),
            opt_out_percent: Some(2.0),
            ..Brakes::default()
        };
        let of = |known, failed, opted_out| Outcomes {
            known,
            failed,
            opted_out,
        };
        assert_eq!(brakes.judge(of(199, 199, 0), 200), None);
        assert_eq!(brakes.judge(of(200, 40, 4), 200), None);
        assert_eq!(brakes.judge(of(200, 41, 0), 200), Some(Held::FailureRate));
        assert_eq!(brakes.judge(of(200, 0, 5), 200), Some(Held::OptOutRate));
        let off = Brakes {
            failure_percent: None,
            opt_out_percent: None,
            ..brakes
        };
        assert_eq!(off.judge(of(200, 200, 200), 200), None);
        assert_eq!(of(10, 4, 1).since(of(6, 3, 0)), of(4, 1, 1));
    }
}
