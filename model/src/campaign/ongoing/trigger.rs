//! What starts a run.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::super::schedule::{Zoned, time};
use super::Problem;
use super::timing::next;
use crate::audience::{EventTest, Filter, MAX_KEY, Plan, Yes, tag_key};
use crate::{SegmentId, Timestamp};

/// What starts a run, in JSON the one key of an object: `{"event": {"name": "Order Placed"}}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// The person did something.
    Event(EventTrigger),
    /// The person is new: wrote first, was imported, or made by hand or by a program.
    ContactCreated(#[serde(deserialize_with = "yes")] Yes),
    /// A trait has another value than before.
    TraitChanged {
        /// The trait's name.
        r#trait: String,
    },
    /// The person got a tag.
    TagAdded {
        /// The tag, whatever its case.
        tag: String,
    },
    /// The person lost a tag.
    TagRemoved {
        /// The tag, whatever its case.
        tag: String,
    },
    /// A day that a trait names, by the person's own clock.
    Date {
        /// The trait that holds the day.
        r#trait: String,
        /// Days after it, negative before it, -365 to 365.
        #[serde(default)]
        offset_days: i32,
        /// The time, `09:00`.
        at: String,
        /// Each year, as a birthday, rather than once.
        #[serde(default)]
        yearly: bool,
    },
    /// A saved segment finds the person and did not before, also because time has passed.
    SegmentEntered {
        /// The segment.
        segment_id: SegmentId,
    },
}

/// An event that starts a run.
#[derive(Debug, Clone, PartialEq)]
pub struct EventTrigger {
    /// What, with which particulars; once, at whatever time.
    pub test: EventTest,
    /// Whether it counts when a web page told it. Anybody may tell such an event about any number.
    pub from_web: bool,
}

/// A change of a contact that may start runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signal {
    /// It is new.
    Created,
    /// A trait has another value.
    Trait(String),
    /// It got a tag, in the form in which tags are compared.
    Tagged(String),
    /// It lost a tag, likewise.
    Untagged(String),
}

impl Signal {
    /// Kind and name, as they stand in tables.
    pub fn key(&self) -> (&'static str, &str) {
        match self {
            Self::Created => ("contact_created", ""),
            Self::Trait(key) => ("trait_changed", key),
            Self::Tagged(key) => ("tag_added", key),
            Self::Untagged(key) => ("tag_removed", key),
        }
    }
}

impl Trigger {
    /// Kind and name by which runs are started, as they stand in tables.
    pub fn key(&self) -> (&'static str, String) {
        match self {
            Self::Event(event) => ("event", event.test.name.clone()),
            Self::ContactCreated(_) => ("contact_created", String::new()),
            Self::TraitChanged { r#trait } => ("trait_changed", r#trait.clone()),
            Self::TagAdded { tag } => ("tag_added", tag_key(tag)),
            Self::TagRemoved { tag } => ("tag_removed", tag_key(tag)),
            Self::Date { r#trait, .. } => ("date", r#trait.clone()),
            Self::SegmentEntered { segment_id } => ("segment_entered", segment_id.to_string()),
        }
    }

    /// What is wrong with it.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        let mut wrong = |part: &str, code, message: &str| {
            found.push(Problem::new(
                format!("ongoing.trigger.{part}"),
                code,
                message,
            ));
        };
        match self {
            Self::Event(_) | Self::ContactCreated(_) | Self::SegmentEntered { .. } => {}
            Self::TraitChanged { r#trait } | Self::Date { r#trait, .. }
                if r#trait.trim().is_empty() || r#trait.len() > MAX_KEY =>
            {
                wrong("trait", "invalid", "name a trait");
            }
            Self::TagAdded { tag } | Self::TagRemoved { tag }
                if tag.trim().is_empty() || tag.len() > MAX_KEY =>
            {
                wrong("tag", "invalid", "name a tag");
            }
            _ => {}
        }
        if let Self::Date {
            offset_days, at, ..
        } = self
        {
            if !(-365..=365).contains(offset_days) {
                wrong(
                    "offset_days",
                    "out_of_range",
                    "choose a number from -365 to 365",
                );
            }
            if time(at).is_none() {
                wrong("at", "invalid", "write the time like 09:00");
            }
        }
        found
    }
}

impl EventTrigger {
    /// The test ready to be asked.
    ///
    /// # Errors
    /// A comparison that the value does not have.
    pub fn plan(&self, now: Timestamp) -> Result<Plan, crate::audience::Fault> {
        Plan::new(&Filter::Event(self.test.clone()), &BTreeMap::new(), now)
    }
}

impl Trigger {
    /// The next time, from `now` on, at which a day that a trait names is reached for a person, and the
    /// day by which it is told from other years: `2026-11-27`. `None` when it lies behind, or when this
    /// is no such trigger. `named` is midnight of the day in UTC, as traits keep it.
    pub fn reached(
        &self,
        named: Timestamp,
        now: Timestamp,
        zone: &Zoned,
    ) -> Option<(Timestamp, String)> {
        let Self::Date {
            offset_days,
            at,
            yearly,
            ..
        } = self
        else {
            return None;
        };
        let clock = time(at)?;
        let utc = Zoned::of(Some("UTC"), None, "UTC");
        let named = utc.local(named)?.date();
        let offset = jiff::Span::new().days(i64::from(*offset_days));
        let due = |day: jiff::civil::Date| {
            let day = day.checked_add(offset).ok()?;
            next(zone.instant(day.at(0, 0, 0, 0))?, clock, zone)
        };
        if !yearly {
            let at = due(named)?;
            return (at >= now).then(|| (at, named.to_string()));
        }
        let year = zone.local(now)?.date().year();
        // The day may lie in another year than its anniversary because of the offset.
        (-2..=2).find_map(|by| {
            let day = anniversary(named, year.checked_add(by)?)?;
            let at = due(day)?;
            (at >= now && day >= named).then(|| (at, day.to_string()))
        })
    }
}

/// The day in a year; who is born on 29 February has 1 March in others.
fn anniversary(day: jiff::civil::Date, year: i16) -> Option<jiff::civil::Date> {
    jiff::civil::Date::new(year, day.month(), day.day())
        .or_else(|_| jiff::civil::Date::new(year, 3, 1))
        .ok()
}

fn yes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Yes, D::Error> {
    if bool::deserialize(deserializer)? {
        Ok(Yes)
    } else {
        Err(D::Error::custom("write true"))
    }
}

/// Reads the test of an event through the one door of filters; how often and within what time are
/// not asked of a single event.
pub(super) fn read_event<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<EventTest, D::Error> {
    single(&Value::deserialize(deserializer)?).map_err(D::Error::custom)
}

fn single(value: &Value) -> Result<EventTest, String> {
    let read = Filter::read(&json!({"event": value})).map_err(|fault| fault.to_string())?;
    match read {
        Filter::Event(test) if test.at_least == 1 && test.within.is_none() => Ok(test),
        _ => Err("event: `at_least` and `within` cannot be asked here: leave them out".to_owned()),
    }
}

impl<'de> Deserialize<'de> for EventTrigger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut stated: Map<String, Value> = Map::deserialize(deserializer)?;
        let from_web = match stated.remove("from_web") {
            None => false,
            Some(Value::Bool(truth)) => truth,
            Some(_) => return Err(D::Error::custom("from_web: write true or false")),
        };
        let test = single(&Value::Object(stated)).map_err(D::Error::custom)?;
        Ok(Self { test, from_web })
    }
}

impl Serialize for EventTrigger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &self.test.name)?;
        if !self.test.properties.is_empty() {
            map.serialize_entry("where", &self.test.properties)?;
        }
        if self.from_web {
            map.serialize_entry("from_web", &true)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trigger(text: &str) -> Trigger {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_single_event_is_not_asked_how_often() {
        for wrong in [
            r#"{"event": {"name": "A", "at_least": 2}}"#,
            r#"{"event": {"name": "A", "within": "1d"}}"#,
            r#"{"event": {"name": "A", "from_web": "no"}}"#,
            r#"{"event": {"name": ""}}"#,
            r#"{"contact_created": false}"#,
            r#"{"moon": true}"#,
        ] {
            assert!(serde_json::from_str::<Trigger>(wrong).is_err(), "{wrong}");
        }
    }

    fn reached(text: &str, named: &str, now: &str, zone: &str) -> Option<(String, String)> {
        let zone = Zoned::of(Some(zone), None, "UTC");
        let midnight = format!("{named}T00:00:00Z").parse().unwrap();
        trigger(text)
            .reached(midnight, now.parse().unwrap(), &zone)
            .map(|(at, day)| (at.to_string(), day))
    }

    #[test]
    fn days_are_reached_by_the_persons_own_clock() {
        let said = |at: &str, day: &str| {
            Some((at.parse::<Timestamp>().unwrap().to_string(), day.to_owned()))
        };
        let yearly = r#"{"date": {"trait": "birthday", "at": "09:00", "yearly": true}}"#;
        assert_eq!(
            reached(yearly, "1990-11-28", "2026-11-27T20:00:00Z", "Asia/Kolkata"),
            said("2026-11-28T03:30:00Z", "2026-11-28")
        );
        assert_eq!(
            reached(yearly, "1990-11-28", "2026-11-28T04:00:00Z", "Asia/Kolkata"),
            said("2027-11-28T03:30:00Z", "2027-11-28")
        );
        assert_eq!(
            reached(yearly, "2000-02-29", "2026-02-01T00:00:00Z", "UTC"),
            said("2026-03-01T09:00:00Z", "2026-03-01")
        );
        let before = r#"{"date": {"trait": "renewal", "offset_days": -3, "at": "09:00"}}"#;
        assert_eq!(
            reached(
                before,
                "2027-01-02",
                "2026-12-01T00:00:00Z",
                "Europe/Berlin"
            ),
            said("2026-12-30T08:00:00Z", "2027-01-02")
        );
        assert_eq!(
            reached(before, "2026-11-29", "2026-11-27T00:00:00Z", "UTC"),
            None
        );
    }
}
