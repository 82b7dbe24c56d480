//! Buttons: their number, their order, what each must have.

use serde_json::Value;

use super::text::balanced;
use super::{Check, too_long};
use crate::graph::error::GraphError;
use crate::template::variables;

fn wrong(text: impl Into<String>) -> Check {
    Err(GraphError::management(
        2_388_153,
        "Buttons are incorrect",
        text,
    ))
}

fn kind(button: &Value) -> String {
    button["type"].as_str().unwrap_or_default().to_uppercase()
}

/// Checks buttons; a code to copy has at most `code` characters.
pub(super) fn check(buttons: &[Value], code: usize) -> Check {
    let count = |wanted: &str| {
        buttons
            .iter()
            .filter(|button| kind(button) == wanted)
            .count()
    };
    for (what, max) in [
        ("QUICK_REPLY", 10),
        ("URL", 2),
        ("PHONE_NUMBER", 1),
        ("COPY_CODE", 1),
        ("FLOW", 1),
        ("CATALOG", 1),
        ("MPM", 1),
        ("SPM", 1),
        ("VOICE_CALL", 1),
        ("ORDER_DETAILS", 1),
    ] {
        if count(what) > max {
            return wrong(format!("At most {max} buttons of type {what} are allowed."));
        }
    }
    if buttons.len() > 10 {
        return wrong("At most 10 buttons are allowed.");
    }
    let quick: Vec<bool> = buttons
        .iter()
        .map(|button| kind(button) == "QUICK_REPLY")
        .collect();
    if quick.windows(2).filter(|pair| pair[0] != pair[1]).count() > 1 {
        return wrong("Quick replies must stand together.");
    }
    buttons.iter().try_for_each(|button| one(button, code))
}

fn one(button: &Value, code: usize) -> Check {
    match kind(button).as_str() {
        "COPY_CODE" => {
            let example = example(button);
            if example.is_empty() {
                return wrong("A button that copies a code needs an example.");
            }
            too_long("coupon code", example, code)
        }
        "URL" => {
            url(button)?;
            label(button, true)
        }
        "PHONE_NUMBER" => {
            phone(button["phone_number"].as_str().unwrap_or_default())?;
            label(button, true)
        }
        "QUICK_REPLY" | "FLOW" | "VOICE_CALL" | "CALL_PERMISSION_REQUEST" | "ORDER_DETAILS" => {
            label(button, true)
        }
        "CATALOG" | "MPM" | "SPM" => label(button, false),
        "OTP" => wrong("A button of type OTP is for authentication templates only."),
        other => Err(GraphError::parameter(format!(
            "Button type {other} is not known"
        ))),
    }
}

fn label(button: &Value, needed: bool) -> Check {
    let text = button["text"].as_str().unwrap_or_default();
    if needed && text.trim().is_empty() {
        return wrong("A button needs a text.");
    }
    if text.contains("{{") || text.contains("}}") || text.contains(['\n', '\r']) {
        return wrong("The text of a button can't have variables or new lines.");
    }
    too_long("button text", text, 25)
}

fn example(button: &Value) -> &str {
    let example = &button["example"];
    let text = example.as_str().or_else(|| example[0].as_str());
    text.unwrap_or_default()
}

fn url(button: &Value) -> Check {
    let url = button["url"].as_str().unwrap_or_default();
    too_long("url", url, 2000)?;
    if balanced(url).is_err() {
        return wrong("The url has mismatched curly braces.");
    }
    let names = variables(url);
    let fixed = url.split("{{").next().unwrap_or_default();
    let host = ["https://", "http://"]
        .iter()
        .find_map(|scheme| fixed.strip_prefix(scheme))
        .unwrap_or_default();
    if host.is_empty() || host.starts_with('/') || url.contains(' ') {
        return wrong("A URL button needs a url that begins with https:// or http://.");
    }
    match names.as_slice() {
        [] => Ok(()),
        [name] if name == "1" && url.ends_with("}}") => {
            if example(button).is_empty() {
                return wrong("A URL button with a variable needs an example.");
            }
            Ok(())
        }
        _ => wrong("A url has at most one variable, {{1}}, at its end."),
    }
}

fn phone(number: &str) -> Check {
    too_long("phone number", number, 20)?;
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let strange = number
        .chars()
        .any(|c| !(c.is_ascii_digit() || "+ -()".contains(c)));
    if digits < 3 || strange {
        return wrong("A phone number button needs a phone number.");
    }
    Ok(())
}
