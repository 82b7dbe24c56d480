//! Why a run ends without a message: the stable reasons in tables and in the API. Whoever becomes a
//! recipient and gets no message has one of [`crate::campaign::Exclusion`], or [`HOLDOUT`].

/// The filter does not find the person.
pub const NO_MATCH: &str = "no_match";
/// The person may not begin again.
pub const AGAIN: &str = "again";
/// The person did what it must not.
pub const UNLESS: &str = "unless";
/// It was due too long ago.
pub const TOO_LATE: &str = "too_late";
/// The trait names another day now.
pub const DAY_MOVED: &str = "day_moved";
/// Two contacts became one, and both had begun.
pub const MERGED: &str = "merged";
/// Its version can send nothing any more, and another is in force.
pub const OUTDATED: &str = "outdated";
/// The person gets nothing, to compare with.
pub const HOLDOUT: &str = "holdout";
