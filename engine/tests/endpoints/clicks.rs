//! Quick replies that people press, and what became of a template's messages in a day, in both forms.

use std::time::Duration;

use serde_json::json;
use wigwag_model::EndpointId;
use wigwag_model::endpoint::{Form, Kind};
use wigwag_store::testing::TestDb;
use wigwag_store_macros::db_test;

use crate::receiver::{Got, Receiver};
use crate::rig::Rig;

const HELLO: &str = r#""contacts":[{"profile":{"name":"Mira"},"wa_id":"919800000001"}],"messages":[{"from":"919800000001","id":"wamid.IN1","timestamp":"1795424000","type":"text","text":{"body":"Is the kite there?"}}]"#;

/// Somebody presses a quick reply of a message.
fn press(id: &str, of: &str, at: i64) -> String {
    format!(
        r#""messages":[{{"from":"919800000001","id":"{id}","timestamp":"{at}","type":"button","context":{{"from":"918040000000","id":"{of}"}},"button":{{"text":"Fill Feedback Form","payload":"form-7"}}}}]"#
    )
}

/// A template's message that Meta sent to somebody who wrote, and an endpoint that was told of that.
async fn sent(rig: &Rig) -> EndpointId {
    let receiver = Receiver::willing().await;
    let kinds = [Kind::MessageReceived, Kind::MessageStatus];
    let first = rig.endpoint(&receiver.url, &kinds).await.endpoint.id;
    rig.webhook(HELLO).await;
    rig.until(first, "delivered", 1).await;
    rig.accepted("wamid.OUT1", "api").await;
    rig.templated("wamid.OUT1").await;
    first
}

#[db_test]
async fn a_quick_reply_is_told_as_a_click_in_both_forms(db: TestDb) {
    let rig = Rig::new(db).await;
    sent(&rig).await;
    let (ours, theirs) = (Receiver::willing().await, Receiver::willing().await);
    let clicked = [Kind::MessageClicked];
    let own = rig.endpoint(&ours.url, &clicked).await.endpoint.id;
    let other = rig.endpoint_of(Form::Interakt, &theirs.url, &clicked).await;
    for _ in 0..2 {
        rig.webhook(&press("wamid.TAP1", "wamid.OUT1", 1_795_424_100))
            .await;
    }
    // Of a message that is not ours nothing is known.
    rig.webhook(&press("wamid.TAP2", "wamid.ELSEWHERE", 1_795_424_101))
        .await;
    rig.webhook(&press("wamid.TAP3", "wamid.OUT1", 1_795_424_102))
        .await;
    rig.until(own, "delivered", 2).await;
    rig.until(other.endpoint.id, "delivered", 2).await;
    assert_eq!(ours.types(), ["message.clicked", "message.clicked"]);
    let body = ours.got()[0].json();
    assert_eq!(body["timestamp"], "2026-11-23T08:55:00.000Z");
    let data = &body["data"];
    assert_eq!(data["contact"]["name"], "Mira");
    assert_eq!(data["message"]["wamid"], "wamid.OUT1");
    assert_eq!(data["message"]["direction"], "out");
    assert_eq!(data["message"]["callback_data"], "order=7");
    assert_eq!(data["message"]["content"], json!(null));
    assert_eq!(data["message"]["template"]["name"], "spring");
    let click = &data["click"];
    assert_eq!(click["kind"], "quick_reply");
    assert_eq!(click["button"], "Fill Feedback Form");
    assert_eq!(click["payload"], "form-7");
    assert_eq!(click["url"], json!(null));
    assert_eq!(click["count"], 1);
    assert!(click["reply_id"].as_str().unwrap().starts_with("message_"));

    assert_eq!(theirs.types(), ["message_api_clicked"; 2]);
    let body = theirs.got()[0].json();
    let data = &body["data"];
    assert_eq!(data["customer"]["phone_number"], "9800000001");
    let message = &data["message"];
    assert_eq!(message["chat_message_type"], "PublicApiMessage");
    assert_eq!(message["message_status"], "Sent");
    assert_eq!(message["is_template_message"], true);
    assert_eq!(message["message_content_type"], "Template");
    let meta = &message["meta_data"];
    assert_eq!(meta["source"], "PublicInterakt");
    assert_eq!(meta["source_data"]["callback_data"], "order=7");
    assert_eq!(meta["click_type"], "QR");
    assert_eq!(meta["button_text"], "Fill Feedback Form");
    assert_eq!(meta["button_link"], "");
    assert_eq!(meta["click_timestamp"], "2026-11-23 08:55:00.000000");
    assert_eq!(
        meta["button_payload"],
        json!({"payload": {"type": "QUICK_REPLY", "text": "Fill Feedback Form"}})
    );
    assert_eq!(data["event"], json!(null));
    rig.end().await;
}

#[db_test]
async fn a_templates_day_is_told_in_the_morning_after(db: TestDb) {
    let mut rig = Rig::new(db).await;
    let (ours, theirs) = (Receiver::willing().await, Receiver::willing().await);
    let measured = [Kind::TemplateMeasured];
    let own = rig.endpoint(&ours.url, &measured).await.endpoint.id;
    let other = rig
        .endpoint_of(Form::Interakt, &theirs.url, &measured)
        .await;
    let applied = sent(&rig).await;
    rig.webhook(r#""statuses":[{"id":"wamid.OUT1","status":"delivered","timestamp":"1795424012","recipient_id":"919800000001"}]"#)
        .await;
    rig.webhook(&press("wamid.TAP1", "wamid.OUT1", 1_795_424_100))
        .await;
    rig.until(applied, "delivered", 3).await;
    // From nine in the morning to seven on the next day.
    rig.db.clock.advance(Duration::from_hours(22));
    rig.until(own, "delivered", 1).await;
    rig.until(other.endpoint.id, "delivered", 1).await;
    let body = ours.got()[0].json();
    assert_eq!(body["type"], "template.measured");
    assert_eq!(body["timestamp"], "2026-11-24T00:00:00.000Z");
    assert_eq!(body["data"]["template"]["name"], "spring");
    assert_eq!(
        body["data"]["figures"],
        json!({
            "from": "2026-11-23T00:00:00.000Z", "to": "2026-11-24T00:00:00.000Z",
            "sent": 1, "delivered": 1, "read": 0, "clicked": 1,
        })
    );
    let body = theirs.got()[0].json();
    assert_eq!(body["type"], "template_performance_metrics");
    assert_eq!(
        body["data"],
        json!({
            "waba_id": rig.f.waba_id, "message_template_id": "77", "message_template_name": "spring",
            "message_template_language": "en", "message_template_category": "MARKETING",
            "start": "2026-11-23T00:00:00.000000", "end": "2026-11-24T00:00:00.000000",
            "sent": 1, "delivered": 1, "read": 0, "clicked": 1,
        })
    );
    // Another process tells it no second time; a day without messages is not told, the next one is.
    rig.stop().await;
    rig.start().await;
    rig.db.clock.advance(Duration::from_hours(24));
    rig.accepted("wamid.OUT2", "api").await;
    rig.templated("wamid.OUT2").await;
    rig.db.clock.advance(Duration::from_hours(24));
    rig.until(own, "delivered", 2).await;
    rig.until(other.endpoint.id, "delivered", 2).await;
    let begins: Vec<_> = ours
        .got()
        .iter()
        .map(Got::json)
        .map(|body| body["data"]["figures"]["from"].clone())
        .collect();
    assert_eq!(
        begins,
        ["2026-11-23T00:00:00.000Z", "2026-11-25T00:00:00.000Z"]
    );
    rig.end().await;
}
