//! The inbox: lists of conversations and what members do to one.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wigwag_model::id::Id as _;
use wigwag_model::{
    ContactId, ConversationId, Kind, MemberId, MessageId, MessageState, NumberId, Timestamp, window,
};
use wigwag_store::conversations::{self, Filter, Key, Status, View};

use crate::Api;
use crate::auth::Caller;
use crate::page::{self, Limit, Page};
use crate::problem::Problem;
use crate::request::{Body, Id, Params};

/// The contact of a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConversationContact {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ContactId,
    /// The name to show.
    pub name: String,
    /// E.164.
    pub phone: Option<String>,
    /// WhatsApp's id.
    pub wa_id: Option<String>,
    /// For the avatar: at most two letters.
    pub initials: String,
    /// For the avatar: 0 to 11.
    pub color: u8,
}

/// The number of a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConversationNumber {
    /// Its id.
    #[schema(value_type = String)]
    pub id: NumberId,
    /// The name that Meta verified.
    pub name: String,
    /// As people write it.
    pub display_phone_number: String,
}

/// Who looks after a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Assignee {
    /// The member.
    #[schema(value_type = String)]
    pub id: MemberId,
    /// Their name.
    pub name: String,
}

/// The last message of a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LastMessage {
    /// Its id.
    #[schema(value_type = String)]
    pub id: MessageId,
    /// `in` or `out`.
    pub direction: &'static str,
    /// Its kind.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// One line of it; empty where the kind says it all.
    pub preview: String,
    /// Its state, when it is ours.
    #[schema(value_type = Option<String>)]
    pub state: Option<MessageState>,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who wrote it, when a member did.
    pub author_name: Option<String>,
}

/// The service window.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Window {
    /// Whether session messages may be sent now.
    pub open: bool,
    /// When it closes or closed; null when the contact never wrote.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closes_at: Option<Timestamp>,
}

/// A conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Conversation {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ConversationId,
    /// The contact.
    pub contact: ConversationContact,
    /// Our number.
    pub number: ConversationNumber,
    /// `open`, `snoozed` or `closed`.
    pub status: &'static str,
    /// Who looks after it.
    pub assignee: Option<Assignee>,
    /// Inbound messages since it was last read.
    pub unread_count: i64,
    /// The last message.
    pub last_message: Option<LastMessage>,
    /// When something last happened in it.
    #[schema(value_type = String, format = DateTime)]
    pub last_activity_at: Timestamp,
    /// The service window.
    pub window: Window,
    /// Until when it is put away.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub snoozed_until: Option<Timestamp>,
    /// Labels; there are none yet.
    pub labels: Vec<String>,
    /// The feed's number of its last change.
    pub changed_seq: i64,
}

impl Conversation {
    /// A conversation as it is at `now`.
    pub fn of(row: conversations::Conversation, now: Timestamp) -> Self {
        Self {
            id: row.id,
            contact: ConversationContact {
                id: row.contact,
                initials: initials(&row.contact_name),
                color: color(row.contact),
                name: row.contact_name,
                phone: row.contact_phone,
                wa_id: row.contact_wa_id,
            },
            number: ConversationNumber {
                id: row.number,
                name: row.number_name,
                display_phone_number: row.number_display,
            },
            status: row.status.as_str(),
            assignee: row.assignee.map(|(id, name)| Assignee { id, name }),
            unread_count: row.unread_count,
            last_message: row.last.map(|last| LastMessage {
                id: last.id,
                direction: if last.inbound { "in" } else { "out" },
                kind: last.kind,
                preview: last.preview,
                state: last.state,
                at: last.at,
                author_name: last.author_name,
            }),
            last_activity_at: row.activity_at,
            window: Window {
                open: window::is_open(row.window_closes_at, now),
                closes_at: row.window_closes_at,
            },
            snoozed_until: row.snoozed_until,
            labels: Vec::new(),
            changed_seq: row.changed_seq,
        }
    }
}

/// The first letters of the first and the last word; the last digits of a bare phone number.
pub(crate) fn initials(name: &str) -> String {
    let words: Vec<&str> = name
        .split_whitespace()
        .filter(|word| word.starts_with(char::is_alphabetic))
        .collect();
    let letter = |word: &&str| word.chars().next().map(|c| c.to_uppercase().to_string());
    match words.as_slice() {
        [] => {
            let digits: Vec<char> = name.chars().filter(char::is_ascii_digit).collect();
            digits.iter().skip(digits.len().saturating_sub(2)).collect()
        }
        [only] => letter(only).unwrap_or_default(),
        [first, .., last] => [letter(first), letter(last)]
            .into_iter()
            .flatten()
            .collect(),
    }
}

/// A colour that stays with the contact.
pub(crate) fn color(contact: ContactId) -> u8 {
    let sum: u32 = contact
        .uuid()
        .as_bytes()
        .iter()
        .map(|byte| u32::from(*byte))
        .sum();
    u8::try_from(sum % 12).unwrap_or(0)
}

/// Which conversations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListConversations {
    /// `all`, `mine` or `unassigned`.
    #[serde(default)]
    pub view: Option<String>,
    /// `open`, `snoozed` or `closed`; open when absent.
    #[serde(default)]
    pub status: Option<String>,
    /// Of one number only.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    pub number_id: Option<NumberId>,
    /// Words of the contact's name or digits of its phone number.
    #[serde(default)]
    pub q: Option<String>,
    /// Only those with unread messages.
    #[serde(default)]
    pub unread: Option<bool>,
    /// How many, at most 200.
    #[serde(default)]
    #[param(value_type = Option<u32>)]
    pub limit: Limit,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

impl ListConversations {
    fn filter(&self, caller: &Caller) -> Result<Filter, Problem> {
        let view = match self.view.as_deref().unwrap_or("all") {
            "all" => View::All,
            "unassigned" => View::Unassigned,
            "mine" => View::Mine(caller.member.ok_or_else(|| {
                Problem::field(
                    "view",
                    "invalid",
                    "an API key has no conversations of its own: choose all or unassigned",
                )
            })?),
            _ => {
                return Err(Problem::field(
                    "view",
                    "invalid",
                    "choose all, mine or unassigned",
                ));
            }
        };
        let status = Status::parse(self.status.as_deref().unwrap_or("open"))
            .ok_or_else(|| Problem::field("status", "invalid", "choose open, snoozed or closed"))?;
        Ok(Filter {
            view,
            status,
            number: self.number_id,
            query: self.q.clone().filter(|query| !query.trim().is_empty()),
            unread: self.unread.unwrap_or(false),
        })
    }
}

/// Lists conversations, newest activity first.
#[utoipa::path(get, path = "/api/v1/conversations", operation_id = "listConversations", tag = "Conversations",
    params(ListConversations),
    responses((status = 200, description = "A page", body = Page<Conversation>)))]
pub async fn list(
    State(api): State<Api>,
    caller: Caller,
    Params(wish): Params<ListConversations>,
) -> Result<Json<Page<Conversation>>, Problem> {
    let filter = wish.filter(&caller)?;
    let after: Option<Key> = page::key("cursor", wish.cursor.as_deref())?;
    let (rows, next) =
        conversations::list(api.db(), &caller.scope, &filter, after, wish.limit.0).await?;
    let now = api.clock().now();
    Ok(Json(Page {
        data: rows
            .into_iter()
            .map(|row| Conversation::of(row, now))
            .collect(),
        next_cursor: next.as_ref().map(page::cursor),
    }))
}

/// Counts of open conversations, each at most 9,999.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenCounts {
    /// All of them.
    pub all: i64,
    /// The caller's.
    pub mine: i64,
    /// Nobody's.
    pub unassigned: i64,
}

/// Counts for the sidebar.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConversationCounts {
    /// Open ones by view.
    pub open: OpenCounts,
    /// Open ones with unread messages, at most 9,999.
    pub unread: i64,
}

/// Counts open conversations.
#[utoipa::path(get, path = "/api/v1/conversations/counts", operation_id = "countConversations", tag = "Conversations",
    responses((status = 200, description = "The counts", body = ConversationCounts)))]
pub async fn counts(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<ConversationCounts>, Problem> {
    let counts = conversations::counts(api.db(), &caller.scope, caller.member).await?;
    Ok(Json(ConversationCounts {
        open: OpenCounts {
            all: counts.all,
            mine: counts.mine,
            unassigned: counts.unassigned,
        },
        unread: counts.unread,
    }))
}

/// Reads a conversation.
#[utoipa::path(get, path = "/api/v1/conversations/{id}", operation_id = "getConversation", tag = "Conversations",
    params(("id" = String, Path, description = "The conversation")),
    responses((status = 200, description = "The conversation", body = Conversation)))]
pub async fn get(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ConversationId>,
) -> Result<Json<Conversation>, Problem> {
    read(&api, &caller, id).await.map(Json)
}

/// The conversation as it is now.
async fn read(api: &Api, caller: &Caller, id: ConversationId) -> Result<Conversation, Problem> {
    let row = conversations::get(api.db(), &caller.scope, id).await?;
    Ok(Conversation::of(row, api.clock().now()))
}

/// With whom to begin.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenConversation {
    /// A known contact.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    #[garde(skip)]
    pub contact_id: Option<ContactId>,
    /// Or a phone number with its country code.
    #[serde(default)]
    #[garde(length(chars, max = 40))]
    pub phone: Option<String>,
    /// The name of a contact that is not known yet.
    #[serde(default)]
    #[garde(length(chars, max = 200))]
    pub name: Option<String>,
    /// Which of our numbers; the first when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    #[garde(skip)]
    pub number_id: Option<NumberId>,
}

/// Finds or begins the conversation with a contact: "New chat".
#[utoipa::path(post, path = "/api/v1/conversations", operation_id = "openConversation", tag = "Conversations",
    request_body = OpenConversation,
    responses((status = 201, description = "It is new", body = Conversation),
              (status = 200, description = "It was there", body = Conversation)))]
pub async fn open(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<OpenConversation>,
) -> Result<Response, Problem> {
    let number = match wish.number_id {
        Some(number) => number,
        None => wigwag_store::numbers::first_sendable(api.db(), caller.scope.workspace)
            .await
            .map_err(|_| {
                Problem::field(
                    "number_id",
                    "required",
                    "there is no number to send with yet",
                )
            })?,
    };
    let contact = match (wish.contact_id, &wish.phone) {
        (Some(contact), None) => contact,
        (None, Some(phone)) => {
            crate::contacts::find_or_create(&api, &caller, phone, wish.name.clone()).await?
        }
        _ => {
            return Err(Problem::field(
                "contact_id",
                "required",
                "pass either contact_id or phone",
            ));
        }
    };
    let (id, new) = conversations::open(api.db(), caller.scope.workspace, contact, number).await?;
    let status = if new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(read(&api, &caller, id).await?)).into_response())
}

/// Whom to give it to.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assign {
    /// The member; null for nobody.
    #[schema(value_type = Option<String>)]
    #[garde(skip)]
    pub assignee_id: Option<MemberId>,
}

/// Gives a conversation to a member, or to nobody.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/assign", operation_id = "assignConversation", tag = "Conversations",
    params(("id" = String, Path, description = "The conversation")), request_body = Assign,
    responses((status = 200, description = "The conversation", body = Conversation)))]
pub async fn assign(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ConversationId>,
    Body(wish): Body<Assign>,
) -> Result<Json<Conversation>, Problem> {
    match conversations::assign(api.db(), &caller.scope, id, wish.assignee_id).await {
        Err(wigwag_store::Error::Conflict(_)) => {
            return Err(Problem::field(
                "assignee_id",
                "invalid",
                "choose a member of this workspace",
            ));
        }
        done => done?,
    }
    read(&api, &caller, id).await.map(Json)
}

/// Closes a conversation.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/close", operation_id = "closeConversation", tag = "Conversations",
    params(("id" = String, Path, description = "The conversation")),
    responses((status = 200, description = "The conversation", body = Conversation)))]
pub async fn close(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ConversationId>,
) -> Result<Json<Conversation>, Problem> {
    conversations::set_status(api.db(), &caller.scope, id, Status::Closed, None).await?;
    read(&api, &caller, id).await.map(Json)
}

/// Opens a closed or snoozed conversation.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/reopen", operation_id = "reopenConversation", tag = "Conversations",
    params(("id" = String, Path, description = "The conversation")),
    responses((status = 200, description = "The conversation", body = Conversation)))]
pub async fn reopen(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ConversationId>,
) -> Result<Json<Conversation>, Problem> {
    conversations::set_status(api.db(), &caller.scope, id, Status::Open, None).await?;
    read(&api, &caller, id).await.map(Json)
}

/// Until when.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Snooze {
    /// A time to come; the contact's next message ends it earlier.
    #[schema(value_type = String, format = DateTime)]
    #[garde(skip)]
    pub until: Timestamp,
}

/// Puts a conversation away until a time.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/snooze", operation_id = "snoozeConversation", tag = "Conversations",
    params(("id" = String, Path, description = "The conversation")), request_body = Snooze,
    responses((status = 200, description = "The conversation", body = Conversation)))]
pub async fn snooze(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ConversationId>,
    Body(wish): Body<Snooze>,
) -> Result<Json<Conversation>, Problem> {
    if wish.until <= api.clock().now() {
        return Err(Problem::field("until", "invalid", "choose a time to come"));
    }
    conversations::set_status(
        api.db(),
        &caller.scope,
        id,
        Status::Snoozed,
        Some(wish.until),
    )
    .await?;
    read(&api, &caller, id).await.map(Json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_of_names_and_numbers() {
        for (name, wanted) in [
            ("Asha Rao", "AR"),
            ("josé maria álvarez", "JÁ"),
            ("Madonna", "M"),
            ("+919876543210", "10"),
            ("王小明", "王"),
            ("", ""),
            ("🦊 Fox", "F"),
        ] {
            assert_eq!(initials(name), wanted, "{name}");
        }
    }
}
