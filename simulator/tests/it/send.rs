//! Sending: every type is accepted, reaches the ledger, and its statuses come with signed webhooks.

use std::time::Duration;

use crate::support::{Bench, PHONE, text};
use serde_json::{Value, json};

fn every_type(context: &str, image: &str) -> Vec<Value> {
    let interactive = |inner: Value| json!({"type": "interactive", "interactive": inner});
    vec![
        text("Hello, श्री 🪁"),
        json!({"type": "text", "text": {"body": "A reply"}, "context": {"message_id": context}}),
        json!({"type": "image", "image": {"id": image, "caption": "A kite"}}),
        json!({"type": "video", "video": {"link": "https://kite.example/a.mp4"}}),
        json!({"type": "audio", "audio": {"link": "https://kite.example/a.ogg"}}),
        json!({"type": "document", "document": {"link": "https://kite.example/a.pdf", "filename": "a.pdf"}}),
        json!({"type": "sticker", "sticker": {"link": "https://kite.example/a.webp"}}),
        json!({"type": "location", "location": {"latitude": 19.07, "longitude": "72.87", "name": "Mumbai"}}),
        json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "Asha K", "first_name": "Asha"}, "phones": [{"phone": "+91 98"}]}]}),
        interactive(
            json!({"type": "button", "body": {"text": "Well?"}, "footer": {"text": "f"}, "action": {"buttons": [
            {"type": "reply", "reply": {"id": "y", "title": "Yes"}}, {"type": "reply", "reply": {"id": "n", "title": "No"}}]}}),
        ),
        interactive(
            json!({"type": "list", "body": {"text": "Which?"}, "action": {"button": "Choose", "sections": [
            {"title": "Kites", "rows": [{"id": "1", "title": "Delta", "description": "Big"}]}]}}),
        ),
        interactive(
            json!({"type": "cta_url", "body": {"text": "See"}, "action": {"name": "cta_url",
            "parameters": {"display_text": "Open", "url": "https://kite.example"}}}),
        ),
        interactive(
            json!({"type": "flow", "body": {"text": "Book"}, "action": {"name": "flow", "parameters": {
            "flow_message_version": "3", "flow_id": "1", "flow_cta": "Book", "flow_token": "t"}}}),
        ),
        interactive(
            json!({"type": "product", "action": {"catalog_id": "1", "product_retailer_id": "2"}}),
        ),
        interactive(
            json!({"type": "product_list", "header": {"type": "text", "text": "Kites"}, "body": {"text": "b"}, "action": {
            "catalog_id": "1", "sections": [{"title": "s", "product_items": [{"product_retailer_id": "2"}]}]}}),
        ),
        interactive(
            json!({"type": "catalog_message", "body": {"text": "b"}, "action": {"name": "catalog_message"}}),
        ),
        interactive(
            json!({"type": "location_request_message", "body": {"text": "Where?"}, "action": {"name": "send_location"}}),
        ),
        interactive(
            json!({"type": "address_message", "body": {"text": "Where to?"}, "action": {"name": "address_message", "parameters": {"country": "IN"}}}),
        ),
        interactive(
            json!({"type": "request_contact_info", "body": {"text": "Your number?"}, "action": {"name": "request_contact_info"}}),
        ),
        interactive(
            json!({"type": "carousel", "body": {"text": "b"}, "action": {"cards": [
            {"card_index": 0, "type": "cta_url", "header": {"type": "image", "image": {"link": "https://kite.example/1.png"}},
             "action": {"name": "cta_url", "parameters": {"display_text": "Open", "url": "https://kite.example"}}},
            {"card_index": 1, "type": "cta_url", "header": {"type": "image", "image": {"link": "https://kite.example/2.png"}},
             "action": {"name": "cta_url", "parameters": {"display_text": "Open", "url": "https://kite.example"}}}]}}),
        ),
        json!({"type": "template", "template": {"name": "order_confirmed", "language": {"code": "en_US"}, "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "Asha"}, {"type": "text", "text": "1042"}]},
            {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "1042"}]}]}}),
    ]
}

#[tokio::test]
async fn every_type_is_accepted_and_delivered() {
    let mut bench = Bench::start().await;
    let hello = bench.writes(PHONE).await;
    let inbound = hello["messages"][0]["id"].as_str().unwrap().to_owned();
    let image = upload(&bench).await;
    let types = every_type(&inbound, &image);
    for body in &types {
        let wamid = bench.accepted(PHONE, body).await;
        bench.advance(Duration::from_secs(5)).await;
        let statuses = bench.statuses(&wamid, 3).await;
        assert_eq!(statuses, ["delivered", "read", "sent"], "{body}");
    }
    let wamid = bench
        .accepted(
            PHONE,
            &json!({"type": "reaction", "reaction": {"message_id": inbound, "emoji": "😀"}}),
        )
        .await;
    bench.advance(Duration::from_secs(5)).await;
    assert_eq!(bench.statuses(&wamid, 1).await, ["sent"]);
    let ledger = bench.look("/_sim/ledger?limit=1000").await;
    let entries = ledger["data"].as_array().unwrap();
    assert_eq!(entries.len(), types.len() + 1);
    for (entry, body) in entries.iter().zip(&types) {
        assert_eq!(entry["type"], body["type"]);
        assert_eq!(entry["answered"], true);
        assert_eq!(entry["body"]["type"], body["type"]);
    }
    let person = &entries[0]["person"];
    assert!(entries.iter().all(|entry| entry["person"] == *person));
    let last = &bench.look("/_sim/persons?limit=1").await["data"][0];
    assert_eq!(last["id"], *person);
}

async fn upload(bench: &Bench) -> String {
    let part = reqwest::multipart::Part::bytes(png())
        .file_name("kite.png")
        .mime_str("image/png")
        .unwrap();
    let form = reqwest::multipart::Form::new()
        .text("messaging_product", "whatsapp")
        .text("type", "image/png")
        .part("file", part);
    let request = bench
        .http
        .post(bench.url(&bench.number("media")))
        .bearer_auth(&bench.sim.credentials.access_token);
    let answer: Value = request
        .multipart(form)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    answer["id"].as_str().unwrap().to_owned()
}

fn png() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend([0; 64]);
    bytes
}

#[tokio::test]
async fn statuses_carry_the_form_of_2026() {
    let mut bench = Bench::start().await;
    bench.writes(PHONE).await;
    let mut body = text("Hello");
    body["biz_opaque_callback_data"] = "w1.abc.1".into();
    let wamid = bench.accepted(PHONE, &body).await;
    bench.advance(Duration::from_millis(150)).await;
    let (sent, value) = bench.status().await;
    assert_eq!(sent["id"], wamid.as_str());
    assert_eq!(sent["status"], "sent");
    assert_eq!(sent["recipient_id"], "919812345678");
    assert_eq!(sent["biz_opaque_callback_data"], "w1.abc.1");
    assert!(
        sent["recipient_user_id"]
            .as_str()
            .unwrap()
            .starts_with("IN.")
    );
    assert_eq!(
        sent["pricing"],
        json!({"billable": true, "pricing_model": "PMP", "type": "regular", "category": "service"})
    );
    assert_eq!(value["contacts"][0]["user_id"], sent["recipient_user_id"]);
    assert_eq!(
        value["metadata"]["phone_number_id"],
        bench.sim.credentials.phone_number_id.as_str()
    );
    bench
        .control("/_sim/faults", &json!({"drop_callback_data": true}))
        .await;
    bench.advance(Duration::from_secs(1)).await;
    let (delivered, _) = bench.status().await;
    assert_eq!(delivered["status"], "delivered");
    assert!(delivered["biz_opaque_callback_data"].is_null());
    let answered = |ledger: &Value| !ledger["data"][0]["statuses"][0]["delivered_http"].is_null();
    let ledger = bench.eventually("/_sim/ledger", answered).await;
    let marks = ledger["data"][0]["statuses"].as_array().unwrap();
    assert_eq!(marks[0]["delivered_http"], 200);
    assert_eq!(ledger["data"][0]["callback_data"], "w1.abc.1");
}

#[tokio::test]
async fn the_business_user_id_reaches_the_same_person() {
    let mut bench = Bench::start().await;
    let hello = bench.writes(PHONE).await;
    let user_id = hello["contacts"][0]["user_id"].as_str().unwrap().to_owned();
    let body = json!({"messaging_product": "whatsapp", "recipient": user_id, "type": "text", "text": {"body": "Hi"}});
    let (status, answer) = bench.post(&bench.number("messages"), &body).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        answer["contacts"][0],
        json!({"input": user_id, "user_id": user_id})
    );
    bench
        .accepted(
            "0098 12345678".trim_start_matches("00"),
            &text("national spelling"),
        )
        .await;
    let summary = bench.look("/_sim/ledger/summary").await;
    assert_eq!(summary["accepted"], 2);
    assert_eq!(summary["distinct_persons"], 1);
    assert_eq!(summary["max_per_person"], 2);
    assert_eq!(summary["doubled"], 0);
}

#[tokio::test]
async fn mark_read_and_typing() {
    let mut bench = Bench::start().await;
    let hello = bench.writes(PHONE).await;
    let wamid = hello["messages"][0]["id"].clone();
    let body = json!({"messaging_product": "whatsapp", "status": "read", "message_id": wamid, "typing_indicator": {"type": "text"}});
    let (status, answer) = bench.post(&bench.number("messages"), &body).await;
    assert_eq!((status, answer), (200, json!({"success": true})));
    let person = bench.look("/_sim/persons?limit=1").await["data"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let thread = bench.look(&format!("/_sim/persons/{person}/thread")).await;
    assert_eq!(thread["business_read_up_to"], wamid);
    assert_eq!(thread["data"][0]["status"], "read");
    let bad =
        json!({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.none"});
    assert_eq!(bench.post(&bench.number("messages"), &bad).await.0, 400);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_wamids() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let bench = Bench::with(wigwag_simulator::Options {
            seed: 42,
            ..Default::default()
        })
        .await;
        let (_, answer) = bench.send(PHONE, &text("Hello")).await;
        let people = bench.look("/_sim/persons?limit=500").await;
        runs.push((
            answer["messages"][0]["id"].clone(),
            people["data"][3]["phone"].clone(),
            bench.sim.credentials.clone(),
        ));
    }
    assert_eq!(runs[0], runs[1]);
}
