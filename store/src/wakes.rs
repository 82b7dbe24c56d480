//! What a commit wakes in this process: readers of the feed, runners of jobs. Other processes find
//! the rows by polling.

use crate::feed::FeedWakes;
use crate::jobs::JobWakes;

/// Handed to every transaction of a database.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wakes {
    pub(crate) feed: FeedWakes,
    pub(crate) jobs: JobWakes,
}
