//! The rules for creating and editing templates (section 3.2 of the reference).
//!
//! Faults of form are refused at once; faults that Meta's reviewers find come back as a rejection
//! after the review ([`crate::reviewer`]). Wigwag has rules of its own for the same, and a test holds the two
//! against each other: they share nothing on purpose.

mod buttons;
mod kinds;
mod text;

use serde_json::Value;

use crate::graph::error::GraphError;
use crate::template::{buttons as buttons_of, component};

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

/// Kinds of components.
const KINDS: &[&str] = &[
    "HEADER",
    "BODY",
    "FOOTER",
    "BUTTONS",
    "CAROUSEL",
    "LIMITED_TIME_OFFER",
    "CALL_PERMISSION_REQUEST",
];

/// Checks the components of a template to be created or edited.
pub(crate) fn components(components: &Value, category: &str, named: bool) -> Check {
    let list = components.as_array().filter(|list| !list.is_empty());
    let list =
        list.ok_or_else(|| GraphError::parameter("The parameter components is required."))?;
    let mut seen: Vec<String> = Vec::new();
    for part in list {
        let kind = part["type"].as_str().unwrap_or_default().to_uppercase();
        if !KINDS.contains(&kind.as_str()) {
            return Err(GraphError::parameter(format!(
                "Component type \"{kind}\" is not one of {}",
                KINDS.join(", ")
            )));
        }
        if seen.contains(&kind) {
            return Err(GraphError::parameter(format!(
                "There must be at most one component of type {kind}"
            )));
        }
        seen.push(kind);
    }
    let Some(body) = component(components, "BODY") else {
        return wrong_format((2_388_072, "body"), "A template needs a body.");
    };
    if category == "AUTHENTICATION" {
        return kinds::authentication(components);
    }
    let offer = component(components, "LIMITED_TIME_OFFER");
    let (longest, code) = if offer.is_some() {
        (600, 15)
    } else {
        (1024, 20)
    };
    text::header(components, named)?;
    text::body(body, named, longest)?;
    text::footer(components)?;
    if component(components, "BUTTONS").is_some() {
        let buttons = buttons_of(components);
        if buttons.is_empty() {
            return Err(GraphError::parameter("Param buttons must not be empty"));
        }
        buttons::check(buttons, code)?;
    }
    if let Some(offer) = offer {
        kinds::limited_offer(components, offer)?;
    }
    match component(components, "CAROUSEL") {
        Some(carousel) => kinds::carousel(carousel, named),
        None => Ok(()),
    }
}

fn wrong_format(part: (i64, &str), text: impl Into<String>) -> Check {
    let title = format!("Message {} format is incorrect", part.1);
    Err(GraphError::management(part.0, &title, text))
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
