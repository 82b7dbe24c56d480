//! `wigwag serve`: the first visit, the key, metrics, migrations, the lock.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::json;

use crate::process::{Server, client, folder, free_port, run};

fn configure(folder: &Path) -> (String, String) {
    let (port, metrics) = (free_port(), free_port());
    std::fs::write(
        folder.join("wigwag.toml"),
        format!(
            "[server]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"http://localhost:{port}\"\nmetrics = \"127.0.0.1:{metrics}\"\n"
        ),
    )
    .unwrap();
    (
        format!("http://127.0.0.1:{port}"),
        format!("http://127.0.0.1:{metrics}"),
    )
}

/// The set-up token of a log.
fn token(log: &str) -> String {
    let rest = log.split_once("token=").expect("a token in the log").1;
    rest.trim_start_matches('"')
        .split(['"', ' ', '\n'])
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn the_first_visit_makes_the_first_owner() {
    let folder = folder();
    let (origin, metrics) = configure(folder.path());
    let (server, log) = Server::serve(folder.path(), &[], "serving");
    assert!(log.contains("nobody owns this installation yet"), "{log}");
    let key = folder.path().join("wigwag.key");
    assert_eq!(
        std::fs::metadata(&key).unwrap().permissions().mode() & 0o777,
        0o600
    );

    let set_up = |token: &str| {
        let body = json!({
            "token": token, "workspace_name": "Kite & Co.", "name": "Asha Rao",
            "email": "asha@kite.example", "password": "correct horse battery",
        });
        client()
            .post(format!("{origin}/api/v1/setup"))
            .header("origin", &origin)
            .json(&body)
            .send()
    };
    let wrong = set_up("not-the-token-of-this-log").await.unwrap();
    assert_eq!(wrong.status(), 422);
    assert_eq!(set_up(&token(&log)).await.unwrap().status(), 201);
    assert_eq!(set_up(&token(&log)).await.unwrap().status(), 409);
    for path in ["/livez", "/readyz"] {
        let answer = client()
            .get(format!("{origin}{path}"))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }

    // Metrics are on their own listener, and only there.
    let text = client()
        .get(format!("{metrics}/metrics"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        text.headers()["content-type"],
        "text/plain; version=0.0.4; charset=utf-8"
    );
    let text = text.text().await.unwrap();
    assert!(text.contains("wigwag_build_info{version="), "{text}");
    assert!(text.contains("wigwag_http_requests_total"), "{text}");
    let here = client()
        .get(format!("{origin}/metrics"))
        .send()
        .await
        .unwrap();
    assert_ne!(
        here.headers()["content-type"],
        "text/plain; version=0.0.4; charset=utf-8"
    );

    let twice = run(folder.path(), &["serve"]);
    assert_eq!(twice.code, 1);
    assert!(
        twice.stderr.contains("in use by another wigwag"),
        "{}",
        twice.stderr
    );
    let migrate = run(folder.path(), &["migrate"]);
    assert_eq!(migrate.code, 1);
    assert_eq!(server.stop().0, 0);

    let (server, log) = Server::serve(folder.path(), &[], "serving");
    assert!(!log.contains("nobody owns"), "{log}");
    assert_eq!(server.stop().0, 0);
}

#[test]
fn the_set_up_token_is_told_at_every_level() {
    let folder = folder();
    configure(folder.path());
    let file = folder.path().join("wigwag.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}[logs]\nlevel = \"error\"\n")).unwrap();
    let (server, log) = Server::serve(folder.path(), &[], "nobody owns");
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(!token(&log).is_empty());
    assert_eq!(server.stop().0, 0);
}

#[test]
fn migrate_says_what_it_did() {
    let folder = folder();
    let first = run(folder.path(), &["migrate"]);
    assert_eq!(first.code, 0, "{}", first.stderr);
    let newest = wigwag_store::newest_schema_version();
    assert_eq!(
        first.stdout,
        format!("The database went from version 0 to {newest}.\n")
    );
    let second = run(folder.path(), &["migrate"]);
    assert_eq!(
        second.stdout,
        format!("The database is of version {newest}: nothing to do.\n")
    );
}

#[test]
fn parts_need_a_database_that_can_be_shared() {
    let folder = folder();
    let ended = run(folder.path(), &["serve", "--role", "worker"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("need PostgreSQL"), "{}", ended.stderr);
}

#[test]
fn a_lost_key_is_told_and_not_replaced() {
    let folder = folder();
    configure(folder.path());
    let added = run(folder.path(), &["migrate"]);
    assert_eq!(added.code, 0, "{}", added.stderr);
    let added = run(
        folder.path(),
        &[
            "user",
            "add",
            "asha@kite.example",
            "--name",
            "Asha Rao",
            "--new-workspace",
            "Kite & Co.",
        ],
    );
    assert_eq!(added.code, 0, "{}", added.stderr);
    let key = folder.path().join("wigwag.key");
    let kept = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    let ended = run(folder.path(), &["serve"]);
    assert_eq!(ended.code, 1);
    assert!(
        ended.stderr.contains("wigwag.key is missing"),
        "{}",
        ended.stderr
    );
    assert!(!key.exists());

    std::fs::write(&key, "cd".repeat(32)).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    let ended = run(folder.path(), &["serve"]);
    assert_eq!(ended.code, 1);
    assert!(
        ended.stderr.contains("made with another master key"),
        "{}",
        ended.stderr
    );

    std::fs::write(&key, kept).unwrap();
    let (server, _) = Server::serve(folder.path(), &[], "serving");
    assert_eq!(server.stop().0, 0);
}
