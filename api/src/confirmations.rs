//! What people are answered when they stop or resume marketing.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wigwag_model::confirmation::{self, Confirmation, Confirmations};
use wigwag_model::opt_out::Act;
use wigwag_store::confirmations::{self, Kept};

use crate::Api;
use crate::auth::Caller;
use crate::problem::{FieldError, Problem};
use crate::request::Body;

/// The answer to one of the two words.
#[derive(Debug, Serialize, ToSchema)]
pub struct OptOutReply {
    /// Whether there is one.
    pub send: bool,
    /// Its words; null for the usual ones, which are in the language of the person's word.
    pub text: Option<String>,
    /// The usual words, in English.
    pub usual: &'static str,
}

/// What people are answered when they stop or resume marketing.
#[derive(Debug, Serialize, ToSchema)]
pub struct OptOutSettings {
    /// The answer to a stop.
    pub stop: OptOutReply,
    /// The answer to a start.
    pub start: OptOutReply,
    /// Pass it with a change.
    pub version: i64,
}

impl From<Kept> for OptOutSettings {
    fn from(kept: Kept) -> Self {
        let shown = |act, answer: Confirmation| OptOutReply {
            send: answer.sent,
            text: answer.text,
            usual: confirmation::usual(act),
        };
        Self {
            stop: shown(Act::Stop, kept.answers.stop),
            start: shown(Act::Start, kept.answers.start),
            version: kept.version,
        }
    }
}

/// Reads what people are answered when they stop or resume marketing.
#[utoipa::path(get, path = "/api/v1/settings/opt-out", operation_id = "getOptOutSettings", tag = "Settings",
    responses((status = 200, description = "The answers", body = OptOutSettings)))]
pub async fn get(State(api): State<Api>, caller: Caller) -> Result<Json<OptOutSettings>, Problem> {
    let mut reader = api.db().reader().await?;
    let kept = confirmations::get(&mut reader, caller.scope.workspace).await?;
    Ok(Json(kept.into()))
}

/// The answer to one of the two words, as it shall be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetOptOutReply {
    /// Whether there is one. The word counts either way.
    pub send: bool,
    /// Its words, at most 1,024 characters; null or absent for the usual ones.
    #[serde(default)]
    pub text: Option<String>,
}

impl SetOptOutReply {
    fn read(self, field: &str, errors: &mut Vec<FieldError>) -> Confirmation {
        let text = self.text.as_deref().map(confirmation::text).transpose();
        let text = text.unwrap_or_else(|error| {
            errors.push(FieldError {
                field: format!("{field}.text"),
                code: match error {
                    confirmation::TextError::Blank => "required".to_owned(),
                    confirmation::TextError::Long => "too_long".to_owned(),
                },
                message: error.to_string(),
            });
            None
        });
        Confirmation {
            sent: self.send,
            text,
        }
    }
}

/// The answers as they shall be.
#[derive(Debug, Deserialize, garde::Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetOptOutSettings {
    /// The answer to a stop.
    #[garde(skip)]
    pub stop: SetOptOutReply,
    /// The answer to a start.
    #[garde(skip)]
    pub start: SetOptOutReply,
    /// The version that was read.
    #[garde(skip)]
    pub version: i64,
}

/// Changes what people are answered when they stop or resume marketing. The change counts for the
/// next word that comes in.
#[utoipa::path(put, path = "/api/v1/settings/opt-out", operation_id = "setOptOutSettings", tag = "Settings",
    request_body = SetOptOutSettings,
    responses((status = 200, description = "The answers", body = OptOutSettings),
        (status = 409, description = "They were changed meanwhile")))]
pub async fn set(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<SetOptOutSettings>,
) -> Result<Json<OptOutSettings>, Problem> {
    let mut errors = Vec::new();
    let answers = Confirmations {
        stop: wish.stop.read("stop", &mut errors),
        start: wish.start.read("start", &mut errors),
    };
    if !errors.is_empty() {
        return Err(Problem::fields(errors));
    }
    let actor = caller.scope.actor.to_string();
    let workspace = caller.scope.workspace;
    let kept = confirmations::put(api.db(), workspace, answers, wish.version, actor).await?;
    Ok(Json(kept.into()))
}
