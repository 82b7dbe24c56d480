//! Actions on many contacts: page by page in the background, and the way back.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use wigwag_model::bulk::BulkAction;
use wigwag_model::{BulkId, Timestamp, WorkspaceId};
use wigwag_store::Error;
use wigwag_store::bulk::{self, Bulk, RUN, State, UNDO};

use crate::jobs::{Failure, Spell};
use crate::{Context, contacts};

/// How long after its end an action can be taken back.
pub const UNDO_WITHIN: Duration = Duration::from_hours(7 * 24);
/// What the job carries.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Wanted {
    /// The action.
    pub(crate) bulk: BulkId,
}

/// Why an action is not taken back.
#[derive(Debug, thiserror::Error)]
pub enum NotUndone {
    /// It runs still.
    #[error("the action has not ended")]
    NotEnded,
    /// It ended too long ago.
    #[error("the action ended too long ago")]
    TooLate,
    /// There is no way back from it.
    #[error("there is no way back from this action")]
    Never,
    /// The database.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Until when an action can be taken back; nothing while it cannot.
pub fn undo_until(bulk: &Bulk) -> Option<Timestamp> {
    let ended = bulk.ended_at.filter(|_| bulk.action.can_be_undone());
    ended.map(|at| at.plus(UNDO_WITHIN))
}

/// Begins to take an action back. Asked again it changes nothing.
///
/// # Errors
/// [`NotUndone`].
pub async fn begin_undo(
    context: &Context,
    workspace: WorkspaceId,
    id: BulkId,
    actor: String,
) -> Result<Bulk, NotUndone> {
    let bulk = bulk::get(&mut context.db().reader().await?, workspace, id).await?;
    if !bulk.action.can_be_undone() {
        return Err(NotUndone::Never);
    }
    if bulk.state == State::Running {
        return Err(NotUndone::NotEnded);
    }
    let since = context.clock().now().minus(UNDO_WITHIN);
    match bulk::begin_undo(context.db(), workspace, id, since, actor).await {
        Err(Error::Stale) => Err(NotUndone::TooLate),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(bulk::get(&mut context.db().reader().await?, workspace, id).await?),
    }
}

/// Works on an action until it is done or the spell is over.
pub(crate) async fn run(
    context: &Context,
    workspace: WorkspaceId,
    wanted: Wanted,
) -> Result<(), Failure> {
    let mut spell = Spell::begin(context);
    loop {
        let bulk = match read(context, workspace, wanted.bulk).await {
            Err(Error::NotFound) => return Ok(()),
            found => found?,
        };
        if bulk.state != State::Running {
            return Ok(());
        }
        if bulk.action == BulkAction::Erase {
            // Whoever was left half erased by a try that died, and then those of the last page.
            contacts::clear_erased(context, workspace).await?;
            if bulk.all_seen() {
                bulk::finish(context.db(), workspace, bulk.id).await?;
                return Ok(());
            }
        }
        let page = match bulk::next_page(context.db(), workspace, &bulk).await {
            Err(Error::Filter(_)) => return Err(Failure::never("filter")),
            page => page?,
        };
        if bulk.action == BulkAction::Erase {
            contacts::scrub(context, workspace, &page.ids()).await?;
        }
        match bulk::apply(context.db(), workspace, bulk.id, page).await {
            Ok(applied) => {
                if applied.stops {
                    context.stop_epoch().raise();
                }
                if applied.last && bulk.action != BulkAction::Erase {
                    return Ok(());
                }
                spell.done();
            }
            Err(error @ (Error::Stale | Error::Busy)) => spell.rest(error).await?,
            Err(error) => return Err(error.into()),
        }
        if spell.is_over(context) {
            bulk::go_on(context.db(), workspace, bulk.id, RUN).await?;
            return Ok(());
        }
    }
}

/// Works on the way back until it is done or the spell is over.
pub(crate) async fn undo(
    context: &Context,
    workspace: WorkspaceId,
    wanted: Wanted,
) -> Result<(), Failure> {
    let mut spell = Spell::begin(context);
    loop {
        match bulk::take_back(context.db(), workspace, wanted.bulk).await {
            Ok(last) => {
                // Whoever was let in by the action is blocked again.
                context.stop_epoch().raise();
                if last {
                    return Ok(());
                }
                spell.done();
            }
            Err(Error::NotFound) => return Ok(()),
            Err(error @ (Error::Stale | Error::Busy)) => spell.rest(error).await?,
            Err(error) => return Err(error.into()),
        }
        if spell.is_over(context) {
            bulk::go_on(context.db(), workspace, wanted.bulk, UNDO).await?;
            return Ok(());
        }
    }
}

/// Ends an action, or its way back, whose job was given up.
pub(crate) async fn give_up(
    context: &Context,
    workspace: WorkspaceId,
    wanted: Wanted,
    kind: &'static str,
    reason: &'static str,
) -> wigwag_store::Result<()> {
    bulk::fail(context.db(), workspace, wanted.bulk, kind, reason).await
}

async fn read(context: &Context, workspace: WorkspaceId, id: BulkId) -> wigwag_store::Result<Bulk> {
    bulk::get(&mut context.db().reader().await?, workspace, id).await
}
