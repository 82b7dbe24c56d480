//! What a message body must look like: required fields and lengths of each type.
//!
//! Limits are Meta's (Messages API pages; sections 1.3 and 1.4 of the reference). Lengths count
//! characters. State (windows, templates, media) is checked elsewhere.

use serde_json::Value;

use crate::graph::error::GraphError;

type Check = Result<(), GraphError>;

/// Types that can be sent.
const TYPES: &[&str] = &[
    "text",
    "image",
    "video",
    "audio",
    "document",
    "sticker",
    "location",
    "contacts",
    "reaction",
    "interactive",
    "template",
];

/// Checks the envelope and the content; gives the type.
pub(crate) fn check(body: &Value) -> Result<&str, GraphError> {
    if body["messaging_product"].as_str() != Some("whatsapp") {
        return Err(GraphError::parameter(
            "The parameter messaging_product is required.",
        ));
    }
    let kind = match &body["type"] {
        Value::Null => "text",
        Value::String(kind) => kind.as_str(),
        _ => return Err(GraphError::parameter("Param type must be a string")),
    };
    if !TYPES.contains(&kind) {
        let list = TYPES.join(", ").to_uppercase();
        return Err(GraphError::parameter(format!(
            "Param type must be one of {{{list}}} - got \"{kind}\"."
        )));
    }
    if let Some(data) = body.get("biz_opaque_callback_data") {
        let text = data
            .as_str()
            .ok_or_else(|| GraphError::parameter("biz_opaque_callback_data must be a string"))?;
        at_most("biz_opaque_callback_data", text, 512)?;
    }
    if let Some(context) = body.get("context").filter(|context| !context.is_null()) {
        required(context, "message_id", "context['message_id']")?;
    }
    let content = body.get(kind).filter(|content| !content.is_null());
    let content = content
        .ok_or_else(|| GraphError::parameter(format!("The parameter {kind} is required.")))?;
    match kind {
        "text" => limited(content, "body", "text['body']", 4096)?,
        "image" | "video" | "document" | "audio" | "sticker" => media(kind, content)?,
        "location" => location(content)?,
        "contacts" => contacts(content)?,
        "reaction" => reaction(content)?,
        "interactive" => interactive(content)?,
        _ => {
            required(content, "name", "template['name']")?;
            let code = content["language"]["code"]
                .as_str()
                .or(content["language"].as_str());
            code.ok_or_else(|| GraphError::missing("template['language']['code']"))?;
        }
    }
    Ok(kind)
}

fn at_most(name: &str, text: &str, max: usize) -> Check {
    let length = text.chars().count();
    if length > max {
        return Err(GraphError::value(format!(
            "Param {name} must be at most {max} characters long; it has {length}."
        )));
    }
    Ok(())
}

fn required<'a>(value: &'a Value, key: &str, name: &str) -> Result<&'a str, GraphError> {
    match value[key].as_str() {
        Some(text) if !text.trim().is_empty() => Ok(text),
        _ => Err(GraphError::missing(name)),
    }
}

fn limited(value: &Value, key: &str, name: &str, max: usize) -> Check {
    at_most(name, required(value, key, name)?, max)
}

fn optional(value: &Value, key: &str, name: &str, max: usize) -> Check {
    value[key]
        .as_str()
        .map_or(Ok(()), |text| at_most(name, text, max))
}

/// Media by id or link, with the caption where one is allowed.
fn media(kind: &str, content: &Value) -> Check {
    let id = content["id"].as_str().filter(|id| !id.is_empty());
    let link = content["link"].as_str();
    match (id, link) {
        (None, None) => {
            return Err(GraphError::missing(&format!(
                "{kind}['id'] or {kind}['link']"
            )));
        }
        (None, Some(link)) if !(link.starts_with("https://") || link.starts_with("http://")) => {
            return Err(GraphError::value(format!(
                "{kind}['link'] is not a valid URL."
            )));
        }
        _ => {}
    }
    match kind {
        "audio" | "sticker" if content.get("caption").is_some() => Err(GraphError::parameter(
            format!("Unexpected key \"caption\" on param \"{kind}\"."),
        )),
        _ => optional(content, "caption", &format!("{kind}['caption']"), 1024),
    }
}

fn coordinate(content: &Value, key: &str, limit: f64) -> Check {
    let number = match &content[key] {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => return Err(GraphError::missing(&format!("location['{key}']"))),
    };
    if number.is_some_and(|number| (-limit..=limit).contains(&number)) {
        return Ok(());
    }
    Err(GraphError::value(format!(
        "location['{key}'] must be a number from -{limit} to {limit}."
    )))
}

fn location(content: &Value) -> Check {
    coordinate(content, "latitude", 90.0)?;
    coordinate(content, "longitude", 180.0)
}

fn contacts(content: &Value) -> Check {
    let cards = content.as_array().filter(|cards| !cards.is_empty());
    let cards = cards.ok_or_else(|| GraphError::missing("contacts"))?;
    if cards.len() > 257 {
        return Err(GraphError::value(
            "At most 257 contacts can be sent in a message.",
        ));
    }
    for card in cards {
        let name = &card["name"];
        required(name, "formatted_name", "contacts['name']['formatted_name']")?;
        let parts = ["first_name", "last_name", "middle_name", "suffix", "prefix"];
        if !parts
            .iter()
            .any(|part| name[*part].as_str().is_some_and(|text| !text.is_empty()))
        {
            return Err(GraphError::value(
                "contacts['name'] needs formatted_name and at least one other name part.",
            ));
        }
    }
    Ok(())
}

fn reaction(content: &Value) -> Check {
    required(content, "message_id", "reaction['message_id']")?;
    match &content["emoji"] {
        Value::String(emoji)
            if emoji.chars().count() <= 12 && !emoji.is_ascii() || emoji.is_empty() =>
        {
            Ok(())
        }
        Value::Null => Err(GraphError::missing("reaction['emoji']")),
        _ => Err(GraphError::value(
            "reaction['emoji'] must be one emoji or empty.",
        )),
    }
}

const BODY: &str = "interactive['body']['text']";

fn interactive(content: &Value) -> Check {
    let kind = required(content, "type", "interactive['type']")?;
    let action = &content["action"];
    header(content, kind)?;
    optional(
        &content["footer"],
        "text",
        "interactive['footer']['text']",
        60,
    )?;
    if kind != "product" {
        limited(
            &content["body"],
            "text",
            BODY,
            if kind == "list" { 4096 } else { 1024 },
        )?;
    }
    if action.is_null() {
        return Err(GraphError::missing("interactive['action']"));
    }
    let parameters = &action["parameters"];
    match kind {
        "button" => reply_buttons(action, 3),
        "list" => list(action),
        "cta_url" => {
            limited(
                parameters,
                "display_text",
                "action['parameters']['display_text']",
                20,
            )?;
            url(parameters, "url")
        }
        "flow" => {
            if parameters["flow_id"].is_null() && parameters["flow_name"].is_null() {
                return Err(GraphError::missing(
                    "action['parameters']['flow_id'] or ['flow_name']",
                ));
            }
            required(
                parameters,
                "flow_message_version",
                "action['parameters']['flow_message_version']",
            )?;
            required(parameters, "flow_cta", "action['parameters']['flow_cta']").map(drop)
        }
        "product" => {
            required(action, "catalog_id", "action['catalog_id']")?;
            required(
                action,
                "product_retailer_id",
                "action['product_retailer_id']",
            )
            .map(drop)
        }
        "product_list" => product_list(content, action),
        "carousel" => carousel(content, action),
        "catalog_message"
        | "location_request_message"
        | "address_message"
        | "voice_call"
        | "call_permission_request"
        | "request_contact_info"
        | "order_details"
        | "order_status" => named_action(kind, action),
        other => Err(GraphError::value(format!(
            "interactive['type'] \"{other}\" is not supported."
        ))),
    }
}

fn named_action(kind: &str, action: &Value) -> Check {
    let wanted = match kind {
        "location_request_message" => "send_location",
        "order_details" => "review_and_pay",
        "order_status" => "review_order",
        other => other,
    };
    if action["name"].as_str() == Some(wanted) {
        return Ok(());
    }
    Err(GraphError::value(format!(
        "interactive['action']['name'] must be \"{wanted}\"."
    )))
}

fn header(content: &Value, kind: &str) -> Check {
    let header = &content["header"];
    if header.is_null() {
        return if kind == "product_list" {
            Err(GraphError::missing("interactive['header']"))
        } else {
            Ok(())
        };
    }
    let format = required(header, "type", "interactive['header']['type']")?;
    let allowed: &[&str] = match kind {
        "list" | "product_list" => &["text"],
        "product" | "carousel" => &[],
        _ => &["text", "image", "video", "document"],
    };
    if !allowed.contains(&format) {
        return Err(GraphError::value(format!(
            "interactive['header']['type'] \"{format}\" is not allowed for type \"{kind}\"."
        )));
    }
    if format == "text" {
        limited(header, "text", "interactive['header']['text']", 60)
    } else {
        media(format, &header[format])
    }
}

fn url(value: &Value, key: &str) -> Check {
    let link = required(value, key, "action['parameters']['url']")?;
    if url::Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        return Ok(());
    }
    Err(GraphError::value(
        "action['parameters']['url'] is not a valid URL.",
    ))
}

fn reply_buttons(action: &Value, max: usize) -> Check {
    let buttons = action["buttons"]
        .as_array()
        .ok_or_else(|| GraphError::missing("action['buttons']"))?;
    if buttons.is_empty() || buttons.len() > max {
        return Err(GraphError::value(format!(
            "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {max}"
        )));
    }
    let mut ids = Vec::new();
    for button in buttons {
        let reply = &button["reply"];
        limited(reply, "title", "button['reply']['title']", 20)?;
        limited(reply, "id", "button['reply']['id']", 256)?;
        ids.push(reply["id"].as_str());
    }
    ids.sort_unstable();
    if ids.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(GraphError::value("Button ids must be unique."));
    }
    Ok(())
}

fn list(action: &Value) -> Check {
    limited(action, "button", "action['button']", 20)?;
    let sections = action["sections"]
        .as_array()
        .filter(|sections| !sections.is_empty());
    let sections = sections.ok_or_else(|| GraphError::missing("action['sections']"))?;
    if sections.len() > 10 {
        return Err(GraphError::value("At most 10 sections are allowed."));
    }
    let mut ids = Vec::new();
    for section in sections {
        if sections.len() > 1 {
            required(section, "title", "section['title']")?;
        }
        optional(section, "title", "section['title']", 24)?;
        let rows = section["rows"]
            .as_array()
            .ok_or_else(|| GraphError::missing("section['rows']"))?;
        for row in rows {
            limited(row, "id", "row['id']", 200)?;
            limited(row, "title", "row['title']", 24)?;
            optional(row, "description", "row['description']", 72)?;
            ids.push(row["id"].as_str());
        }
    }
    if ids.is_empty() || ids.len() > 10 {
        return Err(GraphError::value(format!(
            "Total row count exceed max allowed count: 10; got {}.",
            ids.len()
        )));
    }
    ids.sort_unstable();
    if ids.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(GraphError::value("Row ids must be unique."));
    }
    Ok(())
}

fn product_list(content: &Value, action: &Value) -> Check {
    required(action, "catalog_id", "action['catalog_id']")?;
    if content["header"]["type"].as_str() != Some("text") {
        return Err(GraphError::missing("interactive['header']"));
    }
    let sections = action["sections"]
        .as_array()
        .filter(|s| !s.is_empty() && s.len() <= 10);
    let sections = sections.ok_or_else(|| GraphError::value("1 to 10 sections are needed."))?;
    let products: usize = sections
        .iter()
        .filter_map(|s| s["product_items"].as_array().map(Vec::len))
        .sum();
    if products == 0 || products > 30 {
        return Err(GraphError::value("1 to 30 products are needed."));
    }
    Ok(())
}

fn carousel(content: &Value, action: &Value) -> Check {
    if !content["footer"].is_null() {
        return Err(GraphError::value("A carousel has no footer."));
    }
    let cards = action["cards"]
        .as_array()
        .filter(|cards| (2..=10).contains(&cards.len()));
    let cards = cards.ok_or_else(|| GraphError::value("A carousel needs 2 to 10 cards."))?;
    for card in cards {
        optional(&card["body"], "text", "card['body']['text']", 160)?;
        let format = card["header"]["type"].as_str();
        if let Some(format) = format.filter(|format| matches!(*format, "image" | "video")) {
            media(format, &card["header"][format])?;
        } else if card["action"]["product_retailer_id"].is_null() {
            return Err(GraphError::missing("card['header']"));
        }
    }
    let types: Vec<_> = cards.iter().map(|card| card["type"].as_str()).collect();
    if types.windows(2).any(|pair| pair[0] != pair[1]) {
        return Err(GraphError::value("All cards must have the same type."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(body: &str) -> Value {
        json!({"messaging_product": "whatsapp", "type": "text", "text": {"body": body}})
    }

    fn interactive_message(interactive: &Value) -> Value {
        json!({"messaging_product": "whatsapp", "type": "interactive", "interactive": interactive})
    }

    #[test]
    fn text_lengths() {
        assert!(check(&text(&"ä".repeat(4096))).is_ok());
        assert_eq!(check(&text(&"a".repeat(4097))).unwrap_err().code, 131_009);
        assert_eq!(check(&text(" ")).unwrap_err().code, 131_008);
        assert_eq!(check(&json!({"type": "text"})).unwrap_err().code, 100);
    }

    #[test]
    fn buttons_and_lists() {
        let buttons = |n: usize| {
            let buttons: Vec<_> = (0..n)
                .map(|i| json!({"type": "reply", "reply": {"id": format!("b{i}"), "title": "Yes"}}))
                .collect();
            interactive_message(
                &json!({"type": "button", "body": {"text": "?"}, "action": {"buttons": buttons}}),
            )
        };
        assert!(check(&buttons(3)).is_ok());
        assert_eq!(check(&buttons(4)).unwrap_err().code, 131_009);
        let list = |rows: usize| {
            let rows: Vec<_> = (0..rows)
                .map(|i| json!({"id": format!("r{i}"), "title": "Row"}))
                .collect();
            interactive_message(&json!({"type": "list", "body": {"text": "?"}, "action": {
                "button": "Choose", "sections": [{"title": "One", "rows": rows}]}}))
        };
        assert!(check(&list(10)).is_ok());
        assert!(check(&list(11)).is_err());
    }

    #[test]
    fn media_needs_an_id_or_a_link() {
        let image = |image: Value| json!({"messaging_product": "whatsapp", "type": "image", "image": image});
        assert!(check(&image(json!({"id": "1"}))).is_ok());
        assert!(
            check(&image(
                json!({"link": "https://example.com/a.png", "caption": "A"})
            ))
            .is_ok()
        );
        assert_eq!(check(&image(json!({}))).unwrap_err().code, 131_008);
        assert_eq!(
            check(&image(json!({"link": "ftp://x"}))).unwrap_err().code,
            131_009
        );
    }
}
