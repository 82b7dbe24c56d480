//! Buttons: how many of which kind, in which order, and what each needs.

use serde_json::Value;

use super::limits;
use super::problem::{Problem, Problems};
use super::variables;
use crate::template::places;

/// How many of a kind one template may have.
const MOST: &[(&str, usize)] = &[
    ("QUICK_REPLY", 10),
    ("URL", 2),
    ("PHONE_NUMBER", 1),
    ("COPY_CODE", 1),
    ("FLOW", 1),
    ("CATALOG", 1),
    ("MPM", 1),
    ("SPM", 1),
    ("VOICE_CALL", 1),
    ("OTP", 1),
    ("ORDER_DETAILS", 1),
    ("CALL_PERMISSION_REQUEST", 1),
];

/// Kinds that Meta gives a text.
const NAMED_BY_META: &[&str] = &["COPY_CODE", "CATALOG", "MPM", "SPM", "OTP"];

/// Checks the buttons of a template or of a card; `code` is the most of a code to copy.
pub(super) fn check(path: &str, buttons: &[Value], code: usize, problems: &mut Problems) {
    let kinds: Vec<String> = buttons
        .iter()
        .map(|button| super::word(button, "type"))
        .collect();
    if buttons.is_empty() {
        problems.error(path, "buttons_empty");
    }
    if buttons.len() > limits::BUTTONS {
        problems.add(
            Problem::error(path, "buttons_too_many")
                .with("max", limits::BUTTONS)
                .with("now", buttons.len()),
        );
    }
    for (kind, max) in MOST {
        let now = kinds.iter().filter(|one| one == kind).count();
        if now > *max {
            problems.add(
                Problem::error(path, "buttons_too_many_of_kind")
                    .with("kind", kind.to_ascii_lowercase())
                    .with("max", *max)
                    .with("now", now),
            );
        }
    }
    if quick_replies_are_split(&kinds) {
        problems.error(path, "quick_replies_split");
    }
    for (at, (button, kind)) in buttons.iter().zip(&kinds).enumerate() {
        one(&format!("{path}[{at}]"), button, kind, code, problems);
    }
}

/// Quick replies stand together: before the others or after them.
fn quick_replies_are_split(kinds: &[String]) -> bool {
    let quick: Vec<bool> = kinds.iter().map(|kind| kind == "QUICK_REPLY").collect();
    quick.windows(2).filter(|pair| pair[0] != pair[1]).count() > 1
}

fn one(path: &str, button: &Value, kind: &str, code: usize, problems: &mut Problems) {
    if !MOST.iter().any(|(known, _)| *known == kind) {
        problems.add(
            Problem::error(format!("{path}.type"), "button_kind_unknown")
                .with("kind", kind.to_ascii_lowercase()),
        );
        return;
    }
    label(path, button, kind, problems);
    match kind {
        "URL" => url(path, button, problems),
        "PHONE_NUMBER" => phone(path, button, problems),
        "COPY_CODE" => coupon(path, button, code, problems),
        _ => {}
    }
}

fn label(path: &str, button: &Value, kind: &str, problems: &mut Problems) {
    let field = format!("{path}.text");
    let text = button["text"].as_str().unwrap_or_default();
    if text.trim().is_empty() {
        if !NAMED_BY_META.contains(&kind) {
            problems.error(field, "button_text_required");
        }
        return;
    }
    problems.at_most(&field, "button_text_too_long", text, limits::BUTTON);
    if text.contains("{{") || text.contains("}}") {
        problems.error(&field, "button_text_variables");
    }
    if text.contains(['\n', '\r']) {
        problems.error(field, "button_text_newline");
    }
}

fn url(path: &str, button: &Value, problems: &mut Problems) {
    let field = format!("{path}.url");
    let url = button["url"].as_str().unwrap_or_default().trim();
    if url.is_empty() {
        problems.error(field, "url_required");
        return;
    }
    problems.at_most(&field, "url_too_long", url, limits::URL);
    if !variables::braces_match(url) {
        problems.error(field, "braces_mismatched");
        return;
    }
    if !is_link(url) {
        problems.error(&field, "url_invalid");
    }
    let names = places(url);
    if names.len() > 1 {
        problems.add(
            Problem::error(&field, "url_too_many_variables")
                .with("max", 1)
                .with("now", names.len()),
        );
    } else if names.len() == 1 && !url.ends_with("}}") {
        problems.error(&field, "url_variable_not_at_end");
    }
    if let Some(name) = names.first().filter(|name| *name != "1") {
        problems.add(Problem::error(&field, "url_variable_name").with("variable", name.as_str()));
    }
    let example = example(button);
    if !names.is_empty() && example.trim().is_empty() {
        problems.error(format!("{path}.example"), "url_example_required");
    }
}

/// `http` or `https` with a host; what stands in variables is not looked at.
fn is_link(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let host = rest
        .and_then(|rest| rest.split(['/', '?', '#']).next())
        .unwrap_or_default();
    !host.is_empty() && !host.contains("{{") && !url.contains(char::is_whitespace)
}

fn phone(path: &str, button: &Value, problems: &mut Problems) {
    let field = format!("{path}.phone_number");
    let number = button["phone_number"].as_str().unwrap_or_default().trim();
    if number.is_empty() {
        problems.error(field, "phone_required");
        return;
    }
    problems.at_most(&field, "phone_too_long", number, limits::PHONE);
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let plain = number
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')'));
    if !plain || digits < 3 {
        problems.error(field, "phone_invalid");
    }
}

fn coupon(path: &str, button: &Value, max: usize, problems: &mut Problems) {
    let field = format!("{path}.example");
    let example = example(button);
    if example.trim().is_empty() {
        problems.error(field, "code_required");
        return;
    }
    problems.at_most(field, "code_too_long", example, max);
}

/// A text for codes, a list for links; both are read from either.
fn example(button: &Value) -> &str {
    button["example"]
        .as_str()
        .or_else(|| button["example"][0].as_str())
        .unwrap_or_default()
}
