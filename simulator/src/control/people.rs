//! Persons: list, create, behaviour, and what they do.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Body, Refusal, Reply, number, person};
use crate::message::Direction;
use crate::person::Behaviour;
use crate::state::State as SimState;
use crate::world::World;
use crate::{behaviour, inbound, phone};

/// Query of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ListQuery {
    q: Option<String>,
    limit: Option<usize>,
    after: Option<String>,
}

fn view(state: &mut SimState, index: usize, world: &World) -> Value {
    let user_id = state.user_id(&world.credentials.portfolio_id, index);
    let person = &state.people[index];
    let mut view = person.view(&user_id);
    let last = person.last_message.map(|at| &state.messages[at]);
    view["last_message"] = last.map_or(Value::Null, |message| {
        json!({"text": preview(state, message), "at_us": message.at_us, "direction": message.direction})
    });
    let unread = state
        .chats_of(index)
        .flat_map(|chat| &chat.messages)
        .filter(|at| {
            let message = &state.messages[**at];
            message.direction == Direction::FromBusiness && message.status == "delivered"
        })
        .count();
    view["unread"] = unread.into();
    view
}

/// A preview that shows a template's text, not its name.
pub(crate) fn preview(state: &SimState, message: &crate::message::Message) -> String {
    match crate::send::template_of(state, message) {
        Some(template) if !message.deleted => {
            let shown =
                crate::template_send::render(template, &message.json()["template"], |_| None);
            shown["body"]
                .as_str()
                .unwrap_or_default()
                .chars()
                .take(120)
                .collect()
        }
        _ => message.preview(),
    }
}

/// `GET /_sim/persons`: those who wrote, got something or were made last come first.
pub(crate) async fn list(State(world): State<Arc<World>>, Query(query): Query<ListQuery>) -> Reply {
    world.with(|state, _| {
        let wanted = query.q.unwrap_or_default().to_lowercase();
        let digits: String = wanted.chars().filter(char::is_ascii_digit).collect();
        let mut found: Vec<usize> = (0..state.people.len())
            .filter(|index| {
                let person = &state.people[*index];
                wanted.is_empty()
                    || person.name.to_lowercase().contains(&wanted)
                    || (!digits.is_empty() && person.wa_id.contains(&digits))
                    || person
                        .username
                        .as_ref()
                        .is_some_and(|name| name.contains(&wanted))
            })
            .collect();
        found.sort_by_key(|index| {
            let person = &state.people[*index];
            let last = person.last_message.map(|at| state.messages[at].at_us);
            let newest = last.unwrap_or(i64::MIN).max(person.made_us);
            (std::cmp::Reverse(newest), *index)
        });
        let start = query
            .after
            .and_then(|after| after.parse().ok())
            .unwrap_or(0);
        let limit = query.limit.unwrap_or(50).clamp(1, 500);
        let page: Vec<usize> = found.iter().skip(start).take(limit).copied().collect();
        let next = (start + page.len() < found.len()).then(|| (start + page.len()).to_string());
        let data: Vec<Value> = page
            .into_iter()
            .map(|index| view(state, index, &world))
            .collect();
        Ok(Json(
            json!({"data": data, "next_cursor": next, "total": found.len()}),
        ))
    })
}

/// `GET /_sim/persons/{id}`.
pub(crate) async fn one(State(world): State<Arc<World>>, Path(id): Path<String>) -> Reply {
    world.with(|state, _| {
        let index = person(state, &id)?;
        Ok(Json(view(state, index, &world)))
    })
}

/// `POST /_sim/persons {name, phone, username?, behaviour?}`.
pub(crate) async fn create(State(world): State<Arc<World>>, Body(body): Body) -> Reply {
    world.with(|state, now_us| {
        let given = body["phone"]
            .as_str()
            .ok_or_else(|| Refusal::bad("phone is missing"))?;
        let wa_id = phone::wa_id(given, &world.credentials.display_phone_number);
        let wa_id =
            wa_id.ok_or_else(|| Refusal::bad(format!("phone `{given}` is not a phone number")))?;
        let name = body["name"].as_str().filter(|name| !name.trim().is_empty());
        let index = if let Some(index) = state.find_person(&wa_id) {
            if let Some(name) = name {
                name.trim().clone_into(&mut state.people[index].name);
            }
            index
        } else {
            let index = state.add_person(name.unwrap_or(given).trim(), &wa_id);
            state.people[index].made_us = now_us;
            index
        };
        if let Some(username) = body["username"].as_str() {
            state.people[index].username = Some(username.to_owned());
        }
        if body["behaviour"].is_object() {
            let new = merged(&state.people[index].behaviour, &body["behaviour"])?;
            state.people[index].behaviour = new;
        }
        state.changes += 1;
        state.tell("person", index, "", None);
        Ok(Json(view(state, index, &world)))
    })
}

/// A behaviour with a partial one laid over it.
fn merged(old: &Behaviour, patch: &Value) -> Result<Behaviour, Refusal> {
    let patch = patch
        .as_object()
        .ok_or_else(|| Refusal::bad("behaviour must be an object"))?;
    let mut all = serde_json::to_value(old).unwrap_or_default();
    for (key, value) in patch {
        let (key, value) = in_full(key, value);
        let Some(slot) = all.get_mut(key) else {
            let known: Vec<_> = all.as_object().into_iter().flatten().collect();
            let known: Vec<_> = known.into_iter().map(|(key, _)| key.as_str()).collect();
            return Err(Refusal::bad(format!(
                "behaviour has no `{key}`; it has {}",
                known.join(", ")
            )));
        };
        *slot = value;
    }
    serde_json::from_value(all).map_err(|error| Refusal::bad(format!("behaviour: {error}")))
}

/// The short words of a behaviour in full: `reads: false`, `replies: "Yes"`, `blocks`, `delay_ms`.
fn in_full<'a>(key: &'a str, value: &Value) -> (&'a str, Value) {
    match (key, value) {
        ("reads", Value::Bool(true)) => (key, "always".into()),
        ("reads", Value::Bool(false)) => (key, "never".into()),
        ("replies", Value::Bool(false)) => (key, Value::Null),
        ("replies", Value::String(text)) => (key, json!({"text": text})),
        ("blocks", _) => ("blocked", value.clone()),
        ("delay_ms", _) => ("delivery_ms", value.clone()),
        _ => (key, value.clone()),
    }
}

/// `POST /_sim/persons/{id}/behaviour`. The id `*` means all persons, also those who come later.
pub(crate) async fn behaviour(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    Body(body): Body,
) -> Reply {
    world.with(|state, now_us| {
        let who: Vec<usize> = if id == "*" {
            state.behaviour = merged(&state.behaviour, &body)?;
            (0..state.people.len()).collect()
        } else {
            vec![person(state, &id)?]
        };
        for index in &who {
            let was_off = !state.people[*index].behaviour.delivers;
            let new = merged(&state.people[*index].behaviour, &body)?;
            state.people[*index].behaviour = new;
            if was_off && state.people[*index].behaviour.delivers {
                behaviour::deliver_waiting(state, *index, now_us);
            }
        }
        state.changes += 1;
        match who[..] {
            [index] if id != "*" => {
                state.tell("person", index, "", None);
                Ok(Json(view(state, index, &world)))
            }
            _ => Ok(Json(json!({"changed": who.len()}))),
        }
    })
}

/// `POST /_sim/persons/{id}/open`.
pub(crate) async fn open(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    Body(body): Body,
) -> Reply {
    world.with(|state, now_us| {
        let index = person(state, &id)?;
        let number_id = number(state, body["phone_number_id"].as_str(), &world)?;
        let read = behaviour::open_chat(state, &number_id, index, now_us);
        Ok(Json(json!({"read": read})))
    })
}

/// `POST /_sim/persons/{id}/block {phone_number_id, blocked}`.
pub(crate) async fn block(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    Body(body): Body,
) -> Reply {
    world.with(|state, _| {
        let index = person(state, &id)?;
        let number_id = number(state, body["phone_number_id"].as_str(), &world)?;
        let blocked = body["blocked"].as_bool().unwrap_or(true);
        state.chat(&number_id, index).blocked = blocked;
        state.changes += 1;
        state.tell("person", index, &number_id, None);
        Ok(Json(json!({"blocked": blocked})))
    })
}

/// `POST /_sim/persons/{id}/stop {phone_number_id, value: "stop"|"resume"}`.
pub(crate) async fn stop(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    Body(body): Body,
) -> Reply {
    world.with(|state, now_us| {
        let index = person(state, &id)?;
        let number_id = number(state, body["phone_number_id"].as_str(), &world)?;
        let stop = match body["value"].as_str().unwrap_or("stop") {
            "stop" => true,
            "resume" => false,
            other => {
                return Err(Refusal::bad(format!(
                    "value `{other}` is not stop or resume"
                )));
            }
        };
        inbound::preference(state, now_us, index, &number_id, stop)?;
        Ok(Json(json!({"stopped": stop})))
    })
}

/// `POST /_sim/persons/{id}/typing`: WhatsApp tells a business nothing of it; other phone pages see it.
pub(crate) async fn typing(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    Body(body): Body,
) -> Reply {
    world.with(|state, _| {
        let index = person(state, &id)?;
        let number_id = number(state, body["phone_number_id"].as_str(), &world)?;
        state.tell("person_typing", index, &number_id, None);
        Ok(Json(json!({"success": true})))
    })
}

/// `POST /_sim/inbound`: a person writes.
pub(crate) async fn inbound(State(world): State<Arc<World>>, Body(body): Body) -> Reply {
    world.with(|state, now_us| {
        let key = body["person"]
            .as_str()
            .or(body["from"].as_str())
            .ok_or_else(|| Refusal::bad("person is missing: an id or a phone"))?;
        let number_id = number(state, body["phone_number_id"].as_str(), &world)?;
        let index = if let Some(index) = state.find_person(key) {
            index
        } else {
            let wa_id = phone::wa_id(key, &world.credentials.display_phone_number)
                .ok_or_else(|| Refusal::not_found("person", key))?;
            state.person_by_phone(&wa_id)
        };
        if let Some(name) = body["name"].as_str().filter(|name| !name.is_empty()) {
            name.clone_into(&mut state.people[index].name);
        }
        let message = match (&body["message"], body["text"].as_str()) {
            (Value::Object(_), _) => body["message"].clone(),
            (_, Some(text)) => json!({"type": "text", "text": {"body": text}}),
            _ => return Err(Refusal::bad("message is missing: {\"type\": …} or a text")),
        };
        if state
            .known_chat(&number_id, index)
            .is_some_and(|chat| chat.blocked)
        {
            return Err(Refusal::bad(
                "the person has blocked this number; unblock it first",
            ));
        }
        let received = inbound::receive(state, now_us, index, &number_id, &message)?;
        let person_id = state.people[index].id.clone();
        Ok(Json(
            json!({"wamid": received.wamid, "webhook": received.webhook, "person": person_id}),
        ))
    })
}
