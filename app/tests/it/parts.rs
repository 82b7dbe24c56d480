//! Several processes on one PostgreSQL.

use std::path::Path;

use wigwag_store::testing::TestDb;

use crate::process::{Server, ask, client, folder, free_port, origin};

/// A folder with the configuration of one process.
fn configure(folder: &Path, shared: &Path, url: &str) -> String {
    std::fs::create_dir_all(folder).unwrap();
    let address = format!("127.0.0.1:{}", free_port());
    let text = format!(
        "[server]\nlisten = \"{address}\"\n[data]\nfolder = \"{0}/data\"\n[keys]\nmaster_file = \"{0}/key\"\n[database]\nurl = \"{url}\"\n",
        shared.display()
    );
    std::fs::write(folder.join("wigwag.toml"), text).unwrap();
    format!("http://{address}")
}

#[tokio::test]
async fn web_and_worker_share_a_database() {
    let Some(db) = TestDb::postgres().await else {
        return;
    };
    let shared = folder();
    let (at_web, at_work) = (shared.path().join("web"), shared.path().join("worker"));
    let web_origin = configure(&at_web, shared.path(), &db.url);
    let worker_origin = configure(&at_work, shared.path(), &db.url);
    let (web, log) = Server::serve(&at_web, &["--role", "web"], "serving");
    assert!(log.contains("nobody owns this installation yet"), "{log}");
    let (worker, log) = Server::serve(&at_work, &["--role", "worker"], "serving");
    assert!(
        !log.contains("nobody owns"),
        "a worker has no page to set up: {log}"
    );
    let status = |url: String| async move {
        let answer = client().get(url).send().await.unwrap();
        answer.status().as_u16()
    };
    for origin in [&web_origin, &worker_origin] {
        assert_eq!(status(format!("{origin}/readyz")).await, 200);
    }
    assert_eq!(status(format!("{web_origin}/api/v1/setup")).await, 200);
    assert_eq!(status(format!("{worker_origin}/api/v1/setup")).await, 404);
    assert_eq!(worker.stop().0, 0);
    assert_eq!(web.stop().0, 0);
    db.remove().await;
}

#[tokio::test]
async fn the_demo_runs_on_postgres() {
    let Some(db) = TestDb::postgres().await else {
        return;
    };
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
        "--database",
        &db.url,
    ];
    let mut keys = Vec::new();
    for _ in 0..2 {
        let (server, ready) = Server::start(folder.path(), &arguments);
        keys.push(ready["api_key"].clone());
        for key in &keys {
            let (status, page) = ask(&origin(&ready), key, "/api/v1/contacts?limit=100").await;
            assert_eq!(status, 200, "{page}");
            assert_eq!(page["data"].as_array().unwrap().len(), 40);
        }
        assert_eq!(server.stop().0, 0);
    }
    db.remove().await;
}
