//! Names every request, writes its one log line and gives problems their body.
//!
//! The line holds the route (not the path's query, which may hold a phone number), status, time
//! and id; webhooks that were taken, or refused for their signature, are logged at debug level and
//! counted. Bodies, cookies, keys and addresses of people never enter the log.

use std::sync::{Arc, OnceLock};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::Api;
use crate::problem::Problem;
use crate::webhooks;

/// The request's id, given to problems, to the log and to the client in `X-Request-Id`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Where the route that a request found is left for its log line, whatever becomes of the request.
#[derive(Clone, Default)]
struct Route(Arc<OnceLock<MatchedPath>>);

/// The innermost layer: says which route was found.
pub async fn matched(request: Request, next: Next) -> Response {
    let extensions = request.extensions();
    if let (Some(route), Some(path)) = (extensions.get::<Route>(), extensions.get::<MatchedPath>())
    {
        // A request finds one route.
        let _ = route.0.set(path.clone());
    }
    next.run(request).await
}

/// The outermost layer.
pub async fn layer(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let started = api.clock().monotonic_us();
    let id = RequestId(hex::encode(api.db().mint().random::<8>()));
    request.extensions_mut().insert(id.clone());
    let method = request.method().clone();
    let found = Route::default();
    request.extensions_mut().insert(found.clone());
    let mut response = next.run(request).await;
    let mut code = "";
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        code = problem.code().as_str();
        let mut answer = problem.respond(&id.0);
        for (name, value) in response.headers() {
            if !answer.headers().contains_key(name) {
                answer.headers_mut().append(name, value.clone());
            }
        }
        answer.headers_mut().remove("content-length");
        response = answer;
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(HEADER, value);
    }
    response.extensions_mut().insert(id.clone());
    let micros = (api.clock().monotonic_us() - started).max(0);
    let status = response.status().as_u16();
    metrics::counter!("wigwag_http_requests_total", "status" => status_class(status)).increment(1);
    let ms = format_args!("{:.1}", micros as f64 / 1e3);
    let id = id.as_str();
    let route = found.0.get().map_or("-", MatchedPath::as_str);
    // Webhooks come by the thousand and strangers' tries leave no trace: both are counted instead.
    if route == webhooks::PATH && matches!(status, 200 | 401) {
        tracing::debug!(%method, route, status, code, request_id = id, ms, "request");
    } else {
        tracing::info!(%method, route, status, code, request_id = id, ms, "request");
    }
    response
}

fn status_class(status: u16) -> &'static str {
    match status {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}
