//! What must never be in the log: words of people, their numbers, passwords, keys and tokens.

use serde_json::{Value, json};

use crate::process::{Server, ask, client, eventually, folder, origin};

#[tokio::test]
async fn the_log_tells_no_secret() {
    let folder = folder();
    let arguments = [
        "demo",
        "--json",
        "--port",
        "0",
        "--sim-port",
        "0",
        "--data",
        "data",
        "--log-level",
        "debug",
    ];
    let (server, ready) = Server::start(folder.path(), &arguments);
    let (origin, key) = (origin(&ready), &ready["api_key"]);

    let simulator = ready["simulator"].as_str().unwrap();
    let words = "Is the purple one waterproof?";
    let said = client()
        .post(format!("{simulator}/_sim/inbound"))
        .json(&json!({"person": "+919812345678", "name": "Zubin Wadia", "text": words}));
    assert_eq!(said.send().await.unwrap().status(), 200);
    let (_, page) = ask(&origin, key, "/api/v1/contacts?q=919813").await;
    let phone = page["data"][0]["phone"]
        .as_str()
        .unwrap_or("+919813")
        .to_owned();
    // What is said comes in and is answered before the log is looked at.
    let id = eventually("the question is here", async || {
        let (_, conversations) = ask(&origin, key, "/api/v1/conversations").await;
        let all = conversations["data"].as_array()?;
        let asked = all
            .iter()
            .find(|row| row["contact"]["name"] == "Zubin Wadia")?;
        asked["id"].as_str().map(str::to_owned)
    })
    .await;
    let answer = client()
        .post(format!("{origin}/api/v1/conversations/{id}/messages"))
        .bearer_auth(key.as_str().unwrap())
        .header("idempotency-key", "one")
        .json(&json!({"type": "text", "text": {"body": "Only in light rain, I fear."}}));
    assert_eq!(answer.send().await.unwrap().status(), 202);
    eventually("the answer has left", async || {
        let ledger = client().get(format!("{simulator}/_sim/ledger?limit=1000"));
        let ledger = ledger.send().await.unwrap().text().await.unwrap();
        ledger.contains("light rain").then_some(())
    })
    .await;
    let wrong = client()
        .post(format!("{origin}/api/v1/session"))
        .header("origin", &origin)
        .json(&json!({"email": ready["email"], "password": "guess-me-not"}));
    assert_eq!(wrong.send().await.unwrap().status(), 401);

    let credentials: Value = client()
        .get(format!("{simulator}/_sim/credentials"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let log = server.log();
    assert!(log.contains("request"), "requests are logged");
    let token = ready["console"]
        .as_str()
        .unwrap()
        .split_once("token=")
        .unwrap()
        .1;
    for secret in [
        words,
        "light rain",
        "guess-me-not",
        "919812345678",
        phone.trim_start_matches('+'),
        "Zubin",
        token,
        key.as_str().unwrap(),
        ready["password"].as_str().unwrap(),
        ready["app_secret"].as_str().unwrap(),
        ready["verify_token"].as_str().unwrap(),
        credentials["access_token"].as_str().unwrap(),
    ] {
        assert!(!log.contains(secret), "{secret:?} is in the log:\n{log}");
    }
    assert_eq!(server.stop().0, 0);
}
