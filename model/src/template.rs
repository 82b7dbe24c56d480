//! The places in a template that are filled in when it is sent, and the filling.
//!
//! Works on Meta's components as they were synchronised (Meta: Template components), so that the
//! API, the composer's preview and the send agree on what a template asks for.

use serde_json::Value;

/// A place in a template that is filled in when it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// `body.1`, `body.first_name`, `header.1`, `button.0.url`, `button.1.code`, `offer.expires_at`,
    /// `card.0.header`, `card.0.body.1`, ….
    pub key: String,
    /// `header`, `body`, `button`, `limited_time_offer` or `carousel`.
    pub component: &'static str,
    /// The example that Meta approved.
    pub example: Option<String>,
}

impl Variable {
    fn new(key: impl Into<String>, component: &'static str, example: Option<String>) -> Self {
        Self {
            key: key.into(),
            component,
            example,
        }
    }
}

/// The places to fill in, in the order in which one reads them.
pub fn variables(components: &Value, named: bool) -> Vec<Variable> {
    let mut found = Vec::new();
    for component in list(components) {
        match word(component, "type").as_str() {
            "LIMITED_TIME_OFFER" if component["limited_time_offer"]["has_expiration"] == true => {
                found.push(Variable::new(
                    "offer.expires_at",
                    "limited_time_offer",
                    None,
                ));
            }
            "CAROUSEL" => {
                for (at, card) in list(&component["cards"]).iter().enumerate() {
                    let parts = list(&card["components"]);
                    let of_card = part_variables(&format!("card.{at}."), parts, named);
                    found.extend(of_card.into_iter().map(|variable| Variable {
                        component: "carousel",
                        ..variable
                    }));
                }
            }
            _ => found.extend(part_variables("", std::slice::from_ref(component), named)),
        }
    }
    found
}

/// What may be filled in and need not: what comes back when a quick reply is tapped, a flow's token and data,
/// the picture of a catalogue.
pub fn extras(components: &Value) -> Vec<Variable> {
    let mut found = Vec::new();
    for component in list(components) {
        found.extend(part_extras("", component));
        for (at, card) in list(&component["cards"]).iter().enumerate() {
            for part in list(&card["components"]) {
                found.extend(part_extras(&format!("card.{at}."), part));
            }
        }
    }
    found
}

fn part_extras(prefix: &str, component: &Value) -> Vec<Variable> {
    let mut found = Vec::new();
    for (at, button) in list(&component["buttons"]).iter().enumerate() {
        let keys: &[&str] = match word(button, "type").as_str() {
            "QUICK_REPLY" => &["payload"],
            "FLOW" => &["flow_token", "flow_data"],
            "CATALOG" => &["thumbnail"],
            _ => &[],
        };
        found.extend(
            keys.iter()
                .map(|key| Variable::new(format!("{prefix}button.{at}.{key}"), "button", None)),
        );
    }
    found
}

/// The places of header, body and buttons, of a template or of a card.
fn part_variables(prefix: &str, components: &[Value], named: bool) -> Vec<Variable> {
    let mut found = Vec::new();
    for component in components {
        let text = shown_text(component).unwrap_or_default();
        match word(component, "type").as_str() {
            "HEADER" => found.extend(header_variables(prefix, component, &text, named)),
            "BODY" => found.extend(text_variables(prefix, "body", component, &text, named)),
            "BUTTONS" => found.extend(button_variables(prefix, component)),
            _ => {}
        }
    }
    found
}

fn header_variables(prefix: &str, header: &Value, text: &str, named: bool) -> Vec<Variable> {
    let plain = |key: &str| Variable::new(format!("{prefix}{key}"), "header", None);
    match word(header, "format").as_str() {
        "PRODUCT" => vec![plain("header.product_id"), plain("header.catalog_id")],
        // The file of a template's own header is no text; that of a card is named by one.
        "IMAGE" | "VIDEO" if !prefix.is_empty() => vec![plain("header")],
        _ => text_variables(prefix, "header", header, text, named),
    }
}

fn text_variables(
    prefix: &str,
    part: &'static str,
    component: &Value,
    text: &str,
    named: bool,
) -> Vec<Variable> {
    let example = &component["example"];
    let examples = match (named, part) {
        (true, part) => &example[format!("{part}_text_named_params")],
        (false, "header") => &example["header_text"],
        (false, _) => &example["body_text"][0],
    };
    places(text)
        .into_iter()
        .enumerate()
        .map(|(at, name)| {
            let example = example_of(examples, &name, at);
            Variable::new(format!("{prefix}{part}.{name}"), part, example)
        })
        .collect()
}

fn button_variables(prefix: &str, component: &Value) -> Vec<Variable> {
    let mut found = Vec::new();
    for (at, button) in list(&component["buttons"]).iter().enumerate() {
        let url = button["url"].as_str().unwrap_or_default();
        let keys: &[&str] = match word(button, "type").as_str() {
            "URL" if url.contains("{{") => &["url"],
            "COPY_CODE" => &["code"],
            "MPM" => &["thumbnail", "products"],
            _ => &[],
        };
        let example = &button["example"];
        let example = example.as_str().or_else(|| example[0].as_str());
        found.extend(keys.iter().map(|key| {
            let example = example.map(str::to_owned);
            Variable::new(format!("{prefix}button.{at}.{key}"), "button", example)
        }));
    }
    found
}

/// The approved addresses of buttons, of a template and of its cards, with the variables that fill
/// them in; those without a variable are left out.
pub fn url_buttons(components: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut add = |prefix: &str, component: &Value| {
        for (at, button) in list(&component["buttons"]).iter().enumerate() {
            let url = button["url"].as_str().unwrap_or_default();
            if word(button, "type") == "URL" && url.contains("{{") {
                found.push((format!("{prefix}button.{at}.url"), url.to_owned()));
            }
        }
    };
    for component in list(components) {
        add("", component);
        for (at, card) in list(&component["cards"]).iter().enumerate() {
            for part in list(&card["components"]) {
                add(&format!("card.{at}."), part);
            }
        }
    }
    found
}

/// Every address of the buttons of a template and of its cards, with its samples.
pub fn button_addresses(components: &Value) -> Vec<String> {
    let of = |component: &Value| -> Vec<String> {
        let mut found = Vec::new();
        for button in list(&component["buttons"]) {
            if word(button, "type") != "URL" {
                continue;
            }
            let example = &button["example"];
            let samples = list(example).iter().filter_map(Value::as_str);
            let texts = button["url"].as_str().into_iter();
            let all = texts.chain(samples).chain(example.as_str());
            found.extend(all.map(str::to_owned));
        }
        found
    };
    let mut found = Vec::new();
    for component in list(components) {
        found.extend(of(component));
        for card in list(&component["cards"]) {
            found.extend(list(&card["components"]).iter().flat_map(of));
        }
    }
    found
}

/// The text of a component. Meta writes those of authentication templates itself, in each language; until its
/// list was read, the English ones stand for them.
pub fn shown_text(component: &Value) -> Option<String> {
    if let Some(text) = component["text"].as_str() {
        return Some(text.to_owned());
    }
    match word(component, "type").as_str() {
        "BODY" => component["add_security_recommendation"]
            .as_bool()
            .map(|safe| {
                let tail = if safe {
                    " For your security, do not share this code."
                } else {
                    ""
                };
                format!("*{{{{1}}}}* is your verification code.{tail}")
            }),
        "FOOTER" => component["code_expiration_minutes"]
            .as_i64()
            .map(|minutes| format!("This code expires in {minutes} minutes.")),
        _ => None,
    }
}

pub(crate) fn word(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_ascii_uppercase()
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn example_of(examples: &Value, name: &str, at: usize) -> Option<String> {
    let list = examples.as_array()?;
    let named = list
        .iter()
        .find(|example| example["param_name"] == name)
        .and_then(|example| example["example"].as_str());
    named
        .or_else(|| list.get(at).and_then(Value::as_str))
        .map(str::to_owned)
}

/// What stands between double braces, each once.
pub fn places(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((name, tail)) = after.split_once("}}") else {
            break;
        };
        let name = name.trim().to_owned();
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
        rest = tail;
    }
    names
}

/// The text with each place replaced by its value; a place without one stays as it is written.
pub fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, tail)) = after.split_once("}}") else {
            break;
        };
        filled.push_str(before);
        match value(name.trim()) {
            Some(value) => filled.push_str(&value),
            None => filled.push_str(&format!("{{{{{name}}}}}")),
        }
        rest = tail;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_with_their_examples() {
        let components = serde_json::json!([
            {"type": "HEADER", "format": "TEXT", "text": "Order {{1}}", "example": {"header_text": ["A17"]}},
            {"type": "BODY", "text": "Hello {{1}}, {{2}} is on its way to {{1}}.", "example": {"body_text": [["Asha", "a kite"]]}},
            {"type": "BUTTONS", "buttons": [
                {"type": "QUICK_REPLY", "text": "Thanks"},
                {"type": "URL", "text": "Track", "url": "https://kite.example/t/{{1}}", "example": ["https://kite.example/t/7"]},
            ]},
        ]);
        let keys: Vec<_> = variables(&components, false)
            .into_iter()
            .map(|v| (v.key, v.example.unwrap_or_default()))
            .collect();
        let wanted = [
            ("header.1", "A17"),
            ("body.1", "Asha"),
            ("body.2", "a kite"),
            ("button.1.url", "https://kite.example/t/7"),
        ];
        assert_eq!(
            keys,
            wanted.map(|(key, example)| (key.to_owned(), example.to_owned()))
        );
    }

    #[test]
    fn named_variables_keep_their_names() {
        let components = serde_json::json!([
            {"type": "BODY", "text": "Hello {{first_name}}", "example": {"body_text_named_params": [{"param_name": "first_name", "example": "Asha"}]}},
        ]);
        let found = variables(&components, true);
        assert_eq!(found[0].key, "body.first_name");
        assert_eq!(found[0].example.as_deref(), Some("Asha"));
    }

    #[test]
    fn every_kind_says_what_it_needs() {
        let components = serde_json::json!([
            {"type": "HEADER", "format": "PRODUCT"},
            {"type": "BODY", "text": "New this week"},
            {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Ends soon!", "has_expiration": true}},
            {"type": "CAROUSEL", "cards": [
                {"components": [
                    {"type": "HEADER", "format": "IMAGE"},
                    {"type": "BODY", "text": "The {{1}} kite", "example": {"body_text": [["red"]]}},
                    {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "More"}, {"type": "URL", "text": "See", "url": "https://kite.example/{{1}}"}]},
                ]},
            ]},
            {"type": "BUTTONS", "buttons": [{"type": "MPM", "text": "View"}, {"type": "FLOW", "text": "Book"}, {"type": "CATALOG"}]},
        ]);
        let keys = |all: Vec<Variable>| all.into_iter().map(|v| v.key).collect::<Vec<_>>();
        assert_eq!(
            keys(variables(&components, false)),
            [
                "header.product_id",
                "header.catalog_id",
                "offer.expires_at",
                "card.0.header",
                "card.0.body.1",
                "card.0.button.1.url",
                "button.0.thumbnail",
                "button.0.products"
            ]
        );
        assert_eq!(
            keys(extras(&components)),
            [
                "card.0.button.0.payload",
                "button.1.flow_token",
                "button.1.flow_data",
                "button.2.thumbnail"
            ]
        );
    }

    #[test]
    fn a_code_has_its_place_before_meta_wrote_its_words() {
        let components = serde_json::json!([
            {"type": "BODY", "add_security_recommendation": true},
            {"type": "FOOTER", "code_expiration_minutes": 5},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]},
        ]);
        assert_eq!(variables(&components, false)[0].key, "body.1");
        assert_eq!(
            shown_text(&components[1]).as_deref(),
            Some("This code expires in 5 minutes.")
        );
    }

    #[test]
    fn places_are_filled_and_unknown_ones_stay() {
        let value = |name: &str| (name == "1").then(|| "Asha".to_owned());
        assert_eq!(
            fill("Hello {{1}}, {{ 2 }} and {{1}} {{", value),
            "Hello Asha, {{ 2 }} and Asha {{"
        );
    }
}
