//! Conversations that took place before: planted as they are, without webhooks, so that the phones
//! and the service windows agree with what a business says it had.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{Body, Refusal, Reply, number, person};
use crate::inbound;
use crate::message::{Direction, Message};
use crate::state::State as SimState;
use crate::world::World;

/// `POST /_sim/history`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct History {
    phone_number_id: Option<String>,
    conversations: Vec<Conversation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Conversation {
    /// An id or a phone.
    person: String,
    /// Oldest first.
    messages: Vec<Past>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Past {
    from: From,
    at_us: i64,
    /// In the shape of a webhook's message or of a send, by who wrote it.
    message: Value,
    /// Of a message of the business; `read` when it is left out.
    status: Option<String>,
    /// Why it failed.
    code: Option<i64>,
    /// The place of the message that this one answers, in the list.
    reply_to: Option<usize>,
    /// An emoji of the other side.
    reaction: Option<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum From {
    Person,
    Business,
}

/// `POST /_sim/history {phone_number_id?, conversations: [{person, messages: [{from, at_us, message,
/// status?, code?, reply_to?, reaction?}]}]}`: answers with the id and the object of each message.
pub(crate) async fn plant(State(world): State<Arc<World>>, Body(body): Body) -> Reply {
    let history: History =
        serde_json::from_value(body).map_err(|error| Refusal::bad(format!("history: {error}")))?;
    world.with(|state, now_us| {
        let number_id = number(state, history.phone_number_id.as_deref(), &world)?;
        let mut data = Vec::with_capacity(history.conversations.len());
        for conversation in history.conversations {
            let index = person(state, &conversation.person)?;
            let mut planted: Vec<Value> = Vec::with_capacity(conversation.messages.len());
            for past in conversation.messages {
                if past.at_us > now_us {
                    return Err(Refusal::bad("at_us is in the future"));
                }
                let context = match past.reply_to {
                    None => None,
                    Some(at) => Some(
                        planted
                            .get(at)
                            .and_then(|told| told["wamid"].as_str())
                            .ok_or_else(|| {
                                Refusal::bad(format!(
                                    "reply_to {at}: only earlier messages can be answered"
                                ))
                            })?
                            .to_owned(),
                    ),
                };
                planted.push(remember(state, now_us, index, &number_id, past, context)?);
            }
            data.push(json!({"person": state.people[index].id, "messages": planted}));
        }
        state.changes += 1;
        state.tell_all("reset");
        Ok(Json(json!({"data": data})))
    })
}

fn remember(
    state: &mut SimState,
    now_us: i64,
    person: usize,
    number_id: &str,
    past: Past,
    context: Option<String>,
) -> Result<Value, Refusal> {
    let mut content = past.message;
    let inbound = past.from == From::Person;
    let kind = inbound::kind_of(&content)?;
    let wa_id = state.people[person].wa_id.clone();
    let wamid = state.ids.wamid(&wa_id, !inbound);
    if inbound::MEDIA.contains(&kind.as_str()) {
        content[kind.as_str()] =
            inbound::media_object(state, now_us, &kind, &content[kind.as_str()])?;
    } else if content[kind.as_str()].is_null() {
        return Err(Refusal::bad(format!(
            "a message of type {kind} needs `{kind}`"
        )));
    }
    content["type"] = kind.as_str().into();
    let template_id = template(state, number_id, &kind, &content)?;
    if inbound {
        content["from"] = wa_id.into();
        content["id"] = wamid.as_str().into();
        content["timestamp"] = (past.at_us / 1_000_000).to_string().into();
        let chat = state.chat(number_id, person);
        if chat.service_until_us < past.at_us + crate::clock::DAY {
            chat.person_wrote(past.at_us, false);
        }
    } else {
        content["messaging_product"] = "whatsapp".into();
        content["to"] = wa_id.into();
        state.chat(number_id, person).number_known = true;
    }
    let body = RawValue::from_string(content.to_string())
        .map_err(|error| Refusal::bad(error.to_string()))?
        .into();
    let other_side = if inbound { "business" } else { "person" };
    let reactions: BTreeMap<String, String> = past
        .reaction
        .into_iter()
        .map(|emoji| (other_side.to_owned(), emoji))
        .collect();
    let category = template_id
        .as_ref()
        .and_then(|id| state.templates.get(id))
        .map_or_else(
            || "service".to_owned(),
            |found| found.category.to_lowercase(),
        );
    state.add_message(Message {
        wamid: wamid.clone(),
        number_id: number_id.to_owned(),
        person,
        direction: if inbound {
            Direction::FromPerson
        } else {
            Direction::FromBusiness
        },
        kind: kind.clone(),
        at_us: past.at_us,
        status: past.status.unwrap_or_else(|| "read".to_owned()),
        body,
        ledger: None,
        template_id,
        category,
        in_window: true,
        free_entry: false,
        expires_us: i64::MAX,
        callback_data: None,
        by_user_id: false,
        failed_code: past.code,
        context,
        reactions,
        deleted: false,
        edited: false,
    });
    Ok(json!({"wamid": wamid, "type": kind, "object": content[kind.as_str()]}))
}

/// The template that a message of the business names.
fn template(
    state: &SimState,
    number_id: &str,
    kind: &str,
    content: &Value,
) -> Result<Option<String>, Refusal> {
    if kind != "template" {
        return Ok(None);
    }
    let name = content["template"]["name"].as_str().unwrap_or_default();
    let language = content["template"]["language"]["code"]
        .as_str()
        .unwrap_or_default();
    let waba_id = state
        .numbers
        .get(number_id)
        .map(|number| number.waba_id.clone())
        .unwrap_or_default();
    state
        .templates_named(&waba_id, name)
        .into_iter()
        .find(|found| found.language == language)
        .map(|found| Some(found.id.clone()))
        .ok_or_else(|| Refusal::not_found("template", &format!("{name}/{language}")))
}
