//! Media: what was uploaded or came in, its limits by kind, and links that expire.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::clock::{DAY, MINUTE};
use crate::graph::error::GraphError;
use crate::ids;

/// A stored file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Media {
    pub(crate) id: String,
    pub(crate) mime_type: String,
    pub(crate) filename: Option<String>,
    /// Hex.
    pub(crate) sha256: String,
    pub(crate) size: u64,
    /// The number for which it was uploaded or came in; none = from the phone page.
    pub(crate) number_id: Option<String>,
    pub(crate) created_us: i64,
    /// 30 days for uploads, 7 for inbound.
    pub(crate) expires_us: i64,
    #[serde(skip)]
    pub(crate) bytes: Bytes,
}

impl Media {
    /// The SHA-256 as webhooks carry it.
    pub(crate) fn sha256_base64(&self) -> String {
        STANDARD.encode(hex::decode(&self.sha256).unwrap_or_default())
    }

    /// Whether it is in an Ogg container, by its type.
    pub(crate) fn is_ogg(&self) -> bool {
        self.mime_type.starts_with("audio/ogg") || self.mime_type.starts_with("audio/opus")
    }

    /// Whether it is Opus in Ogg, by its first page.
    pub(crate) fn is_opus(&self) -> bool {
        let first = &self.bytes[..self.bytes.len().min(256)];
        first.starts_with(b"OggS") && first.windows(8).any(|bytes| bytes == b"OpusHead")
    }

    /// image, video, audio, document, sticker by the type.
    pub(crate) fn kind(&self) -> &'static str {
        kind_of(&self.mime_type).unwrap_or("document")
    }
}

/// All media by id.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct MediaShelf {
    pub(crate) items: BTreeMap<String, Media>,
}

impl MediaShelf {
    /// Stores a file.
    pub(crate) fn put(
        &mut self,
        id: String,
        mime_type: String,
        filename: Option<String>,
        number_id: Option<String>,
        bytes: Bytes,
        now_us: i64,
    ) -> &Media {
        let days = if number_id.is_some() { 30 } else { 7 };
        let media = Media {
            id: id.clone(),
            mime_type,
            filename,
            sha256: hex::encode(Sha256::digest(&bytes)),
            size: bytes.len() as u64,
            number_id,
            created_us: now_us,
            expires_us: now_us + days * DAY,
            bytes,
        };
        self.items.entry(id).insert_entry(media).into_mut()
    }

    /// A file that is still there.
    pub(crate) fn get(&self, id: &str, now_us: i64) -> Option<&Media> {
        self.items.get(id).filter(|media| now_us < media.expires_us)
    }
}

/// Which kind a MIME type belongs to.
pub(crate) fn kind_of(mime_type: &str) -> Option<&'static str> {
    let base = mime_type.split(';').next().unwrap_or_default().trim();
    Some(match base {
        "audio/aac" | "audio/amr" | "audio/mpeg" | "audio/mp4" | "audio/ogg" | "audio/opus" => {
            "audio"
        }
        "image/jpeg" | "image/png" => "image",
        "image/webp" => "sticker",
        "video/mp4" | "video/3gpp" => "video",
        "text/plain"
        | "application/pdf"
        | "application/msword"
        | "application/vnd.ms-excel"
        | "application/vnd.ms-powerpoint"
        | "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        | "application/vnd.openxmlformats-officedocument.presentationml.presentation" => "document",
        _ => return None,
    })
}

/// Largest size in bytes. Stickers: animated ones may have 500 KB, static ones 100 KB.
fn max_bytes(kind: &str, bytes: &[u8]) -> u64 {
    match kind {
        "audio" | "video" => 16 << 20,
        "image" => 5 << 20,
        "sticker" if is_animated(bytes) => 500 << 10,
        "sticker" => 100 << 10,
        _ => 100 << 20,
    }
}

/// Whether a WebP file has the animation flag set.
pub(crate) fn is_animated(bytes: &[u8]) -> bool {
    bytes.len() > 20 && &bytes[8..16] == b"WEBPVP8X" && bytes[20] & 0x02 != 0
}

/// Checks an upload; gives the MIME type to store.
pub(crate) fn check_upload(declared: &str, bytes: &[u8]) -> Result<String, GraphError> {
    let base = declared
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_lowercase();
    let sniffed = infer::get(bytes).map(|kind| kind.mime_type());
    let mime = if base.is_empty() || base == "application/octet-stream" {
        sniffed.unwrap_or("application/octet-stream").to_owned()
    } else {
        base
    };
    let Some(kind) = kind_of(&mime) else {
        return Err(GraphError::parameter(format!(
            "Param file must be a file with one of the following types: audio/aac, audio/mp4, audio/mpeg, audio/amr, \
             audio/ogg, audio/opus, application/vnd.ms-powerpoint, application/msword, \
             application/vnd.openxmlformats-officedocument.wordprocessingml.document, \
             application/vnd.openxmlformats-officedocument.presentationml.presentation, \
             application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, application/pdf, text/plain, \
             application/vnd.ms-excel, image/jpeg, image/png, image/webp, video/mp4, video/3gpp. Received file of type '{mime}'."
        )));
    };
    let wrong_kind = sniffed.and_then(kind_of).is_some_and(|found| {
        found != kind && !(matches!(found, "audio" | "video") && matches!(kind, "audio" | "video"))
    });
    if wrong_kind && kind != "document" {
        return Err(GraphError::parameter(format!(
            "Param file has the type {} but was declared as {mime}.",
            sniffed.unwrap_or_default()
        )));
    }
    if bytes.is_empty() {
        return Err(GraphError::parameter("Param file is empty."));
    }
    let max = max_bytes(kind, bytes);
    if bytes.len() as u64 > max {
        return Err(GraphError::parameter(format!(
            "Param file is too large: {} bytes; a {kind} may have {max}.",
            bytes.len()
        )));
    }
    Ok(mime)
}

fn signature(seed: u64, id: &str, expiry: i64) -> String {
    format!(
        "AT{}",
        hex::encode(&ids::digest(seed, &format!("media/{id}/{expiry}"))[..12])
    )
}

/// A link to the bytes, good for five minutes.
pub(crate) fn link(host: &str, seed: u64, id: &str, now_us: i64) -> String {
    let expiry = (now_us + 5 * MINUTE) / 1_000_000;
    let hash = signature(seed, id, expiry);
    format!("{host}/whatsapp_business/attachments/?mid={id}&ext={expiry}&hash={hash}")
}

/// Whether a link's parts are ours and it has not expired.
pub(crate) fn link_is_good(seed: u64, id: &str, expiry: &str, hash: &str, now_us: i64) -> bool {
    expiry
        .parse()
        .is_ok_and(|expiry: i64| now_us / 1_000_000 < expiry && signature(seed, id, expiry) == hash)
}

/// The node `GET /{media_id}`.
pub(crate) fn node(media: &Media, url: &str) -> Value {
    json!({
        "messaging_product": "whatsapp",
        "url": url,
        "mime_type": media.mime_type,
        "sha256": media.sha256,
        "file_size": media.size.to_string(),
        "id": media.id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_expire_and_cannot_be_made_up() {
        let url = url::Url::parse(&link("http://x", 1, "55", 0)).unwrap();
        let part = |name: &str| {
            url.query_pairs()
                .find(|(key, _)| key == name)
                .unwrap()
                .1
                .into_owned()
        };
        let (ext, hash) = (part("ext"), part("hash"));
        assert!(link_is_good(1, "55", &ext, &hash, 4 * MINUTE));
        assert!(!link_is_good(1, "55", &ext, &hash, 5 * MINUTE));
        assert!(!link_is_good(1, "56", &ext, &hash, 0));
        assert!(!link_is_good(1, "55", "99999999", &hash, 0));
    }

    #[test]
    fn uploads_are_checked_by_type_and_size() {
        let png = b"\x89PNG\r\n\x1a\n0000000000000000";
        assert_eq!(check_upload("image/png", png).unwrap(), "image/png");
        assert!(check_upload("image/gif", b"GIF89a00000000").is_err());
        assert!(check_upload("video/mp4", png).is_err());
        assert!(check_upload("image/jpeg", &vec![0xff; (5 << 20) + 1]).is_err());
    }
}
