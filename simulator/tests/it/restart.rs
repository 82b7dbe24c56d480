//! With a data folder, ledger and state survive a restart, and no id is handed out twice.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use wigwag_simulator::{Error, Options, Simulator, VirtualClock};

use crate::support::{Bench, PHONE, START_US, text};

fn options(folder: &std::path::Path) -> Options {
    Options {
        data: Some(folder.to_owned()),
        seed: 3,
        ..Options::default()
    }
}

#[tokio::test]
async fn state_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with(options(folder.path())).await;
    bench.writes(PHONE).await;
    bench
        .control(
            "/_sim/inbound",
            &json!({"person": PHONE, "message": {"type": "image", "image": {"sample": "photo-2"}}}),
        )
        .await;
    let media = bench.message().await["messages"][0]["image"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let first = bench.accepted(PHONE, &text("before")).await;
    // What a person wrote is ticked once its webhook is answered.
    let ticked = |thread: &Value| {
        let mut shown = thread["data"].as_array().unwrap().iter();
        shown.all(|one| one["direction"] != "from_person" || one["status"] == "delivered")
    };
    let path = format!("/_sim/persons/{PHONE}/thread");
    let thread = bench.eventually(&path, ticked).await;
    let credentials = bench.sim.credentials.clone();
    bench.sim.shutdown().await;

    let bench = Bench::with(options(folder.path())).await;
    assert_eq!(bench.sim.credentials, credentials);
    assert_eq!(bench.look(&path).await, thread);
    assert_eq!(
        bench
            .http
            .get(bench.url(&format!("/_sim/media/{media}")))
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
    let second = bench.accepted(PHONE, &text("after")).await;
    assert_ne!(first, second);
    assert_eq!(bench.look("/_sim/ledger/summary").await["accepted"], 2);
    bench.sim.shutdown().await;
}

#[tokio::test]
async fn long_lists_and_the_clock_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with(options(folder.path())).await;
    let control = json!({"no_pair_limit": true});
    bench.control("/_sim/faults", &control).await;
    let fast = json!({"throughput_mps": 100_000});
    let number = format!("/_sim/numbers/{}", bench.sim.credentials.phone_number_id);
    bench.control(&number, &fast).await;
    bench.writes(PHONE).await;
    // More than one part of the list, of which only the last changes after the first snapshot.
    for n in 0..1_050 {
        bench.accepted(PHONE, &text(&format!("{n}"))).await;
    }
    bench.advance(Duration::from_hours(30)).await;
    bench.sim.shutdown().await;

    let bench = Bench::with(options(folder.path())).await;
    let summary = bench.look("/_sim/ledger/summary").await;
    assert_eq!(summary["accepted"], 1_050);
    assert_eq!(summary["last_status"]["read"], 1_050);
    let clock = bench.look("/_sim/clock").await;
    assert_eq!(clock["offset_ms"], 30 * 3_600_000);
    let last = bench.look("/_sim/ledger?after_seq=1049").await;
    assert_eq!(last["data"][0]["body"]["text"]["body"], "1049");
    assert_eq!(last["data"][0]["statuses"][2]["status"], "read");
    let status = bench.send(PHONE, &text("the window is closed")).await.0;
    assert_eq!(status, 200);
    bench.advance(Duration::from_secs(1)).await;
    let summary = bench.look("/_sim/ledger/summary").await;
    assert_eq!(summary["last_status"]["failed"], 1);
    bench.sim.shutdown().await;
}

#[tokio::test]
async fn a_folder_of_another_version_is_said() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("state.json"), r#"{"version": 1}"#).unwrap();
    let error = Simulator::start(options(folder.path())).await.unwrap_err();
    assert!(
        error.to_string().contains("version 1 cannot be read"),
        "{error}"
    );
}

#[tokio::test]
async fn ids_after_a_crash_are_new() {
    let folder = tempfile::tempdir().unwrap();
    let mut wamids = Vec::new();
    for _ in 0..2 {
        // Never shut down: what was sent after the last snapshot is forgotten.
        let bench = Bench::with(options(folder.path())).await;
        wamids.push(bench.accepted(PHONE, &text("x")).await);
    }
    assert_ne!(wamids[0], wamids[1]);
}

#[tokio::test]
async fn a_spoiled_folder_and_a_used_port_are_said() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("state.json"), "not json").unwrap();
    let clock = Arc::new(VirtualClock::frozen_at(START_US));
    let error = Simulator::start(Options {
        clock,
        ..options(folder.path())
    })
    .await
    .unwrap_err();
    assert!(matches!(error, Error::Data { .. }) && error.to_string().contains("state.json"));
    let first = Simulator::start(Options::default()).await.unwrap();
    let error = Simulator::start(Options {
        port: first.addr.port(),
        ..Options::default()
    })
    .await
    .unwrap_err();
    assert!(matches!(error, Error::Listen { .. }), "{error}");
    first.shutdown().await;
}
