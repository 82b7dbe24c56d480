//! The licences and bans of `deny.toml`, held against the crates that are really linked.
//! `cargo deny` does this and more; it takes minutes to build from source, so a machine without it
//! still gets the part that decides what may be shipped.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
struct Policy {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

/// Check every crate of the lock file that this platform links.
pub(crate) fn check(root: &Path) -> Result<()> {
    let text = std::fs::read_to_string(root.join("deny.toml")).context("deny.toml")?;
    let policy: Policy = toml::from_str(&text).context("deny.toml")?;
    let asked = std::process::Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(root)
        .output()
        .context("cargo metadata")?;
    if !asked.status.success() {
        bail!(
            "cargo metadata: {}",
            String::from_utf8_lossy(&asked.stderr).trim()
        );
    }
    let metadata: Metadata = serde_json::from_slice(&asked.stdout).context("cargo metadata")?;
    let mut refused = Vec::new();
    for package in &metadata.packages {
        let named = format!("{} {}", package.name, package.version);
        if let Some(ban) = policy.bans.deny.iter().find(|ban| ban.name == package.name) {
            refused.push(format!("{named} is banned: {}", ban.reason));
        }
        match &package.license {
            Some(licence) if allowed(licence, &policy.licenses.allow) => {}
            Some(licence) => refused.push(format!("{named} has the licence {licence}")),
            None => refused.push(format!("{named} names no licence")),
        }
        if package
            .source
            .as_ref()
            .is_some_and(|source| source.starts_with("git+"))
        {
            refused.push(format!(
                "{named} comes from a git repository, not from the registry"
            ));
        }
    }
    if !refused.is_empty() {
        bail!("refused by deny.toml:\n  {}", refused.join("\n  "));
    }
    eprintln!(
        "licences and bans: {} crates are within deny.toml",
        metadata.packages.len()
    );
    Ok(())
}

/// Whether an SPDX expression can be satisfied with the allowed licences.
fn allowed(expression: &str, allow: &[String]) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut place = 0;
    let verdict = either(&words, &mut place, allow);
    verdict && place == words.len()
}

fn either(words: &[&str], place: &mut usize, allow: &[String]) -> bool {
    let mut verdict = both(words, place, allow);
    while words.get(*place) == Some(&"OR") {
        *place += 1;
        verdict |= both(words, place, allow);
    }
    verdict
}

fn both(words: &[&str], place: &mut usize, allow: &[String]) -> bool {
    let mut verdict = single(words, place, allow);
    while words.get(*place) == Some(&"AND") {
        *place += 1;
        verdict &= single(words, place, allow);
    }
    verdict
}

fn single(words: &[&str], place: &mut usize, allow: &[String]) -> bool {
    let Some(word) = words.get(*place) else {
        return false;
    };
    *place += 1;
    if *word == "(" {
        let verdict = either(words, place, allow);
        let closed = words.get(*place) == Some(&")");
        *place += 1;
        return verdict && closed;
    }
    let mut name = (*word).to_owned();
    if words.get(*place) == Some(&"WITH") {
        let exception = words.get(*place + 1).unwrap_or(&"");
        name = format!("{name} WITH {exception}");
        *place += 2;
    }
    allow.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::allowed;

    fn verdict(expression: &str) -> bool {
        allowed(
            expression,
            &[
                "MIT",
                "Apache-2.0",
                "Apache-2.0 WITH LLVM-exception",
                "Zlib",
            ]
            .map(str::to_owned),
        )
    }

    #[test]
    fn one_allowed_alternative_is_enough() {
        assert!(verdict("MIT"));
        assert!(verdict("MIT OR LGPL-2.1-or-later"));
        assert!(verdict("Unlicense/MIT"));
        assert!(verdict("Apache-2.0 WITH LLVM-exception OR GPL-2.0"));
    }

    #[test]
    fn every_part_of_a_conjunction_is_needed() {
        assert!(verdict("(MIT OR Apache-2.0) AND Zlib"));
        assert!(!verdict("(MIT OR Apache-2.0) AND AGPL-3.0"));
        assert!(!verdict("AGPL-3.0"));
        assert!(!verdict(""));
        assert!(!verdict("(MIT"));
    }
}
