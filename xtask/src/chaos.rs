//! The crash proof: `kill -9` at seeded moments while webhooks come in and messages go out.
//! What was answered 200 is kept in a list of our own, what Meta accepted is read from the ledger of a
//! simulator in another process, and what the product believes is read over its API. The three must
//! agree: nothing answered is missing, nothing is accepted twice, everything has a state.

mod campaign;
mod endpoints;
mod judge;
mod load;

use crate::bench::{self, Instance, Variant};
use crate::load::api::Api;
use crate::load::inventory;
use crate::load::population;
use crate::load::product::{Product, Ready, address_of};
use crate::load::simulator::Simulator;
use crate::load::watch::Watch;
use anyhow::{Context, Result, bail};
use clap::Args;
use judge::{Accepted, Verdict};
use load::{Load, Rates};
use rand::rngs::ChaCha12Rng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;
use tokio::task::LocalSet;
use tokio::time::Instant;

/// How hard to try.
#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub(crate) struct Options {
    /// Kills that hit a webhook without answer and a send under way
    #[arg(long, default_value_t = 100)]
    kills: u32,
    /// People who write and are written to
    #[arg(long, default_value_t = 2_000)]
    recipients: usize,
    /// Decides the moments of the kills
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// An empty PostgreSQL database, or `postgres` for a private cluster; without it SQLite
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Signed webhooks per second
    #[arg(long, default_value_t = 300.0)]
    webhooks: f64,
    /// Sends per second
    #[arg(long, default_value_t = 200.0)]
    sends: f64,
    /// Prove campaigns: recipients of one campaign, through faults of Meta and of the product
    #[arg(long)]
    campaign: bool,
    /// Prove webhooks to other programs: a receiver outside the product takes what is told
    #[arg(long, conflicts_with = "campaign")]
    endpoints: bool,
    /// Print the result as one JSON line on stdout
    #[arg(long)]
    json: bool,
    /// Send one message a second time behind the product's back: the proof must then fail
    #[arg(long)]
    inject_double: bool,
    /// Forget one delivery that came: the proof of webhooks must then fail
    #[arg(long, requires = "endpoints")]
    inject_loss: bool,
    /// Kill this binary; without it the release binary is built
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
}

/// Run the proof; an error where a promise broke.
pub(crate) fn run(options: &Options) -> Result<()> {
    let binary = match &options.binary {
        Some(binary) => binary.canonicalize().context("--binary")?,
        None => bench::binary()?,
    };
    let instance = match options.database.as_deref() {
        None => Instance::new(&binary, Variant::Sqlite)?,
        Some("postgres") => Instance::new(&binary, Variant::Postgres)?,
        Some(url) => Instance::on_database(&binary, url.to_owned())?,
    };
    let simulator = Simulator::start(&binary, instance.folder())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // The product is told to end with the thread that started it: that thread must not end
        // because it had nothing else to do for ten seconds.
        .thread_keep_alive(Duration::from_hours(24))
        .build()?;
    let local = LocalSet::new();
    let (json, words, holds) = if options.campaign {
        let proof = campaign::prove(options, &instance, simulator);
        let verdict = runtime.block_on(local.run_until(proof))?;
        (verdict.json(), verdict.to_string(), verdict.holds())
    } else if options.endpoints {
        let proof = endpoints::prove(options, &instance, simulator);
        let verdict = runtime.block_on(local.run_until(proof))?;
        (verdict.json(), verdict.to_string(), verdict.holds())
    } else {
        let verdict = runtime.block_on(local.run_until(prove(options, &instance, simulator)))?;
        (verdict.json(), verdict.to_string(), verdict.holds())
    };
    if options.json {
        println!("{json}");
    } else {
        println!("{words}");
    }
    if !holds {
        bail!("a promise broke");
    }
    Ok(())
}

async fn prove(
    options: &Options,
    instance: &Instance,
    mut simulator: Simulator,
) -> Result<Verdict> {
    // The answer takes a while, so that a kill finds sends that were accepted and not yet answered.
    let wire = Watch::before(address_of(simulator.url())?, Duration::from_millis(50)).await?;
    let (mut product, ready) = start(instance, &wire).await?;
    let mut api = Api::new(&ready)?;
    simulator
        .raise_throughput(&ready.phone_number_id, 1_000)
        .await?;
    api.post("/api/v1/numbers/sync", &json!({})).await?;
    simulator
        .post("faults", &json!({ "no_pair_limit": true }))
        .await?;
    let people = Rc::new(population::settle(&mut simulator, &mut api, options.recipients).await?);

    let rates = Rates {
        webhooks: options.webhooks,
        sends: options.sends,
    };
    let load = Rc::new(Load::new(&ready, people, rates)?);
    let workers = load.start();
    let mut rng = ChaCha12Rng::seed_from_u64(options.seed);
    for kill in 1..=options.kills {
        load.wait_for_traffic()
            .await
            .with_context(|| product.last_words())?;
        tokio::time::sleep(Duration::from_millis(rng.random_range(100..1_200))).await;
        let (webhooks, sends) = moment(&load, &wire)
            .await
            .with_context(|| product.last_words())?;
        product.kill()?;
        let restarted = Instant::now();
        (product, _) = start(instance, &wire).await?;
        eprintln!(
            "kill {kill}/{}: {webhooks} webhooks without answer, {sends} sends under way, serving again after {} ms",
            options.kills,
            restarted.elapsed().as_millis()
        );
    }
    load.finish(workers)
        .await
        .with_context(|| product.last_words())?;
    if options.inject_double {
        load.double_one(&mut simulator).await?;
    }
    let messages = settled(&mut api, &load).await?;
    let accepted: Vec<Accepted> = simulator
        .ledger(0)
        .await?
        .iter()
        .filter_map(Accepted::parse)
        .collect();
    let verdict = judge::judge(
        &load.record(),
        &messages,
        &accepted,
        options.kills,
        options.recipients,
    );
    product.stop()?;
    Ok(verdict)
}

/// Start the product without holding up the wire and the load, which share our thread.
async fn start(instance: &Instance, wire: &Watch) -> Result<(Product, Ready)> {
    let starting = instance.starting(Some(&wire.url()));
    tokio::task::spawn_blocking(move || starting.start()).await?
}

/// Wait for the next moment at which a kill hits both a webhook without answer and a send under way.
async fn moment(load: &Load, wire: &Watch) -> Result<(i64, i64)> {
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let (webhooks, sends) = (load.unanswered_webhooks(), wire.waiting());
        if webhooks > 0 && sends > 0 {
            return Ok((webhooks, sends));
        }
        if Instant::now() > deadline {
            bail!("no moment with a webhook without answer and a send under way within 60 s");
        }
        tokio::task::yield_now().await;
    }
}

/// All messages, once nothing is on its way any more: every send rests, every answered webhook is
/// shown. What is still missing after the deadline is for the judge.
async fn settled(api: &mut Api, load: &Load) -> Result<Vec<inventory::Message>> {
    let deadline = Instant::now() + Duration::from_mins(3);
    let answered = load.record();
    loop {
        let messages = inventory::messages(api).await?;
        let moving = messages.iter().any(|message| {
            message.text.starts_with("out-")
                && matches!(
                    message.state.as_str(),
                    "queued" | "attempting" | "accepted" | "sent"
                )
        });
        let shown: BTreeSet<&str> = messages
            .iter()
            .filter(|message| !message.outgoing)
            .map(|message| message.text.as_str())
            .collect();
        let missing = answered
            .webhooks
            .iter()
            .any(|text| !shown.contains(text.as_str()));
        if !(moving || missing) || Instant::now() > deadline {
            return Ok(messages);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
