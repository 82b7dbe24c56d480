//! Files of the phone page.

use std::ops::RangeInclusive;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Multipart, Path, State};
use axum::http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    RANGE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use bytes::Bytes;
use serde_json::{Value, json};

use super::{Refusal, Reply};
use crate::samples;
use crate::world::World;

/// `POST /_sim/media`, multipart with `file`.
pub(crate) async fn upload(State(world): State<Arc<World>>, mut parts: Multipart) -> Reply {
    while let Some(field) = parts
        .next_field()
        .await
        .map_err(|error| Refusal::bad(error.body_text()))?
    {
        if field.name() != Some("file") {
            continue;
        }
        let filename = field.file_name().map(str::to_owned);
        let declared = field.content_type().unwrap_or_default().to_owned();
        let bytes = field
            .bytes()
            .await
            .map_err(|error| Refusal::bad(error.body_text()))?;
        let sniffed = infer::get(&bytes).map(|kind| kind.mime_type().to_owned());
        let mime_type = if declared.is_empty() {
            sniffed.unwrap_or_else(|| "application/octet-stream".into())
        } else {
            declared
        };
        return world.with(|state, now_us| {
            let id = state.ids.object();
            let media = state
                .media
                .put(id, mime_type, filename, None, bytes, now_us);
            let answer = json!({
                "media_id": media.id, "mime_type": media.mime_type, "sha256": media.sha256,
                "file_size": media.size, "filename": media.filename,
            });
            state.changes += 1;
            Ok(Json(answer))
        });
    }
    Err(Refusal::bad("the multipart body has no part `file`"))
}

/// `GET /_sim/samples`: files that a person can send at once.
pub(crate) async fn samples() -> Json<Value> {
    let data: Vec<Value> = samples::NAMES
        .iter()
        .filter_map(|name| {
            let sample = samples::get(name)?;
            Some(json!({
                "name": name,
                "type": samples::kind(name),
                "mime_type": sample.mime_type,
                "filename": sample.filename,
                "url": format!("/_sim/samples/{name}"),
            }))
        })
        .collect();
    Json(json!({"data": data}))
}

/// `GET /_sim/samples/{name}`: the bytes.
pub(crate) async fn sample(
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let sample = samples::get(&name).ok_or_else(|| Refusal::not_found("sample", &name))?;
    Ok(file(&sample.bytes, sample.mime_type, &headers))
}

/// `GET /_sim/media/{id}`: the bytes.
pub(crate) async fn content(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let stored = world.with(|state, _| {
        let media = state.media.items.get(&id)?;
        Some((media.bytes.clone(), media.mime_type.clone()))
    });
    let (bytes, mime_type) = stored.ok_or_else(|| Refusal::not_found("media", &id))?;
    Ok(file(&bytes, &mime_type, &headers))
}

/// The bytes that a `Range` header asks for: one range with a start, as players send. Anything
/// else is answered with the whole file, as the standard allows.
fn range(asked: &HeaderMap, size: usize) -> Option<RangeInclusive<usize>> {
    let (start, end) = asked
        .get(RANGE)?
        .to_str()
        .ok()?
        .strip_prefix("bytes=")?
        .split_once('-')?;
    let start: usize = start.parse().ok()?;
    let last = size.checked_sub(1)?;
    let end = if end.is_empty() {
        last
    } else {
        end.parse::<usize>().ok()?.min(last)
    };
    (start <= end).then_some(start..=end)
}

/// A file, or a part of it, that can be shown in the page but never runs there.
fn file(bytes: &Bytes, mime_type: &str, asked: &HeaderMap) -> Response<Body> {
    let shown = [
        "image/",
        "video/",
        "audio/",
        "application/pdf",
        "text/plain",
    ]
    .iter()
    .any(|kind| mime_type.starts_with(kind))
        && !mime_type.contains("svg");
    let part = range(asked, bytes.len());
    let body = part
        .clone()
        .map_or_else(|| bytes.clone(), |part| bytes.slice(part));
    let mut response = Response::new(Body::from(body));
    if let Some(part) = part {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let shown = format!("bytes {}-{}/{}", part.start(), part.end(), bytes.len());
        if let Ok(shown) = HeaderValue::from_str(&shown) {
            response.headers_mut().insert(CONTENT_RANGE, shown);
        }
    }
    let headers = response.headers_mut();
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let kind = HeaderValue::from_str(mime_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(CONTENT_TYPE, kind);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    if !shown {
        headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    response
}
