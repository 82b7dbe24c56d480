//! The arrows between the crates, and SQL in one crate only.
//! Cargo forbids cycles but not shortcuts: a handler that reaches for the database compiles.

use super::{Finding, Source};

/// Which of our crates each crate may use, outside its tests.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("meta", &[]),
    ("store", &["model"]),
    ("store/macros", &[]),
    ("engine", &["model", "store", "meta"]),
    ("api", &["engine", "store", "model"]),
    ("simulator", &["meta"]),
    (
        "app",
        &["model", "meta", "store", "engine", "api", "simulator"],
    ),
    ("xtask", &[]),
];

pub(super) fn check(source: &Source, findings: &mut Vec<Finding>) {
    manifest(source, findings);
    sql(source, findings);
}

fn manifest(source: &Source, findings: &mut Vec<Finding>) {
    let Some(krate) = source.path.strip_suffix("/Cargo.toml") else {
        return;
    };
    let Ok(manifest) = source.text.parse::<toml::Table>() else {
        findings.push(Finding::new(&source.path, 0, "is no TOML"));
        return;
    };
    let Some((_, may_use)) = MAY_USE.iter().find(|(name, _)| *name == krate) else {
        findings.push(Finding::new(
            &source.path,
            0,
            "a new crate: give it its arrows in xtask/src/tidy/arrows.rs",
        ));
        return;
    };
    for name in names(&manifest, "dependencies") {
        if let Some(used) = name.strip_prefix("wigwag-")
            && !may_use.contains(&used)
        {
            findings.push(Finding::new(
                &source.path,
                0,
                format!("{krate} may not use {used}: see ARCHITECTURE.md"),
            ));
        }
    }
    if krate != "store" && krate != "store/macros" {
        for section in ["dependencies", "dev-dependencies"] {
            if names(&manifest, section).any(|name| name == "sqlx") {
                findings.push(Finding::new(&source.path, 0, "sqlx belongs to store alone"));
            }
        }
    }
}

fn names<'a>(manifest: &'a toml::Table, section: &str) -> impl Iterator<Item = &'a String> {
    manifest
        .get(section)
        .and_then(|table| table.as_table())
        .into_iter()
        .flat_map(toml::Table::keys)
}

fn sql(source: &Source, findings: &mut Vec<Finding>) {
    let inside = ["store/", "xtask/"]
        .iter()
        .any(|folder| source.path.starts_with(folder));
    if source.extension() != "rs" || inside {
        return;
    }
    for (number, line) in source.text.lines().enumerate() {
        if line.contains("sqlx::") {
            findings.push(Finding::new(
                &source.path,
                number + 1,
                "SQL belongs to store alone",
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
    fn arrows_point_one_way() {
        let good = "[dependencies]\nwigwag-store.workspace = true\n";
        assert_eq!(findings("engine/Cargo.toml", good), [""; 0]);
        assert_eq!(findings("model/Cargo.toml", good).len(), 1);
        assert_eq!(findings("simulator/Cargo.toml", good).len(), 1);
    }

    #[test]
    fn tests_may_use_any_crate_but_not_the_database() {
        let with_simulator = "[dev-dependencies]\nwigwag-simulator.workspace = true\n";
        assert_eq!(findings("api/Cargo.toml", with_simulator), [""; 0]);
        assert_eq!(
            findings(
                "api/Cargo.toml",
                "[dev-dependencies]\nsqlx.workspace = true\n"
            )
            .len(),
            1
        );
    }

    #[test]
    fn sql_stays_in_the_store() {
        assert_eq!(findings("api/src/contacts.rs", "use sqlx::query;").len(), 1);
        assert_eq!(
            findings("store/src/contacts.rs", "use sqlx::query;"),
            [""; 0]
        );
    }

    #[test]
    fn a_crate_without_arrows_is_noticed() {
        assert_eq!(findings("newcomer/Cargo.toml", "[dependencies]\n").len(), 1);
    }
}
