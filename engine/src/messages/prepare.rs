//! Bringing a message's file to Meta before the message enters the lane: waiting is done before
//! claiming.

use serde::{Deserialize, Serialize};
use wigwag_model::{MessageId, WorkspaceId};
use wigwag_store::outbox;

use crate::Context;
use crate::jobs::Failure;
use crate::media::upload_to_meta;

/// The job that brings the file of a message to Meta.
pub(crate) const MEDIA_UPLOAD: &str = "media.upload";

/// What the job needs.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Upload {
    message_id: MessageId,
}

/// Uploads the file, and lets the message into its lane.
pub(crate) async fn upload(
    context: &Context,
    workspace: WorkspaceId,
    wish: Upload,
) -> Result<(), Failure> {
    let Some(waiting) = outbox::preparing(context.db(), workspace, wish.message_id).await? else {
        return Ok(());
    };
    match upload_to_meta(context, workspace, waiting.media, waiting.number).await {
        Ok(_) => {
            outbox::prepared(context.db(), workspace, wish.message_id).await?;
            context.wakes().wake(waiting.number);
            Ok(())
        }
        Err(error) if error.passes() => Err(Failure::later(error.reason()).because(&error)),
        Err(error) => Err(Failure::never(error.reason()).because(&error)),
    }
}

/// Ends the message whose file could not be brought to Meta.
pub(crate) async fn give_up(
    context: &Context,
    workspace: WorkspaceId,
    wish: Upload,
    reason: &'static str,
) -> wigwag_store::Result<()> {
    let detail = "The file could not be handed to WhatsApp.".to_owned();
    outbox::fail_preparing(context.db(), workspace, wish.message_id, reason, detail).await
}
