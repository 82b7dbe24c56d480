//! Checks a template send against the template, and renders it for the phone.
//!
//! Which code answers which fault follows Meta's error table; the order of the checks is ours, as
//! Meta does not state it.

use serde_json::{Value, json};

use crate::graph::error::GraphError;
use crate::template::{
    Template, buttons as buttons_of, component, fill, parameter_text, value_of, variables,
};

type Check = Result<(), GraphError>;

/// The components of a send, found by type.
struct Sent<'a> {
    components: &'a [Value],
}

impl<'a> Sent<'a> {
    fn of(template: &'a Value) -> Self {
        Self {
            components: template["components"].as_array().map_or(&[], Vec::as_slice),
        }
    }

    fn find(&self, kind: &str) -> Option<&'a Value> {
        self.components.iter().find(|c| {
            c["type"]
                .as_str()
                .is_some_and(|have| have.eq_ignore_ascii_case(kind))
        })
    }

    fn parameters(&self, kind: &str) -> &'a [Value] {
        self.find(kind)
            .and_then(|c| c["parameters"].as_array())
            .map_or(&[], Vec::as_slice)
    }

    fn button(&self, index: usize) -> Option<&'a Value> {
        self.components.iter().find(|component| {
            component["type"]
                .as_str()
                .is_some_and(|have| have.eq_ignore_ascii_case("button"))
                && component["index"]
                    .as_u64()
                    .or(component["index"].as_str().and_then(|i| i.parse().ok()))
                    == Some(index as u64)
        })
    }

    fn button_parameters(&self, index: usize) -> &'a [Value] {
        self.button(index)
            .and_then(|c| c["parameters"].as_array())
            .map_or(&[], Vec::as_slice)
    }
}

/// Checks status and parameters of a template that was found.
pub(crate) fn check(template: &Template, sent: &Value) -> Check {
    let unusable = |code, text: &str| {
        Err(GraphError::send(
            code,
            format!("Template {} {text}", template.name),
        ))
    };
    match template.status.as_str() {
        "APPROVED" => {}
        "PAUSED" => return unusable(132_015, "is paused because of low quality."),
        "DISABLED" => {
            return unusable(132_016, "is disabled because it was paused too many times.");
        }
        _ => {
            return Err(GraphError::send(
                132_001,
                format!(
                    "template name ({}) does not exist in {}",
                    template.name, template.language
                ),
            ));
        }
    }
    let sent = Sent::of(sent);
    header(template, &sent)?;
    if template.category == "AUTHENTICATION" {
        return authentication(template, &sent);
    }
    let body = template
        .component("BODY")
        .and_then(|c| c["text"].as_str())
        .unwrap_or_default();
    texts("body", body, sent.parameters("body"), template.named, 1024)?;
    buttons(template, &sent)?;
    carousel(template, &sent)
}

/// Count, names and contents of text parameters.
fn texts(place: &str, text: &str, parameters: &[Value], named: bool, max: usize) -> Check {
    let wanted = variables(text);
    if parameters.len() != wanted.len() {
        return Err(GraphError::send(
            132_000,
            format!(
                "{place}: number of localizable_params ({}) does not match the expected number of params ({})",
                parameters.len(),
                wanted.len()
            ),
        ));
    }
    for (index, parameter) in parameters.iter().enumerate() {
        let kind = parameter["type"].as_str().unwrap_or("text");
        let value =
            parameter_text(parameter).filter(|_| matches!(kind, "text" | "currency" | "date_time"));
        let Some(value) = value else {
            return Err(GraphError::send(
                132_012,
                format!("{place}: parameter {index} must be a text, got {kind}"),
            ));
        };
        if value.trim().is_empty() {
            return Err(GraphError::missing(&format!(
                "{place} parameter {index}: text"
            )));
        }
        if value.contains(['\n', '\t', '\r']) || value.contains("     ") {
            return Err(GraphError::send(
                132_018,
                format!(
                    "{place}: Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
                ),
            ));
        }
    }
    if named {
        for name in &wanted {
            if !parameters
                .iter()
                .any(|parameter| parameter["parameter_name"] == name.as_str())
            {
                return Err(GraphError::send(
                    132_012,
                    format!("{place}: Parameter name is missing or empty: {name}"),
                ));
            }
        }
    }
    let filled = fill(text, |name| value_of(parameters, named, name));
    if filled.chars().count() > max {
        return Err(GraphError::send(
            132_005,
            format!("{place}: text is longer than {max} characters after substitution"),
        ));
    }
    Ok(())
}

fn header(template: &Template, sent: &Sent<'_>) -> Check {
    let parameters = sent.parameters("header");
    let Some(header) = template.component("HEADER") else {
        return if parameters.is_empty() {
            Ok(())
        } else {
            Err(GraphError::send(
                132_018,
                "header: the template has no header",
            ))
        };
    };
    let format = header["format"].as_str().unwrap_or("TEXT").to_uppercase();
    match format.as_str() {
        "TEXT" => texts(
            "header",
            header["text"].as_str().unwrap_or_default(),
            parameters,
            template.named,
            60,
        ),
        "PRODUCT" => Ok(()),
        _ => {
            let kind = format.to_lowercase();
            let given = parameters
                .first()
                .and_then(|parameter| parameter["type"].as_str());
            if given.is_none_or(|given| !given.eq_ignore_ascii_case(&kind)) {
                let given = given.unwrap_or("UNKNOWN").to_uppercase();
                return Err(GraphError::send(
                    132_012,
                    format!("header: Format mismatch, expected {format}, received {given}"),
                ));
            }
            let value = &parameters[0][kind.as_str()];
            if kind == "location" {
                let has = ["latitude", "longitude"]
                    .iter()
                    .all(|key| !value[*key].is_null());
                return if has {
                    Ok(())
                } else {
                    Err(GraphError::missing(
                        "header: location['latitude'], ['longitude']",
                    ))
                };
            }
            if value["id"].is_null() && value["link"].is_null() {
                return Err(GraphError::missing(&format!(
                    "header: {kind}['id'] or {kind}['link']"
                )));
            }
            Ok(())
        }
    }
}

fn count(index: usize, have: usize, wanted: usize) -> Check {
    if have == wanted {
        return Ok(());
    }
    Err(GraphError::send(
        132_000,
        format!(
            "buttons: Button at index {index}: number of params ({have}) does not match the expected number of params ({wanted})"
        ),
    ))
}

fn authentication(template: &Template, sent: &Sent<'_>) -> Check {
    let body = sent.parameters("body");
    if body.len() != 1 {
        return Err(GraphError::send(
            132_000,
            format!(
                "body: number of localizable_params ({}) does not match the expected number of params (1)",
                body.len()
            ),
        ));
    }
    let code = parameter_text(&body[0]).unwrap_or_default();
    if code.is_empty() || code.chars().count() > 15 {
        return Err(GraphError::send(
            132_018,
            "body: the code must have 1 to 15 characters",
        ));
    }
    if template.buttons().is_empty() {
        return Ok(());
    }
    let button = sent.button_parameters(0);
    count(0, button.len(), 1)?;
    if parameter_text(&button[0]).as_deref() != Some(code.as_str()) {
        return Err(GraphError::send(
            132_018,
            "buttons: the code of the button differs from the code of the body",
        ));
    }
    Ok(())
}

fn buttons(template: &Template, sent: &Sent<'_>) -> Check {
    for (index, button) in template.buttons().iter().enumerate() {
        let given = sent.button_parameters(index);
        match button["type"].as_str().unwrap_or_default() {
            "URL" => {
                let wanted = variables(button["url"].as_str().unwrap_or_default()).len();
                count(index, given.len(), wanted)?;
                if wanted == 1 && parameter_text(&given[0]).is_none_or(|text| text.is_empty()) {
                    return Err(GraphError::missing(&format!("button {index}: text")));
                }
            }
            "COPY_CODE" => {
                count(index, given.len(), 1)?;
                let code = parameter_text(&given[0]).unwrap_or_default();
                if code.is_empty() || code.chars().count() > 20 {
                    return Err(GraphError::send(
                        132_018,
                        format!("button {index}: coupon code must have 1 to 20 characters"),
                    ));
                }
            }
            "QUICK_REPLY" => {
                if given.len() > 1 {
                    count(index, given.len(), 1)?;
                }
                if given
                    .first()
                    .is_some_and(|parameter| parameter["type"] != "payload")
                {
                    return Err(GraphError::send(
                        132_012,
                        format!("button {index}: expected a payload parameter"),
                    ));
                }
            }
            _ => {}
        }
    }
    let last = template.buttons().len();
    if let Some(stray) = (last..last + 10).find(|index| sent.button(*index).is_some()) {
        return Err(GraphError::send(
            132_018,
            format!("buttons: the template has no button at index {stray}"),
        ));
    }
    Ok(())
}

fn carousel(template: &Template, sent: &Sent<'_>) -> Check {
    let Some(cards) = template
        .component("CAROUSEL")
        .and_then(|c| c["cards"].as_array())
    else {
        return Ok(());
    };
    let given = sent
        .find("carousel")
        .and_then(|c| c["cards"].as_array())
        .map_or(&[][..], Vec::as_slice);
    if given.len() != cards.len() {
        return Err(GraphError::send(
            132_000,
            format!(
                "carousel: number of cards ({}) does not match the expected number ({})",
                given.len(),
                cards.len()
            ),
        ));
    }
    for (index, card) in cards.iter().enumerate() {
        let numbered = given
            .iter()
            .find(|sent| sent["card_index"].as_u64() == Some(index as u64));
        // A card is judged as a template of its own.
        let card = Template {
            components: card["components"].clone(),
            ..template.clone()
        };
        let sent = Sent::of(numbered.unwrap_or(&given[index]));
        header(&card, &sent)?;
        let body = card
            .component("BODY")
            .and_then(|body| body["text"].as_str());
        texts(
            "body",
            body.unwrap_or_default(),
            sent.parameters("body"),
            template.named,
            160,
        )?;
        buttons(&card, &sent)?;
    }
    Ok(())
}

/// The template with its parameters filled in, for the phone page.
pub(crate) fn render(
    template: &Template,
    sent: &Value,
    media_url: impl Fn(&Value) -> Option<String>,
) -> Value {
    let sent = Sent::of(sent);
    let mut out = parts(&template.components, template.named, &sent, &media_url);
    out["name"] = template.name.as_str().into();
    out["language"] = template.language.as_str().into();
    out["category"] = template.category.as_str().into();
    if template.category == "AUTHENTICATION" {
        let code = sent
            .parameters("body")
            .first()
            .and_then(parameter_text)
            .unwrap_or_default();
        out["body"] = format!("{code} is your verification code.").into();
    }
    if let Some(offer) = template.component("LIMITED_TIME_OFFER") {
        let ends = &sent
            .parameters("limited_time_offer")
            .first()
            .map(|p| &p["limited_time_offer"]);
        out["limited_time_offer"] = json!({
            "text": offer["limited_time_offer"]["text"],
            "expiration_time_ms": ends.map(|ends| &ends["expiration_time_ms"]),
        });
    }
    let cards = template
        .component("CAROUSEL")
        .and_then(|c| c["cards"].as_array());
    let given = sent.find("carousel").and_then(|c| c["cards"].as_array());
    if let Some((cards, given)) = cards.zip(given) {
        out["cards"] = cards
            .iter()
            .zip(given)
            .map(|(card, given)| {
                parts(
                    &card["components"],
                    template.named,
                    &Sent::of(given),
                    &media_url,
                )
            })
            .collect();
    }
    out
}

/// Header, body, footer and buttons of a template or of one card.
fn parts(
    components: &Value,
    named: bool,
    sent: &Sent<'_>,
    media_url: &impl Fn(&Value) -> Option<String>,
) -> Value {
    let mut out = json!({});
    if let Some(header) = component(components, "HEADER") {
        out["header"] = render_header(header, named, sent, media_url);
    }
    let parameters = sent.parameters("body");
    if let Some(text) = component(components, "BODY").and_then(|c| c["text"].as_str()) {
        out["body"] = fill(text, |name| value_of(parameters, named, name)).into();
    }
    if let Some(footer) = component(components, "FOOTER") {
        out["footer"] = match footer["code_expiration_minutes"].as_i64() {
            Some(minutes) => format!("This code expires in {minutes} minutes.").into(),
            None => footer["text"].clone(),
        };
    }
    let shown = buttons_of(components).iter().enumerate();
    out["buttons"] = shown
        .map(|(index, button)| render_button(index, button, sent))
        .collect();
    out
}

fn render_header(
    header: &Value,
    named: bool,
    sent: &Sent<'_>,
    media_url: &impl Fn(&Value) -> Option<String>,
) -> Value {
    let format = header["format"].as_str().unwrap_or("TEXT").to_uppercase();
    let parameters = sent.parameters("header");
    let given = parameters
        .first()
        .map_or(&Value::Null, |p| &p[format.to_lowercase().as_str()]);
    let mut shown = json!({"format": format});
    match format.as_str() {
        "TEXT" => {
            let text = header["text"].as_str().unwrap_or_default();
            shown["text"] = fill(text, |name| value_of(parameters, named, name)).into();
        }
        "LOCATION" => shown["location"] = given.clone(),
        "PRODUCT" => shown["product"] = given.clone(),
        _ => {
            shown["media_url"] = media_url(given).into();
            if let Some(name) = given["filename"].as_str() {
                shown["filename"] = name.into();
            }
        }
    }
    shown
}

fn render_button(index: usize, button: &Value, sent: &Sent<'_>) -> Value {
    let kind = button["type"].as_str().unwrap_or_default();
    let given = sent.button_parameters(index);
    let first = given.first().and_then(parameter_text);
    let mut shown = json!({"index": index, "type": kind, "text": button["text"]});
    match kind {
        "URL" => {
            let url = button["url"].as_str().unwrap_or_default();
            shown["url"] = fill(url, |_| first.clone()).into();
        }
        "PHONE_NUMBER" => shown["phone"] = button["phone_number"].clone(),
        "QUICK_REPLY" => {
            shown["payload"] = first.map_or_else(|| button["text"].clone(), Value::from);
        }
        "COPY_CODE" => {
            shown["code"] = first.into();
            shown["text"] = "Copy code".into();
        }
        "OTP" => {
            shown["code"] = first.into();
            if shown["text"].is_null() {
                shown["text"] = "Copy code".into();
            }
        }
        _ => {}
    }
    shown
}

/// Objects with media (`id` or `link`) in the parameters of a send, with their kind.
pub(crate) fn media(sent: &Value) -> Vec<(String, &Value)> {
    Sent::of(sent)
        .parameters("header")
        .iter()
        .filter_map(|parameter| {
            let kind = parameter["type"].as_str()?;
            matches!(kind, "image" | "video" | "document")
                .then(|| (kind.to_owned(), &parameter[kind]))
        })
        .collect()
}
