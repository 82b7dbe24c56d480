//! The control plane under `/_sim/`: people, inbound messages, faults, clock, ledger, templates.
//!
//! It needs no token and is for loopback only. Errors are `{"error":{"message"}}`.

mod apps;
mod events;
mod history;
mod media;
mod notices;
mod people;
mod set_up;
mod thread;
mod watch;

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::state::State;
use crate::world::World;

/// A refusal of the control plane.
#[derive(Debug)]
pub(crate) struct Refusal(StatusCode, String);

impl Refusal {
    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self(StatusCode::UNPROCESSABLE_ENTITY, message.into())
    }

    pub(crate) fn not_found(what: &str, id: &str) -> Self {
        Self(StatusCode::NOT_FOUND, format!("no {what} `{id}`"))
    }
}

impl From<String> for Refusal {
    fn from(message: String) -> Self {
        Self::bad(message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, axum::Json(json!({"error": {"message": self.1}}))).into_response()
    }
}

/// A JSON answer or a refusal.
pub(crate) type Reply = Result<axum::Json<Value>, Refusal>;

/// A JSON body; an empty one counts as `{}`.
pub(crate) struct Body(pub(crate) Value);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bytes = bytes::Bytes::from_request(request, state).await;
        let bytes = bytes.map_err(|error| Refusal::bad(error.to_string()))?;
        if bytes.is_empty() {
            return Ok(Self(json!({})));
        }
        let json: Result<axum::Json<Value>, JsonRejection> = axum::Json::from_bytes(&bytes);
        let axum::Json(value) = json.map_err(|error| Refusal::bad(error.body_text()))?;
        Ok(Self(value))
    }
}

/// A person by id or phone.
pub(crate) fn person(state: &State, key: &str) -> Result<usize, Refusal> {
    state
        .find_person(key)
        .ok_or_else(|| Refusal::not_found("person", key))
}

/// A number by id, or the first one when none is named.
pub(crate) fn number(state: &State, id: Option<&str>, world: &World) -> Result<String, Refusal> {
    match id.filter(|id| !id.is_empty()) {
        Some(id) if state.numbers.contains_key(id) => Ok(id.to_owned()),
        Some(id) => Err(Refusal::not_found("number", id)),
        None => {
            let own = &world.credentials.phone_number_id;
            let found = if state.numbers.contains_key(own) {
                Some(own)
            } else {
                state.numbers.keys().next()
            };
            found
                .cloned()
                .ok_or_else(|| Refusal::bad("there is no number; POST /_sim/numbers makes one"))
        }
    }
}

/// Pages of other sites may not play here behind their visitor's back: a browser names the page that
/// asks, and only our own may.
async fn same_origin(request: Request, next: Next) -> Response {
    if is_foreign(request.headers()) {
        let why = "the control plane is for the simulator's own page and for programs";
        return Refusal(StatusCode::FORBIDDEN, why.into()).into_response();
    }
    next.run(request).await
}

fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    text(ORIGIN).is_some_and(|origin| {
        let host = origin.split_once("://").map(|(_, host)| host);
        host.is_none() || host != text(HOST)
    })
}

/// All routes.
pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/_sim/persons", get(people::list).post(people::create))
        .route("/_sim/persons/{id}", get(people::one))
        .route("/_sim/persons/{id}/behaviour", post(people::behaviour))
        .route("/_sim/persons/{id}/thread", get(thread::thread))
        .route("/_sim/persons/{id}/open", post(people::open))
        .route("/_sim/persons/{id}/block", post(people::block))
        .route("/_sim/persons/{id}/stop", post(people::stop))
        .route("/_sim/persons/{id}/typing", post(people::typing))
        .route("/_sim/inbound", post(people::inbound))
        .route("/_sim/history", post(history::plant))
        .route("/_sim/media", post(media::upload))
        .route("/_sim/media/{id}", get(media::content))
        .route("/_sim/samples", get(media::samples))
        .route("/_sim/samples/{name}", get(media::sample))
        .route("/_sim/events", get(events::stream))
        .route(
            "/_sim/portfolios",
            get(set_up::portfolios).post(set_up::add_portfolio),
        )
        .route("/_sim/wabas", post(set_up::add_waba))
        .route("/_sim/wabas/{id}/notices", post(notices::tell))
        .route(
            "/_sim/numbers",
            get(set_up::numbers).post(set_up::add_number),
        )
        .route("/_sim/numbers/{id}", post(set_up::change_number))
        .route("/_sim/portfolios/{id}", post(set_up::change_portfolio))
        .route("/_sim/apps", get(apps::list).post(apps::add))
        .route("/_sim/apps/{id}/secret", post(apps::rotate))
        .route("/_sim/app", post(apps::app))
        .route("/_sim/credentials", get(apps::credentials))
        .route("/_sim/tokens", post(apps::add_token))
        .route("/_sim/codes", post(apps::add_code))
        .route("/_sim/templates", get(set_up::templates))
        .route("/_sim/templates/{id}/decision", post(set_up::decide))
        .route("/_sim/reset", post(set_up::reset))
        .route("/_sim/faults", get(watch::faults).post(watch::set_faults))
        .route("/_sim/clock", get(watch::clock).post(watch::advance))
        .route("/_sim/ledger", get(watch::ledger))
        .route("/_sim/ledger/summary", get(watch::summary))
        .route("/_sim/status", get(watch::status))
        .route("/_sim/webhooks", get(watch::webhooks))
        .route("/_sim/{*rest}", axum::routing::any(unknown))
        .route_layer(middleware::from_fn(same_origin))
}

async fn unknown(axum::extract::Path(rest): axum::extract::Path<String>) -> Refusal {
    Refusal::not_found("control path", &format!("/_sim/{rest}"))
}
