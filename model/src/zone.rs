//! Time zones, by which a day begins: Meta's rates and rules change at 00:00 of the account's zone.

use std::fmt;

use crate::time::Timestamp;

/// A day of the calendar, without a zone.
pub type Day = jiff::civil::Date;

/// A time zone by its IANA name (`Asia/Kolkata`).
///
/// The rules are those built into the program, so that the same instant is the same day on every
/// machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(jiff::tz::TimeZone);

impl Zone {
    /// Coordinated Universal Time, for accounts whose zone is not known.
    pub const UTC: Self = Self(jiff::tz::TimeZone::UTC);

    /// The zone of this name; `None` when there is none.
    pub fn named(name: &str) -> Option<Self> {
        use std::sync::LazyLock;
        static RULES: LazyLock<jiff::tz::TimeZoneDatabase> =
            LazyLock::new(jiff::tz::TimeZoneDatabase::bundled);
        RULES.get(name).ok().map(Self)
    }

    /// The name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The day that it is in this zone at an instant. Beyond the years that a calendar holds it is the
    /// first or the last day.
    pub fn day(&self, at: Timestamp) -> Day {
        match jiff::Timestamp::from_microsecond(at.as_micros()) {
            Ok(at) => self.0.to_datetime(at).date(),
            Err(_) if at.as_micros() < 0 => Day::MIN,
            Err(_) => Day::MAX,
        }
    }

    /// The rules themselves, for arithmetic on the calendar.
    pub fn rules(&self) -> &jiff::tz::TimeZone {
        &self.0
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::UTC
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_is_the_zones_own() {
        let kolkata = Zone::named("Asia/Kolkata").unwrap();
        let before: Timestamp = "2026-09-30T18:29:59Z".parse().unwrap();
        let after: Timestamp = "2026-09-30T18:30:00Z".parse().unwrap();
        assert_eq!(kolkata.day(before).to_string(), "2026-09-30");
        assert_eq!(kolkata.day(after).to_string(), "2026-10-01");
        assert_eq!(Zone::UTC.day(after).to_string(), "2026-09-30");
        assert_eq!(kolkata.name(), "Asia/Kolkata");
        assert_eq!(Zone::UTC.name(), "UTC");
        assert_eq!(Zone::named("Mars/Olympus"), None);
    }
}
