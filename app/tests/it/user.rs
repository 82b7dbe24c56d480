//! `wigwag user`, beside a running server.

use serde_json::json;

use crate::process::{Server, client, folder, free_port, run, run_with};

#[tokio::test]
async fn people_are_looked_after_while_the_server_runs() {
    let folder = folder();
    let port = free_port();
    std::fs::write(
        folder.path().join("wigwag.toml"),
        format!(
            "[server]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"http://localhost:{port}\"\n"
        ),
    )
    .unwrap();
    let (server, _) = Server::serve(folder.path(), &[], "serving");
    let origin = format!("http://127.0.0.1:{port}");
    let user = |arguments: &[&str]| {
        let arguments: Vec<&str> = ["user"]
            .into_iter()
            .chain(arguments.iter().copied())
            .collect();
        run(folder.path(), &arguments)
    };

    let none = user(&["add", "ravi@kite.example", "--name", "Ravi Menon"]);
    assert_eq!(none.code, 1);
    assert!(none.stderr.contains("--new-workspace"), "{}", none.stderr);
    let owner = user(&[
        "add",
        "asha@kite.example",
        "--name",
        "Asha Rao",
        "--new-workspace",
        "Kite & Co.",
    ]);
    assert_eq!(owner.code, 0, "{}", owner.stderr);
    assert!(
        owner
            .stdout
            .starts_with("Added asha@kite.example to Kite & Co. as owner.")
    );
    let made = owner.stdout.split_once("Password: ").unwrap().1.trim();
    let sign_in = |email: &'static str, password: String| {
        client()
            .post(format!("{origin}/api/v1/session"))
            .header("origin", &origin)
            .json(&json!({"email": email, "password": password}))
            .send()
    };
    let entered = sign_in("asha@kite.example", made.to_owned()).await.unwrap();
    assert_eq!(entered.status(), 201);

    let given = run_with(
        folder.path(),
        &[
            "user",
            "add",
            "ravi@kite.example",
            "--name",
            "Ravi Menon",
            "--password-stdin",
        ],
        "nine lives of a cat\n",
    );
    assert_eq!(given.code, 0, "{}", given.stderr);
    assert!(!given.stdout.contains("nine lives"), "{}", given.stdout);
    let ravi = || sign_in("ravi@kite.example", "nine lives of a cat".to_owned());
    assert_eq!(ravi().await.unwrap().status(), 201);
    let weak = run_with(
        folder.path(),
        &["user", "password", "ravi@kite.example", "--password-stdin"],
        "password1\n",
    );
    assert_eq!(weak.code, 2);
    let twice = user(&["add", "ravi@kite.example", "--name", "Ravi Menon"]);
    assert_eq!(twice.code, 1);
    assert!(twice.stderr.contains("taken already"), "{}", twice.stderr);

    let list = user(&["list"]);
    assert!(
        list.stdout
            .contains("  asha@kite.example  Asha Rao    owner\n"),
        "{}",
        list.stdout
    );
    assert!(
        list.stdout
            .contains("  ravi@kite.example  Ravi Menon  agent\n"),
        "{}",
        list.stdout
    );

    for last in [
        &["disable", "asha@kite.example"][..],
        &["role", "asha@kite.example", "agent"],
    ] {
        let ended = user(last);
        assert_eq!(ended.code, 1);
        assert!(ended.stderr.contains("last owner"), "{}", ended.stderr);
    }
    assert_eq!(user(&["disable", "ravi@kite.example"]).code, 0);
    assert_ne!(ravi().await.unwrap().status(), 201);
    assert!(user(&["list"]).stdout.contains("disabled"));
    assert_eq!(user(&["enable", "ravi@kite.example"]).code, 0);
    assert_eq!(ravi().await.unwrap().status(), 201);
    assert_eq!(user(&["role", "ravi@kite.example", "owner"]).code, 0);
    assert_eq!(user(&["role", "asha@kite.example", "admin"]).code, 0);

    let fresh = user(&["password", "asha@kite.example"]);
    assert_eq!(fresh.code, 0, "{}", fresh.stderr);
    let password = fresh
        .stdout
        .split_once("Password: ")
        .unwrap()
        .1
        .trim()
        .to_owned();
    let entered = sign_in("asha@kite.example", password).await.unwrap();
    assert_eq!(entered.status(), 201);

    let link = user(&["link", "ravi@kite.example"]);
    let token = link
        .stdout
        .trim()
        .split_once("/login?token=")
        .unwrap()
        .1
        .to_owned();
    let once = || {
        client()
            .post(format!("{origin}/api/v1/session/one_time"))
            .header("origin", &origin)
            .json(&json!({"token": token}))
            .send()
    };
    assert_eq!(once().await.unwrap().status(), 201);
    assert_eq!(once().await.unwrap().status(), 401);

    let nobody = user(&["link", "nobody@kite.example"]);
    assert_eq!(nobody.code, 1);
    assert!(
        nobody.stderr.contains("wigwag user list"),
        "{}",
        nobody.stderr
    );
    assert_eq!(server.stop().0, 0);
}

#[test]
fn without_a_database_nothing_is_made() {
    let folder = folder();
    let ended = run(folder.path(), &["user", "list"]);
    assert_eq!(ended.code, 1);
    assert!(
        ended.stderr.contains("there is no database"),
        "{}",
        ended.stderr
    );
    assert!(!folder.path().join("wigwag-data").exists());
}
