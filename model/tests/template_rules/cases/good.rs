//! Drafts that Meta approves.

use serde_json::{Value, json};

use super::drafts::{
    authentication, body, buttons, card, carousel, changed, copy_code, draft, filled, header,
    image, link, named, named_body, offer, one_tap, quick, with,
};

/// Drafts that Meta approves.
pub(super) fn good() -> Vec<(&'static str, Value)> {
    vec![
        ("a body", draft(json!([body("Your order is on its way.")]))),
        (
            "a body at its limit",
            draft(json!([body(&"a".repeat(1_024))])),
        ),
        (
            "characters, not bytes",
            draft(json!([body(&"ä".repeat(1_024))])),
        ),
        (
            "positional variables",
            draft(json!([filled(
                "Hello {{1}}, your order {{2}} is on its way to you.",
                &["Asha", "A17"]
            )])),
        ),
        (
            "the same variable twice",
            draft(json!([filled(
                "Hello {{1}}, this is your order, dear {{1}}, thank you.",
                &["Asha"]
            )])),
        ),
        (
            "named variables",
            named(json!([named_body(
                "Hello {{first_name}}, your order {{order_2}} is on its way to you.",
                &[("first_name", "Asha"), ("order_2", "A17")]
            )])),
        ),
        (
            "markdown and line breaks in the body",
            draft(json!([body("*Thank you.*\n\nYour _order_ is here 🪁")])),
        ),
        (
            "a single brace",
            draft(json!([body("Sizes {S, M} are here.")])),
        ),
        ("a text header", header("Your order")),
        (
            "a header with a variable",
            with(
                json!({"type": "HEADER", "format": "TEXT", "text": "Order {{1}}", "example": {"header_text": ["A17"]}}),
            ),
        ),
        (
            "a named header",
            named(json!([
                {"type": "HEADER", "format": "TEXT", "text": "Order {{order_id}}",
                    "example": {"header_text_named_params": [{"param_name": "order_id", "example": "A17"}]}},
                body("Your order is on its way."),
            ])),
        ),
        ("an image header", with(image())),
        (
            "a document header",
            with(
                json!({"type": "HEADER", "format": "DOCUMENT", "example": {"header_handle": ["4::a"]}}),
            ),
        ),
        (
            "a place",
            with(json!({"type": "HEADER", "format": "LOCATION"})),
        ),
        (
            "a footer at its limit",
            with(json!({"type": "FOOTER", "text": "f".repeat(60)})),
        ),
        (
            "quick replies, then a link",
            buttons(json!([
                quick("Thanks"),
                quick("Stop"),
                link("https://kite.example")
            ])),
        ),
        (
            "a link, then quick replies",
            buttons(json!([
                link("https://kite.example"),
                quick("Thanks"),
                quick("Stop")
            ])),
        ),
        (
            "a link with a variable",
            buttons(
                json!([{"type": "URL", "text": "Track", "url": "https://kite.example/t/{{1}}", "example": ["https://kite.example/t/A17"]}]),
            ),
        ),
        (
            "a phone number",
            buttons(
                json!([{"type": "PHONE_NUMBER", "text": "Call us", "phone_number": "+919812345678"}]),
            ),
        ),
        (
            "a code to copy",
            buttons(json!([{"type": "COPY_CODE", "example": "a".repeat(20)}])),
        ),
        (
            "ten quick replies",
            buttons(json!(
                (0..10)
                    .map(|at| quick(&format!("Yes {at}")))
                    .collect::<Vec<_>>()
            )),
        ),
        (
            "a code by Meta's words",
            authentication(json!([
                {"type": "BODY", "add_security_recommendation": true},
                {"type": "FOOTER", "code_expiration_minutes": 10},
                copy_code(),
            ])),
        ),
        ("a code by one tap", one_tap(&[])),
        ("an offer that ends", offer("Ends soon!", Value::Null)),
        (
            "a carousel",
            carousel(&[
                card("IMAGE", "A red kite", &[link("https://kite.example/red")]),
                card("IMAGE", "A blue kite", &[link("https://kite.example/blue")]),
            ]),
        ),
        ("a lifetime", changed("ttl_seconds", 600)),
    ]
}
