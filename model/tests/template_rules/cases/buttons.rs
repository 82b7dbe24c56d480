//! Drafts whose buttons break one rule each.

use serde_json::{Value, json};

use super::drafts::{body, buttons, copy_code, draft, link, quick};

pub(super) fn broken() -> Vec<(&'static str, &'static str, Value)> {
    let all = "components.buttons";
    let phone = |number: &str| {
        buttons(json!([{"type": "PHONE_NUMBER", "text": "Call us", "phone_number": number}]))
    };
    let url = |url: &str| {
        buttons(
            json!([{"type": "URL", "text": "Track", "url": url, "example": ["https://kite.example/t/1"]}]),
        )
    };
    vec![
        ("buttons_empty", all, buttons(json!([]))),
        (
            "buttons_too_many",
            all,
            buttons(json!(
                (0..9)
                    .map(|at| quick(&format!("Yes {at}")))
                    .chain([link("https://kite.example"), link("https://kite.example/2")])
                    .collect::<Vec<_>>()
            )),
        ),
        (
            "buttons_too_many_of_kind",
            all,
            buttons(json!([
                link("https://a.example"),
                link("https://b.example"),
                link("https://c.example")
            ])),
        ),
        (
            "quick_replies_split",
            all,
            buttons(json!([
                quick("Yes"),
                link("https://kite.example"),
                quick("No")
            ])),
        ),
        (
            "button_kind_unknown",
            "components.buttons[0].type",
            buttons(json!([{"type": "SHAKE", "text": "Shake"}])),
        ),
        (
            "button_text_required",
            "components.buttons[0].text",
            buttons(json!([quick("")])),
        ),
        (
            "button_text_too_long",
            "components.buttons[0].text",
            buttons(json!([quick(&"q".repeat(26))])),
        ),
        (
            "button_text_variables",
            "components.buttons[0].text",
            buttons(json!([quick("Yes {{1}}")])),
        ),
        (
            "button_text_newline",
            "components.buttons[0].text",
            buttons(json!([quick("Yes\nNo")])),
        ),
        ("url_required", "components.buttons[0].url", url("")),
        (
            "url_too_long",
            "components.buttons[0].url",
            url(&format!("https://kite.example/{}", "u".repeat(2_000))),
        ),
        (
            "url_invalid",
            "components.buttons[0].url",
            url("kite.example/sale"),
        ),
        (
            "braces_mismatched",
            "components.buttons[0].url",
            url("https://kite.example/{{1}"),
        ),
        (
            "url_too_many_variables",
            "components.buttons[0].url",
            url("https://kite.example/{{1}}/{{2}}"),
        ),
        (
            "url_variable_not_at_end",
            "components.buttons[0].url",
            url("https://kite.example/{{1}}/track"),
        ),
        (
            "url_variable_name",
            "components.buttons[0].url",
            url("https://kite.example/{{2}}"),
        ),
        (
            "url_example_required",
            "components.buttons[0].example",
            buttons(json!([link("https://kite.example/{{1}}")])),
        ),
        (
            "phone_required",
            "components.buttons[0].phone_number",
            phone(""),
        ),
        (
            "phone_too_long",
            "components.buttons[0].phone_number",
            phone("+91981234567890123456"),
        ),
        (
            "phone_invalid",
            "components.buttons[0].phone_number",
            phone("our shop"),
        ),
        (
            "code_required",
            "components.buttons[0].example",
            buttons(json!([{"type": "COPY_CODE"}])),
        ),
        (
            "code_too_long",
            "components.buttons[0].example",
            buttons(json!([{"type": "COPY_CODE", "example": "c".repeat(21)}])),
        ),
        (
            "otp_outside_authentication",
            all,
            draft(json!([body("Your code is here."), copy_code()])),
        ),
    ]
}
