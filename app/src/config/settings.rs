//! The settings as types. Their meaning is told in `wigwag.toml`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use url::Url;
use wigwag_engine::Role;
use wigwag_engine::outside::Allowed;

use super::or_below;
use crate::telemetry::{Format, Level};

/// Which part runs in a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RoleName {
    /// Everything
    All,
    /// Console, API and webhooks
    Web,
    /// Applies webhooks, sends, runs jobs
    Worker,
}

impl From<RoleName> for Role {
    fn from(role: RoleName) -> Self {
        match role {
            RoleName::All => Self::All,
            RoleName::Web => Self::Web,
            RoleName::Worker => Self::Worker,
        }
    }
}

/// All settings.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) role: RoleName,
    pub(crate) instance: String,
    pub(crate) server: Server,
    pub(crate) data: Data,
    pub(crate) database: Database,
    pub(crate) keys: Keys,
    pub(crate) meta: Meta,
    pub(crate) outgoing: Outgoing,
    pub(crate) logs: Logs,
    pub(crate) limits: Limits,
}

/// `[server]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Server {
    pub(crate) listen: SocketAddr,
    pub(crate) public_url: Url,
    pub(crate) hosts: Vec<String>,
    pub(crate) trusted_proxies: Vec<String>,
    pub(crate) metrics: String,
    pub(crate) public_api: String,
}

/// `[data]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Data {
    pub(crate) folder: PathBuf,
    pub(crate) media: String,
}

/// `[database]`
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Database {
    pub(crate) url: String,
    pub(crate) connections: u32,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address may hold a password.
        f.debug_struct("Database")
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}

/// `[keys]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Keys {
    pub(crate) master_file: PathBuf,
}

/// `[meta]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Meta {
    pub(crate) base_url: Url,
    pub(crate) version: String,
    pub(crate) timeout_seconds: u64,
}

/// `[outgoing]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outgoing {
    pub(crate) allow: Vec<String>,
}

/// `[logs]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Logs {
    pub(crate) format: Format,
    pub(crate) level: Level,
}

/// `[limits]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    pub(crate) send_concurrency: usize,
    pub(crate) unconfirmed_after_minutes: u64,
    pub(crate) public_api_requests: u32,
}

impl Config {
    /// The names of the settings whose values are of the right type and yet wrong.
    pub(super) fn wrong(&self) -> Vec<&'static str> {
        let server = &self.server;
        let checks = [
            ("instance", self.instance.chars().count() <= 100),
            ("server.public_url", is_site(&server.public_url)),
            (
                "server.hosts",
                server.hosts.iter().all(|host| is_host(host)),
            ),
            (
                "server.trusted_proxies",
                server
                    .trusted_proxies
                    .iter()
                    .all(|net| network(net).is_some()),
            ),
            (
                "server.metrics",
                server.metrics.is_empty() || self.metrics().is_some(),
            ),
            ("server.public_api", is_prefix(&server.public_api)),
            ("data.folder", !self.data.folder.as_os_str().is_empty()),
            ("database.url", is_database(&self.database.url)),
            (
                "database.connections",
                (1..=200).contains(&self.database.connections),
            ),
            (
                "keys.master_file",
                !self.keys.master_file.as_os_str().is_empty(),
            ),
            ("meta.base_url", is_web(&self.meta.base_url)),
            ("meta.version", is_version(&self.meta.version)),
            (
                "meta.timeout_seconds",
                (1..=300).contains(&self.meta.timeout_seconds),
            ),
            (
                "outgoing.allow",
                Allowed::parse(&self.outgoing.allow).is_ok(),
            ),
            (
                "limits.send_concurrency",
                (1..=1_000).contains(&self.limits.send_concurrency),
            ),
            (
                "limits.unconfirmed_after_minutes",
                (1..=1_440).contains(&self.limits.unconfirmed_after_minutes),
            ),
            (
                "limits.public_api_requests",
                (1..=1_000_000).contains(&self.limits.public_api_requests),
            ),
            ("role", self.role == RoleName::All || !self.is_sqlite()),
        ];
        checks
            .into_iter()
            .filter_map(|(key, right)| (!right).then_some(key))
            .collect()
    }

    /// The database's address.
    pub(crate) fn database_url(&self) -> String {
        if self.database.url.is_empty() {
            format!("sqlite:{}", self.data.folder.join("wigwag.db").display())
        } else {
            self.database.url.clone()
        }
    }

    /// Whether the database is SQLite, which belongs to one process.
    pub(crate) fn is_sqlite(&self) -> bool {
        self.database.url.is_empty() || self.database.url.starts_with("sqlite:")
    }

    /// The folder of the media.
    pub(crate) fn media_folder(&self) -> PathBuf {
        or_below(&self.data.folder, &self.data.media, "media")
    }

    /// Where metrics are served.
    pub(crate) fn metrics(&self) -> Option<SocketAddr> {
        self.server.metrics.parse().ok()
    }

    /// The networks of trusted proxies.
    pub(crate) fn trusted_proxies(&self) -> Vec<IpNet> {
        self.server
            .trusted_proxies
            .iter()
            .filter_map(|text| network(text))
            .collect()
    }

    /// The settings of the HTTP side.
    pub(crate) fn http(&self) -> wigwag_api::Settings {
        wigwag_api::Settings {
            public_url: self.server.public_url.clone(),
            hosts: self.server.hosts.clone(),
            trusted_proxies: self.trusted_proxies(),
            demo: false,
            simulator_url: None,
            public_api: wigwag_api::PublicApi {
                prefix: self.server.public_api.clone(),
                requests_per_minute: self.limits.public_api_requests,
            },
        }
    }

    /// The settings of the engine.
    pub(crate) fn engine(&self) -> wigwag_engine::Settings {
        wigwag_engine::Settings {
            unconfirmed_after: Duration::from_mins(self.limits.unconfirmed_after_minutes),
            lane_concurrency: self.limits.send_concurrency,
            instance: self.instance(),
            public_url: self.server.public_url.to_string(),
            outside: None,
        }
    }

    /// What may be called besides public addresses.
    pub(crate) fn allowed(&self) -> Allowed {
        Allowed::parse(&self.outgoing.allow).unwrap_or_default()
    }

    /// The name of this process for leases.
    fn instance(&self) -> String {
        if !self.instance.is_empty() {
            return self.instance.clone();
        }
        // Where the kernel does not tell, the address must do.
        let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        format!("{} {:?} {}", machine.trim(), self.role, self.server.listen)
    }

    /// Where and how Meta is called.
    pub(crate) fn meta(&self) -> wigwag_meta::Config {
        wigwag_meta::Config {
            version: Some(self.meta.version.clone()).filter(|version| !version.is_empty()),
            timeout: Duration::from_secs(self.meta.timeout_seconds),
            ..wigwag_meta::Config::at(self.meta.base_url.clone())
        }
    }

    /// A link into the console.
    pub(crate) fn link(&self, path: &str) -> String {
        format!(
            "{}{path}",
            self.server.public_url.as_str().trim_end_matches('/')
        )
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host_str().is_some()
}

fn is_site(url: &Url) -> bool {
    is_web(url) && url.path() == "/" && url.query().is_none() && url.username().is_empty()
}

/// A path of plain words that nothing else is served below.
fn is_prefix(path: &str) -> bool {
    const TAKEN: [&str; 8] = [
        "api", "webhooks", "l", "w", "cta", "livez", "readyz", "assets",
    ];
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let Some(words) = path.strip_prefix('/') else {
        return false;
    };
    words
        .split('/')
        .all(|word| !word.is_empty() && word.chars().all(plain))
        && !TAKEN.contains(&words.split('/').next().unwrap_or_default())
}

fn is_host(text: &str) -> bool {
    let right = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '[' | ']' | ':');
    !text.is_empty() && text.chars().all(right) && (!text.contains(':') || text.starts_with('['))
}

fn is_database(url: &str) -> bool {
    url.is_empty()
        || url
            .strip_prefix("sqlite:")
            .is_some_and(|path| !path.is_empty())
        || ["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| url.starts_with(scheme))
}

fn is_version(text: &str) -> bool {
    text.is_empty()
        || text.strip_prefix('v').is_some_and(|number| {
            number.starts_with(|c: char| c.is_ascii_digit())
                && number.chars().all(|c| c.is_ascii_digit() || c == '.')
        })
}

/// A network, or a single address.
fn network(text: &str) -> Option<IpNet> {
    text.parse()
        .ok()
        .or_else(|| text.parse::<std::net::IpAddr>().ok().map(IpNet::from))
}
