//! Why a command ends without success: one clear line on stderr, and an exit code that tells wrong
//! usage from everything else.

use std::process::ExitCode;

/// A command's result.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// Why a command ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Wrong usage or configuration: exit code 2. May hold several lines, one per finding.
    #[error("{0}")]
    Usage(String),
    /// Anything else: exit code 1.
    #[error("{0}")]
    Failed(String),
}

impl Failure {
    /// Writes the line that people see.
    pub(crate) fn print(&self) {
        for line in self.to_string().lines() {
            eprintln!("wigwag: {line}");
        }
    }

    /// The process's exit code.
    pub(crate) fn code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Failed(_) => ExitCode::from(1),
        }
    }
}

/// A failure at work.
pub(crate) fn failed(line: impl Into<String>) -> Failure {
    Failure::Failed(line.into())
}

/// Wrong usage or configuration.
pub(crate) fn usage(line: impl Into<String>) -> Failure {
    Failure::Usage(line.into())
}

impl From<wigwag_store::Error> for Failure {
    fn from(error: wigwag_store::Error) -> Self {
        match error {
            wigwag_store::Error::Url(_) => usage(error.to_string()),
            wigwag_store::Error::Sealed => failed(
                "the database was made with another master key: use the key file (or WIGWAG_MASTER_KEY) that belongs to it",
            ),
            other => failed(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_address_is_usage_and_a_foreign_key_says_what_to_do() {
        let wrong = Failure::from(wigwag_store::Error::Url("no".to_owned()));
        assert!(matches!(wrong, Failure::Usage(_)));
        let sealed = Failure::from(wigwag_store::Error::Sealed);
        assert!(sealed.to_string().contains("WIGWAG_MASTER_KEY"));
    }
}
