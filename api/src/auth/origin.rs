//! Whether a request comes from our own pages, by what only the browser can set.
//!
//! `Sec-Fetch-Site` and `Origin` cannot be forged by a page. A client that is no browser sends
//! neither; it then has no cookie that it did not get by signing in itself.

use axum::http::{HeaderMap, Method, header};
use url::Url;

use crate::Api;
use crate::problem::{Code, Problem};

/// Refuses changes that another site asks a browser for.
pub fn check(api: &Api, method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    if method.is_safe() {
        return Ok(());
    }
    let site = headers
        .get("sec-fetch-site")
        .and_then(|value| value.to_str().ok());
    if !matches!(site, None | Some("same-origin" | "none")) || !same_origin(api, headers) {
        return Err(Problem::new(
            Code::Csrf,
            "Changes by cookie must come from the console's own pages.",
        ));
    }
    Ok(())
}

/// Whether `Origin`, when present, is ours: the host that was asked for, or the public address.
pub fn same_origin(api: &Api, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let Some(origin) = origin.to_str().ok().and_then(|text| Url::parse(text).ok()) else {
        return false;
    };
    if origin.origin() == api.settings().public_url.origin() {
        return true;
    }
    let Some(host) = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    Url::parse(&format!("{}://{host}/", origin.scheme()))
        .is_ok_and(|own| own.origin() == origin.origin())
}
