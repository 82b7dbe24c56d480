//! Meta's webhooks: the challenge when an address is registered, and everything that happens after.
//!
//! The leanest path of the server: the body is collected once, checked and journalled by the
//! engine, and answered. Sessions, keys and the operations' gate are not involved; who may write
//! is decided by the signature alone.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;
use subtle::ConstantTimeEq;
use wigwag_engine::AcceptError;
use wigwag_engine::ingest::LIMIT;
use wigwag_store::{Error, apps};

use crate::Api;
use crate::problem::{Code, Problem};

/// The address of an app's webhooks.
pub const PATH: &str = "/webhooks/whatsapp/{app_id}";

/// The header with the body's signature.
const SIGNATURE: &str = "x-hub-signature-256";
/// The longest challenge that is given back; Meta's are numbers of some ten digits.
const CHALLENGE_LIMIT: usize = 1_024;

/// What Meta asks when the address is registered.
#[derive(Debug, Deserialize)]
pub struct Challenge {
    #[serde(rename = "hub.mode", default)]
    mode: String,
    #[serde(rename = "hub.verify_token", default)]
    verify_token: String,
    #[serde(rename = "hub.challenge", default)]
    echo: String,
}

/// Answers Meta's challenge when it knows the app's verify token.
pub async fn challenge(
    State(api): State<Api>,
    Path(app): Path<String>,
    Query(asked): Query<Challenge>,
) -> Result<Response, Problem> {
    let refused = || {
        Problem::new(
            Code::Forbidden,
            "hub.verify_token is not the verify token of this app: copy it from Settings, Developers.",
        )
    };
    if asked.mode != "subscribe" || asked.echo.len() > CHALLENGE_LIMIT {
        return Err(Problem::field(
            "hub.mode",
            "invalid",
            "Meta asks with hub.mode=subscribe and a hub.challenge",
        ));
    }
    let token = match apps::verify_token(api.db(), &app).await {
        Ok(token) => token,
        Err(Error::NotFound) => return Err(refused()),
        Err(error) => return Err(error.into()),
    };
    if !bool::from(token.as_slice().ct_eq(asked.verify_token.as_bytes())) {
        return Err(refused());
    }
    let plain = [(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    )];
    Ok((plain, asked.echo).into_response())
}

/// Takes a webhook and answers 200 once it is on disk.
pub async fn receive(
    State(api): State<Api>,
    Path(app): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let body = collect(&headers, body).await?;
    let signature = headers.get(SIGNATURE).and_then(|value| value.to_str().ok());
    api.engine()
        .accept(&app, signature, body)
        .await
        .map_err(refusal)?;
    Ok(StatusCode::OK)
}

/// The whole body, or 413 as soon as it is known to be too large.
async fn collect(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<usize>().ok());
    if announced.is_some_and(|length| length > LIMIT) {
        return Err(refusal(AcceptError::TooLarge));
    }
    axum::body::to_bytes(body, LIMIT).await.map_err(|error| {
        if too_large(&error) {
            refusal(AcceptError::TooLarge)
        } else {
            Problem::new(Code::BadRequest, "The body broke off.")
        }
    })
}

fn too_large(error: &axum::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(known) = cause {
        if known.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        cause = known.source();
    }
    false
}

fn refusal(error: AcceptError) -> Problem {
    match error {
        AcceptError::Refused => Problem::new(
            Code::Unauthenticated,
            "X-Hub-Signature-256 is missing or was not made with this app's secret.",
        ),
        AcceptError::TooLarge => Problem::new(
            Code::TooLarge,
            format!("A webhook has at most {LIMIT} bytes."),
        ),
        AcceptError::Busy => {
            Problem::new(Code::Busy, "The journal is full: send it again.").retry_after(2)
        }
        AcceptError::Failed => Problem::internal(&error),
    }
}
