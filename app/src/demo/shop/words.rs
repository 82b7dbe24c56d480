//! The words of the story for both sides: in Meta's form for the simulator, in the API's form for the
//! database.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use wigwag_model::Kind;
use wigwag_model::content::{
    Location, MediaContent, Template as Shown, TemplateButton, TemplateHeader,
};
use wigwag_model::template::{fill, places};
use wigwag_store::ingest::NewMedia;
use wigwag_store::templates::Template;

/// A filled-in template: Meta's object for the send, and what the thread shows.
pub(super) fn template(row: &Template, values: &BTreeMap<String, String>) -> (Value, Value) {
    let named = row.parameter_format == "named";
    let value = |part: &str, name: &str| values.get(&format!("{part}.{name}")).cloned();
    let parameters = |part: &str, text: &str| -> Vec<Value> {
        let given = places(text).into_iter().filter_map(|name| {
            let text = value(part, &name)?;
            Some(if named {
                json!({"type": "text", "parameter_name": name, "text": text})
            } else {
                json!({"type": "text", "text": text})
            })
        });
        given.collect()
    };
    let mut components = Vec::new();
    let mut shown = Shown {
        name: row.name.clone(),
        language: row.language.clone(),
        category: row.category.clone(),
        header: None,
        body: String::new(),
        footer: None,
        buttons: Vec::new(),
        offer: None,
        cards: Vec::new(),
    };
    for component in row.components.as_array().into_iter().flatten() {
        let text = component["text"].as_str().unwrap_or_default();
        let kind = component["type"]
            .as_str()
            .unwrap_or_default()
            .to_lowercase();
        match kind.as_str() {
            "header" | "body" => {
                let given = parameters(&kind, text);
                if !given.is_empty() {
                    components.push(json!({"type": kind, "parameters": given}));
                }
                let filled = fill(text, |name| value(&kind, name));
                if kind == "body" {
                    shown.body = filled;
                } else {
                    shown.header = Some(TemplateHeader {
                        format: component["format"]
                            .as_str()
                            .unwrap_or_default()
                            .to_lowercase(),
                        text: Some(filled),
                        location: None,
                        link: None,
                        product: None,
                    });
                }
            }
            "footer" => shown.footer = Some(text.to_owned()),
            "buttons" => {
                for (at, button) in component["buttons"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .enumerate()
                {
                    let (drawn, sent) = self::button(at, button, values);
                    shown.buttons.push(drawn);
                    components.extend(sent);
                }
            }
            _ => {}
        }
    }
    let meta = json!({"type": "template", "template": {
        "name": row.name, "language": {"code": row.language}, "components": components,
    }});
    (meta, serde_json::to_value(&shown).unwrap_or_default())
}

fn button(
    at: usize,
    button: &Value,
    values: &BTreeMap<String, String>,
) -> (TemplateButton, Option<Value>) {
    let word = |key: &str| button[key].as_str().map(str::to_owned);
    let value = |what: &str| values.get(&format!("button.{at}.{what}")).cloned();
    let sent = value("url")
        .map(|text| ("url", json!({"type": "text", "text": text})))
        .or_else(|| {
            value("code").map(|code| ("copy_code", json!({"type": "coupon_code", "coupon_code": code})))
        })
        .map(|(kind, parameter)| {
            json!({"type": "button", "sub_type": kind, "index": at.to_string(), "parameters": [parameter]})
        });
    let drawn = TemplateButton {
        r#type: word("type").unwrap_or_default().to_lowercase(),
        text: word("text").unwrap_or_else(|| "Copy code".to_owned()),
        url: word("url").map(|url| fill(&url, |_| value("url"))),
        phone: word("phone_number"),
        code: value("code"),
    };
    (drawn, sent)
}

/// What the database keeps of a message that the simulator planted: kind, content and file.
pub(super) fn planted(kind: &str, object: &Value) -> (Kind, Value, Option<NewMedia>) {
    let kind = Kind::parse(kind);
    let word = |key: &str| object[key].as_str().map(str::to_owned);
    let content = match kind {
        Kind::Contacts => json!({"contacts": object}),
        Kind::Location => serde_json::to_value(Location {
            latitude: object["latitude"].as_f64().unwrap_or_default(),
            longitude: object["longitude"].as_f64().unwrap_or_default(),
            name: word("name"),
            address: word("address"),
            url: None,
        })
        .unwrap_or_default(),
        kind if kind.has_media() => serde_json::to_value(MediaContent {
            caption: word("caption"),
            filename: word("filename"),
            voice: object["voice"].as_bool().unwrap_or_default(),
            animated: object["animated"].as_bool().unwrap_or_default(),
            link: None,
        })
        .unwrap_or_default(),
        _ => object.clone(),
    };
    let file = word("id").filter(|_| kind.has_media()).map(|id| NewMedia {
        meta_media_id: id,
        kind,
        mime_type: word("mime_type").unwrap_or_else(|| "application/octet-stream".to_owned()),
        filename: word("filename"),
        sha256: None,
    });
    (kind, content, file)
}
