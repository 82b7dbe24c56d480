//! The bytes of a file by its signed address: whoever has the address may read, nobody else.

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use wigwag_model::MediaId;
use wigwag_store::media::{self, Media, State as MediaState};

use super::range::{Part, part};
use super::sign::Signed;
use crate::Api;
use crate::problem::{Code, Problem};
use crate::request::Id;

/// Types that browsers show without running anything in them. Everything else is a download.
const INLINE: &[&str] = &[
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "video/mp4",
    "video/3gpp",
    "audio/aac",
    "audio/amr",
    "audio/mpeg",
    "audio/mp4",
    "audio/ogg",
];

/// A file may be shown and played where it is; nothing in it may run or load anything.
const POLICY: &str = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/// The addresses live ten minutes at least, and bytes never change.
const CACHE: &str = "private, max-age=600, immutable";

/// Reads the bytes of a file by the address in `Media.url`. Takes one `Range`.
#[utoipa::path(get, path = "/api/v1/media/{id}/content", operation_id = "getMediaContent", tag = "Media",
    params(
        ("id" = String, Path, description = "The file"),
        ("w" = String, Query, description = "The workspace"),
        ("exp" = i64, Query, description = "When the address expires, in seconds since 1970"),
        ("sig" = String, Query, description = "The signature")),
    responses(
        (status = 200, description = "The bytes", content_type = "application/octet-stream"),
        (status = 206, description = "The range that was asked for", content_type = "application/octet-stream"),
        (status = 304, description = "The reader has them"),
        (status = 403, description = "The address expired or was changed"),
        (status = 416, description = "The file has no such range")))]
pub async fn content(
    State(api): State<Api>,
    Id(id): Id<MediaId>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let signed: Signed =
        serde_urlencoded::from_str(&query.unwrap_or_default()).map_err(|_| refused())?;
    if !api.signer().check(&signed, id, api.clock().now()) {
        return Err(refused());
    }
    let file = media::get(api.db(), signed.w, id).await?;
    let (MediaState::Ready, Some(key), Some(size)) = (file.state, &file.object_key, file.size)
    else {
        return Err(Problem::not_found());
    };
    let size = u64::try_from(size).unwrap_or(0);
    let tag = file
        .sha256
        .as_ref()
        .map(|digest| format!("\"{}\"", hex::encode(digest)));
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    if tag.is_some() && text(header::IF_NONE_MATCH) == tag.as_deref() {
        return Ok(described(
            StatusCode::NOT_MODIFIED.into_response(),
            &file,
            tag.as_deref(),
        ));
    }
    // A range of other bytes than these would be put together wrongly.
    let same = text(header::IF_RANGE).is_none_or(|wish| Some(wish) == tag.as_deref());
    let wanted = text(header::RANGE).filter(|_| same);
    let (status, range) = match part(wanted, size) {
        Part::Whole => (StatusCode::OK, None),
        Part::Bytes(range) => (StatusCode::PARTIAL_CONTENT, Some(range)),
        Part::Beyond => return Err(beyond(size)),
    };
    let length = range.as_ref().map_or(size, |range| range.end - range.start);
    let bytes = api
        .engine()
        .context()
        .files()
        .read(key, range.clone())
        .await
        .map_err(|error| {
            if error.is_missing() {
                tracing::error!(media = %id, "the bytes of a file are not where they were put");
                Problem::not_found()
            } else {
                Problem::internal(&error)
            }
        })?;
    let mut response = (status, Body::from_stream(bytes)).into_response();
    let into = response.headers_mut();
    into.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    if let Some(range) = range {
        let text = format!("bytes {}-{}/{size}", range.start, range.end - 1);
        insert(into, header::CONTENT_RANGE, &text);
    }
    Ok(described(response, &file, tag.as_deref()))
}

/// One answer for a wrong signature, a changed parameter and an address that expired.
fn refused() -> Problem {
    Problem::new(
        Code::LinkExpired,
        "Read the message again: it holds a fresh address.",
    )
}

fn beyond(size: u64) -> Problem {
    Problem::new(
        Code::RangeNotSatisfiable,
        format!("The file has {size} bytes."),
    )
    .header(header::CONTENT_RANGE, &format!("bytes */{size}"))
}

/// Adds what is said of a file whatever part of it is sent.
fn described(mut response: Response, file: &Media, tag: Option<&str>) -> Response {
    let essence = file
        .mime_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let inline = INLINE.contains(&essence.as_str());
    let shown = if essence == "text/plain" {
        "text/plain; charset=utf-8"
    } else {
        file.mime_type.as_str()
    };
    let into = response.headers_mut();
    into.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_str(shown)
            .unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    insert(
        into,
        header::CONTENT_DISPOSITION,
        &disposition(inline, file.filename.as_deref()),
    );
    insert(into, header::CONTENT_SECURITY_POLICY, POLICY);
    insert(into, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    insert(into, header::CACHE_CONTROL, CACHE);
    insert(into, header::ACCEPT_RANGES, "bytes");
    if let Some(tag) = tag {
        insert(into, header::ETAG, tag);
    }
    response
}

/// Sets a header whose text was made here of safe characters.
fn insert(headers: &mut HeaderMap, name: header::HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}

/// `Content-Disposition` with the name twice: for old readers in ASCII, for all others in UTF-8
/// (RFC 6266).
fn disposition(inline: bool, filename: Option<&str>) -> String {
    let how = if inline { "inline" } else { "attachment" };
    let Some(name) = filename.filter(|name| !name.is_empty()) else {
        return how.to_owned();
    };
    let plain: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' | '%' => '_',
            ' '..='~' => c,
            _ => '_',
        })
        .collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push_str(&hex::encode_upper([byte]));
        }
    }
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_reach_the_reader_whole_and_harmless() {
        assert_eq!(disposition(true, None), "inline");
        assert_eq!(
            disposition(false, Some("a \"b\".pdf")),
            "attachment; filename=\"a _b_.pdf\"; filename*=UTF-8''a%20%22b%22.pdf"
        );
        assert_eq!(
            disposition(false, Some("पतंग\r\n.pdf")),
            "attachment; filename=\"______.pdf\"; filename*=UTF-8''%E0%A4%AA%E0%A4%A4%E0%A4%82%E0%A4%97%0D%0A.pdf"
        );
    }
}
