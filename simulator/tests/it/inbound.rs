//! A person writes: every type reaches the webhook in Meta's form.

use serde_json::{Value, json};

use crate::support::{Bench, PHONE, text};

async fn say(bench: &mut Bench, message: Value) -> Value {
    bench
        .control(
            "/_sim/inbound",
            &json!({"person": PHONE, "name": "Asha K", "message": message}),
        )
        .await;
    let value = bench.message().await;
    value["messages"][0].clone()
}

#[tokio::test]
async fn every_type() {
    let mut bench = Bench::start().await;
    bench
        .control(
            "/_sim/inbound",
            &json!({"person": PHONE, "name": "Asha K", "text": "Hallo, schön"}),
        )
        .await;
    let value = bench.message().await;
    assert_eq!(value["contacts"][0]["profile"]["name"], "Asha K");
    assert_eq!(value["contacts"][0]["wa_id"], "919812345678");
    let first = &value["messages"][0];
    assert_eq!(first["text"]["body"], "Hallo, schön");
    assert_eq!(first["from"], "919812345678");
    assert_eq!(first["from_user_id"], value["contacts"][0]["user_id"]);
    assert_eq!(first["timestamp"], "1793527200");
    let own = first["id"].as_str().unwrap().to_owned();
    let sent = bench.accepted(PHONE, &text("Pick one")).await;

    for (kind, sample, mime) in [
        ("image", "photo-1", "image/jpeg"),
        ("sticker", "sticker-1", "image/webp"),
        ("document", "document-1", "application/pdf"),
        ("audio", "voice-1", "audio/ogg; codecs=opus"),
    ] {
        let message = say(
            &mut bench,
            json!({"type": kind, kind: {"sample": sample, "caption": "See"}}),
        )
        .await;
        assert_eq!(message[kind]["mime_type"], mime);
        assert!(
            message[kind]["id"].is_string()
                && message[kind]["url"].is_string()
                && message[kind]["sha256"].is_string()
        );
        let (status, node) = bench
            .get(&format!("/v25.0/{}", message[kind]["id"].as_str().unwrap()))
            .await;
        assert_eq!((status, node["mime_type"].as_str()), (200, Some(mime)));
    }
    let location = say(
        &mut bench,
        json!({"type": "location", "location": {"latitude": 1.5, "longitude": 2.5}}),
    )
    .await;
    assert_eq!(location["location"]["latitude"], 1.5);
    let contacts = say(
        &mut bench,
        json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "B"}}]}),
    )
    .await;
    assert_eq!(contacts["contacts"][0]["name"]["formatted_name"], "B");
    let button = say(&mut bench, json!({"type": "button", "button": {"payload": "Y", "text": "Yes"}, "context": {"id": sent}})).await;
    assert_eq!(
        button["context"],
        json!({"id": sent, "from": "912248901199"})
    );
    let reply = json!({"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "1", "title": "One"}}, "context": {"id": sent}});
    assert_eq!(
        say(&mut bench, reply).await["interactive"]["list_reply"]["id"],
        "1"
    );
    let order = json!({"type": "order", "order": {"catalog_id": "1", "product_items": [
        {"product_retailer_id": "a", "quantity": 2, "item_price": 30, "currency": "USD"}]}});
    assert_eq!(
        say(&mut bench, order).await["order"]["product_items"][0]["quantity"],
        2
    );
    let reaction = say(
        &mut bench,
        json!({"type": "reaction", "reaction": {"message_id": sent, "emoji": "👍"}}),
    )
    .await;
    assert_eq!(reaction["reaction"]["emoji"], "👍");
    let edit = json!({"type": "edit", "edit": {"original_message_id": own, "message": {"type": "text", "text": {"body": "Edited"}}}});
    assert_eq!(
        say(&mut bench, edit).await["edit"]["original_message_id"],
        own.as_str()
    );
    let system = json!({"type": "system", "system": {"body": "User changed number", "wa_id": "919800000000", "type": "user_changed_number"}});
    bench
        .control(
            "/_sim/inbound",
            &json!({"person": PHONE, "message": system}),
        )
        .await;
    assert!(bench.message().await["contacts"].is_null());
    let unsupported = say(
        &mut bench,
        json!({"type": "unsupported", "unsupported": {"type": "pin"}}),
    )
    .await;
    assert_eq!(unsupported["errors"][0]["code"], 131_051);
    let raw = say(
        &mut bench,
        json!({"type": "raw", "raw": {"type": "hologram", "hologram": {"depth": 3}}}),
    )
    .await;
    assert_eq!(
        (raw["type"].as_str(), raw["hologram"]["depth"].as_i64()),
        (Some("hologram"), Some(3))
    );
    let revoke = json!({"type": "revoke", "revoke": {"original_message_id": own}});
    assert_eq!(
        say(&mut bench, revoke).await["revoke"]["original_message_id"],
        own.as_str()
    );

    let thread = bench.look(&format!("/_sim/persons/{PHONE}/thread")).await;
    assert_eq!(thread["window"]["open"], true);
    let shown = thread["data"].as_array().unwrap();
    let find = |wamid: &str| shown.iter().find(|m| m["wamid"] == wamid).unwrap();
    assert_eq!(
        (
            find(&own)["edited"].as_bool(),
            find(&own)["deleted"].as_bool()
        ),
        (Some(true), Some(true))
    );
    assert_eq!(
        find(&sent)["reactions"],
        json!([{"emoji": "👍", "from": "person"}])
    );
}

#[tokio::test]
async fn a_username_hides_the_number_until_the_business_knows_it() {
    let mut bench = Bench::start().await;
    let person = json!({"name": "Kavya", "phone": PHONE, "username": "kavya"});
    bench.control("/_sim/persons", &person).await;
    let hello = bench.writes(PHONE).await;
    assert!(hello["contacts"][0]["wa_id"].is_null() && hello["messages"][0]["from"].is_null());
    assert_eq!(hello["contacts"][0]["profile"]["username"], "kavya");
    bench.accepted(PHONE, &text("I know your number")).await;
    let again = bench.writes(PHONE).await;
    assert_eq!(again["messages"][0]["from"], "919812345678");
}

#[tokio::test]
async fn stopping_marketing_messages() {
    let mut bench = Bench::start().await;
    bench.writes(PHONE).await;
    for value in ["stop", "resume"] {
        bench
            .control(
                &format!("/_sim/persons/{PHONE}/stop"),
                &json!({"value": value}),
            )
            .await;
        let change = bench.change().await;
        assert_eq!(change["field"], "user_preferences");
        let preference = &change["value"]["user_preferences"][0];
        assert_eq!(preference["value"], value);
        assert_eq!(preference["category"], "marketing_messages");
        assert!(preference["timestamp"].is_i64());
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_said() {
    let bench = Bench::start().await;
    for (body, word) in [
        (json!({"text": "hi"}), "person"),
        (json!({"person": PHONE}), "message"),
        (
            json!({"person": PHONE, "message": {"type": "image", "image": {"sample": "nothing"}}}),
            "photo-1",
        ),
        (
            json!({"person": PHONE, "message": {"type": "text"}}),
            "text",
        ),
        (json!({"person": "nobody", "text": "hi"}), "nobody"),
    ] {
        let (status, answer) = bench.post("/_sim/inbound", &body).await;
        assert!((400..500).contains(&status), "{body}");
        assert!(
            answer["error"]["message"].as_str().unwrap().contains(word),
            "{answer}"
        );
    }
}
