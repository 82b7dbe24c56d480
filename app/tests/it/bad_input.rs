//! What the world around may do wrong: one clear line each, and exit code 1.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use wigwag_engine::clock::SystemClock;
use wigwag_store::{Db, Keys, Mint, Options, Priority, sql};

use crate::process::{Ended, Server, folder, run};

/// One line on stderr, and exit code 1.
fn one_line(ended: &Ended, told: &str) {
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let lines: Vec<&str> = ended
        .stderr
        .lines()
        .filter(|line| line.starts_with("wigwag: "))
        .collect();
    assert_eq!(lines.len(), 1, "{}", ended.stderr);
    assert!(lines[0].contains(told), "{}", ended.stderr);
    assert_eq!(ended.stdout, "");
}

#[test]
fn a_port_in_use() {
    let folder = folder();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let demo = run(
        folder.path(),
        &["demo", "--data", "d", "--sim-port", "0", "--port", &port],
    );
    one_line(
        &demo,
        "the port is in use; stop what uses it or choose another with --port",
    );
    let simulator = run(
        folder.path(),
        &["demo", "--data", "e", "--port", "0", "--sim-port", &port],
    );
    one_line(&simulator, "the simulator cannot listen on");
    let alone = run(folder.path(), &["simulator", "--port", &port]);
    one_line(&alone, "the port is in use");
    std::fs::write(
        folder.path().join("wigwag.toml"),
        format!("[server]\nlisten = \"127.0.0.1:{port}\"\n"),
    )
    .unwrap();
    one_line(
        &run(folder.path(), &["serve"]),
        "choose another with server.listen",
    );
}

#[test]
fn a_data_folder_that_cannot_be_written() {
    let folder = folder();
    // A file where the folder should be: nobody can write below it, not even root.
    std::fs::write(folder.path().join("file"), "x").unwrap();
    let demo = run(
        folder.path(),
        &[
            "demo",
            "--data",
            "file/data",
            "--port",
            "0",
            "--sim-port",
            "0",
        ],
    );
    one_line(&demo, "the data folder file/data cannot be written");
    std::fs::write(
        folder.path().join("wigwag.toml"),
        "[data]\nfolder = \"file\"\n[server]\nlisten = \"127.0.0.1:0\"\n",
    )
    .unwrap();
    one_line(
        &run(folder.path(), &["serve"]),
        "the data folder file cannot be written",
    );
}

async fn raise_version(file: &Path) {
    let mint = Mint::new(Arc::new(SystemClock::new()), [9; 32]);
    let url = format!("sqlite:{}", file.display());
    let db = Db::open(&url, Options::new(mint, Keys::new([1; 32])))
        .await
        .unwrap();
    db.migrate().await.unwrap();
    db.write(Priority::Foreground, |tx| {
        Box::pin(async move {
            sql("INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (9999, 'later', $1, 0)")
                .bind(vec![0_u8; 32])
                .execute(tx)
                .await?;
            Ok(())
        })
    })
    .await
    .unwrap();
    db.close().await;
}

#[tokio::test]
async fn a_database_of_a_newer_version() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("wigwag-data")).unwrap();
    raise_version(&folder.path().join("wigwag-data/wigwag.db")).await;
    std::fs::write(
        folder.path().join("wigwag.toml"),
        "[server]\nlisten = \"127.0.0.1:0\"\n",
    )
    .unwrap();
    for arguments in [&["serve"][..], &["migrate"], &["user", "list"]] {
        one_line(
            &run(folder.path(), arguments),
            "the database is of a newer version",
        );
    }
    let demo = run(
        folder.path(),
        &[
            "demo",
            "--data",
            "d",
            "--port",
            "0",
            "--sim-port",
            "0",
            "--database",
            "sqlite:wigwag-data/wigwag.db",
        ],
    );
    one_line(
        &demo,
        "use the newer program; or begin the demo anew: delete",
    );
}

#[test]
fn a_master_key_that_others_may_read() {
    let folder = folder();
    let key = folder.path().join("wigwag.key");
    std::fs::write(&key, "ab".repeat(32)).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    std::fs::write(
        folder.path().join("wigwag.toml"),
        "[server]\nlisten = \"127.0.0.1:0\"\n",
    )
    .unwrap();
    one_line(&run(folder.path(), &["serve"]), "chmod 600 wigwag.key");
}

#[test]
fn a_database_that_another_server_uses() {
    let folder = folder();
    let arguments = |data| {
        [
            "demo",
            "--json",
            "--port",
            "0",
            "--sim-port",
            "0",
            "--empty",
            "--database",
            "sqlite:shared/shop.db",
            "--data",
            data,
        ]
    };
    let (server, _) = Server::start(folder.path(), &arguments("one"));
    let second = run(folder.path(), &arguments("two"));
    one_line(
        &second,
        "the database shared/shop.db is in use by another wigwag",
    );
    assert_eq!(server.stop().0, 0);
}

#[test]
fn no_simulator_where_one_should_be() {
    let folder = folder();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let demo = run(
        folder.path(),
        &["demo", "--data", "d", "--port", "0", "--simulator", &url],
    );
    one_line(&demo, "does not answer as a wigwag simulator");
}
