//! The session cookie: `HttpOnly`, `SameSite=Lax`, and bound to this host when served by https.

use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::Api;

/// The cookie's name. Over https the `__Host-` prefix forbids other hosts and paths to set it.
pub fn name(secure: bool) -> &'static str {
    if secure {
        "__Host-wigwag_session"
    } else {
        "wigwag_session"
    }
}

/// The token that the browser sent.
pub fn read(api: &Api, headers: &HeaderMap) -> Option<String> {
    CookieJar::from_headers(headers)
        .get(name(api.settings().secure()))
        .map(|cookie| cookie.value().to_owned())
        .filter(|value| !value.is_empty())
}

/// `Set-Cookie` for a new session.
pub fn set(api: &Api, token: &str) -> Option<HeaderValue> {
    header_value(api, token, None)
}

/// `Set-Cookie` that ends it in the browser.
pub fn clear(api: &Api) -> Option<HeaderValue> {
    header_value(api, "", Some(0))
}

fn header_value(api: &Api, token: &str, max_age: Option<i64>) -> Option<HeaderValue> {
    let secure = api.settings().secure();
    let mut cookie = Cookie::build((name(secure), token.to_owned()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .build()
        .to_string();
    // The browser keeps the cookie as long as the server keeps the session.
    let age = max_age.unwrap_or(super::session::ABSOLUTE_LIMIT.as_secs().cast_signed());
    cookie.push_str(&format!("; Max-Age={age}"));
    HeaderValue::from_str(&cookie).ok()
}

/// The header's name, for handlers that set it.
pub const SET: header::HeaderName = header::SET_COOKIE;
