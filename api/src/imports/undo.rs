//! An import taken back.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use wigwag_engine::imports::{self as engine, NotUndone};
use wigwag_model::{ImportId, Timestamp};
use wigwag_store::imports::Undo;

use super::{Import, shown};
use crate::Api;
use crate::auth::Caller;
use crate::problem::{Code, Problem};
use crate::request::Id;

/// People who were left alone for one reason.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptPeople {
    /// `opted_out`: they said no. `campaign`, `conversation`, `event`: a campaign, a conversation or
    /// an event is about them. `listed`: they are on another list. `merged`: they became one with
    /// somebody. `changed`: somebody changed them since, so that nothing is as the import left it.
    pub reason: String,
    /// How many.
    pub people: i64,
}

/// How far an import is taken back. `removed`, `restored`, `unchanged` and all of `kept` add up to
/// `seen`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportUndo {
    /// `running`, `done` or `failed`; asked again a failed one goes on.
    pub state: &'static str,
    /// How many people were looked at.
    pub seen: i64,
    /// How many contacts were removed: the import had made them, and nothing else touched them.
    pub removed: i64,
    /// How many contacts got something back: names, addresses, tags and traits that still were as
    /// the import set them, and a yes that it had given.
    pub restored: i64,
    /// How many contacts it had changed nothing of.
    pub unchanged: i64,
    /// Of how many a yes was withdrawn; they are among the others.
    pub withdrawn: i64,
    /// Who was left alone, and why.
    pub kept: Vec<KeptPeople>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
}

impl From<Undo> for ImportUndo {
    fn from(undo: Undo) -> Self {
        Self {
            state: undo.state.as_str(),
            seen: undo.seen,
            removed: undo.removed,
            restored: undo.restored,
            unchanged: undo.unchanged,
            withdrawn: undo.withdrawn,
            kept: undo
                .kept
                .into_iter()
                .map(|(reason, people)| KeptPeople { reason, people })
                .collect(),
            created_at: undo.created_at,
            ended_at: undo.ended_at,
        }
    }
}

/// Takes an import back in the background, within seven days of its end: contacts that it made and
/// that nothing else touched are removed, what it changed of others and is still so goes back, and
/// the yes that it gave is withdrawn. A no stays. Asked again it changes nothing.
#[utoipa::path(post, path = "/api/v1/imports/{id}/undo", operation_id = "undoImport", tag = "Imports",
    params(("id" = String, Path, description = "The import")),
    responses((status = 202, description = "It is being taken back", body = Import),
        (status = 409, description = "It has not ended, or ended more than seven days ago")))]
pub async fn undo(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ImportId>,
) -> Result<Response, Problem> {
    let actor = caller.scope.actor.to_string();
    let workspace = caller.scope.workspace;
    let begun = engine::begin_undo(api.engine().context(), workspace, id, actor).await;
    let row = begun.map_err(|error| match error {
        NotUndone::NotEnded => Problem::new(
            Code::Conflict,
            "Only an import that has ended can be undone: wait for its end.",
        ),
        NotUndone::TooLate => Problem::new(
            Code::TooLate,
            "An import can be undone within seven days of its end.",
        ),
        NotUndone::Store(error) => error.into(),
    })?;
    let import: Import = shown(&api, &caller, row).await?;
    Ok((StatusCode::ACCEPTED, Json(import)).into_response())
}
