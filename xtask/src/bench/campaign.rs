//! Campaigns: messages per second to the simulator with all status webhooks coming back, from one number
//! raised to 1,000 a second and with that limit lifted, beside a bare loop of the same requests; and how
//! long 100,000 people take to be planned while webhooks come in.

pub(crate) mod people;
pub(super) mod planning;
pub(crate) mod reference;

use super::database::Database;
use super::figure::Figure;
use super::{Instance, Options, Variant};
use crate::load::api::Api;
use crate::load::campaign::Campaign;
use crate::load::latency::median;
use crate::load::product::{Product, Ready};
use crate::load::simulator::Simulator;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use tokio::time::Instant;

/// Requests at a time: the product's most by default, and the reference's.
const CONCURRENCY: u64 = 512;
/// Statuses in one webhook at most. Meta sends up to a thousand.
const BATCH: u64 = 20;
/// More than any number has: the lane is then limited by nothing but itself.
const LIFTED: u32 = 1_000_000;

#[derive(Clone, Copy)]
struct Plan {
    people: u64,
    rounds: usize,
    planned: u64,
}

pub(super) async fn run(options: &Options, binary: &Path) -> Result<Vec<Figure>> {
    let plan = if options.quick {
        Plan {
            people: 300,
            rounds: 1,
            planned: 2_000,
        }
    } else {
        Plan {
            people: 20_000,
            rounds: 3,
            planned: 100_000,
        }
    };
    let mut figures = Vec::new();
    for variant in options.variants() {
        let local = tokio::task::LocalSet::new();
        figures.extend(local.run_until(sending(plan, binary, variant)).await?);
        let planning = planning::measure(plan.planned, binary, variant);
        figures.push(local.run_until(planning).await?);
    }
    Ok(figures)
}

/// What one campaign came to.
struct Round {
    per_second: f64,
    /// Acceptances in the slowest whole second between the first and the last.
    least: usize,
    /// From the last acceptance until every status was applied.
    applied: Duration,
    memory: u64,
}

async fn sending(plan: Plan, binary: &Path, variant: Variant) -> Result<Vec<Figure>> {
    let bench = Bench::start(binary, variant, plan.people).await?;
    let Bench {
        instance,
        mut simulator,
        product,
        ready,
        mut api,
        database,
    } = bench;
    let memory = product.own_memory()?;
    let raised = round("raised", &mut api, &mut simulator, &product).await?;
    let first = Figure::new(
        "campaign",
        format!("{}, one number at 1000/s", variant.name()),
    )
    .with("per_second", raised.per_second)
    .with("least_in_a_second", raised.least as f64)
    .with("recipients", plan.people as f64)
    .with("applied_after_s", raised.applied.as_secs_f64())
    .with("memory_before_mb", megabytes(memory))
    .with("memory_most_mb", megabytes(raised.memory));

    simulator
        .raise_throughput(&ready.phone_number_id, LIFTED)
        .await?;
    let (mut ours, mut theirs, mut most) = (Vec::new(), Vec::new(), 0);
    for number in 0..plan.rounds {
        // Meta's word for a raised number is 1,000 a second, however high it is: what comes with a
        // webhook may write it down again.
        database.tell(&format!("UPDATE numbers SET throughput = {LIFTED}"))?;
        theirs.push(reference_loop(plan.people, &instance, &mut simulator, &ready).await?);
        let name = format!("lifted{number}");
        let done = round(&name, &mut api, &mut simulator, &product).await?;
        eprintln!(
            "{}: {:.0}/s, the bare loop {:.0}/s",
            variant.name(),
            done.per_second,
            theirs[number]
        );
        ours.push(done.per_second);
        most = most.max(done.memory);
    }
    let ratios: Vec<f64> = ours.iter().zip(&theirs).map(|(a, b)| a / b).collect();
    let second = Figure::new("campaign", format!("{}, limit lifted", variant.name()))
        .with("per_second", median(&ours))
        .with("reference_per_second", median(&theirs))
        .with("ratio", median(&ratios))
        .with("memory_most_mb", megabytes(most))
        .with("rounds", plan.rounds as f64);
    product.stop()?;
    Ok(vec![first, second])
}

/// An instance with people, beside a simulator that stops nobody.
struct Bench {
    // Dropped in this order: the processes before their folder.
    product: Product,
    simulator: Simulator,
    api: Api,
    ready: Ready,
    database: Database,
    instance: Instance,
}

impl Bench {
    async fn start(binary: &Path, variant: Variant, people: u64) -> Result<Self> {
        let instance = Instance::new(binary, variant)?;
        let mut simulator = Simulator::start(binary, instance.folder())?;
        // The first start makes the schema and the workspace.
        instance.start(Some(simulator.url()))?.0.stop()?;
        let database = Database::of(&instance)?;
        people::plant(&database, people)?;
        simulator.lift_limits().await?;
        simulator
            .post("faults", &json!({ "batch_max": BATCH }))
            .await?;
        let (product, ready) = instance.start(Some(simulator.url()))?;
        let mut api = Api::new(&ready)?;
        simulator
            .raise_throughput(&ready.phone_number_id, 1_000)
            .await?;
        simulator.told(&mut api).await?;
        // The lane looks at its number once a second.
        tokio::time::sleep(Duration::from_secs(2)).await;
        Ok(Self {
            product,
            simulator,
            api,
            ready,
            database,
            instance,
        })
    }
}

/// One campaign to everybody, until every status of it is applied.
async fn round(
    name: &str,
    api: &mut Api,
    simulator: &mut Simulator,
    product: &Product,
) -> Result<Round> {
    let before = simulator.get("ledger/summary").await?;
    let seq = before["last_seq"].as_i64().unwrap_or(0);
    let campaign = Campaign::prepare(api, name, 0, None).await?;
    let people = campaign.send(api).await?;
    let deadline = Instant::now() + Duration::from_secs(120 + people / 50);
    let mut memory = 0;
    // Everything has left: whoever is not skipped has a message that Meta answered.
    loop {
        memory = memory.max(product.own_memory()?);
        let counts = campaign.counts(api).await?;
        let of =
            |states: &[&str]| -> u64 { states.iter().filter_map(|state| counts.get(*state)).sum() };
        let left = of(&["planned", "queued", "attempting"]);
        if left == 0 && counts.values().sum::<u64>() >= people {
            break;
        }
        if Instant::now() > deadline {
            bail!(
                "{name}: {left} of {people} have not left: {counts:?}\n{}",
                product.last_words()
            );
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let left = Instant::now();
    // And everything has come back: the counts are the simulator's own.
    loop {
        memory = memory.max(product.own_memory()?);
        let counts = campaign.counts(api).await?;
        let theirs = simulator.get("ledger/summary").await?;
        let grown = |status: &str| {
            let of = |summary: &Value| summary["last_status"][status].as_u64().unwrap_or(0);
            of(&theirs).saturating_sub(of(&before))
        };
        let same = ["accepted", "sent", "delivered", "read"]
            .iter()
            .all(|status| counts.get(*status).copied().unwrap_or(0) == grown(status));
        if same && grown("accepted") == 0 && grown("delivered") * 20 < people {
            break;
        }
        if Instant::now() > deadline {
            bail!("{name}: the counts {counts:?} are not the simulator's {theirs}");
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let applied = left.elapsed();
    let entries = simulator.ledger(seq).await?;
    Ok(Round {
        per_second: per_second(&entries)?,
        least: least_in_a_second(&entries),
        applied,
        memory,
    })
}

fn acceptances(entries: &[Value]) -> Vec<i64> {
    let times = entries.iter();
    times
        .filter_map(|entry| entry["accepted_at_us"].as_i64())
        .collect()
}

/// Acceptances in the slowest of the whole seconds from the first one; all of them when it was shorter.
fn least_in_a_second(entries: &[Value]) -> usize {
    let times = acceptances(entries);
    let first = times.iter().min().copied().unwrap_or(0);
    let mut seconds = std::collections::BTreeMap::<i64, usize>::new();
    for at in &times {
        *seconds.entry((at - first) / 1_000_000).or_default() += 1;
    }
    let last = seconds.keys().max().copied().unwrap_or(0);
    let whole = (0..last).map(|second| seconds.get(&second).copied().unwrap_or(0));
    whole.min().unwrap_or(times.len())
}

/// Acceptances per second between the first and the last.
fn per_second(entries: &[Value]) -> Result<f64> {
    let times = acceptances(entries);
    let first = times.iter().min().context("nothing was accepted")?;
    let last = times.iter().max().context("nothing was accepted")?;
    let seconds = (last - first).max(1) as f64 / 1e6;
    Ok((times.len() - 1) as f64 / seconds)
}

#[derive(Deserialize)]
struct Sink {
    console: String,
}

/// The same number of messages from the bare loop, with the webhooks going to a bare handler.
async fn reference_loop(
    count: u64,
    instance: &Instance,
    simulator: &mut Simulator,
    ready: &Ready,
) -> Result<f64> {
    let us = std::env::current_exe().context("our own path")?;
    let log = instance.folder().join("reference.log");
    let (_sink, sink): (_, Sink) = Product::start(&us, &["bare-server".to_owned()], &log)?;
    let at = |base: &str| format!("{base}/webhooks/whatsapp/{}", ready.app_id);
    simulator
        .post("app", &json!({ "callback_url": at(&sink.console) }))
        .await?;
    let arguments = [
        "bare-sender".to_owned(),
        format!("--url={}", simulator.url()),
        format!("--token={}", simulator.token()),
        format!("--phone-number-id={}", ready.phone_number_id),
        format!("--count={count}"),
        format!("--concurrency={CONCURRENCY}"),
    ];
    let starting = move || Product::start::<Value>(&us, &arguments, &log);
    let (_sender, told) = tokio::task::spawn_blocking(starting).await??;
    // What is still on its way must not meet the product's turn.
    let mut last = Value::Null;
    loop {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let now = simulator.get("ledger/summary").await?;
        if now == last {
            break;
        }
        last = now;
    }
    let base = format!("http://{}", ready.address()?);
    simulator
        .post("app", &json!({ "callback_url": at(&base) }))
        .await?;
    told["per_second"]
        .as_f64()
        .context("the bare loop told nothing")
}

pub(super) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_between_the_first_and_the_last() {
        let entries: Vec<Value> = [0, 500_000, 1_000_000, 250_000]
            .iter()
            .map(|at| json!({ "accepted_at_us": at }))
            .collect();
        assert!((per_second(&entries).unwrap() - 3.0).abs() < 1e-9);
        assert_eq!(
            least_in_a_second(&entries),
            3,
            "the second that began last is not whole"
        );
        assert!(per_second(&[]).is_err());
    }
}
