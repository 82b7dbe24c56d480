//! What drafts are put together from.

use serde_json::{Value, json};

pub(super) fn draft(components: Value) -> Value {
    json!({"name": "order_update", "language": "en_US", "category": "utility",
        "parameter_format": "positional", "components": components})
}

pub(super) fn body(text: &str) -> Value {
    json!({"type": "BODY", "text": text})
}

pub(super) fn filled(text: &str, examples: &[&str]) -> Value {
    json!({"type": "BODY", "text": text, "example": {"body_text": [examples]}})
}

pub(super) fn with(part: Value) -> Value {
    draft(json!([part, body("Your order is on its way.")]))
}

pub(super) fn header(text: &str) -> Value {
    with(json!({"type": "HEADER", "format": "TEXT", "text": text}))
}

pub(super) fn buttons(buttons: Value) -> Value {
    draft(json!([body("Your order is on its way."), {"type": "BUTTONS", "buttons": buttons}]))
}

pub(super) fn changed(key: &str, value: impl Into<Value>) -> Value {
    let mut draft = draft(json!([body("Your order is on its way.")]));
    draft[key] = value.into();
    draft
}

pub(super) fn authentication(components: Value) -> Value {
    let mut draft = draft(components);
    draft["category"] = "authentication".into();
    draft
}

pub(super) fn marketing(components: Value) -> Value {
    let mut draft = draft(components);
    draft["category"] = "marketing".into();
    draft
}

pub(super) fn named(components: Value) -> Value {
    let mut draft = draft(components);
    draft["parameter_format"] = "named".into();
    draft
}

pub(super) fn named_body(text: &str, examples: &[(&str, &str)]) -> Value {
    let examples: Vec<Value> = examples
        .iter()
        .map(|(name, example)| json!({"param_name": name, "example": example}))
        .collect();
    json!({"type": "BODY", "text": text, "example": {"body_text_named_params": examples}})
}

pub(super) fn quick(text: &str) -> Value {
    json!({"type": "QUICK_REPLY", "text": text})
}

pub(super) fn link(url: &str) -> Value {
    json!({"type": "URL", "text": "Track", "url": url})
}

pub(super) fn image() -> Value {
    json!({"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW1hZ2U"]}})
}

pub(super) fn offer(text: &str, more: Value) -> Value {
    let offer = json!({"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": text, "has_expiration": true}});
    let go = json!([{"type": "COPY_CODE", "text": "Copy code", "example": "KITE25"}, link("https://kite.example/sale")]);
    let mut all = vec![
        image(),
        body("Half off all kites until Sunday."),
        offer,
        json!({"type": "BUTTONS", "buttons": go}),
    ];
    if !more.is_null() {
        let kind = more["type"].clone();
        all.retain(|part| part["type"] != kind);
        all.push(more);
    }
    marketing(json!(all))
}

pub(super) fn card(format: &str, text: &str, buttons: &[Value]) -> Value {
    json!({"components": [
        {"type": "HEADER", "format": format, "example": {"header_handle": ["4::aW1hZ2U"]}},
        body(text),
        {"type": "BUTTONS", "buttons": buttons},
    ]})
}

pub(super) fn carousel(cards: &[Value]) -> Value {
    marketing(json!([body("New kites this week."), {"type": "CAROUSEL", "cards": cards}]))
}

pub(super) fn one_tap(more: &[(&str, Value)]) -> Value {
    let mut button = json!({"type": "OTP", "otp_type": "ONE_TAP", "text": "Copy code", "autofill_text": "Autofill",
        "supported_apps": [{"package_name": "com.example.kite", "signature_hash": "K8a/AINcGX7"}]});
    for (key, value) in more {
        button[*key] = value.clone();
    }
    authentication(
        json!([{"type": "BODY", "add_security_recommendation": true}, {"type": "BUTTONS", "buttons": [button]}]),
    )
}

pub(super) fn copy_code() -> Value {
    json!({"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "Copy code"}]})
}
