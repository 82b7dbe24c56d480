//! Files of contacts: uploaded, rehearsed, run, followed, and what could not be taken.

pub mod upload;

use axum::Json;
use axum::body::Body as Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wigwag_engine::imports::{self as engine, Agreement, NotYet, Refusal, Wish};
use wigwag_model::consent::Category;
use wigwag_model::{ImportId, ListId, Timestamp};
use wigwag_store::imports::{self, Import as Row, State as Stage};

use crate::Api;
use crate::auth::Caller;
use crate::problem::{Code, FieldError, Problem};
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

/// How the people of a file agreed.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// To what: `marketing`, `utility` or `authentication`.
    #[schema(value_type = String)]
    #[garde(skip)]
    pub category: Category,
    /// Where they agreed: a form, a till, a fair.
    #[garde(length(chars, min = 1, max = 1000))]
    pub source: String,
    /// When: a day or an instant.
    #[garde(length(chars, min = 1, max = 40))]
    pub date: String,
    /// The words that they agreed to.
    #[garde(length(chars, min = 1, max = 1000))]
    pub text: String,
}

/// What is to be done with a file.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckImport {
    /// What each column is: `phone`, `name`, `email`, `tags`, `trait:key`, `column:Name` or `ignore`.
    #[garde(length(max = 200))]
    pub mapping: Vec<String>,
    /// The country of numbers without country code, two letters.
    #[serde(default)]
    #[garde(skip)]
    pub default_country: Option<String>,
    /// How its people agreed. Without it nobody gets marketing by this import.
    #[serde(default)]
    #[garde(dive)]
    pub consent: Option<Attestation>,
    /// Tags for all of them.
    #[serde(default)]
    #[garde(length(max = 20))]
    pub tags: Vec<String>,
    /// The name of the list that it fills; the file's name without one.
    #[serde(default)]
    #[garde(length(chars, max = 200))]
    pub list_name: Option<String>,
    /// Whether contacts that are there already are changed; true without it.
    #[serde(default)]
    #[garde(skip)]
    pub update_existing: Option<bool>,
}

/// A row that could not be taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportProblem {
    /// Its number in the file, the first below the header being 1.
    pub row: i64,
    /// What is wrong.
    pub field: String,
    /// A stable code.
    pub code: String,
    /// What is wrong and the mend.
    pub message: String,
    /// The row as it stands.
    pub record: Vec<String>,
}

/// What a file would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportCheck {
    /// How many rows it has.
    pub rows: i64,
    /// How many contacts it would make.
    pub new: i64,
    /// How many contacts are there already.
    pub existing: i64,
    /// How many rows name somebody whom an earlier row names.
    pub duplicates: i64,
    /// How many rows could not be taken.
    pub failed: i64,
    /// How many people a yes would be written down of.
    pub granted: i64,
    /// How many have said no, which would stay.
    pub kept_denied: i64,
    /// The first hundred problems.
    pub problems: Vec<ImportProblem>,
}

fn agreement(said: Attestation) -> Result<Agreement, Problem> {
    let day = said.date.trim();
    let instant = if day.len() == 10 {
        format!("{day}T00:00:00Z")
    } else {
        day.to_owned()
    };
    let at = instant.parse().map_err(|_| {
        let mend = "write a day like 2026-11-23, or an instant like 2026-11-23T09:30:00Z";
        Problem::field("consent.date", "invalid", mend)
    })?;
    Ok(Agreement {
        category: said.category,
        source: said.source,
        at,
        text: said.text,
    })
}

/// Rehearses an import: what it would do, and what is wrong row by row. What was said is kept for
/// the run.
#[utoipa::path(post, path = "/api/v1/imports/{id}/check", operation_id = "checkImport", tag = "Imports",
    params(("id" = String, Path, description = "The import")), request_body = CheckImport,
    responses((status = 200, description = "What it would do", body = ImportCheck),
        (status = 409, description = "It has begun")))]
pub async fn check(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ImportId>,
    Body(said): Body<CheckImport>,
) -> Result<Json<ImportCheck>, Problem> {
    let workspace = caller.scope.workspace;
    let row = imports::get(&mut api.db().reader().await?, workspace, id).await?;
    if row.state != Stage::Uploaded {
        return Err(begun());
    }
    let name = said.list_name.filter(|name| !name.trim().is_empty());
    let wish = Wish {
        mapping: said.mapping,
        default_country: said.default_country,
        consent: said.consent.map(agreement).transpose()?,
        tags: said.tags,
        list_name: name.unwrap_or_else(|| row.filename.clone()),
        update_existing: said.update_existing.unwrap_or(true),
        actor: caller.scope.actor.to_string(),
    };
    let faults = wish.faults(&row.columns, api.clock().now());
    if !faults.is_empty() {
        let faults = faults.into_iter().map(|fault| FieldError {
            field: fault.field,
            code: fault.code.to_owned(),
            message: fault.message,
        });
        return Err(Problem::fields(faults.collect()));
    }
    let report = engine::check(api.engine().context(), workspace, &row, &wish)
        .await
        .map_err(refused)?;
    let text = serde_json::to_string(&wish).map_err(|error| Problem::internal(&error))?;
    match imports::wish(api.db(), workspace, id, text).await {
        Err(wigwag_store::Error::Stale) => return Err(begun()),
        kept => kept?,
    }
    Ok(Json(ImportCheck {
        rows: report.rows,
        new: report.new,
        existing: report.existing,
        duplicates: report.duplicates,
        failed: report.failed,
        granted: report.granted,
        kept_denied: report.kept_denied,
        problems: report
            .problems
            .into_iter()
            .map(|problem| ImportProblem {
                row: problem.row_no,
                field: problem.field,
                code: problem.code,
                message: problem.message,
                record: problem.record,
            })
            .collect(),
    }))
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
    let mut response = Bytes::from_stream(text).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"errors.csv\""),
    );
    Ok(response)
}
