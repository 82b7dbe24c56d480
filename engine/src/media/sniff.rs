//! What a file is, by its bytes: a sender's word for it is never believed.

use wigwag_meta::limits::MediaKind;

use super::dimensions::{dimensions, is_animated_webp};
use super::receive::Kind;

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Its media type.
    pub(super) mime_type: String,
    /// The kind of message that Meta takes it in; `None`: in none.
    pub(super) kind: Option<Kind>,
    /// Width and height in pixels, of images.
    pub(super) dimensions: Option<(u32, u32)>,
    /// Whether it is a sticker that moves.
    pub(super) animated: bool,
}

impl Found {
    /// Meta's limit for it.
    pub(super) fn max_bytes(&self) -> u64 {
        match self.kind {
            Some(Kind::Image) => MediaKind::Image,
            Some(Kind::Video) => MediaKind::Video,
            Some(Kind::Audio) => MediaKind::Audio,
            Some(Kind::Sticker) if self.animated => MediaKind::AnimatedSticker,
            Some(Kind::Sticker) => MediaKind::Sticker,
            Some(Kind::Document) | None => MediaKind::Document,
        }
        .max_bytes()
    }
}

/// Looks at the beginning of a file. `wanted` decides where bytes leave it open: an MP4 file may
/// hold a film or only sound.
pub(super) fn sniff(head: &[u8], wanted: Option<Kind>) -> Found {
    let mime_type = match (media_type(head), wanted) {
        ("video/mp4", Some(Kind::Audio)) => "audio/mp4",
        (found, _) => found,
    };
    Found {
        kind: kind(mime_type),
        mime_type: mime_type.to_owned(),
        dimensions: dimensions(head),
        animated: is_animated_webp(head),
    }
}

fn kind(mime_type: &str) -> Option<Kind> {
    // Plain Ogg is refused by Meta; only Opus in it passes.
    if mime_type == "audio/ogg" {
        return None;
    }
    [
        (MediaKind::Image, Kind::Image),
        (MediaKind::Video, Kind::Video),
        (MediaKind::Audio, Kind::Audio),
        (MediaKind::Sticker, Kind::Sticker),
        (MediaKind::Document, Kind::Document),
    ]
    .into_iter()
    .find(|(theirs, _)| theirs.accepts(mime_type))
    .map(|(_, ours)| ours)
}

/// The media type in Meta's spelling.
fn media_type(head: &[u8]) -> &'static str {
    // Phones of the 3GPP family; the detector does not know them.
    if head.get(4..8) == Some(b"ftyp") && matches!(head.get(8..11), Some(b"3gp" | b"3g2")) {
        return "video/3gpp";
    }
    match infer::get(head).map(|found| found.mime_type()) {
        Some("audio/opus") => "audio/ogg; codecs=opus",
        Some("audio/m4a") => "audio/mp4",
        Some("video/x-m4v") => "video/mp4",
        Some("text/html") => "text/html",
        // XML, scripts and the like are text to WhatsApp.
        Some(found) if found.starts_with("text/") => "text/plain",
        Some(found) => found,
        None if is_text(head) => "text/plain",
        None => "application/octet-stream",
    }
}

/// Whether the beginning reads as UTF-8 text without control characters.
fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The cut may fall into a character.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.is_empty()
        && !text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_decide_the_kind() {
        let webp = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\xff\x01\0\xff\x01\0";
        let mut opus = b"OggS".to_vec();
        opus.extend([0; 24]);
        opus.extend(b"OpusHead");
        for (head, mime_type, kind) in [
            (&b"\xff\xd8\xff\xe0"[..], "image/jpeg", Some(Kind::Image)),
            (b"\x89PNG\r\n\x1a\n", "image/png", Some(Kind::Image)),
            (b"GIF89a", "image/gif", None),
            (webp, "image/webp", Some(Kind::Sticker)),
            (b"\0\0\0\x18ftypisom", "video/mp4", Some(Kind::Video)),
            (b"\0\0\0\x18ftyp3gp5", "video/3gpp", Some(Kind::Video)),
            (b"\0\0\0\x18ftypqt  \0\0\0\0", "video/quicktime", None),
            (b"\0\0\0\x18ftypM4A ", "audio/mp4", Some(Kind::Audio)),
            (b"ID3\x04", "audio/mpeg", Some(Kind::Audio)),
            (&opus, "audio/ogg; codecs=opus", Some(Kind::Audio)),
            (b"OggS\0\0\0\0", "audio/ogg", None),
            (b"%PDF-1.7", "application/pdf", Some(Kind::Document)),
            (
                "naïve, twelve\n".as_bytes(),
                "text/plain",
                Some(Kind::Document),
            ),
            (b"<!DOCTYPE html><html>", "text/html", None),
            (
                b"MZ\x90\0\x03",
                "application/vnd.microsoft.portable-executable",
                None,
            ),
            (b"\x01\x02\x03", "application/octet-stream", None),
            (b"", "application/octet-stream", None),
        ] {
            let found = sniff(head, None);
            assert_eq!(
                (found.mime_type.as_str(), found.kind),
                (mime_type, kind),
                "{head:?}"
            );
        }
    }

    #[test]
    fn sound_in_a_film_container_is_sound_when_asked_for() {
        let head = b"\0\0\0\x18ftypisom";
        let found = sniff(head, Some(Kind::Audio));
        assert_eq!(
            (found.mime_type.as_str(), found.kind),
            ("audio/mp4", Some(Kind::Audio))
        );
    }

    #[test]
    fn text_may_be_cut_within_a_character() {
        let mut head = "é".repeat(10).into_bytes();
        head.pop();
        assert!(is_text(&head));
        assert!(!is_text(b"a\xffb"));
        assert!(!is_text(b"a\0b"));
    }
}
