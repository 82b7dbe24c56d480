//! Who calls: a member's session by cookie, or a program's API key.
//!
//! A request with an `Authorization` header is judged by it alone, so that a cookie never lends
//! its rights to a key. Changes by cookie need the session's CSRF token and our own origin.
//! Nothing here decides what a caller sees: that is the [`Scope`] handed to `store` and `engine`.

pub mod api_key;
pub mod cookie;
pub mod login_limit;
pub mod origin;
pub mod publishable_key;
pub mod session;

use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, Method, header, request::Parts};
use wigwag_model::{MemberId, NumberId, Scope};

use crate::Api;
use crate::operation::Access;
use crate::problem::{Code, Problem};

/// An admitted caller.
#[derive(Debug, Clone)]
pub struct Caller {
    /// What the caller may do and see.
    pub scope: Scope,
    /// The signed-in member; `None` for API keys.
    pub member: Option<MemberId>,
    /// The session, when there is one.
    pub session: Option<session::Current>,
    /// The start of the API key, when there is one.
    pub key_prefix: Option<String>,
    /// The number that the API key's messages leave from when they do not say.
    pub number: Option<NumberId>,
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(unauthenticated)
    }
}

/// What the gate decided: a known caller may still be refused.
pub(crate) struct Admission {
    pub(crate) caller: Option<Caller>,
    pub(crate) problem: Option<Problem>,
}

/// `unauthenticated`, one answer for absent, wrong, expired and revoked.
pub fn unauthenticated() -> Problem {
    Problem::new(
        Code::Unauthenticated,
        "Sign in, or pass an API key as `Authorization: Bearer ww_…`.",
    )
}

/// Judges a request against an operation's rule.
pub(crate) async fn admit(
    api: &Api,
    method: Method,
    headers: HeaderMap,
    access: Access,
) -> Result<Admission, Problem> {
    if access == Access::Open {
        origin::check(api, &method, &headers)?;
        return Ok(Admission {
            caller: None,
            problem: None,
        });
    }
    let caller = identify(api, &headers).await?;
    let problem = refuse(api, &method, &headers, &caller, access).err();
    Ok(Admission {
        caller: Some(caller),
        problem,
    })
}

/// The caller of a request, by key or by cookie.
pub async fn identify(api: &Api, headers: &HeaderMap) -> Result<Caller, Problem> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token = value
            .to_str()
            .ok()
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(unauthenticated)?;
        return api_key::identify(api, token.trim()).await;
    }
    let token = cookie::read(api, headers).ok_or_else(unauthenticated)?;
    session::identify(api, &token).await
}

fn refuse(
    api: &Api,
    method: &Method,
    headers: &HeaderMap,
    caller: &Caller,
    access: Access,
) -> Result<(), Problem> {
    if let Some(session) = &caller.session
        && !method.is_safe()
    {
        origin::check(api, method, headers)?;
        session.check_csrf(headers)?;
    }
    match access {
        Access::Open => Ok(()),
        // The gate judges publishable keys itself, with the request's address.
        Access::Publishable => Err(forbidden("a publishable key in the query")),
        Access::SignedIn if caller.member.is_some() => Ok(()),
        Access::SignedIn => Err(forbidden("a signed-in member")),
        Access::Needs(permission) if caller.scope.may(permission) => Ok(()),
        Access::Needs(permission) => {
            Err(forbidden(permission.as_str()).with("permission", permission.as_str()))
        }
    }
}

pub(crate) fn forbidden(needs: &str) -> Problem {
    Problem::new(Code::Forbidden, format!("This needs {needs}."))
}
