//! One table of drafts: good ones, and each rule broken once. Read by the rules' own test and by the one that
//! holds them against the simulator's.

#![expect(
    clippy::needless_pass_by_value,
    reason = "a table reads better without borrows"
)]

use serde_json::{Value, json};

/// What Meta does with a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meta {
    /// Approves it.
    Takes,
    /// Answers the creation with an error.
    Refuses,
    /// Takes it into review and rejects it.
    Rejects,
}

/// A draft and what is to be said of it.
pub(crate) struct Case {
    /// What it shows.
    pub(crate) name: &'static str,
    /// Fields of the draft.
    pub(crate) draft: Value,
    /// The code and field that are to be found; nothing for good drafts.
    pub(crate) wanted: Option<(&'static str, &'static str)>,
    /// What Meta does.
    pub(crate) meta: Meta,
}

fn draft(components: Value) -> Value {
    json!({"name": "order_update", "language": "en_US", "category": "utility",
        "parameter_format": "positional", "components": components})
}

fn body(text: &str) -> Value {
    json!({"type": "BODY", "text": text})
}

fn filled(text: &str, examples: &[&str]) -> Value {
    json!({"type": "BODY", "text": text, "example": {"body_text": [examples]}})
}

fn with(part: Value) -> Value {
    draft(json!([part, body("Your order is on its way.")]))
}

fn header(text: &str) -> Value {
    with(json!({"type": "HEADER", "format": "TEXT", "text": text}))
}

fn buttons(buttons: Value) -> Value {
    draft(json!([body("Your order is on its way."), {"type": "BUTTONS", "buttons": buttons}]))
}

fn changed(key: &str, value: impl Into<Value>) -> Value {
    let mut draft = draft(json!([body("Your order is on its way.")]));
    draft[key] = value.into();
    draft
}

fn authentication(components: Value) -> Value {
    let mut draft = draft(components);
    draft["category"] = "authentication".into();
    draft
}

fn marketing(components: Value) -> Value {
    let mut draft = draft(components);
    draft["category"] = "marketing".into();
    draft
}

fn named(components: Value) -> Value {
    let mut draft = draft(components);
    draft["parameter_format"] = "named".into();
    draft
}

fn named_body(text: &str, examples: &[(&str, &str)]) -> Value {
    let examples: Vec<Value> = examples
        .iter()
        .map(|(name, example)| json!({"param_name": name, "example": example}))
        .collect();
    json!({"type": "BODY", "text": text, "example": {"body_text_named_params": examples}})
}

fn quick(text: &str) -> Value {
    json!({"type": "QUICK_REPLY", "text": text})
}

fn link(url: &str) -> Value {
    json!({"type": "URL", "text": "Track", "url": url})
}

fn image() -> Value {
    json!({"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW1hZ2U"]}})
}

fn offer(text: &str, more: Value) -> Value {
    let offer = json!({"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": text, "has_expiration": true}});
    let go = json!([{"type": "COPY_CODE", "text": "Copy code", "example": "KITE25"}, link("https://kite.example/sale")]);
    let mut all = vec![
        image(),
        body("Half off all kites until Sunday."),
        offer,
        json!({"type": "BUTTONS", "buttons": go}),
    ];
    if !more.is_null() {
        let kind = more["type"].clone();
        all.retain(|part| part["type"] != kind);
        all.push(more);
    }
    marketing(json!(all))
}

fn card(format: &str, text: &str, buttons: &[Value]) -> Value {
    json!({"components": [
        {"type": "HEADER", "format": format, "example": {"header_handle": ["4::aW1hZ2U"]}},
        body(text),
        {"type": "BUTTONS", "buttons": buttons},
    ]})
}

fn carousel(cards: &[Value]) -> Value {
    marketing(json!([body("New kites this week."), {"type": "CAROUSEL", "cards": cards}]))
}

fn one_tap(more: &[(&str, Value)]) -> Value {
    let mut button = json!({"type": "OTP", "otp_type": "ONE_TAP", "text": "Copy code", "autofill_text": "Autofill",
        "supported_apps": [{"package_name": "com.example.kite", "signature_hash": "K8a/AINcGX7"}]});
    for (key, value) in more {
        button[*key] = value.clone();
    }
    authentication(
        json!([{"type": "BODY", "add_security_recommendation": true}, {"type": "BUTTONS", "buttons": [button]}]),
    )
}

fn copy_code() -> Value {
    json!({"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "Copy code"}]})
}

/// Drafts that Meta approves.
fn good() -> Vec<(&'static str, Value)> {
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

/// Drafts that break one rule each: code, field, draft.
fn broken() -> Vec<(&'static str, &'static str, Value)> {
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
    all.extend(broken_buttons());
    all.extend(broken_kinds());
    all
}

fn broken_buttons() -> Vec<(&'static str, &'static str, Value)> {
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

fn broken_kinds() -> Vec<(&'static str, &'static str, Value)> {
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

/// Drafts that Meta's reviewers reject.
fn rejected() -> Vec<(&'static str, &'static str, Value)> {
    vec![(
        "variables_adjacent",
        "components.body.text",
        draft(json!([filled(
            "Hello {{1}} {{2}}, your order is on its way to you.",
            &["Asha", "Rao"]
        )])),
    )]
}

/// The table.
pub(crate) fn cases() -> Vec<Case> {
    let good = good().into_iter().map(|(name, draft)| Case {
        name,
        draft,
        wanted: None,
        meta: Meta::Takes,
    });
    let bad = |meta: Meta, all: Vec<(&'static str, &'static str, Value)>| {
        all.into_iter().map(move |(code, field, draft)| Case {
            name: code,
            draft,
            wanted: Some((code, field)),
            meta,
        })
    };
    good.chain(bad(Meta::Refuses, broken()))
        .chain(bad(Meta::Rejects, rejected()))
        .collect()
}
