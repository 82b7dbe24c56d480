//! A few files made by us, so that a person on the phone page can send media at once.

use std::fmt::Write as _;

use bytes::Bytes;

/// A sample file: bytes, MIME type, file name.
pub(crate) struct Sample {
    pub(crate) bytes: Bytes,
    pub(crate) mime_type: &'static str,
    pub(crate) filename: &'static str,
}

/// Names of the samples.
pub(crate) const NAMES: &[&str] = &["photo-1", "photo-2", "photo-3", "document-1", "voice-1"];

/// Kind of message that a sample is sent as.
pub(crate) fn kind(name: &str) -> &'static str {
    match name.split('-').next() {
        Some("photo") => "image",
        Some("voice") => "audio",
        _ => "document",
    }
}

/// A sample by name.
pub(crate) fn get(name: &str) -> Option<Sample> {
    let png = |top, bottom, filename| Sample {
        bytes: picture(top, bottom),
        mime_type: "image/png",
        filename,
    };
    Some(match name {
        "photo-1" => png([0xf6, 0xb3, 0x6b], [0x2d, 0x5d, 0x8c], "kites.png"),
        "photo-2" => png([0x9f, 0xd8, 0xcb], [0x17, 0x4a, 0x45], "beach.png"),
        "photo-3" => png([0xf2, 0xd0, 0xd9], [0x7c, 0x3a, 0x5a], "tail.png"),
        "document-1" => Sample {
            bytes: pdf(),
            mime_type: "application/pdf",
            filename: "order.pdf",
        },
        "voice-1" => Sample {
            bytes: ogg(),
            mime_type: "audio/ogg; codecs=opus",
            filename: "voice.ogg",
        },
        _ => return None,
    })
}

const WIDTH: u32 = 320;
const HEIGHT: u32 = 240;

/// A sky with a kite, drawn by arithmetic, as an uncompressed PNG.
fn picture(top: [u8; 3], bottom: [u8; 3]) -> Bytes {
    let mut rows = Vec::new();
    for y in 0..HEIGHT {
        rows.push(0);
        for x in 0..WIDTH {
            let dx = (x as i32 - 190).abs();
            let dy = (y as i32 - 90).abs();
            let kite = dx * 3 + dy * 2 < 130;
            let tail = y > 90 && x < 190 && (190 - x).abs_diff((y - 90) * 3 / 4) < 2;
            for channel in 0..3 {
                let mix = (u32::from(top[channel]) * (HEIGHT - y) + u32::from(bottom[channel]) * y)
                    / HEIGHT;
                rows.push(match (kite, tail) {
                    (true, _) => [0xe8, 0x4c, 0x3d][channel],
                    (_, true) => 0xff,
                    _ => mix as u8,
                });
            }
        }
    }
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = Vec::new();
    head.extend(WIDTH.to_be_bytes());
    head.extend(HEIGHT.to_be_bytes());
    head.extend([8, 2, 0, 0, 0]);
    chunk(&mut png, *b"IHDR", &head);
    chunk(&mut png, *b"IDAT", &stored_zlib(&rows));
    chunk(&mut png, *b"IEND", &[]);
    png.into()
}

fn chunk(png: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    png.extend((data.len() as u32).to_be_bytes());
    let start = png.len();
    png.extend(kind);
    png.extend(data);
    let crc = crc32(&png[start..]);
    png.extend(crc.to_be_bytes());
}

fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    })
}

/// zlib with stored blocks: no compressor needed.
fn stored_zlib(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = data.chunks(65_535).peekable();
    while let Some(block) = blocks.next() {
        let length = block.len() as u16;
        out.push(u8::from(blocks.peek().is_none()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    let (a, b) = data.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    out.extend((b << 16 | a).to_be_bytes());
    out
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

/// Two seconds of silence: Opus in Ogg.
fn ogg() -> Bytes {
    let mut head = b"OpusHead\x01\x01".to_vec();
    head.extend(312_u16.to_le_bytes());
    head.extend(48_000_u32.to_le_bytes());
    head.extend([0, 0, 0]);
    let mut tags = b"OpusTags".to_vec();
    tags.extend(6_u32.to_le_bytes());
    tags.extend(b"wigwag");
    tags.extend(0_u32.to_le_bytes());
    // 20 ms of silence in CELT fullband mono: the encoder's own constant frame.
    let silence: &[u8] = &[0xf8, 0xff, 0xfe];
    let mut out = Vec::new();
    page(&mut out, 2, 0, 0, &[&head]);
    page(&mut out, 0, 0, 1, &[&tags]);
    page(&mut out, 4, 312 + 100 * 960, 2, &vec![silence; 100]);
    out.into()
}

fn page(out: &mut Vec<u8>, flags: u8, granule: u64, sequence: u32, packets: &[&[u8]]) {
    let mut page = b"OggS\0".to_vec();
    page.push(flags);
    page.extend(granule.to_le_bytes());
    page.extend(0x5747_u32.to_le_bytes());
    page.extend(sequence.to_le_bytes());
    page.extend([0; 4]);
    page.push(packets.len() as u8);
    page.extend(packets.iter().map(|packet| packet.len() as u8));
    for packet in packets {
        page.extend(*packet);
    }
    let crc = page.iter().fold(0_u32, |crc, byte| {
        (0..8).fold(crc ^ (u32::from(*byte) << 24), |crc, _| {
            if crc & 0x8000_0000 == 0 {
                crc << 1
            } else {
                (crc << 1) ^ 0x04c1_1db7
            }
        })
    });
    page[22..26].copy_from_slice(&crc.to_le_bytes());
    out.extend(page);
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
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
