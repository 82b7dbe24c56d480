//! Files of contacts: uploaded, rehearsed, run, followed, and what could not be taken.

pub mod check;
pub mod list;
pub mod undo;
pub mod upload;

use axum::Json;
use axum::body::Body as Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures::stream;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wigwag_engine::imports::{self as engine, NotYet, Refusal};
use wigwag_model::{ImportId, ListId, Timestamp};
use wigwag_store::imports::{self, Import as Row, State as Stage};

use undo::ImportUndo;

use crate::Api;
use crate::auth::Caller;
use crate::download;
use crate::problem::{Code, Problem};
use crate::request::{Body, Id};

/// Problems that are read at a time for the file of errors.
const LINES: u32 = 1_000;

/// A column of the file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportColumn {
    /// What the file calls it.
    pub name: String,
    /// Some of its values.
    pub samples: Vec<String>,
    /// What its values look like: `text`, `number`, `boolean` or `datetime`.
    pub kind: &'static str,
    /// How many rows have a value.
    pub filled: i64,
    /// What it probably is: `phone`, `name`, `email`, `tags`, `trait:key`, `column:Name` or `ignore`.
    pub suggestion: String,
}

/// A file of contacts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Import {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ImportId,
    /// `uploaded`, `running`, `done` or `failed`.
    pub state: &'static str,
    /// What its sender calls it.
    pub filename: String,
    /// What it was written in.
    pub encoding: String,
    /// What divides its columns.
    pub delimiter: String,
    /// Whether its first row names the columns.
    pub has_header: bool,
    /// Its columns.
    pub columns: Vec<ImportColumn>,
    /// The country that numbers without country code are taken for when nobody says which: that of
    /// the number that the workspace sends from, two letters.
    pub default_country: Option<String>,
    /// Its first rows; empty once it runs.
    pub first_rows: Vec<Vec<String>>,
    /// How many rows it has.
    pub rows_total: i64,
    /// How many were looked at.
    pub rows_done: i64,
    /// How many contacts it made.
    pub created: i64,
    /// How many contacts it changed.
    pub updated: i64,
    /// How many rows named a contact that had all of it already.
    pub unchanged: i64,
    /// How many rows named somebody whom an earlier row had named.
    pub duplicates: i64,
    /// How many rows could not be taken.
    pub failed: i64,
    /// How many people a yes was written down of.
    pub granted: i64,
    /// How many had said no, which stays.
    pub kept_denied: i64,
    /// The list that it fills.
    #[schema(value_type = Option<String>)]
    pub list_id: Option<ListId>,
    /// Why it could not go on.
    pub failure: Option<String>,
    /// When it was uploaded.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it began.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// Until when it can be taken back; null while it cannot.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub undo_until: Option<Timestamp>,
    /// How far it is taken back, once somebody asked for that.
    pub undo: Option<ImportUndo>,
}

/// The import in the API's words.
async fn shown(api: &Api, caller: &Caller, row: Row) -> Result<Import, Problem> {
    let names: Vec<String> = row
        .columns
        .iter()
        .map(|column| column.name.clone())
        .collect();
    let remembered = imports::remembered(api.db(), caller.scope.workspace, &names).await?;
    let suggestions = engine::suggest(&row.columns, &remembered);
    let first_rows = if row.state == Stage::Uploaded {
        engine::first_rows(api.engine().context(), &row, 5)
            .await
            .map_err(refused)?
    } else {
        Vec::new()
    };
    let default_country =
        engine::default_country(api.engine().context(), caller.scope.workspace).await?;
    let undo_until = engine::undo_until(&row);
    let undo = imports::undo(
        &mut api.db().reader().await?,
        caller.scope.workspace,
        row.id,
    )
    .await?;
    let unchanged = row.rows_done - row.created - row.updated - row.duplicates - row.failed;
    Ok(Import {
        id: row.id,
        state: row.state.as_str(),
        filename: row.filename,
        encoding: row.encoding,
        delimiter: row.delimiter.to_string(),
        has_header: row.has_header,
        columns: row
            .columns
            .into_iter()
            .zip(suggestions)
            .map(|(column, suggestion)| ImportColumn {
                name: column.name,
                samples: column.samples,
                kind: column.kind.as_str(),
                filled: column.filled,
                suggestion: suggestion.to_string(),
            })
            .collect(),
        default_country,
        first_rows,
        rows_total: row.rows_total,
        rows_done: row.rows_done,
        created: row.created,
        updated: row.updated,
        unchanged,
        duplicates: row.duplicates,
        failed: row.failed,
        granted: row.granted,
        kept_denied: row.kept_denied,
        list_id: row.list,
        failure: row.failure,
        created_at: row.created_at,
        started_at: row.started_at,
        ended_at: row.ended_at,
        undo_until,
        undo: undo.map(ImportUndo::from),
    })
}

pub(super) fn refused(refusal: Refusal) -> Problem {
    match &refusal {
        Refusal::Empty => Problem::field("file", "empty", "the file has no rows"),
        Refusal::TooLarge => Problem::new(Code::TooLarge, format!("{refusal}: divide it."))
            .with("limit", engine::MOST_BYTES),
        Refusal::NotText => Problem::new(Code::UnsupportedFile, format!("{refusal}.")),
        Refusal::Columns => Problem::field("file", "columns", refusal.to_string()),
        Refusal::UnclosedQuote => Problem::field("file", "unclosed_quote", refusal.to_string()),
        Refusal::Files(error) => Problem::internal(error),
        Refusal::Store(_) => match refusal {
            Refusal::Store(error) => error.into(),
            other => Problem::internal(&other),
        },
    }
}

/// How a file is to be read.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateImport {
    /// Whether its first row holds the names of the columns.
    #[garde(skip)]
    pub has_header: bool,
}

/// Reads a file otherwise: its first row as the names of the columns, or as a row like the others.
/// Check it again afterwards: what was said about its columns is forgotten.
#[utoipa::path(patch, path = "/api/v1/imports/{id}", operation_id = "updateImport", tag = "Imports",
    params(("id" = String, Path, description = "The import")), request_body = UpdateImport,
    responses((status = 200, description = "The file as it is read now", body = Import),
        (status = 409, description = "It has begun")))]
pub async fn update(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ImportId>,
    Body(said): Body<UpdateImport>,
) -> Result<Json<Import>, Problem> {
    let workspace = caller.scope.workspace;
    let row = imports::get(&mut api.db().reader().await?, workspace, id).await?;
    if row.state != Stage::Uploaded {
        return Err(begun());
    }
    let read = engine::read_again(api.engine().context(), workspace, &row, said.has_header).await;
    let row = read.map_err(|refusal| match refusal {
        Refusal::Empty => Problem::field(
            "has_header",
            "empty",
            "the file has one row only: it holds either names or somebody",
        ),
        other => refused(other),
    })?;
    shown(&api, &caller, row).await.map(Json)
}

fn begun() -> Problem {
    Problem::new(
        Code::Conflict,
        "The import has begun: upload the file again to read it otherwise.",
    )
}

/// Runs an import in the background, as it was last checked. Asked again it changes nothing.
#[utoipa::path(post, path = "/api/v1/imports/{id}/run", operation_id = "runImport", tag = "Imports",
    params(("id" = String, Path, description = "The import")),
    responses((status = 202, description = "It runs", body = Import),
        (status = 409, description = "It was not checked")))]
pub async fn run(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ImportId>,
) -> Result<Response, Problem> {
    let started = engine::start(api.engine().context(), caller.scope.workspace, id).await;
    let row = started.map_err(|error| match error {
        NotYet::NotChecked => Problem::new(
            Code::Conflict,
            "Check the import first: nobody has said what its columns are.",
        ),
        NotYet::Store(error) => error.into(),
    })?;
    let import = shown(&api, &caller, row).await?;
    Ok((StatusCode::ACCEPTED, Json(import)).into_response())
}

/// Reads an import and how far it is.
#[utoipa::path(get, path = "/api/v1/imports/{id}", operation_id = "getImport", tag = "Imports",
    params(("id" = String, Path, description = "The import")),
    responses((status = 200, description = "The import", body = Import)))]
pub async fn get(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ImportId>,
) -> Result<Json<Import>, Problem> {
    let row = imports::get(&mut api.db().reader().await?, caller.scope.workspace, id).await?;
    shown(&api, &caller, row).await.map(Json)
}

/// The rows that were not taken, as a CSV file with a column that says why. Corrected it can be
/// uploaded like any other.
#[utoipa::path(get, path = "/api/v1/imports/{id}/errors.csv", operation_id = "getImportErrors", tag = "Imports",
    params(("id" = String, Path, description = "The import")),
    responses((status = 200, description = "The rows", body = String, content_type = "text/csv")))]
pub async fn errors(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ImportId>,
) -> Result<Response, Problem> {
    let workspace = caller.scope.workspace;
    let row = imports::get(&mut api.db().reader().await?, workspace, id).await?;
    let width = row.columns.len();
    let head = engine::error_head(&row.columns);
    let lines = stream::unfold(Some(0_i64), move |after| {
        let db = api.db().clone();
        async move {
            match imports::problems(&db, workspace, id, after?, LINES).await {
                Ok(problems) => {
                    let next = problems
                        .last()
                        .filter(|_| problems.len() == LINES as usize)
                        .map(|last| last.row_no);
                    Some((Ok(engine::error_lines(width, &problems)), next))
                }
                Err(error) => Some((Err(error), None)),
            }
        }
    });
    let text = futures::StreamExt::chain(stream::iter([Ok(head)]), lines);
    Ok(download::csv("errors.csv", Bytes::from_stream(text)))
}
