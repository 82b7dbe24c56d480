//! The configuration: the default file, the operator's file over it, `WIGWAG_*` variables over both.
//!
//! `wigwag.toml` beside this crate is the default file; what it says are the defaults, so that the
//! two cannot differ. What an operator writes is checked name by name and value by value, and every
//! finding names the setting, the value and the mend.

mod command;
mod names;
mod settings;
mod variables;

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Format as _, Serialized, Toml};
use figment::value::{Dict, Value};

use crate::failure::{Outcome, usage};

pub(crate) use command::{Command, run};
pub(crate) use settings::{Config, RoleName};

/// The default file.
pub(crate) const DEFAULT: &str = include_str!("../wigwag.toml");
/// The file that is read when none is named and it is there.
const FILE: &str = "wigwag.toml";

/// How a command is told of the configuration.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Source {
    /// Configuration file; without it wigwag.toml in this folder when there is one
    #[arg(long, value_name = "FILE", env = "WIGWAG_CONFIG")]
    config: Option<PathBuf>,
}

impl Source {
    /// Reads everything.
    ///
    /// # Errors
    /// [`crate::failure::Failure::Usage`] with one line per finding.
    pub(crate) fn read(&self) -> Outcome<Config> {
        let file = self.file()?;
        let name = file.as_deref().map(|path| path.display().to_string());
        let text = match &file {
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| usage(format!("{} cannot be read: {error}", path.display())))?,
            None => String::new(),
        };
        merge(name.as_deref().unwrap_or(FILE), &text, std::env::vars())
    }

    /// The file that counts, when there is one.
    ///
    /// # Errors
    /// When a named file is not there.
    pub(crate) fn file(&self) -> Outcome<Option<PathBuf>> {
        match &self.config {
            Some(path) if path.is_file() => Ok(Some(path.clone())),
            Some(path) => Err(usage(format!(
                "there is no configuration file {}: `wigwag config init {}` writes one",
                path.display(),
                path.display()
            ))),
            None => Ok(Some(PathBuf::from(FILE)).filter(|path| path.is_file())),
        }
    }
}

/// Lays the operator's file and the variables over the defaults.
fn merge(
    file: &str,
    text: &str,
    variables: impl Iterator<Item = (String, String)>,
) -> Outcome<Config> {
    let defaults = table(DEFAULT).map_err(|error| usage(format!("the default file: {error}")))?;
    let own = table(text).map_err(|error| usage(format!("{file}: {error}")))?;
    let mut findings = names::unknown(file, &defaults, &own);
    let (given, unknown) = variables::read(&defaults, variables);
    findings.extend(unknown);
    if !findings.is_empty() {
        return Err(usage(findings.join("\n")));
    }
    let figment = Figment::new()
        .merge(Serialized::defaults(&defaults))
        .merge(Serialized::defaults(&own))
        .merge(Serialized::defaults(&given));
    let from = |key: &str| {
        let variable = variables::name(key);
        match find(&given, key) {
            Some(_) => variable,
            None => format!("{file}: {key}"),
        }
    };
    let config: Config = figment.extract().map_err(|error| {
        let key = error.path.join(".");
        let value = figment.find_value(&key).ok();
        usage(wrong(&from(&key), value.as_ref(), &names::mend(&key)))
    })?;
    let findings: Vec<String> = config
        .wrong()
        .into_iter()
        .map(|key| {
            let value = figment.find_value(key).ok();
            wrong(&from(key), value.as_ref(), &names::mend(key))
        })
        .collect();
    if findings.is_empty() {
        Ok(config)
    } else {
        Err(usage(findings.join("\n")))
    }
}

/// The line about a wrong value.
fn wrong(place: &str, value: Option<&Value>, mend: &str) -> String {
    let shown = value.map_or_else(String::new, |value| format!(" = {}", show(value)));
    format!("{place}{shown} is not right: {mend}")
}

/// A value as it would be written. Passwords in addresses are not shown.
fn show(value: &Value) -> String {
    match value {
        Value::String(_, text) => match text.split_once('@') {
            Some((before, after)) if before.contains("://") => {
                format!(
                    "\"{}://…@{after}\"",
                    before.split("://").next().unwrap_or_default()
                )
            }
            _ => format!("{text:?}"),
        },
        Value::Array(_, values) => {
            let values: Vec<String> = values.iter().map(show).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Dict(..) => "a table".to_owned(),
        Value::Num(_, number) => number
            .to_i128()
            .map(|whole| whole.to_string())
            .or_else(|| number.to_f64().map(|part| part.to_string()))
            .unwrap_or_default(),
        Value::Bool(_, yes) => yes.to_string(),
        Value::Char(_, letter) => format!("{letter:?}"),
        Value::Empty(..) => "nothing".to_owned(),
    }
}

/// Reads a file's text; an error says where it stops making sense.
fn table(text: &str) -> Result<Dict, String> {
    let table: toml::Table = toml::from_str(text).map_err(|error: toml::de::Error| {
        let start = error.span().map_or(0, |span| span.start).min(text.len());
        let before = text.get(..start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        format!("line {line}, column {column}: {}", error.message())
    })?;
    drop(table);
    Figment::from(Toml::string(text))
        .extract()
        .map_err(|error| error.to_string())
}

/// A value by its dotted name.
fn find<'a>(dict: &'a Dict, key: &str) -> Option<&'a Value> {
    let (first, rest) = key.split_once('.').unwrap_or((key, ""));
    let value = dict.get(first)?;
    match (value, rest) {
        (value, "") => Some(value),
        (Value::Dict(_, inner), rest) => find(inner, rest),
        _ => None,
    }
}

/// The folder of a file, for settings that are relative to nothing else.
pub(crate) fn or_below(folder: &Path, chosen: &str, name: &str) -> PathBuf {
    if chosen.is_empty() {
        folder.join(name)
    } else {
        PathBuf::from(chosen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        merge("wigwag.toml", text, variables).map_err(|failure| failure.to_string())
    }

    #[test]
    fn the_default_file_is_the_defaults() {
        let nothing = read("", &[]).unwrap();
        assert_eq!(read(DEFAULT, &[]).unwrap(), nothing);
        assert_eq!(nothing.server.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(nothing.role, RoleName::All);
    }

    #[test]
    fn every_setting_of_the_default_file_has_a_comment_and_a_mend() {
        let defaults = table(DEFAULT).unwrap();
        for key in names::all(&defaults) {
            assert!(names::has_mend(&key), "{key} has no mend");
        }
        let mut before = "";
        for line in DEFAULT.lines() {
            if line.contains(" = ") && !line.starts_with('#') {
                assert!(before.starts_with('#'), "no comment above {line}");
            }
            before = line;
        }
    }

    #[test]
    fn every_setting_is_in_the_book() {
        let book = include_str!("../../docs/operations.md");
        let defaults = table(DEFAULT).unwrap();
        for key in names::all(&defaults) {
            if !matches!(find(&defaults, &key), Some(Value::Dict(..))) {
                assert!(
                    book.contains(&format!("`{key}`")),
                    "{key} is not in the book"
                );
            }
        }
    }

    #[test]
    fn a_file_and_then_variables_count() {
        let text = "[server]\nlisten = \"127.0.0.1:9000\"\nhosts = [\"a.example\"]";
        let config = read(
            text,
            &[
                ("WIGWAG_SERVER_LISTEN", "127.0.0.1:9001"),
                ("WIGWAG_SERVER_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.1"),
                ("WIGWAG_LIMITS_SEND_CONCURRENCY", "8"),
            ],
        )
        .unwrap();
        assert_eq!(config.server.listen.port(), 9001);
        assert_eq!(config.server.hosts, ["a.example"]);
        assert_eq!(config.trusted_proxies().len(), 2);
        assert_eq!(config.limits.send_concurrency, 8);
    }

    #[test]
    fn unknown_names_bring_the_nearest_right_one() {
        for (text, told) in [
            (
                "[server]\nlisen = \"x\"",
                "wigwag.toml: there is no setting server.lisen: did you mean server.listen?",
            ),
            ("[sever]\nlisten = \"x\"", "did you mean server?"),
            ("listen = \"x\"", "did you mean server.listen?"),
            ("rolle = \"all\"", "did you mean role?"),
        ] {
            let error = read(text, &[]).unwrap_err();
            assert!(error.contains(told), "{error}");
        }
        let error = read("", &[("WIGWAG_SERVER_LISTN", "x")]).unwrap_err();
        assert!(
            error.contains("did you mean WIGWAG_SERVER_LISTEN?"),
            "{error}"
        );
    }

    #[test]
    fn all_unknown_names_are_told_at_once() {
        let error = read("rolle = 1\n[server]\nlisen = 2", &[]).unwrap_err();
        assert_eq!(error.lines().count(), 2, "{error}");
    }

    #[test]
    fn wrong_values_name_setting_value_and_mend() {
        for (text, told) in [
            (
                "[server]\nlisten = \"localhost\"",
                "wigwag.toml: server.listen = \"localhost\" is not right: write an address",
            ),
            (
                "[server]\nlisten = 8080",
                "server.listen = 8080 is not right",
            ),
            (
                "role = \"boss\"",
                "role = \"boss\" is not right: choose all, web or worker",
            ),
            (
                "[database]\nconnections = 0",
                "database.connections = 0 is not right",
            ),
            (
                "[database]\nurl = \"mysql://x\"",
                "database.url = \"mysql://x\" is not right: write sqlite:PATH",
            ),
            (
                "[server]\nhosts = [\"https://x\"]",
                "server.hosts = [\"https://x\"] is not right",
            ),
            (
                "[server]\npublic_api = \"/api/v2\"",
                "server.public_api = \"/api/v2\" is not right: write a path",
            ),
            (
                "[server]\npublic_api = \"/v1/public/\"",
                "server.public_api = \"/v1/public/\" is not right",
            ),
            ("server = 3", "server = 3 is not right"),
        ] {
            let error = read(text, &[]).unwrap_err();
            assert!(error.contains(told), "{error}");
        }
        let error = read("", &[("WIGWAG_META_BASE_URL", "graph")]).unwrap_err();
        assert!(
            error.starts_with("WIGWAG_META_BASE_URL = \"graph\" is not right"),
            "{error}"
        );
    }

    #[test]
    fn passwords_in_addresses_are_not_shown() {
        let error = read("[database]\nurl = \"mysql://asha:secret@db/x\"", &[]).unwrap_err();
        assert!(!error.contains("secret"), "{error}");
    }

    #[test]
    fn broken_text_names_its_place() {
        let error = read("[server]\nlisten = \n", &[]).unwrap_err();
        assert!(error.starts_with("wigwag.toml: line 2, column"), "{error}");
    }
}
