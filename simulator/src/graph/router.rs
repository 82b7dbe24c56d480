//! Finds what a Graph path means, checks the token, and answers.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, Response, StatusCode};
use serde_json::{Value, json};

use super::error::GraphError;
use super::params::Params;
use super::{apps, block, media, messages, numbers, oauth, profile, templates, waba};
use crate::connection::Cut;
use crate::scheduler;
use crate::state::State as SimState;
use crate::world::World;

/// Who calls.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) app_id: String,
}

/// A call with everything that a handler needs.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a mut SimState,
    pub(crate) now_us: i64,
    pub(crate) method: &'a Method,
    pub(crate) params: &'a Params,
    pub(crate) caller: &'a Caller,
    /// The call's own address without query, for paging links.
    pub(crate) url: &'a str,
}

/// A JSON answer or an error.
pub(crate) type Answer = Result<Value, GraphError>;

/// `{"success":true}`.
#[expect(
    clippy::unnecessary_wraps,
    reason = "it is the last word of handlers that can fail"
)]
pub(crate) fn success() -> Answer {
    Ok(json!({"success": true}))
}

/// The handler of every path that is not the simulator's own.
pub(crate) async fn entry(
    State(world): State<Arc<World>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response<Body> {
    // When it came, before any latency: that is what a promise to stop is held against.
    let (latency, received_us) = world.with(|state, now_us| (state.faults.set.latency_ms, now_us));
    if latency > 0 {
        tokio::time::sleep(Duration::from_millis(latency)).await;
    }
    let path = request.uri().path().to_owned();
    let mut segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    if segments.first().is_some_and(|first| is_version(first)) {
        segments.remove(0);
    }
    if segments.first() == Some(&"whatsapp_business") {
        return media::download(&world, &request);
    }
    let answer = dispatch(&world, &cut, request, &segments, &path, received_us).await;
    respond(&world, answer)
}

fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|rest| {
        !rest.is_empty()
            && rest.chars().all(|c| c.is_ascii_digit() || c == '.')
            && rest.starts_with(|c: char| c.is_ascii_digit())
    })
}

/// The page of a proxy that did not reach Graph, or not in time.
fn page(status: u16) -> Response<Body> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let text =
        format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(
        CONTENT_TYPE,
        axum::http::HeaderValue::from_static("text/html"),
    );
    response
}

/// Writes a JSON answer with Graph's headers.
fn respond(world: &World, answer: Answer) -> Response<Body> {
    if let Err(error) = &answer
        && error.bare
    {
        return page(error.http);
    }
    let (status, body) = match answer {
        Ok(body) => (200, body),
        Err(error) => world.with(|state, _| {
            let throttle = state.faults.set.throttle_status;
            let status = if error.is_throttling() {
                throttle
            } else {
                error.http
            };
            (status, error.body(&state.ids.trace()))
        }),
    };
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        axum::http::HeaderValue::from_static("application/json; charset=UTF-8"),
    );
    headers.insert(
        "X-App-Usage",
        axum::http::HeaderValue::from_static(
            r#"{"call_count":1,"total_time":1,"total_cputime":1}"#,
        ),
    );
    headers.insert(
        "facebook-api-version",
        axum::http::HeaderValue::from_static("v25.0"),
    );
    response
}

async fn dispatch(
    world: &Arc<World>,
    cut: &Cut,
    request: Request,
    segments: &[&str],
    path: &str,
    received_us: i64,
) -> Answer {
    let method = request.method().clone();
    let header_token = bearer(request.headers());
    let headers = request.headers().clone();
    let upload = segments
        .first()
        .is_some_and(|first| first.starts_with("upload:"));
    let mut params = Params::read(request, upload).await?;
    let method = match params
        .text("method")
        .map(|method| method.to_uppercase())
        .as_deref()
    {
        Some("DELETE") if method == Method::POST => Method::DELETE,
        Some("GET") if method == Method::POST => Method::GET,
        _ => method,
    };
    match segments {
        ["oauth", "access_token"] => {
            return world.with(|state, now_us| oauth::access_token(state, &params, now_us));
        }
        ["_ping"] => return success(),
        _ => {}
    }
    let token = header_token.or_else(|| params.text("access_token"));
    let caller = world.with(|state, now_us| authorise(state, token.as_deref(), now_us))?;
    if let Some(all) = params.all.as_object_mut() {
        all.remove("access_token");
    }
    if let [number_id, edge @ ("messages" | "marketing_messages")] = segments
        && method == Method::POST
    {
        params.open_message();
        return messages::post(
            world,
            cut,
            &params,
            number_id,
            *edge == "marketing_messages",
            received_us,
        );
    }
    verify_callback(world, &method, segments, &params, &caller).await?;
    let url = format!("{}{path}", world.base_url);
    world.with(|state, now_us| {
        let mut call = Call {
            state,
            now_us,
            method: &method,
            params: &params,
            caller: &caller,
            url: &url,
        };
        if upload {
            return apps::upload(&mut call, segments[0], &headers);
        }
        route(&mut call, segments)
    })
}

/// The token of the `Authorization` header: `Bearer` or `OAuth`.
fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    matches!(scheme.to_ascii_lowercase().as_str(), "bearer" | "oauth")
        .then(|| token.trim().to_owned())
}

/// Who a token belongs to.
pub(crate) fn authorise(
    state: &SimState,
    token: Option<&str>,
    now_us: i64,
) -> Result<Caller, GraphError> {
    let token = token
        .filter(|token| !token.is_empty())
        .ok_or_else(GraphError::no_token)?;
    if let Some((app_id, _)) = token.split_once('|') {
        let app = state
            .apps
            .get(app_id)
            .filter(|app| app.app_token() == token);
        return app
            .map(|app| Caller {
                app_id: app.id.clone(),
            })
            .ok_or_else(|| GraphError::bad_token(false));
    }
    let known = state
        .tokens
        .get(token)
        .ok_or_else(|| GraphError::bad_token(false))?;
    if !known.valid || (known.expires_us != 0 && now_us >= known.expires_us) {
        return Err(GraphError::bad_token(true));
    }
    Ok(Caller {
        app_id: known.app_id.clone(),
    })
}

/// The token of a request that is not a Graph call (media bytes).
pub(crate) fn authorise_headers(
    state: &SimState,
    request: &Request,
    now_us: i64,
) -> Result<Caller, GraphError> {
    authorise(state, bearer(request.headers()).as_deref(), now_us)
}

/// Calls that set a callback URL are only done when the URL answers the challenge.
async fn verify_callback(
    world: &World,
    method: &Method,
    segments: &[&str],
    params: &Params,
    caller: &Caller,
) -> Result<(), GraphError> {
    if *method != Method::POST {
        return Ok(());
    }
    let nested = params.structured("webhook_configuration");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let (url, token) = match segments {
        [_, "subscriptions"] => (params.text("callback_url"), params.text("verify_token")),
        [_, "subscribed_apps"] => (
            params.text("override_callback_uri"),
            params.text("verify_token"),
        ),
        [_] => (
            text(&nested["override_callback_uri"]),
            text(&nested["verify_token"]),
        ),
        _ => return Ok(()),
    };
    let Some(url) = url.filter(|url| !url.is_empty()) else {
        return Ok(());
    };
    let token =
        token.ok_or_else(|| GraphError::parameter("The parameter verify_token is required."))?;
    let challenge = world
        .with(|state, _| state.ids.below(9_000_000_000) + 1_000_000_000)
        .to_string();
    scheduler::verify(&world.http, &url, &token, &challenge)
        .await
        .map_err(|why| {
            tracing::info!(
                app = caller.app_id,
                "webhook callback was not verified: {why}"
            );
            GraphError {
                subcode: Some(2_200),
                ..GraphError::parameter(format!("Callback verification failed: {why}"))
            }
        })
}

fn route(call: &mut Call<'_>, segments: &[&str]) -> Answer {
    let unknown =
        |call: &Call<'_>, id: &str| Err(GraphError::unknown_object(call.method.as_str(), id));
    match segments {
        ["debug_token"] => oauth::debug_token(call),
        ["app"] => apps::node(call, &call.caller.app_id.clone()),
        ["me"] => Ok(oauth::me(call)),
        [
            "me",
            edge @ ("whatsapp_business_accounts" | "assigned_whatsapp_business_accounts"),
        ] => waba::assigned(call, edge),
        [id] => node(call, id),
        [id, edge] => {
            if call.state.numbers.contains_key(*id) {
                number_edge(call, id, edge)
            } else if call.state.wabas.contains_key(*id) {
                waba::edge(call, id, edge)
            } else if call.state.apps.contains_key(*id) {
                apps::edge(call, id, edge)
            } else if call.state.portfolios.contains_key(*id) {
                waba::portfolio_edge(call, id, edge)
            } else if call.state.templates.contains_key(*id) {
                templates::edge(call, id, edge)
            } else {
                unknown(call, id)
            }
        }
        [id, "message_templates", template_id] if call.state.wabas.contains_key(*id) => {
            if matches!(*template_id, "archive" | "unarchive") {
                return Ok(templates::archive(call, id, *template_id == "archive"));
            }
            templates::node(call, template_id)
        }
        [id, "message_qrdls", code] if call.state.numbers.contains_key(*id) => {
            numbers::qr(call, id, Some(code))
        }
        [] => Err(GraphError::unknown_object(call.method.as_str(), "")),
        [id, ..] => unknown(call, id),
    }
}

fn node(call: &mut Call<'_>, id: &str) -> Answer {
    if call.state.numbers.contains_key(id) {
        numbers::node(call, id)
    } else if call.state.wabas.contains_key(id) {
        waba::node(call, id)
    } else if call.state.templates.contains_key(id) {
        templates::node(call, id)
    } else if call.state.media.items.contains_key(id) {
        media::node(call, id)
    } else if call.state.apps.contains_key(id) {
        apps::node(call, id)
    } else if call.state.portfolios.contains_key(id) {
        waba::portfolio(call, id)
    } else {
        Err(GraphError::unknown_object(call.method.as_str(), id))
    }
}

fn number_edge(call: &mut Call<'_>, id: &str, edge: &str) -> Answer {
    if !call.state.numbers[id].token_valid {
        return Err(GraphError::bad_token(true));
    }
    match edge {
        "media" => media::upload(call, id),
        "block_users" => block::edge(call, id),
        "whatsapp_business_profile" => profile::edge(call, id),
        "message_qrdls" => numbers::qr(call, id, None),
        _ => numbers::edge(call, id, edge),
    }
}
