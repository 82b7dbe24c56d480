//! Settings from the environment: `WIGWAG_` and the setting's name in capitals with underscores.

use figment::value::{Dict, Value};

use super::{find, names};

/// What every variable of ours begins with.
const PREFIX: &str = "WIGWAG_";
/// Variables of ours that are no settings: secrets, the build, and the project's own tests.
const OTHERS: &[&str] = &[
    "WIGWAG_MASTER_KEY",
    "WIGWAG_CONFIG",
    "WIGWAG_APP_SECRET",
    "WIGWAG_ACCESS_TOKEN",
    "WIGWAG_SKIP_WEB",
    "WIGWAG_SERVER",
    "WIGWAG_BINARY",
    "WIGWAG_CHROMIUM",
    "WIGWAG_ACCEPT",
];
/// Variables of the project's own tests.
const TESTS: &str = "WIGWAG_TEST_";

/// The variable of a setting.
pub(super) fn name(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "_").to_uppercase())
}

/// The settings that variables give, and one line for each variable that is none.
pub(super) fn read(
    defaults: &Dict,
    variables: impl Iterator<Item = (String, String)>,
) -> (Dict, Vec<String>) {
    let keys: Vec<(String, String)> = names::all(defaults)
        .into_iter()
        .filter(|key| !matches!(find(defaults, key), Some(Value::Dict(..))))
        .map(|key| (name(&key), key))
        .collect();
    let (mut given, mut unknown) = (Dict::new(), Vec::new());
    for (variable, text) in variables {
        if !variable.starts_with(PREFIX)
            || variable.starts_with(TESTS)
            || OTHERS.contains(&variable.as_str())
        {
            continue;
        }
        if let Some((_, key)) = keys.iter().find(|(name, _)| *name == variable) {
            put(&mut given, key, value(find(defaults, key), &text));
        } else {
            let meant = names::nearest(&variable, keys.iter().map(|(name, _)| name.as_str()));
            unknown.push(format!("there is no setting {variable}{meant}"));
        }
    }
    (given, unknown)
}

/// A variable's text as the kind of value that the setting has.
fn value(default: Option<&Value>, text: &str) -> Value {
    match default {
        Some(Value::Num(..)) => text
            .trim()
            .parse::<i64>()
            .map_or_else(|_| Value::from(text), Value::from),
        Some(Value::Array(..)) => text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect::<Vec<String>>()
            .into(),
        _ => Value::from(text),
    }
}

fn put(dict: &mut Dict, key: &str, value: Value) {
    match key.split_once('.') {
        None => {
            dict.insert(key.to_owned(), value);
        }
        Some((section, rest)) => {
            let inner = dict
                .entry(section.to_owned())
                .or_insert_with(|| Value::from(Dict::new()));
            if let Value::Dict(_, inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}
