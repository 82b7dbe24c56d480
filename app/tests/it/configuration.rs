//! `wigwag config`, and what a wrong configuration says.

use crate::process::{command, end, folder, run};

#[test]
fn the_default_file_is_written_and_in_order() {
    let folder = folder();
    let written = run(folder.path(), &["config", "init"]);
    assert_eq!(written.code, 0, "{}", written.stderr);
    let file = std::fs::read_to_string(folder.path().join("wigwag.toml")).unwrap();
    let printed = run(folder.path(), &["config", "check", "--print-default"]);
    assert_eq!(printed.stdout, file);
    let checked = run(folder.path(), &["config", "check"]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    assert_eq!(checked.stdout, "wigwag.toml is in order.\n");
    let again = run(folder.path(), &["config", "init"]);
    assert_eq!(again.code, 1);
    assert!(
        again.stderr.contains("wigwag.toml was not written"),
        "{}",
        again.stderr
    );
}

#[test]
fn a_slip_of_the_pen_is_told_with_the_right_name() {
    let folder = folder();
    std::fs::write(
        folder.path().join("own.toml"),
        "[server]\nlisen = \"127.0.0.1:1\"\n",
    )
    .unwrap();
    for arguments in [
        &["config", "check", "--config", "own.toml"][..],
        &["serve", "--config", "own.toml"],
        &["migrate", "--config", "own.toml"],
        &["doctor", "--config", "own.toml"],
        &["user", "list", "--config", "own.toml"],
    ] {
        let ended = run(folder.path(), arguments);
        assert_eq!(ended.code, 2, "{arguments:?}");
        assert_eq!(
            ended.stderr,
            "wigwag: own.toml: there is no setting server.lisen: did you mean server.listen?\n"
        );
        assert_eq!(ended.stdout, "");
    }
}

#[test]
fn variables_are_checked_as_well() {
    let folder = folder();
    let ended = end(command(folder.path())
        .args(["config", "check"])
        .env("WIGWAG_DATABASE_ULR", "sqlite:x"));
    assert_eq!(ended.code, 2);
    assert!(
        ended.stderr.contains("did you mean WIGWAG_DATABASE_URL?"),
        "{}",
        ended.stderr
    );
    let ended = end(command(folder.path())
        .args(["config", "check"])
        .env("WIGWAG_SERVER_LISTEN", "everywhere"));
    assert_eq!(ended.code, 2);
    assert!(
        ended
            .stderr
            .contains("WIGWAG_SERVER_LISTEN = \"everywhere\" is not right: write an address"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_named_file_that_is_not_there_is_told() {
    let ended = run(folder().path(), &["serve", "--config", "gone.toml"]);
    assert_eq!(ended.code, 2);
    assert!(
        ended
            .stderr
            .contains("there is no configuration file gone.toml"),
        "{}",
        ended.stderr
    );
}
