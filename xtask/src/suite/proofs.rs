//! The short forms of the crash proof, the durability trace and the benchmarks: that they run, hold,
//! and fail when they should. The long forms, with figures that mean something, are commands.

use super::tally::Tally;
use crate::{repo, run};
use anyhow::{Context, Result, bail};
use std::path::Path;

/// Each proof is one test, run on the binary that the other parts test.
pub(super) fn run(root: &Path, tally: &mut Tally) -> Result<()> {
    run::check(&mut run::command(
        root,
        "cargo",
        &["build", "--package", "wigwag", "--locked"],
    ))?;
    let binary = repo::target_dir(root).join("debug/wigwag");
    let binary = binary
        .to_str()
        .context("the path of the binary is no text")?;
    let small = [
        "--kills",
        "3",
        "--recipients",
        "60",
        "--webhooks",
        "100",
        "--sends",
        "40",
        "--json",
    ];
    let chaos = |more: &[&'static str]| [&["chaos"][..], &small, more].concat();
    let campaign = |more: &[&'static str]| {
        let small = [
            "chaos",
            "--campaign",
            "--kills",
            "3",
            "--recipients",
            "200",
            "--json",
        ];
        [&small[..], more].concat()
    };

    tally.part("chaos on SQLite", |tally| {
        proof(root, binary, &chaos(&[]), tally)
    });
    tally.part("chaos on PostgreSQL", |tally| {
        proof(root, binary, &chaos(&["--database", "postgres"]), tally)
    });
    tally.part("chaos finds a double", |tally| {
        refutation(
            root,
            binary,
            &chaos(&["--inject-double"]),
            "\"max_per_recipient\":2",
            tally,
        )
    });
    tally.part("chaos of a campaign on SQLite", |tally| {
        proof(root, binary, &campaign(&[]), tally)
    });
    tally.part("chaos of a campaign on PostgreSQL", |tally| {
        proof(root, binary, &campaign(&["--database", "postgres"]), tally)
    });
    tally.part("chaos of a campaign finds a double", |tally| {
        refutation(
            root,
            binary,
            &campaign(&["--inject-double"]),
            "\"max_per_recipient\":2",
            tally,
        )
    });
    let endpoints = |more: &[&'static str]| {
        let small = [
            "chaos",
            "--endpoints",
            "--kills",
            "3",
            "--recipients",
            "60",
            "--webhooks",
            "200",
            "--sends",
            "100",
            "--json",
        ];
        [&small[..], more].concat()
    };
    tally.part("chaos of webhooks on SQLite", |tally| {
        proof(root, binary, &endpoints(&[]), tally)
    });
    tally.part("chaos of webhooks on PostgreSQL", |tally| {
        proof(root, binary, &endpoints(&["--database", "postgres"]), tally)
    });
    tally.part("chaos of webhooks finds a loss", |tally| {
        refutation(
            root,
            binary,
            &endpoints(&["--inject-loss"]),
            "\"missing\":1",
            tally,
        )
    });
    tally.part("trace", |tally| {
        proof(root, binary, &["trace", "--json"], tally)
    });
    tally.part("trace without fsync", |tally| {
        refutation(
            root,
            binary,
            &["trace", "--json", "--without-fsync"],
            "\"syncs\":0",
            tally,
        )
    });
    for name in [
        "ingest", "statuses", "inbox", "start", "campaign", "track", "import", "segments",
    ] {
        tally.part(&format!("bench {name}"), |tally| {
            proof(root, binary, &["bench", name, "--quick", "--json"], tally)
        });
    }
    Ok(())
}

/// Ourselves once more, with the words that a person would use.
fn ourselves(root: &Path, binary: &str, words: &[&str]) -> Result<std::process::Command> {
    let us = std::env::current_exe()?;
    let us = us.to_str().context("our own path is no text")?;
    Ok(run::command(
        root,
        us,
        &[words, &["--binary", binary]].concat(),
    ))
}

fn proof(root: &Path, binary: &str, words: &[&str], tally: &mut Tally) -> Result<()> {
    run::check(&mut ourselves(root, binary, words)?)?;
    tally.pass();
    Ok(())
}

/// The proof must fail, and for the reason that was planted.
fn refutation(
    root: &Path,
    binary: &str,
    words: &[&str],
    reason: &str,
    tally: &mut Tally,
) -> Result<()> {
    let mut found = false;
    let held = run::observe(&mut ourselves(root, binary, words)?, |line| {
        found |= line.contains(reason);
    })?;
    if held {
        bail!("it holds although a promise was broken on purpose");
    }
    if !found {
        bail!("it failed, but not because of {reason}");
    }
    tally.pass();
    Ok(())
}
