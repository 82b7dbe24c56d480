//! What a template and its values become, for each kind.

use serde_json::{Value, json};
use wigwag_model::id::Id as _;
use wigwag_model::{MediaId, TemplateId, Timestamp, WabaId};
use wigwag_store::templates::Template as Row;

use super::*;

fn row(components: Value, named: bool) -> Row {
    let at = Timestamp::from_seconds(1);
    Row {
        id: TemplateId::new(at, [1; 10]),
        waba: WabaId::new(at, [2; 10]),
        waba_id: "1".to_owned(),
        meta_template_id: Some("2".to_owned()),
        name: "kite".to_owned(),
        language: "en".to_owned(),
        category: "marketing".to_owned(),
        previous_category: None,
        category_changed_at: None,
        announced_category: None,
        status: "approved".to_owned(),
        quality: "green".to_owned(),
        rejected_reason: None,
        rejection_words: None,
        rejection_advice: None,
        pause_reason: None,
        pause_words: None,
        parameter_format: if named { "named" } else { "positional" }.to_owned(),
        components,
        ttl_seconds: None,
        header_media: None,
        edit: None,
        refusal: None,
        submitting_at: None,
        submitted_at: None,
        created_by: None,
        created_at: at,
        updated_at: None,
        revision: 0,
        versions: 1,
        synced_at: at,
    }
}

fn values(all: &[(&str, &str)]) -> Values {
    all.iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

/// What is shown and what Meta gets, as JSON.
fn rendered(components: Value, given: &[(&str, &str)], attached: &Attached) -> (Value, Value) {
    let done = render(&row(components, false), &values(given), attached).unwrap();
    (
        serde_json::to_value(done.content).unwrap(),
        serde_json::to_value(done.template.components).unwrap(),
    )
}

fn field(components: Value, given: &[(&str, &str)]) -> String {
    match render(
        &row(components, false),
        &values(given),
        &Attached::default(),
    ) {
        Err(SendError::Field { field, .. }) => field,
        other => panic!("expected a field, got {other:?}"),
    }
}

#[test]
fn texts_are_filled_on_both_sides() {
    let components = json!([
        {"type": "HEADER", "format": "TEXT", "text": "Order {{1}}"},
        {"type": "BODY", "text": "Hello {{1}}, {{2}} is on its way to {{1}}."},
        {"type": "FOOTER", "text": "Kite & Co."},
        {"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": "Thanks"},
            {"type": "URL", "text": "Track", "url": "https://kite.example/t/{{1}}"},
            {"type": "COPY_CODE", "text": "Copy code"},
        ]},
    ]);
    let given = [
        ("header.1", "A17"),
        ("body.1", "Asha"),
        ("body.2", "a kite"),
        ("button.0.payload", "thanks"),
        ("button.1.url", "A17"),
        ("button.2.code", "KITE25"),
    ];
    let (shown, sent) = rendered(components, &given, &Attached::default());
    assert_eq!(shown["header"]["text"], "Order A17");
    assert_eq!(shown["body"], "Hello Asha, a kite is on its way to Asha.");
    assert_eq!(shown["buttons"][1]["url"], "https://kite.example/t/A17");
    assert_eq!(shown["buttons"][2]["code"], "KITE25");
    assert_eq!(
        sent,
        json!([
            {"type": "header", "parameters": [{"type": "text", "text": "A17"}]},
            {"type": "body", "parameters": [{"type": "text", "text": "Asha"}, {"type": "text", "text": "a kite"}]},
            {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{"type": "payload", "payload": "thanks"}]},
            {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "A17"}]},
            {"type": "button", "sub_type": "copy_code", "index": "2", "parameters": [{"type": "coupon_code", "coupon_code": "KITE25"}]},
        ])
    );
}

#[test]
fn names_go_with_their_values() {
    let components = json!([{"type": "BODY", "text": "Hello {{first_name}}, welcome."}]);
    let given = values(&[("body.first_name", "Asha")]);
    let done = render(&row(components, true), &given, &Attached::default()).unwrap();
    assert_eq!(
        serde_json::to_value(done.template.components).unwrap(),
        json!([{"type": "body", "parameters": [{"type": "text", "parameter_name": "first_name", "text": "Asha"}]}])
    );
}

#[test]
fn a_header_takes_the_file_of_its_kind() {
    let components =
        json!([{"type": "HEADER", "format": "DOCUMENT"}, {"type": "BODY", "text": "Your bill."}]);
    let file = File {
        id: MediaId::new(Timestamp::from_seconds(1), [3; 10]),
        uploaded: false,
        kind: "document".to_owned(),
        filename: Some("bill.pdf".to_owned()),
    };
    let attached = Attached {
        header: Some(file.clone()),
        ..Attached::default()
    };
    let (_, sent) = rendered(components.clone(), &[], &attached);
    assert_eq!(
        sent[0]["parameters"][0]["document"],
        json!({"id": "$file", "filename": "bill.pdf"})
    );
    assert_eq!(field(components.clone(), &[]), "template.header_media_id");
    let image = Attached {
        header: Some(File {
            kind: "image".to_owned(),
            ..file
        }),
        ..Attached::default()
    };
    assert!(render(&row(components, false), &Values::new(), &image).is_err());
}

#[test]
fn a_carousel_fills_each_card() {
    let card = json!({"components": [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "BODY", "text": "The {{1}} kite"},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "See", "url": "https://kite.example/{{1}}"}]},
    ]});
    let components = json!([{"type": "BODY", "text": "New this week"}, {"type": "CAROUSEL", "cards": [card, card]}]);
    let given = [
        ("card.0.header", "https://kite.example/red.png"),
        ("card.0.body.1", "red"),
        ("card.0.button.0.url", "red"),
        ("card.1.header", "media_01h455vb4pex5vsknk084sn02q"),
        ("card.1.body.1", "blue"),
        ("card.1.button.0.url", "blue"),
    ];
    let mut attached = Attached::default();
    attached
        .cards
        .insert("card.1.header".to_owned(), "77".to_owned());
    let (shown, sent) = rendered(components.clone(), &given, &attached);
    assert_eq!(shown["cards"][1]["body"], "The blue kite");
    assert_eq!(
        shown["cards"][0]["header"]["link"],
        "https://kite.example/red.png"
    );
    let cards = &sent[0]["cards"];
    assert_eq!(sent[0]["type"], "carousel");
    assert_eq!(cards[1]["card_index"], 1);
    assert_eq!(
        cards[0]["components"][0]["parameters"][0]["image"]["link"],
        "https://kite.example/red.png"
    );
    assert_eq!(
        cards[1]["components"][0]["parameters"][0]["image"]["id"],
        "77"
    );
    assert_eq!(cards[1]["components"][2]["parameters"][0]["text"], "blue");
    assert_eq!(
        field(components, &given[..5]),
        "template.variables.card.1.button.0.url"
    );
}

#[test]
fn an_offer_ends_when_it_is_told() {
    let components = json!([
        {"type": "BODY", "text": "Half off."},
        {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Ends soon!", "has_expiration": true}},
    ]);
    let given = [("offer.expires_at", "2026-12-24T18:00:00Z")];
    let (shown, sent) = rendered(components.clone(), &given, &Attached::default());
    assert_eq!(
        shown["offer"],
        json!({"text": "Ends soon!", "expires_at": "2026-12-24T18:00:00.000Z"})
    );
    assert_eq!(
        sent[0]["parameters"][0]["limited_time_offer"]["expiration_time_ms"],
        1_798_135_200_000_i64
    );
    assert_eq!(
        field(components, &[("offer.expires_at", "soon")]),
        "template.variables.offer.expires_at"
    );
}

#[test]
fn products_and_flows_get_their_actions() {
    let components = json!([
        {"type": "HEADER", "format": "PRODUCT"},
        {"type": "BODY", "text": "Look."},
        {"type": "BUTTONS", "buttons": [
            {"type": "MPM", "text": "View"}, {"type": "FLOW", "text": "Book"}, {"type": "CATALOG", "text": "All"},
        ]},
    ]);
    let given = [
        ("header.product_id", "kite-1"),
        ("header.catalog_id", "9"),
        ("button.0.thumbnail", "kite-1"),
        ("button.0.products", "kite-1, kite-2"),
        ("button.1.flow_data", "{\"day\":\"monday\"}"),
        ("button.2.thumbnail", "kite-2"),
    ];
    let (shown, sent) = rendered(components.clone(), &given, &Attached::default());
    assert_eq!(shown["header"]["product"], "kite-1");
    assert_eq!(
        sent[0]["parameters"][0]["product"],
        json!({"product_retailer_id": "kite-1", "catalog_id": "9"})
    );
    let action = |at: usize| sent[at]["parameters"][0]["action"].clone();
    assert_eq!(
        action(1),
        json!({"thumbnail_product_retailer_id": "kite-1", "sections": [{"title": "Products",
            "product_items": [{"product_retailer_id": "kite-1"}, {"product_retailer_id": "kite-2"}]}]})
    );
    assert_eq!(
        action(2),
        json!({"flow_token": "unused", "flow_action_data": {"day": "monday"}})
    );
    assert_eq!(
        action(3),
        json!({"thumbnail_product_retailer_id": "kite-2"})
    );
    let broken = [&given[..4], &[("button.1.flow_data", "monday")]].concat();
    assert_eq!(
        field(components, &broken),
        "template.variables.button.1.flow_data"
    );
}

#[test]
fn a_code_goes_twice_however_it_is_taken() {
    for otp in ["COPY_CODE", "ONE_TAP", "ZERO_TAP"] {
        let components = json!([
            {"type": "BODY", "text": "*{{1}}* is your verification code."},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": otp, "text": "Autofill"}]},
        ]);
        let (shown, sent) = rendered(components, &[("body.1", "123456")], &Attached::default());
        assert_eq!(shown["buttons"][0]["code"], "123456");
        assert_eq!(sent[0]["parameters"][0]["text"], "123456");
        assert_eq!(
            sent[1],
            json!({"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "123456"}]})
        );
    }
}

#[test]
fn values_without_a_place_are_refused() {
    let components = json!([{"type": "BODY", "text": "Hello"}]);
    assert_eq!(
        field(components, &[("body.1", "Asha")]),
        "template.variables.body.1"
    );
}
