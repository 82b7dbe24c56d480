//! Media objects: the answers to upload and look-up.

use serde::{Deserialize, Serialize};

/// Answer to an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaUpload {
    /// The media id, valid for 30 days.
    pub id: String,
}

/// Answer to a look-up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MediaInfo {
    /// Always `whatsapp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messaging_product: Option<String>,
    /// Where the bytes are; valid for 5 minutes, needs the token.
    pub url: String,
    /// MIME type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// SHA-256 of the bytes, hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Bytes; documented as a string, older answers have a number.
    #[serde(with = "size_as_text", skip_serializing_if = "Option::is_none")]
    pub file_size: Option<u64>,
    /// The media id.
    pub id: String,
}

mod size_as_text {
    use serde::{Deserialize, Deserializer, Serializer};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u64),
        Text(String),
    }

    #[expect(clippy::ref_option, reason = "the signature that serde's `with` calls")]
    pub(super) fn serialize<S: Serializer>(
        size: &Option<u64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match size {
            Some(size) => serializer.collect_str(size),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<u64>, D::Error> {
        Ok(match Option::<Either>::deserialize(deserializer)? {
            None => None,
            Some(Either::Number(size)) => Some(size),
            Some(Either::Text(text)) => text.trim().parse().ok(),
        })
    }
}
