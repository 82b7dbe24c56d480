//! Rules about single files: length, name, opening comment, words that mean unfinished work, and
//! traces of the machine that somebody worked on.

use super::{Finding, Source};

/// Nobody reads a longer file whole.
const MOST_LINES: usize = 800;

/// Files that may be longer, and why.
const LONG: &[(&str, &str)] = &[];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &[
    "util", "utils", "common", "helper", "helpers", "types", "misc",
];

pub(super) fn check(source: &Source, findings: &mut Vec<Finding>) {
    if is_generated(source) {
        return;
    }
    length(source, findings);
    name(source, findings);
    opening(source, findings);
    unfinished(source, findings);
    workplace(source, findings);
}

/// Written by a program and checked by the test that writes it.
fn is_generated(source: &Source) -> bool {
    let path = source.path.as_str();
    matches!(
        source.name(),
        "Cargo.lock" | "openapi.json" | "schema.d.ts" | "routeTree.gen.ts"
    ) || matches!(source.extension(), "snap" | "svg")
        || path.contains("/fixtures/")
}

fn is_code(source: &Source) -> bool {
    matches!(
        source.extension(),
        "rs" | "ts" | "tsx" | "js" | "mjs" | "css" | "sql" | "html"
    )
}

fn length(source: &Source, findings: &mut Vec<Finding>) {
    if source.name() == "package-lock.json" || LONG.iter().any(|(path, _)| *path == source.path) {
        return;
    }
    let lines = source.text.lines().count();
    if lines > MOST_LINES {
        findings.push(Finding::new(
            &source.path,
            0,
            format!("{lines} lines, {MOST_LINES} at most: find the second noun and give it a file"),
        ));
    }
}

fn name(source: &Source, findings: &mut Vec<Finding>) {
    if !is_code(source) {
        return;
    }
    let parts = source
        .path
        .split('/')
        .map(|part| part.split('.').next().unwrap_or(part));
    for part in parts {
        if EMPTY_NAMES.contains(&part) {
            findings.push(Finding::new(
                &source.path,
                0,
                format!("`{part}` says nothing: name the noun inside"),
            ));
        }
    }
}

/// Rust modules open with what they are for.
fn opening(source: &Source, findings: &mut Vec<Finding>) {
    if source.extension() != "rs" || source.name() == "tests.rs" || source.name() == "build.rs" {
        return;
    }
    if !source.text.lines().any(|line| line.starts_with("//!")) {
        findings.push(Finding::new(
            &source.path,
            0,
            "opens with no `//!`: say what it is for and what it must not do",
        ));
    }
}

fn unfinished(source: &Source, findings: &mut Vec<Finding>) {
    if !is_code(source) {
        return;
    }
    // Built from halves, so that this file may hold its own rule.
    let words = [
        ("to", "do!("),
        ("unimpl", "emented!("),
        ("FIX", "ME"),
        ("XX", "X:"),
        ("#[ign", "ore]"),
    ];
    for (number, line) in source.text.lines().enumerate() {
        for (head, tail) in words {
            let word = format!("{head}{tail}");
            if line.contains(&word) {
                let message =
                    format!("`{word}` is unfinished work: finish it, or leave it out and say so");
                findings.push(Finding::new(&source.path, number + 1, message));
            }
        }
    }
}

/// Paths and addresses that exist on one machine only.
fn workplace(source: &Source, findings: &mut Vec<Finding>) {
    let folders = [
        ("/wo", "rk/"),
        ("/ho", "me/"),
        ("/ro", "ot/"),
        ("/Us", "ers/"),
    ];
    for (number, line) in source.text.lines().enumerate() {
        for (head, tail) in folders {
            let folder = format!("{head}{tail}");
            let absolute = line.match_indices(&folder).any(|(at, _)| {
                !line[..at].ends_with(|c: char| c.is_alphanumeric() || "}_-.*)".contains(c))
            });
            if absolute {
                findings.push(Finding::new(
                    &source.path,
                    number + 1,
                    format!("a path below `{folder}` is one machine's own"),
                ));
            }
        }
        if source.name() == "package-lock.json" && line.contains("\"resolved\": \"http") {
            findings.push(Finding::new(
                &source.path,
                number + 1,
                "names a registry: install with omit-lockfile-registry-resolved",
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        let mut findings = Vec::new();
        check(
            &Source {
                path: path.to_owned(),
                text: text.to_owned(),
            },
            &mut findings,
        );
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_good_file_has_no_findings() {
        assert_eq!(
            findings("store/src/contacts.rs", "//! Contacts.\n"),
            [""; 0]
        );
        assert_eq!(
            findings("docs/config.md", "Data lives in `/var/lib/wigwag`.\n"),
            [""; 0]
        );
    }

    #[test]
    fn long_files_are_refused_and_generated_ones_are_not() {
        let long = format!("//! Long.\n{}", "\n".repeat(800));
        assert_eq!(findings("api/src/long.rs", &long).len(), 1);
        assert_eq!(findings("api/openapi.json", &"\n".repeat(9000)), [""; 0]);
    }

    #[test]
    fn names_that_say_nothing_are_refused() {
        for path in [
            "api/src/utils.rs",
            "web/src/common/List.tsx",
            "web/src/api/types.d.ts",
        ] {
            assert_eq!(findings(path, "//! Words.\n").len(), 1, "{path}");
        }
        assert_eq!(
            findings("model/src/message_types.rs", "//! Words.\n"),
            [""; 0]
        );
    }

    #[test]
    fn unfinished_work_is_refused_with_its_line() {
        let text = format!("//! Words.\nfn f() {{ {}{}) }}\n", "to", "do!(");
        let found = findings("engine/src/lanes.rs", &text);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("engine/src/lanes.rs:2: "), "{found:?}");
    }

    #[test]
    fn paths_of_one_machine_are_refused_and_addresses_are_not() {
        let own = format!("{}{}wigwag", "/ho", "me/");
        assert_eq!(findings("docs/install.md", &format!("cd {own}")).len(), 1);
        assert_eq!(
            findings("docs/install.md", "https://example.com/home/page"),
            [""; 0]
        );
    }

    #[test]
    fn rust_files_say_what_they_are_for() {
        assert_eq!(
            findings("model/src/money.rs", "pub struct Money;\n").len(),
            1
        );
    }
}
