//! Reading the leaves of a filter from JSON.

use serde_json::{Map, Value};

use super::read::{id, join, named, object, only, op, short_text, span, want};
use super::{
    CampaignTest, ConsentTest, ConversationTest, EventTest, Fault, Field, FieldTest, MAX_KEY,
    MAX_PROPERTIES, MAX_TIMES, Openness, Outcome, PropertyTest, Standing, TraitTest,
};
use crate::consent::{Category, ConsentState};
use crate::event::name_problem;

pub(super) fn trait_test(value: &Value, at: &str) -> Result<TraitTest, Fault> {
    let map = object(value, at)?;
    only(map, at, &["key", "is"])?;
    Ok(TraitTest {
        key: short_text(
            want(map, at, "key")?,
            &join(at, "key"),
            MAX_KEY,
            "the name of a trait",
        )?,
        is: op(want(map, at, "is")?, &join(at, "is"))?,
    })
}

pub(super) fn field_test(value: &Value, at: &str) -> Result<FieldTest, Fault> {
    let map = object(value, at)?;
    only(map, at, &["name", "is"])?;
    let names: Vec<&str> = Field::ALL.iter().map(|field| field.as_str()).collect();
    Ok(FieldTest {
        name: named(
            want(map, at, "name")?,
            &join(at, "name"),
            Field::parse,
            &names,
        )?,
        is: op(want(map, at, "is")?, &join(at, "is"))?,
    })
}

pub(super) fn consent_test(value: &Value, at: &str) -> Result<ConsentTest, Fault> {
    let map = object(value, at)?;
    only(map, at, &["category", "state"])?;
    let state = |text: &str| match text {
        "granted" => Some(ConsentState::Granted),
        "denied" => Some(ConsentState::Denied),
        "unknown" => Some(ConsentState::Unknown),
        _ => None,
    };
    Ok(ConsentTest {
        category: named(
            want(map, at, "category")?,
            &join(at, "category"),
            Category::parse,
            &["marketing", "utility", "authentication"],
        )?,
        state: named(
            want(map, at, "state")?,
            &join(at, "state"),
            state,
            &["granted", "denied", "unknown"],
        )?,
    })
}

pub(super) fn campaign_test(value: &Value, at: &str) -> Result<CampaignTest, Fault> {
    let map = object(value, at)?;
    only(map, at, &["id", "outcome", "not"])?;
    let here = join(at, "outcome");
    let names: Vec<&str> = Outcome::ALL
        .iter()
        .map(|outcome| outcome.as_str())
        .collect();
    let listed = want(map, at, "outcome")?
        .as_array()
        .filter(|listed| !listed.is_empty())
        .ok_or_else(|| {
            Fault::new(
                &here,
                format!("write a list of outcomes: {}", names.join(", ")),
            )
        })?;
    let mut outcome = listed
        .iter()
        .enumerate()
        .map(|(place, value)| named(value, &format!("{here}[{place}]"), Outcome::parse, &names))
        .collect::<Result<Vec<_>, _>>()?;
    outcome.sort_unstable();
    outcome.dedup();
    Ok(CampaignTest {
        id: id(want(map, at, "id")?, &join(at, "id"))?,
        outcome,
        not: match map.get("not") {
            None => false,
            Some(value) => value
                .as_bool()
                .ok_or_else(|| Fault::new(&join(at, "not"), "write true or false"))?,
        },
    })
}

pub(super) fn event_test(value: &Value, at: &str) -> Result<EventTest, Fault> {
    let map = object(value, at)?;
    only(map, at, &["name", "at_least", "within", "where"])?;
    let here = join(at, "name");
    let name = want(map, at, "name")?
        .as_str()
        .ok_or_else(|| Fault::new(&here, "write the name of an event as a text"))?;
    if let Some(problem) = name_problem(name) {
        return Err(Fault::new(&here, problem));
    }
    let at_least = match map.get("at_least") {
        None => 1,
        Some(value) => value
            .as_u64()
            .and_then(|times| u32::try_from(times).ok())
            .filter(|times| (1..=MAX_TIMES).contains(times))
            .ok_or_else(|| {
                let message = format!(
                    "write a whole number from 1 to {MAX_TIMES}; for those who never did it use not"
                );
                Fault::new(&join(at, "at_least"), message)
            })?,
    };
    let within = match map.get("within") {
        None => None,
        Some(value) => Some(span(value, &join(at, "within"))?),
    };
    Ok(EventTest {
        name: name.to_owned(),
        at_least,
        within,
        properties: match map.get("where") {
            None => Vec::new(),
            Some(value) => property_tests(value, &join(at, "where"))?,
        },
    })
}

fn property_tests(value: &Value, at: &str) -> Result<Vec<PropertyTest>, Fault> {
    let listed = value
        .as_array()
        .ok_or_else(|| Fault::new(at, "write a list of {\"key\":…,\"is\":…}"))?;
    if listed.len() > MAX_PROPERTIES {
        let message = format!("use at most {MAX_PROPERTIES} conditions on one event");
        return Err(Fault::new(at, message));
    }
    listed
        .iter()
        .enumerate()
        .map(|(place, value)| {
            let at = format!("{at}[{place}]");
            let map = object(value, &at)?;
            only(map, &at, &["key", "is"])?;
            Ok(PropertyTest {
                key: short_text(
                    want(map, &at, "key")?,
                    &join(&at, "key"),
                    MAX_KEY,
                    "the name of a particular",
                )?,
                is: op(want(map, &at, "is")?, &join(&at, "is"))?,
            })
        })
        .collect()
}

pub(super) fn conversation_test(value: &Value, at: &str) -> Result<ConversationTest, Fault> {
    let map = object(value, at)?;
    only(
        map,
        at,
        &["status", "unread", "assigned", "window", "number"],
    )?;
    let test = ConversationTest {
        status: match map.get("status") {
            None => None,
            Some(value) => {
                let names = ["open", "snoozed", "closed"];
                Some(named(value, &join(at, "status"), Standing::parse, &names)?)
            }
        },
        unread: truth(map, at, "unread")?,
        assigned: truth(map, at, "assigned")?,
        window: match map.get("window") {
            None => None,
            Some(value) => {
                let names = ["open", "closed"];
                Some(named(value, &join(at, "window"), Openness::parse, &names)?)
            }
        },
        number: match map.get("number") {
            None => None,
            Some(value) => Some(id(value, &join(at, "number"))?),
        },
    };
    if test.is_empty() {
        let message = "say at least one of status, unread, assigned, window and number";
        return Err(Fault::new(at, message));
    }
    Ok(test)
}

fn truth(map: &Map<String, Value>, at: &str, key: &str) -> Result<Option<bool>, Fault> {
    match map.get(key) {
        None => Ok(None),
        Some(value) => value
            .as_bool()
            .map(Some)
            .ok_or_else(|| Fault::new(&join(at, key), "write true or false")),
    }
}
