//! Each dependency has a reason in `docs/dependencies.md`, and each reason there has a dependency.

use super::{Finding, Source};
use std::collections::BTreeSet;

const REASONS: &str = "docs/dependencies.md";

pub(super) fn check(sources: &[Source], findings: &mut Vec<Finding>) {
    let text = |path: &str| {
        sources
            .iter()
            .find(|source| source.path == path)
            .map(|source| source.text.as_str())
    };
    let mut used = text("Cargo.toml").map(rust).unwrap_or_default();
    used.extend(text("web/package.json").map(npm).unwrap_or_default());
    let explained = text(REASONS).map(rows).unwrap_or_default();
    compare(&used, &explained, findings);
}

fn compare(used: &BTreeSet<String>, explained: &BTreeSet<String>, findings: &mut Vec<Finding>) {
    for name in used.difference(explained) {
        findings.push(Finding::new(
            REASONS,
            0,
            format!("no line says why `{name}` is there"),
        ));
    }
    for name in explained.difference(used) {
        findings.push(Finding::new(
            REASONS,
            0,
            format!("`{name}` is no dependency any more"),
        ));
    }
}

fn rust(manifest: &str) -> BTreeSet<String> {
    let table = manifest.parse::<toml::Table>().unwrap_or_default();
    table
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies"))
        .and_then(|dependencies| dependencies.as_table())
        .into_iter()
        .flat_map(toml::Table::keys)
        .filter(|name| !name.starts_with("wigwag-"))
        .cloned()
        .collect()
}

fn npm(package: &str) -> BTreeSet<String> {
    let package: serde_json::Value = serde_json::from_str(package).unwrap_or_default();
    ["dependencies", "devDependencies"]
        .iter()
        .filter_map(|section| package.get(section)?.as_object())
        .flat_map(serde_json::Map::keys)
        .cloned()
        .collect()
}

/// The first column of the tables: `` | `name` | reason | ``, several names divided by commas.
fn rows(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter_map(|line| line.strip_prefix('|')?.split_once('|'))
        .flat_map(|(names, _)| names.split(','))
        .filter_map(|name| name.trim().strip_prefix('`')?.strip_suffix('`'))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_directions_are_compared() {
        let used =
            rust("[workspace.dependencies]\ntokio = \"1\"\nwigwag-model = { path = \"model\" }\n");
        let mut all = used.clone();
        all.extend(npm(
            r#"{"dependencies": {"react": "19"}, "devDependencies": {"vite": "8"}}"#,
        ));
        let explained =
            rows("| crate | why |\n|---|---|\n| `tokio`, `react` | why |\n| `left-pad` | once |\n");
        let mut findings = Vec::new();
        compare(&all, &explained, &mut findings);
        let told: Vec<_> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "docs/dependencies.md: no line says why `vite` is there",
                "docs/dependencies.md: `left-pad` is no dependency any more",
            ]
        );
    }
}
