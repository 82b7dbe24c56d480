//! Faults of sending: what the client sees and what the ledger knows.

use serde_json::json;

use crate::support::{Bench, PHONE, text};

#[tokio::test]
async fn a_dropped_answer_is_an_accepted_message() {
    let bench = Bench::start().await;
    bench
        .control(
            "/_sim/faults",
            &json!({"rates": {"drop_after_accept": 1.0}}),
        )
        .await;
    let body = json!({"messaging_product": "whatsapp", "to": PHONE, "type": "text", "text": {"body": "lost"}});
    let request = bench
        .http
        .post(bench.url(&bench.number("messages")))
        .bearer_auth(&bench.sim.credentials.access_token);
    let error = request.json(&body).send().await.unwrap_err();
    assert!(error.is_request() && error.status().is_none(), "{error:?}");
    let ledger = bench.look("/_sim/ledger").await;
    assert_eq!(ledger["data"].as_array().unwrap().len(), 1);
    assert_eq!(ledger["data"][0]["answered"], false);
    bench
        .control("/_sim/faults", &json!({"rates": {"drop_after_accept": 0}}))
        .await;
    bench.accepted(PHONE, &text("arrives")).await;
    let summary = bench.look("/_sim/ledger/summary").await;
    assert_eq!(
        (summary["accepted"].as_u64(), summary["answered"].as_u64()),
        (Some(2), Some(1))
    );
}

#[tokio::test]
async fn errors_before_and_after() {
    let bench = Bench::start().await;
    bench
        .control("/_sim/faults", &json!({"rates": {"error_before": 1.0}}))
        .await;
    let (status, answer) = bench.send(PHONE, &text("x")).await;
    assert_eq!(
        (status, answer["error"]["code"].as_i64()),
        (500, Some(131_000))
    );
    assert_eq!(bench.look("/_sim/ledger/summary").await["accepted"], 0);
    bench
        .control(
            "/_sim/faults",
            &json!({"rates": {"error_before": 0, "error_after": 1.0}}),
        )
        .await;
    assert_eq!(bench.send(PHONE, &text("x")).await.0, 500);
    assert_eq!(bench.look("/_sim/ledger/summary").await["accepted"], 1);
    bench
        .control(
            "/_sim/faults",
            &json!({"rates": {"error_after": 0, "code": {"80007": 1.0}}}),
        )
        .await;
    assert_eq!(
        bench.send(PHONE, &text("x")).await.1["error"]["code"],
        80_007
    );
    assert_eq!(bench.look("/_sim/ledger/summary").await["accepted"], 1);
}

#[tokio::test]
async fn pages_of_a_proxy_before_and_after() {
    let bench = Bench::start().await;
    for (rate, accepted) in [("page_before", 0), ("page_after", 1)] {
        bench
            .control("/_sim/faults", &json!({"rates": {rate: 1.0}}))
            .await;
        let (status, answer) = bench.send(PHONE, &text("x")).await;
        assert!(matches!(status, 502 | 504), "{status}");
        assert!(answer["error"].is_null(), "{answer}");
        let summary = bench.look("/_sim/ledger/summary").await;
        assert_eq!(summary["accepted"], accepted);
        assert_eq!(summary["answered"], 0);
        bench
            .control("/_sim/faults", &json!({"rates": {rate: 0.0}}))
            .await;
    }
}

#[tokio::test]
async fn every_code_comes_with_its_own_status() {
    let bench = Bench::start().await;
    for (code, http) in [
        (0, 401),
        (2, 503),
        (10, 403),
        (190, 401),
        (368, 403),
        (131_016, 500),
        (131_064, 400),
        (133_004, 503),
        (999_999, 400),
    ] {
        // The list is replaced as a whole, so that one code is left at a time.
        let faults = json!({"rates": {"code": {code.to_string(): 1.0}}});
        bench.control("/_sim/faults", &faults).await;
        let (status, answer) = bench.send(PHONE, &text("x")).await;
        assert_eq!(
            (status, answer["error"]["code"].as_i64()),
            (http, Some(code))
        );
    }
    assert_eq!(bench.look("/_sim/ledger/summary").await["accepted"], 0);
}

#[tokio::test]
async fn doubles_are_found() {
    let bench = Bench::start().await;
    let order = |name: &str| {
        json!({"type": "template", "template": {"name": "order_confirmed", "language": {"code": "en_US"}, "components": [
            {"type": "body", "parameters": [{"type": "text", "text": name}, {"type": "text", "text": "7"}]},
            {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "7"}]}]}})
    };
    bench.accepted("+91 98123 45678", &order("Asha")).await;
    bench.accepted("+919800000001", &order("Asha")).await;
    let summary = "/_sim/ledger/summary?template=order_confirmed";
    assert_eq!(bench.look(summary).await["doubled"], 0);
    bench.accepted("919812345678", &order("Asha")).await;
    let found = bench.look(summary).await;
    assert_eq!(
        (found["doubled"].as_u64(), found["max_per_person"].as_u64()),
        (Some(1), Some(2))
    );
    let person = found["doubled_persons"][0].as_str().unwrap().to_owned();
    let entries = bench
        .look(&format!("/_sim/ledger?person={person}&after_seq=1"))
        .await;
    assert_eq!(entries["data"][0]["seq"], 3);
    bench.control("/_sim/reset", &json!({})).await;
    assert_eq!(bench.look(summary).await["accepted"], 0);
}

#[tokio::test]
async fn unknown_switches_are_refused() {
    let bench = Bench::start().await;
    let (status, answer) = bench.post("/_sim/faults", &json!({"latencies": 5})).await;
    assert_eq!(status, 422);
    assert!(
        answer["error"]["message"]
            .as_str()
            .unwrap()
            .contains("latency_ms")
    );
    let faults = bench.look("/_sim/faults").await;
    assert_eq!(faults["latency_ms"], 0);
    assert_eq!(bench.get("/_sim/nothing").await.0, 404);
}
