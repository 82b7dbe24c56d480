//! Headers: a short text with one variable, a sample of a file, a place.

use serde_json::Value;

use super::limits;
use super::problem::{Problem, Problems};
use super::variables::{self, Phrase};

/// Formats that want a sample.
pub(super) const MEDIA: &[&str] = &["IMAGE", "VIDEO", "DOCUMENT", "GIF"];

pub(super) fn check(path: &str, header: &Value, named: bool, problems: &mut Problems) {
    let format = super::word(header, "format");
    match format.as_str() {
        "TEXT" => text(path, header, named, problems),
        "LOCATION" | "PRODUCT" => {}
        media if MEDIA.contains(&media) => {
            if !has_sample(header) {
                problems.add(
                    Problem::error(format!("{path}.media_id"), "header_sample_required")
                        .with("format", media.to_ascii_lowercase()),
                );
            }
        }
        other => problems.add(
            Problem::error(format!("{path}.format"), "header_format_unknown")
                .with("format", other.to_ascii_lowercase()),
        ),
    }
}

/// A file of ours, or the handle of one that Meta has.
fn has_sample(header: &Value) -> bool {
    let filled = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    filled(&header["media_id"]) || filled(&header["example"]["header_handle"][0])
}

fn text(path: &str, header: &Value, named: bool, problems: &mut Problems) {
    let field = format!("{path}.text");
    let text = header["text"].as_str().unwrap_or_default();
    if text.trim().is_empty() {
        problems.error(field, "header_text_required");
        return;
    }
    problems.at_most(&field, "header_too_long", text, limits::HEADER);
    if text.contains(['\n', '\r']) {
        problems.error(&field, "header_newline");
    }
    // What the variables are called is no markdown.
    let bare = crate::template::fill(text, |_| Some("x".to_owned()));
    if bare.contains(['*', '_', '~', '`']) {
        problems.error(&field, "header_markdown");
    }
    if bare.chars().any(is_emoji) {
        problems.error(&field, "header_emoji");
    }
    let example = &header["example"];
    let count = Phrase {
        field: &field,
        text,
        named,
        examples: variables::positional(&example["header_text"]),
        named_examples: variables::by_name(&example["header_text_named_params"]),
        example_field: format!("{path}.example"),
    }
    .check(problems);
    if count > limits::HEADER_VARIABLES {
        problems.add(
            Problem::error(field, "header_too_many_variables")
                .with("max", limits::HEADER_VARIABLES)
                .with("now", count),
        );
    }
}

/// Pictures that phones draw in colour; digits, `#` and `©` are none.
pub(super) fn is_emoji(c: char) -> bool {
    matches!(u32::from(c),
        0x1F000..=0x1FAFF | 0x2600..=0x27BF | 0x2B05..=0x2B07 | 0x2B1B..=0x2B1C | 0x2B50 | 0x2B55
        | 0x231A..=0x231B | 0x23E9..=0x23F3 | 0x23F8..=0x23FA | 0xFE0F | 0x20E3 | 0xE0020..=0xE007F)
}
