//! Writing templates, handing them in, taking them away.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use wigwag_engine::templates as engine;
use wigwag_model::TemplateId;

use super::check::Draft;
use super::read::{Template, one};
use crate::Api;
use crate::auth::Caller;
use crate::operation::Subject;
use crate::problem::Problem;
use crate::request::{Body, Id, Params};

/// Writes a draft, which is kept here until it is handed in. It may be incomplete, apart from its name,
/// language and category.
#[utoipa::path(post, path = "/api/v1/templates", operation_id = "createTemplate", tag = "Templates", request_body = Draft,
    responses((status = 201, description = "The draft", body = Template)))]
pub async fn create(
    State(api): State<Api>,
    caller: Caller,
    Body(draft): Body<Draft>,
) -> Result<Response, Problem> {
    let row = engine::create(api.engine().context(), &caller.scope, draft.into()).await?;
    made(&api, &caller, row).await
}

/// Writes over a draft, or writes the next version of a template that Meta has; its name and language stay
/// then.
#[utoipa::path(put, path = "/api/v1/templates/{id}", operation_id = "updateTemplate", tag = "Templates", request_body = Draft,
    params(("id" = String, Path, description = "The template")),
    responses((status = 200, description = "The template", body = Template)))]
pub async fn edit(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<TemplateId>,
    Body(draft): Body<Draft>,
) -> Result<Json<Template>, Problem> {
    let revision = draft.revision;
    let context = api.engine().context();
    let row = engine::edit(context, &caller.scope, id, draft.into(), revision).await?;
    Ok(Json(one(&api, caller.scope.workspace, row).await?))
}

/// Where a copy goes.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DuplicateTemplate)]
pub struct Duplicate {
    /// Its name; a free one is found without.
    #[serde(default)]
    #[garde(length(chars, max = 512))]
    pub name: Option<String>,
    /// Its language; the same without.
    #[serde(default)]
    #[garde(length(chars, max = 20))]
    pub language: Option<String>,
    /// Meta's id of its WABA; the same without.
    #[serde(default)]
    #[garde(length(chars, max = 100))]
    pub waba_id: Option<String>,
}

/// Copies a template into a new draft.
#[utoipa::path(post, path = "/api/v1/templates/{id}/duplicate", operation_id = "duplicateTemplate", tag = "Templates",
    request_body = Duplicate, params(("id" = String, Path, description = "The template")),
    responses((status = 201, description = "The draft", body = Template)))]
pub async fn duplicate(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<TemplateId>,
    Body(wish): Body<Duplicate>,
) -> Result<Response, Problem> {
    let wish = engine::Duplicate {
        name: wish.name,
        language: wish.language,
        waba_id: wish.waba_id,
    };
    let row = engine::duplicate(api.engine().context(), &caller.scope, id, wish).await?;
    made(&api, &caller, row).await
}

async fn made(
    api: &Api,
    caller: &Caller,
    row: wigwag_store::templates::Template,
) -> Result<Response, Problem> {
    let subject = Subject(row.id.to_string());
    let body = Json(one(api, caller.scope.workspace, row).await?);
    let mut response = (StatusCode::CREATED, body).into_response();
    response.extensions_mut().insert(subject);
    Ok(response)
}

/// Hands in what was written: Meta reviews it, and what becomes of it comes as `template.changed`. Asking
/// twice hands in once.
#[utoipa::path(post, path = "/api/v1/templates/{id}/submit", operation_id = "submitTemplate", tag = "Templates",
    params(("id" = String, Path, description = "The template")),
    responses((status = 202, description = "Meta has it", body = Template)))]
pub async fn submit(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<TemplateId>,
) -> Result<(StatusCode, Json<Template>), Problem> {
    let row = engine::submit(api.engine().context(), &caller.scope, id).await?;
    let body = Json(one(&api, caller.scope.workspace, row).await?);
    Ok((StatusCode::ACCEPTED, body))
}

/// How much is taken away.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeleteTemplate {
    /// All languages of the name, not only this one.
    #[serde(default)]
    pub all_languages: bool,
}

/// Takes a template away: a draft here; one that Meta has there too. A name that was approved cannot be used
/// again for 30 days.
#[utoipa::path(delete, path = "/api/v1/templates/{id}", operation_id = "deleteTemplate", tag = "Templates",
    params(("id" = String, Path, description = "The template"), DeleteTemplate),
    responses((status = 204, description = "It is gone")))]
pub async fn delete(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<TemplateId>,
    Params(wish): Params<DeleteTemplate>,
) -> Result<StatusCode, Problem> {
    let context = api.engine().context();
    engine::remove(context, &caller.scope, id, wish.all_languages).await?;
    Ok(StatusCode::NO_CONTENT)
}
