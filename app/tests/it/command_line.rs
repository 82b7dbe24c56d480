//! Commands, help and exit codes.

use crate::process::{command, folder, run};

#[test]
fn every_command_has_help() {
    let folder = folder();
    for command in [
        &[][..],
        &["demo"],
        &["serve"],
        &["simulator"],
        &["migrate"],
        &["doctor"],
        &["connect"],
        &["config"],
        &["config", "init"],
        &["config", "check"],
        &["user"],
        &["user", "add"],
        &["user", "list"],
        &["user", "disable"],
        &["user", "enable"],
        &["user", "role"],
        &["user", "password"],
        &["user", "link"],
    ] {
        let arguments: Vec<&str> = command.iter().copied().chain(["--help"]).collect();
        let ended = run(folder.path(), &arguments);
        assert_eq!(ended.code, 0, "{arguments:?}: {}", ended.stderr);
        assert!(ended.stdout.contains("Usage: wigwag"), "{arguments:?}");
    }
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let folder = folder();
    for arguments in [
        &[][..],
        &["bake"],
        &["demo", "--port", "many"],
        &[
            "demo",
            "--sim-port",
            "1",
            "--simulator",
            "http://127.0.0.1:1",
        ],
        &["serve", "--role", "boss"],
        &["user", "role", "asha@kite.example", "king"],
        &["demo", "--data", "d", "--simulator", "ftp://127.0.0.1"],
        &[
            "demo",
            "--data",
            "d",
            "--sim-port",
            "0",
            "--port",
            "0",
            "--database",
            "mysql://x",
        ],
    ] {
        let ended = run(folder.path(), arguments);
        assert_eq!(ended.code, 2, "{arguments:?}: {}", ended.stderr);
        assert!(ended.stdout.is_empty(), "{arguments:?}: {}", ended.stdout);
    }
}

#[test]
fn a_closed_pipe_is_no_accident() {
    let folder = folder();
    let mut child = command(folder.path())
        .args(["config", "check", "--print-default"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
}

#[test]
fn the_version_is_told() {
    let ended = run(folder().path(), &["--version"]);
    assert_eq!(ended.code, 0);
    assert_eq!(
        ended.stdout.trim(),
        concat!("wigwag ", env!("CARGO_PKG_VERSION"))
    );
}
