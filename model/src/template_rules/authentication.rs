//! Authentication templates: Meta writes their words, the draft only says which of them there are.

use serde_json::Value;

use super::limits;
use super::problem::{Problem, Problems};

/// Ways to hand over the code.
const OTP_TYPES: &[&str] = &["COPY_CODE", "ONE_TAP", "ZERO_TAP"];

pub(super) fn check(components: &[Value], problems: &mut Problems) {
    for component in components {
        match super::word(component, "type").as_str() {
            "BODY" if filled(component, "text") => {
                problems.error("components.body.text", "authentication_text");
            }
            "FOOTER" => footer(component, problems),
            "BUTTONS" => buttons(component, problems),
            "BODY" => {}
            other => problems.add(
                Problem::error("components", "authentication_component")
                    .with("kind", other.to_ascii_lowercase()),
            ),
        }
    }
    let has_buttons = components
        .iter()
        .any(|component| super::word(component, "type") == "BUTTONS");
    if !has_buttons {
        problems.error("components.buttons", "otp_button_required");
    }
}

fn filled(component: &Value, key: &str) -> bool {
    component[key]
        .as_str()
        .is_some_and(|text| !text.trim().is_empty())
}

fn footer(footer: &Value, problems: &mut Problems) {
    if filled(footer, "text") {
        problems.error("components.footer.text", "authentication_text");
    }
    let minutes = &footer["code_expiration_minutes"];
    let good = minutes
        .as_i64()
        .is_some_and(|minutes| limits::CODE_MINUTES.contains(&minutes));
    if !minutes.is_null() && !good {
        problems.add(
            Problem::error(
                "components.footer.code_expiration_minutes",
                "code_expiration_range",
            )
            .with("min", *limits::CODE_MINUTES.start())
            .with("max", *limits::CODE_MINUTES.end())
            .with("now", minutes.clone()),
        );
    }
}

fn buttons(component: &Value, problems: &mut Problems) {
    let buttons = super::list(component, "buttons");
    let otp = buttons
        .iter()
        .filter(|button| super::word(button, "type") == "OTP")
        .count();
    if otp == 0 {
        problems.error("components.buttons", "otp_button_required");
        return;
    }
    if buttons.len() > 1 {
        problems.add(
            Problem::error("components.buttons", "otp_button_alone").with("now", buttons.len()),
        );
    }
    for (at, button) in buttons.iter().enumerate() {
        one(&format!("components.buttons[{at}]"), button, problems);
    }
}

fn one(path: &str, button: &Value, problems: &mut Problems) {
    let kind = super::word(button, "otp_type");
    if !OTP_TYPES.contains(&kind.as_str()) {
        problems.add(
            Problem::error(format!("{path}.otp_type"), "otp_type_unknown")
                .with("kind", kind.to_ascii_lowercase()),
        );
    }
    for (key, code) in [
        ("text", "button_text_too_long"),
        ("autofill_text", "button_text_too_long"),
    ] {
        let text = button[key].as_str().unwrap_or_default();
        problems.at_most(format!("{path}.{key}"), code, text, limits::BUTTON);
    }
    if kind == "COPY_CODE" || kind.is_empty() {
        return;
    }
    if kind == "ZERO_TAP" && button["zero_tap_terms_accepted"] != true {
        problems.error(
            format!("{path}.zero_tap_terms_accepted"),
            "zero_tap_terms_required",
        );
    }
    apps(path, button, problems);
}

/// The apps that may take the code by themselves; older templates name one beside the button.
fn apps(path: &str, button: &Value, problems: &mut Problems) {
    let apps = super::list(button, "supported_apps");
    let single = std::slice::from_ref(button);
    let (apps, alone) = if apps.is_empty() {
        (single, true)
    } else {
        (apps, false)
    };
    for (at, app) in apps.iter().enumerate() {
        let at = if alone {
            path.to_owned()
        } else {
            format!("{path}.supported_apps[{at}]")
        };
        if !filled(app, "package_name") {
            problems.error(format!("{at}.package_name"), "otp_package_required");
        }
        let hash = app["signature_hash"].as_str().unwrap_or_default();
        if hash.chars().count() != limits::SIGNATURE_HASH {
            problems.add(
                Problem::error(format!("{at}.signature_hash"), "otp_signature_hash")
                    .with("length", limits::SIGNATURE_HASH)
                    .with("now", hash.chars().count()),
            );
        }
    }
}
