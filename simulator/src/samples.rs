//! A few files made by us, so that a person on the phone page can send media at once.
//!
//! The pictures are drawings of ours, the voice note is hummed by a few oscillators. They lie in
//! `simulator/samples`; the document is written here.

use std::fmt::Write as _;

use bytes::Bytes;

#[derive(rust_embed::RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/samples"]
struct Files;

/// A sample file: bytes, MIME type, file name.
pub(crate) struct Sample {
    pub(crate) bytes: Bytes,
    pub(crate) mime_type: &'static str,
    pub(crate) filename: &'static str,
}

/// Names of the samples.
pub(crate) const NAMES: &[&str] = &[
    "photo-1",
    "photo-2",
    "photo-3",
    "sticker-1",
    "document-1",
    "voice-1",
];

/// Kind of message that a sample is sent as.
pub(crate) fn kind(name: &str) -> &'static str {
    match name.split('-').next() {
        Some("photo") => "image",
        Some("voice") => "audio",
        Some("sticker") => "sticker",
        _ => "document",
    }
}

/// A sample by name.
pub(crate) fn get(name: &str) -> Option<Sample> {
    let file = |path, mime_type, filename| {
        let bytes = Files::get(path)?.data.into_owned().into();
        Some(Sample {
            bytes,
            mime_type,
            filename,
        })
    };
    match name {
        "photo-1" => file("photo-1.jpg", "image/jpeg", "kites.jpg"),
        "photo-2" => file("photo-2.jpg", "image/jpeg", "parcel.jpg"),
        "photo-3" => file("photo-3.jpg", "image/jpeg", "workshop.jpg"),
        "sticker-1" => file("sticker-1.webp", "image/webp", "kite.webp"),
        "voice-1" => file("voice-1.ogg", "audio/ogg; codecs=opus", "voice.ogg"),
        "document-1" => Some(Sample {
            bytes: pdf(),
            mime_type: "application/pdf",
            filename: "order.pdf",
        }),
        _ => None,
    }
}

/// One page with a line of text.
fn pdf() -> Bytes {
    let text = "BT /F1 24 Tf 72 760 Td (Kite & Co. - order 1042) Tj ET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut out = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        let _ = write!(out, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let start = out.len();
    let _ = write!(out, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        let _ = writeln!(out, "{offset:010} 00000 n ");
    }
    let _ = write!(
        out,
        "trailer << /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    );
    out.into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_what_they_say() {
        for name in NAMES {
            let sample = get(name).unwrap();
            let found = infer::get(&sample.bytes).unwrap().mime_type();
            let wanted = if name.starts_with("voice") {
                "audio/opus"
            } else {
                sample.mime_type
            };
            assert_eq!(found, wanted, "{name}");
        }
    }
}
