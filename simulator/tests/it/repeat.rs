//! The same seed and the same calls give the same world: ids, decisions of chance, habits of people.

use std::time::Duration;

use serde_json::{Value, json};
use wigwag_simulator::Options;

use crate::support::{Bench, PHONE, text};

/// What one run comes to: everything that the ledger and the people tell.
async fn run(seed: u64) -> (Value, Value, Value) {
    let mut bench = Bench::with(Options {
        seed,
        ..Options::default()
    })
    .await;
    // Before the faults: the clock stands, and a webhook that is put off would not come.
    bench.writes(PHONE).await;
    let faults = json!({
        "seed": seed, "duplicate": 0.3, "reorder_ms": 900, "no_pair_limit": true,
        "rates": {"error_before": 0.2, "error_after": 0.1, "failed": {"131049": 0.2}},
    });
    bench.control("/_sim/faults", &faults).await;
    let habits = json!({"replies": {"text": "Yes", "after_ms": 50, "probability": 0.5}});
    bench.control("/_sim/persons/*/behaviour", &habits).await;
    let mut answers = Vec::new();
    for n in 0..40 {
        let (status, answer) = bench.send(PHONE, &text(&format!("{n}"))).await;
        answers.push(json!({"status": status, "answer": answer}));
    }
    bench.advance(Duration::from_mins(1)).await;
    let ledger = bench.look("/_sim/ledger?limit=1000").await;
    let mut ledger = ledger["data"].clone();
    // When a webhook was answered depends on the network, not on the seed.
    for entry in ledger.as_array_mut().unwrap() {
        for status in entry["statuses"].as_array_mut().unwrap() {
            status["delivered_http"] = Value::Null;
        }
    }
    let people = bench.look("/_sim/persons?limit=500").await;
    (answers.into(), ledger, people)
}

#[tokio::test]
async fn the_same_seed_gives_the_same_run() {
    let (first, again, other) = tokio::join!(run(7), run(7), run(8));
    assert_eq!(first.0, again.0);
    assert_eq!(first.1, again.1);
    assert_eq!(first.2, again.2);
    assert_ne!(first.0, other.0);
    let count = |status: u64| {
        let answers = first.0.as_array().unwrap().iter();
        answers.filter(|answer| answer["status"] == status).count()
    };
    assert!(count(200) > 10 && count(500) > 2, "{:?}", first.0);
}
