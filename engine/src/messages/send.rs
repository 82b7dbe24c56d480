//! Sending as composer and API do it.

use wigwag_model::can_send::Refusal;
use wigwag_model::content::preview;
use wigwag_model::{Actor, ConversationId, MessageId, Scope};
use wigwag_store::conversations;
use wigwag_store::outbox::{self, Enqueued, Idempotency, New, Urgency};

use super::compose::{Thread, compose};
use super::draft::Draft;
use super::request;
use crate::Context;

/// A wish to send into a conversation.
#[derive(Debug, Clone)]
pub struct Send {
    /// Who asks.
    pub scope: Scope,
    /// Where to.
    pub conversation: ConversationId,
    /// What.
    pub draft: Draft,
    /// The client's key; without one each wish is a message of its own.
    pub idempotency: Option<Idempotency>,
}

/// A message that was written, now or by an earlier request with the same key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// The message.
    pub message: MessageId,
    /// Whether an earlier request had written it.
    pub repeated: bool,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// A field is wrong.
    #[error("{field}: {message}")]
    Field {
        /// Its path in the request.
        field: String,
        /// A stable code: `required`, `too_long`, …
        code: &'static str,
        /// What is wrong and how to mend it.
        message: String,
    },
    /// It may not leave.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The key was used for another request.
    #[error("the key was used for another request")]
    KeyReused,
    /// A fault of ours in rendering.
    #[error("rendering: {0}")]
    Render(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] wigwag_store::Error),
}

impl SendError {
    pub(super) fn field(
        field: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self::Field {
            field: field.into(),
            code,
            message: message.into(),
        }
    }
}

/// Writes a message into the outbox, once per key, and wakes its lane.
///
/// # Errors
/// [`SendError`]; nothing was written then.
pub async fn send(context: &Context, wish: Send) -> Result<Sent, SendError> {
    let Send {
        scope,
        conversation,
        draft,
        idempotency,
    } = wish;
    let number = conversations::number_of(context.db(), &scope, conversation).await?;
    let client_ref = draft.client_ref.clone();
    let (callback_data, campaign) = (draft.callback_data.clone(), draft.campaign);
    let thread = Thread {
        context,
        scope: &scope,
        conversation,
        number,
    };
    let composed = compose(thread, draft).await?;
    let (source, author, urgency) = match scope.actor {
        Actor::Member(member) => ("composer", Some(member), Urgency::Reply),
        Actor::ApiKey(_) | Actor::System => ("api", None, Urgency::Transactional),
    };
    let render = |error: serde_json::Error| SendError::Render(error.to_string());
    let file = composed.file.as_ref();
    let new = New {
        conversation,
        kind: composed.kind,
        preview: preview(composed.kind, &composed.content),
        content: composed.content.to_string(),
        media: file.map(|file| file.id),
        prepare: file.is_some_and(|file| !file.uploaded),
        template: composed.template.map(|(id, _)| id),
        category: composed.template.map(|(_, category)| category),
        body: request::stored(
            composed.body,
            composed
                .reply_to_wamid
                .as_deref()
                .filter(|_| composed.reaction.is_none()),
        )
        .map_err(render)?,
        reply_to_wamid: composed.reply_to_wamid,
        client_ref,
        callback_data,
        campaign,
        source,
        author,
        urgency,
        reaction: composed.reaction,
        idempotency,
    };
    let (message, repeated) = match outbox::enqueue(context.db(), &scope, new).await? {
        Enqueued::Written(message) => (message, false),
        Enqueued::Seen(message) => (message, true),
        Enqueued::Refused(refusal) => return Err(refusal.into()),
        Enqueued::KeyReused => return Err(SendError::KeyReused),
    };
    context.wakes().wake(number);
    Ok(Sent { message, repeated })
}
