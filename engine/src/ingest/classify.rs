//! Which lanes have something to do in a body, told in one pass and without building anything.
//!
//! Every piece of a body belongs to exactly one lane. What is not as expected makes the body
//! everybody's: each lane then looks for its own pieces, and the last of them keeps what nobody
//! understands.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use wigwag_store::journal::{MESSAGES, REST, STATUSES};

/// Bits of the lanes that have something to do in a body; never none.
pub(super) fn classify(body: &[u8]) -> i64 {
    let Ok(peek) = serde_json::from_slice::<Peek<'_>>(body) else {
        return MESSAGES | STATUSES | REST;
    };
    let class = peek
        .entry
        .iter()
        .flat_map(|entry| &entry.changes)
        .fold(0, |class, change| class | of(&change.field, change.value));
    if class == 0 { REST } else { class }
}

/// The lane among those of a class that keeps what belongs to none.
pub(super) fn keeper(class: i64) -> i64 {
    [REST, MESSAGES, STATUSES]
        .into_iter()
        .find(|lane| class & lane != 0)
        .unwrap_or(REST)
}

fn of(field: &str, value: Keys) -> i64 {
    match field {
        "messages" if value.0 != 0 => value.0,
        "user_preferences" | "user_id_update" => MESSAGES,
        _ => REST,
    }
}

#[derive(Deserialize)]
struct Peek<'a> {
    #[serde(borrow)]
    entry: Vec<PeekEntry<'a>>,
}

#[derive(Deserialize)]
struct PeekEntry<'a> {
    #[serde(borrow)]
    changes: Vec<PeekChange<'a>>,
}

#[derive(Deserialize)]
struct PeekChange<'a> {
    #[serde(borrow)]
    field: Cow<'a, str>,
    value: Keys,
}

/// The lanes that the lists of a `messages` value concern.
#[derive(Clone, Copy)]
struct Keys(i64);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeysVisitor;
        impl<'de> Visitor<'de> for KeysVisitor {
            type Value = Keys;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut class = 0;
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                    class |= match key.as_ref() {
                        "messages" => MESSAGES,
                        "statuses" => STATUSES,
                        "errors" => REST,
                        _ => 0,
                    };
                    map.next_value::<IgnoredAny>()?;
                }
                Ok(Keys(class))
            }
        }
        deserializer.deserialize_map(KeysVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(field: &str, value: &str) -> String {
        format!(
            r#"{{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{"value":{value},"field":"{field}"}}]}}]}}"#
        )
    }

    #[test]
    fn lanes_are_told_by_field_and_lists() {
        for (field, value, class) in [
            (
                "messages",
                r#"{"contacts":[{}],"messages":[{"a":[1]}]}"#,
                MESSAGES,
            ),
            ("messages", r#"{"statuses":[{}]}"#, STATUSES),
            ("messages", r#"{"errors":[{}]}"#, REST),
            (
                "messages",
                r#"{"messages":[],"statuses":[]}"#,
                MESSAGES | STATUSES,
            ),
            ("messages", r#"{"metadata":{}}"#, REST),
            ("user_preferences", r#"{"messages":[]}"#, MESSAGES),
            ("user_id_update", "{}", MESSAGES),
            ("message_template_status_update", r#"{"statuses":[]}"#, REST),
            ("something_new", "{}", REST),
        ] {
            assert_eq!(
                classify(change(field, value).as_bytes()),
                class,
                "{field} {value}"
            );
        }
    }

    #[test]
    fn a_strange_body_concerns_every_lane_or_the_last() {
        for body in [
            "",
            "nonsense",
            "[]",
            r#"{"entry":1}"#,
            r#"{"entry":[{"changes":[{"field":"messages","value":3}]}]}"#,
        ] {
            assert_eq!(
                classify(body.as_bytes()),
                MESSAGES | STATUSES | REST,
                "{body}"
            );
        }
        assert_eq!(classify(br#"{"entry":[]}"#), REST);
    }

    #[test]
    fn the_last_lane_of_a_class_keeps_the_rest() {
        assert_eq!(keeper(MESSAGES | STATUSES | REST), REST);
        assert_eq!(keeper(MESSAGES | STATUSES), MESSAGES);
        assert_eq!(keeper(STATUSES), STATUSES);
    }
}
