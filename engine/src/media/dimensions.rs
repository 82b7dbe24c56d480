//! Width and height of an image, from its first bytes.
//!
//! Reads headers only and trusts no length in them. Sources: RFC 2083 (PNG), ITU-T T.81 (JPEG),
//! the Exif 2.3 orientation tag, Google's “WebP Container Specification”, RFC 6386 (VP8).

/// Width and height in pixels as the image is shown.
pub(super) fn dimensions(head: &[u8]) -> Option<(u32, u32)> {
    let found = if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        png(head)
    } else if head.starts_with(b"\xff\xd8") {
        jpeg(head)
    } else if is_webp(head) {
        webp(head)
    } else {
        None
    };
    found.filter(|(width, height)| *width > 0 && *height > 0)
}

/// Whether it is a WebP file.
fn is_webp(head: &[u8]) -> bool {
    head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP")
}

/// Whether it is a WebP file that moves.
pub(super) fn is_animated_webp(head: &[u8]) -> bool {
    is_webp(head)
        && head.get(12..16) == Some(b"VP8X")
        && head.get(20).is_some_and(|flags| flags & 0x02 != 0)
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    let two = bytes.get(at..at + 2)?;
    Some(u32::from(two[0]) << 8 | u32::from(two[1]))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(be16(bytes, at)? << 16 | be16(bytes, at + 2)?)
}

fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    let two = bytes.get(at..at + 2)?;
    Some(u32::from(two[1]) << 8 | u32::from(two[0]))
}

fn le24(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(*bytes.get(at + 2)?) << 16 | le16(bytes, at)?)
}

fn png(head: &[u8]) -> Option<(u32, u32)> {
    (head.get(12..16)? == b"IHDR").then_some(())?;
    Some((be32(head, 16)?, be32(head, 20)?))
}

fn jpeg(head: &[u8]) -> Option<(u32, u32)> {
    let (mut at, mut turned) = (2, false);
    loop {
        if *head.get(at)? != 0xff {
            return None;
        }
        let marker = *head.get(at + 1)?;
        match marker {
            // Fill bytes, and markers without a segment.
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            // Frame headers; C4, C8 and CC are tables and extensions.
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                let (height, width) = (be16(head, at + 5)?, be16(head, at + 7)?);
                return Some(if turned {
                    (height, width)
                } else {
                    (width, height)
                });
            }
            // The image's data or its end, without a frame before.
            0xd9 | 0xda => return None,
            _ => {
                let length = be16(head, at + 2)? as usize;
                let segment = head.get(at + 4..at + 2 + length.max(2))?;
                if marker == 0xe1 {
                    turned |= lies_on_its_side(segment).unwrap_or(false);
                }
                at += 2 + length.max(2);
            }
        }
    }
}

/// Whether Exif says that rows and columns are exchanged: orientations 5 to 8.
fn lies_on_its_side(segment: &[u8]) -> Option<bool> {
    let tiff = segment.strip_prefix(b"Exif\0\0")?;
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let short = |at: usize| {
        if little {
            le16(tiff, at)
        } else {
            be16(tiff, at)
        }
    };
    let first = if little {
        short(4)? | short(6)? << 16
    } else {
        short(4)? << 16 | short(6)?
    } as usize;
    for entry in 0..short(first)? as usize {
        let at = first + 2 + entry * 12;
        if short(at)? == 0x0112 {
            return Some((5..=8).contains(&short(at + 8)?));
        }
    }
    None
}

fn webp(head: &[u8]) -> Option<(u32, u32)> {
    match head.get(12..16)? {
        b"VP8X" => Some((le24(head, 24)? + 1, le24(head, 27)? + 1)),
        b"VP8L" => {
            (*head.get(20)? == 0x2f).then_some(())?;
            let bits = le16(head, 21)? | le16(head, 23)? << 16;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8 " => {
            (head.get(23..26)? == [0x9d, 0x01, 0x2a]).then_some(())?;
            Some((le16(head, 26)? & 0x3fff, le16(head, 28)? & 0x3fff))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn jpeg_of(orientation: Option<u8>) -> Vec<u8> {
        let mut file = b"\xff\xd8\xff\xe0\x00\x04JF".to_vec();
        if let Some(orientation) = orientation {
            let mut exif = b"Exif\0\0II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
            exif.extend([orientation, 0, 0, 0]);
            file.extend(b"\xff\xe1");
            file.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
            file.extend(exif);
        }
        file.extend(b"\xff\xff\xc2\x00\x11\x08\x01\x2c\x02\x58\x03");
        file
    }

    #[test]
    fn headers_tell_the_size() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x03\x20\0\0\x02\x58\x08\x06";
        assert_eq!(dimensions(png), Some((800, 600)));
        assert_eq!(dimensions(&jpeg_of(None)), Some((600, 300)));
        assert_eq!(dimensions(&jpeg_of(Some(1))), Some((600, 300)));
        assert_eq!(dimensions(&jpeg_of(Some(6))), Some((300, 600)));
        let extended = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\xff\x01\0\xff\x01\0";
        assert_eq!(dimensions(extended), Some((512, 512)));
        assert!(is_animated_webp(extended));
        let lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\xff\xc1\x7f\x00";
        assert_eq!(dimensions(lossless), Some((512, 512)));
        assert!(!is_animated_webp(lossless));
        let lossy = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x00\x02\x00\x01";
        assert_eq!(dimensions(lossy), Some((512, 256)));
    }

    #[test]
    fn what_is_no_image_has_no_size() {
        for bytes in [
            &b""[..],
            b"hello",
            b"\xff\xd8",
            b"\xff\xd8\xff\xda\0\0",
            b"\x89PNG\r\n\x1a\n\0\0\0\x0dIDAT\0\0\x03\x20\0\0\x02\x58",
            b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\0\0\0\x02\x58",
        ] {
            assert_eq!(dimensions(bytes), None, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(start in 0_usize..4, bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let beginnings: [&[u8]; 4] = [b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8X", b""];
            let mut file = beginnings[start].to_vec();
            file.extend(bytes);
            dimensions(&file);
            is_animated_webp(&file);
        }
    }
}
