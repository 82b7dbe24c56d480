//! The demo with a simulator in another process: its credentials, its webhooks, its clock.

use serde_json::{Value, json};

use crate::process::{Server, ask, client, eventually, folder, origin};

#[tokio::test]
async fn the_simulator_may_run_elsewhere() {
    let (own, others) = (folder(), folder());
    let (simulator, known) = Server::start(others.path(), &["simulator", "--json", "--port", "0"]);
    let url = known["url"].as_str().unwrap();
    let arguments = [
        "demo",
        "--json",
        "--port",
        "0",
        "--data",
        "data",
        "--simulator",
        url,
    ];
    let (server, ready) = Server::start(own.path(), &arguments);
    for same in [
        "app_id",
        "app_secret",
        "verify_token",
        "waba_id",
        "phone_number_id",
    ] {
        assert_eq!(known[same], ready[same], "{same}");
    }
    assert_eq!(ready["simulator"], known["url"]);

    // Its clock is ours: a day later no window is open any more.
    assert!(open_windows(&ready).await > 0);
    let advance = client()
        .post(format!("{url}/_sim/clock"))
        .json(&json!({"advance_ms": 25 * 3_600_000}));
    assert_eq!(advance.send().await.unwrap().status(), 200);
    eventually("the clock is followed", async || {
        (open_windows(&ready).await == 0).then_some(())
    })
    .await;
    assert_eq!(server.stop().0, 0);
    assert_eq!(simulator.stop().0, 0);
}

async fn open_windows(ready: &Value) -> usize {
    let path = "/api/v1/conversations?limit=100";
    let (status, page) = ask(&origin(ready), &ready["api_key"], path).await;
    assert_eq!(status, 200, "{page}");
    let rows = page["data"].as_array().unwrap();
    rows.iter()
        .filter(|row| row["window"]["open"] == true)
        .count()
}
