//! Extractors that answer with problems: JSON bodies, query parameters and ids from the path.
//!
//! Unknown fields are refused (each DTO says `deny_unknown_fields`), errors name the field and
//! the mend, and an id that cannot be one is answered like an id that does not exist.

use std::str::FromStr;
use std::time::Duration;

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::{header, request::Parts};
use bytes::Bytes;
use garde::Validate;
use serde::de::DeserializeOwned;

use crate::problem::{Code, FieldError, Problem};

/// Bytes of a refused request that are read.
const DRAINED: usize = 64 * 1024;
/// How long its client may take to send them.
const DRAIN_WITHIN: Duration = Duration::from_secs(2);

/// Reads what a refused client is still sending. Plain clients write the whole request before they read:
/// answered and hung up on before that, they would see a broken connection instead of the reason.
pub(crate) async fn drain(request: Request) {
    let body = axum::body::to_bytes(request.into_body(), DRAINED);
    // What is larger, slower or broken off is the client's loss.
    let _ = tokio::time::timeout(DRAIN_WITHIN, body).await;
}

/// A JSON body, read and validated.
pub struct Body<T>(pub T);

impl<S, T> FromRequest<S> for Body<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Validate<Context = ()>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (value, _) = read_json(request, state).await?;
        Ok(Self(value))
    }
}

/// A JSON body of whatever content type: pages that go away send theirs as `text/plain`.
pub struct Beacon<T>(pub T);

impl<S, T> FromRequest<S> for Beacon<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Validate<Context = ()>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (value, _) = parse(read_bytes(request, state).await?)?;
        Ok(Self(value))
    }
}

/// A JSON body together with its bytes, for requests with an idempotency key.
pub struct RawBody<T>(pub T, pub Bytes);

impl<S, T> FromRequest<S> for RawBody<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Validate<Context = ()>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (value, bytes) = read_json(request, state).await?;
        Ok(Self(value, bytes))
    }
}

async fn read_json<S, T>(request: Request, state: &S) -> Result<(T, Bytes), Problem>
where
    S: Send + Sync,
    T: DeserializeOwned + Validate<Context = ()>,
{
    let json = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value
                .split(';')
                .next()
                .unwrap_or("")
                .trim()
                .ends_with("json")
        });
    let bytes = read_bytes(request, state).await?;
    if !json && !bytes.is_empty() {
        return Err(Problem::new(
            Code::BadRequest,
            "Send the body as JSON with `Content-Type: application/json`.",
        ));
    }
    parse(bytes)
}

async fn read_bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| {
            if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
                Problem::new(
                    Code::TooLarge,
                    "The body is over the limit of this operation.",
                )
            } else {
                Problem::new(Code::BadRequest, "The body could not be read.")
            }
        })
}

fn parse<T>(bytes: Bytes) -> Result<(T, Bytes), Problem>
where
    T: DeserializeOwned + Validate<Context = ()>,
{
    let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value: T =
        serde_path_to_error::deserialize(&mut reader).map_err(|error| unreadable(&error))?;
    reader
        .end()
        .map_err(|_| Problem::new(Code::BadRequest, "There is text after the JSON body."))?;
    validate(&value)?;
    Ok((value, bytes))
}

fn unreadable(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    if error.inner().is_syntax() || error.inner().is_eof() {
        return Problem::new(
            Code::BadRequest,
            format!("The body is not JSON: {}", error.inner()),
        );
    }
    let words = error.inner().to_string();
    let words = words
        .rsplit_once(" at line ")
        .map_or(words.as_str(), |(words, _)| words);
    let mut field = error.path().to_string();
    let code = if words.starts_with("unknown field") {
        "unknown"
    } else if let Some(name) = words
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'))
    {
        field = if field == "." {
            name.to_owned()
        } else {
            format!("{field}.{name}")
        };
        "required"
    } else {
        "invalid"
    };
    Problem::field(field, code, words.to_owned())
}

fn validate<T: Validate<Context = ()>>(value: &T) -> Result<(), Problem> {
    value.validate().map_err(|report| {
        Problem::fields(
            report
                .iter()
                .map(|(path, error)| FieldError {
                    field: path.to_string(),
                    code: "invalid".to_owned(),
                    message: error.message().to_string(),
                })
                .collect(),
        )
    })
}

/// Query parameters; unknown ones are refused like unknown fields.
pub struct Params<T>(pub T);

impl<S, T> FromRequestParts<S> for Params<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let reader =
            serde_urlencoded::Deserializer::new(url::form_urlencoded::parse(query.as_bytes()));
        serde_path_to_error::deserialize(reader)
            .map(Self)
            .map_err(|error| {
                let words = error.inner().to_string();
                let path = error.path().to_string();
                let field = if path == "." {
                    words.split('`').nth(1).unwrap_or("query").to_owned()
                } else {
                    path
                };
                let code = if words.starts_with("unknown field") {
                    "unknown"
                } else {
                    "invalid"
                };
                Problem::field(field, code, words)
            })
    }
}

/// The one id in the path. What cannot be an id of the noun is `not_found`.
pub struct Id<T>(pub T);

impl<S, T> FromRequestParts<S> for Id<T>
where
    S: Send + Sync,
    T: FromStr + Send,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found())?;
        text.parse().map(Self).map_err(|_| Problem::not_found())
    }
}

/// The two ids in the path, in their order. What cannot be ids of their nouns is `not_found`.
pub struct Ids<A, B>(pub A, pub B);

impl<S, A, B> FromRequestParts<S> for Ids<A, B>
where
    S: Send + Sync,
    A: FromStr + Send,
    B: FromStr + Send,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path((first, second)) = Path::<(String, String)>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found())?;
        match (first.parse(), second.parse()) {
            (Ok(first), Ok(second)) => Ok(Self(first, second)),
            _ => Err(Problem::not_found()),
        }
    }
}

/// Tells an absent text from a null one: absent is `None`, null `Some(None)`.
#[expect(clippy::option_option, reason = "absent and null are told apart")]
pub(crate) fn present<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<String>>, D::Error> {
    serde::Deserialize::deserialize(deserializer).map(Some)
}
