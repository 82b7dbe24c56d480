//! The thread of a conversation.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use wigwag_model::{ConversationId, Kind, MemberId, MessageId, MessageState, Timestamp};
use wigwag_store::conversations;
use wigwag_store::messages::{self, Around, Key};

use crate::Api;
use crate::auth::Caller;
use crate::media::Media;
use crate::page::{self, Limit};
use crate::problem::Problem;
use crate::request::{Id, Params};

/// Why a message failed or was not sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Failure {
    /// Meta's error code, when Meta refused.
    pub code: Option<i64>,
    /// A stable reason such as `window_closed`; the console has words for it.
    pub reason: String,
    /// Meta's or our own words, for developers.
    pub title: String,
    /// What to do, where Wigwag knows.
    pub action: Option<String>,
}

/// What a message answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplyTo {
    /// The message; null when it is not known here.
    #[schema(value_type = Option<String>)]
    pub message_id: Option<MessageId>,
    /// `in` or `out`.
    pub direction: &'static str,
    /// Its kind.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// One line of it.
    pub preview: String,
    /// Who wrote it, when a member did.
    pub author_name: Option<String>,
}

/// A reaction to a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// `contact` or `business`.
    pub by: &'static str,
}

/// Who wrote a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct Author {
    /// The member.
    #[schema(value_type = String)]
    pub member_id: MemberId,
    /// Their name.
    pub name: String,
}

/// What Meta charged for a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cost {
    /// The amount in millionths of the currency; 0 when it was free.
    pub micros: i64,
    /// The currency (ISO 4217): the account's, or USD where no rate card of it says the amount.
    pub currency: String,
    /// Meta's category: `marketing`, `utility`, `authentication`, `service`, …
    pub category: Option<String>,
    /// Why it was free: `free_customer_service`, `free_entry_point` or `not_billable`; null when it was
    /// charged.
    pub free_reason: Option<String>,
    /// The first day of the rate card that was in force; null when it was free.
    #[schema(format = Date)]
    pub card_date: Option<String>,
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
pub struct Message {
    /// Its id.
    #[schema(value_type = String)]
    pub id: MessageId,
    /// Its conversation.
    #[schema(value_type = String)]
    pub conversation_id: ConversationId,
    /// What the client called it when it sent it.
    pub client_ref: Option<String>,
    /// The text that the client gave with it, to have it back with all that is told of it.
    pub callback_data: Option<String>,
    /// `in` or `out`.
    pub direction: &'static str,
    /// Its kind: `text`, `image`, `template`, …
    #[schema(value_type = String)]
    pub kind: Kind,
    /// What it says; the shape goes with the kind.
    #[schema(value_type = Object)]
    pub content: Value,
    /// Its file.
    pub media: Option<Media>,
    /// Its state, when it is ours: `queued`, `accepted`, `sent`, `delivered`, `read`, `failed`, …
    #[schema(value_type = Option<String>)]
    pub state: Option<MessageState>,
    /// Why it failed or was not sent.
    pub failure: Option<Failure>,
    /// What it answers.
    pub reply_to: Option<ReplyTo>,
    /// The reactions to it.
    pub reactions: Vec<Reaction>,
    /// Who wrote it, when a member did.
    pub author: Option<Author>,
    /// What made it: `composer`, `api`, `campaign`, `automation` or `phone`.
    pub source: String,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// When Meta had sent it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub sent_at: Option<Timestamp>,
    /// When it was delivered.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub delivered_at: Option<Timestamp>,
    /// When it was read.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Timestamp>,
    /// Whether the contact edited it.
    pub edited: bool,
    /// Whether the contact took it back.
    pub revoked: bool,
    /// The advertisement that it came from.
    #[schema(value_type = Option<Object>)]
    pub referral: Option<Value>,
    /// What Meta charged for it, once it is delivered; null while that is not known.
    pub cost: Option<Cost>,
    /// The feed's number of its last change.
    pub changed_seq: i64,
}

fn direction(inbound: bool) -> &'static str {
    if inbound { "in" } else { "out" }
}

impl Message {
    /// A message with fresh addresses for its file.
    pub(crate) fn of(api: &Api, caller: &Caller, row: messages::Message) -> Self {
        // A message that was delivered after all has no failure to show, whatever was said before.
        let failed = row.state.is_none_or(|state| state <= MessageState::Failed);
        let failure = row.failure_reason.filter(|_| failed).map(|reason| Failure {
            code: row.failure_code,
            title: row
                .failure_detail
                .clone()
                .unwrap_or_else(|| reason.replace('_', " ")),
            action: None,
            reason,
        });
        Self {
            id: row.id,
            conversation_id: row.conversation,
            client_ref: row.client_ref,
            callback_data: row.callback_data,
            direction: direction(row.inbound),
            kind: row.kind,
            content: row.content,
            media: row
                .file
                .map(|file| Media::of(api, caller.scope.workspace, file)),
            state: row.state,
            failure,
            reply_to: row.reply_to.map(|reply| ReplyTo {
                message_id: reply.message,
                direction: direction(reply.inbound),
                kind: reply.kind,
                preview: reply.preview,
                author_name: reply.author_name,
            }),
            reactions: row
                .reactions
                .into_iter()
                .map(|reaction| Reaction {
                    emoji: reaction.emoji,
                    by: if reaction.by_contact {
                        "contact"
                    } else {
                        "business"
                    },
                })
                .collect(),
            author: row
                .author
                .map(|(member_id, name)| Author { member_id, name }),
            source: row.source,
            at: row.key.at,
            sent_at: row.sent_at,
            delivered_at: row.delivered_at,
            read_at: row.read_at,
            edited: row.edited,
            revoked: row.revoked,
            referral: row.referral,
            cost: row.cost.map(|cost| Cost {
                micros: cost.micros,
                currency: cost.currency,
                category: cost.category,
                free_reason: cost.free_reason,
                card_date: cost.card,
            }),
            changed_seq: row.changed_seq,
        }
    }
}

/// Which part of the thread; the newest messages when nothing is said.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListMessages {
    /// How many, at most 200.
    #[serde(default)]
    #[param(value_type = Option<u32>)]
    pub limit: Limit,
    /// Older than this place.
    #[serde(default)]
    pub before: Option<String>,
    /// Newer than this place.
    #[serde(default)]
    pub after: Option<String>,
    /// Around this message.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    pub around: Option<MessageId>,
}

/// A part of a thread.
#[derive(Debug, Serialize, ToSchema)]
pub struct Thread {
    /// The messages, oldest first.
    pub data: Vec<Message>,
    /// Pass as `before` to read older ones; null at the beginning.
    pub before: Option<String>,
    /// Pass as `after` to read newer ones; null at the end.
    pub after: Option<String>,
}

/// Reads a part of a conversation's thread.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/messages", operation_id = "listMessages", tag = "Messages",
    params(("id" = String, Path, description = "The conversation"), ListMessages),
    responses((status = 200, description = "A part of the thread", body = Thread)))]
pub async fn list(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ConversationId>,
    Params(wish): Params<ListMessages>,
) -> Result<Json<Thread>, Problem> {
    let before: Option<Key> = page::key("before", wish.before.as_deref())?;
    let after: Option<Key> = page::key("after", wish.after.as_deref())?;
    let around = match (before, after, wish.around) {
        (None, None, None) => Around::End,
        (Some(key), None, None) => Around::Before(key),
        (None, Some(key), None) => Around::After(key),
        (None, None, Some(message)) => Around::Message(message),
        _ => {
            return Err(Problem::field(
                "before",
                "invalid",
                "pass only one of before, after and around",
            ));
        }
    };
    let page = messages::page(api.db(), &caller.scope, id, around, wish.limit.0).await?;
    Ok(Json(Thread {
        before: page.before.as_ref().map(page::cursor),
        after: page.after.as_ref().map(page::cursor),
        data: page
            .messages
            .into_iter()
            .map(|row| Message::of(&api, &caller, row))
            .collect(),
    }))
}

/// Since when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListChanges {
    /// The feed's number that the client knows.
    pub after_seq: i64,
}

/// What changed in a thread.
#[derive(Debug, Serialize, ToSchema)]
pub struct Changes {
    /// The messages as they are now.
    pub data: Vec<Message>,
    /// Pass as `after_seq` next time; read again while messages come.
    pub seq: i64,
}

/// Reads the messages that changed since a feed number.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/changes", operation_id = "listMessageChanges", tag = "Messages",
    params(("id" = String, Path, description = "The conversation"), ListChanges),
    responses((status = 200, description = "The changes", body = Changes)))]
pub async fn changes(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ConversationId>,
    Params(wish): Params<ListChanges>,
) -> Result<Json<Changes>, Problem> {
    conversations::check_visible(api.db(), &caller.scope, id).await?;
    let (rows, seq) =
        messages::changes(api.db(), caller.scope.workspace, id, wish.after_seq, 200).await?;
    Ok(Json(Changes {
        data: rows
            .into_iter()
            .map(|row| Message::of(&api, &caller, row))
            .collect(),
        seq,
    }))
}
