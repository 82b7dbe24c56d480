//! The webhook sender: retries, duplicates, order, batches, pauses, overrides.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Bench, PHONE, text};

#[tokio::test]
async fn what_is_not_taken_comes_again() {
    let mut bench = Bench::start().await;
    bench.script.lock().unwrap().extend([500, 503]);
    bench
        .control("/_sim/inbound", &json!({"person": PHONE, "text": "hello"}))
        .await;
    let first = bench.message().await;
    let second = bench.message().await;
    assert_eq!(first, second, "tried again at once");
    let tried = |times: usize| move |log: &Value| log["data"].as_array().unwrap().len() == times;
    // The next try is due two seconds after the answer to the last.
    bench.eventually("/_sim/webhooks", tried(2)).await;
    bench.advance(Duration::from_secs(3)).await;
    assert_eq!(bench.message().await, first);
    let log = bench.eventually("/_sim/webhooks", tried(3)).await;
    let statuses: Vec<_> = log["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [200, 503, 500]);
    let thread = bench.look(&format!("/_sim/persons/{PHONE}/thread")).await;
    assert_eq!(thread["data"][0]["status"], "delivered");
}

#[tokio::test]
async fn duplicates_and_batches() {
    let mut bench = Bench::start().await;
    bench
        .control("/_sim/faults", &json!({"duplicate": 1.0}))
        .await;
    bench
        .control("/_sim/inbound", &json!({"person": PHONE, "text": "twice"}))
        .await;
    let first = bench.message().await;
    bench.advance(Duration::from_secs(1)).await;
    assert_eq!(bench.message().await, first);
    let answered = |status: &Value| status["webhooks"]["queued"] == 0;
    bench.eventually("/_sim/status", answered).await;
    bench
        .control(
            "/_sim/faults",
            &json!({"duplicate": 0, "batch_max": 100, "webhooks_paused": true}),
        )
        .await;
    for n in 0..10 {
        bench
            .control(
                "/_sim/inbound",
                &json!({"person": PHONE, "text": format!("{n}")}),
            )
            .await;
    }
    let waiting = bench.look("/_sim/status").await["webhooks"]["queued"].as_u64();
    assert_eq!(waiting, Some(10));
    bench
        .control("/_sim/faults", &json!({"webhooks_paused": false}))
        .await;
    let body = bench.hooks.recv().await.unwrap();
    assert_eq!(body["entry"][0]["changes"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn order_can_be_lost() {
    let mut bench = Bench::start().await;
    bench
        .control("/_sim/faults", &json!({"seed": 5, "reorder_ms": 10_000}))
        .await;
    for n in 0..20 {
        bench
            .control(
                "/_sim/inbound",
                &json!({"person": PHONE, "text": format!("{n}")}),
            )
            .await;
    }
    let mut seen = Vec::new();
    for _ in 0..20 {
        bench.advance(Duration::from_secs(1)).await;
        while let Ok(body) = bench.hooks.try_recv() {
            seen.push(
                body["entry"][0]["changes"][0]["value"]["messages"][0]["text"]["body"]
                    .as_str()
                    .unwrap()
                    .to_owned(),
            );
        }
    }
    while seen.len() < 20 {
        let value = bench.message().await;
        seen.push(
            value["messages"][0]["text"]["body"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    let mut sorted = seen.clone();
    sorted.sort_by_key(|n| n.parse::<u32>().unwrap());
    assert_ne!(seen, sorted);
}

#[tokio::test]
async fn nobody_is_told_without_a_subscription() {
    let bench = Bench::start().await;
    bench
        .control("/_sim/app", &json!({"callback_url": null}))
        .await;
    let answer = bench
        .control(
            "/_sim/inbound",
            &json!({"person": PHONE, "text": "anybody?"}),
        )
        .await;
    assert_eq!(answer["webhook"], "nobody is subscribed");
    bench.accepted(PHONE, &text("still works")).await;
    assert_eq!(bench.look("/_sim/status").await["webhooks"]["queued"], 0);
}

#[tokio::test]
async fn failed_statuses_carry_contacts_when_asked() {
    let mut bench = Bench::start().await;
    bench
        .control(
            "/_sim/faults",
            &json!({"contacts_on_failed": true, "rates": {"failed": {"130472": 1.0}}}),
        )
        .await;
    bench.writes(PHONE).await;
    bench.accepted(PHONE, &text("x")).await;
    bench.advance(Duration::from_secs(1)).await;
    let (status, value) = bench.status().await;
    assert_eq!(status["errors"][0]["code"], 130_472);
    assert_eq!(value["contacts"][0]["wa_id"], "919812345678");
}
