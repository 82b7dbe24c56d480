//! Bodies that are partly or wholly not what they should be.

use proptest::prelude::*;
use serde_json::{Value, json};
use wigwag_meta::webhook::{self, Change, Item, ParseError, Timestamp};

fn body(messages: &[Value], statuses: &[Value]) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [
        {"value": {"metadata": {"phone_number_id": "2"}, "messages": messages, "statuses": statuses}, "field": "messages"}
    ]}]})
}

fn text(id: usize) -> Value {
    json!({"id": format!("wamid.{id}"), "timestamp": "1785000000", "type": "text", "text": {"body": id.to_string()}})
}

#[test]
fn one_poisoned_item_among_a_hundred_costs_only_itself() {
    let poisons = [
        json!(7),
        json!(null),
        json!([]),
        json!({"id": "x", "timestamp": "soon", "type": "text"}),
        json!({"id": "x", "timestamp": "1", "type": "text", "text": "not an object"}),
        json!({"id": "x", "timestamp": "1", "type": {"a": 1}}),
        json!({"timestamp": "1", "type": "text"}),
        json!({"id": "x", "timestamp": "1"}),
        json!({"id": "x", "timestamp": "1", "type": "image", "image": {"id": []}}),
    ];
    for poison in poisons {
        let mut messages: Vec<_> = (0..100).map(text).collect();
        messages[40] = poison.clone();
        let statuses = [
            json!({"id": "wamid.s", "status": "sent", "timestamp": 5}),
            poison.clone(),
        ];
        let body = body(&messages, &statuses).to_string();
        let envelope = webhook::parse(body.as_bytes()).unwrap();
        let Some((_, Change::Messages(value))) = envelope.changes().next() else {
            panic!("{poison}")
        };
        assert_eq!(
            value.messages.iter().filter_map(Item::parsed).count(),
            99,
            "{poison}"
        );
        let bad = value.messages[40].unreadable().unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(bad.raw.get()).unwrap(),
            poison
        );
        assert!(!bad.error.is_empty());
        assert_eq!(value.statuses[0].parsed().unwrap().timestamp, Timestamp(5));
        assert!(value.statuses[1].unreadable().is_some(), "{poison}");
        // What could not be read is written back as it came.
        assert_eq!(
            serde_json::to_value(&envelope).unwrap()["entry"][0]["changes"][0]["value"]["messages"]
                [40],
            poison
        );
    }
}

#[test]
fn an_unreadable_value_change_or_entry_costs_only_itself() {
    let good = body(&[text(1)], &[])["entry"][0].clone();
    let bad_value = json!({"id": "1", "changes": [{"field": "messages", "value": {"messages": "none"}}, good["changes"][0]]});
    let bad_change = json!({"id": "1", "changes": [17, {"value": {}}, good["changes"][0]]});
    let bad_entry = json!({"id": "1", "changes": {"0": 1}});
    let body = json!({"object": "x", "entry": [bad_value, bad_change, bad_entry, "entry", good]})
        .to_string();
    let envelope = webhook::parse(body.as_bytes()).unwrap();
    let read = envelope
        .changes()
        .filter(|(_, change)| matches!(change, Change::Messages(_)))
        .count();
    assert_eq!(read, 3);
    let unreadable: Vec<_> = envelope
        .changes()
        .filter(|(_, change)| matches!(change, Change::Unreadable { .. }))
        .collect();
    assert_eq!((unreadable.len(), unreadable[0].1.field()), (1, "messages"));
    assert_eq!(envelope.unreadable().count(), 4, "two changes, two entries");
    assert_eq!(
        serde_json::to_string(&serde_json::to_value(&envelope).unwrap())
            .unwrap()
            .matches("wamid.1")
            .count(),
        3
    );
}

#[test]
fn numbers_and_strings_are_taken_for_each_other_and_null_is_absence() {
    let body = r#"{"object":null,"entry":[{"id":501,"time":"1785000000","changes":[{"field":"messages","value":{
        "metadata":{"phone_number_id":601},"contacts":null,
        "messages":[{"id":1,"from":4915112345678,"timestamp":1785000000,"type":"image","image":{"id":99},"text":null,"context":null}]}}]}]}"#;
    let envelope = webhook::parse(body.as_bytes()).unwrap();
    let (entry, change) = envelope.changes().next().unwrap();
    assert_eq!(
        (entry.id.as_deref(), entry.time.unwrap().0),
        (Some("501"), 1_785_000_000)
    );
    assert_eq!(change.phone_number_id(), Some("601"));
    let Change::Messages(value) = change else {
        panic!()
    };
    let message = value.messages[0].parsed().unwrap();
    assert_eq!(
        (message.from.as_deref(), message.timestamp.0),
        (Some("4915112345678"), 1_785_000_000)
    );
    assert_eq!(message.media().unwrap().id, "99");
}

#[test]
fn codes_and_degrees_may_be_strings() {
    let message = json!({"id": "x", "timestamp": 1, "type": "location",
        "location": {"latitude": "52.5", "longitude": -13}, "errors": [{"code": "131047"}]});
    let bytes = body(&[message], &[]).to_string();
    let envelope = webhook::parse(bytes.as_bytes()).unwrap();
    let Some((_, Change::Messages(value))) = envelope.changes().next() else {
        panic!()
    };
    let message = value.messages[0].parsed().unwrap();
    let place = message.location.as_ref().unwrap();
    assert!((place.latitude - 52.5).abs() < 1e-9 && (place.longitude + 13.0).abs() < 1e-9);
    assert_eq!(message.errors[0].code, 131_047);
}

#[test]
fn bodies_that_are_no_webhooks() {
    assert!(matches!(
        webhook::parse(b"{\"object\":\"\xff\xfe\"}"),
        Err(ParseError::Utf8(_))
    ));
    for body in [
        "",
        "null",
        "[]",
        "7",
        "\"x\"",
        "{",
        "{\"entry\":",
        "{\"entry\":7}",
        "{}{}",
        "{\"entry\":[\u{0}]}",
    ] {
        assert!(
            matches!(webhook::parse(body.as_bytes()), Err(ParseError::Json(_))),
            "{body}"
        );
    }
    // A lone surrogate is no text: the item is unreadable, not the body.
    let body = r#"{"entry":[{"changes":[{"field":"messages","value":{"messages":[{"id":"\ud800","timestamp":"1","type":"text"}]}}]}]}"#;
    let envelope = webhook::parse(body.as_bytes()).unwrap();
    let Some((_, Change::Messages(value))) = envelope.changes().next() else {
        panic!()
    };
    assert!(value.messages[0].unreadable().is_some());
    assert_eq!(webhook::parse(b"{}").unwrap().changes().count(), 0);
}

#[test]
fn depth_bombs_end_in_an_error_or_a_raw_piece() {
    let deep =
        |open: &str, close: &str| format!("{}{}", open.repeat(200_000), close.repeat(200_000));
    let list = deep("[", "]");
    let object = deep("{\"a\":", "}").replacen("{\"a\":}", "{\"a\":1}", 1);
    for bomb in [&list, &object] {
        let bodies = [
            bomb.clone(),
            format!(r#"{{"entry":{bomb}}}"#),
            format!(r#"{{"entry":[{{"changes":{bomb}}}]}}"#),
            format!(r#"{{"entry":[{{"changes":[{{"field":"x","value":{bomb}}}]}}]}}"#),
            format!(
                r#"{{"entry":[{{"changes":[{{"field":"messages","value":{{"messages":[{bomb}]}}}}]}}]}}"#
            ),
            format!(
                r#"{{"entry":[{{"changes":[{{"field":"messages","value":{{"statuses":[{{"id":"1","status":"sent","timestamp":1,"new":{bomb}}}]}}}}]}}]}}"#
            ),
        ];
        for body in bodies {
            drop(webhook::parse(body.as_bytes()));
        }
    }
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        prop::sample::select(vec![
            "messages",
            "text",
            "1785000000",
            "wamid.X",
            "sent",
            "account_update"
        ])
        .prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "entry",
        "changes",
        "field",
        "value",
        "messages",
        "statuses",
        "contacts",
        "id",
        "type",
        "text",
        "body",
        "timestamp",
        "status",
        "errors",
        "image",
        "context",
        "metadata",
        "pricing",
        "edit",
        "message",
        "zebra",
    ]);
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6).prop_map(|fields| fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_json_is_an_error_beyond_its_top(messages in prop::collection::vec(json_value(), 0..4), more in json_value()) {
        let body = json!({"entry": [{"id": "1", "changes": [
            {"field": "messages", "value": {"messages": messages}}, more, {"field": "account_update", "value": more}]}, more]});
        let bytes = body.to_string();
        let envelope = webhook::parse(bytes.as_bytes()).unwrap();
        let Some((_, Change::Messages(value))) = envelope.changes().next() else { panic!() };
        prop_assert_eq!(value.messages.len(), messages.len());
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(webhook::parse(&bytes));
    }

    #[test]
    fn any_text_survives_writing_in_ascii_and_reading(body in "\\PC{0,40}", name in any::<String>()) {
        let message = webhook::Message {
            id: "wamid.1".into(),
            kind: "text".into(),
            timestamp: Timestamp(1),
            text: Some(webhook::TextBody { body: body.clone().into(), ..Default::default() }),
            from: Some(name.clone().into()),
            ..Default::default()
        };
        let value = webhook::MessagesValue { messages: vec![Item::Parsed(message)], ..Default::default() };
        let envelope = webhook::Envelope::of("1", None, Change::Messages(Box::new(value)));
        let written = webhook::to_ascii_json(&envelope).unwrap();
        prop_assert!(written.is_ascii());
        let read = webhook::parse(&written).unwrap();
        prop_assert_eq!(&read, &envelope);
    }
}
