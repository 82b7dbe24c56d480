//! Reading fields of a JSON body, leniently: numbers count as texts, empty texts as absent.

use serde_json::{Map, Value};
use wigwag_model::Timestamp;
use wigwag_store::hooks::Verdict;

/// Most characters of a text that is kept.
const MOST_TEXT: usize = 2_000;
/// Most characters of a name.
pub(super) const MOST_NAME: usize = 200;
/// Most characters of an id.
const MOST_ID: usize = 120;

/// A text, or a number written as one.
pub(super) fn text(body: &Value, pointer: &str) -> Option<String> {
    let text = match body.pointer(pointer)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then(|| text.chars().take(MOST_TEXT).collect())
}

/// A name: one line of at most 200 characters.
pub(super) fn name(body: &Value, pointer: &str) -> Option<String> {
    let text = text(body, pointer)?;
    let line = text.split(char::is_control).collect::<Vec<_>>().join(" ");
    Some(line.chars().take(MOST_NAME).collect())
}

/// An e-mail address, roughly.
pub(super) fn email(body: &Value, pointer: &str) -> Option<String> {
    text(body, pointer).filter(|text| {
        let whole = !text.contains(|letter: char| letter.is_whitespace() || letter.is_control());
        whole
            && text.len() <= 254
            && text
                .split_once('@')
                .is_some_and(|(a, b)| !a.is_empty() && b.contains('.'))
    })
}

/// An id; one that is too long is none.
pub(super) fn id(body: &Value, pointer: &str) -> Option<String> {
    text(body, pointer)
        .filter(|text| text.chars().count() <= MOST_ID && !text.contains(char::is_control))
}

/// An instant: RFC 3339, or seconds or milliseconds since 1970.
pub(super) fn time(body: &Value, pointer: &str) -> Option<Timestamp> {
    /// Seconds of the year 5138: what is more counts milliseconds.
    const SECONDS: i64 = 100_000_000_000;
    match body.pointer(pointer)? {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => {
            let number = number.as_i64().filter(|number| *number >= 0)?;
            let micros = if number < SECONDS {
                number.checked_mul(1_000_000)
            } else {
                number.checked_mul(1_000)
            };
            micros.map(Timestamp::from_micros)
        }
        _ => None,
    }
}

/// Puts a text where there is one.
pub(super) fn put(properties: &mut Map<String, Value>, name: &str, text: Option<String>) {
    if let Some(text) = text {
        properties.insert(name.to_owned(), Value::String(text));
    }
}

/// A refusal that names a field.
pub(super) fn refused(field: &str, message: impl Into<String>) -> Verdict {
    Verdict::Refused {
        field: field.to_owned(),
        message: message.into(),
    }
}
