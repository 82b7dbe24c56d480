//! The part of a filter that asks what somebody did, and the form in which particulars of events are
//! compared.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Op, Span, TraitKind, Typed, typed};

/// Most conditions on the particulars of one event.
pub const MAX_PROPERTIES: usize = 20;
/// How many parts of a filter may ask for events.
pub const MAX_EVENTS: usize = 20;
/// The most that `at_least` may ask for.
pub const MAX_TIMES: u32 = 1_000_000;

/// Whether somebody did something.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventTest {
    /// What, letter by letter.
    pub name: String,
    /// How often at least.
    #[serde(skip_serializing_if = "is_once")]
    pub at_least: u32,
    /// Within the last so much time; ever when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<Span>,
    /// What holds for the particulars of each event that counts.
    #[serde(rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<PropertyTest>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde calls"
)]
fn is_once(times: &u32) -> bool {
    *times == 1
}

/// A test of a particular of an event. Its kind is that of the value it is compared with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PropertyTest {
    /// The particular's name.
    pub key: String,
    /// What it must be.
    pub is: Op,
}

/// The name under which a particular is kept in its comparable form: letters and digits only, so that it
/// can stand in the path of a JSON document whatever characters the name has.
pub fn property_key(key: &str) -> String {
    use std::fmt::Write as _;
    key.bytes().fold(String::from("k"), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The views under which the value of a particular can be compared.
pub(super) const VIEWS: [(TraitKind, &str); 4] = [
    (TraitKind::List, "t"),
    (TraitKind::Number, "n"),
    (TraitKind::Boolean, "b"),
    (TraitKind::Datetime, "a"),
];

/// The view for values of a kind.
pub fn view(kind: TraitKind) -> &'static str {
    match kind {
        TraitKind::Text | TraitKind::List => "t",
        TraitKind::Number => "n",
        TraitKind::Boolean => "b",
        TraitKind::Datetime => "a",
    }
}

/// The particulars of an event as they are compared: `{"k616d6f756e74":{"t":["12"],"n":[4622945017495814144]}}`.
/// A particular without a value is not there; one that fits no view is there with nothing.
pub fn compared(properties: &Map<String, Value>) -> Value {
    let mut all = Map::new();
    for (key, value) in properties {
        let mut views = Map::new();
        let mut there = false;
        for (kind, name) in VIEWS {
            let values = typed(kind, value);
            there |= !values.is_empty();
            let known: Vec<Value> = values
                .into_iter()
                .filter_map(|value| match value {
                    Typed::Text(text) => Some(Value::String(text)),
                    Typed::Number(number) | Typed::At(number) => Some(number.into()),
                    Typed::Other => None,
                })
                .collect();
            if !known.is_empty() {
                views.insert(name.to_owned(), Value::Array(known));
            }
        }
        if there {
            all.insert(property_key(key), Value::Object(views));
        }
    }
    Value::Object(all)
}

/// An event as filters see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Happened {
    /// What.
    pub name: String,
    /// When, in µs since the epoch.
    pub at: i64,
    /// The particulars.
    pub properties: Map<String, Value>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::audience::ordered;

    #[test]
    fn particulars_are_kept_under_each_view_that_they_fit() {
        let properties = json!({"a": 12, "b": "yes", "c": ["Tea", "kites"], "d": "2026-11-01", "e": null, "f": " ",
                                "g": {"x": 1}, "\"é": true});
        let made = compared(properties.as_object().unwrap());
        let day: i64 = 1_793_491_200_000_000;
        assert_eq!(
            made,
            json!({
                "k61": {"t": ["12"], "n": [ordered(12.0)]},
                "k62": {"t": ["yes"], "b": [1]},
                "k63": {"t": ["kites", "tea"]},
                "k64": {"t": ["2026-11-01"], "a": [day]},
                "k67": {},
                "k22c3a9": {"t": ["true"], "b": [1]},
            })
        );
    }
}
