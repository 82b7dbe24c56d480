//! Dead letters: items of webhooks that could not be applied, with the reason.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wigwag_engine::ingest::ReplayError;
use wigwag_model::{DeadLetterId, Timestamp};
use wigwag_store::dead_letters::{self, Key};

use crate::Api;
use crate::auth::Caller;
use crate::page::{self, Limit, Page};
use crate::problem::{Code, Problem};
use crate::request::{Id, Params};

/// Characters of an item that are shown.
const PREVIEW: usize = 4_000;

/// An item that was put aside.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadLetter {
    /// Its id.
    #[schema(value_type = String)]
    pub id: DeadLetterId,
    /// A stable reason: `unknown_route`, `unreadable`, `unknown_shape`, `unsupported`, `failed`.
    pub reason: String,
    /// Why, in words for developers.
    pub detail: String,
    /// Meta's id of the app that it came through.
    pub app_id: String,
    /// When it arrived.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// The beginning of the webhook with this item alone.
    pub item_preview: String,
    /// `open`, `replayed` or `discarded`.
    pub state: String,
    /// How often it was replayed.
    pub attempts: i64,
}

impl From<dead_letters::DeadLetter> for DeadLetter {
    fn from(row: dead_letters::DeadLetter) -> Self {
        Self {
            id: row.id,
            reason: row.reason,
            detail: row.detail,
            app_id: row.app,
            received_at: row.received_at,
            item_preview: String::from_utf8_lossy(&row.item)
                .chars()
                .take(PREVIEW)
                .collect(),
            state: row.state,
            attempts: row.tries,
        }
    }
}

/// Which state.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Listed {
    /// Waiting for somebody.
    #[default]
    Open,
    /// Applied after all.
    Replayed,
    /// Put away.
    Discarded,
}

/// Which dead letters.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListDeadLetters {
    /// `open` when nothing is said.
    #[serde(default)]
    #[param(inline)]
    pub state: Listed,
    /// How many, at most 200.
    #[serde(default)]
    #[param(value_type = Option<u32>)]
    pub limit: Limit,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Lists items of webhooks that could not be applied, newest first. What belongs to no workspace
/// is listed for the workspace whose app it came through, unless others use that app too.
#[utoipa::path(get, path = "/api/v1/dead-letters", operation_id = "listDeadLetters", tag = "Operations",
    params(ListDeadLetters),
    responses((status = 200, description = "The dead letters", body = Page<DeadLetter>)))]
pub async fn list(
    State(api): State<Api>,
    caller: Caller,
    Params(wish): Params<ListDeadLetters>,
) -> Result<Json<Page<DeadLetter>>, Problem> {
    let before: Option<Key> = page::key("cursor", wish.cursor.as_deref())?;
    let state = match wish.state {
        Listed::Open => "open",
        Listed::Replayed => "replayed",
        Listed::Discarded => "discarded",
    };
    let (rows, more) = dead_letters::list(
        api.db(),
        caller.scope.workspace,
        state,
        before,
        wish.limit.0,
    )
    .await?;
    Ok(Json(Page::of(rows, more.as_ref())))
}

/// Applies a dead letter again, after what stood in its way was mended. What was applied meanwhile
/// stays as it is.
#[utoipa::path(post, path = "/api/v1/dead-letters/{id}/replay", operation_id = "replayDeadLetter", tag = "Operations",
    params(("id" = String, Path, description = "The dead letter")),
    responses((status = 200, description = "It is applied", body = DeadLetter),
        (status = 409, description = "It still cannot be applied, or is no longer open")))]
pub async fn replay(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<DeadLetterId>,
) -> Result<Json<DeadLetter>, Problem> {
    match api
        .engine()
        .ingest()
        .replay(caller.scope.workspace, id)
        .await
    {
        Ok(letter) => Ok(Json(letter.into())),
        Err(ReplayError::Still(why)) => Err(Problem::new(
            Code::Conflict,
            format!("It still cannot be applied: {why}."),
        )),
        Err(ReplayError::Done) => Err(Problem::new(
            Code::Stale,
            "It was replayed or discarded before.",
        )),
        Err(ReplayError::Store(error)) => Err(error.into()),
    }
}

/// Puts a dead letter away for good.
#[utoipa::path(post, path = "/api/v1/dead-letters/{id}/discard", operation_id = "discardDeadLetter", tag = "Operations",
    params(("id" = String, Path, description = "The dead letter")),
    responses((status = 200, description = "It is put away", body = DeadLetter),
        (status = 409, description = "It is no longer open")))]
pub async fn discard(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<DeadLetterId>,
) -> Result<Json<DeadLetter>, Problem> {
    let letter = dead_letters::discard(api.db(), caller.scope.workspace, id).await?;
    Ok(Json(letter.into()))
}
