//! The `Range` header, as far as players and download managers use it: one range in bytes
//! (RFC 9110, section 14). Several ranges are answered with the whole file, which the RFC allows.

use std::ops::Range;

/// What part of a file is wanted.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// These bytes.
    Bytes(Range<u64>),
    /// Bytes that the file does not have.
    Beyond,
}

/// Reads the header for a file of `size` bytes. What is not understood is ignored.
pub(super) fn part(header: Option<&str>, size: u64) -> Part {
    let Some(wish) = header.and_then(|text| text.trim().strip_prefix("bytes=")) else {
        return Part::Whole;
    };
    let Some((first, last)) = wish.trim().split_once('-') else {
        return Part::Whole;
    };
    let (first, last) = (first.trim(), last.trim());
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    match (number(first), number(last)) {
        (Some(first), None) if last.is_empty() => between(first, u64::MAX, size),
        (Some(first), Some(last)) if first <= last => between(first, last, size),
        (None, Some(0)) if first.is_empty() => Part::Beyond,
        (None, Some(count)) if first.is_empty() => {
            between(size.saturating_sub(count), u64::MAX, size)
        }
        _ => Part::Whole,
    }
}

fn between(first: u64, last: u64, size: u64) -> Part {
    if first >= size {
        return Part::Beyond;
    }
    Part::Bytes(first..last.saturating_add(1).min(size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_read_and_the_rest_ignored() {
        for (header, wanted) in [
            ("bytes=0-", Part::Bytes(0..100)),
            ("bytes=0-0", Part::Bytes(0..1)),
            ("bytes=10-19", Part::Bytes(10..20)),
            ("bytes=90-500", Part::Bytes(90..100)),
            ("bytes=-10", Part::Bytes(90..100)),
            ("bytes=-500", Part::Bytes(0..100)),
            (" bytes= 3 - 4 ", Part::Bytes(3..5)),
            ("bytes=100-", Part::Beyond),
            ("bytes=-0", Part::Beyond),
            ("bytes=99999999999999999999999-", Part::Beyond),
            ("bytes=9-3", Part::Whole),
            ("bytes=0-1,5-6", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("bytes=-", Part::Whole),
            ("lines=1-2", Part::Whole),
            ("nonsense", Part::Whole),
        ] {
            assert_eq!(part(Some(header), 100), wanted, "{header}");
        }
        assert_eq!(part(None, 100), Part::Whole);
        assert_eq!(part(Some("bytes=0-"), 0), Part::Beyond);
    }
}
