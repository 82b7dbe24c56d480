//! What endpoints were told and are still to be told: listed, looked at, told again.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wigwag_model::{DeliveryId, EndpointId, Timestamp};
use wigwag_store::endpoints::{self, Delivery, Key};

use crate::Api;
use crate::auth::Caller;
use crate::page::{self, Limit, Page};
use crate::problem::{Code, Problem};
use crate::request::{Id, Ids, Params};

/// A delivery. Of what the endpoint answered no more is kept than the class of its status.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookDelivery {
    /// Its id, which the endpoint sees as `webhook-id`, the same in every try.
    #[schema(value_type = String)]
    pub id: DeliveryId,
    /// What is told: `message.received`, or Interakt's type.
    pub r#type: String,
    /// `queued` (another of its contact comes first), `waiting`, `delivered` or `given_up`.
    pub state: String,
    /// How often it was tried.
    pub tries: i64,
    /// How the last try ended: `2xx`, `3xx`, `4xx`, `410`, `429`, `5xx`, `timeout`, `no_connection`,
    /// `not_public` or `other`.
    pub outcome: Option<String>,
    /// How long the last try took, in milliseconds.
    pub took_ms: Option<i64>,
    /// When the last try ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub tried_at: Option<Timestamp>,
    /// When it is tried next, while it waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_try_at: Option<Timestamp>,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was delivered or given up.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// What is posted; only where one delivery is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub body: Option<String>,
}

impl From<Delivery> for WebhookDelivery {
    fn from(row: Delivery) -> Self {
        let waits = row.state == "waiting";
        Self {
            id: row.id,
            r#type: row.kind,
            state: row.state,
            tries: row.tries,
            outcome: row.outcome,
            took_ms: row.took_us.map(|micros| micros / 1_000),
            tried_at: row.tried_at,
            next_try_at: waits.then_some(row.due_at),
            created_at: row.created_at,
            ended_at: row.ended_at,
            body: row.body,
        }
    }
}

/// Which deliveries.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Another of the same contact comes first.
    Queued,
    /// It is told now or at its next try.
    Waiting,
    /// It was taken.
    Delivered,
    /// It was tried for days.
    GivenUp,
}

impl DeliveryState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::GivenUp => "given_up",
        }
    }
}

/// Which deliveries, and how many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListDeliveries {
    /// All when nothing is said.
    #[serde(default)]
    #[param(inline)]
    pub state: Option<DeliveryState>,
    /// How many, at most 200.
    #[serde(default)]
    #[param(value_type = Option<u32>)]
    pub limit: Limit,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Lists what an endpoint was told and is still to be told, the newest first, of the last 14 days.
#[utoipa::path(get, path = "/api/v1/webhook-endpoints/{id}/deliveries", operation_id = "listWebhookDeliveries", tag = "Webhooks",
    params(("id" = String, Path, description = "The endpoint"), ListDeliveries),
    responses((status = 200, description = "A page", body = Page<WebhookDelivery>)))]
pub async fn list(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<EndpointId>,
    Params(wish): Params<ListDeliveries>,
) -> Result<Json<Page<WebhookDelivery>>, Problem> {
    let after: Option<Key> = page::key("cursor", wish.cursor.as_deref())?;
    let state = wish.state.map(DeliveryState::as_str);
    let workspace = caller.scope.workspace;
    let (rows, more) =
        endpoints::deliveries(api.db(), workspace, id, state, after, wish.limit.0).await?;
    Ok(Json(Page::of(rows, more.as_ref())))
}

/// One delivery with what is posted.
#[utoipa::path(get, path = "/api/v1/webhook-endpoints/{id}/deliveries/{delivery_id}", operation_id = "getWebhookDelivery", tag = "Webhooks",
    params(("id" = String, Path, description = "The endpoint"), ("delivery_id" = String, Path, description = "The delivery")),
    responses((status = 200, description = "The delivery", body = WebhookDelivery)))]
pub async fn get(
    State(api): State<Api>,
    caller: Caller,
    Ids(id, delivery): Ids<EndpointId, DeliveryId>,
) -> Result<Json<WebhookDelivery>, Problem> {
    let row = endpoints::delivery(api.db(), caller.scope.workspace, id, delivery).await?;
    Ok(Json(row.into()))
}

/// Tells something again that was delivered or given up: the same body with the same id, at once.
#[utoipa::path(post, path = "/api/v1/webhook-endpoints/{id}/deliveries/{delivery_id}/replay", operation_id = "replayWebhookDelivery", tag = "Webhooks",
    params(("id" = String, Path, description = "The endpoint"), ("delivery_id" = String, Path, description = "The delivery")),
    responses((status = 202, description = "It is told again", body = WebhookDelivery),
        (status = 409, description = "It is still to be told")))]
pub async fn replay(
    State(api): State<Api>,
    caller: Caller,
    Ids(id, delivery): Ids<EndpointId, DeliveryId>,
) -> Result<(StatusCode, Json<WebhookDelivery>), Problem> {
    let workspace = caller.scope.workspace;
    match endpoints::replay(api.db(), workspace, id, delivery).await {
        Ok(row) => Ok((StatusCode::ACCEPTED, Json(row.into()))),
        Err(wigwag_store::Error::Stale) => Err(Problem::new(
            Code::Conflict,
            "It is still to be told: wait for its next try.",
        )),
        Err(error) => Err(error.into()),
    }
}

/// Tells an endpoint `webhook.test`, the way everything is told; look at the delivery for the end.
#[utoipa::path(post, path = "/api/v1/webhook-endpoints/{id}/test", operation_id = "testWebhookEndpoint", tag = "Webhooks",
    params(("id" = String, Path, description = "The endpoint")),
    responses((status = 202, description = "The delivery", body = WebhookDelivery)))]
pub async fn test(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<EndpointId>,
) -> Result<(StatusCode, Json<WebhookDelivery>), Problem> {
    let context = api.engine().context();
    let row = wigwag_engine::endpoints::test(context, caller.scope.workspace, id).await?;
    Ok((StatusCode::ACCEPTED, Json(row.into())))
}
