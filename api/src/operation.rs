//! The one way to register a route of the API: every operation has a permission, a name, a
//! timing and, where it changes something, an entry in the audit log.
//!
//! [`Operations::add`] is the only door: it takes the handler together with its rule, and the
//! gate refuses any request whose route has no rule. Handlers get the [`Caller`] that the gate
//! admitted; they never look at cookies or keys themselves.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::SecurityRequirement;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use wigwag_model::Permission;

use crate::Api;
use crate::auth::{self, Admission, Caller, publishable_key};
use crate::calls::Call;
use crate::problem::{Code, Problem};
use crate::request::drain;
use crate::request_id::RequestId;

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone: sign-in, set-up, signed addresses.
    Open,
    /// Any member with a session; API keys may not.
    SignedIn,
    /// Members and keys that have the permission.
    Needs(Permission),
    /// Web pages with a publishable key, from an origin of the key.
    Publishable,
}

/// What an operation leaves in the audit log when it succeeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audit {
    /// Nothing: it reads, or what it writes carries its author.
    No,
    /// An entry with this action, by the caller, about the id in the path.
    As(&'static str),
}

#[derive(Debug)]
struct Rule {
    name: String,
    access: Access,
    audit: Audit,
}

/// The operations while they are being gathered.
pub struct Operations {
    router: OpenApiRouter<Api>,
    rules: HashMap<(Method, String), Rule>,
}

impl Operations {
    /// None yet.
    pub fn new(document: OpenApi) -> Self {
        Self {
            router: OpenApiRouter::with_openapi(document),
            rules: HashMap::new(),
        }
    }

    /// Registers an operation with its rule.
    #[must_use]
    pub fn add(mut self, access: Access, audit: Audit, routes: UtoipaMethodRouter<Api>) -> Self {
        let (schemas, mut paths, handlers) = routes;
        for (path, item) in &mut paths.paths {
            for (method, operation) in operations_of(item) {
                describe(operation, access);
                let name = operation.operation_id.clone().unwrap_or_default();
                self.rules.insert(
                    (method, path.clone()),
                    Rule {
                        name,
                        access,
                        audit,
                    },
                );
            }
        }
        self.router = self.router.routes((schemas, paths, handlers));
        self
    }

    /// The document that describes them.
    pub fn document(&self) -> &OpenApi {
        self.router.get_openapi()
    }

    /// The router behind the gate.
    pub fn into_router(self, api: &Api) -> axum::Router<Api> {
        let gate = Gate {
            api: api.clone(),
            rules: Arc::new(self.rules),
        };
        let (router, _) = self.router.split_for_parts();
        router.route_layer(middleware::from_fn_with_state(gate, admit))
    }
}

/// The operations of a path with axum's name of their method.
fn operations_of(item: &mut utoipa::openapi::PathItem) -> Vec<(Method, &mut Operation)> {
    [
        (Method::GET, item.get.as_mut()),
        (Method::POST, item.post.as_mut()),
        (Method::PUT, item.put.as_mut()),
        (Method::PATCH, item.patch.as_mut()),
        (Method::DELETE, item.delete.as_mut()),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.map(|operation| (method, operation)))
    .collect()
}

/// Writes the rule into the document, where the access test and readers find it.
fn describe(operation: &mut Operation, access: Access) {
    let none: [&str; 0] = [];
    operation.security = Some(match access {
        Access::Open => vec![],
        Access::SignedIn => vec![SecurityRequirement::new("session", none)],
        Access::Publishable => vec![SecurityRequirement::new("publishable_key", none)],
        Access::Needs(permission) => vec![
            SecurityRequirement::new("session", [permission.as_str()]),
            SecurityRequirement::new("api_key", [permission.as_str()]),
        ],
    });
}

#[derive(Clone)]
struct Gate {
    api: Api,
    rules: Arc<HashMap<(Method, String), Rule>>,
}

async fn admit(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let api = &gate.api;
    let started = api.clock().monotonic_us();
    let method = if request.method() == Method::HEAD {
        Method::GET
    } else {
        request.method().clone()
    };
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned())
        .unwrap_or_default();
    if method == Method::OPTIONS
        && let Some(rule) = gate.rules.get(&(Method::POST, path.clone()))
        && rule.access == Access::Publishable
    {
        let (parts, _) = request.into_parts();
        return publishable_key::preflight(api, parts).await;
    }
    let Some(rule) = gate.rules.get(&(method.clone(), path.clone())) else {
        // A method that the path does not have ends here too.
        return Problem::new(
            Code::MethodNotAllowed,
            "This address does not take this method.",
        )
        .into_response();
    };
    let id = request
        .extensions()
        .get::<RequestId>()
        .cloned()
        .unwrap_or_default();
    let mut page = None;
    let admission = if rule.access == Access::Publishable {
        let (mut parts, body) = request.into_parts();
        let admitted = publishable_key::admit(api, &mut parts).await;
        request = Request::from_parts(parts, body);
        admitted.map(|admitted| {
            page.clone_from(&admitted.origin);
            Admission {
                caller: Some(admitted.caller),
                problem: page.is_none().then(publishable_key::elsewhere),
            }
        })
    } else {
        auth::admit(
            api,
            request.method().clone(),
            request.headers().clone(),
            rule.access,
        )
        .await
    };
    let (caller, mut response) = match admission {
        Err(problem) => {
            drain(request).await;
            (None, problem.into_response())
        }
        Ok(Admission {
            caller,
            problem: Some(problem),
        }) => {
            drain(request).await;
            (caller, problem.into_response())
        }
        Ok(Admission {
            caller,
            problem: None,
        }) => {
            if let Some(caller) = caller.clone() {
                request.extensions_mut().insert(caller);
            }
            let subject = subject_of(&request, &path);
            let response = next.run(request).await;
            if let (Audit::As(action), true) = (rule.audit, response.status().is_success()) {
                let made = response
                    .extensions()
                    .get::<Subject>()
                    .map(|subject| subject.0.clone());
                audit(
                    api,
                    caller.as_ref(),
                    action,
                    made.or(subject).unwrap_or_default(),
                    &id,
                )
                .await;
            }
            (caller, response)
        }
    };
    if let Some(origin) = page {
        publishable_key::let_read(response.headers_mut(), origin);
    }
    let micros = (api.clock().monotonic_us() - started).max(0);
    metrics::histogram!("wigwag_operation_seconds", "operation" => rule.name.clone())
        .record(micros as f64 / 1e6);
    // Pages tell much; the list of calls has what was refused to them, and leaves room for programs.
    let listed = rule.access != Access::Publishable || !response.status().is_success();
    if listed
        && let Some(caller) = &caller
        && let Some(prefix) = &caller.key_prefix
    {
        api.calls().note(Call {
            workspace: caller.scope.workspace,
            method: method.as_str().to_owned(),
            path,
            status: response.status().as_u16(),
            duration_us: micros,
            key_prefix: prefix.clone(),
            request_id: id.as_str().to_owned(),
        });
    }
    response
}

/// The value that stands for the first parameter of the path.
fn subject_of(request: &Request, matched: &str) -> Option<String> {
    let place = matched.split('/').position(|part| part.starts_with('{'))?;
    request
        .uri()
        .path()
        .split('/')
        .nth(place)
        .map(str::to_owned)
}

/// What a handler says about the thing that it made, for the audit entry.
#[derive(Debug, Clone)]
pub struct Subject(pub String);

pub(crate) async fn audit(
    api: &Api,
    caller: Option<&Caller>,
    action: &'static str,
    subject: String,
    id: &RequestId,
) {
    // Operations without a caller (sign-in, set-up) write their own entries.
    let Some(caller) = caller else { return };
    let entry = wigwag_store::audit::Entry {
        actor: caller.scope.actor.to_string(),
        action: action.to_owned(),
        subject,
        detail: serde_json::json!({ "request_id": id.as_str() }),
    };
    if let Err(error) = wigwag_store::audit::append(api.db(), caller.scope.workspace, entry).await {
        tracing::error!(%error, action, "audit entry could not be written");
    }
}
