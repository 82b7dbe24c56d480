//! Publishable keys: `pk_` and 160 random bits that stand in a web page for everybody to read.
//!
//! Such a key opens one door, `POST /api/v1/track`, and only to be written through: it has no scopes,
//! and no other operation takes it. It works from the origins that it was made for; a browser cannot
//! lie about its origin, any other program can, so that nothing that matters may hang on it. What can
//! be done with it in a minute is limited for each key and each client address.

use axum::extract::FromRequestParts as _;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::api_key::{self, Fresh};
use super::{Caller, forbidden, identify};
use crate::Api;
use crate::address::ClientAddress;
use crate::problem::{Code, Problem};

/// What every publishable key starts with, so that nobody takes one for a secret.
pub const PREFIX: &str = "pk_";
/// How long a browser may remember that it may ask, in seconds.
const REMEMBERED: &str = "600";

/// Makes a key from 20 random bytes.
pub fn fresh(random: [u8; 20]) -> Fresh {
    api_key::with_prefix(PREFIX, random)
}

/// A page that was let in.
pub(crate) struct Admitted {
    /// The key, with no permission at all.
    pub(crate) caller: Caller,
    /// Where the page is from; `None` where it may not be from.
    pub(crate) origin: Option<HeaderValue>,
}

#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    key: String,
}

/// Judges a request by the key in its query and its `Origin`.
///
/// # Errors
/// `rate_limited`, `unauthenticated`, and `forbidden` for secret keys, which do not belong into pages.
pub(crate) async fn admit(api: &Api, parts: &mut Parts) -> Result<Admitted, Problem> {
    if parts.headers.contains_key(header::AUTHORIZATION) {
        identify(api, &parts.headers).await?;
        return Err(forbidden(
            "a publishable key in the query: a secret key does not belong into a page",
        ));
    }
    let now = api.clock().monotonic_us();
    let Ok(ClientAddress(address)) = ClientAddress::from_request_parts(parts, api).await;
    wait(api.limits().address(address, now))?;
    let query = parts.uri.query().unwrap_or_default();
    let asked: Asked = serde_urlencoded::from_str(query).unwrap_or(Asked { key: String::new() });
    if !asked.key.starts_with(PREFIX) {
        return Err(unauthenticated());
    }
    let key = api_key::find(api, &asked.key)
        .await
        .map_err(|problem| match problem.code() {
            Code::Unauthenticated => unauthenticated(),
            _ => problem,
        })?;
    let Some(own) = &key.publishable else {
        return Err(unauthenticated());
    };
    let origin = parts.headers.get(header::ORIGIN).cloned();
    let origin = origin.filter(|origin| {
        let known = |own: &String| own.as_bytes() == origin.as_bytes();
        own.origins.iter().any(known)
    });
    if origin.is_some() {
        wait(api.limits().key(key.id, now))?;
        api_key::touch(api, &key);
    }
    Ok(Admitted {
        caller: api_key::caller(key),
        origin,
    })
}

fn wait(seconds: Option<u64>) -> Result<(), Problem> {
    match seconds {
        Some(seconds) => {
            let problem = Problem::new(Code::RateLimited, "This page tells too much at once.");
            Err(problem.retry_after(seconds))
        }
        None => Ok(()),
    }
}

fn unauthenticated() -> Problem {
    Problem::new(
        Code::Unauthenticated,
        "Name a publishable key that works in the query: `?key=pk_…`, as Settings, API keys shows it.",
    )
}

/// The refusal of a page from elsewhere.
pub(crate) fn elsewhere() -> Problem {
    Problem::new(
        Code::Forbidden,
        "This publishable key is not for pages of this origin: add it to the key in Settings, API keys.",
    )
    .with("field", "origin")
}

/// Lets the page read the answer.
pub(crate) fn let_read(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::VARY, HeaderValue::from_static("origin"));
}

/// Answers the question that a browser asks before it sends JSON to another origin.
pub(crate) async fn preflight(api: &Api, mut parts: Parts) -> Response {
    let origin = match admit(api, &mut parts).await {
        Ok(Admitted {
            origin: Some(origin),
            ..
        }) => origin,
        Ok(_) => return elsewhere().into_response(),
        Err(problem) => return problem.into_response(),
    };
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    let_read(headers, origin);
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
        (header::ACCESS_CONTROL_MAX_AGE, REMEMBERED),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
