//! A template in Interakt's form as a draft in Meta's (Interakt: Create Template API; Meta: Template
//! components). What it says is judged by the rules of templates, not here.

use garde::Validate;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use wigwag_model::MediaId;
use wigwag_model::template_rules::{Draft, language};

use super::text::Text;
use crate::problem::Problem;

/// A template to make.
#[derive(Debug, Default, Deserialize, Validate)]
#[serde(default)]
#[garde(allow_unvalidated)]
pub(super) struct TemplateForm {
    display_name: Option<Text>,
    language: Option<Text>,
    category: Option<Text>,
    header_format: Option<Text>,
    header: Option<Text>,
    header_text: Value,
    header_handle: Value,
    body: Option<Text>,
    body_text: Value,
    footer: Option<Text>,
    buttons: Value,
    button_text: Value,
    carousel_cards: Value,
}

/// What a template and a card of it have alike. Lists come as JSON or as texts of JSON.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Look {
    header_format: Option<Text>,
    header: Option<Text>,
    header_text: Value,
    header_handle: Value,
    body: Option<Text>,
    body_text: Value,
    buttons: Value,
    button_text: Value,
}

impl TemplateForm {
    /// The draft.
    pub(super) fn draft(self) -> Result<Draft, Problem> {
        let filled = |text: Option<Text>| text.map(|text| text.0).unwrap_or_default();
        let look = Look {
            header_format: self.header_format,
            header: self.header,
            header_text: self.header_text,
            header_handle: self.header_handle,
            body: self.body,
            body_text: self.body_text,
            buttons: self.buttons,
            button_text: self.button_text,
        };
        let mut components = look.components("")?;
        let footer = filled(self.footer);
        if !footer.trim().is_empty() {
            // A footer stands before the buttons.
            let last_is_buttons = components
                .last()
                .is_some_and(|last| last["type"] == "BUTTONS");
            let at = components.len() - usize::from(last_is_buttons);
            components.insert(at, json!({"type": "FOOTER", "text": footer}));
        }
        let cards = listed("carousel_cards", self.carousel_cards)?;
        if !cards.is_empty() {
            let cards = cards
                .into_iter()
                .enumerate()
                .map(|(at, card)| {
                    let field = format!("carousel_cards[{at}].");
                    let look: Look = serde_json::from_value(card).map_err(|error| {
                        Problem::field(field.trim_end_matches('.'), "invalid", error.to_string())
                    })?;
                    Ok(json!({"components": look.components(&field)?}))
                })
                .collect::<Result<Vec<_>, Problem>>()?;
            components.push(json!({"type": "CAROUSEL", "cards": cards}));
        }
        Ok(Draft {
            name: code_name(&filled(self.display_name)),
            language: code(filled(self.language).trim()),
            category: filled(self.category).trim().to_ascii_lowercase(),
            parameter_format: "positional".to_owned(),
            components: Value::Array(components),
            ttl_seconds: None,
        })
    }
}

impl Look {
    /// Header, body and buttons.
    fn components(self, field: &str) -> Result<Vec<Value>, Problem> {
        let mut components = Vec::new();
        let samples = texts(&format!("{field}header_text"), self.header_text.clone())?;
        let format = self.header_format.map(|text| text.0.to_ascii_uppercase());
        match format.as_deref().unwrap_or_default() {
            "" | "NONE" => {}
            "TEXT" => {
                // Its text stands in `header`; in one description of the API it stands in `header_text`.
                let stated = self
                    .header
                    .map(|text| text.0)
                    .filter(|text| !text.is_empty());
                let own = stated.is_some();
                let text = stated
                    .or_else(|| samples.first().cloned())
                    .unwrap_or_default();
                let mut header = json!({"type": "HEADER", "format": "TEXT", "text": text});
                if own && !samples.is_empty() {
                    header["example"] = json!({"header_text": samples});
                }
                components.push(header);
            }
            format => {
                let handles = texts(&format!("{field}header_handle"), self.header_handle)?;
                let mut header = json!({"type": "HEADER", "format": format});
                match handles.into_iter().next() {
                    Some(handle) if handle.parse::<MediaId>().is_ok() => {
                        header["media_id"] = Value::from(handle);
                    }
                    Some(handle) => header["example"] = json!({"header_handle": [handle]}),
                    None => {}
                }
                components.push(header);
            }
        }
        if let Some(Text(body)) = self.body.filter(|text| !text.0.is_empty()) {
            let samples = texts(&format!("{field}body_text"), self.body_text)?;
            let mut component = json!({"type": "BODY", "text": body});
            if !samples.is_empty() {
                component["example"] = json!({"body_text": [samples]});
            }
            components.push(component);
        }
        let buttons = listed(&format!("{field}buttons"), self.buttons)?;
        if !buttons.is_empty() {
            let samples = texts(&format!("{field}button_text"), self.button_text)?;
            let buttons = buttons_of(buttons, samples);
            components.push(json!({"type": "BUTTONS", "buttons": buttons}));
        }
        Ok(components)
    }
}

/// Buttons with the samples of those whose address ends in a variable, in their order.
fn buttons_of(buttons: Vec<Value>, samples: Vec<String>) -> Vec<Value> {
    let mut samples = samples.into_iter();
    buttons
        .into_iter()
        .map(|mut button| {
            let open = button["url"].as_str().is_some_and(|url| url.contains("{{"));
            let Some(parts) = button.as_object_mut() else {
                return button;
            };
            if let Some(number) = parts.remove("phoneNumber") {
                parts.entry("phone_number").or_insert(number);
            }
            if open && !parts.contains_key("example") {
                parts.extend(samples.next().as_deref().map(example));
            }
            button
        })
        .collect()
}

fn example(sample: &str) -> (String, Value) {
    ("example".to_owned(), json!([sample]))
}

/// A list, or a text of JSON of one.
fn listed(field: &str, value: Value) -> Result<Vec<Value>, Problem> {
    let wrong = || Problem::field(field, "invalid", "write a list");
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(values) => Ok(values),
        Value::String(text) if text.trim().is_empty() => Ok(Vec::new()),
        Value::String(text) => serde_json::from_str(&text).map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

/// Texts: a list, a text of JSON of one, or one text.
fn texts(field: &str, value: Value) -> Result<Vec<String>, Problem> {
    let value = match value {
        Value::String(text) if !text.trim_start().starts_with('[') => {
            return Ok(Some(text)
                .filter(|text| !text.is_empty())
                .into_iter()
                .collect());
        }
        value => value,
    };
    listed(field, value)?
        .into_iter()
        .map(|value| serde_json::from_value::<Text>(value).map(|text| text.0))
        .collect::<Result<_, _>>()
        .map_err(|_| Problem::field(field, "invalid", "write a list of texts"))
}

/// `WELCOME Offer` is `welcome_offer`.
fn code_name(display: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '_'
        }
    };
    display.trim().chars().map(plain).collect()
}

/// The code of a language that is named in English; a code stays one.
fn code(name: &str) -> String {
    let named = |known: &&language::Language| known.name.eq_ignore_ascii_case(name);
    let known = language::ALL.iter().find(named);
    known.map_or_else(|| name.to_owned(), |known| known.code.to_owned())
}

/// A template of Meta's as Interakt shows one.
pub(super) fn parts(components: &Value) -> Map<String, Value> {
    let list = components.as_array().map_or(&[][..], Vec::as_slice);
    let of = |kind: &str| list.iter().find(|component| component["type"] == kind);
    let none = Value::Null;
    let (header, body) = (of("HEADER").unwrap_or(&none), of("BODY").unwrap_or(&none));
    let buttons = of("BUTTONS").map_or(&none, |component| &component["buttons"]);
    let cards = of("CAROUSEL").map_or(&none, |component| &component["cards"]);
    // Interakt keeps lists as texts of JSON.
    let text_of = |value: &Value| match value {
        Value::Null => Value::Null,
        value => Value::from(value.to_string()),
    };
    let url = |button: &&Value| button["url"].as_str().is_some_and(|url| url.contains("{{"));
    let sampled = buttons.as_array().into_iter().flatten().find(url);
    let mpm = |button: &Value| button["type"] == "MPM";
    [
        ("header_format", header["format"].clone()),
        ("header", header["text"].clone()),
        ("header_text", text_of(&header["example"]["header_text"])),
        (
            "header_handle",
            text_of(&header["example"]["header_handle"]),
        ),
        ("header_handle_file_url", Value::Null),
        ("header_handle_file_name", Value::Null),
        ("body", body["text"].clone()),
        ("body_text", text_of(&body["example"]["body_text"][0])),
        (
            "footer",
            of("FOOTER").map_or(Value::Null, |footer| footer["text"].clone()),
        ),
        ("buttons", text_of(buttons)),
        (
            "button_text",
            sampled.map_or(Value::Null, |button| button["example"][0].clone()),
        ),
        ("carousel_cards", text_of(cards)),
        ("is_carousel", Value::from(cards.is_array())),
        (
            "is_mpm",
            Value::from(buttons.as_array().into_iter().flatten().any(mpm)),
        ),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_form_is_a_draft() {
        let form: TemplateForm = serde_json::from_value(json!({
            "display_name": "WELCOME OFFER", "language": "English", "category": "Marketing",
            "header_format": "TEXT", "header": "Hello {{1}}", "header_text": ["John"],
            "body": "Hi {{1}}, get 10% off", "body_text": ["User"], "footer": "Team",
            "button_type": "Call To Action",
            "buttons": [{"type": "URL", "text": "Pay", "url": "https://x.example/{{1}}"}],
            "button_text": "https://x.example/abc",
        }))
        .unwrap();
        let draft = form.draft().unwrap();
        assert_eq!(
            (
                draft.name.as_str(),
                draft.language.as_str(),
                draft.category.as_str()
            ),
            ("welcome_offer", "en", "marketing")
        );
        assert_eq!(
            draft.components,
            json!([
                {"type": "HEADER", "format": "TEXT", "text": "Hello {{1}}", "example": {"header_text": ["John"]}},
                {"type": "BODY", "text": "Hi {{1}}, get 10% off", "example": {"body_text": [["User"]]}},
                {"type": "FOOTER", "text": "Team"},
                {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Pay", "url": "https://x.example/{{1}}",
                    "example": ["https://x.example/abc"]}]},
            ])
        );
        let shown = parts(&draft.components);
        assert_eq!(shown["body_text"], "[\"User\"]");
        assert_eq!(shown["button_text"], "https://x.example/abc");
        assert_eq!(shown["is_carousel"], false);
    }

    #[test]
    fn cards_and_texts_of_json_are_read() {
        let form: TemplateForm = serde_json::from_value(json!({
            "display_name": "cards", "language": "hi", "category": "MARKETING", "body": "New",
            "carousel_cards": [{"card_index": 0, "header_format": "IMAGE", "header_handle": ["4::aW"],
                "cardTitle": "P1", "body": "Red {{1}}", "body_text": "[\"kite\"]",
                "buttons": "[{\"type\":\"QUICK_REPLY\",\"text\":\"View\"}]"}],
        }))
        .unwrap();
        let draft = form.draft().unwrap();
        let card = &draft.components[1]["cards"][0]["components"];
        assert_eq!(card[0]["example"]["header_handle"][0], "4::aW");
        assert_eq!(card[1]["example"]["body_text"][0][0], "kite");
        assert_eq!(card[2]["buttons"][0]["type"], "QUICK_REPLY");
        let wrong: TemplateForm = serde_json::from_value(json!({"buttons": {"a": 1}})).unwrap();
        assert!(wrong.draft().unwrap_err().detail().starts_with("buttons: "));
    }
}
