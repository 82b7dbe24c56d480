//! Answers that a browser keeps as files.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// A CSV file that is written while it is sent. `name` is what it is kept as, in plain letters.
pub(crate) fn csv(name: &'static str, body: Body) -> Response {
    let mut response = named(name, body);
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    response
}

/// An answer to be kept as a file. `name` is what it is kept as, in plain letters.
pub(crate) fn named(name: &'static str, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
