//! `/track.js`: the script that shops put into their pages.

use std::sync::LazyLock;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};

/// Where it is served.
pub const PATH: &str = "/track.js";

/// The script without indentation and comments, which are for those who read it here. No text in it
/// goes over several lines.
static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let lines = include_str!("track.js").lines().map(str::trim);
    let kept: Vec<&str> = lines
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .collect();
    kept.join("\n")
});

static TAG: LazyLock<String> =
    LazyLock::new(|| format!("\"{}\"", hex::encode(&Sha256::digest(&*SCRIPT)[..12])));

/// Answers the script, to pages of any origin.
pub async fn script(asked: HeaderMap) -> Response {
    let known = asked
        .get(header::IF_NONE_MATCH)
        .is_some_and(|have| have.as_bytes() == TAG.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        SCRIPT.as_str().into_response()
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(tag) = HeaderValue::from_str(&TAG) {
        headers.insert(header::ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::SCRIPT;

    #[test]
    fn the_script_is_small_and_runs_under_strict_policies() {
        assert!(SCRIPT.len() < 3_000, "{} bytes", SCRIPT.len());
        for banned in [
            "eval(",
            "Function(",
            "innerHTML",
            "document.write",
            "cookie",
            "`",
        ] {
            assert!(!SCRIPT.contains(banned), "{banned}");
        }
    }
}
