//! Telling the contact that somebody read, or writes.

use wigwag_model::{ConversationId, NumberId, Scope};
use wigwag_store::{conversations, numbers};

use crate::Context;

/// Marks a conversation as read, here at once and at Meta as soon as it answers.
///
/// # Errors
/// [`wigwag_store::Error::NotFound`] for a conversation that the scope does not see.
pub async fn mark_read(
    context: &Context,
    scope: &Scope,
    conversation: ConversationId,
) -> wigwag_store::Result<()> {
    let read = conversations::mark_read(context.db(), scope, conversation).await?;
    if let Some(wamid) = read.wamid {
        tell(context, scope, read.number, wamid, false);
    }
    Ok(())
}

/// Shows the contact that somebody writes, for some 25 seconds or until the message.
///
/// # Errors
/// [`wigwag_store::Error::NotFound`] for a conversation that the scope does not see.
pub async fn typing(
    context: &Context,
    scope: &Scope,
    conversation: ConversationId,
) -> wigwag_store::Result<()> {
    let last = conversations::last_inbound(context.db(), scope, conversation).await?;
    if let Some(wamid) = last.wamid {
        tell(context, scope, last.number, wamid, true);
    }
    Ok(())
}

/// Best effort: nobody waits for it and nothing depends on it.
fn tell(context: &Context, scope: &Scope, number: NumberId, wamid: String, typing: bool) {
    let (context, workspace) = (context.clone(), scope.workspace);
    let task = {
        let context = context.clone();
        async move {
            let sender = numbers::get(context.db(), workspace, number).await?;
            let client = context.client(workspace, sender.waba).await?;
            let told = if typing {
                client.typing(&sender.phone_number_id, &wamid).await
            } else {
                client.mark_read(&sender.phone_number_id, &wamid).await
            };
            if let Err(error) = told {
                tracing::debug!(%error, "Meta was not told of reading or typing");
            }
            Ok::<(), wigwag_store::Error>(())
        }
    };
    context.tasks().spawn(async move {
        if let Err(error) = task.await {
            tracing::warn!(%error, "Meta was not told of reading or typing");
        }
    });
}
