//! `POST /assignment/`: whose chat is whose (Interakt: Chat Assignment API).

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::Deserialize;
use serde_json::json;
use wigwag_engine::contacts::{AssignError, Assignment, assign as give};
use wigwag_model::ConversationId;
use wigwag_model::id::Id as _;

use super::person::full;
use super::text::Text;
use crate::Api;
use crate::auth::Caller;
use crate::operation::Subject;
use crate::problem::Problem;
use crate::request::Body;

/// Who gets which chat.
#[derive(Debug, Deserialize, Validate)]
#[garde(allow_unvalidated)]
pub(super) struct Wish {
    user_phone_number: Text,
    agent_email: Text,
    #[serde(default)]
    wc_id: Option<Text>,
}

/// Gives a chat to a member.
pub(super) async fn assign(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<Wish>,
) -> Result<Response, Problem> {
    let named = |problem: Problem| {
        let words = problem.detail().replace("fullPhoneNumber: ", "");
        Problem::field("user_phone_number", "invalid", words)
    };
    let wish = Assignment {
        phone: full(wish.user_phone_number.0.trim()).map_err(named)?,
        email: wish.agent_email.0,
        conversation: conversation(wish.wc_id)?,
        number: caller.number,
    };
    let chat = give(api.engine().context(), &caller.scope, wish)
        .await
        .map_err(refused)?;
    let body = json!({"result": true, "message": "Chat Assigned Successfully"});
    let mut response = Json(body).into_response();
    let subject = Subject(chat.to_string());
    response.extensions_mut().insert(subject);
    Ok(response)
}

fn conversation(text: Option<Text>) -> Result<Option<ConversationId>, Problem> {
    let Some(Text(text)) = text.filter(|text| !text.0.trim().is_empty()) else {
        return Ok(None);
    };
    let plain = uuid::Uuid::parse_str(text.trim()).ok();
    let id = plain
        .map(ConversationId::from_uuid)
        .or_else(|| text.trim().parse().ok());
    id.map(Some).ok_or_else(no_chat)
}

fn no_chat() -> Problem {
    Problem::field("wc_id", "unknown", "this user has no such chat")
}

fn refused(error: AssignError) -> Problem {
    match error {
        AssignError::Nobody => Problem::field(
            "user_phone_number",
            "unknown",
            "there is no user with this phone number",
        ),
        AssignError::NoChat => no_chat(),
        AssignError::Several => Problem::field(
            "wc_id",
            "required",
            "this user has chats with several numbers: name one, or give the key a number",
        ),
        AssignError::NoMember => Problem::field(
            "agent_email",
            "unknown",
            "nobody with this address can sign in to this workspace",
        ),
        AssignError::Store(error) => error.into(),
    }
}
