//! Codes, offers and carousels that break one rule each.

use serde_json::{Value, json};

use super::drafts::{
    authentication, body, card, carousel, copy_code, image, link, offer, one_tap, quick,
};

pub(super) fn broken() -> Vec<(&'static str, &'static str, Value)> {
    let secure = json!({"type": "BODY", "add_security_recommendation": true});
    let otp =
        |button: Value| authentication(json!([secure, {"type": "BUTTONS", "buttons": [button]}]));
    let cards = "components.carousel.cards";
    let red = || card("IMAGE", "A red kite", &[link("https://kite.example/red")]);
    vec![
        (
            "authentication_text",
            "components.body.text",
            authentication(json!([body("Your code is {{1}}."), copy_code()])),
        ),
        (
            "authentication_component",
            "components",
            authentication(json!([image(), secure, copy_code()])),
        ),
        (
            "code_expiration_range",
            "components.footer.code_expiration_minutes",
            authentication(
                json!([secure, {"type": "FOOTER", "code_expiration_minutes": 91}, copy_code()]),
            ),
        ),
        (
            "otp_button_required",
            "components.buttons",
            authentication(json!([secure])),
        ),
        (
            "otp_button_alone",
            "components.buttons",
            authentication(
                json!([secure, {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}, quick("Help")]}]),
            ),
        ),
        (
            "otp_type_unknown",
            "components.buttons[0].otp_type",
            otp(json!({"type": "OTP", "otp_type": "BY_POST"})),
        ),
        (
            "button_text_too_long",
            "components.buttons[0].text",
            otp(json!({"type": "OTP", "otp_type": "COPY_CODE", "text": "c".repeat(26)})),
        ),
        (
            "otp_package_required",
            "components.buttons[0].supported_apps[0].package_name",
            one_tap(&[("supported_apps", json!([{"signature_hash": "K8a/AINcGX7"}]))]),
        ),
        (
            "otp_signature_hash",
            "components.buttons[0].supported_apps[0].signature_hash",
            one_tap(&[(
                "supported_apps",
                json!([{"package_name": "com.example.kite", "signature_hash": "short"}]),
            )]),
        ),
        (
            "zero_tap_terms_required",
            "components.buttons[0].zero_tap_terms_accepted",
            one_tap(&[("otp_type", json!("ZERO_TAP"))]),
        ),
        (
            "offer_text_required",
            "components.limited_time_offer.text",
            offer("", Value::Null),
        ),
        (
            "offer_text_too_long",
            "components.limited_time_offer.text",
            offer("Ends sooner than soon", Value::Null),
        ),
        (
            "offer_footer",
            "components.footer",
            offer("Ends soon!", json!({"type": "FOOTER", "text": "Bye"})),
        ),
        (
            "offer_header",
            "components.header.format",
            offer(
                "Ends soon!",
                json!({"type": "HEADER", "format": "TEXT", "text": "Sale"}),
            ),
        ),
        (
            "offer_button",
            "components.buttons[0].type",
            offer(
                "Ends soon!",
                json!({"type": "BUTTONS", "buttons": [quick("Yes")]}),
            ),
        ),
        (
            "code_too_long",
            "components.buttons[0].example",
            offer(
                "Ends soon!",
                json!({"type": "BUTTONS", "buttons": [{"type": "COPY_CODE", "example": "c".repeat(16)}]}),
            ),
        ),
        (
            "body_too_long",
            "components.body.text",
            offer("Ends soon!", body(&"a".repeat(601))),
        ),
        ("carousel_cards", cards, carousel(&[red()])),
        (
            "carousel_cards_differ",
            "components.carousel.cards[1]",
            carousel(&[red(), card("IMAGE", "A blue kite", &[quick("More")])]),
        ),
        (
            "card_header",
            "components.carousel.cards[1].header",
            carousel(&[
                red(),
                card("DOCUMENT", "A kite", &[link("https://kite.example")]),
            ]),
        ),
        (
            "card_buttons",
            "components.carousel.cards[0].buttons",
            carousel(&[card("IMAGE", "A kite", &[]), card("IMAGE", "A kite", &[])]),
        ),
        (
            "body_too_long",
            "components.carousel.cards[0].body.text",
            carousel(&[
                card("IMAGE", &"a".repeat(161), &[link("https://kite.example")]),
                red(),
            ]),
        ),
    ]
}
