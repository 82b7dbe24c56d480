//! Benchmarks of the release binary, from outside, with what they are compared to in the same run.
//! A figure without a neighbour measured in the same minute on the same machine says little, so each
//! round runs the reference and every variant in turn, and the medians are told.

mod bare;
mod campaign;
pub(crate) mod database;
mod figure;
mod import;
mod inbox;
mod ingest;
mod instance;
mod release;
mod segments;
mod start;
mod statuses;
mod track;

pub(crate) use bare::serve as serve_bare;
pub(crate) use campaign::{people, reference};
pub(crate) use instance::{Instance, Starting, Variant};
pub(crate) use release::binary;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// What to measure, and how long.
#[derive(Args)]
pub(crate) struct Options {
    /// The benchmark
    name: Name,
    /// Print one JSON line per result on stdout
    #[arg(long)]
    json: bool,
    /// One short round: shows that it runs, not how fast
    #[arg(long)]
    quick: bool,
    /// Measure one database only
    #[arg(long, value_name = "DATABASE")]
    variant: Option<Variant>,
    /// Measure this binary; without it the release binary is built
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// `segments`: keep the people in this folder, and use those that are there
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
    /// `segments`, `import`: so many contacts
    #[arg(long, value_name = "COUNT")]
    people: Option<u64>,
    /// `segments`: this filter alone
    #[arg(long, value_name = "FILTER")]
    only: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Name {
    /// Durable webhooks per second against a bare handler
    Ingest,
    /// Campaign messages per second, against a bare loop of the same requests; planning beside ingest
    Campaign,
    /// 3,000 statuses per second on known messages
    Statuses,
    /// Latency of the conversation list and of a thread with a million messages
    Inbox,
    /// Contacts per second from a file of a million, while webhooks come in
    Import,
    /// Counts and first pages of twenty filters over a million contacts and five million events
    Segments,
    /// Time until it serves, and memory when it does nothing
    Start,
    /// Events per second with a hundred on-going campaigns, against a bare handler
    Track,
}

impl Options {
    fn variants(&self) -> Vec<Variant> {
        match self.variant {
            Some(variant) => vec![variant],
            None => vec![Variant::Sqlite, Variant::Postgres],
        }
    }
}

/// Run one benchmark and print its figures.
pub(crate) fn run(options: &Options) -> Result<()> {
    // For a figure both the product and the load must be optimised code: the rest then runs in the
    // release build of us.
    let measured = !(options.quick && options.binary.is_some());
    if measured && release::entered()? {
        return Ok(());
    }
    let binary = match &options.binary {
        Some(binary) => binary.canonicalize().context("--binary")?,
        None => release::binary()?,
    };
    // One thread for the load: the product is to have the other core.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let all = |figures| (figures, Vec::new());
    let (figures, late) = runtime.block_on(async {
        match options.name {
            Name::Ingest => ingest::run(options, &binary).await.map(all),
            Name::Campaign => campaign::run(options, &binary).await.map(all),
            Name::Statuses => statuses::run(options, &binary).await.map(all),
            Name::Inbox => inbox::run(options, &binary).await.map(all),
            Name::Import => import::run(options, &binary).await,
            Name::Segments => segments::run(options, &binary).await,
            Name::Start => start::run(options, &binary).await.map(all),
            Name::Track => track::run(options, &binary).await.map(all),
        }
    })?;
    for figure in figures {
        figure.print(options.json);
    }
    if !late.is_empty() {
        bail!("over the limit: {}", late.join(", "));
    }
    Ok(())
}
