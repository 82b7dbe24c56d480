//! What can go wrong in the store.

use std::error::Error as StdError;

/// The store's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such row in this workspace.
    #[error("not found")]
    NotFound,
    /// Another row already holds this: the constraint's or the noun's name.
    #[error("conflict on {0}")]
    Conflict(&'static str),
    /// The row has changed since it was read, or a cursor has moved.
    #[error("the row has changed meanwhile")]
    Stale,
    /// A stored value that no version of Wigwag writes.
    #[error("inconsistent value in {table}.{column}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// A filter that cannot be asked.
    #[error("{0}")]
    Filter(#[from] wigwag_model::audience::Fault),
    /// Values of traits that are not of their kind, by name.
    #[error("values of traits of the wrong kind")]
    WrongKind(Vec<crate::contacts::WrongKind>),
    /// The writer's queue stayed full, or the database asked to come again.
    #[error("the database is busy")]
    Busy,
    /// The database was written by a newer version.
    #[error(
        "the database is of a newer version ({found}) than this program ({known}): use the newer program"
    )]
    Newer {
        /// The version found.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// The database is set up in a way that would lose data.
    #[error("{0}")]
    Unsafe(String),
    /// The URL is neither `sqlite:…` nor `postgres:…`.
    #[error("database.url: {0}")]
    Url(String),
    /// A ciphertext that does not open: another key, another place, or damage.
    #[error("a stored secret does not open with this key")]
    Sealed,
    /// Anything else that the database said.
    #[error("database: {0}")]
    Db(#[source] Box<dyn StdError + Send + Sync>),
}

impl Error {
    /// Whether trying the same again later may succeed.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Busy)
    }

    /// Whether the data itself is at fault, so that trying again cannot help.
    pub fn is_about_data(&self) -> bool {
        matches!(
            self,
            Self::Conflict(_) | Self::Inconsistent { .. } | Self::NotFound | Self::Db(_)
        )
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            // The connection or the disk is at fault, not what was asked.
            sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => {
                Self::Busy
            }
            sqlx::Error::Database(db) => {
                let code = db.code().unwrap_or_default();
                if db.is_unique_violation() {
                    Self::Conflict("unique")
                } else if db.is_foreign_key_violation() {
                    Self::Conflict("reference")
                } else if matches!(
                    code.as_ref(),
                    // SQLite: busy, locked, full; PostgreSQL: lost races, no room, going away.
                    "5" | "6"
                        | "13"
                        | "261"
                        | "517"
                        | "40001"
                        | "40P01"
                        | "55P03"
                        | "53100"
                        | "53200"
                        | "53300"
                        | "57P01"
                        | "57P02"
                        | "57P03"
                        | "08000"
                        | "08003"
                        | "08006"
                ) {
                    Self::Busy
                } else {
                    Self::Db(Box::new(error))
                }
            }
            _ => Self::Db(Box::new(error)),
        }
    }
}
