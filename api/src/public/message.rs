//! `POST /message/`: session messages and templates to a person (Interakt: Send Message APIs).

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::Deserialize;
use serde_json::{Value, json};
use wigwag_engine::messages::{Direct, DirectError, Draft, SendError, send_to};
use wigwag_model::CampaignId;
use wigwag_model::id::Id as _;
use wigwag_store::outbox::Idempotency;

use super::person::Person;
use super::sender::sender;
use super::template_message::TemplateWish;
use super::text::Text;
use super::users::{nobody, two};
use super::{session_message, template_message};
use crate::Api;
use crate::auth::Caller;
use crate::problem::{Code, Problem};
use crate::request::RawBody;
use crate::secret::hash;
use crate::send::{REPLAYED, optional_key};

/// Most characters of `callbackData`.
const MOST_CALLBACK: usize = 512;

/// A message to send.
#[derive(Debug, Deserialize, Validate)]
#[serde(rename_all = "camelCase")]
#[garde(allow_unvalidated)]
pub(super) struct SendMessage {
    #[serde(default)]
    user_id: Option<Text>,
    #[serde(default)]
    full_phone_number: Option<Text>,
    #[serde(default)]
    country_code: Option<Text>,
    #[serde(default)]
    phone_number: Option<Text>,
    r#type: String,
    #[serde(default, alias = "campaign_id")]
    campaign_id: Option<Text>,
    #[serde(default, rename = "template_category", alias = "templateCategory")]
    template_category: Option<Text>,
    #[serde(default)]
    callback_data: Option<Text>,
    #[serde(default)]
    data: Option<Value>,
    #[serde(default)]
    template: Option<TemplateWish>,
    #[serde(default)]
    fallback: Option<Value>,
}

/// Writes a message into the outbox. With an `Idempotency-Key` a repeated request sends nothing twice.
pub(super) async fn send(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    RawBody(wish, bytes): RawBody<SendMessage>,
) -> Result<Response, Problem> {
    let idempotency = optional_key(&headers)?.map(|key| Idempotency {
        key,
        request_hash: hash(&format!("public\n{}", String::from_utf8_lossy(&bytes))).to_vec(),
    });
    check_fallback(wish.fallback.as_ref())?;
    let known = Person {
        user_id: wish.user_id,
        full_phone_number: wish.full_phone_number,
        country_code: wish.country_code,
        phone_number: wish.phone_number,
    }
    .known()?;
    let (callback_data, campaign) = (callback(wish.callback_data)?, campaign(wish.campaign_id)?);
    let number = sender(&api, &caller).await?;
    let is_template = wish.r#type.eq_ignore_ascii_case("template");
    let what = if is_template {
        let template = wish.template.ok_or_else(|| {
            Problem::field(
                "template",
                "required",
                "a message of the type Template needs it",
            )
        })?;
        let category = wish.template_category.map(|text| text.0);
        template_message::what(&api, &caller, number, template, category.as_deref()).await?
    } else {
        session_message::what(&wish.r#type, wish.data)?
    };
    let wish = Direct {
        scope: caller.scope.clone(),
        number,
        known,
        draft: Draft {
            what,
            reply_to: None,
            client_ref: None,
            callback_data,
            campaign,
        },
        idempotency,
    };
    let sent = send_to(api.engine().context(), wish)
        .await
        .map_err(refused)?;
    let message = if is_template {
        "Message created successfully"
    } else {
        "Message queued for sending via Interakt. Check webhook for delivery status"
    };
    let body = Json(json!({"result": true, "message": message, "id": sent.message.uuid()}));
    Ok(if sent.repeated {
        (StatusCode::CREATED, [(REPLAYED, "true")], body).into_response()
    } else {
        (StatusCode::CREATED, body).into_response()
    })
}

/// RCS is another channel, which this installation does not speak. The body is read all the same, so that the
/// client sees the answer.
pub(super) async fn rcs(_: Bytes) -> Problem {
    Problem::new(
        Code::BadRequest,
        "RCS is not offered here: send WhatsApp messages with POST /message/",
    )
}

fn callback(text: Option<Text>) -> Result<Option<String>, Problem> {
    let Some(Text(text)) = text.filter(|text| !text.0.is_empty()) else {
        return Ok(None);
    };
    if text.chars().count() > MOST_CALLBACK {
        let message = "use at most 512 characters";
        return Err(Problem::field("callbackData", "too_long", message));
    }
    Ok(Some(text))
}

fn campaign(text: Option<Text>) -> Result<Option<CampaignId>, Problem> {
    let Some(Text(text)) = text.filter(|text| !text.0.trim().is_empty()) else {
        return Ok(None);
    };
    let text = text.trim();
    let plain = uuid::Uuid::parse_str(text).ok().map(CampaignId::from_uuid);
    plain
        .or_else(|| text.parse().ok())
        .map(Some)
        .ok_or_else(no_campaign)
}

fn no_campaign() -> Problem {
    Problem::field(
        "campaignId",
        "unknown",
        "there is no such API campaign: make one with POST /create-campaign/ and pass its campaignId",
    )
}

/// A fallback to SMS is passed over, unless it is none: then it was meant for something else.
fn check_fallback(fallback: Option<&Value>) -> Result<(), Problem> {
    let wrong = |message: &str| Err(Problem::field("fallback", "invalid", message));
    match fallback {
        None | Some(Value::Null) => Ok(()),
        Some(Value::Array(channels)) => {
            let whole = |channel: &Value| {
                channel["channel"] == "sms" && channel["content"]["message"].is_string()
            };
            if channels.iter().all(whole) {
                Ok(())
            } else {
                wrong(
                    "each entry has the channel `sms` and content.message; SMS itself is not sent from here",
                )
            }
        }
        Some(_) => wrong("write a list of channels, or leave it out: SMS is not sent from here"),
    }
}

fn refused(error: DirectError) -> Problem {
    match error {
        DirectError::Nobody => nobody(),
        DirectError::Two => two(),
        // The only thing that a message of this API can collide with.
        DirectError::Send(SendError::Store(wigwag_store::Error::Conflict(_))) => no_campaign(),
        DirectError::Send(SendError::Field {
            field,
            code,
            message,
        }) => Problem::field(named(&field), code, message),
        DirectError::Send(error) => error.into(),
    }
}

/// The name that a field has in a request of this form.
fn named(field: &str) -> String {
    for (ours, theirs) in [
        ("template.variables.button.", "template.buttonValues "),
        ("template.variables.", "template.bodyValues "),
        ("template.header_media_id", "template.headerValues"),
        ("template.template_id", "template.name"),
        ("text.body", "data.message"),
        ("interactive", "data.message"),
        ("link", "data.mediaUrl"),
    ] {
        if let Some(rest) = field.strip_prefix(ours) {
            return format!("{theirs}{rest}");
        }
    }
    match field.split_once('.') {
        Some((_, "link")) => "data.mediaUrl".to_owned(),
        Some((_, "caption")) => "data.message".to_owned(),
        Some((_, "filename")) => "data.fileName".to_owned(),
        _ => field.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_the_names_of_the_request() {
        for (ours, theirs) in [
            ("text.body", "data.message"),
            ("image.caption", "data.message"),
            ("document.link", "data.mediaUrl"),
            ("interactive.action.buttons", "data.message.action.buttons"),
            ("template.name", "template.name"),
        ] {
            assert_eq!(named(ours), theirs);
        }
    }

    #[test]
    fn a_fallback_is_passed_over_when_it_is_one() {
        let sms = json!([{"channel": "sms", "sender_id": "K", "content": {"message": "Hi"}}]);
        for right in [json!(null), json!([]), sms] {
            assert!(check_fallback(Some(&right)).is_ok(), "{right}");
        }
        for wrong in [
            json!("sms"),
            json!([{"channel": "fax"}]),
            json!([{"channel": "sms"}]),
        ] {
            assert!(check_fallback(Some(&wrong)).is_err(), "{wrong}");
        }
    }
}
