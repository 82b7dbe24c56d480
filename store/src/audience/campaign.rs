//! The part of a filter that asks what became of a campaign.
//!
//! This is the one place where campaigns and audiences meet: the statement over a campaign's
//! recipients belongs here.

use wigwag_model::audience::{CampaignTest, Fault};

use super::statement::Builder;
use crate::Result;

/// The condition for contacts among a campaign's recipients with one of the outcomes.
pub(super) fn condition(
    _builder: &mut Builder,
    _test: &CampaignTest,
    place: &str,
) -> Result<String> {
    // Until recipients are kept there is nothing to ask: refused, because an ignored part would
    // find people whom nobody meant.
    let message = "the outcome of a campaign cannot be asked yet: use tags, traits or a list";
    Err(Fault::new(place, message).into())
}
