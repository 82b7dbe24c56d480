//! What CI runs, in the order in which it is cheapest to fail.
//! Everything runs on the tree as it stands; a generated file that would change fails the run.

use crate::{licences, repo, run, suite, tidy};
use anyhow::{Result, bail};
use std::path::Path;

/// Format, lints, tidy, licences, docs, generated files, then the whole suite.
pub(crate) fn run() -> Result<()> {
    let root = repo::root()?;
    run::check(&mut run::command(
        &root,
        "cargo",
        &["fmt", "--all", "--check"],
    ))?;
    tidy::run()?;
    deny(&root)?;
    run::check(
        run::command(
            &root,
            "cargo",
            &[
                "clippy",
                "--workspace",
                "--all-targets",
                "--locked",
                "--",
                "-D",
                "warnings",
            ],
        )
        .env("WIGWAG_SKIP_WEB", "1"),
    )?;
    run::check(
        run::command(
            &root,
            "cargo",
            &["doc", "--workspace", "--no-deps", "--locked"],
        )
        .env("RUSTDOCFLAGS", "-D warnings")
        .env("WIGWAG_SKIP_WEB", "1"),
    )?;
    let before = changes(&root)?;
    suite::run(&suite::Options::default())?;
    let after = changes(&root)?;
    if before != after {
        bail!("the run changed files of the tree: commit what generators write\n{after}");
    }
    Ok(())
}

/// `cargo deny` where it is installed, our own reading of the same file where it is not.
fn deny(root: &Path) -> Result<()> {
    licences::check(root)?;
    if run::find("cargo-deny").is_none() {
        eprintln!("cargo-deny is not installed: advisories were not checked");
        return Ok(());
    }
    let database = std::env::var_os("CARGO_HOME")
        .map(std::path::PathBuf::from)
        .or_else(|| Some(std::path::PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))
        .is_some_and(|home| home.join("advisory-dbs").is_dir());
    let mut checks = vec!["deny", "check", "licenses", "bans", "sources"];
    if database {
        checks.push("advisories");
    } else {
        eprintln!("no copy of the advisory database here: advisories were not checked");
    }
    run::check(&mut run::command(root, "cargo", &checks))
}

/// What git sees as changed, to compare before and after.
fn changes(root: &Path) -> Result<String> {
    let status = std::process::Command::new("git")
        .args(["status", "--porcelain", "--untracked-files=normal"])
        .current_dir(root)
        .output()?;
    let diff = std::process::Command::new("git")
        .arg("diff")
        .current_dir(root)
        .output()?;
    Ok(format!(
        "{}{}",
        String::from_utf8_lossy(&status.stdout),
        String::from_utf8_lossy(&diff.stdout)
    ))
}
