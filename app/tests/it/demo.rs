//! `wigwag demo`: the line for programs, what is in it, and what a restart keeps.

use serde_json::{Value, json};

use crate::process::{Server, ask, client, folder, origin, run};

const KEYS: &[&str] = &[
    "console",
    "simulator",
    "email",
    "password",
    "api_key",
    "app_id",
    "app_secret",
    "verify_token",
    "phone_number_id",
    "waba_id",
    "workspace",
    "widget",
];

const ARGUMENTS: &[&str] = &[
    "demo",
    "--json",
    "--port",
    "0",
    "--sim-port",
    "0",
    "--data",
    "data",
];

async fn count(ready: &Value, path: &str) -> usize {
    let (status, page) = ask(&origin(ready), &ready["api_key"], path).await;
    assert_eq!(status, 200, "{page}");
    page["data"].as_array().unwrap().len()
}

#[tokio::test]
async fn the_line_opens_every_door() {
    let folder = folder();
    let (server, ready) = Server::start(folder.path(), ARGUMENTS);
    let mut names: Vec<&str> = ready
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut wanted = KEYS.to_vec();
    names.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(names, wanted);
    assert_eq!(ready["widget"], Value::Null);

    assert_eq!(count(&ready, "/api/v1/contacts?limit=100").await, 40);
    assert!(count(&ready, "/api/v1/conversations?status=open&limit=100").await > 10);
    assert!(count(&ready, "/api/v1/conversations?status=closed&limit=100").await > 2);
    assert!(count(&ready, "/api/v1/conversations?status=snoozed&limit=100").await > 0);
    assert!(count(&ready, "/api/v1/templates?limit=100").await > 10);
    let (_, numbers) = ask(&origin(&ready), &ready["api_key"], "/api/v1/numbers").await;
    assert_eq!(
        numbers["data"][0]["phone_number_id"],
        ready["phone_number_id"]
    );

    // The password, and the link: once, and then no more.
    let sign_in = json!({"email": ready["email"], "password": ready["password"]});
    assert_eq!(post(&ready, "/api/v1/session", &sign_in).await, 201);
    let console = ready["console"].as_str().unwrap();
    let (_, token) = console.split_once("/login?token=").unwrap();
    let once = json!({"token": token});
    assert_eq!(post(&ready, "/api/v1/session/one_time", &once).await, 201);
    assert_eq!(post(&ready, "/api/v1/session/one_time", &once).await, 401);

    // The simulator calls back where we are.
    let simulator = ready["simulator"].as_str().unwrap();
    let status: Value = client()
        .get(format!("{simulator}/_sim/status"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let app_id = ready["app_id"].as_str().unwrap();
    assert_eq!(
        status["app"]["webhook_url"],
        format!("{}/webhooks/whatsapp/{app_id}", origin(&ready))
    );
    assert_eq!(server.stop(), (0, String::new()));
}

async fn post(ready: &Value, path: &str, body: &Value) -> u16 {
    let url = format!("{}{path}", origin(ready));
    let request = client()
        .post(url)
        .header("origin", origin(ready))
        .json(body);
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_restart_keeps_data_keys_and_password() {
    let folder = folder();
    let (server, first) = Server::start(folder.path(), ARGUMENTS);
    let simulator = first["simulator"].as_str().unwrap();
    let advance = client()
        .post(format!("{simulator}/_sim/clock"))
        .json(&json!({"advance_ms": 7_200_000}));
    assert_eq!(advance.send().await.unwrap().status(), 200);
    assert_eq!(server.stop().0, 0);

    let (server, second) = Server::start(folder.path(), ARGUMENTS);
    for same in [
        "email",
        "password",
        "workspace",
        "app_id",
        "app_secret",
        "phone_number_id",
    ] {
        assert_eq!(first[same], second[same], "{same}");
    }
    for fresh in ["api_key", "console"] {
        assert_ne!(first[fresh], second[fresh], "{fresh}");
    }
    for key in [&first["api_key"], &second["api_key"]] {
        let (status, page) = ask(&origin(&second), key, "/api/v1/contacts?limit=100").await;
        assert_eq!(status, 200);
        assert_eq!(page["data"].as_array().unwrap().len(), 40);
    }
    let sign_in = json!({"email": second["email"], "password": first["password"]});
    assert_eq!(post(&second, "/api/v1/session", &sign_in).await, 201);
    // Time does not go back either.
    let simulator = second["simulator"].as_str().unwrap();
    let clock = client().get(format!("{simulator}/_sim/clock")).send();
    let clock: Value = clock.await.unwrap().json().await.unwrap();
    assert_eq!(clock["offset_ms"], 7_200_000);

    let twice = run(folder.path(), ARGUMENTS);
    assert_eq!(twice.code, 1);
    assert!(
        twice.stderr.contains("in use by another wigwag"),
        "{}",
        twice.stderr
    );
    assert_eq!(twice.stdout, "");
    assert_eq!(server.stop().0, 0);
}

#[tokio::test]
async fn empty_means_the_bare_number() {
    let folder = folder();
    let arguments: Vec<&str> = ARGUMENTS.iter().copied().chain(["--empty"]).collect();
    let (server, ready) = Server::start(folder.path(), &arguments);
    assert_eq!(count(&ready, "/api/v1/contacts").await, 0);
    assert_eq!(count(&ready, "/api/v1/conversations").await, 0);
    assert_eq!(count(&ready, "/api/v1/templates").await, 0);
    assert_eq!(count(&ready, "/api/v1/numbers").await, 1);
    assert_eq!(server.stop().0, 0);
}

#[tokio::test]
async fn a_stop_ends_open_connections_in_good_order() {
    let folder = folder();
    let (server, ready) = Server::start(folder.path(), ARGUMENTS);
    // A connection that is kept open and idle must not hold up the end.
    let idle = client();
    let url = format!("{}/livez", origin(&ready));
    assert_eq!(idle.get(&url).send().await.unwrap().status(), 200);
    let (code, rest) = tokio::task::spawn_blocking(move || server.stop())
        .await
        .unwrap();
    assert_eq!((code, rest.as_str()), (0, ""));
    assert!(idle.get(&url).send().await.is_err());
    let log = std::fs::read_to_string(folder.path().join("stderr.log")).unwrap();
    assert!(log.lines().last().unwrap().contains("stopped"), "{log}");
}
