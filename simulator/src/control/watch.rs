//! Faults, clock, ledger, webhook log.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::json;

use super::{Body, Refusal, Reply};
use crate::ledger::Filter;
use crate::state::State as SimState;
use crate::world::World;

/// `GET /_sim/faults`.
pub(crate) async fn faults(State(world): State<Arc<World>>) -> Reply {
    Ok(Json(world.with(|state, _| json!(state.faults.set))))
}

/// `POST /_sim/faults`: a partial update.
pub(crate) async fn set_faults(State(world): State<Arc<World>>, Body(body): Body) -> Reply {
    let answer = world.with(|state, _| -> Result<_, Refusal> {
        state.faults.merge(&body)?;
        state.changes += 1;
        state.tell_all("faults");
        Ok(json!(state.faults.set))
    })?;
    world.wake.notify_one();
    Ok(Json(answer))
}

/// `GET /_sim/clock`.
pub(crate) async fn clock(State(world): State<Arc<World>>) -> Reply {
    Ok(Json(
        json!({"now_us": world.clock.now_us(), "offset_ms": world.clock.offset_us() / 1_000}),
    ))
}

/// `POST /_sim/clock {advance_ms}`.
pub(crate) async fn advance(State(world): State<Arc<World>>, Body(body): Body) -> Reply {
    let ms = body["advance_ms"].as_u64().ok_or_else(|| {
        Refusal::bad("advance_ms is missing: milliseconds from 0 on; time does not go back")
    })?;
    // 50 years: more is a slip.
    if ms > 50 * 366 * 86_400_000 {
        return Err(Refusal::bad("advance_ms is more than 50 years"));
    }
    world.advance(Duration::from_millis(ms));
    clock(State(world)).await
}

/// The filter with the person's id, who may be named by phone or user id as well. What is empty was
/// not asked for.
fn by_id(state: &SimState, mut filter: Filter) -> Filter {
    for key in [
        &mut filter.person,
        &mut filter.template,
        &mut filter.phone_number_id,
    ] {
        if key.as_ref().is_some_and(String::is_empty) {
            *key = None;
        }
    }
    let person = filter
        .person
        .as_ref()
        .and_then(|key| state.find_person(key));
    if let Some(person) = person {
        filter.person = Some(state.people[person].id.clone());
    }
    filter
}

/// `GET /_sim/ledger`.
pub(crate) async fn ledger(
    State(world): State<Arc<World>>,
    Query(filter): Query<Filter>,
) -> Result<impl IntoResponse, Refusal> {
    let page = world.with(|state, _| state.ledger.page(&by_id(state, filter)));
    let page = page.map_err(|error| Refusal::bad(error.to_string()))?;
    Ok(([(CONTENT_TYPE, "application/json")], page))
}

/// `GET /_sim/ledger/summary`.
pub(crate) async fn summary(
    State(world): State<Arc<World>>,
    Query(filter): Query<Filter>,
) -> Reply {
    Ok(Json(world.with(|state, _| {
        state.ledger.summary(&by_id(state, filter))
    })))
}

/// `GET /_sim/status`.
pub(crate) async fn status(State(world): State<Arc<World>>) -> Reply {
    Ok(Json(world.with(|state, now_us| {
        let app = state.apps.get(&world.credentials.app_id);
        let subscription = app.and_then(|app| app.subscription.as_ref());
        json!({
            "app": {
                "id": world.credentials.app_id,
                "webhook_url": subscription.map(|s| &s.callback_url),
                "subscribed_fields": subscription.map(|s| s.fields.clone()).unwrap_or_default(),
            },
            "counts": {
                "persons": state.people.len(),
                "messages": state.messages.len(),
                "accepted": state.ledger.len(),
                "templates": state.templates.len(),
                "numbers": state.numbers.len(),
                "media": state.media.items.len(),
            },
            "webhooks": state.hooks.view(now_us),
            "clock": {"now_us": now_us, "offset_ms": world.clock.offset_us() / 1_000},
        })
    })))
}

/// Query of the webhook log.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LogQuery {
    limit: Option<usize>,
}

/// `GET /_sim/webhooks`: the last POSTs, newest first.
pub(crate) async fn webhooks(
    State(world): State<Arc<World>>,
    Query(query): Query<LogQuery>,
) -> Reply {
    Ok(Json(world.with(
        |state, _| json!({"data": state.hooks.log(query.limit.unwrap_or(50))}),
    )))
}
