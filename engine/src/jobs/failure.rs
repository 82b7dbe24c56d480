//! How a job fails: a stable reason, and whether another try may help.

use std::time::Duration;

use crate::files::FileError;

/// How a try ended that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    reason: &'static str,
    detail: String,
    again: Again,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Again {
    Never,
    Later,
    After(Duration),
}

impl Failure {
    /// Another try may help; the pause before it grows with each.
    pub fn later(reason: &'static str) -> Self {
        Self {
            reason,
            detail: String::new(),
            again: Again::Later,
        }
    }

    /// Another try may help, but not before `pause` has gone by.
    pub fn after(reason: &'static str, pause: Duration) -> Self {
        Self {
            again: Again::After(pause),
            ..Self::later(reason)
        }
    }

    /// No other try can help.
    pub fn never(reason: &'static str) -> Self {
        Self {
            again: Again::Never,
            ..Self::later(reason)
        }
    }

    /// Adds what was said, for operators. Must hold nothing personal and no secret.
    #[must_use]
    pub fn because(mut self, cause: &dyn std::fmt::Display) -> Self {
        self.detail = cause.to_string();
        self
    }

    /// The stable reason.
    pub fn reason(&self) -> &'static str {
        self.reason
    }

    /// Reason and cause in one line.
    pub fn line(&self) -> String {
        if self.detail.is_empty() {
            self.reason.to_owned()
        } else {
            format!("{}: {}", self.reason, self.detail)
        }
    }

    /// The pause before the try after number `try_no`; `None` when there shall be none.
    pub(crate) fn pause(&self, try_no: i64) -> Option<Duration> {
        /// The first pause; each is three times the last.
        const FIRST: Duration = Duration::from_secs(10);
        /// The longest pause.
        const LONGEST: Duration = Duration::from_hours(1);
        let doubled = u32::try_from(try_no - 1).unwrap_or(0).min(10);
        let grown = FIRST
            .saturating_mul(3_u32.saturating_pow(doubled))
            .min(LONGEST);
        match self.again {
            Again::Never => None,
            Again::Later => Some(grown),
            Again::After(pause) => Some(pause.max(grown)),
        }
    }
}

impl From<wigwag_store::Error> for Failure {
    fn from(error: wigwag_store::Error) -> Self {
        let failure = if matches!(error, wigwag_store::Error::NotFound) {
            Self::never("gone")
        } else {
            Self::later("database")
        };
        failure.because(&error)
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Self::later("file_store").because(&error)
    }
}

impl From<wigwag_meta::Error> for Failure {
    fn from(error: wigwag_meta::Error) -> Self {
        let wait = error
            .graph()
            .and_then(wigwag_meta::GraphError::info)
            .and_then(|info| info.wait_seconds)
            .unwrap_or(0);
        Self::after("meta", Duration::from_secs(u64::from(wait))).because(&error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_an_hour() {
        let pauses: Vec<u64> = (1..=8)
            .map(|try_no| Failure::later("x").pause(try_no).unwrap().as_secs())
            .collect();
        assert_eq!(pauses, [10, 30, 90, 270, 810, 2430, 3600, 3600]);
        assert_eq!(Failure::never("x").pause(1), None);
        let asked = Failure::after("x", Duration::from_mins(5));
        assert_eq!(asked.pause(1), Some(Duration::from_mins(5)));
        assert_eq!(asked.pause(7), Some(Duration::from_hours(1)));
    }
}
