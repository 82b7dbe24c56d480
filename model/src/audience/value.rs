//! Values of traits in the form in which they are compared, the same in memory and in tables.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::MAX_TEXT;
use crate::Timestamp;
use crate::search::fold;

/// What the values of a trait are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TraitKind {
    /// Texts.
    Text,
    /// Numbers.
    Number,
    /// True or false.
    Boolean,
    /// Instants and days.
    Datetime,
    /// Several texts at once.
    List,
}

impl TraitKind {
    /// The name in tables and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Datetime => "datetime",
            Self::List => "list",
        }
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "text" => Some(Self::Text),
            "number" => Some(Self::Number),
            "boolean" => Some(Self::Boolean),
            "datetime" => Some(Self::Datetime),
            "list" => Some(Self::List),
            _ => None,
        }
    }

    /// The kind that a trait gets by its first value; `None` for one that says nothing.
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null | Value::Object(_) => None,
            Value::Bool(_) => Some(Self::Boolean),
            Value::Number(_) => Some(Self::Number),
            Value::Array(_) => Some(Self::List),
            Value::String(text) if text.trim().is_empty() => None,
            Value::String(text) if instant(text).is_some() => Some(Self::Datetime),
            Value::String(_) => Some(Self::Text),
        }
    }

    /// Whether a value is of this kind as programs write it: a text, a number, true or false, an
    /// instant or a day, several texts. Null says nothing and is of every kind.
    pub fn takes(self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::Null)
            | (Self::Text, Value::String(_))
            | (Self::Number, Value::Number(_))
            | (Self::Boolean, Value::Bool(_)) => true,
            (Self::Datetime, Value::String(text)) => instant(text).is_some(),
            (Self::List, Value::Array(elements)) => elements.iter().all(Value::is_string),
            _ => false,
        }
    }

    /// What a value of this kind is and how it is written, for whoever sent another.
    pub fn mend(self) -> &'static str {
        match self {
            Self::Text => "a text: write it in quotation marks, like \"Pune\"",
            Self::Number => "a number: write it without quotation marks, like 12.5",
            Self::Boolean => "true or false: write one of these, without quotation marks",
            Self::Datetime => {
                "a time: write a day like \"1990-05-01\" or an instant like \"2026-11-23T09:30:00Z\""
            }
            Self::List => "a list of texts: write it like [\"Tea\", \"Kites\"]",
        }
    }
}

/// A value as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Typed {
    /// A folded text.
    Text(String),
    /// A number by [`ordered`], or a truth value as 0 and 1.
    Number(i64),
    /// Microseconds since the epoch.
    At(i64),
    /// Something that is there and does not fit the trait's kind: only its presence can be asked.
    Other,
}

/// A number as an integer in the same order, so that both databases compare it exactly.
pub fn ordered(number: f64) -> i64 {
    // Both zeros are one number.
    let number = if number == 0.0 { 0.0 } else { number };
    let bits = number.to_bits().cast_signed();
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

/// A text as it is compared: folded, and cut where an index could not hold it.
pub fn text_key(text: &str) -> String {
    let mut key = fold(text.trim());
    if key.len() > MAX_TEXT {
        let end = key.floor_char_boundary(MAX_TEXT);
        key.truncate(end);
    }
    key
}

/// A tag as it is compared.
pub fn tag_key(tag: &str) -> String {
    text_key(tag)
}

/// An instant, or a day's first one in UTC.
pub(super) fn instant(text: &str) -> Option<i64> {
    let text = text.trim();
    let bytes = text.as_bytes();
    let dated = bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-';
    if !dated {
        return None;
    }
    if bytes.len() == 10 {
        return format!("{text}T00:00:00Z")
            .parse::<Timestamp>()
            .ok()
            .map(Timestamp::as_micros);
    }
    text.parse::<Timestamp>().ok().map(Timestamp::as_micros)
}

/// The values of a trait as they are compared: none when it is absent or blank, several for a list.
pub fn typed(kind: TraitKind, value: &Value) -> Vec<Typed> {
    let elements: Vec<&Value> = match value {
        Value::Array(elements) => elements.iter().collect(),
        other => vec![other],
    };
    let mut found: Vec<Typed> = elements
        .into_iter()
        .filter_map(|element| one(kind, element))
        .collect();
    found.sort();
    found.dedup();
    found
}

fn one(kind: TraitKind, value: &Value) -> Option<Typed> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) if text.trim().is_empty() => return None,
        Value::String(text) => Some(text.as_str()),
        _ => None,
    };
    let fits = match kind {
        TraitKind::Text | TraitKind::List => match value {
            Value::String(text) => Some(Typed::Text(text_key(text))),
            Value::Number(number) => Some(Typed::Text(number.to_string())),
            Value::Bool(value) => Some(Typed::Text(value.to_string())),
            _ => None,
        },
        TraitKind::Number => value
            .as_f64()
            .or_else(|| text?.trim().parse().ok())
            .filter(|number: &f64| number.is_finite())
            .map(|number| Typed::Number(ordered(number))),
        TraitKind::Boolean => truth(value).map(|value| Typed::Number(i64::from(value))),
        TraitKind::Datetime => text.and_then(instant).map(Typed::At),
    };
    Some(fits.unwrap_or(Typed::Other))
}

/// A truth value, also as the words and figures that tables hold.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Number(number) if number.as_f64() == Some(1.0) => Some(true),
        Value::Number(number) if number.as_f64() == Some(0.0) => Some(false),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    proptest! {
        #[test]
        fn ordered_numbers_are_in_order(a in proptest::num::f64::NORMAL | proptest::num::f64::ZERO,
                                        b in proptest::num::f64::NORMAL | proptest::num::f64::ZERO) {
            prop_assert_eq!(a.partial_cmp(&b), Some(ordered(a).cmp(&ordered(b))));
        }
    }

    #[test]
    fn a_first_value_defines_a_kind() {
        for (value, kind) in [
            (json!("Pune"), Some(TraitKind::Text)),
            (json!("2026-11-23"), Some(TraitKind::Datetime)),
            (
                json!("2026-11-23T09:30:00+05:30"),
                Some(TraitKind::Datetime),
            ),
            (json!("2026-11"), Some(TraitKind::Text)),
            (json!(5), Some(TraitKind::Number)),
            (json!(false), Some(TraitKind::Boolean)),
            (json!(["a"]), Some(TraitKind::List)),
            (json!(" "), None),
            (json!(null), None),
        ] {
            assert_eq!(TraitKind::of(&value), kind, "{value}");
        }
    }

    #[test]
    fn a_kind_takes_its_own_values_and_null() {
        let values = [
            (json!("Pune"), vec![TraitKind::Text]),
            (
                json!("1990-05-01"),
                vec![TraitKind::Text, TraitKind::Datetime],
            ),
            (json!("1990-13-01"), vec![TraitKind::Text]),
            (json!("12.5"), vec![TraitKind::Text]),
            (json!(12.5), vec![TraitKind::Number]),
            (json!(true), vec![TraitKind::Boolean]),
            (json!([]), vec![TraitKind::List]),
            (json!(["a", "b"]), vec![TraitKind::List]),
            (json!(["a", 5]), vec![]),
            (json!({}), vec![]),
        ];
        for kind in ["text", "number", "boolean", "datetime", "list"] {
            let kind = TraitKind::parse(kind).unwrap();
            assert!(kind.takes(&json!(null)));
            for (value, kinds) in &values {
                assert_eq!(kind.takes(value), kinds.contains(&kind), "{kind:?} {value}");
            }
        }
    }

    #[test]
    fn values_are_brought_into_the_kind_or_only_present() {
        for (kind, value, wanted) in [
            (
                TraitKind::Text,
                json!(" José "),
                vec![Typed::Text("jose".to_owned())],
            ),
            (TraitKind::Text, json!(5), vec![Typed::Text("5".to_owned())]),
            (TraitKind::Text, json!("  "), vec![]),
            (
                TraitKind::Number,
                json!("12.5"),
                vec![Typed::Number(ordered(12.5))],
            ),
            (TraitKind::Number, json!("many"), vec![Typed::Other]),
            (TraitKind::Boolean, json!("Yes"), vec![Typed::Number(1)]),
            (
                TraitKind::Datetime,
                json!("1970-01-02"),
                vec![Typed::At(86_400_000_000)],
            ),
            (TraitKind::Datetime, json!(7), vec![Typed::Other]),
            (
                TraitKind::List,
                json!(["B", "a", "b", ""]),
                vec![Typed::Text("a".to_owned()), Typed::Text("b".to_owned())],
            ),
            (TraitKind::List, json!([]), vec![]),
        ] {
            assert_eq!(typed(kind, &value), wanted, "{kind:?} {value}");
        }
    }

    #[test]
    fn a_long_text_is_cut_between_letters() {
        let key = text_key(&"क".repeat(2_000));
        assert!(key.len() <= MAX_TEXT && key.chars().all(|c| c == 'क'));
    }
}
