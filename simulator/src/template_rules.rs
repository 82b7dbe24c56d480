//! The rules for creating and editing templates (section 3.2 of the reference).
//!
//! Faults of form are refused at once; faults that Meta's reviewers find come back as a rejection
//! after the review.

use serde_json::Value;

use crate::graph::error::GraphError;
use crate::template::{buttons, component, variables};

type Check = Result<(), GraphError>;

/// Language codes that templates may have.
pub(crate) const LANGUAGES: &[&str] = &[
    "af", "sq", "ar", "ar_EG", "ar_AE", "ar_LB", "ar_MA", "ar_QA", "az", "be_BY", "bn", "bn_IN",
    "bg", "ca", "zh_CN", "zh_HK", "zh_TW", "hr", "cs", "da", "prs_AF", "nl", "nl_BE", "en",
    "en_GB", "en_US", "en_AE", "en_AU", "en_CA", "en_GH", "en_IE", "en_IN", "en_JM", "en_MY",
    "en_NZ", "en_QA", "en_SG", "en_UG", "en_ZA", "et", "fil", "fi", "fr", "fr_BE", "fr_CA",
    "fr_CH", "fr_CI", "fr_MA", "ka", "de", "de_AT", "de_CH", "el", "gu", "ha", "he", "hi", "hu",
    "id", "ga", "it", "ja", "kn", "kk", "rw_RW", "ko", "ky_KG", "lo", "lv", "lt", "mk", "ms", "ml",
    "mr", "nb", "ps_AF", "fa", "pl", "pt_BR", "pt_PT", "pa", "ro", "ru", "sr", "si_LK", "sk", "sl",
    "es", "es_AR", "es_CL", "es_CO", "es_CR", "es_DO", "es_EC", "es_HN", "es_MX", "es_PA", "es_PE",
    "es_ES", "es_UY", "sw", "sv", "ta", "te", "th", "tr", "uk", "ur", "uz", "vi", "zu",
];

/// Checks a name: small letters, digits, underscores, at most 512.
pub(crate) fn name(name: &str) -> Check {
    let good = !name.is_empty()
        && name.len() <= 512
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if good {
        return Ok(());
    }
    Err(GraphError::parameter(
        "Param name must have only lower-case letters, digits and underscores, and at most 512 characters",
    ))
}

/// Checks the components of a template to be created or edited.
pub(crate) fn components(components: &Value, category: &str, named: bool) -> Check {
    let list = components.as_array().filter(|list| !list.is_empty());
    let list =
        list.ok_or_else(|| GraphError::parameter("The parameter components is required."))?;
    for kind in ["HEADER", "BODY", "FOOTER", "BUTTONS"] {
        let count = list
            .iter()
            .filter(|c| {
                c["type"]
                    .as_str()
                    .is_some_and(|t| t.eq_ignore_ascii_case(kind))
            })
            .count();
        if count > 1 {
            return Err(GraphError::parameter(format!(
                "There must be at most one component of type {kind}"
            )));
        }
    }
    let body = component(components, "BODY");
    let body = body.ok_or_else(|| {
        GraphError::management(
            2_388_072,
            "Message body format is incorrect",
            "A template needs a body.",
        )
    })?;
    if category == "AUTHENTICATION" {
        return authentication(components);
    }
    header(components, named)?;
    check_body(body, named, 1024)?;
    footer(components)?;
    check_buttons(buttons(components))?;
    limited_offer(components)?;
    carousel(components, named)
}

fn wrong(text: impl Into<String>) -> Check {
    Err(GraphError::management(
        2_388_153,
        "Template components are incorrect",
        text,
    ))
}

/// An offer that ends: a short text, no footer, a picture or film above, a short body.
fn limited_offer(components: &Value) -> Check {
    let Some(offer) = component(components, "LIMITED_TIME_OFFER") else {
        return Ok(());
    };
    let text = offer["limited_time_offer"]["text"].as_str();
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return wrong("A limited-time offer needs limited_time_offer.text.");
    };
    too_long("limited-time offer", text, 16)?;
    if component(components, "FOOTER").is_some() {
        return wrong("A limited-time offer has no footer.");
    }
    if let Some(header) = component(components, "HEADER") {
        let format = header["format"].as_str().unwrap_or("TEXT").to_uppercase();
        if !matches!(format.as_str(), "IMAGE" | "VIDEO") {
            return wrong("The header of a limited-time offer is an image or a video.");
        }
    }
    let body = component(components, "BODY").and_then(|body| body["text"].as_str());
    too_long("body", body.unwrap_or_default(), 600)
}

/// Two to ten cards, alike in header and buttons.
fn carousel(components: &Value, named: bool) -> Check {
    let Some(carousel) = component(components, "CAROUSEL") else {
        return Ok(());
    };
    let cards = carousel["cards"].as_array().map_or(&[][..], Vec::as_slice);
    if !(2..=10).contains(&cards.len()) {
        return wrong(format!(
            "A carousel has 2 to 10 cards; this one has {}.",
            cards.len()
        ));
    }
    let mut looks = Vec::with_capacity(cards.len());
    for card in cards {
        let parts = &card["components"];
        let format = component(parts, "HEADER").and_then(|header| header["format"].as_str());
        let format = format.unwrap_or_default().to_uppercase();
        if !matches!(format.as_str(), "IMAGE" | "VIDEO" | "PRODUCT") {
            return wrong("Each card needs a header of format IMAGE, VIDEO or PRODUCT.");
        }
        header(parts, named)?;
        if let Some(body) = component(parts, "BODY") {
            check_body(body, named, 160)?;
        }
        let buttons = buttons(parts);
        if !(1..=2).contains(&buttons.len()) {
            return wrong("Each card has 1 or 2 buttons.");
        }
        check_buttons(buttons)?;
        let kinds = buttons.iter().map(|button| button["type"].as_str());
        let kinds: Vec<String> = kinds
            .map(|kind| kind.unwrap_or_default().to_uppercase())
            .collect();
        looks.push((format, kinds));
    }
    if looks.windows(2).any(|pair| pair[0] != pair[1]) {
        return wrong("All cards must have the same header format and the same buttons.");
    }
    Ok(())
}

fn too_long(field: &str, text: &str, max: usize) -> Check {
    if text.chars().count() <= max {
        return Ok(());
    }
    Err(GraphError::management(
        2_388_040,
        "Character Limit Exceeded",
        format!("The {field} field is longer than {max} characters."),
    ))
}

/// Variables must be 1, 2, 3 … or proper names, each with an example.
fn check_variables(
    names: &[String],
    named: bool,
    examples: usize,
    subcode: i64,
    place: &str,
) -> Check {
    let title = format!("Message {place} format is incorrect");
    let wrong = |text: String| Err(GraphError::management(subcode, &title, text));
    for (index, name) in names.iter().enumerate() {
        let proper = if named {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        } else {
            *name == (index + 1).to_string()
        };
        if !proper {
            return wrong(format!(
                "Variable {{{{{name}}}}} is not allowed here; positional variables run from {{{{1}}}} on, named ones have small letters, digits and underscores."
            ));
        }
    }
    if examples < names.len() {
        return wrong(format!(
            "The {place} has {} variables but {examples} examples.",
            names.len()
        ));
    }
    Ok(())
}

fn header(components: &Value, named: bool) -> Check {
    let Some(header) = component(components, "HEADER") else {
        return Ok(());
    };
    let format = header["format"].as_str().unwrap_or("TEXT").to_uppercase();
    match format.as_str() {
        "TEXT" => {
            let text = header["text"].as_str().unwrap_or_default();
            let title = "Message header format is incorrect";
            if text.is_empty() {
                return Err(GraphError::management(
                    2_388_047,
                    title,
                    "The header needs a text.",
                ));
            }
            too_long("header", text, 60)?;
            if text.contains(['\n', '*', '_', '~']) && !text.contains("{{") {
                return Err(GraphError::management(
                    2_388_047,
                    title,
                    "The header can't have new lines, formatting characters, emojis or asterisks.",
                ));
            }
            let names = variables(text);
            if names.len() > 1 {
                return Err(GraphError::management(
                    2_388_047,
                    title,
                    "The header can have one variable.",
                ));
            }
            let example = &header["example"];
            let examples = if named {
                &example["header_text_named_params"]
            } else {
                &example["header_text"]
            };
            check_variables(
                &names,
                named,
                examples.as_array().map_or(0, Vec::len),
                2_388_047,
                "header",
            )
        }
        "IMAGE" | "VIDEO" | "DOCUMENT" | "GIF" => {
            let has = header["example"]["header_handle"]
                .as_array()
                .is_some_and(|handles| !handles.is_empty());
            if has {
                return Ok(());
            }
            Err(GraphError::management(
                2_388_273,
                "Missing sample for media header",
                format!("A header of format {format} needs example.header_handle."),
            ))
        }
        "LOCATION" | "PRODUCT" => Ok(()),
        other => Err(GraphError::parameter(format!(
            "Header format {other} is not one of TEXT, IMAGE, VIDEO, DOCUMENT, LOCATION"
        ))),
    }
}

fn check_body(body: &Value, named: bool, max: usize) -> Check {
    let text = body["text"].as_str().unwrap_or_default();
    if text.trim().is_empty() {
        return Err(GraphError::management(
            2_388_072,
            "Message body format is incorrect",
            "The body needs a text.",
        ));
    }
    too_long("body", text, max)?;
    let names = variables(text);
    let example = &body["example"];
    let examples = if named {
        example["body_text_named_params"]
            .as_array()
            .map_or(0, Vec::len)
    } else {
        positional_examples(&example["body_text"])
    };
    check_variables(&names, named, examples, 2_388_072, "body")?;
    let trimmed = text.trim();
    if trimmed.starts_with("{{") || trimmed.ends_with("}}") {
        return Err(GraphError::management(
            2_388_299,
            "Leading or trailing params not allowed",
            "Variables can't be at the start or end of the template.",
        ));
    }
    let words = text
        .split_whitespace()
        .filter(|word| !word.contains("{{"))
        .count();
    if words < names.len() {
        return Err(GraphError::management(
            2_388_293,
            "Parameters/words ratio exceeds limit",
            "This template has too many variables for its length. Reduce the number of variables or increase the message length.",
        ));
    }
    Ok(())
}

/// Examples of positional variables: a list of lists as documented, or what is taken for it.
fn positional_examples(given: &Value) -> usize {
    match given {
        Value::String(_) => 1,
        Value::Array(all) => match all.first() {
            Some(Value::Array(first)) => first.len(),
            _ => all.len(),
        },
        _ => 0,
    }
}

fn footer(components: &Value) -> Check {
    let Some(footer) = component(components, "FOOTER") else {
        return Ok(());
    };
    let text = footer["text"].as_str().unwrap_or_default();
    if text.is_empty() || !variables(text).is_empty() {
        return Err(GraphError::management(
            2_388_073,
            "Message footer format is incorrect",
            "The footer needs a text without variables.",
        ));
    }
    too_long("footer", text, 60)
}

fn check_buttons(buttons: &[Value]) -> Check {
    let wrong = |text: String| {
        Err(GraphError::management(
            2_388_153,
            "Buttons are incorrect",
            text,
        ))
    };
    let kind = |button: &Value| button["type"].as_str().unwrap_or_default().to_uppercase();
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
    ] {
        if count(what) > max {
            return wrong(format!("At most {max} buttons of type {what} are allowed."));
        }
    }
    if buttons.len() > 10 {
        return wrong("At most 10 buttons are allowed.".into());
    }
    let quick: Vec<bool> = buttons
        .iter()
        .map(|button| kind(button) == "QUICK_REPLY")
        .collect();
    if quick.windows(2).filter(|pair| pair[0] != pair[1]).count() > 1 {
        return wrong("Quick replies must stand together.".into());
    }
    for button in buttons {
        let text = button["text"].as_str().unwrap_or_default();
        match kind(button).as_str() {
            "COPY_CODE" => {
                let example = button["example"]
                    .as_str()
                    .or(button["example"][0].as_str())
                    .unwrap_or_default();
                too_long("coupon code", example, 20)?;
                continue;
            }
            "URL" => {
                let url = button["url"].as_str().unwrap_or_default();
                too_long("url", url, 2000)?;
                let names = variables(url);
                if url.is_empty() || names.len() > 1 || (names.len() == 1 && !url.ends_with("}}")) {
                    return wrong(
                        "A URL button needs a url with at most one variable, at its end.".into(),
                    );
                }
                if names.len() == 1 && button["example"].is_null() {
                    return wrong("A URL button with a variable needs an example.".into());
                }
            }
            "PHONE_NUMBER" => too_long(
                "phone number",
                button["phone_number"].as_str().unwrap_or_default(),
                20,
            )?,
            "QUICK_REPLY"
            | "FLOW"
            | "CATALOG"
            | "MPM"
            | "SPM"
            | "VOICE_CALL"
            | "CALL_PERMISSION_REQUEST"
            | "OTP"
            | "ORDER_DETAILS" => {}
            other => {
                return Err(GraphError::parameter(format!(
                    "Button type {other} is not known"
                )));
            }
        }
        too_long("button text", text, 25)?;
        if text.is_empty() && !matches!(kind(button).as_str(), "OTP" | "CATALOG" | "MPM" | "SPM") {
            return wrong("A button needs a text.".into());
        }
    }
    Ok(())
}

fn authentication(components: &Value) -> Check {
    let buttons = buttons(components);
    if buttons.len() != 1
        || buttons[0]["type"]
            .as_str()
            .is_none_or(|kind| !kind.eq_ignore_ascii_case("OTP"))
    {
        return Err(GraphError::parameter(
            "An authentication template needs exactly one button of type OTP",
        ));
    }
    let minutes =
        component(components, "FOOTER").map(|footer| footer["code_expiration_minutes"].as_i64());
    if let Some(minutes) = minutes
        && !minutes.is_some_and(|minutes| (1..=90).contains(&minutes))
    {
        return Err(GraphError::parameter(
            "code_expiration_minutes must be from 1 to 90",
        ));
    }
    Ok(())
}

/// What a reviewer finds: rejection reason with text and advice, or nothing.
pub(crate) fn review(components: &Value) -> Option<(&'static str, &'static str, &'static str)> {
    let text = component(components, "BODY")
        .and_then(|body| body["text"].as_str())
        .unwrap_or_default();
    let joined: String = text.split_whitespace().collect();
    if joined.contains("}}{{") {
        return Some((
            "INVALID_FORMAT",
            "Your template has parameters placed next to each other without text or punctuation between them.",
            "Separate parameters with descriptive text and ensure each parameter is clearly contextualized.",
        ));
    }
    let lower = text.to_lowercase();
    if ["credit card number", "password", "social security"]
        .iter()
        .any(|word| lower.contains(word))
    {
        return Some((
            "SCAM",
            "Your template asks for sensitive data.",
            "Remove the request for identifiers, card numbers or passwords.",
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn body(text: &str, examples: &[&str]) -> Value {
        json!([{"type": "BODY", "text": text, "example": {"body_text": [examples]}}])
    }

    fn subcode(result: Check) -> Option<i64> {
        result.unwrap_err().subcode
    }

    #[test]
    fn bodies() {
        assert!(
            components(
                &body("Hi {{1}}, welcome back!", &["Asha"]),
                "MARKETING",
                false
            )
            .is_ok()
        );
        assert_eq!(
            subcode(components(&body("Hi {{1}}, you", &[]), "MARKETING", false)),
            Some(2_388_072)
        );
        assert_eq!(
            subcode(components(
                &body("{{1}} is here now", &["A"]),
                "MARKETING",
                false
            )),
            Some(2_388_299)
        );
        assert_eq!(
            subcode(components(
                &body("Hi {{2}} there you", &["A"]),
                "MARKETING",
                false
            )),
            Some(2_388_072)
        );
        assert_eq!(
            subcode(components(
                &body(&"a".repeat(1025), &[]),
                "MARKETING",
                false
            )),
            Some(2_388_040)
        );
    }

    #[test]
    fn quick_replies_stand_together() {
        let with = |kinds: &[&str]| {
            let buttons: Vec<_> = kinds
                .iter()
                .map(|kind| json!({"type": kind, "text": "Go", "url": "https://e.com"}))
                .collect();
            let all = json!([{"type": "BODY", "text": "Hello there"}, {"type": "BUTTONS", "buttons": buttons}]);
            components(&all, "MARKETING", false)
        };
        assert!(with(&["QUICK_REPLY", "QUICK_REPLY", "URL"]).is_ok());
        assert!(with(&["QUICK_REPLY", "URL", "QUICK_REPLY"]).is_err());
        assert!(with(&["URL", "URL", "URL"]).is_err());
    }

    #[test]
    fn examples_may_be_a_list_or_one_text() {
        for examples in [json!([["Asha"]]), json!(["Asha"]), json!("Asha")] {
            let all = json!([{"type": "BODY", "text": "Hi {{1}}, welcome back!", "example": {"body_text": examples}}]);
            assert!(components(&all, "MARKETING", false).is_ok(), "{examples}");
        }
    }

    #[test]
    fn carousels_have_cards_that_are_alike() {
        let card = |format: &str, button: &str| {
            json!({"components": [
                {"type": "header", "format": format, "example": {"header_handle": ["4::a"]}},
                {"type": "body", "text": "A kite"},
                {"type": "buttons", "buttons": [{"type": button, "text": "See", "url": "https://e.com"}]},
            ]})
        };
        let with = |cards: &[Value]| {
            let all = json!([{"type": "BODY", "text": "New this week"}, {"type": "CAROUSEL", "cards": cards}]);
            components(&all, "MARKETING", false)
        };
        assert!(with(&[card("IMAGE", "URL"), card("image", "url")]).is_ok());
        assert!(with(&[card("IMAGE", "URL")]).is_err());
        assert!(with(&[card("IMAGE", "URL"), card("VIDEO", "URL")]).is_err());
        assert!(with(&[card("IMAGE", "URL"), card("IMAGE", "QUICK_REPLY")]).is_err());
        assert!(with(&[card("TEXT", "URL"), card("TEXT", "URL")]).is_err());
    }

    #[test]
    fn offers_that_end_are_short() {
        let with = |text: &str, more: Value| {
            let offer = json!({"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": text, "has_expiration": true}});
            components(
                &json!([{"type": "BODY", "text": "Half off"}, offer, more]),
                "MARKETING",
                false,
            )
        };
        let buttons = json!({"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Go", "url": "https://e.com"}]});
        assert!(with("Ends soon!", buttons.clone()).is_ok());
        assert!(with("Ends sooner than you think", buttons).is_err());
        assert!(with("Ends soon!", json!({"type": "FOOTER", "text": "Bye"})).is_err());
    }

    #[test]
    fn names() {
        assert!(name("order_1").is_ok());
        assert!(name("Order 1").is_err());
    }
}
