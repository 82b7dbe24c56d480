//! What a commit wakes in this process: readers of the feed, runners of jobs, whoever tells endpoints, whoever
//! asks Meta to block. Other processes find the rows by polling.

use crate::blocks::BlockWakes;
use crate::campaigns::ongoing::Triggers;
use crate::endpoints::EndpointWakes;
use crate::feed::FeedWakes;
use crate::jobs::JobWakes;

/// Handed to every transaction of a database.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wakes {
    pub(crate) feed: FeedWakes,
    pub(crate) jobs: JobWakes,
    pub(crate) endpoints: EndpointWakes,
    pub(crate) blocks: BlockWakes,
    /// What events start, as this process knows it.
    pub(crate) triggers: Triggers,
}
