//! Endpoints: addresses outside that are told what happens here, by webhook.

pub mod deliveries;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wigwag_engine::endpoints::{AddressError, Made, Wish};
use wigwag_model::endpoint::{Form, Kind, UNREACHABLE};
use wigwag_model::{EndpointId, Timestamp};
use wigwag_store::endpoints::{self, Edit, Endpoint};

use crate::Api;
use crate::auth::Caller;
use crate::operation::Subject;
use crate::page::Page;
use crate::problem::Problem;
use crate::request::{Body, Id};

/// In which form an endpoint is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WebhookForm {
    /// `{type, timestamp, data}`, signed as Standard Webhooks says.
    Wigwag,
    /// Interakt's types and its signature.
    Interakt,
}

impl From<Form> for WebhookForm {
    fn from(form: Form) -> Self {
        match form {
            Form::Wigwag => Self::Wigwag,
            Form::Interakt => Self::Interakt,
        }
    }
}

impl From<WebhookForm> for Form {
    fn from(form: WebhookForm) -> Self {
        match form {
            WebhookForm::Wigwag => Self::Wigwag,
            WebhookForm::Interakt => Self::Interakt,
        }
    }
}

/// An endpoint without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookEndpoint {
    /// Its id.
    #[schema(value_type = String)]
    pub id: EndpointId,
    /// What people call it.
    pub name: String,
    /// Its address.
    pub url: String,
    /// In which form it is told.
    pub form: WebhookForm,
    /// What it is told of; empty: everything that its form has words for.
    pub events: Vec<String>,
    /// Whether it is told.
    pub enabled: bool,
    /// `gone` when it is off because it answered 410.
    pub off_reason: Option<String>,
    /// Failures since the last success.
    pub failures: i64,
    /// When the first of them was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub failing_since: Option<Timestamp>,
    /// Whether it has done nothing but fail for five days. It is still asked, once an hour.
    pub unreachable: bool,
    /// It is left alone until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub rest_until: Option<Timestamp>,
    /// When it last took a delivery.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_success_at: Option<Timestamp>,
    /// Until when the secret before the present one is valid too.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub previous_secret_until: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl WebhookEndpoint {
    fn of(row: Endpoint, now: Timestamp) -> Self {
        let unreachable = row
            .failing_since
            .is_some_and(|since| now.since(since) >= UNREACHABLE);
        Self {
            id: row.id,
            name: row.name,
            url: row.url,
            form: row.form.into(),
            events: row
                .events
                .iter()
                .map(|kind| kind.as_str().to_owned())
                .collect(),
            enabled: row.on,
            off_reason: row.off_reason,
            failures: row.failures,
            failing_since: row.failing_since,
            unreachable,
            rest_until: row.rest_until.filter(|until| *until > now),
            last_success_at: row.last_success_at,
            previous_secret_until: row.previous_until.filter(|until| *until > now),
            created_at: row.created_at,
        }
    }
}

/// An endpoint with its secret; the only answers that hold it.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookEndpointWithSecret {
    /// The endpoint.
    #[serde(flatten)]
    pub endpoint: WebhookEndpoint,
    /// What deliveries are signed with, shown once.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    pub secret: String,
}

impl WebhookEndpointWithSecret {
    fn of(made: Made, now: Timestamp) -> Self {
        Self {
            endpoint: WebhookEndpoint::of(made.endpoint, now),
            secret: made.secret.as_str().to_owned(),
        }
    }
}

/// Lists the endpoints, the newest first.
#[utoipa::path(get, path = "/api/v1/webhook-endpoints", operation_id = "listWebhookEndpoints", tag = "Webhooks",
    responses((status = 200, description = "The endpoints", body = Page<WebhookEndpoint>)))]
pub async fn list(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Page<WebhookEndpoint>>, Problem> {
    let (rows, now) = (
        endpoints::list(api.db(), caller.scope.workspace).await?,
        api.clock().now(),
    );
    let data = rows
        .into_iter()
        .map(|row| WebhookEndpoint::of(row, now))
        .collect();
    Ok(Json(Page::whole(data)))
}

/// An endpoint to make.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateWebhookEndpoint {
    /// What people call it.
    #[garde(length(chars, min = 1, max = 100))]
    pub name: String,
    /// Its address. It must be public, unless an operator allows others.
    #[garde(length(chars, min = 1, max = 2_000))]
    pub url: String,
    /// In which form it is told; our own when nothing is said.
    #[serde(default = "own")]
    #[garde(skip)]
    pub form: WebhookForm,
    /// What it is told of, such as `message.received`; empty: everything that its form has words for.
    #[serde(default)]
    #[garde(length(max = 50))]
    pub events: Vec<String>,
}

fn own() -> WebhookForm {
    WebhookForm::Wigwag
}

fn kinds(events: &[String]) -> Result<Vec<Kind>, Problem> {
    let mut kinds = Vec::with_capacity(events.len());
    for (at, name) in events.iter().enumerate() {
        let kind = Kind::parse(name).ok_or_else(|| {
            let known: Vec<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
            let message = format!("choose among {}", known.join(", "));
            Problem::field(format!("events[{at}]"), "unknown", message)
        })?;
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    Ok(kinds)
}

impl From<AddressError> for Problem {
    fn from(error: AddressError) -> Self {
        match error {
            AddressError::Address(refusal) => Self::field("url", "invalid", refusal.to_string()),
            AddressError::Event(_) => Self::field("events", "unknown", error.to_string()),
            AddressError::Store(error) => error.into(),
        }
    }
}

/// Makes an endpoint. It is told what happens from now on.
#[utoipa::path(post, path = "/api/v1/webhook-endpoints", operation_id = "createWebhookEndpoint", tag = "Webhooks",
    request_body = CreateWebhookEndpoint,
    responses((status = 201, description = "The endpoint with its secret", body = WebhookEndpointWithSecret)))]
pub async fn create(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<CreateWebhookEndpoint>,
) -> Result<Response, Problem> {
    let wish = Wish {
        name: wish.name,
        url: wish.url,
        form: wish.form.into(),
        events: kinds(&wish.events)?,
    };
    let context = api.engine().context();
    let made = wigwag_engine::endpoints::create(context, caller.scope.workspace, wish).await?;
    let subject = Subject(made.endpoint.id.to_string());
    let answer = WebhookEndpointWithSecret::of(made, api.clock().now());
    let mut response = (StatusCode::CREATED, Json(answer)).into_response();
    response.extensions_mut().insert(subject);
    Ok(response)
}

/// What to change of an endpoint; what is absent stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditWebhookEndpoint {
    /// What people call it.
    #[serde(default)]
    #[garde(inner(length(chars, min = 1, max = 100)))]
    pub name: Option<String>,
    /// Its address.
    #[serde(default)]
    #[garde(inner(length(chars, min = 1, max = 2_000)))]
    pub url: Option<String>,
    /// What it is told of; empty: everything that its form has words for.
    #[serde(default)]
    #[garde(inner(length(max = 50)))]
    pub events: Option<Vec<String>>,
    /// Whether it is told. What happens while it is off is not told later.
    #[serde(default)]
    #[garde(skip)]
    pub enabled: Option<bool>,
}

/// Changes an endpoint; its secret and its form stay.
#[utoipa::path(patch, path = "/api/v1/webhook-endpoints/{id}", operation_id = "updateWebhookEndpoint", tag = "Webhooks",
    params(("id" = String, Path, description = "The endpoint")), request_body = EditWebhookEndpoint,
    responses((status = 200, description = "The endpoint", body = WebhookEndpoint)))]
pub async fn edit(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<EndpointId>,
    Body(wish): Body<EditWebhookEndpoint>,
) -> Result<Json<WebhookEndpoint>, Problem> {
    let edit = Edit {
        name: wish.name,
        url: wish.url,
        events: wish.events.as_deref().map(kinds).transpose()?,
        on: wish.enabled,
    };
    let context = api.engine().context();
    let row = wigwag_engine::endpoints::change(context, caller.scope.workspace, id, edit).await?;
    Ok(Json(WebhookEndpoint::of(row, api.clock().now())))
}

/// Takes an endpoint away. What it was still to be told is not told.
#[utoipa::path(delete, path = "/api/v1/webhook-endpoints/{id}", operation_id = "deleteWebhookEndpoint", tag = "Webhooks",
    params(("id" = String, Path, description = "The endpoint")),
    responses((status = 204, description = "It is gone")))]
pub async fn delete(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<EndpointId>,
) -> Result<StatusCode, Problem> {
    endpoints::delete(api.db(), caller.scope.workspace, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives an endpoint another secret. For 24 hours deliveries are signed with the one before too.
#[utoipa::path(post, path = "/api/v1/webhook-endpoints/{id}/rotate-secret", operation_id = "rotateWebhookSecret", tag = "Webhooks",
    params(("id" = String, Path, description = "The endpoint")),
    responses((status = 200, description = "The endpoint with its new secret", body = WebhookEndpointWithSecret)))]
pub async fn rotate(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<EndpointId>,
) -> Result<Json<WebhookEndpointWithSecret>, Problem> {
    let context = api.engine().context();
    let made = wigwag_engine::endpoints::rotate(context, caller.scope.workspace, id).await?;
    Ok(Json(WebhookEndpointWithSecret::of(made, api.clock().now())))
}
