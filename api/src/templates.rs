//! Message templates, as they were last read from Meta.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use wigwag_engine::templates as templates_of_meta;
use wigwag_model::template::variables;
use wigwag_model::{TemplateId, Timestamp};
use wigwag_store::templates::{self, Filter, Key};

use crate::Api;
use crate::auth::Caller;
use crate::page::{self, Limit, Page};
use crate::problem::Problem;
use crate::request::{Id, Params};

/// A place in a template that is filled in when it is sent.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Variable {
    /// `body.1`, `body.first_name`, `header.1`, `button.0.url`.
    pub key: String,
    /// `header`, `body` or `button`.
    pub component: &'static str,
    /// The example that Meta approved.
    pub example: Option<String>,
}

impl From<wigwag_model::template::Variable> for Variable {
    fn from(variable: wigwag_model::template::Variable) -> Self {
        Self {
            key: variable.key,
            component: variable.component,
            example: variable.example,
        }
    }
}

/// A message template.
#[derive(Debug, Serialize, ToSchema)]
pub struct Template {
    /// Its id.
    #[schema(value_type = String)]
    pub id: TemplateId,
    /// Meta's id of the WABA.
    pub waba_id: String,
    /// Meta's id.
    pub meta_template_id: String,
    /// Its name.
    pub name: String,
    /// Its language code.
    pub language: String,
    /// `marketing`, `utility` or `authentication`.
    pub category: String,
    /// Meta's status in lower case.
    pub status: String,
    /// Meta's quality in lower case.
    pub quality: String,
    /// Why Meta rejected it.
    pub rejected_reason: Option<String>,
    /// `positional` or `named`.
    pub parameter_format: String,
    /// Meta's components with their examples.
    #[schema(value_type = Vec<Object>)]
    pub components: Value,
    /// What is filled in when it is sent.
    pub variables: Vec<Variable>,
    /// Whether Meta takes it now.
    pub sendable: bool,
    /// When it was last read from Meta.
    #[schema(value_type = String, format = DateTime)]
    pub synced_at: Timestamp,
}

impl From<templates::Template> for Template {
    fn from(row: templates::Template) -> Self {
        Self {
            id: row.id,
            waba_id: row.waba_id,
            meta_template_id: row.meta_template_id,
            name: row.name,
            language: row.language,
            category: row.category,
            sendable: row.status == "approved",
            status: row.status,
            quality: row.quality,
            rejected_reason: row.rejected_reason,
            variables: variables(&row.components, row.parameter_format == "named")
                .into_iter()
                .map(Variable::from)
                .collect(),
            parameter_format: row.parameter_format,
            components: row.components,
            synced_at: row.synced_at,
        }
    }
}

/// Which templates.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListTemplates {
    /// Meta's status in lower case.
    #[serde(default)]
    pub status: Option<String>,
    /// `marketing`, `utility` or `authentication`.
    #[serde(default)]
    pub category: Option<String>,
    /// A part of the name.
    #[serde(default)]
    pub q: Option<String>,
    /// Meta's id of the WABA.
    #[serde(default)]
    pub waba_id: Option<String>,
    /// How many, at most 200.
    #[serde(default)]
    #[param(value_type = Option<u32>)]
    pub limit: Limit,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Lists templates by name.
#[utoipa::path(get, path = "/api/v1/templates", operation_id = "listTemplates", tag = "Templates", params(ListTemplates),
    responses((status = 200, description = "A page", body = Page<Template>)))]
pub async fn list(
    State(api): State<Api>,
    caller: Caller,
    Params(wish): Params<ListTemplates>,
) -> Result<Json<Page<Template>>, Problem> {
    let after: Option<Key> = page::key("cursor", wish.cursor.as_deref())?;
    let filter = Filter {
        status: wish.status,
        category: wish.category,
        query: wish.q.filter(|query| !query.trim().is_empty()),
        waba_id: wish.waba_id,
    };
    let (rows, next) = templates::list(
        api.db(),
        caller.scope.workspace,
        &filter,
        after,
        wish.limit.0,
    )
    .await?;
    Ok(Json(Page::of(rows, next.as_ref())))
}

/// Reads a template.
#[utoipa::path(get, path = "/api/v1/templates/{id}", operation_id = "getTemplate", tag = "Templates",
    params(("id" = String, Path, description = "The template")),
    responses((status = 200, description = "The template", body = Template)))]
pub async fn get(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<TemplateId>,
) -> Result<Json<Template>, Problem> {
    Ok(Json(
        templates::get(api.db(), caller.scope.workspace, id)
            .await?
            .into(),
    ))
}

/// Reads the templates from Meta anew, soon; what differs comes as `template.changed` on the live socket.
#[utoipa::path(post, path = "/api/v1/templates/sync", operation_id = "syncTemplates", tag = "Templates",
    responses((status = 202, description = "It will be done", body = Value)))]
pub async fn sync(
    State(api): State<Api>,
    caller: Caller,
) -> Result<(StatusCode, Json<Value>), Problem> {
    templates_of_meta::request_sync(api.engine().context(), caller.scope.workspace).await?;
    Ok((StatusCode::ACCEPTED, Json(serde_json::json!({}))))
}
