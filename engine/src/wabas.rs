//! WABAs as the engine works with them: Meta's id and a client with their token; and what goes wrong there.

use serde::{Deserialize, Serialize};
use wigwag_meta::Client;
use wigwag_model::{WabaId, WorkspaceId};
use wigwag_store::wabas::{self, Waba};

use crate::Context;

/// Why a listing of Meta's could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The database.
    #[error(transparent)]
    Store(#[from] wigwag_store::Error),
    /// Meta refused or could not be reached.
    #[error(transparent)]
    Meta(#[from] wigwag_meta::Error),
}

/// What the jobs `template.sync` and `number.sync` carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sync {
    /// The WABA.
    pub(crate) waba: WabaId,
}

/// A WABA with a client that has its token.
///
/// # Errors
/// What [`Context::client`] says.
pub(crate) async fn open(
    context: &Context,
    workspace: WorkspaceId,
    waba: WabaId,
) -> wigwag_store::Result<(Waba, Client)> {
    let account = wabas::get(context.db(), workspace, waba).await?;
    let client = context.client(workspace, waba).await?;
    Ok((account, client))
}

/// The WABAs of a workspace, each with it.
pub(crate) async fn of(
    context: &Context,
    workspace: WorkspaceId,
) -> wigwag_store::Result<Vec<(WorkspaceId, WabaId)>> {
    let wabas = wabas::list(context.db(), workspace).await?;
    Ok(wabas.into_iter().map(|waba| (workspace, waba.id)).collect())
}
