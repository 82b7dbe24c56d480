//! `POST /track/users/`: people as the shop's programs know them (Interakt: User Track API).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use wigwag_engine::contacts::identify;
use wigwag_model::id::Id as _;
use wigwag_model::{ContactId, Timestamp};
use wigwag_store::contacts::{Identified, Profile};

use super::person::Person;
use super::text::Text;
use crate::Api;
use crate::auth::Caller;
use crate::operation::Subject;
use crate::problem::{Code, Problem};
use crate::request::Body;

/// Most traits of a request.
const MOST_TRAITS: usize = 100;
/// Most bytes of a trait's name, and of a text in it.
const MOST_NAME: usize = 100;
const MOST_TEXT: usize = 1_000;
/// Most values of a list.
const MOST_VALUES: usize = 100;
/// Most tags of a request, and characters of each.
const MOST_TAGS: usize = 50;

/// A person to make or to bring up to date. `add_to_sales_cycle` is passed over: there are no sales cycles here.
#[derive(Debug, Deserialize, Validate)]
#[serde(rename_all = "camelCase")]
#[garde(allow_unvalidated)]
pub(super) struct TrackUser {
    #[serde(default)]
    user_id: Option<Text>,
    #[serde(default)]
    full_phone_number: Option<Text>,
    #[serde(default)]
    country_code: Option<Text>,
    #[serde(default)]
    phone_number: Option<Text>,
    #[serde(default)]
    traits: Option<Map<String, Value>>,
    #[serde(default)]
    tags: Option<Vec<Text>>,
    #[serde(default)]
    created_at: Option<Timestamp>,
}

/// Makes a person or brings one up to date: traits are replaced one by one, tags are added.
pub(super) async fn track(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<TrackUser>,
) -> Result<Response, Problem> {
    let shown = wish.user_id.clone().map(|id| id.0);
    let profile = profile(wish, &caller, api.clock().now())?;
    let done = identify(api.engine().context(), &caller.scope, profile).await?;
    let (contact, kept) = settled(done)?;
    let name = shown.unwrap_or_else(|| contact.uuid().to_string());
    let message = if kept {
        format!(
            "Customer with {name} updated successfully; whatsapp_opted_in stays false, because the person opted out"
        )
    } else {
        format!("Customer with {name} updated successfully")
    };
    let body = json!({"result": true, "message": message, "id": contact.uuid()});
    let mut response = (StatusCode::ACCEPTED, Json(body)).into_response();
    let subject = Subject(contact.to_string());
    response.extensions_mut().insert(subject);
    Ok(response)
}

/// The contact, and whether its own no was kept.
pub(super) fn settled(done: Identified) -> Result<(ContactId, bool), Problem> {
    match done {
        Identified::Done {
            contact, marketing, ..
        } => Ok((contact, !marketing)),
        Identified::Two => Err(two()),
        Identified::OtherId => Err(Problem::field(
            "userId",
            "invalid",
            "the user with this phone number has another userId, which cannot be changed",
        )),
        Identified::OtherPhone => Err(Problem::field(
            "phoneNumber",
            "invalid",
            "the user with this userId has another phone number, which cannot be changed",
        )),
    }
}

/// Id and phone number of two people.
pub(super) fn two() -> Problem {
    Problem::field(
        "userId",
        "invalid",
        "this userId belongs to another user than this phone number",
    )
}

fn profile(wish: TrackUser, caller: &Caller, now: Timestamp) -> Result<Profile, Problem> {
    let person = Person {
        user_id: wish.user_id,
        full_phone_number: wish.full_phone_number,
        country_code: wish.country_code,
        phone_number: wish.phone_number,
    };
    let mut profile = Profile {
        known: person.known()?,
        tags: tags(wish.tags)?,
        actor: caller.scope.actor.to_string(),
        at: now,
        ..Profile::default()
    };
    for (key, value) in wish.traits.into_iter().flatten() {
        take(&mut profile, key, value)?;
    }
    if profile.traits.len() > MOST_TRAITS {
        return Err(Problem::field(
            "traits",
            "too_many",
            "use at most 100 traits",
        ));
    }
    if let Some(at) = wish.created_at {
        let created = || Value::from(at.to_string());
        profile
            .traits
            .entry("created_at".to_owned())
            .or_insert_with(created);
    }
    Ok(profile)
}

/// One trait. Name, e-mail address and consent have places of their own.
fn take(profile: &mut Profile, key: String, value: Value) -> Result<(), Problem> {
    let field = format!("traits.{key}");
    if key.trim().is_empty() || key.len() > MOST_NAME {
        let message = "the name of a trait has 1 to 100 bytes";
        return Err(Problem::field(field, "invalid", message));
    }
    match (key.as_str(), value) {
        ("name", Value::String(name)) => profile.name = Some(short(&field, name, 200)?),
        ("email", Value::String(email)) => profile.email = Some(address(&field, &email)?),
        ("name" | "email", Value::Null) => {}
        ("name" | "email", _) => return Err(Problem::field(field, "invalid", "write a text")),
        ("whatsapp_opted_in", value) => profile.marketing = Some(truth(&field, &value)?),
        (_, value) => {
            check(&field, &value)?;
            profile.traits.insert(key, value);
        }
    }
    Ok(())
}

fn short(field: &str, text: String, most: usize) -> Result<String, Problem> {
    if text.chars().count() > most {
        let message = format!("use at most {most} characters");
        return Err(Problem::field(field, "too_long", message));
    }
    Ok(text)
}

fn address(field: &str, text: &str) -> Result<String, Problem> {
    let text = short(field, text.trim().to_owned(), 254)?;
    if !text.is_empty() && garde::rules::email::apply(&text, ()).is_err() {
        let message = "this is no e-mail address: leave it out or correct it";
        return Err(Problem::field(field, "invalid", message));
    }
    Ok(text)
}

fn truth(field: &str, value: &Value) -> Result<bool, Problem> {
    let text = value.as_str().map(str::to_ascii_lowercase);
    match (value, text.as_deref()) {
        (Value::Bool(truth), _) => Ok(*truth),
        (_, Some("true")) => Ok(true),
        (_, Some("false")) => Ok(false),
        _ => Err(Problem::field(field, "invalid", "write true or false")),
    }
}

/// A trait is a text, a number, true or false, a time, or a list of texts and numbers; null removes it.
fn check(field: &str, value: &Value) -> Result<(), Problem> {
    let wrong = |message| Err(Problem::field(field, "invalid", message));
    match value {
        Value::Object(_) => wrong(
            "a trait is a text, a number, true or false, a time, or a list: split this object into traits",
        ),
        Value::String(text) if text.len() > MOST_TEXT => {
            wrong("a text in a trait has at most 1,000 bytes")
        }
        Value::Array(values) if values.len() > MOST_VALUES => {
            wrong("a list has at most 100 values")
        }
        Value::Array(values) => {
            let plain = |value: &Value| match value {
                Value::String(text) => text.len() <= MOST_TEXT,
                value => value.is_number() || value.is_boolean(),
            };
            if values.iter().all(plain) {
                Ok(())
            } else {
                wrong("a list holds texts of at most 1,000 bytes and numbers")
            }
        }
        _ => Ok(()),
    }
}

fn tags(list: Option<Vec<Text>>) -> Result<Vec<String>, Problem> {
    let list = super::text::texts(list);
    if list.len() > MOST_TAGS {
        return Err(Problem::field("tags", "too_many", "use at most 50 tags"));
    }
    let wrong = |tag: &String| tag.trim().is_empty() || tag.chars().count() > 50;
    if let Some(at) = list.iter().position(wrong) {
        let message = "a tag has 1 to 50 characters";
        return Err(Problem::field(format!("tags[{at}]"), "invalid", message));
    }
    Ok(list)
}

/// A person whom an event or a message names and nobody knows.
pub(super) fn nobody() -> Problem {
    Problem::new(
        Code::Invalid,
        "userId: there is no such user: make it first with POST /track/users/, or send the phone number",
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn traits_are_of_five_kinds() {
        for value in [
            json!("Pune"),
            json!(24),
            json!(1.5),
            json!(true),
            json!("2025-03-27T13:26:52.926Z"),
            json!(["tea", 7]),
            json!(null),
        ] {
            assert!(check("traits.x", &value).is_ok(), "{value}");
        }
        for value in [
            json!({"a": 1}),
            json!([[1]]),
            json!("x".repeat(1_001)),
            json!([{}]),
        ] {
            assert!(check("traits.x", &value).is_err(), "{value}");
        }
    }

    #[test]
    fn name_address_and_consent_have_places_of_their_own() {
        let mut profile = Profile::default();
        for (key, value) in [
            ("name", json!("Asha")),
            ("email", json!("asha@kite.example")),
            ("whatsapp_opted_in", json!("True")),
            ("age", json!(24)),
        ] {
            take(&mut profile, key.to_owned(), value).unwrap();
        }
        assert_eq!(profile.name.as_deref(), Some("Asha"));
        assert_eq!(profile.marketing, Some(true));
        assert_eq!(
            profile.traits,
            BTreeMap::from([("age".to_owned(), json!(24))])
        );
        let wrong = take(&mut profile, "email".to_owned(), json!("asha"));
        assert!(wrong.unwrap_err().detail().starts_with("traits.email: "));
    }
}
