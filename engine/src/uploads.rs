//! Uploads that were never used go after a while: files of contacts that nobody ran, and files that
//! no message, template or campaign refers to. So do files of imports that ended and could not remove them.

use std::time::Duration;

use wigwag_model::{Timestamp, WorkspaceId};
use wigwag_store::{uploads, workspaces};

use crate::Context;
use crate::jobs::Failure;

/// How long an upload is kept that nothing uses.
pub const UNUSED: Duration = Duration::from_hours(7 * 24);
/// How far back is looked: what had a use once and lost it later stays.
const BACK: Duration = Duration::from_hours(37 * 24);
/// How long an import that ended may take to remove its file itself.
const ENDED: Duration = Duration::from_hours(1);

/// Removes what was uploaded and never used.
pub(crate) async fn sweep(context: &Context) -> Result<(), Failure> {
    let before = context.clock().now().minus(UNUSED);
    let mut gone = 0;
    for import in uploads::set_imports_aside(context.db(), before).await? {
        context.files().delete(&import.object_key).await?;
        gone += uploads::import_removed(context.db(), import.workspace, import.id).await?;
    }
    let now = context.clock().now();
    let ended = uploads::ended_imports(context.db(), now.minus(BACK), now.minus(ENDED)).await?;
    for key in ended {
        context.files().delete(&key).await?;
    }
    for workspace in workspaces::list(context.db()).await? {
        if context.stop().is_cancelled() {
            break;
        }
        gone += media(context, workspace.id, before).await?;
    }
    tracing::info!(files = gone, "uploads removed that nothing used");
    Ok(())
}

async fn media(
    context: &Context,
    workspace: WorkspaceId,
    before: Timestamp,
) -> Result<u64, Failure> {
    let from = context.clock().now().minus(BACK);
    let (mut gone, mut after) = (0, None);
    loop {
        let span = (from, before);
        let found = uploads::set_media_aside(context.db(), workspace, span, after).await?;
        let mut ids = Vec::with_capacity(found.unused.len());
        for file in found.unused {
            if let Some(key) = &file.object_key {
                context.files().delete(key).await?;
            }
            ids.push(file.id);
        }
        gone += uploads::media_removed(context.db(), workspace, ids).await?;
        if found.next.is_none() || context.stop().is_cancelled() {
            return Ok(gone);
        }
        after = found.next;
    }
}
