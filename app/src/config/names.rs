//! The names of the settings, what a right value of each looks like, and what an unknown name was
//! probably meant to be.

use figment::value::{Dict, Value};

/// What a right value looks like, by name.
const MENDS: &[(&str, &str)] = &[
    (
        "role",
        "choose all, web or worker; web and worker need PostgreSQL",
    ),
    ("instance", "write a short name, or nothing"),
    ("server", "write a section [server] with settings below it"),
    (
        "server.listen",
        "write an address and a port, such as 127.0.0.1:8080",
    ),
    (
        "server.public_url",
        "write an http:// or https:// address without a path, such as https://inbox.example.com",
    ),
    (
        "server.hosts",
        "write a list of host names without scheme and port, such as [\"inbox.example.com\"]",
    ),
    (
        "server.trusted_proxies",
        "write a list of networks, such as [\"10.0.0.0/8\"]",
    ),
    (
        "server.metrics",
        "write an address and a port, such as 127.0.0.1:9464, or nothing",
    ),
    (
        "server.public_api",
        "write a path without a slash at the end, such as /v1/public, below which nothing else is served",
    ),
    ("data", "write a section [data] with settings below it"),
    ("data.folder", "name a folder on a local disk"),
    ("data.media", "name a folder, or nothing"),
    (
        "database",
        "write a section [database] with settings below it",
    ),
    (
        "database.url",
        "write sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME",
    ),
    ("database.connections", "write a number from 1 to 200"),
    ("keys", "write a section [keys] with settings below it"),
    ("keys.master_file", "name a file"),
    ("meta", "write a section [meta] with settings below it"),
    (
        "meta.base_url",
        "write an http:// or https:// address, such as https://graph.facebook.com",
    ),
    ("meta.version", "write a version such as v25.0, or nothing"),
    ("meta.timeout_seconds", "write a number from 1 to 300"),
    (
        "outgoing",
        "write a section [outgoing] with settings below it",
    ),
    (
        "outgoing.allow",
        "write a list of networks, addresses and host names, such as [\"10.1.0.0/16\", \"hooks.example.internal\"]",
    ),
    ("logs", "write a section [logs] with settings below it"),
    ("logs.format", "choose text or json"),
    ("logs.level", "choose error, warn, info or debug"),
    ("limits", "write a section [limits] with settings below it"),
    ("limits.send_concurrency", "write a number from 1 to 1000"),
    (
        "limits.unconfirmed_after_minutes",
        "write a number from 1 to 1440",
    ),
    (
        "limits.public_api_requests",
        "write a number from 1 to 1000000",
    ),
];

/// What a right value of a setting looks like.
pub(super) fn mend(key: &str) -> String {
    // An element of a list is told with its list.
    let list = key.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    [key, list]
        .iter()
        .find_map(|key| MENDS.iter().find(|(name, _)| name == key))
        .map_or_else(
            || "see the default file, `wigwag config check --print-default`".to_owned(),
            |(_, mend)| (*mend).to_owned(),
        )
}

/// Whether there is a text for it.
#[cfg(test)]
pub(super) fn has_mend(key: &str) -> bool {
    MENDS.iter().any(|(name, _)| *name == key)
}

/// The dotted names of all settings and sections.
pub(super) fn all(defaults: &Dict) -> Vec<String> {
    let mut names = Vec::new();
    collect(defaults, "", &mut names);
    names
}

fn collect(dict: &Dict, above: &str, names: &mut Vec<String>) {
    for (key, value) in dict {
        let name = below(above, key);
        if let Value::Dict(_, inner) = value {
            collect(inner, &name, names);
        }
        names.push(name);
    }
}

fn below(above: &str, key: &str) -> String {
    if above.is_empty() {
        key.to_owned()
    } else {
        format!("{above}.{key}")
    }
}

/// One line for each name in `own` that is no setting.
pub(super) fn unknown(file: &str, defaults: &Dict, own: &Dict) -> Vec<String> {
    let known = all(defaults);
    let mut lines = Vec::new();
    walk(own, "", &mut |name| {
        let right = known.iter().any(|key| key == name);
        if !right {
            let meant = nearest(name, known.iter().map(String::as_str));
            lines.push(format!("{file}: there is no setting {name}{meant}"));
        }
        right
    });
    lines
}

/// Visits each name; goes below a section only when that is known.
fn walk(dict: &Dict, above: &str, visit: &mut impl FnMut(&str) -> bool) {
    for (key, value) in dict {
        let name = below(above, key);
        if visit(&name)
            && let Value::Dict(_, inner) = value
        {
            walk(inner, &name, visit);
        }
    }
}

/// The end of a line that says which name was probably meant.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let score = |key: &str| {
        let whole = strsim::jaro_winkler(name, key);
        // A setting without its section: compared with the last part.
        let last = key.rsplit('.').next().unwrap_or(key);
        let part = if name.contains('.') {
            0.0
        } else {
            strsim::jaro_winkler(name, last)
        };
        whole.max(part)
    };
    let best = known
        .map(|key| (score(key), key))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match best {
        Some((score, key)) if score > 0.75 => format!(": did you mean {key}?"),
        _ => ": see `wigwag config check --print-default`".to_owned(),
    }
}
