//! Drafts whose name, header, body or footer breaks one rule each.

use serde_json::{Value, json};

use super::drafts::{body, changed, draft, filled, header, image, named, named_body, with};

/// Drafts that break one rule each: code, field, draft.
pub(super) fn broken() -> Vec<(&'static str, &'static str, Value)> {
    let b = "components.body.text";
    let h = "components.header.text";
    let mut all = vec![
        ("name_required", "name", changed("name", "")),
        ("name_too_long", "name", changed("name", "a".repeat(513))),
        ("name_characters", "name", changed("name", "Order-Update")),
        ("language_required", "language", changed("language", "")),
        ("language_unknown", "language", changed("language", "en_XX")),
        (
            "category_unknown",
            "category",
            changed("category", "transactional"),
        ),
        (
            "parameter_format_unknown",
            "parameter_format",
            changed("parameter_format", "numbered"),
        ),
        ("ttl_range", "ttl_seconds", changed("ttl_seconds", 20)),
        (
            "components_invalid",
            "components",
            changed("components", "Hello"),
        ),
        ("body_required", b, changed("components", json!([image()]))),
        (
            "component_unknown",
            "components[0].type",
            with(json!({"type": "MIDDLE", "text": "Hello"})),
        ),
        (
            "component_repeated",
            "components[1]",
            with(body("Two bodies.")),
        ),
    ];
    all.extend([
        (
            "header_format_unknown",
            "components.header.format",
            with(json!({"type": "HEADER", "format": "AUDIO"})),
        ),
        ("header_text_required", h, header(" ")),
        ("header_too_long", h, header(&"h".repeat(61))),
        ("header_newline", h, header("Your\norder")),
        ("header_markdown", h, header("Your *order*")),
        ("header_emoji", h, header("Your order 🪁")),
        (
            "header_too_many_variables",
            h,
            with(
                json!({"type": "HEADER", "format": "TEXT", "text": "Order {{1}} of {{2}}", "example": {"header_text": ["A17", "May"]}}),
            ),
        ),
        (
            "example_required",
            "components.header.example",
            header("Order {{1}}"),
        ),
        (
            "header_sample_required",
            "components.header.media_id",
            with(json!({"type": "HEADER", "format": "VIDEO"})),
        ),
    ]);
    all.extend([
        ("body_required", b, draft(json!([body("  ")]))),
        ("body_too_long", b, draft(json!([body(&"a".repeat(1_025))]))),
        (
            "braces_mismatched",
            b,
            draft(json!([filled(
                "Hello {{1}, your order is here.",
                &["Asha"]
            )])),
        ),
        (
            "variable_empty",
            b,
            draft(json!([filled(
                "Hello {{}}, your order is here.",
                &["Asha"]
            )])),
        ),
        (
            "variable_not_positional",
            b,
            draft(json!([filled(
                "Hello {{name}}, your order is here.",
                &["Asha"]
            )])),
        ),
        (
            "variables_not_consecutive",
            b,
            draft(json!([filled(
                "Hello {{1}}, your order {{3}} is on its way.",
                &["Asha", "A17", "x"]
            )])),
        ),
        (
            "variable_name",
            b,
            named(json!([named_body(
                "Hello {{First-Name}}, your order is here.",
                &[("First-Name", "Asha")]
            )])),
        ),
        (
            "variable_not_named",
            b,
            named(json!([named_body(
                "Hello {{1}}, your order is here.",
                &[("1", "Asha")]
            )])),
        ),
        (
            "variable_repeated",
            b,
            named(json!([named_body(
                "Hello {{name}}, your order is here, dear {{name}}, thank you.",
                &[("name", "Asha")]
            )])),
        ),
        (
            "example_required",
            "components.body.example",
            draft(json!([body("Hello {{1}}, your order is here.")])),
        ),
        (
            "example_required",
            "components.body.example",
            named(json!([named_body(
                "Hello {{name}}, your order is here.",
                &[("other", "Asha")]
            )])),
        ),
        (
            "body_starts_with_variable",
            b,
            draft(json!([filled("{{1}}, your order is here.", &["Asha"])])),
        ),
        (
            "body_ends_with_variable",
            b,
            draft(json!([filled("This is your order {{1}}", &["A17"])])),
        ),
        (
            "body_too_few_words",
            b,
            draft(json!([filled(
                "Hi {{1}}, {{2}}, {{3}} you",
                &["Asha", "A17", "May"]
            )])),
        ),
        (
            "footer_text_required",
            "components.footer.text",
            with(json!({"type": "FOOTER", "text": ""})),
        ),
        (
            "footer_too_long",
            "components.footer.text",
            with(json!({"type": "FOOTER", "text": "f".repeat(61)})),
        ),
        (
            "footer_variables",
            "components.footer.text",
            with(json!({"type": "FOOTER", "text": "From {{1}}"})),
        ),
    ]);
    all
}
