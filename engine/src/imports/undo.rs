//! An import taken back: whether it still can be, and the work, stretch by stretch.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use wigwag_model::{ImportId, Timestamp, WorkspaceId};
use wigwag_store::imports::{self, Import, State};

use super::run::{consented_of, wish_of};
use crate::Context;
use crate::jobs::{Failure, Spell};

/// Takes an import back.
pub(crate) const IMPORT_UNDO: &str = "import.undo";
/// How long after its end an import can be taken back.
pub const UNDO_WITHIN: Duration = Duration::from_hours(7 * 24);
/// What the job carries.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Wanted {
    /// The import.
    pub(crate) import: ImportId,
}

/// Why an import is not taken back.
#[derive(Debug, thiserror::Error)]
pub enum NotUndone {
    /// It has not ended, or never began.
    #[error("the import has not ended")]
    NotEnded,
    /// It ended longer than [`UNDO_WITHIN`] ago.
    #[error("the import ended too long ago")]
    TooLate,
    /// The database.
    #[error(transparent)]
    Store(#[from] wigwag_store::Error),
}

/// Until when an import can be taken back; `None` while it cannot.
pub fn undo_until(import: &Import) -> Option<Timestamp> {
    let ended = matches!(import.state, State::Done | State::Failed);
    let at = import.ended_at.filter(|_| ended && import.list.is_some())?;
    Some(at.plus(UNDO_WITHIN))
}

/// Begins to take an import back. Asked again it changes nothing; where it could not go on it is
/// tried once more.
///
/// # Errors
/// [`NotUndone`].
pub async fn begin_undo(
    context: &Context,
    workspace: WorkspaceId,
    id: ImportId,
    actor: String,
) -> Result<Import, NotUndone> {
    let import = imports::get(&mut context.db().reader().await?, workspace, id).await?;
    let begun = imports::undo(&mut context.db().reader().await?, workspace, id).await?;
    let since = context.clock().now().minus(UNDO_WITHIN);
    let until = undo_until(&import).ok_or(NotUndone::NotEnded)?;
    if until < context.clock().now() && begun.is_none() {
        return Err(NotUndone::TooLate);
    }
    match imports::begin_undo(context.db(), workspace, id, since, actor).await {
        Err(wigwag_store::Error::Stale) => Err(NotUndone::TooLate),
        done => Ok(done.map(|()| import)?),
    }
}

/// Works on an undo until it is done or the spell is over.
pub(crate) async fn undo(
    context: &Context,
    workspace: WorkspaceId,
    wanted: Wanted,
) -> Result<(), Failure> {
    let mut spell = Spell::begin(context);
    let mut reader = context.db().reader().await?;
    let import = match imports::get(&mut reader, workspace, wanted.import).await {
        Err(wigwag_store::Error::NotFound) => return Ok(()),
        found => found?,
    };
    drop(reader);
    let wish = wish_of(&import).ok_or(Failure::never("wish_missing"))?;
    let consented = consented_of(&wish);
    loop {
        match imports::take_back(context.db(), workspace, import.id, consented.clone()).await {
            Ok(true) => return Ok(()),
            Ok(false) => spell.done(),
            Err(
                error @ (wigwag_store::Error::Stale
                | wigwag_store::Error::Busy
                | wigwag_store::Error::Conflict(_)),
            ) => {
                // Somebody wrote to one of the people meanwhile: it is decided anew.
                spell.rest(error).await?;
            }
            Err(error) => return Err(error.into()),
        }
        if spell.is_over(context) {
            imports::next_undo(context.db(), workspace, import.id).await?;
            return Ok(());
        }
    }
}

/// Ends an undo whose job was given up.
pub(crate) async fn give_up_undo(
    context: &Context,
    workspace: WorkspaceId,
    wanted: Wanted,
) -> wigwag_store::Result<()> {
    imports::fail_undo(context.db(), workspace, wanted.import).await
}
