//! Sending: one operation for every kind of message, repeated safely with an `Idempotency-Key`.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use garde::Validate;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use wigwag_engine::messages::{Draft, Send, SendError, What, mark_read, send, typing};
use wigwag_model::can_send::Refusal;
use wigwag_model::{ConversationId, MediaId, MessageId, TemplateId, content};
use wigwag_store::outbox::Idempotency;

use crate::Api;
use crate::auth::Caller;
use crate::messages::Message;
use crate::problem::{Code, Problem};
use crate::request::{Id, RawBody};
use crate::secret::hash;

/// Words.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct TextDraft {
    /// At most 4,096 characters.
    #[garde(length(chars, min = 1, max = 4096))]
    pub body: String,
    /// Whether the first link is drawn as a card.
    #[serde(default)]
    #[garde(skip)]
    pub preview_url: bool,
}

/// An emoji on a message.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReactionDraft {
    /// The message.
    #[schema(value_type = String)]
    #[garde(skip)]
    pub message_id: MessageId,
    /// The emoji; empty takes the reaction back.
    #[garde(length(chars, max = 16))]
    pub emoji: String,
}

/// A place.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct LocationDraft {
    /// Degrees north.
    #[garde(range(min = -90.0, max = 90.0))]
    pub latitude: f64,
    /// Degrees east.
    #[garde(range(min = -180.0, max = 180.0))]
    pub longitude: f64,
    /// The place's name.
    #[serde(default)]
    #[garde(inner(length(chars, max = 1000)))]
    pub name: Option<String>,
    /// Its address.
    #[serde(default)]
    #[garde(inner(length(chars, max = 1000)))]
    pub address: Option<String>,
}

impl From<LocationDraft> for content::Location {
    fn from(draft: LocationDraft) -> Self {
        Self {
            latitude: draft.latitude,
            longitude: draft.longitude,
            name: draft.name,
            address: draft.address,
            url: None,
        }
    }
}

/// A template with its values.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct TemplateDraft {
    /// The template.
    #[schema(value_type = String)]
    #[garde(skip)]
    pub template_id: TemplateId,
    /// Values by the keys that the template lists.
    #[serde(default)]
    #[garde(length(max = 100))]
    pub variables: BTreeMap<String, String>,
    /// The file of a media header.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    #[garde(skip)]
    pub header_media_id: Option<MediaId>,
    /// The place of a location header.
    #[serde(default)]
    #[garde(dive)]
    pub header_location: Option<LocationDraft>,
}

/// What a message is to say. `type` names the one part that must be there: `text`, `media` (with
/// `media_id`; also spelled `image`, `video`, `audio`, `document` or `sticker`), `reaction`,
/// `location`, `contacts`, `interactive` or `template`.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"type": "text", "text": {"body": "Your order has left the house."}}))]
pub struct SendMessage {
    /// The kind.
    #[garde(skip)]
    pub r#type: String,
    /// What the client calls it; comes back with the message.
    #[serde(default)]
    #[garde(inner(length(chars, min = 1, max = 100)))]
    pub client_ref: Option<String>,
    /// A text of the client's that comes back with the message and with all that is told of it.
    #[serde(default)]
    #[garde(inner(length(chars, min = 1, max = 512)))]
    pub callback_data: Option<String>,
    /// The message that it answers.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    #[garde(skip)]
    pub reply_to: Option<MessageId>,
    /// Words.
    #[serde(default)]
    #[garde(dive)]
    pub text: Option<TextDraft>,
    /// An uploaded file.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    #[garde(skip)]
    pub media_id: Option<MediaId>,
    /// Words below a file.
    #[serde(default)]
    #[garde(inner(length(chars, max = 1024)))]
    pub caption: Option<String>,
    /// A document's name.
    #[serde(default)]
    #[garde(inner(length(chars, max = 240)))]
    pub filename: Option<String>,
    /// Whether a sound is a voice note.
    #[serde(default)]
    #[garde(skip)]
    pub voice: bool,
    /// An emoji on a message.
    #[serde(default)]
    #[garde(dive)]
    pub reaction: Option<ReactionDraft>,
    /// A place.
    #[serde(default)]
    #[garde(dive)]
    pub location: Option<LocationDraft>,
    /// Contact cards in Meta's shape.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Object>>)]
    #[garde(skip)]
    pub contacts: Option<Value>,
    /// An interactive message in Meta's shape.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    #[garde(skip)]
    pub interactive: Option<Value>,
    /// A template with its values.
    #[serde(default)]
    #[garde(dive)]
    pub template: Option<TemplateDraft>,
}

impl SendMessage {
    fn draft(self) -> Result<Draft, Problem> {
        let missing = |field: &str| {
            Problem::field(
                field,
                "required",
                format!("a message of this type needs `{field}`"),
            )
        };
        let what = match self.r#type.as_str() {
            "text" => {
                let text = self.text.ok_or_else(|| missing("text"))?;
                What::Text {
                    body: text.body,
                    preview_url: text.preview_url,
                }
            }
            "media" | "image" | "video" | "audio" | "document" | "sticker" => What::Media {
                media: self.media_id.ok_or_else(|| missing("media_id"))?,
                caption: self.caption,
                filename: self.filename,
                voice: self.voice,
            },
            "reaction" => {
                let reaction = self.reaction.ok_or_else(|| missing("reaction"))?;
                What::Reaction {
                    message: reaction.message_id,
                    emoji: reaction.emoji,
                }
            }
            "location" => What::Location(self.location.ok_or_else(|| missing("location"))?.into()),
            "contacts" => What::Contacts(self.contacts.ok_or_else(|| missing("contacts"))?),
            "interactive" => {
                What::Interactive(self.interactive.ok_or_else(|| missing("interactive"))?)
            }
            "template" => {
                let template = self.template.ok_or_else(|| missing("template"))?;
                What::Template {
                    template: template.template_id,
                    variables: template.variables,
                    header_media: template.header_media_id,
                    header_link: None,
                    header_location: template.header_location.map(Into::into),
                    order_status: None,
                }
            }
            _ => {
                return Err(Problem::field(
                    "type",
                    "unknown",
                    "must be text, media, reaction, location, contacts, interactive or template",
                ));
            }
        };
        Ok(Draft {
            what,
            reply_to: self.reply_to,
            client_ref: self.client_ref,
            callback_data: self.callback_data,
            campaign: None,
        })
    }
}

/// The header with which a client may repeat a request.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Says that an earlier request with the same key had written the message.
pub(crate) const REPLAYED: &str = "idempotent-replayed";
/// The longest key.
const KEY_MAX: usize = 200;

fn key(headers: &HeaderMap) -> Result<String, Problem> {
    optional_key(headers)?.ok_or_else(|| {
        Problem::field(
            "Idempotency-Key",
            "required",
            "send a header with a text of your own for each message, for example a UUID: \
             with it a repeated request sends nothing twice",
        )
    })
}

/// The key with which a request may be repeated, where it has one.
pub(crate) fn optional_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let key = headers
        .get(IDEMPOTENCY_KEY)
        .and_then(|value| value.to_str().ok())
        .map(str::trim)
        .unwrap_or_default();
    match key.len() {
        1..=KEY_MAX => Ok(Some(key.to_owned())),
        0 => Ok(None),
        _ => Err(Problem::field(
            "Idempotency-Key",
            "too_long",
            "must have at most 200 characters",
        )),
    }
}

fn refused(refusal: Refusal) -> Problem {
    let (code, detail) = match refusal {
        Refusal::NumberUnavailable => (
            Code::NumberUnavailable,
            "The number is switched off or WhatsApp does not let it send: see its status in the settings.",
        ),
        Refusal::NoIdentity => (
            Code::NoIdentity,
            "The contact has no phone number that this message can go to: add one.",
        ),
        Refusal::Blocked => (Code::Blocked, "Unblock the contact first."),
        Refusal::WindowClosed => (
            Code::WindowClosed,
            "The contact wrote more than 24 hours ago or never: send a template.",
        ),
        Refusal::TemplateUnavailable => (
            Code::TemplateUnavailable,
            "WhatsApp does not take this template now: see its status.",
        ),
        Refusal::OptedOut => (
            Code::OptedOut,
            "The contact does not want messages of this category.",
        ),
    };
    Problem::new(code, detail)
}

impl From<SendError> for Problem {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Field {
                field,
                code,
                message,
            } => Self::field(field, code, message),
            SendError::Refused(refusal) => refused(refusal),
            SendError::KeyReused => Self::new(
                Code::IdempotencyKeyReused,
                "Each message needs a key of its own.",
            ),
            SendError::Render(_) => Self::internal(&error),
            SendError::Store(error) => error.into(),
        }
    }
}

/// Sends a message into a conversation: it is in the outbox when this answers.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/messages", operation_id = "sendMessage", tag = "Messages",
    params(("id" = String, Path, description = "The conversation"),
        ("Idempotency-Key" = String, Header, description = "The client's own name of this request; repeated, it sends nothing twice")),
    request_body = SendMessage,
    responses((status = 202, description = "Written; its state changes as WhatsApp tells", body = Message)))]
pub async fn create(
    State(api): State<Api>,
    caller: Caller,
    Id(conversation): Id<ConversationId>,
    headers: HeaderMap,
    RawBody(wish, bytes): RawBody<SendMessage>,
) -> Result<Response, Problem> {
    let idempotency = Idempotency {
        key: key(&headers)?,
        request_hash: hash(&format!(
            "{conversation}\n{}",
            String::from_utf8_lossy(&bytes)
        ))
        .to_vec(),
    };
    let wish = Send {
        scope: caller.scope.clone(),
        conversation,
        draft: wish.draft()?,
        idempotency: Some(idempotency),
    };
    let sent = send(api.engine().context(), wish).await?;
    let row = wigwag_store::messages::get(api.db(), caller.scope.workspace, sent.message).await?;
    let message = Json(Message::of(&api, &caller, row));
    Ok(if sent.repeated {
        (StatusCode::ACCEPTED, [(REPLAYED, "true")], message).into_response()
    } else {
        (StatusCode::ACCEPTED, message).into_response()
    })
}

/// Marks a conversation as read.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/read", operation_id = "readConversation", tag = "Conversations",
    params(("id" = String, Path, description = "The conversation")),
    responses((status = 204, description = "Nothing is unread")))]
pub async fn read(
    State(api): State<Api>,
    caller: Caller,
    Id(conversation): Id<ConversationId>,
) -> Result<StatusCode, Problem> {
    mark_read(api.engine().context(), &caller.scope, conversation).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows the contact for some 25 seconds that somebody writes.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/typing", operation_id = "typeInConversation", tag = "Conversations",
    params(("id" = String, Path, description = "The conversation")),
    responses((status = 204, description = "WhatsApp is being told")))]
pub async fn type_in(
    State(api): State<Api>,
    caller: Caller,
    Id(conversation): Id<ConversationId>,
) -> Result<StatusCode, Problem> {
    typing(api.engine().context(), &caller.scope, conversation).await?;
    Ok(StatusCode::NO_CONTENT)
}
