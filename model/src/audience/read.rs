//! Reading a filter from JSON: every refusal names the place and the mend.

use serde_json::{Map, Value};

use super::{
    Fault, FieldTest, Filter, MAX_DEPTH, MAX_EVENTS, MAX_PARTS, MAX_TEXT, MAX_VALUES,
    MAX_VALUES_IN_ALL, Op, Operand, Span, TraitTest, Yes, leaves,
};

const KINDS: &str = "all, any, not, everyone, tag, trait, field, consent, list, campaign, event, conversation or segment";
const OPS: &str =
    "eq, ne, in, lt, lte, gt, gte, contains, starts_with, exists, past, older or next";

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// The first fault, with its place.
    pub fn read(value: &Value) -> Result<Self, Fault> {
        let filter = Reader { parts: 0 }.filter(value, "", 1)?;
        let count = |is: &Op| {
            if let Op::In(listed) = is {
                listed.len()
            } else {
                1
            }
        };
        let (mut values, mut events) = (0, 0);
        filter.walk(&mut |part| match part {
            Self::Trait(TraitTest { is, .. }) | Self::Field(FieldTest { is, .. }) => {
                values += count(is);
            }
            Self::Event(test) => {
                events += 1;
                values += test
                    .properties
                    .iter()
                    .map(|test| count(&test.is))
                    .sum::<usize>();
            }
            _ => {}
        });
        if events > MAX_EVENTS {
            let message = format!(
                "a filter may ask for events {MAX_EVENTS} times, as each costs a walk over them: take some out"
            );
            return Err(Fault::new("", message));
        }
        if values > MAX_VALUES_IN_ALL {
            let message = format!(
                "a filter may list {MAX_VALUES_IN_ALL} values in all: make a list of contacts"
            );
            return Err(Fault::new("", message));
        }
        Ok(filter)
    }
}

struct Reader {
    parts: usize,
}

impl Reader {
    fn filter(&mut self, value: &Value, at: &str, depth: usize) -> Result<Filter, Fault> {
        if depth > MAX_DEPTH {
            let message = format!("filters may lie {MAX_DEPTH} deep in each other: take some out");
            return Err(Fault::new(at, message));
        }
        self.parts += 1;
        if self.parts > MAX_PARTS {
            let message = format!(
                "a filter may have {MAX_PARTS} parts: use `in` for many values, or a list of contacts"
            );
            return Err(Fault::new(at, message));
        }
        let (kind, inner) = single(value, at, "a filter", KINDS)?;
        let here = join(at, kind);
        Ok(match kind {
            "all" => Filter::All(self.several(inner, &here, depth)?),
            "any" => Filter::Any(self.several(inner, &here, depth)?),
            "not" => Filter::Not(Box::new(self.filter(inner, &here, depth + 1)?)),
            "everyone" if *inner == Value::Bool(true) => Filter::Everyone(Yes),
            "everyone" => return Err(Fault::new(&here, "write true; to find nobody, use not")),
            "tag" => Filter::Tag(short_text(inner, &here, MAX_TEXT, "the name of a tag")?),
            "trait" => Filter::Trait(leaves::trait_test(inner, &here)?),
            "field" => Filter::Field(leaves::field_test(inner, &here)?),
            "consent" => Filter::Consent(leaves::consent_test(inner, &here)?),
            "list" => Filter::List(id(inner, &here)?),
            "campaign" => Filter::Campaign(leaves::campaign_test(inner, &here)?),
            "event" => Filter::Event(leaves::event_test(inner, &here)?),
            "conversation" => Filter::Conversation(leaves::conversation_test(inner, &here)?),
            "segment" => Filter::Segment(id(inner, &here)?),
            _ => {
                let message = format!("unknown: use {KINDS}");
                return Err(Fault::new(&here, message));
            }
        })
    }

    fn several(&mut self, value: &Value, at: &str, depth: usize) -> Result<Vec<Filter>, Fault> {
        let parts = value
            .as_array()
            .ok_or_else(|| Fault::new(at, "write a list of filters"))?;
        if parts.is_empty() {
            let message = "put at least one filter in; everybody is {\"everyone\":true}";
            return Err(Fault::new(at, message));
        }
        parts
            .iter()
            .enumerate()
            .map(|(place, part)| self.filter(part, &format!("{at}[{place}]"), depth + 1))
            .collect()
    }
}

pub(super) fn join(at: &str, key: &str) -> String {
    if at.is_empty() {
        key.to_owned()
    } else {
        format!("{at}.{key}")
    }
}

pub(super) fn object<'v>(value: &'v Value, at: &str) -> Result<&'v Map<String, Value>, Fault> {
    value
        .as_object()
        .ok_or_else(|| Fault::new(at, "write an object: {…}"))
}

/// An object with one key, as filters and operators are.
fn single<'v>(
    value: &'v Value,
    at: &str,
    what: &str,
    keys: &str,
) -> Result<(&'v str, &'v Value), Fault> {
    let wrong = || {
        Fault::new(
            at,
            format!("{what} is an object with exactly one key: {keys}"),
        )
    };
    let map = value.as_object().ok_or_else(wrong)?;
    match map.iter().next() {
        Some((key, inner)) if map.len() == 1 => Ok((key, inner)),
        _ => Err(wrong()),
    }
}

pub(super) fn only(map: &Map<String, Value>, at: &str, known: &[&str]) -> Result<(), Fault> {
    match map.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(Fault::new(
            &join(at, key),
            format!("unknown: use {}", known.join(", ")),
        )),
        None => Ok(()),
    }
}

pub(super) fn want<'v>(
    map: &'v Map<String, Value>,
    at: &str,
    key: &str,
) -> Result<&'v Value, Fault> {
    map.get(key)
        .ok_or_else(|| Fault::new(&join(at, key), "is missing"))
}

pub(super) fn short_text(
    value: &Value,
    at: &str,
    most: usize,
    what: &str,
) -> Result<String, Fault> {
    let text = value
        .as_str()
        .ok_or_else(|| Fault::new(at, format!("write {what} as a text")))?;
    if text.trim().is_empty() {
        return Err(Fault::new(at, format!("is empty: write {what}")));
    }
    if text.len() > most {
        return Err(Fault::new(at, format!("use at most {most} bytes")));
    }
    Ok(text.to_owned())
}

pub(super) fn id<T: std::str::FromStr<Err = crate::id::ParseIdError>>(
    value: &Value,
    at: &str,
) -> Result<T, Fault> {
    value
        .as_str()
        .ok_or_else(|| Fault::new(at, "write an id as a text"))?
        .parse()
        .map_err(|error: crate::id::ParseIdError| Fault::new(at, error.to_string()))
}

pub(super) fn named<T: Copy>(
    value: &Value,
    at: &str,
    parse: impl Fn(&str) -> Option<T>,
    names: &[&str],
) -> Result<T, Fault> {
    value
        .as_str()
        .and_then(parse)
        .ok_or_else(|| Fault::new(at, format!("unknown: use {}", names.join(", "))))
}

pub(super) fn op(value: &Value, at: &str) -> Result<Op, Fault> {
    let (name, inner) = single(value, at, "a comparison", OPS)?;
    let here = join(at, name);
    Ok(match name {
        "eq" => Op::Eq(operand(inner, &here)?),
        "ne" => Op::Ne(operand(inner, &here)?),
        "lt" => Op::Lt(operand(inner, &here)?),
        "lte" => Op::Lte(operand(inner, &here)?),
        "gt" => Op::Gt(operand(inner, &here)?),
        "gte" => Op::Gte(operand(inner, &here)?),
        "contains" => Op::Contains(short_text(inner, &here, MAX_TEXT, "what to look for")?),
        "starts_with" => Op::StartsWith(short_text(inner, &here, MAX_TEXT, "the beginning")?),
        "past" => Op::Past(span(inner, &here)?),
        "older" => Op::Older(span(inner, &here)?),
        "next" => Op::Next(span(inner, &here)?),
        "exists" => Op::Exists(
            inner
                .as_bool()
                .ok_or_else(|| Fault::new(&here, "write true or false"))?,
        ),
        "in" => {
            let listed = inner
                .as_array()
                .filter(|listed| !listed.is_empty())
                .ok_or_else(|| Fault::new(&here, "write a list with at least one value"))?;
            if listed.len() > MAX_VALUES {
                let message =
                    format!("list at most {MAX_VALUES} values; for more, make a list of contacts");
                return Err(Fault::new(&here, message));
            }
            Op::In(
                listed
                    .iter()
                    .enumerate()
                    .map(|(place, value)| operand(value, &format!("{here}[{place}]")))
                    .collect::<Result<_, _>>()?,
            )
        }
        _ => return Err(Fault::new(&here, format!("unknown: use {OPS}"))),
    })
}

pub(super) fn span(value: &Value, at: &str) -> Result<Span, Fault> {
    value
        .as_str()
        .and_then(Span::parse)
        .ok_or_else(|| Fault::new(at, super::span::MEND))
}

fn operand(value: &Value, at: &str) -> Result<Operand, Fault> {
    match value {
        Value::Bool(value) => Ok(Operand::Bool(*value)),
        Value::Number(value) => Ok(Operand::Number(value.clone())),
        Value::String(_) => short_text(value, at, MAX_TEXT, "a value").map(Operand::Text),
        Value::Null => Err(Fault::new(
            at,
            "null is no value: ask {\"exists\":false} instead",
        )),
        Value::Array(_) | Value::Object(_) => Err(Fault::new(
            at,
            "write a text, a number, true, false or a time like 2026-11-23T09:30:00Z",
        )),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_read_is_written_alike() {
        let list = "list_01j00000000000000000000000";
        let campaign = "campaign_01j00000000000000000000000";
        for value in [
            json!({"everyone": true}),
            json!({"tag": "vip"}),
            json!({"list": list}),
            json!({"consent": {"category": "marketing", "state": "unknown"}}),
            json!({"campaign": {"id": campaign, "outcome": ["delivered", "replied"]}}),
            json!({"campaign": {"id": campaign, "outcome": ["read"], "not": true}}),
            json!({"all": [
                {"any": [{"tag": "a"}, {"not": {"tag": "b"}}]},
                {"trait": {"key": "city", "is": {"in": ["Pune", 5, true]}}},
                {"trait": {"key": "spent", "is": {"gte": 12.5}}},
                {"field": {"name": "created_at", "is": {"lt": "2026-11-23T09:30:00Z"}}},
                {"field": {"name": "phone", "is": {"starts_with": "+91"}}},
                {"field": {"name": "email", "is": {"exists": false}}}
            ]}),
        ] {
            let filter = Filter::read(&value).unwrap();
            assert_eq!(serde_json::to_value(&filter).unwrap(), value);
            let text: Filter = serde_json::from_str(&value.to_string()).unwrap();
            assert_eq!(text, filter);
            filter.check().unwrap();
        }
    }

    #[test]
    fn a_fault_names_its_place_and_the_mend() {
        for (value, field, mend) in [
            (json!({}), "filter", "exactly one key"),
            (
                json!({"tag": "a", "list": "b"}),
                "filter",
                "exactly one key",
            ),
            (json!({"tags": ["a"]}), "tags", "unknown: use all, any"),
            (json!({"everyone": false}), "everyone", "write true"),
            (json!({"all": []}), "all", "at least one"),
            (
                json!({"all": [{"tag": "a"}, {"any": [{"tag": ""}]}]}),
                "all[1].any[0].tag",
                "empty",
            ),
            (json!({"trait": {"key": "city"}}), "trait.is", "missing"),
            (
                json!({"trait": {"key": "city", "value": 1, "is": {"eq": 1}}}),
                "trait.value",
                "use key, is",
            ),
            (
                json!({"trait": {"key": "city", "is": {"eq": null}}}),
                "trait.is.eq",
                "exists",
            ),
            (
                json!({"trait": {"key": "city", "is": {"in": []}}}),
                "trait.is.in",
                "at least one",
            ),
            (
                json!({"trait": {"key": "city", "is": {"in": ["a", {}]}}}),
                "trait.is.in[1]",
                "write a text",
            ),
            (
                json!({"trait": {"key": "city", "is": {"like": "a"}}}),
                "trait.is.like",
                "starts_with",
            ),
            (
                json!({"field": {"name": "age", "is": {"eq": 1}}}),
                "field.name",
                "country, name, phone",
            ),
            (
                json!({"consent": {"category": "ads", "state": "granted"}}),
                "consent.category",
                "marketing",
            ),
            (
                json!({"list": "contact_01j00000000000000000000000"}),
                "list",
                "list_",
            ),
            (
                json!({"event": {"name": " x"}}),
                "event.name",
                "without spaces",
            ),
            (
                json!({"event": {"name": "x", "at_least": 0}}),
                "event.at_least",
                "use not",
            ),
            (
                json!({"event": {"name": "x", "within": "soon"}}),
                "event.within",
                "30d",
            ),
            (
                json!({"event": {"name": "x", "where": [{"key": "a", "is": {"gtt": 1}}]}}),
                "event.where[0].is.gtt",
                "unknown",
            ),
            (json!({"conversation": {}}), "conversation", "at least one"),
            (
                json!({"conversation": {"status": "shut"}}),
                "conversation.status",
                "snoozed",
            ),
            (
                json!({"field": {"name": "created_at", "is": {"past": "1y"}}}),
                "field.is.past",
                "30d",
            ),
            (json!({"segment": "vip"}), "segment", "segment_"),
            (
                json!({"any": vec![json!({"event": {"name": "x"}}); 21]}),
                "filter",
                "20 times",
            ),
            (
                json!({"not": {"campaign": {"id": "campaign_01j00000000000000000000000", "outcome": ["sold"]}}}),
                "not.campaign.outcome[0]",
                "delivered",
            ),
        ] {
            let fault = Filter::read(&value).unwrap_err();
            assert_eq!(fault.field, field, "{value}");
            assert!(fault.message.contains(mend), "{value}: {fault}");
        }
    }

    #[test]
    fn depth_size_and_length_are_limited() {
        let mut deep = json!({"tag": "a"});
        for _ in 1..MAX_DEPTH {
            deep = json!({"not": deep});
        }
        Filter::read(&deep).unwrap();
        let deeper = json!({"not": deep});
        assert!(Filter::read(&deeper).unwrap_err().message.contains("deep"));
        let parts = |count: usize| json!({"any": vec![json!({"tag": "a"}); count]});
        Filter::read(&parts(MAX_PARTS - 1)).unwrap();
        let fault = Filter::read(&parts(MAX_PARTS)).unwrap_err();
        assert_eq!(fault.field, format!("any[{}]", MAX_PARTS - 1));
        let long = json!({"tag": "a".repeat(MAX_TEXT + 1)});
        assert!(Filter::read(&long).unwrap_err().message.contains("bytes"));
        let many = json!({"trait": {"key": "a", "is": {"in": vec![json!(1); MAX_VALUES + 1]}}});
        assert!(Filter::read(&many).unwrap_err().message.contains("list"));
        let full = json!({"trait": {"key": "a", "is": {"in": vec![json!(1); MAX_VALUES]}}});
        Filter::read(&json!({"any": vec![full.clone(); 5]})).unwrap();
        assert!(
            Filter::read(&json!({"any": vec![full; 6]}))
                .unwrap_err()
                .message
                .contains("in all")
        );
    }

    #[test]
    fn the_list_of_a_filter_is_the_one_that_all_are_on() {
        let one = "list_01j00000000000000000000000";
        let two = "list_01j00000000000000000000001";
        let list = |value| {
            Filter::read(&value)
                .unwrap()
                .list()
                .map(|id| id.to_string())
        };
        assert_eq!(list(json!({"list": one})).as_deref(), Some(one));
        assert_eq!(
            list(json!({"all": [{"list": one}, {"tag": "a"}]})).as_deref(),
            Some(one)
        );
        assert_eq!(list(json!({"all": [{"list": one}, {"list": two}]})), None);
        assert_eq!(list(json!({"any": [{"list": one}, {"tag": "a"}]})), None);
        assert_eq!(list(json!({"not": {"list": one}})), None);
    }
}
