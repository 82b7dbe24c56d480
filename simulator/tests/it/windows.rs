//! Time: the service window, the free entry point, phones that are off, the clock itself.

use std::time::Duration;

use serde_json::json;

use crate::support::{Bench, PHONE, START_US, text};

#[tokio::test]
async fn a_day_later_the_window_is_closed() {
    let mut bench = Bench::start().await;
    bench.writes(PHONE).await;
    bench.advance(Duration::from_hours(23)).await;
    let wamid = bench.accepted(PHONE, &text("in time")).await;
    bench.advance(Duration::from_secs(3)).await;
    assert_eq!(
        bench.statuses(&wamid, 3).await,
        ["delivered", "read", "sent"]
    );
    bench.advance(Duration::from_hours(1)).await;
    let late = bench.accepted(PHONE, &text("too late")).await;
    bench.advance(Duration::from_secs(3)).await;
    let (status, _) = bench.status().await;
    assert_eq!(status["id"], late.as_str());
    assert_eq!(status["errors"][0]["code"], 131_047);
}

#[tokio::test]
async fn an_answer_to_an_ad_is_free_for_three_days() {
    let mut bench = Bench::start().await;
    let message = json!({"type": "text", "text": {"body": "Saw your ad"}, "referral": {
        "source_url": "https://fb.me/1", "source_id": "1", "source_type": "ad", "headline": "Kites", "ctwa_clid": "c"}});
    bench
        .control(
            "/_sim/inbound",
            &json!({"person": PHONE, "message": message}),
        )
        .await;
    assert_eq!(
        bench.message().await["messages"][0]["referral"]["source_type"],
        "ad"
    );
    bench.accepted(PHONE, &text("Welcome")).await;
    bench.advance(Duration::from_millis(150)).await;
    let (sent, _) = bench.status().await;
    assert_eq!(sent["pricing"]["type"], "free_entry_point");
    assert_eq!(
        sent["conversation"]["origin"]["type"],
        "referral_conversion"
    );
    bench.advance(Duration::from_hours(72)).await;
    bench
        .control("/_sim/inbound", &json!({"person": PHONE, "text": "again"}))
        .await;
    let wamid = bench.accepted(PHONE, &text("not free now")).await;
    bench.advance(Duration::from_millis(150)).await;
    loop {
        let (status, _) = bench.status().await;
        if status["id"] == wamid.as_str() {
            assert_eq!(status["pricing"]["type"], "regular");
            break;
        }
    }
}

#[tokio::test]
async fn a_phone_that_is_off_gets_its_messages_later() {
    let mut bench = Bench::start().await;
    bench.writes(PHONE).await;
    bench
        .control(
            &format!("/_sim/persons/{PHONE}/behaviour"),
            &json!({"delivers": false, "reads": "when_open"}),
        )
        .await;
    let wamid = bench.accepted(PHONE, &text("are you there?")).await;
    bench.advance(Duration::from_hours(1)).await;
    assert_eq!(bench.statuses(&wamid, 1).await, ["sent"]);
    bench
        .control(
            &format!("/_sim/persons/{PHONE}/behaviour"),
            &json!({"delivers": true}),
        )
        .await;
    bench.advance(Duration::from_secs(5)).await;
    assert_eq!(bench.statuses(&wamid, 1).await, ["delivered"]);
    let opened = bench
        .control(&format!("/_sim/persons/{PHONE}/open"), &json!({}))
        .await;
    assert_eq!(opened["read"], 1);
    assert_eq!(bench.statuses(&wamid, 1).await, ["read"]);
}

#[tokio::test]
async fn a_code_is_dropped_after_ten_minutes() {
    let mut bench = Bench::start().await;
    let code = json!({"type": "template", "template": {"name": "login_code", "language": {"code": "en_US"}, "components": [
        {"type": "body", "parameters": [{"type": "text", "text": "123456"}]},
        {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "123456"}]}]}});
    bench.writes(PHONE).await;
    bench
        .control(
            &format!("/_sim/persons/{PHONE}/behaviour"),
            &json!({"delivers": false}),
        )
        .await;
    let wamid = bench.accepted(PHONE, &code).await;
    bench.advance(Duration::from_mins(11)).await;
    bench
        .control(
            &format!("/_sim/persons/{PHONE}/behaviour"),
            &json!({"delivers": true}),
        )
        .await;
    bench.advance(Duration::from_hours(1)).await;
    assert_eq!(bench.statuses(&wamid, 1).await, ["sent"]);
    let marks = bench.look("/_sim/ledger").await["data"][0]["statuses"].clone();
    assert_eq!(marks.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_person_can_answer_by_itself() {
    let mut bench = Bench::start().await;
    bench.writes(PHONE).await;
    let replies = json!({"replies": {"text": "Thanks", "after_ms": 60_000}});
    bench
        .control(&format!("/_sim/persons/{PHONE}/behaviour"), &replies)
        .await;
    let wamid = bench.accepted(PHONE, &text("Your order is here")).await;
    bench.advance(Duration::from_mins(2)).await;
    let reply = bench.message().await;
    assert_eq!(reply["messages"][0]["text"]["body"], "Thanks");
    assert_eq!(reply["messages"][0]["context"]["id"], wamid.as_str());
}

#[tokio::test]
async fn voice_messages_are_played() {
    let mut bench = Bench::start().await;
    bench.writes(PHONE).await;
    let voice =
        json!({"type": "audio", "audio": {"link": "https://kite.example/v.ogg", "voice": true}});
    let wamid = bench.accepted(PHONE, &voice).await;
    bench.advance(Duration::from_secs(10)).await;
    assert_eq!(
        bench.statuses(&wamid, 4).await,
        ["delivered", "played", "read", "sent"]
    );
}

#[tokio::test]
async fn the_clock_is_told_and_never_goes_back() {
    let bench = Bench::start().await;
    bench.advance(Duration::from_hours(1)).await;
    let clock = bench.look("/_sim/clock").await;
    assert_eq!(
        clock,
        json!({"now_us": START_US + 3_600_000_000, "offset_ms": 3_600_000})
    );
    assert_eq!(
        bench
            .post("/_sim/clock", &json!({"advance_ms": -5}))
            .await
            .0,
        422
    );
    assert_eq!(bench.post("/_sim/clock", &json!({})).await.0, 422);
}
