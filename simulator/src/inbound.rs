//! A person writes: the message object, the window it opens, and the webhook.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::behaviour::{contact, hides_number, metadata, open_chat};
use crate::clock::DAY;
use crate::media::Media;
use crate::message::{Direction, Message};
use crate::samples;
use crate::state::State;
use crate::webhooks::Mark;

/// What became of an inbound message.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) wamid: String,
    /// `queued`, or why nothing was sent.
    pub(crate) webhook: &'static str,
}

/// Keys of the message object that are not its content.
pub(crate) const MEDIA: &[&str] = &["image", "video", "audio", "document", "sticker"];

/// Takes a message of a person for a number. `content` is `{type, <type>: …, context?, referral?}`.
pub(crate) fn receive(
    state: &mut State,
    now_us: i64,
    person: usize,
    number_id: &str,
    content: &Value,
) -> Result<Received, String> {
    let number = state
        .numbers
        .get_mut(number_id)
        .ok_or_else(|| format!("no number {number_id}"))?;
    let digits = number.digits.clone();
    let waba_id = number.waba_id.clone();
    // Inbound messages count towards the throughput, but are never refused.
    number.take(now_us);
    let blocked = number.blocked.contains(&state.people[person].id);
    let kind = kind_of(content)?;
    let wamid = state.ids.wamid(&state.people[person].wa_id.clone(), false);
    let object = object(
        state, now_us, person, number_id, &digits, &kind, content, &wamid,
    )?;
    let context = content["context"]["id"].as_str().map(str::to_owned);
    apply_to_earlier(state, person, number_id, &kind, &object);
    let body = RawValue::from_string(object.to_string())
        .map_err(|e| e.to_string())?
        .into();
    let index = state.add_message(Message {
        wamid: wamid.clone(),
        number_id: number_id.to_owned(),
        person,
        direction: Direction::FromPerson,
        kind: kind.clone(),
        at_us: now_us,
        status: "sent".into(),
        body,
        ledger: None,
        template_id: None,
        category: String::new(),
        in_window: false,
        free_entry: false,
        expires_us: i64::MAX,
        callback_data: None,
        by_user_id: false,
        failed_code: None,
        context,
        reactions: BTreeMap::new(),
        deleted: false,
        edited: false,
    });
    state.changes += 1;
    state.tell("message", person, number_id, Some(&wamid));
    if blocked {
        return Ok(Received {
            wamid,
            webhook: "blocked by the business",
        });
    }
    if kind != "system" {
        let from_ad = !content["referral"].is_null();
        state.chat(number_id, person).person_wrote(now_us, from_ad);
        open_chat(state, number_id, person, now_us);
    }
    let mut value =
        json!({"messaging_product": "whatsapp", "metadata": metadata(state, number_id)});
    if kind != "system" {
        value["contacts"] = json!([contact(state, number_id, person, true)]);
    }
    value["messages"] = json!([object]);
    let sent = state.emit(
        now_us,
        "messages",
        &waba_id,
        Some(number_id),
        &value,
        Some(Mark::Inbound(index)),
    );
    Ok(Received {
        wamid,
        webhook: if sent {
            "queued"
        } else {
            "nobody is subscribed"
        },
    })
}

/// The type: given, or the one content key.
pub(crate) fn kind_of(content: &Value) -> Result<String, String> {
    if let Some(kind) = content["type"].as_str() {
        return Ok(kind.to_owned());
    }
    let known = [
        "text",
        "image",
        "video",
        "audio",
        "document",
        "sticker",
        "location",
        "contacts",
        "reaction",
        "button",
        "interactive",
        "order",
        "revoke",
        "edit",
        "system",
        "raw",
    ];
    let found = known.iter().find(|kind| !content[**kind].is_null());
    found
        .map(|kind| (*kind).to_owned())
        .ok_or_else(|| format!("message needs a type, one of {}", known.join(", ")))
}

/// The message object of the webhook.
#[expect(
    clippy::too_many_arguments,
    reason = "one place puts the parts of the object together"
)]
fn object(
    state: &mut State,
    now_us: i64,
    person: usize,
    number_id: &str,
    digits: &str,
    kind: &str,
    content: &Value,
    wamid: &str,
) -> Result<Value, String> {
    let mut object = Map::new();
    if !hides_number(state, number_id, person) {
        object.insert("from".into(), state.people[person].wa_id.as_str().into());
    }
    let portfolio = state.portfolio_of(number_id);
    object.insert(
        "from_user_id".into(),
        state.user_id(&portfolio, person).into(),
    );
    object.insert("id".into(), wamid.into());
    object.insert("timestamp".into(), (now_us / 1_000_000).to_string().into());
    if kind == "raw" {
        let raw = content["raw"].as_object().ok_or("raw must be an object")?;
        object.extend(raw.clone());
        return Ok(object.into());
    }
    object.insert("type".into(), kind.into());
    let inner = &content[kind];
    let inner = if MEDIA.contains(&kind) {
        media_object(state, now_us, kind, inner)?
    } else if kind == "unsupported" {
        object.insert(
            "errors".into(),
            json!([{"code": 131_051, "title": "Message type unknown", "message": "Message type unknown",
                "error_data": {"details": "Message type is currently not supported."}}]),
        );
        if inner.is_null() {
            json!({"type": "poll_creation"})
        } else {
            inner.clone()
        }
    } else if inner.is_null() {
        return Err(format!("message of type {kind} needs `{kind}`"));
    } else {
        inner.clone()
    };
    object.insert(kind.into(), inner);
    if let Some(id) = content["context"]["id"].as_str() {
        // A reply to what the business wrote names the business as author.
        let own = state
            .message(id)
            .is_some_and(|at| state.messages[at].direction == Direction::FromPerson);
        let from = if own {
            state.people[person].wa_id.clone()
        } else {
            digits.to_owned()
        };
        let mut context = content["context"].clone();
        context["from"] = from.into();
        object.insert("context".into(), context);
    } else if !content["context"].is_null() {
        object.insert("context".into(), content["context"].clone());
    }
    for key in ["referral", "group_id", "identity", "errors"] {
        if !content[key].is_null() {
            object.insert(key.into(), content[key].clone());
        }
    }
    Ok(object.into())
}

/// Media of an inbound message: by the id of a file put before, or one of the samples.
pub(crate) fn media_object(
    state: &mut State,
    now_us: i64,
    kind: &str,
    given: &Value,
) -> Result<Value, String> {
    let id = match (
        given["media_id"].as_str().or(given["id"].as_str()),
        given["sample"].as_str(),
    ) {
        (Some(id), _) => id.to_owned(),
        (None, Some(name)) => {
            let sample = samples::get(name).ok_or_else(|| {
                format!(
                    "no sample `{name}`; there are {}",
                    samples::NAMES.join(", ")
                )
            })?;
            let id = state.ids.object();
            state.media.put(
                id.clone(),
                sample.mime_type.into(),
                Some(sample.filename.into()),
                None,
                sample.bytes,
                now_us,
            );
            id
        }
        _ => return Err(format!("{kind} needs media_id or sample")),
    };
    let media = state
        .media
        .get(&id, now_us)
        .cloned()
        .ok_or_else(|| format!("no media {id}"))?;
    Ok(describe(state, now_us, kind, given, &media))
}

fn describe(state: &State, now_us: i64, kind: &str, given: &Value, media: &Media) -> Value {
    let url = crate::media::link(&state.media_host, state.ids.seed(), &media.id, now_us);
    let mut object = json!({
        "id": media.id, "mime_type": media.mime_type, "sha256": media.sha256_base64(), "url": url,
    });
    if let Some(caption) = given["caption"]
        .as_str()
        .filter(|caption| !caption.is_empty())
    {
        object["caption"] = caption.into();
    }
    match kind {
        "document" => {
            let name = given["filename"]
                .as_str()
                .or(media.filename.as_deref())
                .unwrap_or("document");
            object["filename"] = name.into();
        }
        "audio" => {
            object["voice"] = given["voice"]
                .as_bool()
                .unwrap_or(media.mime_type.contains("opus"))
                .into();
        }
        "sticker" => object["animated"] = crate::media::is_animated(&media.bytes).into(),
        _ => {}
    }
    object
}

/// Reactions, edits and revocations change an earlier message as the phone shows it.
fn apply_to_earlier(state: &mut State, person: usize, number_id: &str, kind: &str, object: &Value) {
    let inner = &object[kind];
    let wamid = match kind {
        "reaction" => inner["message_id"].as_str(),
        "edit" | "revoke" => inner["original_message_id"].as_str(),
        _ => None,
    };
    let Some(index) = wamid.and_then(|wamid| state.message(wamid)) else {
        return;
    };
    let earlier = &mut state.messages[index];
    let own = earlier.direction == Direction::FromPerson;
    if earlier.person != person || earlier.number_id != number_id || (kind != "reaction" && !own) {
        return;
    }
    match kind {
        "reaction" => {
            let emoji = inner["emoji"].as_str().unwrap_or_default();
            if emoji.is_empty() {
                earlier.reactions.remove("person");
            } else {
                earlier.reactions.insert("person".into(), emoji.into());
            }
        }
        "revoke" => earlier.deleted = true,
        _ => {
            let new = &inner["message"];
            let kind = new["type"].as_str().unwrap_or("text").to_owned();
            let mut body = earlier.json();
            body[kind.as_str()] = new[kind.as_str()].clone();
            if let Ok(raw) = RawValue::from_string(body.to_string()) {
                earlier.body = raw.into();
                earlier.edited = true;
            }
        }
    }
}

/// The person stops or resumes marketing messages of a number.
pub(crate) fn preference(
    state: &mut State,
    now_us: i64,
    person: usize,
    number_id: &str,
    stop: bool,
) -> Result<(), String> {
    let waba_id = state
        .numbers
        .get(number_id)
        .ok_or_else(|| format!("no number {number_id}"))?
        .waba_id
        .clone();
    state.chat(number_id, person).stopped = stop;
    let value = if stop { "stop" } else { "resume" };
    let contact = contact(state, number_id, person, true);
    let mut preference = json!({
        "detail": format!("User requested to {value} marketing messages"),
        "category": "marketing_messages",
        "value": value,
        "timestamp": now_us / 1_000_000,
        "user_id": contact["user_id"],
    });
    if !contact["wa_id"].is_null() {
        preference["wa_id"] = contact["wa_id"].clone();
    }
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": metadata(state, number_id),
        "contacts": [contact],
        "user_preferences": [preference],
    });
    state.emit(
        now_us,
        "user_preferences",
        &waba_id,
        Some(number_id),
        &value,
        None,
    );
    state.changes += 1;
    state.tell("person", person, number_id, None);
    Ok(())
}

/// Whether the person wrote to the number within 24 hours, as blocking needs.
pub(crate) fn wrote_lately(state: &State, number_id: &str, person: usize, now_us: i64) -> bool {
    state
        .known_chat(number_id, person)
        .is_some_and(|chat| now_us < chat.service_until_us && chat.service_until_us >= DAY)
}
