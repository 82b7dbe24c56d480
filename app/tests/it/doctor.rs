//! `wigwag doctor`: what is right, what is not, and how to mend it.

use std::os::unix::fs::PermissionsExt as _;

use crate::process::{Server, folder, run};

#[test]
fn a_fresh_installation_has_things_to_note_and_nothing_to_mend() {
    let folder = folder();
    let before = run(folder.path(), &["doctor", "--offline"]);
    assert_eq!(before.code, 0, "{}{}", before.stdout, before.stderr);
    assert!(
        before.stdout.contains("note  database:"),
        "{}",
        before.stdout
    );
    assert_eq!(run(folder.path(), &["migrate"]).code, 0);
    let after = run(folder.path(), &["doctor", "--offline"]);
    assert_eq!(after.code, 0, "{}{}", after.stdout, after.stderr);
    assert!(
        after.stdout.contains("ok    database: SQLite"),
        "{}",
        after.stdout
    );
    assert!(after.stdout.contains("0 to mend"), "{}", after.stdout);
}

#[test]
fn what_is_wrong_is_told_with_its_mend() {
    let folder = folder();
    std::fs::write(
        folder.path().join("wigwag.toml"),
        "[server]\npublic_url = \"http://inbox.example.com\"\n[data]\nfolder = \"file\"\n",
    )
    .unwrap();
    std::fs::write(folder.path().join("file"), "x").unwrap();
    let key = folder.path().join("wigwag.key");
    std::fs::write(&key, "ab".repeat(32)).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o640)).unwrap();
    let ended = run(folder.path(), &["doctor", "--offline"]);
    assert_eq!(ended.code, 1);
    for told in [
        "FAIL  data folder: file is no folder",
        "FAIL  master key:",
        "chmod 600",
        "FAIL  public address: http://inbox.example.com/ is not https",
    ] {
        assert!(
            ended.stdout.contains(told),
            "no {told:?} in\n{}",
            ended.stdout
        );
    }
    assert!(
        ended.stderr.contains("things have to be mended"),
        "{}",
        ended.stderr
    );
}

#[test]
fn meta_is_asked() {
    let (folder, other) = (folder(), folder());
    let (simulator, known) = Server::start(other.path(), &["simulator", "--json", "--port", "0"]);
    let write = |url: &str| {
        let text = format!("[meta]\nbase_url = \"{url}\"\n");
        std::fs::write(folder.path().join("wigwag.toml"), text).unwrap();
    };
    write(known["url"].as_str().unwrap());
    let ended = run(folder.path(), &["doctor"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stdout.contains("ok    Meta:"), "{}", ended.stdout);
    assert!(ended.stdout.contains("ok    clock:"), "{}", ended.stdout);
    assert_eq!(simulator.stop().0, 0);
    let ended = run(folder.path(), &["doctor"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stdout.contains("FAIL  Meta:"), "{}", ended.stdout);
}
