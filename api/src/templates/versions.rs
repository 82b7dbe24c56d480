//! What a template said, version by version.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use wigwag_model::{TemplateId, Timestamp};
use wigwag_store::templates;

use crate::Api;
use crate::auth::Caller;
use crate::page::Page;
use crate::problem::Problem;
use crate::request::Id;

/// A version of a template.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TemplateVersion)]
pub struct Version {
    /// Its number, from 1.
    pub no: i64,
    /// When it was handed in, or found at Meta.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `here`, or `meta` when it was written elsewhere.
    pub origin: String,
    /// Who handed it in: a member's or an API key's id.
    pub actor: Option<String>,
    /// Whether it counts into Meta's limits of edits.
    pub counted: bool,
    /// The category.
    pub category: String,
    /// `positional` or `named`.
    pub parameter_format: String,
    /// Meta's components.
    #[schema(value_type = Vec<Object>)]
    pub components: Value,
    /// How long Meta tries to deliver, in seconds.
    pub ttl_seconds: Option<i64>,
}

impl From<templates::Version> for Version {
    fn from(row: templates::Version) -> Self {
        Self {
            no: row.no,
            at: row.at,
            origin: row.origin,
            actor: row.actor,
            counted: row.counted,
            category: row.category,
            parameter_format: row.parameter_format,
            components: row.components,
            ttl_seconds: row.ttl_seconds,
        }
    }
}

/// The versions of a template, the newest first.
#[utoipa::path(get, path = "/api/v1/templates/{id}/versions", operation_id = "listTemplateVersions", tag = "Templates",
    params(("id" = String, Path, description = "The template")),
    responses((status = 200, description = "All of them", body = Page<Version>)))]
pub async fn versions(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<TemplateId>,
) -> Result<Json<Page<Version>>, Problem> {
    let rows = templates::versions(api.db(), caller.scope.workspace, id).await?;
    Ok(Json(Page::of(rows, None::<&Value>)))
}
