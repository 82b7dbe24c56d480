//! On-going campaigns: started, changed in versions, and led from what happened to a message.
//!
//! What happens writes a run in its own transaction (`store`). Here the run is led on: the filter is
//! asked when it begins (`admit`) and again when its message is due (`due`), where it becomes a
//! recipient like that of any campaign; `feed` hands it to the lane. `watch` finds what nobody
//! says: who enters a segment, whose day comes.

mod admit;
mod backtest;
mod due;
mod feed;
mod start;
mod watch;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use wigwag_model::WorkspaceId;
use wigwag_store::campaigns::Campaign;
use wigwag_store::campaigns::ongoing::{self, Definition};

pub use backtest::{Backtest, Day, Tested, backtest};
pub(super) use start::problems;
pub use start::{change, start};
pub(crate) use watch::start as start_watch;

use crate::Context;

/// Runs of one step.
const PIECE: i64 = 500;
/// Steps before others have their turn.
const PIECES: usize = 4;

/// The versions that a step needs, each read once.
#[derive(Default)]
pub(super) struct Definitions(HashMap<i64, Definition>);

impl Definitions {
    async fn get(
        &mut self,
        context: &Context,
        workspace: WorkspaceId,
        campaign: &Campaign,
        no: i64,
    ) -> wigwag_store::Result<&Definition> {
        match self.0.entry(no) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                let mut on = context.db().reader().await?;
                let read = ongoing::definition(&mut on, workspace, campaign.id, no).await?;
                Ok(place.insert(read))
            }
        }
    }
}

/// Leads the runs of a running campaign on, and hands over at most `most` messages. Returns how many.
pub(super) async fn step(
    context: &Context,
    workspace: WorkspaceId,
    campaign: &Campaign,
    most: i64,
) -> wigwag_store::Result<super::feed::Feeding> {
    let mut known = Definitions::default();
    for _ in 0..PIECES {
        if !admit::admit(context, workspace, campaign, &mut known).await? {
            break;
        }
    }
    for _ in 0..PIECES {
        match due::due(context, workspace, campaign, &mut known).await? {
            due::Due::Nobody => break,
            due::Due::Some => {}
            due::Due::Hold(reason) => return Ok(super::feed::Feeding::Hold(reason)),
        }
    }
    feed::feed(context, workspace, campaign, &mut known, most).await
}
