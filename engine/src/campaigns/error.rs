//! Why something cannot be done with a campaign.

use wigwag_model::campaign::{Problem, State};

use crate::messages::SendError;

/// Why something cannot be done with a campaign.
#[derive(Debug, thiserror::Error)]
pub enum CampaignError {
    /// Not in this state.
    #[error("the campaign is {}", .0.as_str())]
    State(State),
    /// The time to take it back is over.
    #[error("it is too late to take it back")]
    TooLate,
    /// Something about it is wrong.
    #[error("the campaign has {} problems", .0.len())]
    Problems(Vec<Problem>),
    /// A test could not be sent.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The database.
    #[error(transparent)]
    Store(#[from] wigwag_store::Error),
}
