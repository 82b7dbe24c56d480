//! Kinds of templates with rules of their own: authentication, offers that end, carousels.

use serde_json::Value;

use super::{Check, buttons as button_rules, text, too_long};
use crate::graph::error::GraphError;
use crate::template::{buttons, component};

fn wrong(text: impl Into<String>) -> Check {
    Err(GraphError::management(
        2_388_153,
        "Template components are incorrect",
        text,
    ))
}

/// Meta writes the words of authentication templates.
pub(super) fn authentication(components: &Value) -> Check {
    for part in components.as_array().into_iter().flatten() {
        let kind = part["type"].as_str().unwrap_or_default().to_uppercase();
        if !matches!(kind.as_str(), "BODY" | "FOOTER" | "BUTTONS") {
            return Err(GraphError::parameter(format!(
                "An authentication template has no component of type {kind}"
            )));
        }
        if part["text"].as_str().is_some_and(|text| !text.is_empty()) {
            return Err(GraphError::parameter(
                "The text of an authentication template can't be set",
            ));
        }
    }
    let [button] = buttons(components) else {
        return Err(GraphError::parameter(
            "An authentication template needs exactly one button of type OTP",
        ));
    };
    if button["type"]
        .as_str()
        .is_none_or(|kind| !kind.eq_ignore_ascii_case("OTP"))
    {
        return Err(GraphError::parameter(
            "An authentication template needs exactly one button of type OTP",
        ));
    }
    otp(button)?;
    let footer = component(components, "FOOTER").map(|footer| &footer["code_expiration_minutes"]);
    match footer {
        Some(minutes) if !minutes.as_i64().is_some_and(|m| (1..=90).contains(&m)) => Err(
            GraphError::parameter("code_expiration_minutes must be from 1 to 90"),
        ),
        _ => Ok(()),
    }
}

fn otp(button: &Value) -> Check {
    let kind = button["otp_type"]
        .as_str()
        .unwrap_or_default()
        .to_uppercase();
    for key in ["text", "autofill_text"] {
        too_long("button text", button[key].as_str().unwrap_or_default(), 25)?;
    }
    match kind.as_str() {
        "COPY_CODE" => return Ok(()),
        "ONE_TAP" | "ZERO_TAP" => {}
        other => {
            return Err(GraphError::parameter(format!(
                "otp_type must be one of {{COPY_CODE, ONE_TAP, ZERO_TAP}} - got \"{other}\""
            )));
        }
    }
    if kind == "ZERO_TAP" && button["zero_tap_terms_accepted"] != true {
        return Err(GraphError::parameter(
            "zero_tap_terms_accepted must be true",
        ));
    }
    let listed = button["supported_apps"].as_array();
    let apps: Vec<&Value> = match listed.filter(|apps| !apps.is_empty()) {
        Some(apps) => apps.iter().collect(),
        None => vec![button],
    };
    for app in apps {
        let named = app["package_name"].as_str().is_some_and(|n| !n.is_empty());
        let hash = app["signature_hash"].as_str().unwrap_or_default();
        if !named || hash.chars().count() != 11 {
            return Err(GraphError::parameter(
                "Each supported app needs a package_name and a signature_hash of 11 characters",
            ));
        }
    }
    Ok(())
}

/// An offer that ends: a short text, no footer, a picture or film above, a short body, a code or links.
pub(super) fn limited_offer(components: &Value, offer: &Value) -> Check {
    let text = offer["limited_time_offer"]["text"].as_str();
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return wrong("A limited-time offer needs limited_time_offer.text.");
    };
    too_long("limited-time offer", text, 16)?;
    if component(components, "FOOTER").is_some() {
        return wrong("A limited-time offer has no footer.");
    }
    if let Some(header) = component(components, "HEADER") {
        let format = header["format"].as_str().unwrap_or("TEXT").to_uppercase();
        if !matches!(format.as_str(), "IMAGE" | "VIDEO") {
            return wrong("The header of a limited-time offer is an image or a video.");
        }
    }
    let fits = |button: &Value| {
        let kind = button["type"].as_str().unwrap_or_default();
        kind.eq_ignore_ascii_case("COPY_CODE") || kind.eq_ignore_ascii_case("URL")
    };
    if !buttons(components).iter().all(fits) {
        return wrong("A limited-time offer has buttons of type COPY_CODE and URL only.");
    }
    Ok(())
}

/// Two to ten cards, alike in header and buttons.
pub(super) fn carousel(carousel: &Value, named: bool) -> Check {
    let cards = carousel["cards"].as_array().map_or(&[][..], Vec::as_slice);
    if !(2..=10).contains(&cards.len()) {
        return wrong(format!(
            "A carousel has 2 to 10 cards; this one has {}.",
            cards.len()
        ));
    }
    let mut looks = Vec::with_capacity(cards.len());
    for card in cards {
        let parts = &card["components"];
        let format = component(parts, "HEADER").and_then(|header| header["format"].as_str());
        let format = format.unwrap_or_default().to_uppercase();
        if !matches!(format.as_str(), "IMAGE" | "VIDEO" | "PRODUCT") {
            return wrong("Each card needs a header of format IMAGE, VIDEO or PRODUCT.");
        }
        text::header(parts, named)?;
        if let Some(body) = component(parts, "BODY") {
            text::body(body, named, 160)?;
        }
        let buttons = buttons(parts);
        if !(1..=2).contains(&buttons.len()) {
            return wrong("Each card has 1 or 2 buttons.");
        }
        button_rules::check(buttons, 20)?;
        let kinds: Vec<String> = buttons
            .iter()
            .map(|button| button["type"].as_str().unwrap_or_default().to_uppercase())
            .collect();
        looks.push((format, kinds));
    }
    if looks.windows(2).any(|pair| pair[0] != pair[1]) {
        return wrong("All cards must have the same header format and the same buttons.");
    }
    Ok(())
}
