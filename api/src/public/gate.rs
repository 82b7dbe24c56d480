//! What every request passes: the key, its budget, its permission; timed, logged and audited as those of
//! `/api/v1` are.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use wigwag_model::{Actor, Permission};

use super::auth;
use crate::Api;
use crate::auth::{Caller, forbidden};
use crate::budget::Take;
use crate::calls::Call;
use crate::operation::{Audit, Subject, audit};
use crate::problem::{Code, Problem};
use crate::request::drain;
use crate::request_id::RequestId;

/// A route's rule.
#[derive(Clone)]
pub(super) struct Gate {
    /// What handlers share.
    pub(super) api: Api,
    /// The permission.
    pub(super) needs: Permission,
    /// What it leaves in the audit log.
    pub(super) audit: Audit,
    /// Its name in the metrics.
    pub(super) name: &'static str,
}

/// The layer around one route.
pub(super) async fn admit(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let api = &gate.api;
    let started = api.clock().monotonic_us();
    let headers = request.headers().clone();
    let caller = match auth::identify(api, &headers).await {
        Ok(caller) => caller,
        Err(problem) => {
            drain(request).await;
            return problem.into_response();
        }
    };
    let id = request
        .extensions()
        .get::<RequestId>()
        .cloned()
        .unwrap_or_default();
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned())
        .unwrap_or_default();
    let method = request.method().as_str().to_owned();
    let take = match caller.scope.actor {
        Actor::ApiKey(key) => Some(api.budget().take(key, started)),
        Actor::Member(_) | Actor::System => None,
    };
    let mut response = if let Some(problem) = refusal(&gate, &caller, take) {
        drain(request).await;
        problem.into_response()
    } else {
        request.extensions_mut().insert(caller.clone());
        let response = next.run(request).await;
        if let (Audit::As(action), true) = (gate.audit, response.status().is_success()) {
            let subject = response.extensions().get::<Subject>();
            let subject = subject.map(|subject| subject.0.clone());
            audit(api, Some(&caller), action, subject.unwrap_or_default(), &id).await;
        }
        response
    };
    if let Some(take) = take {
        tell(&mut response, take);
    }
    let micros = (api.clock().monotonic_us() - started).max(0);
    metrics::histogram!("wigwag_operation_seconds", "operation" => gate.name)
        .record(micros as f64 / 1e6);
    if let Some(prefix) = caller.key_prefix {
        api.calls().note(Call {
            workspace: caller.scope.workspace,
            method,
            path,
            status: response.status().as_u16(),
            duration_us: micros,
            key_prefix: prefix,
            request_id: id.as_str().to_owned(),
        });
    }
    response
}

fn refusal(gate: &Gate, caller: &Caller, take: Option<Take>) -> Option<Problem> {
    if let Some(seconds) = take.and_then(|take| take.wait) {
        let problem = Problem::new(Code::RateLimited, "This key asks too often.");
        return Some(problem.retry_after(seconds));
    }
    let needs = gate.needs.as_str();
    (!caller.scope.may(gate.needs)).then(|| forbidden(&format!("a key with {needs}")))
}

/// How much is left, in the headers of the IETF's draft “RateLimit header fields”.
fn tell(response: &mut Response, take: Take) {
    for (name, value) in [
        ("ratelimit-limit", take.limit),
        ("ratelimit-remaining", take.remaining),
        ("ratelimit-reset", take.reset),
    ] {
        let headers = response.headers_mut();
        headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
    }
}
