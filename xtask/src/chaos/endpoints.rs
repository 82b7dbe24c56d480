//! The crash proof of webhooks to other programs: a receiver outside the killed process takes what is
//! told and now and then refuses, while people write, messages leave and the product is killed.
//! In the end each message and each of its states must have been taken, in order, and signed.

mod judge;
mod receiver;

use super::load::{Load, Rates};
use super::{Options, settled, start};
use crate::bench::Instance;
use crate::load::api::Api;
use crate::load::population;
use crate::load::product::address_of;
use crate::load::simulator::Simulator;
use crate::load::watch::Watch;
use anyhow::{Context, Result, bail};
use judge::Verdict;
use rand::rngs::ChaCha12Rng;
use rand::{RngExt, SeedableRng};
use receiver::Receiver;
use serde_json::json;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::Instant;

const PATH: &str = "/api/v1/webhook-endpoints";

/// Run the proof on an installation that was never started.
pub(super) async fn prove(
    options: &Options,
    instance: &Instance,
    mut simulator: Simulator,
) -> Result<Verdict> {
    let wire = Watch::before(address_of(simulator.url())?, Duration::from_millis(20)).await?;
    let (mut product, ready) = start(instance, &wire).await?;
    let mut api = Api::new(&ready)?;
    simulator
        .raise_throughput(&ready.phone_number_id, 1_000)
        .await?;
    api.post("/api/v1/numbers/sync", &json!({})).await?;
    simulator
        .post("faults", &json!({ "no_pair_limit": true }))
        .await?;
    let receiver = Receiver::start(options.seed).await?;
    let made = api
        .post(PATH, &json!({ "name": "Proof", "url": receiver.url() }))
        .await?;
    let id = made["id"].as_str().context("an endpoint without id")?;
    receiver.expect(made["secret"].as_str().context("no secret")?);
    let people = Rc::new(population::settle(&mut simulator, &mut api, options.recipients).await?);

    // A message is told four times, and each kill leaves tries that wait: else the end would be long.
    let rates = Rates {
        webhooks: options.webhooks / 5.0,
        sends: options.sends / 5.0,
    };
    let load = Rc::new(Load::new(&ready, people, rates)?);
    let workers = load.start();
    let mut rng = ChaCha12Rng::seed_from_u64(options.seed);
    for kill in 1..=options.kills {
        load.wait_for_traffic()
            .await
            .with_context(|| product.last_words())?;
        tokio::time::sleep(Duration::from_millis(rng.random_range(100..1_200))).await;
        let open = moment(&receiver)
            .await
            .with_context(|| product.last_words())?;
        product.kill()?;
        let restarted = Instant::now();
        (product, _) = start(instance, &wire).await?;
        eprintln!(
            "kill {kill}/{}: {open} deliveries without answer, serving again after {} ms",
            options.kills,
            restarted.elapsed().as_millis()
        );
    }
    load.finish(workers)
        .await
        .with_context(|| product.last_words())?;
    let messages = settled(&mut api, &load).await?;
    told(&mut api, id).await?;
    if options.inject_loss {
        receiver.forget_one();
    }
    let verdict = judge::judge(
        &messages,
        &receiver.record(),
        options.kills,
        options.recipients,
    );
    product.stop()?;
    Ok(verdict)
}

/// Wait for the next moment at which a kill hits a delivery that was received and not yet answered.
async fn moment(receiver: &Receiver) -> Result<usize> {
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let open = receiver.unanswered();
        if open > 0 {
            return Ok(open);
        }
        if Instant::now() > deadline {
            bail!("no delivery without answer within 60 s");
        }
        tokio::task::yield_now().await;
    }
}

/// Wait until nothing is left to be told. What is still open after the deadline is for the judge.
async fn told(api: &mut Api, endpoint: &str) -> Result<()> {
    let deadline = Instant::now() + Duration::from_mins(10);
    let mut quiet = 0;
    while quiet < 3 && Instant::now() < deadline {
        let mut open = false;
        for state in ["waiting", "queued"] {
            let path = format!("{PATH}/{endpoint}/deliveries?state={state}&limit=1");
            open |= api.get(&path).await?["data"]
                .as_array()
                .is_some_and(|rows| !rows.is_empty());
        }
        // What was written last may still have to be spread.
        quiet = if open { 0 } else { quiet + 1 };
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}
