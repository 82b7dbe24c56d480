//! When a campaign begins and when each person's message is due.

use std::time::Duration;

use jiff::civil;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{Problem, zones};
use crate::Timestamp;

/// When a campaign goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case", deny_unknown_fields)]
pub enum Schedule {
    /// As soon as it is sent.
    Now {
        /// When nobody is written to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quiet: Option<Quiet>,
    },
    /// At an instant.
    At {
        /// The instant.
        at: Timestamp,
        /// The zone in which it was chosen, to show it again.
        zone: String,
        /// When nobody is written to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quiet: Option<Quiet>,
    },
    /// At a time of each person's own clock. Whose time has gone by gets it at once.
    Local {
        /// The day, `2026-12-01`.
        date: String,
        /// The time, `10:00`.
        time: String,
        /// The trait that holds a person's zone; else the number's country decides.
        #[serde(default)]
        r#trait: Option<String>,
        /// When nobody is written to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quiet: Option<Quiet>,
    },
}

impl Default for Schedule {
    fn default() -> Self {
        Self::Now { quiet: None }
    }
}

/// Hours of a person's own clock in which nothing leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quiet {
    /// From, `21:00`.
    pub from: String,
    /// To, `09:00`: the next day when it is earlier.
    pub to: String,
}

/// From where a person's zone is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ZoneFrom {
    /// A trait of the person.
    Trait,
    /// The country, which has one time.
    Country,
    /// The country, which has several: where most of its people live.
    CountryOfSeveral,
    /// Neither: the workspace's.
    Default,
}

impl ZoneFrom {
    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trait => "trait",
            Self::Country => "country",
            Self::CountryOfSeveral => "country_of_several",
            Self::Default => "default",
        }
    }
}

/// A person's zone.
#[derive(Debug, Clone)]
pub struct Zoned {
    /// Its IANA name.
    pub name: String,
    /// From where it is known.
    pub from: ZoneFrom,
    zone: TimeZone,
}

impl Zoned {
    /// The zone of a person: what the trait says, else the country's, else the workspace's.
    pub fn of(stated: Option<&str>, country: Option<&str>, workspace: &str) -> Self {
        if let Some(zone) = stated.and_then(zones::zone) {
            return Self::new(zone, stated.unwrap_or_default(), ZoneFrom::Trait);
        }
        if let Some(known) = country.and_then(zones::of_country)
            && let Some(zone) = zones::zone(known.zone)
        {
            let from = if known.several {
                ZoneFrom::CountryOfSeveral
            } else {
                ZoneFrom::Country
            };
            return Self::new(zone, known.zone, from);
        }
        let zone = zones::zone(workspace).unwrap_or(TimeZone::UTC);
        Self::new(zone, workspace, ZoneFrom::Default)
    }

    fn new(zone: TimeZone, name: &str, from: ZoneFrom) -> Self {
        Self {
            name: zone.iana_name().unwrap_or(name).to_owned(),
            from,
            zone,
        }
    }

    pub(super) fn local(&self, at: Timestamp) -> Option<civil::DateTime> {
        let at = jiff::Timestamp::from_microsecond(at.as_micros()).ok()?;
        Some(self.zone.to_datetime(at))
    }

    /// The day of an instant by this clock: `2026-11-27`.
    pub fn day(&self, at: Timestamp) -> String {
        self.local(at)
            .map(|local| local.date().to_string())
            .unwrap_or_default()
    }

    /// The instant of a local time; one that the clock leaps over comes an hour later.
    pub(super) fn instant(&self, local: civil::DateTime) -> Option<Timestamp> {
        let at = self.zone.to_timestamp(local).ok()?;
        Some(Timestamp::from_micros(at.as_microsecond()))
    }
}

/// When a person's message is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The instant.
    pub at: Timestamp,
    /// Whether the time of the person's own clock had gone by.
    pub late: bool,
}

/// How far ahead of UTC a clock can be.
const FARTHEST: Duration = Duration::from_hours(14);

impl Quiet {
    fn span(&self) -> Option<(civil::Time, civil::Time)> {
        let (from, to) = (time(&self.from)?, time(&self.to)?);
        (from != to).then_some((from, to))
    }

    /// The end of the quiet hours that an instant lies in, by a person's clock; `None` outside.
    pub fn ends(&self, at: Timestamp, zone: &Zoned) -> Option<Timestamp> {
        let (from, to) = self.span()?;
        let local = zone.local(at)?;
        let now = local.time();
        let inside = if from < to {
            from <= now && now < to
        } else {
            now >= from || now < to
        };
        if !inside {
            return None;
        }
        let day = if from > to && now >= from {
            local.date().tomorrow().ok()?
        } else {
            local.date()
        };
        zone.instant(day.to_datetime(to))
    }
}

impl Schedule {
    /// The quiet hours.
    pub fn quiet(&self) -> Option<&Quiet> {
        match self {
            Self::Now { quiet } | Self::At { quiet, .. } | Self::Local { quiet, .. } => {
                quiet.as_ref()
            }
        }
    }

    /// The trait that holds a person's zone.
    pub fn zone_trait(&self) -> Option<&str> {
        match self {
            Self::Local { r#trait, .. } => r#trait.as_deref(),
            _ => None,
        }
    }

    /// Whether anything depends on a person's own clock.
    pub fn needs_zones(&self) -> bool {
        matches!(self, Self::Local { .. }) || self.quiet().is_some()
    }

    /// When the first message may be due at the earliest; `None` for at once.
    pub fn begins(&self) -> Option<Timestamp> {
        match self {
            Self::Now { .. } => None,
            Self::At { at, .. } => Some(*at),
            Self::Local { date, time, .. } => {
                let utc = Zoned::new(TimeZone::UTC, "UTC", ZoneFrom::Default);
                Some(utc.instant(moment(date, time)?)?.minus(FARTHEST))
            }
        }
    }

    /// When a person's message is due.
    pub fn due(&self, now: Timestamp, zone: &Zoned) -> Due {
        let wanted = match self {
            Self::Now { .. } => now,
            Self::At { at, .. } => (*at).max(now),
            Self::Local { date, time, .. } => moment(date, time)
                .and_then(|local| zone.instant(local))
                .unwrap_or(now),
        };
        let late = wanted < now;
        let at = wanted.max(now);
        let at = self
            .quiet()
            .and_then(|quiet| quiet.ends(at, zone))
            .unwrap_or(at);
        Due { at, late }
    }

    /// What is wrong with it.
    pub fn problems(&self, now: Timestamp) -> Vec<Problem> {
        let mut found = Vec::new();
        let mut wrong = |field: &str, code, message: &str| {
            found.push(Problem::new(format!("schedule.{field}"), code, message));
        };
        match self {
            Self::Now { .. } => {}
            Self::At { at, zone, .. } => {
                if *at <= now {
                    wrong("at", "in_the_past", "choose a time to come");
                }
                if at.since(now) > HORIZON {
                    wrong("at", "too_far", "choose a time within a year");
                }
                if zones::zone(zone).is_none() {
                    wrong("zone", "unknown", "name a zone like Asia/Kolkata");
                }
            }
            Self::Local { date, time, .. } => {
                if date.parse::<civil::Date>().is_err() {
                    wrong("date", "invalid", "write the day like 2026-12-01");
                } else if self::time(time).is_none() {
                    wrong("time", "invalid", "write the time like 10:00");
                } else if let Some(begins) = self.begins() {
                    // When it has gone by for the last clock of the earth, it has for everybody.
                    if begins.plus(FARTHEST + Duration::from_hours(12)) <= now {
                        wrong("date", "in_the_past", "choose a time to come");
                    }
                    if begins.since(now) > HORIZON {
                        wrong("date", "too_far", "choose a day within a year");
                    }
                }
            }
        }
        if let Some(quiet) = self.quiet()
            && quiet.span().is_none()
        {
            wrong(
                "quiet",
                "invalid",
                "write two different times like 21:00 and 09:00",
            );
        }
        found
    }
}

/// How far ahead a campaign may be scheduled.
const HORIZON: Duration = Duration::from_hours(366 * 24);

pub(super) fn time(text: &str) -> Option<civil::Time> {
    let (hour, minute) = text.split_once(':')?;
    if hour.len() > 2 || minute.len() != 2 {
        return None;
    }
    civil::Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn moment(date: &str, clock: &str) -> Option<civil::DateTime> {
    Some(date.parse::<civil::Date>().ok()?.to_datetime(time(clock)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn local(date: &str, time: &str, quiet: Option<Quiet>) -> Schedule {
        Schedule::Local {
            date: date.to_owned(),
            time: time.to_owned(),
            r#trait: Some("timezone".to_owned()),
            quiet,
        }
    }

    fn nights() -> Quiet {
        Quiet {
            from: "21:00".to_owned(),
            to: "09:00".to_owned(),
        }
    }

    #[test]
    fn a_zone_comes_from_trait_country_or_workspace() {
        let of = |stated, country| {
            let zone = Zoned::of(stated, country, "Asia/Kolkata");
            (zone.name, zone.from)
        };
        let name = str::to_owned;
        assert_eq!(
            of(Some("Asia/Tokyo"), Some("US")),
            (name("Asia/Tokyo"), ZoneFrom::Trait)
        );
        assert_eq!(
            of(Some("nowhere"), Some("DE")),
            (name("Europe/Berlin"), ZoneFrom::Country)
        );
        assert_eq!(
            of(None, Some("US")),
            (name("America/New_York"), ZoneFrom::CountryOfSeveral)
        );
        assert_eq!(of(None, None), (name("Asia/Kolkata"), ZoneFrom::Default));
    }

    #[test]
    fn each_persons_own_ten_oclock() {
        let now = at("2026-11-30T10:00:00Z");
        let schedule = local("2026-12-01", "10:00", None);
        for (country, wanted) in [
            ("IN", "2026-12-01T04:30:00Z"),
            ("DE", "2026-12-01T09:00:00Z"),
            ("US", "2026-12-01T15:00:00Z"),
            ("NZ", "2026-11-30T21:00:00Z"),
        ] {
            let zone = Zoned::of(None, Some(country), "UTC");
            assert_eq!(
                schedule.due(now, &zone),
                Due {
                    at: at(wanted),
                    late: false
                },
                "{country}"
            );
            assert!(schedule.begins().unwrap() <= at(wanted));
        }
        let late = at("2026-12-01T05:00:00Z");
        let india = Zoned::of(None, Some("IN"), "UTC");
        assert_eq!(
            schedule.due(late, &india),
            Due {
                at: late,
                late: true
            }
        );
    }

    #[test]
    fn an_hour_that_is_leapt_over_comes_later() {
        // Berlin's clocks go from 2:00 to 3:00.
        let schedule = local("2027-03-28", "02:30", None);
        let zone = Zoned::of(None, Some("DE"), "UTC");
        let due = schedule.due(at("2027-03-01T00:00:00Z"), &zone);
        assert_eq!(due.at, at("2027-03-28T01:30:00Z"));
    }

    #[test]
    fn quiet_hours_end_in_the_persons_morning() {
        let india = Zoned::of(None, Some("IN"), "UTC");
        let schedule = Schedule::Now {
            quiet: Some(nights()),
        };
        // 22:30 in India.
        let due = schedule.due(at("2026-12-01T17:00:00Z"), &india);
        assert_eq!(due.at, at("2026-12-02T03:30:00Z"));
        // 06:00 in India: the same day's morning.
        let due = schedule.due(at("2026-12-02T00:30:00Z"), &india);
        assert_eq!(due.at, at("2026-12-02T03:30:00Z"));
        // Noon.
        let noon = at("2026-12-02T06:30:00Z");
        assert_eq!(schedule.due(noon, &india).at, noon);
        let siesta = Quiet {
            from: "13:00".to_owned(),
            to: "15:00".to_owned(),
        };
        assert_eq!(
            siesta.ends(at("2026-12-02T08:00:00Z"), &india),
            Some(at("2026-12-02T09:30:00Z"))
        );
        assert_eq!(siesta.ends(at("2026-12-02T09:30:00Z"), &india), None);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let now = at("2026-11-30T10:00:00Z");
        let codes = |schedule: &Schedule| {
            schedule
                .problems(now)
                .into_iter()
                .map(|p| (p.field, p.code))
                .collect::<Vec<_>>()
        };
        let past = Schedule::At {
            at: now,
            zone: "Mars".to_owned(),
            quiet: None,
        };
        assert_eq!(
            codes(&past),
            [
                ("schedule.at".to_owned(), "in_the_past"),
                ("schedule.zone".to_owned(), "unknown")
            ]
        );
        assert_eq!(codes(&local("2026-13-01", "10:00", None))[0].1, "invalid");
        assert_eq!(
            codes(&local("2026-12-01", "25:00", None))[0].0,
            "schedule.time"
        );
        assert_eq!(
            codes(&local("2026-11-28", "10:00", None))[0].1,
            "in_the_past"
        );
        assert!(codes(&local("2026-11-30", "10:00", Some(nights()))).is_empty());
        let same = Quiet {
            from: "09:00".to_owned(),
            to: "09:00".to_owned(),
        };
        assert_eq!(
            codes(&Schedule::Now { quiet: Some(same) })[0].0,
            "schedule.quiet"
        );
    }

    #[test]
    fn the_json_is_as_documented() {
        for text in [
            r#"{"when":"now"}"#,
            r#"{"when":"at","at":"2026-12-01T10:00:00.000Z","zone":"Asia/Kolkata"}"#,
            r#"{"when":"local","date":"2026-12-01","time":"10:00","trait":"timezone","quiet":{"from":"21:00","to":"09:00"}}"#,
        ] {
            let read: Schedule = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
        }
        assert!(serde_json::from_str::<Schedule>(r#"{"when":"soon"}"#).is_err());
    }
}
