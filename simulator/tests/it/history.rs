//! Planted history: seen on the phone, counted for the window, and silent.

use std::time::Duration;

use serde_json::json;

use crate::support::{Bench, PHONE, START_US, text};

const HOUR_US: i64 = 3_600_000_000;

#[tokio::test]
async fn planted_conversations_open_the_window_and_send_nothing() {
    let mut bench = Bench::start().await;
    let person = bench
        .control("/_sim/persons", &json!({"phone": PHONE, "name": "Asha K"}))
        .await;
    let history = json!({"conversations": [{"person": person["id"], "messages": [
        {"from": "person", "at_us": START_US - 30 * HOUR_US, "message": {"type": "text", "text": {"body": "Still open?"}}},
        {"from": "business", "at_us": START_US - 29 * HOUR_US, "status": "read", "reply_to": 0, "reaction": "👍",
         "message": {"type": "text", "text": {"body": "Until six."}}},
        {"from": "person", "at_us": START_US - 2 * HOUR_US,
         "message": {"type": "image", "image": {"sample": "photo-1", "caption": "This one"}}},
    ]}]});
    let answer = bench.control("/_sim/history", &history).await;
    let planted = &answer["data"][0]["messages"];
    assert!(planted[2]["object"]["id"].is_string());

    let path = format!("/_sim/persons/{}/thread", person["id"].as_str().unwrap());
    let thread = bench.look(&path).await;
    let shown = thread["data"].as_array().unwrap();
    assert_eq!(shown.len(), 3);
    assert_eq!(shown[1]["context"]["wamid"], planted[0]["wamid"]);
    assert_eq!(shown[1]["reactions"][0]["emoji"], "👍");
    assert_eq!(thread["window"]["open"], true);
    assert_eq!(
        thread["window"]["closes_at_us"],
        json!(START_US + 22 * HOUR_US)
    );

    // The first webhook is about what happens now.
    let wamid = bench.accepted(PHONE, &text("Lovely")).await;
    bench.advance(Duration::from_millis(200)).await;
    assert_eq!(bench.statuses(&wamid, 1).await, ["sent"]);
}

#[tokio::test]
async fn what_cannot_have_been_is_refused() {
    let bench = Bench::start().await;
    bench
        .control("/_sim/persons", &json!({"phone": PHONE, "name": "Asha K"}))
        .await;
    for (message, told) in [
        (
            json!({"from": "person", "at_us": START_US + 24 * HOUR_US, "message": {"text": {"body": "x"}}}),
            "future",
        ),
        (
            json!({"from": "business", "at_us": START_US, "reply_to": 0, "message": {"text": {"body": "x"}}}),
            "earlier messages",
        ),
        (
            json!({"from": "business", "at_us": START_US, "message": {"type": "template", "template": {"name": "nothing", "language": {"code": "en"}}}}),
            "no template",
        ),
    ] {
        let body = json!({"conversations": [{"person": PHONE, "messages": [message]}]});
        let (status, answer) = bench.post("/_sim/history", &body).await;
        assert_eq!(status / 100, 4);
        assert!(
            answer["error"]["message"].as_str().unwrap().contains(told),
            "{answer}"
        );
    }
}
