//! Business phone numbers.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use wigwag_engine::numbers as numbers_of_meta;
use wigwag_model::phone::Phone;
use wigwag_model::{NumberId, Timestamp, WabaId};
use wigwag_store::numbers;

use crate::Api;
use crate::auth::Caller;
use crate::page::Page;
use crate::problem::Problem;

/// The WABA of a number.
#[derive(Debug, Serialize, ToSchema)]
pub struct NumberWaba {
    /// Its id.
    #[schema(value_type = String)]
    pub id: WabaId,
    /// Meta's id.
    pub waba_id: String,
    /// Its name.
    pub name: String,
}

/// A business phone number.
#[derive(Debug, Serialize, ToSchema)]
pub struct Number {
    /// Its id.
    #[schema(value_type = String)]
    pub id: NumberId,
    /// As people write it.
    pub display_phone_number: String,
    /// Its country (ISO 3166 alpha-2), when it tells one.
    pub country: Option<String>,
    /// The name that Meta verified.
    pub verified_name: String,
    /// Meta's id.
    pub phone_number_id: String,
    /// The WABA.
    pub waba: NumberWaba,
    /// `green`, `yellow`, `red` or `unknown`.
    pub quality: String,
    /// Meta's status in lower case.
    pub status: String,
    /// Messages per second.
    pub throughput_per_second: i64,
    /// Contacts per 24 hours; null when unlimited or unknown.
    pub messaging_limit: Option<i64>,
    /// Whether Wigwag sends through it.
    pub enabled: bool,
    /// When Meta last called about it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_webhook_at: Option<Timestamp>,
}

impl From<numbers::Number> for Number {
    fn from(number: numbers::Number) -> Self {
        Self {
            id: number.id,
            country: Phone::parse(&number.display_phone_number, None)
                .ok()
                .and_then(|phone| phone.country()),
            display_phone_number: number.display_phone_number,
            verified_name: number.verified_name,
            phone_number_id: number.phone_number_id,
            waba: NumberWaba {
                id: number.waba,
                waba_id: number.waba_id,
                name: number.waba_name,
            },
            quality: number.quality,
            status: number.status,
            throughput_per_second: number.throughput,
            messaging_limit: number.messaging_limit,
            enabled: number.enabled,
            last_webhook_at: number.last_webhook_at,
        }
    }
}

/// Lists the numbers.
#[utoipa::path(get, path = "/api/v1/numbers", operation_id = "listNumbers", tag = "Numbers",
    responses((status = 200, description = "The numbers", body = Page<Number>)))]
pub async fn list(State(api): State<Api>, caller: Caller) -> Result<Json<Page<Number>>, Problem> {
    let numbers = numbers::list(api.db(), caller.scope.workspace).await?;
    Ok(Json(Page::whole(
        numbers.into_iter().map(Number::from).collect(),
    )))
}

/// Reads the numbers from Meta anew, soon; what differs comes as `number.changed` on the live socket.
#[utoipa::path(post, path = "/api/v1/numbers/sync", operation_id = "syncNumbers", tag = "Numbers",
    responses((status = 202, description = "It will be done", body = serde_json::Value)))]
pub async fn sync(
    State(api): State<Api>,
    caller: Caller,
) -> Result<(StatusCode, Json<serde_json::Value>), Problem> {
    numbers_of_meta::request_sync(api.engine().context(), caller.scope.workspace).await?;
    Ok((StatusCode::ACCEPTED, Json(serde_json::json!({}))))
}
