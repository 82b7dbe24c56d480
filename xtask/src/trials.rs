//! How exactly a campaign obeys: it is paused, resumed and stopped while it runs, and people say no in
//! the middle of it, by a message, by WhatsApp's switch and through the API. Meta takes its time to answer,
//! so that many messages are on their way at each word. Then the simulator's ledger is read for whatever
//! came more than a second after the word.

mod one;
mod tally;

use crate::bench::database::Database;
use crate::bench::{self, Instance, Variant, people};
use crate::load::api::Api;
use crate::load::product::Ready;
use crate::load::simulator::Simulator;
use anyhow::{Context, Result, bail};
use clap::Args;
use one::Trial;
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;
use tally::Tally;

/// How often to try.
#[derive(Args)]
pub(crate) struct Options {
    /// Campaigns: each is paused, resumed and stopped once, and three people say no to it
    #[arg(long, default_value_t = 100)]
    trials: u32,
    /// People of each campaign
    #[arg(long, default_value_t = 6_000)]
    recipients: u64,
    /// Milliseconds that Meta takes to answer
    #[arg(long, default_value_t = 400)]
    latency: u64,
    /// Decides the moments
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Messages per second that must leave at least before a trial counts
    #[arg(long, default_value_t = 500.0)]
    least: f64,
    /// The database
    #[arg(long, value_name = "DATABASE", default_value = "sqlite")]
    database: Variant,
    /// Print the result as one JSON line on stdout
    #[arg(long)]
    json: bool,
    /// Try this binary; without it the release binary is built
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
}

/// Run the trials; an error where something came late.
pub(crate) fn run(options: &Options) -> Result<()> {
    let binary = match &options.binary {
        Some(binary) => binary.canonicalize().context("--binary")?,
        None => bench::binary()?,
    };
    let instance = Instance::new(&binary, options.database)?;
    let simulator = Simulator::start(&binary, instance.folder())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .thread_keep_alive(Duration::from_hours(24))
        .build()?;
    let tally = runtime.block_on(tries(options, &instance, simulator))?;
    if options.json {
        println!("{}", tally.json());
    } else {
        println!("{tally}");
    }
    if !tally.holds(options.trials) {
        bail!("a word was not obeyed within a second, or too few trials ran at the rate asked for");
    }
    Ok(())
}

async fn tries(options: &Options, instance: &Instance, mut simulator: Simulator) -> Result<Tally> {
    instance.start(Some(simulator.url()))?.0.stop()?;
    people::plant(&Database::of(instance)?, options.recipients)?;
    simulator.lift_limits().await?;
    let (product, ready): (_, Ready) = instance.start(Some(simulator.url()))?;
    let mut api = Api::new(&ready)?;
    simulator
        .raise_throughput(&ready.phone_number_id, 1_000)
        .await?;
    simulator.told(&mut api).await?;
    simulator
        .post(
            "faults",
            &json!({ "latency_ms": options.latency, "batch_max": 20 }),
        )
        .await?;
    let mut tally = Tally::new(options.least);
    let mut trial = Trial::new(&ready, options.seed, options.recipients)?;
    for number in 0..options.trials {
        let done = trial
            .run(number, &mut api, &mut simulator)
            .await
            .with_context(|| product.last_words())?;
        eprintln!("trial {}/{}: {done}", number + 1, options.trials);
        tally.add(&done);
    }
    product.stop()?;
    Ok(tally)
}
