//! Short links: `/l/{slug}` leads a campaign's people to where their button goes, and counts it.
//!
//! Nobody signs in here: the slug is the whole secret, and all that it opens is its own
//! destination. What is not there looks the same as what never was.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use wigwag_store::campaigns;

use crate::Api;
use crate::problem::Problem;

/// The route.
pub const PATH: &str = "/l/{slug}";

/// Longer than any slug.
const LONGEST: usize = 32;

/// Leads on. A HEAD is a program's and no person's: it leads and is not counted.
pub async fn follow(
    State(api): State<Api>,
    method: Method,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    let plain = slug.bytes().all(|letter| letter.is_ascii_alphanumeric());
    if !plain || slug.is_empty() || slug.len() > LONGEST {
        return Ok(nowhere());
    }
    let Some(place) = campaigns::destination(api.db(), &slug).await? else {
        return Ok(nowhere());
    };
    if method == Method::GET {
        let context = api.engine().context();
        context.clicks().note(&slug, api.clock().now());
    }
    Ok(lead(&place))
}

/// Leads on to an address; one that no header can hold leads nowhere.
pub(crate) fn lead(place: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(place) else {
        return nowhere();
    };
    let headers = [
        (header::LOCATION, location),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ),
    ];
    (StatusCode::FOUND, headers).into_response()
}

/// What a link is answered that leads nowhere.
pub(crate) fn nowhere() -> Response {
    (StatusCode::NOT_FOUND, "This link leads nowhere.\n").into_response()
}
