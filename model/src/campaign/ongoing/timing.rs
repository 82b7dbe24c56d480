//! How long a run waits, by the clock of the person where days or a time of day are meant.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::schedule::{Zoned, time};
use super::Problem;
use crate::Timestamp;

/// A wait: days of the person's calendar, then hours and minutes, then until a time of day.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Delay {
    /// Days of the person's calendar, 0 to 365: the same time of day, also where the clocks change.
    pub days: u32,
    /// Hours, 0 to 72.
    pub hours: u32,
    /// Minutes, 0 to 59.
    pub minutes: u32,
    /// Then until this time of the person's own clock, `10:00`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

impl Delay {
    /// Whether the person's own clock matters.
    pub fn needs_zone(&self) -> bool {
        self.days > 0 || self.at.is_some()
    }

    /// When a run that began at an instant is due.
    pub fn due(&self, began: Timestamp, zone: &Zoned) -> Timestamp {
        let short =
            Duration::from_secs(u64::from(self.hours) * 3_600 + u64::from(self.minutes) * 60);
        let mut at = began;
        if self.days > 0 {
            at = zone
                .local(began)
                .and_then(|local| {
                    local
                        .checked_add(jiff::Span::new().days(i64::from(self.days)))
                        .ok()
                })
                .and_then(|local| zone.instant(local))
                .unwrap_or_else(|| began.plus(Duration::from_hours(24).saturating_mul(self.days)));
        }
        at = at.plus(short);
        let Some(clock) = self.at.as_deref().and_then(time) else {
            return at;
        };
        next(at, clock, zone).unwrap_or(at)
    }

    /// What is wrong with it.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        for (field, value, most) in [
            ("days", self.days, 365),
            ("hours", self.hours, 72),
            ("minutes", self.minutes, 59),
        ] {
            if value > most {
                let message = format!("choose a number from 0 to {most}");
                found.push(
                    Problem::new(format!("ongoing.delay.{field}"), "out_of_range", message)
                        .with("least", 0)
                        .with("most", i64::from(most)),
                );
            }
        }
        if self.at.as_deref().is_some_and(|text| time(text).is_none()) {
            let message = "write the time like 10:00";
            found.push(Problem::new("ongoing.delay.at", "invalid", message));
        }
        found
    }
}

/// The next instant, from `at` on, at which a clock of the zone shows a time.
pub(super) fn next(at: Timestamp, clock: jiff::civil::Time, zone: &Zoned) -> Option<Timestamp> {
    let today = zone.local(at)?.date();
    let wanted = zone.instant(today.to_datetime(clock))?;
    if wanted >= at {
        return Some(wanted);
    }
    zone.instant(today.tomorrow().ok()?.to_datetime(clock))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn due(delay: &str, began: &str, zone: &str) -> String {
        let delay: Delay = serde_json::from_str(delay).unwrap();
        let zone = Zoned::of(Some(zone), None, "UTC");
        delay.due(at(began), &zone).to_string()
    }

    #[test]
    fn hours_pass_everywhere_alike() {
        assert_eq!(
            due(
                r#"{"hours": 2, "minutes": 30}"#,
                "2026-10-24T23:00:00Z",
                "Europe/Berlin"
            ),
            at("2026-10-25T01:30:00Z").to_string()
        );
    }

    #[test]
    fn days_keep_the_time_of_day_where_clocks_change() {
        // Berlin goes back an hour in the night to 25 October 2026, New York on 1 November.
        assert_eq!(
            due(r#"{"days": 1}"#, "2026-10-24T10:00:00Z", "Europe/Berlin"),
            at("2026-10-25T11:00:00Z").to_string()
        );
        assert_eq!(
            due(r#"{"days": 1}"#, "2026-10-24T10:00:00Z", "Asia/Kolkata"),
            at("2026-10-25T10:00:00Z").to_string()
        );
        // 02:30 on 29 March 2026 does not exist in Berlin: the clock shows 03:30 then.
        assert_eq!(
            due(r#"{"days": 1}"#, "2026-03-28T01:30:00Z", "Europe/Berlin"),
            at("2026-03-29T01:30:00Z").to_string()
        );
    }

    #[test]
    fn a_time_of_day_is_the_next_one_by_the_persons_clock() {
        let delay = r#"{"hours": 1, "at": "10:00"}"#;
        assert_eq!(
            due(delay, "2026-11-27T03:00:00Z", "Asia/Kolkata"),
            at("2026-11-27T04:30:00Z").to_string()
        );
        assert_eq!(
            due(delay, "2026-11-27T03:31:00Z", "Asia/Kolkata"),
            at("2026-11-28T04:30:00Z").to_string()
        );
    }
}
