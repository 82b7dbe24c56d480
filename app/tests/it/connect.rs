//! `wigwag connect`, against the simulator as Meta.

use crate::process::{Server, command, end, folder, run};

#[test]
fn an_account_is_connected_and_then_known() {
    let (own, other) = (folder(), folder());
    let (simulator, known) = Server::start(other.path(), &["simulator", "--json", "--port", "0"]);
    let word = |key: &str| known[key].as_str().unwrap().to_owned();
    let text = format!("[meta]\nbase_url = \"{}\"\n", word("url"));
    std::fs::write(own.path().join("wigwag.toml"), text).unwrap();
    assert_eq!(run(own.path(), &["migrate"]).code, 0);
    let added = run(
        own.path(),
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

    let (app, portfolio, waba) = (word("app_id"), word("portfolio_id"), word("waba_id"));
    let connect = |waba: &str, token: Option<String>| {
        let mut connect = command(own.path());
        connect.args([
            "connect",
            "--app",
            &app,
            "--portfolio",
            &portfolio,
            "--waba",
            waba,
        ]);
        connect.env("WIGWAG_APP_SECRET", word("app_secret"));
        if let Some(token) = token {
            connect.env("WIGWAG_ACCESS_TOKEN", token);
        }
        end(&mut connect)
    };
    let without = connect(&waba, None);
    assert_eq!(without.code, 2);
    assert!(
        without.stderr.contains("WIGWAG_ACCESS_TOKEN is not set"),
        "{}",
        without.stderr
    );
    let wrong = connect("the shop", Some(word("access_token")));
    assert_eq!(wrong.code, 2);
    let refused = connect(&waba, Some("EAAnot".to_owned()));
    assert_eq!(refused.code, 1);
    assert!(
        refused.stderr.contains("cannot be read"),
        "{}",
        refused.stderr
    );
    assert!(!refused.stderr.contains("EAAnot"), "{}", refused.stderr);

    let first = connect(&waba, Some(word("access_token")));
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert!(
        first.stdout.contains(&format!("/webhooks/whatsapp/{app}")),
        "{}",
        first.stdout
    );
    // The verify token stays what was entered on Meta's page.
    let second = connect(&waba, Some(word("access_token")));
    assert_eq!(second.stdout, first.stdout);
    assert!(!first.stdout.contains(&word("app_secret")));

    let doctor = run(own.path(), &["doctor"]);
    assert_eq!(doctor.code, 0, "{}{}", doctor.stdout, doctor.stderr);
    for told in ["the token works", "connected", "its webhooks go to app"] {
        assert!(
            doctor.stdout.contains(told),
            "no {told:?} in\n{}",
            doctor.stdout
        );
    }
    assert_eq!(simulator.stop().0, 0);
}
