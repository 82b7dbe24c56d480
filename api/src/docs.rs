//! `/api/docs`: the reference for people, drawn in the browser from `/api/openapi.json` by a page
//! of our own. Nothing is loaded from elsewhere.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};

use crate::Api;
use crate::problem::Code;
use crate::security_headers::{NONCE_MARK, nonce};

const PAGE: &str = include_str!("docs/page.html");
const STYLE: &str = include_str!("docs/page.css");
const SCRIPT: &str = include_str!("docs/page.js");

/// The page, with the table of error codes that its links lead to.
pub async fn page(State(api): State<Api>) -> Response {
    let nonce = nonce(&api);
    let mut codes = String::new();
    for code in Code::ALL {
        codes.push_str(&format!(
            "<tr id=\"errors/{0}\"><td><code>{0}</code></td><td>{1}</td><td>{2}</td></tr>",
            code.as_str(),
            code.status().as_u16(),
            code.title()
        ));
    }
    let html = PAGE
        .replace(NONCE_MARK, &nonce)
        .replace("__CODES__", &codes)
        .replace("__STYLE__", STYLE)
        .replace("__SCRIPT__", SCRIPT);
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, value);
    }
    (headers, Html(html)).into_response()
}
