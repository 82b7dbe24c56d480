//! The rules that Meta holds a template to when it is made or changed, as pure functions over a draft.
//!
//! A draft is checked while somebody types, so that nothing about it is taken for granted: components are
//! Meta's JSON in any state of completeness. What Meta cannot be asked about in advance (its reviewers'
//! judgement) is not here. Sources: Meta's “Template components”, “Template management”, “Authentication
//! templates”, “Template categorization”.

mod authentication;
mod body;
mod buttons;
mod header;
pub mod language;
pub mod limits;
mod offer;
mod problem;
mod variables;

use serde_json::Value;

pub use problem::{Problem, Severity};

use problem::Problems;

/// A template as somebody writes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The name.
    pub name: String,
    /// Meta's code of the language.
    pub language: String,
    /// `marketing`, `utility` or `authentication`.
    pub category: String,
    /// `positional` or `named`.
    pub parameter_format: String,
    /// Meta's components. A header may have `media_id`, a file of ours as its sample.
    pub components: Value,
    /// How long Meta tries to deliver, in seconds.
    pub ttl_seconds: Option<i64>,
}

impl Draft {
    /// Whether its variables have names.
    pub fn is_named(&self) -> bool {
        self.parameter_format.eq_ignore_ascii_case("named")
    }
}

/// Categories that a template can be made in.
pub const CATEGORIES: &[&str] = &["marketing", "utility", "authentication"];

/// Kinds of components that each appear once at most.
const KINDS: &[&str] = &[
    "HEADER",
    "BODY",
    "FOOTER",
    "BUTTONS",
    "LIMITED_TIME_OFFER",
    "CAROUSEL",
    "CALL_PERMISSION_REQUEST",
];

/// What is wrong with a draft, in the order in which one reads it.
pub fn check(draft: &Draft) -> Vec<Problem> {
    let mut problems = Problems::default();
    check_name(&draft.name, &mut problems);
    if draft.language.is_empty() {
        problems.error("language", "language_required");
    } else if !language::is_known(&draft.language) {
        problems.add(
            Problem::error("language", "language_unknown").with("now", draft.language.as_str()),
        );
    }
    let category = draft.category.to_ascii_lowercase();
    if !CATEGORIES.contains(&category.as_str()) {
        problems.add(Problem::error("category", "category_unknown").with("now", category.as_str()));
    }
    let format = draft.parameter_format.to_ascii_lowercase();
    if !matches!(format.as_str(), "positional" | "named") {
        problems.add(
            Problem::error("parameter_format", "parameter_format_unknown")
                .with("now", format.as_str()),
        );
    }
    if let Some(seconds) = draft.ttl_seconds
        && !limits::ttl_is_good(&category, seconds)
    {
        let (min, max) = limits::ttl_range(&category);
        problems.add(
            Problem::error("ttl_seconds", "ttl_range")
                .with("min", min)
                .with("max", max)
                .with("now", seconds),
        );
    }
    check_components(
        &draft.components,
        &category,
        draft.is_named(),
        &mut problems,
    );
    problems.0
}

fn check_name(name: &str, problems: &mut Problems) {
    if name.is_empty() {
        problems.error("name", "name_required");
        return;
    }
    problems.at_most("name", "name_too_long", name, limits::NAME);
    let good = name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !good {
        problems.error("name", "name_characters");
    }
}

fn check_components(components: &Value, category: &str, named: bool, problems: &mut Problems) {
    let Some(list) = components.as_array() else {
        problems.error("components", "components_invalid");
        return;
    };
    let mut kinds: Vec<String> = Vec::new();
    for (at, component) in list.iter().enumerate() {
        let kind = word(component, "type");
        if !KINDS.contains(&kind.as_str()) {
            problems.add(
                Problem::error(format!("components[{at}].type"), "component_unknown")
                    .with("kind", kind.to_ascii_lowercase()),
            );
        } else if kinds.contains(&kind) {
            problems.add(
                Problem::error(format!("components[{at}]"), "component_repeated")
                    .with("kind", kind.to_ascii_lowercase()),
            );
        }
        kinds.push(kind);
    }
    if !kinds.iter().any(|kind| kind == "BODY") {
        problems.error("components.body.text", "body_required");
    }
    if category == "authentication" {
        authentication::check(list, problems);
        return;
    }
    let is_offer = kinds.iter().any(|kind| kind == "LIMITED_TIME_OFFER");
    let (most, code) = if is_offer {
        (limits::OFFER_BODY, limits::OFFER_CODE)
    } else {
        (limits::BODY, limits::CODE)
    };
    for component in list {
        match word(component, "type").as_str() {
            "HEADER" => header::check("components.header", component, named, problems),
            "BODY" => body::check("components.body", component, named, most, problems),
            "FOOTER" => body::check_footer("components.footer", component, problems),
            "BUTTONS" => {
                let list = self::list(component, "buttons");
                if list.iter().any(|button| word(button, "type") == "OTP") {
                    problems.error("components.buttons", "otp_outside_authentication");
                }
                buttons::check("components.buttons", list, code, problems);
            }
            "LIMITED_TIME_OFFER" => offer::check_offer(list, component, problems),
            "CAROUSEL" => offer::check_carousel(component, named, problems),
            _ => {}
        }
    }
}

/// A word of Meta's in capitals, as both cases are taken.
fn word(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_ascii_uppercase()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// Components as Meta shows them: kinds in capitals, examples for the variables that there are and no more.
/// What cannot be read stays as it is.
pub fn normalise(components: &Value) -> Value {
    let mut components = components.clone();
    for component in components.as_array_mut().into_iter().flatten() {
        normalise_one(component);
        for card in component
            .get_mut("cards")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            for part in card
                .get_mut("components")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                normalise_one(part);
            }
        }
    }
    components
}

fn normalise_one(component: &mut Value) {
    let Some(object) = component.as_object_mut() else {
        return;
    };
    object.retain(|_, value| !value.is_null());
    for key in ["type", "format"] {
        capitals(component, key);
    }
    let places = component["text"]
        .as_str()
        .map_or(0, |text| crate::template::places(text).len());
    let is_text = component["text"].is_string();
    if let Some(example) = component.get_mut("example").filter(|_| is_text) {
        trim_examples(example, places);
        let empty = example.as_object().is_some_and(serde_json::Map::is_empty);
        if empty && let Some(object) = component.as_object_mut() {
            object.remove("example");
        }
    }
    let buttons = component.get_mut("buttons").and_then(Value::as_array_mut);
    for button in buttons.into_iter().flatten() {
        for key in ["type", "otp_type"] {
            capitals(button, key);
        }
        let fixed = button["url"]
            .as_str()
            .is_some_and(|url| !url.contains("{{"));
        if fixed && let Some(object) = button.as_object_mut() {
            object.remove("example");
        }
    }
}

fn capitals(value: &mut Value, key: &str) {
    let word = value.get(key).and_then(Value::as_str);
    if let Some(word) = word.map(str::to_ascii_uppercase) {
        value[key] = word.into();
    }
}

/// Takes away examples of variables that were taken out of the text.
fn trim_examples(example: &mut Value, places: usize) {
    let Some(object) = example.as_object_mut() else {
        return;
    };
    if let Some(list) = object.get_mut("header_text").and_then(Value::as_array_mut) {
        list.truncate(places);
    }
    let rows = object.get_mut("body_text").and_then(Value::as_array_mut);
    for row in rows.into_iter().flatten() {
        if let Some(row) = row.as_array_mut() {
            row.truncate(places);
        }
    }
    if places == 0 {
        for key in [
            "header_text",
            "body_text",
            "header_text_named_params",
            "body_text_named_params",
        ] {
            object.remove(key);
        }
    }
}
