//! What Meta's reviewers think of a template. Their judgement is theirs; this one goes by words, so that demos
//! and tests can bring about each outcome.

use serde_json::Value;

use crate::template::{buttons, component};

/// A rejection: reason, what is wrong, what to do.
pub(crate) type Rejection = (&'static str, &'static str, &'static str);

/// Words that ask for what nobody may ask for in a message.
const SENSITIVE: &[&str] = &[
    "credit card number",
    "card number",
    "password",
    "social security",
    "cvv",
];

/// Words of codes, which belong into authentication templates.
const CODES: &[&str] = &[
    "verification code",
    "one-time password",
    "one time password",
    "one-time code",
    "otp is",
    "login code",
];

/// Words that sell.
const SELLING: &[&str] = &[
    "% off",
    "discount",
    "coupon",
    "promo",
    " sale",
    "special offer",
    "exclusive offer",
    "limited time",
    "shop now",
    "buy now",
    "order now",
    "hurry",
    "don't miss",
    "new arrivals",
    "best deals",
    "buy one",
    "cashback",
    "free gift",
];

/// What a reviewer finds: a rejection, or nothing.
pub(crate) fn review(components: &Value, category: &str) -> Option<Rejection> {
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
    let words = words(components);
    if SENSITIVE.iter().any(|word| words.contains(word)) {
        return Some((
            "SCAM",
            "Your template asks for sensitive data.",
            "Remove the request for identifiers, card numbers or passwords.",
        ));
    }
    if category != "AUTHENTICATION" && CODES.iter().any(|word| words.contains(word)) {
        return Some((
            "INCORRECT_CATEGORY",
            "Your template sends a code for signing in.",
            "Create it again in the category AUTHENTICATION.",
        ));
    }
    None
}

/// Whether a template sells something, whatever its category says.
pub(crate) fn sells(components: &Value) -> bool {
    let words = words(components);
    SELLING.iter().any(|word| words.contains(word))
}

/// All that one reads of a template, in small letters.
fn words(components: &Value) -> String {
    let mut words = String::from(" ");
    let parts = ["HEADER", "BODY", "FOOTER"].map(|kind| component(components, kind));
    let labels = buttons(components).iter();
    for part in parts.into_iter().flatten().chain(labels) {
        words.push_str(part["text"].as_str().unwrap_or_default());
        words.push(' ');
    }
    words.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn body(text: &str) -> Value {
        json!([{"type": "BODY", "text": text}])
    }

    #[test]
    fn words_decide() {
        assert!(sells(&body("Get 20% off all kites")));
        assert!(sells(&json!([
            {"type": "BODY", "text": "Your order came."},
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Shop now"}]},
        ])));
        assert!(!sells(&body("Your order A17 is on its way.")));
        let reason = |text: &str| review(&body(text), "UTILITY").map(|found| found.0);
        assert_eq!(reason("Tell us your password, please"), Some("SCAM"));
        assert_eq!(
            reason("Your verification code is 1234 today"),
            Some("INCORRECT_CATEGORY")
        );
        assert_eq!(
            reason("Hello {{1}} {{2}}, your order is here"),
            Some("INVALID_FORMAT")
        );
        assert_eq!(reason("Your order is here"), None);
    }
}
