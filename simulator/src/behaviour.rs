//! What becomes of an accepted message: sent, delivered, read, played or failed, as the person's
//! phone and habits have it, with the webhooks that tell it.

use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::clock::DAY;
use crate::graph::error::GraphError;
use crate::ledger::StatusMark;
use crate::message::Direction;
use crate::person::Reads;
use crate::pricing::{day, pricing};
use crate::rates;
use crate::state::State;
use crate::timers::{Due, Timer};
use crate::webhooks::Mark;
use crate::{inbound, review};

/// Rank of a status; a message only moves up.
fn rank(status: &str) -> u8 {
    match status {
        "sent" => 1,
        "failed" => 2,
        "delivered" => 3,
        "read" => 4,
        "played" => 5,
        _ => 0,
    }
}

/// Sets the timers for a message that was just accepted.
pub(crate) fn plan(state: &mut State, message: usize, fails: Option<i64>, now_us: i64) {
    let behaviour = &state.people[state.messages[message].person].behaviour;
    let delivery = behaviour.delivery_ms.max(0) * 1_000;
    let sent_at = now_us + (delivery / 2).min(100_000);
    if let Some(code) = fails {
        state.timers.at(
            sent_at,
            Due::Status {
                message,
                status: "failed".into(),
                code: Some(code),
            },
        );
        return;
    }
    let delivers = behaviour.delivers && state.messages[message].kind != "reaction";
    state.timers.at(
        sent_at,
        Due::Status {
            message,
            status: "sent".into(),
            code: None,
        },
    );
    if delivers {
        let at = now_us + delivery.max(1);
        state.timers.at(
            at,
            Due::Status {
                message,
                status: "delivered".into(),
                code: None,
            },
        );
    }
}

/// Does everything that is due.
pub(crate) fn run(state: &mut State, now_us: i64) {
    while let Some(Timer { at_us, due, .. }) = state.timers.take(now_us) {
        match due {
            Due::Status {
                message,
                status,
                code,
            } => step(state, message, &status, code, at_us),
            Due::Reply {
                person,
                number_id,
                text,
                context,
            } => {
                let content =
                    json!({"type": "text", "text": {"body": text}, "context": {"id": context}});
                // The person may have been blocked meanwhile; then nothing is heard of the answer.
                let _ = inbound::receive(state, at_us, person, &number_id, &content);
            }
            Due::Stop { person, number_id } => {
                // The number may be gone meanwhile; then there is nothing to stop.
                let _ = inbound::preference(state, at_us, person, &number_id, true);
            }
            Due::Review {
                template_id,
                version,
            } => review::finish(state, &template_id, version, at_us),
            Due::Unpause { template_id } => review::unpause(state, &template_id, at_us),
        }
    }
}

/// One status, and what follows from it.
fn step(state: &mut State, index: usize, status: &str, code: Option<i64>, at_us: i64) {
    let message = &state.messages[index];
    let behaviour = state.people[message.person].behaviour.clone();
    if rank(status) <= rank(&message.status) || message.failed_code.is_some() {
        return;
    }
    if status == "delivered" && (!behaviour.delivers || at_us > message.expires_us) {
        return;
    }
    set(state, index, status, code, at_us);
    match status {
        "delivered" => {
            if behaviour.reads == Reads::Always {
                let at = at_us + behaviour.read_ms.max(0) * 1_000;
                state.timers.at(
                    at,
                    Due::Status {
                        message: index,
                        status: "read".into(),
                        code: None,
                    },
                );
            }
            let message = &state.messages[index];
            if message.category.starts_with("marketing") && state.faults.chance(behaviour.stops) {
                let message = &state.messages[index];
                let stop = Due::Stop {
                    person: message.person,
                    number_id: message.number_id.clone(),
                };
                let at = at_us + behaviour.read_ms.max(0) * 1_000;
                state.timers.at(at, stop);
            }
            if let Some(replies) = behaviour.replies
                && state.faults.chance(replies.probability)
            {
                let message = &state.messages[index];
                let reply = Due::Reply {
                    person: message.person,
                    number_id: message.number_id.clone(),
                    text: replies.text,
                    context: message.wamid.clone(),
                };
                state
                    .timers
                    .at(at_us + replies.after_ms.max(0) * 1_000, reply);
            }
        }
        "read" if is_voice(state, index) => {
            let at = at_us + behaviour.read_ms.max(0) * 1_000;
            state.timers.at(
                at,
                Due::Status {
                    message: index,
                    status: "played".into(),
                    code: None,
                },
            );
        }
        _ => {}
    }
}

fn is_voice(state: &State, index: usize) -> bool {
    let message = &state.messages[index];
    message.kind == "audio" && message.json()["audio"]["voice"] == true
}

/// The person looks at the chat: all that was delivered is read.
pub(crate) fn open_chat(state: &mut State, number_id: &str, person: usize, at_us: i64) -> usize {
    if state.people[person].behaviour.reads == Reads::Never {
        return 0;
    }
    let unread: Vec<usize> = state
        .known_chat(number_id, person)
        .map(|chat| chat.messages.clone())
        .unwrap_or_default()
        .into_iter()
        .filter(|index| {
            let message = &state.messages[*index];
            message.direction == Direction::FromBusiness && message.status == "delivered"
        })
        .collect();
    for index in &unread {
        step(state, *index, "read", None, at_us);
    }
    unread.len()
}

/// The phone is on again: what waits is delivered, unless it is too old.
pub(crate) fn deliver_waiting(state: &mut State, person: usize, now_us: i64) {
    let delay = state.people[person].behaviour.delivery_ms.max(0) * 1_000;
    let waiting: Vec<usize> = state
        .chats_of(person)
        .flat_map(|chat| chat.messages.iter().copied())
        .filter(|index| {
            let message = &state.messages[*index];
            message.direction == Direction::FromBusiness
                && matches!(message.status.as_str(), "sent" | "accepted")
                && message.kind != "reaction"
        })
        .collect();
    for message in waiting {
        state.timers.at(
            now_us + delay,
            Due::Status {
                message,
                status: "delivered".into(),
                code: None,
            },
        );
    }
}

/// Text that goes with a failure code.
fn failure_details(code: i64) -> &'static str {
    match code {
        130_472 => {
            "Failed to send message because this user's phone number is part of an experiment"
        }
        131_009 => {
            "The message that is reacted to does not exist in this conversation, is deleted or too old."
        }
        131_026 => "Message Undeliverable.",
        131_047 => {
            "Message failed to send because more than 24 hours have passed since the customer last replied to this number."
        }
        131_049 => {
            "In order to maintain a healthy ecosystem engagement, the message failed to be delivered."
        }
        131_050 => {
            "Unable to deliver the message. This recipient has chosen to stop receiving marketing messages on WhatsApp from your business"
        }
        131_053 => "Unable to upload the media used in the message.",
        _ => "Message failed to send.",
    }
}

/// Sets a status: message, ledger, webhook, phone page.
fn set(state: &mut State, index: usize, status: &str, code: Option<i64>, at_us: i64) {
    let message = &mut state.messages[index];
    let had_delivered = rank(&message.status) >= 3;
    status.clone_into(&mut message.status);
    message.failed_code = code;
    let message = &state.messages[index];
    let charged = match status {
        "sent" | "delivered" => true,
        "read" => !had_delivered,
        _ => false,
    };
    let number = state.numbers.get(&message.number_id);
    let zone = number.and_then(|number| state.wabas.get(&number.waba_id));
    let day = day(at_us, zone.map_or("", |waba| waba.timezone_id.as_str()));
    let price = charged.then(|| {
        pricing(
            day,
            &message.category,
            message.in_window,
            message.free_entry,
        )
    });
    let (person, number_id, wamid) = (
        message.person,
        message.number_id.clone(),
        message.wamid.clone(),
    );
    // Charged is what is delivered, once: `read` says it only where nothing said `delivered`.
    let country = &state.people[person].country;
    let cost = price
        .as_ref()
        .filter(|_| status != "sent")
        .and_then(|price| rates::cost(price, country, day));
    let value = status_value(state, index, status, code, price.as_ref(), at_us);
    let mark = state.messages[index].ledger.map(|entry| {
        let mark = StatusMark {
            status: status.to_owned(),
            at_us,
            pricing: price.and_then(|price| RawValue::from_string(price.to_string()).ok()),
            cost_micros: cost,
            code,
            delivered_http: None,
        };
        Mark::Status(entry, state.ledger.mark(entry, mark))
    });
    let waba_id = state
        .numbers
        .get(&number_id)
        .map(|number| number.waba_id.clone())
        .unwrap_or_default();
    state.emit(at_us, "messages", &waba_id, Some(&number_id), &value, mark);
    state.changes += 1;
    state.tell("status", person, &number_id, Some(&wamid));
}

/// The `metadata` of a number.
pub(crate) fn metadata(state: &State, number_id: &str) -> Value {
    let digits = state
        .numbers
        .get(number_id)
        .map_or("", |number| number.digits.as_str());
    json!({"display_phone_number": digits, "phone_number_id": number_id})
}

/// Whether the phone number of a person is kept from the business.
pub(crate) fn hides_number(state: &State, number_id: &str, person: usize) -> bool {
    state.people[person].username.is_some()
        && !state
            .known_chat(number_id, person)
            .is_some_and(|chat| chat.number_known)
}

/// An entry of `contacts[]`.
pub(crate) fn contact(
    state: &mut State,
    number_id: &str,
    person: usize,
    with_username: bool,
) -> Value {
    let portfolio = state.portfolio_of(number_id);
    let user_id = state.user_id(&portfolio, person);
    let hidden = hides_number(state, number_id, person);
    let who = &state.people[person];
    let mut contact = json!({"profile": {"name": who.name}, "user_id": user_id});
    if let Some(username) = who.username.as_ref().filter(|_| with_username) {
        contact["profile"]["username"] = username.as_str().into();
    }
    if !hidden {
        contact["wa_id"] = who.wa_id.as_str().into();
    }
    contact
}

/// The conversation of the older pricing: 24 hours of one category, told on `sent` with its end.
fn conversation(
    message: &crate::message::Message,
    price: &Value,
    status: &str,
    at_us: i64,
) -> Value {
    let opened = at_us - at_us % DAY;
    let category = price["category"].as_str().unwrap_or_default();
    let name = format!(
        "{}/{}/{category}/{opened}",
        message.number_id, message.person
    );
    let id = hex::encode(&crate::ids::digest(0, &name)[..16]);
    let mut conversation = json!({"id": id, "origin": {"type": category}});
    if status == "sent" {
        conversation["expiration_timestamp"] = ((opened + DAY) / 1_000_000).to_string().into();
    }
    conversation
}

fn status_value(
    state: &mut State,
    index: usize,
    status: &str,
    code: Option<i64>,
    price: Option<&Value>,
    at_us: i64,
) -> Value {
    let message = &state.messages[index];
    let (number_id, person) = (message.number_id.clone(), message.person);
    let mut entry = json!({
        "id": message.wamid, "status": status, "timestamp": (at_us / 1_000_000).to_string(),
    });
    if !(message.by_user_id && hides_number(state, &number_id, person)) {
        entry["recipient_id"] = state.people[person].wa_id.as_str().into();
    }
    if let Some(data) = message
        .callback_data
        .as_ref()
        .filter(|_| !state.faults.set.drop_callback_data)
    {
        entry["biz_opaque_callback_data"] = data.as_str().into();
    }
    if let Some(price) = price {
        entry["pricing"] = price.clone();
        if price["pricing_model"] == "CBP" {
            entry["conversation"] = conversation(message, price, status, at_us);
        }
        if price["type"] == "free_entry_point" && status == "sent" {
            let until = state
                .known_chat(&number_id, person)
                .map_or(0, |chat| chat.free_entry_until_us);
            let id =
                hex::encode(&crate::ids::digest(0, &format!("{number_id}/{person}/{until}"))[..16]);
            entry["conversation"] = json!({
                "id": id,
                "expiration_timestamp": (until / 1_000_000).to_string(),
                "origin": {"type": "referral_conversion"},
            });
        }
    }
    if let Some(code) = code {
        entry["errors"] = json!([GraphError::webhook(code, failure_details(code))]);
    }
    let failed = status == "failed";
    let by_user_id = message.by_user_id;
    let mut value =
        json!({"messaging_product": "whatsapp", "metadata": metadata(state, &number_id)});
    if !failed || by_user_id {
        let portfolio = state.portfolio_of(&number_id);
        entry["recipient_user_id"] = state.user_id(&portfolio, person).into();
    }
    if !failed || state.faults.set.contacts_on_failed {
        value["contacts"] = json!([contact(state, &number_id, person, status != "sent")]);
    }
    value["statuses"] = json!([entry]);
    value
}
