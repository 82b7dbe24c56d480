//! What is told in our own form: `{type, timestamp, data}`, with the ids and names of the API.

use serde_json::{Value, json};
use wigwag_meta::phone_number::MessagingLimit;
use wigwag_meta::webhook::BusinessCapability;
use wigwag_model::Timestamp;
use wigwag_model::WorkspaceId;
use wigwag_model::endpoint::Kind;
use wigwag_store::endpoints::{
    AccountFacts, Click, ClickFacts, ContactFacts, ConversationFacts, Facts, Happened,
    MessageFacts, TemplateFacts,
};

/// Most bytes of a body. Standard Webhooks advises to stay below 20 kB.
pub(super) const MOST: usize = 20_000;

/// What may be left out of a body that is too large, the least missed first; the API has it all.
const CUTS: [&str; 6] = [
    "/data/contact/traits",
    "/data/message/content",
    "/data/event/properties",
    "/data/contact/tags",
    "/data/message/callback_data",
    "/data/click/payload",
];

/// The body; `None` when there is nothing to tell (any more).
pub(super) fn body(workspace: WorkspaceId, happened: &Happened) -> Option<String> {
    let mut data = data(happened)?;
    data["workspace_id"] = json!(workspace);
    Some(whole(happened.kind.as_str(), happened.at, &data))
}

/// The body of what the test button tells.
pub(super) fn test(kind: &str, workspace: WorkspaceId, at: Timestamp) -> String {
    whole(kind, at, &json!({ "workspace_id": workspace }))
}

fn whole(kind: &str, at: Timestamp, data: &Value) -> String {
    let mut body = json!({ "type": kind, "timestamp": at, "data": data });
    let mut text = body.to_string();
    let mut cut = Vec::new();
    for pointer in CUTS {
        if text.len() <= MOST {
            break;
        }
        if let Some(value) = body.pointer_mut(pointer) {
            *value = Value::Null;
            cut.push(pointer.trim_start_matches("/data/").replace('/', "."));
            body["data"]["cut"] = json!(cut);
            text = body.to_string();
        }
    }
    text
}

fn data(happened: &Happened) -> Option<Value> {
    let detail = happened.detail.as_deref();
    Some(match (happened.kind, happened.facts.as_ref()?) {
        // What we send is told when it is sent.
        (Kind::MessageReceived, Facts::Message(message)) if !message.inbound => return None,
        (Kind::MessageStatus, Facts::Message(message)) => {
            let mut data = with_message(message);
            data["status"] = status(message, detail.unwrap_or_default(), happened.at);
            // It was told when the message was sent.
            data["message"]["content"] = Value::Null;
            data
        }
        (_, Facts::Message(message)) => with_message(message),
        (_, Facts::Click(click)) => with_click(click, happened.at),
        (_, Facts::Conversation(conversation)) => with_conversation(conversation),
        (Kind::ConsentChanged, Facts::Contact(known)) => json!({
            "contact": contact(known),
            "consent": parsed(detail),
        }),
        (_, Facts::Contact(known)) => json!({ "contact": contact(known) }),
        (_, Facts::Event(event, known)) => json!({
            "contact": contact(known),
            "event": {
                "id": event.id, "name": event.name, "properties": event.properties,
                "occurred_at": event.occurred_at, "source_id": event.source_id,
            },
        }),
        (_, Facts::Campaign(campaign)) => json!({
            "campaign": { "id": campaign.id, "name": campaign.name, "state": detail },
        }),
        (Kind::TemplateMeasured, Facts::Template(known)) => json!({
            "template": template(known), "figures": parsed(detail),
        }),
        (_, Facts::Template(known)) => {
            let mut template = template(known);
            template["status"] = json!(detail);
            template["rejected_reason"] = json!(known.rejected_reason);
            json!({ "template": template })
        }
        (_, Facts::Account(known)) => with_account(happened.kind, known, &parsed(detail)),
    })
}

/// A detail that was written as JSON.
fn parsed(detail: Option<&str>) -> Value {
    detail
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

fn contact(contact: &ContactFacts) -> Value {
    json!({
        "id": contact.id, "name": contact.name, "phone": contact.phone, "wa_id": contact.wa_id,
        "user_id": contact.user_id, "external_id": contact.external_id, "email": contact.email,
        "tags": contact.tags, "traits": contact.traits, "marketing": contact.marketing,
        "created_at": contact.created_at,
    })
}

fn with_message(message: &MessageFacts) -> Value {
    let template = message
        .template
        .as_ref()
        .map(|(id, name, language, _)| json!({ "id": id, "name": name, "language": language }));
    let media = message
        .media
        .as_ref()
        .map(|(id, mime_type)| json!({ "id": id, "mime_type": mime_type }));
    json!({
        "contact": contact(&message.contact),
        "number": {
            "id": message.number, "phone_number_id": message.phone_number_id,
            "display_phone_number": message.display_phone_number,
        },
        "message": {
            "id": message.id, "conversation_id": message.conversation,
            "direction": if message.inbound { "in" } else { "out" },
            "kind": message.kind, "content": message.content, "media": media,
            "source": message.source, "wamid": message.wamid,
            "reply_to_wamid": message.reply_to_wamid, "callback_data": message.callback_data,
            "campaign_id": message.campaign, "template": template, "at": message.at,
        },
    })
}

fn status(message: &MessageFacts, state: &str, at: Timestamp) -> Value {
    let ended = matches!(state, "failed" | "skipped");
    let failure = ended.then(|| {
        json!({
            "code": message.failure_code, "reason": message.failure_reason,
            "detail": message.failure_detail,
        })
    });
    let cost = message
        .cost
        .as_ref()
        .map(|(micros, currency)| json!({ "micros": micros, "currency": currency }));
    json!({ "state": state, "at": at, "failure": failure, "cost": cost })
}

fn with_conversation(conversation: &ConversationFacts) -> Value {
    let assignee = conversation
        .assignee
        .as_ref()
        .map(|(id, name, email)| json!({ "id": id, "name": name, "email": email }));
    json!({
        "contact": contact(&conversation.contact),
        "conversation": {
            "id": conversation.id, "number_id": conversation.number, "assignee": assignee,
        },
    })
}

fn template(template: &TemplateFacts) -> Value {
    json!({
        "id": template.id, "name": template.name, "language": template.language,
        "category": template.category,
    })
}

fn with_click(click: &ClickFacts, at: Timestamp) -> Value {
    let mut data = with_message(&click.message);
    // It was told when the message was sent.
    data["message"]["content"] = Value::Null;
    let (kind, payload, reply, followed) = match &click.click {
        Click::Reply { payload, reply, .. } => {
            ("quick_reply", payload.as_deref(), Some(reply), None)
        }
        Click::Link(followed) => ("link", None, None, Some(followed)),
    };
    data["click"] = json!({
        "kind": kind, "button": click.button(), "payload": payload, "reply_id": reply,
        "url": followed.map(|link| link.url.as_str()),
        "count": followed.map_or(1, |link| link.count), "at": at,
    });
    data
}

fn with_account(kind: Kind, known: &AccountFacts, notice: &Value) -> Value {
    let account = known.account.as_ref().map(
        |account| json!({ "id": account.id, "waba_id": account.waba_id, "name": account.name }),
    );
    let number = known.number.as_ref().map(|number| {
        json!({
            "id": number.id, "phone_number_id": number.phone_number_id,
            "display_phone_number": number.display_phone_number,
        })
    });
    let mut data = json!({ "account": account, "number": number, "notice": notice });
    if kind == Kind::AccountLimitsChanged {
        data["people_per_day"] = people(&notice["value"]);
    }
    data
}

/// How many people may be written to in 24 hours, for which Meta has three spellings; `unlimited` where
/// there is no limit, null where the notice is about something else.
fn people(value: &Value) -> Value {
    let text = value.to_string();
    let limits = serde_json::from_str::<BusinessCapability<'_>>(&text).ok();
    match limits.and_then(|limits| limits.daily_limit()) {
        Some(MessagingLimit::Unlimited) => json!("unlimited"),
        Some(limit) => json!(limit.people()),
        None => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_is_too_large_says_what_it_leaves_out() {
        let traits = json!({ "note": "x".repeat(MOST) });
        let data =
            json!({ "contact": { "traits": traits, "tags": ["a"] }, "message": { "content": 1 } });
        let text = whole("message.received", Timestamp::from_seconds(1), &data);
        assert!(text.len() <= MOST);
        let body: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(body["data"]["contact"]["traits"], Value::Null);
        assert_eq!(body["data"]["cut"], json!(["contact.traits"]));
        assert_eq!(body["data"]["message"]["content"], 1, "the rest stays");
        let small = whole("x", Timestamp::from_seconds(1), &json!({ "contact": {} }));
        assert!(!small.contains("cut"));
    }

    #[test]
    fn a_limit_is_a_number_however_meta_spells_it() {
        for (value, wanted) in [
            (
                json!({ "max_daily_conversations_per_business": "TIER_2K" }),
                json!(2_000),
            ),
            (
                json!({ "max_daily_conversations_per_business": 2000 }),
                json!(2_000),
            ),
            (
                json!({ "max_daily_conversation_per_phone": -1 }),
                json!("unlimited"),
            ),
            (
                json!({ "max_daily_conversations_per_business": "TIER_UNLIMITED" }),
                json!("unlimited"),
            ),
            (json!({ "max_phone_numbers_per_waba": 20 }), Value::Null),
            (Value::Null, Value::Null),
        ] {
            assert_eq!(people(&value), wanted, "{value}");
        }
    }
}
