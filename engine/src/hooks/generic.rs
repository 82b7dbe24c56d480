//! Webhooks of any other system, read by the mapping that somebody wrote for it.

use serde_json::{Map, Value};
use wigwag_model::event::name_problem;
use wigwag_model::hook::Mapping;
use wigwag_model::phone::Phone;
use wigwag_store::contacts::{Customer, Known};
use wigwag_store::hooks::{Draft, Stated, Verdict};

use super::Reading;
use super::body::{email, id, name, refused, text, time};

/// Most bytes of an event's particulars as JSON.
const MOST_BYTES: usize = 32 * 1024;

/// What a body says; its topic is the event's name.
pub(super) fn read(mapping: &Mapping, body: &Value) -> Reading {
    let event = match (&mapping.event_name, &mapping.event) {
        (Some(name), _) => Some(name.clone()),
        (None, Some(pointer)) => text(body, pointer),
        (None, None) => None,
    };
    let topic: String = event
        .clone()
        .unwrap_or_default()
        .chars()
        .take(100)
        .collect();
    let verdict = match stated(mapping, event, body) {
        Ok(stated) => Verdict::Stated(Box::new(stated)),
        Err(refused) => refused,
    };
    Reading { topic, verdict }
}

fn stated(mapping: &Mapping, event: Option<String>, body: &Value) -> Result<Stated, Verdict> {
    let Some(event) = event else {
        let pointer = mapping.event.as_deref().unwrap_or_default();
        return Err(missing("event", pointer, "the event's name"));
    };
    if let Some(message) = name_problem(&event) {
        return Err(refused("event", message));
    }
    let key = match &mapping.event_id {
        Some(pointer) => id(body, pointer)
            .ok_or_else(|| missing("event_id", pointer, "an id of at most 120 characters"))?,
        None => digest(body),
    };
    let occurred_at = match &mapping.occurred_at {
        Some(pointer) => Some(time(body, pointer).ok_or_else(|| {
            let what = "a time in RFC 3339, or in seconds or milliseconds since 1970";
            missing("occurred_at", pointer, what)
        })?),
        None => None,
    };
    Ok(Stated {
        customer: Customer {
            known: known(mapping, body)?,
            name: mapping.name.as_deref().and_then(|at| name(body, at)),
            email: mapping.email.as_deref().and_then(|at| email(body, at)),
        },
        after: None,
        marketing: None,
        events: vec![Draft {
            key,
            name: event,
            properties: properties(mapping, body)?,
            occurred_at,
        }],
    })
}

fn known(mapping: &Mapping, body: &Value) -> Result<Known, Verdict> {
    let typed = mapping.phone.as_deref().and_then(|at| text(body, at));
    let phone = match typed {
        Some(typed) => Some(
            Phone::stated(&typed, mapping.country.as_deref())
                .map_err(|error| refused("phone", error.to_string()))?,
        ),
        None => None,
    };
    let external = mapping.external_id.as_deref().and_then(|at| id(body, at));
    if phone.is_none() && external.is_none() {
        return Err(match (&mapping.phone, &mapping.external_id) {
            (None, Some(pointer)) => missing("external_id", pointer, "an id"),
            (pointer, _) => missing(
                "phone",
                pointer.as_deref().unwrap_or_default(),
                "a phone number",
            ),
        });
    }
    Ok(Known { external, phone })
}

fn properties(mapping: &Mapping, body: &Value) -> Result<Map<String, Value>, Verdict> {
    let properties: Map<String, Value> = mapping
        .properties
        .iter()
        .filter_map(|(name, pointer)| Some((name.clone(), body.pointer(pointer)?.clone())))
        .filter(|(_, value)| !value.is_null())
        .collect();
    let size = serde_json::to_string(&properties).map_or(usize::MAX, |text| text.len());
    if size > MOST_BYTES {
        return Err(refused(
            "properties",
            "the particulars take more than 32 KiB",
        ));
    }
    Ok(properties)
}

/// Stands for the event where the sender gives it no id: the same body twice is one event.
fn digest(body: &Value) -> String {
    use sha2::{Digest as _, Sha256};
    hex::encode(Sha256::digest(body.to_string().as_bytes()))
}

fn missing(field: &str, pointer: &str, what: &str) -> Verdict {
    refused(
        field,
        format!("there is no such thing at {pointer}: send {what} there, or map another place"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wigwag_model::Timestamp;

    use super::*;

    fn mapping() -> Mapping {
        Mapping {
            phone: Some("/guest/mobile".to_owned()),
            country: Some("IN".to_owned()),
            external_id: Some("/guest/no".to_owned()),
            name: Some("/guest/name".to_owned()),
            email: Some("/guest/mail".to_owned()),
            event: Some("/type".to_owned()),
            event_id: Some("/id".to_owned()),
            occurred_at: Some("/at".to_owned()),
            properties: [
                ("room".to_owned(), "/stay/room".to_owned()),
                ("nights".to_owned(), "/stay/nights".to_owned()),
                ("gone".to_owned(), "/stay/none".to_owned()),
            ]
            .into(),
            ..Mapping::default()
        }
    }

    fn booking() -> Value {
        json!({"id": 77, "type": "Room Booked", "at": 1_790_000_000,
            "guest": {"no": "G-7", "name": "Asha\nRao", "mobile": "98000 00001", "mail": "asha@kite.example"},
            "stay": {"room": "Lake view", "nights": 2}})
    }

    #[test]
    fn things_are_taken_from_where_they_lie() {
        let reading = read(&mapping(), &booking());
        assert_eq!(reading.topic, "Room Booked");
        let Verdict::Stated(stated) = reading.verdict else {
            panic!("{:?}", reading.verdict)
        };
        let customer = &stated.customer;
        assert_eq!(
            customer.known.phone.as_ref().unwrap().as_str(),
            "+919800000001"
        );
        assert_eq!(customer.known.external.as_deref(), Some("G-7"));
        assert_eq!(customer.name.as_deref(), Some("Asha Rao"));
        assert_eq!(customer.email.as_deref(), Some("asha@kite.example"));
        let event = &stated.events[0];
        assert_eq!(
            (event.key.as_str(), event.name.as_str()),
            ("77", "Room Booked")
        );
        assert_eq!(
            event.occurred_at,
            Some(Timestamp::from_seconds(1_790_000_000))
        );
        assert_eq!(
            Value::Object(event.properties.clone()),
            json!({"room": "Lake view", "nights": 2})
        );
    }

    #[test]
    fn without_an_id_the_body_is_the_id() {
        let mapping = Mapping {
            event_id: None,
            ..mapping()
        };
        let key = |body: &Value| match read(&mapping, body).verdict {
            Verdict::Stated(stated) => stated.events[0].key.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(key(&booking()), key(&booking()));
        let mut other = booking();
        other["stay"]["nights"] = json!(3);
        assert_ne!(key(&booking()), key(&other));
    }

    #[test]
    fn what_is_wrong_is_said_by_field() {
        type Change = fn(&mut Value);
        let wrong: [(&str, Change); 7] = [
            ("event", |body| body["type"] = json!(null)),
            ("event", |body| body["type"] = json!("a\u{7}b")),
            ("event_id", |body| body["id"] = json!({})),
            ("event_id", |body| body["id"] = json!("x".repeat(121))),
            ("occurred_at", |body| body["at"] = json!("yesterday")),
            ("phone", |body| body["guest"]["mobile"] = json!("12")),
            ("phone", |body| body["guest"] = json!({})),
        ];
        for (field, change) in wrong {
            let mut body = booking();
            change(&mut body);
            match read(&mapping(), &body).verdict {
                Verdict::Refused { field: named, .. } => assert_eq!(named, field),
                other => panic!("{field}: {other:?}"),
            }
        }
        // The id alone is enough.
        let mut body = booking();
        body["guest"]["mobile"] = json!(null);
        assert!(matches!(
            read(&mapping(), &body).verdict,
            Verdict::Stated(_)
        ));
    }
}
