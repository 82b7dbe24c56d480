//! The web app inside the binary. Files whose names carry a digest never change and may be kept for
//! ever; the page itself is made anew for each request, with a nonce of its own.

use std::borrow::Cow;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH, VARY,
};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use wigwag_api::Api;
use wigwag_api::security_headers::{NONCE_MARK, console_policy, nonce};

/// What the build made of `web/`; empty when it was told to skip that.
#[derive(rust_embed::RustEmbed)]
#[folder = "$OUT_DIR/console"]
struct Files;

/// What is shown where the web app was left out.
const MISSING: &str = include_str!("console/missing.html");
/// Where files with a digest in their names are.
const HASHED: &str = "assets/";
/// The forms a file may be packed in, best first.
const PACKED: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Answers whatever no route of the API answers.
pub(crate) fn router() -> Router<Api> {
    Router::new().fallback(answer)
}

async fn answer(State(api): State<Api>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    let path = uri.path().trim_start_matches('/');
    match file(path, &headers) {
        Some(response) => response,
        // An address of the app, which finds its own way; a file that is not there is not there.
        None if !last_segment(path).contains('.') => page(&api),
        None => (StatusCode::NOT_FOUND, "not found\n").into_response(),
    }
}

fn last_segment(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The page, with a fresh nonce in its policy and in its text.
fn page(api: &Api) -> Response {
    let nonce = nonce(api);
    let (status, text) = match Files::get("index.html") {
        Some(index) => (
            StatusCode::OK,
            String::from_utf8_lossy(&index.data).replace(NONCE_MARK, &nonce),
        ),
        None => (
            StatusCode::SERVICE_UNAVAILABLE,
            MISSING.replace(NONCE_MARK, &nonce),
        ),
    };
    let mut response = (status, text).into_response();
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(&console_policy(&nonce)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// A file other than the page.
fn file(path: &str, asked: &HeaderMap) -> Option<Response> {
    if path.is_empty() || path == "index.html" {
        return None;
    }
    let plain = Files::get(path)?;
    let tag = format!("\"{}\"", hex::encode(&plain.metadata.sha256_hash()[..12]));
    if asked
        .get(IF_NONE_MATCH)
        .is_some_and(|have| have == tag.as_str())
    {
        return Some(StatusCode::NOT_MODIFIED.into_response());
    }
    let packed = PACKED.iter().find_map(|(encoding, suffix)| {
        let packed = accepts(asked, encoding).then(|| Files::get(&format!("{path}{suffix}")))?;
        Some((*encoding, packed?.data))
    });
    let (encoding, data) = match packed {
        Some((encoding, data)) => (Some(encoding), data),
        None => (None, plain.data),
    };
    let body = match data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind(path)));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static(if path.starts_with(HASHED) {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        }),
    );
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    if let Some(encoding) = encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

/// Whether the client takes an encoding; `q=0` refuses it.
fn accepts(asked: &HeaderMap, encoding: &str) -> bool {
    asked
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|part| {
            let mut words = part.split(';').map(str::trim);
            let named = words
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case(encoding));
            let refused = words.any(|word| {
                word.strip_prefix("q=")
                    .is_some_and(|q| q.trim_matches(['0', '.']).is_empty())
            });
            named && !refused
        })
}

/// The media type of a file of the web app.
fn kind(path: &str) -> &'static str {
    match last_segment(path).rsplit('.').next().unwrap_or_default() {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_taken_as_asked() {
        let mut headers = HeaderMap::new();
        headers.insert(
            ACCEPT_ENCODING,
            HeaderValue::from_static("gzip, br;q=0, zstd;q=0.5"),
        );
        assert!(accepts(&headers, "gzip"));
        assert!(!accepts(&headers, "br"));
        assert!(accepts(&headers, "zstd"));
        assert!(!accepts(&headers, "deflate"));
    }

    #[test]
    fn the_replacement_page_runs_under_the_policy() {
        assert!(MISSING.contains(NONCE_MARK));
        assert!(!MISSING.contains("style="));
    }
}
