//! The imports of a workspace.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wigwag_engine::imports as engine;
use wigwag_model::{ImportId, ListId, Timestamp};
use wigwag_store::imports::{self, Import as Row, ListKey, UndoState};

use crate::Api;
use crate::auth::Caller;
use crate::page::{self, Limit, Page};
use crate::problem::Problem;
use crate::request::Params;

/// An import in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportSummary {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ImportId,
    /// `running`, `done` or `failed`.
    pub state: &'static str,
    /// What its sender calls it.
    pub filename: String,
    /// How many rows it has.
    pub rows_total: i64,
    /// How many contacts it made.
    pub created: i64,
    /// How many contacts it changed.
    pub updated: i64,
    /// How many rows could not be taken.
    pub failed: i64,
    /// The list that it fills.
    #[schema(value_type = Option<String>)]
    pub list_id: Option<ListId>,
    /// When it began.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// Until when it can be taken back; null while it cannot.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub undo_until: Option<Timestamp>,
    /// `running`, `done` or `failed`, once somebody asked to take it back.
    pub undo_state: Option<&'static str>,
}

impl From<(Row, Option<UndoState>)> for ImportSummary {
    fn from((row, undo): (Row, Option<UndoState>)) -> Self {
        Self {
            undo_until: engine::undo_until(&row),
            undo_state: undo.map(UndoState::as_str),
            id: row.id,
            state: row.state.as_str(),
            filename: row.filename,
            rows_total: row.rows_total,
            created: row.created,
            updated: row.updated,
            failed: row.failed,
            list_id: row.list,
            started_at: row.started_at,
            ended_at: row.ended_at,
        }
    }
}

/// Which imports.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListImports {
    /// How many, at most 200.
    #[serde(default)]
    #[param(value_type = Option<u32>)]
    pub limit: Limit,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Lists imports that have begun, the newest first.
#[utoipa::path(get, path = "/api/v1/imports", operation_id = "listImports", tag = "Imports", params(ListImports),
    responses((status = 200, description = "A page", body = Page<ImportSummary>)))]
pub async fn list(
    State(api): State<Api>,
    caller: Caller,
    Params(wish): Params<ListImports>,
) -> Result<Json<Page<ImportSummary>>, Problem> {
    let after: Option<ListKey> = page::key("cursor", wish.cursor.as_deref())?;
    let workspace = caller.scope.workspace;
    let (rows, next) = imports::list(api.db(), workspace, after, wish.limit.0).await?;
    Ok(Json(Page {
        data: rows.into_iter().map(ImportSummary::from).collect(),
        next_cursor: next.as_ref().map(page::cursor),
    }))
}
