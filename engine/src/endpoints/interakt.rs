//! What is told in Interakt's form, to programs that were written for it (Interakt: Webhooks). Its
//! types for messages, templates and Meta's notices; what it has no type for is not told.
//!
//! Ids are plain UUIDs, times have no zone and are UTC, `raw_template` and `message` are JSON in a
//! text, as there.

mod clicks;
mod notices;

use serde_json::{Value, json};
use wigwag_model::endpoint::Kind;
use wigwag_model::id::Id;
use wigwag_model::phone::Phone;
use wigwag_model::{Kind as MessageKind, Timestamp};
use wigwag_store::endpoints::{ContactFacts, Facts, Happened, MessageFacts, TemplateFacts};

use super::wigwag::MOST;

/// What Interakt calls the test of its settings page.
pub(super) const TEST: &str = "Webhook Test";

/// The type and the body; `None` when Interakt has no type for it.
pub(super) fn body(happened: &Happened) -> Option<(&'static str, String)> {
    let (kind, data) = match (happened.kind, happened.facts.as_ref()?) {
        (Kind::MessageReceived, Facts::Message(message)) if message.inbound => {
            ("message_received", of_message(message, "Sent", happened.at))
        }
        (Kind::MessageStatus, Facts::Message(message)) => {
            let (kind, state) = status(message, happened.detail.as_deref()?)?;
            (kind, of_message(message, state, happened.at))
        }
        (Kind::TemplateChanged, Facts::Template(template)) => {
            let status = happened.detail.as_deref().unwrap_or_default();
            (
                "message_template_status_update",
                of_template(template, status),
            )
        }
        (Kind::TemplateMeasured, Facts::Template(template)) => {
            let data = notices::of_figures(template, happened.detail.as_deref()?)?;
            (notices::MEASURED, data)
        }
        (Kind::MessageClicked, Facts::Click(click)) => {
            (clicks::KIND, clicks::of_click(click, happened.at))
        }
        (kind, Facts::Account(account)) => {
            notices::of_notice(kind, account, happened.detail.as_deref()?)?
        }
        _ => return None,
    };
    let mut data = data;
    let mut text = whole(kind, happened.at, &data);
    for pointer in [
        "/customer/traits",
        "/message/raw_template",
        "/message/message",
    ] {
        if text.len() > MOST
            && let Some(value) = data.pointer_mut(pointer)
        {
            *value = Value::Null;
            text = whole(kind, happened.at, &data);
        }
    }
    Some((kind, text))
}

/// The body of what the test button tells.
pub(super) fn test(at: Timestamp) -> String {
    whole(TEST, at, &json!({}))
}

fn whole(kind: &str, at: Timestamp, data: &Value) -> String {
    json!({ "version": "1.0", "timestamp": time(at), "type": kind, "data": data }).to_string()
}

/// Interakt's type and word for a state. What a campaign sent has types of its own.
fn status(message: &MessageFacts, state: &str) -> Option<(&'static str, &'static str)> {
    let campaign = message.source == "campaign";
    Some(match (state, campaign) {
        ("sent", false) => ("message_api_sent", "Sent"),
        ("sent", true) => ("message_campaign_sent", "Sent"),
        ("delivered", false) => ("message_api_delivered", "Delivered"),
        ("delivered", true) => ("message_campaign_delivered", "Delivered"),
        ("read", false) => ("message_api_read", "Read"),
        ("read", true) => ("message_campaign_read", "Read"),
        ("failed" | "skipped", false) => ("message_api_failed", "Failed"),
        ("failed" | "skipped", true) => ("message_campaign_failed", "Failed"),
        _ => return None,
    })
}

/// A time as Interakt writes it: UTC, microseconds, no zone.
fn time(at: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(at.as_micros())
        .map(|at| at.strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string())
        .unwrap_or_default()
}

fn customer(contact: &ContactFacts) -> Value {
    let parts = contact.phone.as_deref().and_then(Phone::parts);
    let (code, number) = parts.unzip();
    let mut traits = json!(contact.traits);
    traits["name"] = json!(contact.name);
    traits["email"] = json!(contact.email);
    traits["whatsapp_opted_in"] = json!(contact.marketing.as_deref() == Some("granted"));
    let digits = contact
        .phone
        .as_deref()
        .map(|text| text.trim_start_matches('+'));
    json!({
        "id": contact.id.uuid(), "user_id": contact.external_id,
        "channel_phone_number": digits.or(contact.wa_id.as_deref()),
        "phone_number": number,
        "country_code": code,
        "traits": traits,
    })
}

fn of_message(message: &MessageFacts, state: &str, at: Timestamp) -> Value {
    let failed = state == "Failed";
    let template = message
        .template
        .as_ref()
        .map(|(_, name, language, components)| {
            let components: Value = serde_json::from_str(components).unwrap_or_default();
            json!({ "name": name, "language": language, "components": components }).to_string()
        });
    let written = match message.kind {
        MessageKind::Text => message.content["body"].clone(),
        _ if message.media.is_some() => message.content["caption"].clone(),
        MessageKind::Reply => Value::String(reply(&message.content).to_string()),
        _ => Value::String(message.content.to_string()),
    };
    let received = if message.inbound {
        message.at
    } else {
        message.at.min(at)
    };
    json!({
        "customer": customer(&message.contact),
        "message": {
            "id": message.id.uuid(),
            "chat_message_type": chat_type(message),
            "channel_failure_reason": message.failure_detail.as_deref().or(message.failure_reason.as_deref()).filter(|_| failed),
            "channel_error_code": message.failure_code.filter(|_| failed).map(|code| code.to_string()),
            "message_status": state,
            "received_at_utc": time(received),
            "delivered_at_utc": message.delivered_at.map(time),
            "seen_at_utc": message.read_at.map(time),
            "campaign_id": message.campaign.map(Id::uuid),
            "is_template_message": message.kind == MessageKind::Template,
            "raw_template": template,
            "message_content_type": content_type(message),
            "media_url": Value::Null,
            "media_id": message.media.as_ref().map(|(id, _)| id.to_string()),
            "message": written,
            "meta_data": {
                "source": if message.source == "api" { "PublicInterakt" } else { message.source.as_str() },
                "source_data": { "callback_data": message.callback_data },
                "message_cost": message.cost.as_ref().map(|(micros, _)| cost(*micros)),
            },
        },
        "business": {
            "phone_number_id": message.phone_number_id,
            "display_phone_number": message.display_phone_number,
        },
    })
}

/// The choice that somebody made, as Meta and Interakt write it.
fn reply(content: &Value) -> Value {
    let kind = content["type"].as_str().unwrap_or("button_reply");
    let mut reply = json!({ "type": kind });
    reply[kind] = json!({
        "id": content["id"], "title": content["title"], "description": content["description"],
    });
    reply
}

/// What Meta charges; there is no mark-up here.
fn cost(micros: i64) -> Value {
    let amount = format!("{}.{:06}", micros / 1_000_000, (micros % 1_000_000).abs());
    let amount = amount
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned();
    json!({ "whatsapp_cost": amount, "interakt_markup": "0", "actual_message_cost": amount })
}

fn chat_type(message: &MessageFacts) -> &'static str {
    match (message.inbound, message.source.as_str()) {
        (true, _) => "CustomerMessage",
        (false, "api") => "PublicApiMessage",
        (false, "campaign") => "CampaignMessage",
        (false, _) => "AgentMessage",
    }
}

fn content_type(message: &MessageFacts) -> &'static str {
    match message.kind {
        MessageKind::Text => "Text",
        MessageKind::Image => "Image",
        MessageKind::Video => "Video",
        MessageKind::Audio => "Audio",
        MessageKind::Document => "Document",
        MessageKind::Sticker => "Sticker",
        MessageKind::Location => "Location",
        MessageKind::Contacts => "Contacts",
        MessageKind::Template => "Template",
        MessageKind::Interactive => "Interactive",
        MessageKind::Reply if message.content["type"] == "list_reply" => "InteractiveListReply",
        MessageKind::Reply => "InteractiveButtonReply",
        MessageKind::Button => "Button",
        MessageKind::Order => "Order",
        MessageKind::Reaction => "Reaction",
        MessageKind::System | MessageKind::Unsupported => "Unsupported",
    }
}

fn of_template(template: &TemplateFacts, status: &str) -> Value {
    json!({
        "event": status.to_uppercase(),
        "waba_id": template.waba_id,
        "message_template_id": template.meta_template_id,
        "message_template_name": template.name,
        "message_template_language": template.language,
        "message_template_category": template.category.to_uppercase(),
        "reason": template.rejected_reason,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_microseconds_and_no_zone() {
        let at = Timestamp::from_micros(1_718_008_688_837_610);
        assert_eq!(time(at), "2024-06-10T08:38:08.837610");
        let whole = Timestamp::from_seconds(1_718_008_688);
        assert_eq!(time(whole), "2024-06-10T08:38:08.000000");
    }

    #[test]
    fn costs_are_plain_decimals() {
        assert_eq!(cost(30_000)["whatsapp_cost"], "0.03");
        assert_eq!(cost(2_000_000)["actual_message_cost"], "2");
        assert_eq!(cost(1_000_001)["actual_message_cost"], "1.000001");
    }
}
