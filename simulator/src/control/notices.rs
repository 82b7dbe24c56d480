//! Meta's notices about an account, sent by hand: alerts, restrictions, reviews, names. They change
//! nothing in the simulator itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::json;

use super::{Body, Refusal, Reply};
use crate::world::World;

/// The webhook fields that tell of an account or a number (Meta: Webhooks, fields).
const FIELDS: &[&str] = &[
    "account_alerts",
    "account_update",
    "account_review_update",
    "business_capability_update",
    "phone_number_quality_update",
    "phone_number_name_update",
    "security",
];

/// `POST /_sim/wabas/{id}/notices {field, value}`: tells the account's apps. `told` says whether any
/// of them is subscribed to the field.
pub(crate) async fn tell(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    Body(body): Body,
) -> Reply {
    world.with(|state, now_us| {
        if !state.wabas.contains_key(&id) {
            return Err(Refusal::not_found("account", &id));
        }
        let wanted = body["field"].as_str().unwrap_or_default();
        if !FIELDS.contains(&wanted) {
            let known = FIELDS.join(", ");
            return Err(Refusal::bad(format!(
                "field `{wanted}` is not one of {known}"
            )));
        }
        if !body["value"].is_object() {
            return Err(Refusal::bad(
                "`value` is an object, as Meta's reference shows it",
            ));
        }
        let told = state.emit(now_us, wanted, &id, None, &body["value"], None);
        state.changes += 1;
        Ok(Json(json!({"told": told})))
    })
}
