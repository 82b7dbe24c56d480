//! The places in a template that are filled in when it is sent, and the filling.
//!
//! Works on Meta's components as they were synchronised (Meta: Template components), so that the
//! API, the composer's preview and the send agree on what a template asks for.

use serde_json::Value;

/// A place in a template that is filled in when it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// `body.1`, `body.first_name`, `header.1`, `button.0.url`, `button.1.code`.
    pub key: String,
    /// `header`, `body` or `button`.
    pub component: &'static str,
    /// The example that Meta approved.
    pub example: Option<String>,
}

/// The places to fill in, in the order in which one reads them.
pub fn variables(components: &Value, named: bool) -> Vec<Variable> {
    let mut found = Vec::new();
    for component in components.as_array().into_iter().flatten() {
        let text = component["text"].as_str().unwrap_or_default();
        let example = &component["example"];
        match component["type"]
            .as_str()
            .unwrap_or_default()
            .to_ascii_uppercase()
            .as_str()
        {
            "HEADER" => {
                let examples = if named {
                    &example["header_text_named_params"]
                } else {
                    &example["header_text"]
                };
                found.extend(
                    places(text)
                        .into_iter()
                        .enumerate()
                        .map(|(at, name)| Variable {
                            example: example_of(examples, &name, at),
                            key: format!("header.{name}"),
                            component: "header",
                        }),
                );
            }
            "BODY" => {
                let examples = if named {
                    &example["body_text_named_params"]
                } else {
                    &example["body_text"][0]
                };
                found.extend(
                    places(text)
                        .into_iter()
                        .enumerate()
                        .map(|(at, name)| Variable {
                            example: example_of(examples, &name, at),
                            key: format!("body.{name}"),
                            component: "body",
                        }),
                );
            }
            "BUTTONS" => found.extend(button_variables(component)),
            _ => {}
        }
    }
    found
}

fn button_variables(component: &Value) -> Vec<Variable> {
    let buttons = component["buttons"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let variable = |at: usize, what: &str, example: &Value| Variable {
        key: format!("button.{at}.{what}"),
        component: "button",
        example: example
            .as_str()
            .or_else(|| example[0].as_str())
            .map(str::to_owned),
    };
    buttons
        .iter()
        .enumerate()
        .filter_map(|(at, button)| {
            let kind = button["type"]
                .as_str()
                .unwrap_or_default()
                .to_ascii_uppercase();
            let url = button["url"].as_str().unwrap_or_default();
            match kind.as_str() {
                "URL" if url.contains("{{") => Some(variable(at, "url", &button["example"])),
                "COPY_CODE" => Some(variable(at, "code", &button["example"])),
                _ => None,
            }
        })
        .collect()
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
    fn places_are_filled_and_unknown_ones_stay() {
        let value = |name: &str| (name == "1").then(|| "Asha".to_owned());
        assert_eq!(
            fill("Hello {{1}}, {{ 2 }} and {{1}} {{", value),
            "Hello Asha, {{ 2 }} and Asha {{"
        );
    }
}
