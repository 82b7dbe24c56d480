//! Logs to stderr, as text or JSON. Only our own crates speak below `warn`: what libraries tell at
//! `debug` may hold addresses, numbers and tokens, so that no setting lets it out.

use std::io::IsTerminal as _;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// The crates that `level` is about.
const OURS: &[&str] = &[
    "wigwag",
    "wigwag_api",
    "wigwag_engine",
    "wigwag_meta",
    "wigwag_simulator",
    "wigwag_store",
];

/// The target of what is shown at every level: without it one could not get in.
pub(crate) const ALWAYS: &str = "wigwag::always";

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Format {
    /// One line of text per event.
    #[default]
    Text,
    /// One JSON object per event.
    Json,
}

/// From which level on events are logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Level {
    /// What went wrong.
    Error,
    /// And what looks wrong.
    Warn,
    /// And one line per request and per job.
    #[default]
    Info,
    /// And what helps to find out why.
    Debug,
}

impl From<Level> for tracing::Level {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::ERROR,
            Level::Warn => Self::WARN,
            Level::Info => Self::INFO,
            Level::Debug => Self::DEBUG,
        }
    }
}

/// Starts logging. Only the first call of a process counts.
pub(crate) fn start(format: Format, level: Level) {
    let ours = tracing::Level::from(level);
    let targets = OURS.iter().fold(
        Targets::new().with_default(tracing::Level::WARN.min(ours)),
        |targets, krate| targets.with_target(*krate, ours),
    );
    let targets = targets.with_target(ALWAYS, tracing::Level::WARN);
    let registry = tracing_subscriber::registry().with(targets);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let started = match format {
        Format::Text => registry
            .with(
                lines
                    .with_ansi(std::io::stderr().is_terminal())
                    .with_target(false),
            )
            .try_init(),
        Format::Json => registry.with(lines.json().flatten_event(true)).try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}
