//! What a campaign is sent for: events of people that count as its success.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Problem;
use crate::event::name_problem;

/// Most goals of a campaign.
pub const MOST_GOALS: usize = 10;
/// Most hours in which a goal may be reached: ninety days.
pub const MOST_HOURS: u32 = 2_160;

/// An event that counts as a success of the campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// The event's name, as it is tracked.
    pub event: String,
    /// Within how many hours after the message was handed over.
    #[serde(default = "three_days")]
    pub within_hours: u32,
}

fn three_days() -> u32 {
    72
}

/// What is wrong with goals.
pub(super) fn problems(goals: &[Goal]) -> Vec<Problem> {
    let mut found = Vec::new();
    if goals.len() > MOST_GOALS {
        let message = format!("a campaign has at most {MOST_GOALS} goals");
        found.push(Problem::new("settings.goals", "out_of_range", message).with("most", 10));
    }
    let mut names = BTreeSet::new();
    for (at, goal) in goals.iter().enumerate() {
        let field = |part: &str| format!("settings.goals[{at}].{part}");
        if let Some(message) = name_problem(&goal.event) {
            found.push(Problem::new(field("event"), "invalid", message));
        } else if !names.insert(goal.event.as_str()) {
            let message = "another goal has this event: state it once, with the longer time";
            found.push(Problem::new(field("event"), "duplicate", message));
        }
        if !(1..=MOST_HOURS).contains(&goal.within_hours) {
            let message = format!("choose a number from 1 to {MOST_HOURS}");
            found.push(
                Problem::new(field("within_hours"), "out_of_range", message)
                    .with("least", 1)
                    .with("most", i64::from(MOST_HOURS)),
            );
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_goal_is_named() {
        let read = |text: &str| serde_json::from_str::<Vec<Goal>>(text).unwrap();
        let goals = read(
            r#"[{"event": "Order Placed"}, {"event": " Order Placed"}, {"event": "Order Placed"},
                {"event": "Cart", "within_hours": 0}, {"event": "Visit", "within_hours": 2161}]"#,
        );
        assert_eq!(goals[0].within_hours, 72);
        let fields: Vec<_> = problems(&goals)
            .into_iter()
            .map(|p| (p.field, p.code))
            .collect();
        let wanted = [
            ("settings.goals[1].event", "invalid"),
            ("settings.goals[2].event", "duplicate"),
            ("settings.goals[3].within_hours", "out_of_range"),
            ("settings.goals[4].within_hours", "out_of_range"),
        ];
        assert_eq!(fields, wanted.map(|(field, code)| (field.to_owned(), code)));
        let many: Vec<Goal> = (0..11)
            .map(|at| Goal {
                event: format!("E{at}"),
                within_hours: 1,
            })
            .collect();
        assert_eq!(problems(&many)[0].field, "settings.goals");
        assert!(serde_json::from_str::<Goal>(r#"{"event": "E", "within": 3}"#).is_err());
    }
}
