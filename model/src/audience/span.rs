//! Spans of time as people write them: `30d`.

use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::Timestamp;

/// Most days of a span: ten years.
const MOST_DAYS: u64 = 3_650;

/// How a span is written, for whoever wrote it differently.
pub(super) const MEND: &str =
    "write a span like 90m, 12h, 30d or 2w: a whole number with m, h, d or w, at most 3650d";

/// A span of time: whole minutes, hours, days of 24 hours or weeks. It keeps the unit that it was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    count: u32,
    unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Unit {
    Minute,
    Hour,
    Day,
    Week,
}

impl Unit {
    const fn letter(self) -> char {
        match self {
            Self::Minute => 'm',
            Self::Hour => 'h',
            Self::Day => 'd',
            Self::Week => 'w',
        }
    }

    const fn minutes(self) -> u64 {
        match self {
            Self::Minute => 1,
            Self::Hour => 60,
            Self::Day => 24 * 60,
            Self::Week => 7 * 24 * 60,
        }
    }
}

impl Span {
    /// Reads a span; `None` for anything else, for nought and for more than ten years.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let unit = match text.chars().next_back()? {
            'm' => Unit::Minute,
            'h' => Unit::Hour,
            'd' => Unit::Day,
            'w' => Unit::Week,
            _ => return None,
        };
        let digits = text.get(..text.len() - 1)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let count: u32 = digits.parse().ok().filter(|count| *count > 0)?;
        let span = Self { count, unit };
        (span.minutes() <= MOST_DAYS * Unit::Day.minutes()).then_some(span)
    }

    fn minutes(self) -> u64 {
        u64::from(self.count) * self.unit.minutes()
    }

    /// How long it is.
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.minutes() * 60)
    }

    /// So long before an instant, in µs since the epoch.
    pub(super) fn before(self, now: Timestamp) -> i64 {
        now.minus(self.duration()).as_micros()
    }

    /// So long after an instant, in µs since the epoch.
    pub(super) fn after(self, now: Timestamp) -> i64 {
        now.plus(self.duration()).as_micros()
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit.letter())
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_a_number_and_a_unit() {
        for (text, seconds) in [
            ("1m", 60),
            ("90m", 5_400),
            ("12h", 43_200),
            (" 30d ", 2_592_000),
            ("2w", 1_209_600),
            ("3650d", 315_360_000),
        ] {
            let span = Span::parse(text).unwrap();
            assert_eq!(span.duration().as_secs(), seconds);
            assert_eq!(span.to_string(), text.trim());
        }
        for text in [
            "",
            "d",
            "0d",
            "3651d",
            "-1d",
            "+1d",
            "1.5h",
            "1 d",
            "1y",
            "d1",
            "é",
            "1é",
            "99999999999d",
        ] {
            assert_eq!(Span::parse(text), None, "{text}");
        }
    }
}
