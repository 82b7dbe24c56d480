//! What web pages tell with a publishable key.

use wigwag_model::WorkspaceId;
use wigwag_store::visits::{self, Visit};

use crate::Context;
use crate::contacts::until_settled;

/// Writes a visit down; returns once it is on disk. Says nothing about whom it found.
///
/// # Errors
/// What the database says.
pub async fn record(
    context: &Context,
    workspace: WorkspaceId,
    visit: Visit,
) -> wigwag_store::Result<()> {
    until_settled(|| visits::record(context.db(), workspace, visit.clone())).await
}
