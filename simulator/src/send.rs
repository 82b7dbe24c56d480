//! `POST /{number}/messages`: from the request to an accepted message or a refusal.
//!
//! Nothing is changed before all checks have passed, except the buckets: a refused message has used
//! no place in the ledger, and its error proves that it was not sent.

use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::behaviour;
use crate::clock::{DAY, SECOND};
use crate::faults::SendFault;
use crate::graph::error::GraphError;
use crate::ledger::{Entry, same_key};
use crate::limits::{PAIR_BURST, PAIR_RATE};
use crate::message::{Direction, Message};
use crate::state::State;
use crate::{message_rules, phone, template, template_send};

/// A request to send.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) number_id: &'a str,
    pub(crate) body: &'a Value,
    /// The body as it was sent, if that was JSON.
    pub(crate) text: Option<&'a str>,
    /// It came to `/marketing_messages`.
    pub(crate) marketing_api: bool,
    pub(crate) received_us: i64,
}

/// An accepted message.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) answer: Value,
    pub(crate) fault: SendFault,
}

/// Whom a message is for.
struct Recipient {
    /// None: a number that nobody holds yet. It gets its person when the message is accepted.
    person: Option<usize>,
    wa_id: String,
    to: Option<String>,
    user_id: Option<String>,
}

/// Sends, or says why not.
pub(crate) fn send(
    state: &mut State,
    request: &Request<'_>,
    now_us: i64,
) -> Result<Accepted, GraphError> {
    let Request {
        number_id, body, ..
    } = *request;
    let fault = state.faults.send();
    match fault {
        SendFault::ErrorBefore => {
            return Err(GraphError::send(
                131_000,
                "Message failed to send because of an unknown error.",
            ));
        }
        SendFault::PageBefore(http) => return Err(GraphError::page(http)),
        SendFault::Code(190) => return Err(GraphError::bad_token(true)),
        SendFault::Code(code) => {
            return Err(GraphError::send(
                code,
                "Fault asked for by the simulator's switches.",
            ));
        }
        _ => {}
    }
    let kind = message_rules::check(body)?;
    let number = state
        .numbers
        .get_mut(number_id)
        .ok_or_else(|| GraphError::unknown_object("post", number_id))?;
    if !number.registered {
        return Err(GraphError::send(
            133_010,
            "The phone number is not registered on the Cloud API.",
        ));
    }
    match number.status.as_str() {
        "RESTRICTED" | "BANNED" | "FLAGGED_LOCKED" => {
            return Err(GraphError::send(
                131_031,
                "The business account is restricted or disabled.",
            ));
        }
        _ => {}
    }
    if !number.take(now_us) {
        return Err(GraphError {
            subcode: Some(2_494_055),
            ..GraphError::send(130_429, "Cloud API message throughput has been reached.")
        });
    }
    let (waba_id, digits) = (number.waba_id.clone(), number.digits.clone());
    let recipient = recipient(state, number_id, &digits, body)?;
    let no_pair_limit = state.faults.set.no_pair_limit;
    let checked = check_template(
        state,
        &waba_id,
        kind,
        body,
        request.marketing_api,
        &recipient,
    )?;
    let person = match recipient.person {
        Some(person) => person,
        None => state.person_by_phone(&recipient.wa_id),
    };
    let chat = state.chat(number_id, person);
    if !no_pair_limit && !chat.pair.take(now_us, PAIR_BURST, PAIR_RATE) {
        return Err(GraphError::send(
            131_056,
            "Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.",
        ));
    }
    let in_window = chat.open(now_us);
    chat.business_answered(now_us);
    let free_entry = chat.free_entry(now_us);
    if recipient.to.is_some() {
        chat.number_known = true;
    }
    let fails = failure(
        state, number_id, person, kind, body, &checked, in_window, now_us,
    );
    let answer = accept(
        state, request, kind, person, recipient, checked, in_window, free_entry, fails, fault,
        now_us,
    )?;
    Ok(Accepted { answer, fault })
}

/// The person meant by `to` or `recipient`.
fn recipient(
    state: &mut State,
    number_id: &str,
    digits: &str,
    body: &Value,
) -> Result<Recipient, GraphError> {
    if body["recipient_type"]
        .as_str()
        .is_some_and(|kind| kind != "individual")
    {
        return Err(GraphError::parameter(
            "Param recipient_type must be individual; groups are not simulated.",
        ));
    }
    let to = match &body["to"] {
        Value::String(to) if !to.is_empty() => Some(to.clone()),
        Value::Number(to) => Some(to.to_string()),
        _ => None,
    };
    if let Some(to) = to {
        let wa_id = phone::wa_id(&to, digits)
            .ok_or_else(|| GraphError::value("Param to is not a valid WhatsApp phone number."))?;
        if wa_id == digits {
            return Err(GraphError::send(
                131_021,
                "Sender and recipient phone number is the same.",
            ));
        }
        let number = state.numbers.get(number_id);
        if number
            .and_then(|number| number.allowed.as_ref())
            .is_some_and(|allowed| !allowed.contains(&wa_id))
        {
            return Err(GraphError::send(
                131_030,
                "Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again.",
            ));
        }
        return Ok(Recipient {
            person: state.known_phone(&wa_id),
            wa_id,
            to: Some(to),
            user_id: None,
        });
    }
    let Some(user_id) = body["recipient"].as_str() else {
        return Err(GraphError::parameter("The parameter to is required."));
    };
    let portfolio = state.portfolio_of(number_id);
    let person = state
        .person_by_user_id(user_id)
        .filter(|person| state.user_id(&portfolio, *person) == user_id);
    let person = person.ok_or_else(|| {
        GraphError::value(
            "Param recipient is not a known business-scoped user ID of this portfolio.",
        )
    })?;
    Ok(Recipient {
        person: Some(person),
        wa_id: state.people[person].wa_id.clone(),
        to: None,
        user_id: Some(user_id.to_owned()),
    })
}

/// The template of a send.
#[derive(Debug, Default)]
struct Checked {
    template_id: Option<String>,
    category: Option<String>,
    ttl_us: Option<i64>,
}

fn check_template(
    state: &State,
    waba_id: &str,
    kind: &str,
    body: &Value,
    marketing_api: bool,
    recipient: &Recipient,
) -> Result<Checked, GraphError> {
    if kind != "template" {
        if marketing_api {
            return Err(GraphError::send(
                131_055,
                "Only marketing template messages are supported",
            ));
        }
        return Ok(Checked::default());
    }
    let sent = &body["template"];
    let name = sent["name"].as_str().unwrap_or_default();
    let code = sent["language"]["code"]
        .as_str()
        .or(sent["language"].as_str())
        .unwrap_or_default();
    let found = state
        .templates_named(waba_id, name)
        .into_iter()
        .find(|template| template.language == code);
    let found = found.ok_or_else(|| {
        GraphError::send(
            132_001,
            format!("template name ({name}) does not exist in {code}"),
        )
    })?;
    template_send::check(found, sent)?;
    if marketing_api && found.category != "MARKETING" {
        return Err(GraphError::send(
            134_100,
            "Only marketing templates can be sent through this endpoint.",
        ));
    }
    let disabled = state
        .wabas
        .get(waba_id)
        .is_some_and(|waba| waba.disable_marketing_on_cloud_api);
    if found.category == "MARKETING" && disabled && !marketing_api {
        return Err(GraphError::send(
            131_063,
            "Your template is categorized as Marketing, but marketing templates are currently disabled for your Cloud API configuration.",
        ));
    }
    if found.category == "AUTHENTICATION" && recipient.user_id.is_some() {
        return Err(GraphError::send(
            131_062,
            "Authentication templates cannot be sent to business-scoped user IDs. Please provide the phone number.",
        ));
    }
    let category = match (found.category.as_str(), marketing_api) {
        ("MARKETING", true) => "marketing_lite".to_owned(),
        (category, _) => category.to_lowercase(),
    };
    let ttl = found
        .ttl_seconds
        .or((found.category == "AUTHENTICATION").then_some(600));
    Ok(Checked {
        template_id: Some(found.id.clone()),
        category: Some(category),
        ttl_us: ttl
            .filter(|seconds| *seconds > 0)
            .map(|seconds| seconds * SECOND),
    })
}

/// Why an accepted message will fail, if it will.
#[expect(
    clippy::too_many_arguments,
    reason = "it judges by everything that is known about the send"
)]
fn failure(
    state: &mut State,
    number_id: &str,
    person: usize,
    kind: &str,
    body: &Value,
    checked: &Checked,
    in_window: bool,
    now_us: i64,
) -> Option<i64> {
    let behaviour = &state.people[person].behaviour;
    if let Some(code) = behaviour.fails_with {
        return Some(code);
    }
    let chat = state.known_chat(number_id, person);
    let number = state.numbers.get(number_id);
    let blocked = behaviour.blocked
        || chat.is_some_and(|chat| chat.blocked)
        || number.is_some_and(|number| number.blocked.contains(&state.people[person].id));
    if blocked || !behaviour.on_whatsapp {
        return Some(131_026);
    }
    let marketing = checked
        .category
        .as_deref()
        .is_some_and(|category| category.starts_with("marketing"));
    if marketing && (behaviour.opts_out || chat.is_some_and(|chat| chat.stopped)) {
        return Some(131_050);
    }
    if marketing && state.people[person].country == "US" {
        return Some(131_049);
    }
    if kind != "template" && !in_window {
        return Some(131_047);
    }
    if kind == "reaction" {
        let wamid = body["reaction"]["message_id"].as_str().unwrap_or_default();
        let fits = state
            .message(wamid)
            .map(|index| &state.messages[index])
            .is_some_and(|message| {
                message.person == person
                    && message.number_id == number_id
                    && message.kind != "reaction"
                    && !message.deleted
                    && now_us - message.at_us < 30 * DAY
            });
        if !fits {
            return Some(131_009);
        }
    }
    if !media_fits(state, number_id, kind, body, now_us) {
        return Some(131_053);
    }
    let code = state.faults.set.messaging_limit_code;
    if kind == "template" && !in_window && code != 0 {
        let portfolio = state.portfolio_of(number_id);
        let portfolio = state.portfolios.get_mut(&portfolio);
        if portfolio.is_some_and(|portfolio| !portfolio.reach(person, now_us)) {
            return Some(code);
        }
    }
    state.faults.fails_later()
}

/// Whether media named by id is there, for this number, and of the right kind.
fn media_fits(state: &State, number_id: &str, kind: &str, body: &Value, now_us: i64) -> bool {
    let fits = |kind: &str, object: &Value| {
        let Some(id) = object["id"].as_str() else {
            return true;
        };
        state.media.get(id, now_us).is_some_and(|media| {
            // Of audio in Ogg only Opus is supported, and a voice message must be that.
            let voice = object["voice"] == true;
            let sounds = kind != "audio" || media.is_opus() || !(voice || media.is_ogg());
            let kind_fits = sounds && (media.kind() == kind || kind == "document");
            kind_fits
                && media
                    .number_id
                    .as_ref()
                    .is_none_or(|owner| same_waba(state, owner, number_id))
        })
    };
    match kind {
        "image" | "video" | "audio" | "document" | "sticker" => fits(kind, &body[kind]),
        "template" => template_send::media(&body["template"])
            .iter()
            .all(|(kind, object)| fits(kind, object)),
        "interactive" => {
            let header = &body["interactive"]["header"];
            header["type"]
                .as_str()
                .is_none_or(|kind| kind == "text" || fits(kind, &header[kind]))
        }
        _ => true,
    }
}

fn same_waba(state: &State, one: &str, other: &str) -> bool {
    let waba = |id: &str| state.numbers.get(id).map(|number| number.waba_id.as_str());
    one == other || waba(one) == waba(other)
}

/// Writes the message and its ledger entry, and sets the timers.
#[expect(
    clippy::too_many_arguments,
    reason = "the last step gathers what all steps before it found"
)]
fn accept(
    state: &mut State,
    request: &Request<'_>,
    kind: &str,
    person: usize,
    recipient: Recipient,
    checked: Checked,
    in_window: bool,
    free_entry: bool,
    fails: Option<i64>,
    fault: SendFault,
    now_us: i64,
) -> Result<Value, GraphError> {
    let Request {
        number_id, body, ..
    } = *request;
    let person_id = state.people[person].id.clone();
    let wa_id = recipient.wa_id.clone();
    let portfolio = state.portfolio_of(number_id);
    let user_id = state.user_id(&portfolio, person);
    let wamid = state.ids.wamid(&wa_id, true);
    let text = request.text.map_or_else(|| body.to_string(), str::to_owned);
    let raw: Arc<RawValue> = RawValue::from_string(text)
        .map_err(|_| GraphError::parameter("Invalid JSON"))?
        .into();
    let callback_data = body["biz_opaque_callback_data"].as_str().map(str::to_owned);
    let template_of = |key: &str| {
        (kind == "template")
            .then(|| body["template"][key].as_str().map(str::to_owned))
            .flatten()
    };
    let language = body["template"]["language"]["code"]
        .as_str()
        .map(str::to_owned);
    let entry = state.ledger.push(Entry {
        seq: 0,
        received_at_us: request.received_us,
        accepted_at_us: now_us,
        answered: fault == SendFault::None,
        wamid: wamid.clone(),
        phone_number_id: number_id.to_owned(),
        person: person_id,
        to: recipient.to.clone(),
        recipient: recipient.user_id.clone(),
        kind: kind.to_owned(),
        template: template_of("name"),
        language: language.or_else(|| template_of("language")),
        callback_data: callback_data.clone(),
        body: Arc::clone(&raw),
        statuses: Vec::new(),
        same_key: same_key(kind, body),
    });
    let index = state.add_message(Message {
        wamid: wamid.clone(),
        number_id: number_id.to_owned(),
        person,
        direction: Direction::FromBusiness,
        kind: kind.to_owned(),
        at_us: now_us,
        status: "accepted".into(),
        body: raw,
        ledger: Some(entry),
        template_id: checked.template_id,
        category: checked.category.unwrap_or_else(|| "service".into()),
        in_window,
        free_entry,
        expires_us: now_us + checked.ttl_us.unwrap_or(30 * DAY),
        callback_data,
        by_user_id: recipient.user_id.is_some(),
        failed_code: None,
        context: body["context"]["message_id"].as_str().map(str::to_owned),
        reactions: BTreeMap::new(),
        deleted: false,
        edited: false,
    });
    if kind == "reaction" && fails.is_none() {
        react(state, &body["reaction"]);
    }
    behaviour::plan(state, index, fails, now_us);
    state.changes += 1;
    state.tell("message", person, number_id, Some(&wamid));
    let contact = match recipient {
        Recipient {
            user_id: Some(input),
            ..
        } => json!({"input": input, "user_id": user_id}),
        Recipient { to, .. } => json!({"input": to, "wa_id": wa_id, "user_id": user_id}),
    };
    let mut message = json!({"id": wamid});
    if kind == "template" {
        message["message_status"] = "accepted".into();
    }
    Ok(json!({"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]}))
}

/// The business reacts to an earlier message.
fn react(state: &mut State, reaction: &Value) {
    let wamid = reaction["message_id"].as_str().unwrap_or_default();
    let emoji = reaction["emoji"].as_str().unwrap_or_default();
    if let Some(index) = state.message(wamid) {
        let reactions = &mut state.messages[index].reactions;
        if emoji.is_empty() {
            reactions.remove("business");
        } else {
            reactions.insert("business".into(), emoji.to_owned());
        }
    }
}

/// `{"status":"read"}`, perhaps with a typing indicator.
pub(crate) fn mark_read(
    state: &mut State,
    number_id: &str,
    body: &Value,
    now_us: i64,
) -> Result<Value, GraphError> {
    let wamid = body["message_id"]
        .as_str()
        .ok_or_else(|| GraphError::missing("message_id"))?;
    let index = state.message(wamid).filter(|index| {
        let message = &state.messages[*index];
        message.number_id == number_id
            && message.direction == Direction::FromPerson
            && now_us - message.at_us < 30 * DAY
    });
    let index = index.ok_or_else(|| {
        GraphError::value("message_id is not a message that this number received within 30 days.")
    })?;
    let person = state.messages[index].person;
    let earlier: Vec<usize> = state
        .chat(number_id, person)
        .messages
        .iter()
        .copied()
        .filter(|at| *at <= index)
        .collect();
    for at in earlier {
        let message = &mut state.messages[at];
        if message.direction == Direction::FromPerson {
            message.status = "read".into();
        }
    }
    state.chat(number_id, person).business_read_up_to = Some(wamid.to_owned());
    state.changes += 1;
    state.tell("status", person, number_id, Some(wamid));
    if body["typing_indicator"]["type"].as_str() == Some("text") {
        state.tell("typing", person, number_id, Some(wamid));
    }
    Ok(json!({"success": true}))
}

/// The template of a message, for showing it.
pub(crate) fn template_of<'a>(
    state: &'a State,
    message: &Message,
) -> Option<&'a template::Template> {
    state.templates.get(message.template_id.as_ref()?)
}
