//! A rehearsal of an import, which says what its columns are and what is to be done.

use axum::Json;
use axum::extract::State;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wigwag_engine::imports::{self as engine, Agreement, Wish};
use wigwag_model::ImportId;
use wigwag_model::consent::Category;
use wigwag_store::imports::{self, State as Stage};

use super::{begun, refused};
use crate::Api;
use crate::auth::Caller;
use crate::problem::{FieldError, Problem};
use crate::request::{Body, Id, present};

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
    /// The country of numbers without country code, two letters. Absent: that of the number that
    /// the workspace sends from; null: none, such rows cannot be taken.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    #[garde(skip)]
    pub default_country: Option<Option<String>>,
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
    let default_country = match said.default_country {
        Some(said) => said,
        None => engine::default_country(api.engine().context(), workspace).await?,
    };
    let wish = Wish {
        mapping: said.mapping,
        default_country,
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
    imports::wish(api.db(), workspace, id, row.position, text).await?;
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
