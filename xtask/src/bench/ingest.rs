//! How many webhooks per second are answered 200 after their commit is on disk, with the appliers
//! running, against a bare handler on the same payload; and how long until all of it is applied.

use super::figure::Figure;
use super::{Instance, Options, Variant};
use crate::load::api::Api;
use crate::load::http::Client;
use crate::load::latency::{Latencies, median};
use crate::load::product::{Product, address_of};
use crate::load::webhook::Webhooks;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// Connections that write one webhook after the other.
const CONNECTIONS: u64 = 64;
/// People who write, in turn.
const PERSONS: u64 = 5_000;

#[derive(Deserialize)]
struct Bare {
    console: String,
}

struct Subject {
    variant: Variant,
    address: SocketAddr,
    webhooks: Rc<Webhooks>,
    api: Api,
    rounds: Vec<Round>,
    // Dropped in this order: the process before its database.
    _process: Product,
    _instance: Instance,
}

struct Round {
    reference: f64,
    per_second: f64,
    p50: f64,
    p99: f64,
    drain: Duration,
    applied_per_second: f64,
}

pub(super) async fn run(options: &Options, binary: &Path) -> Result<Vec<Figure>> {
    let (rounds, length) = if options.quick { (1, 2) } else { (5, 10) };
    let length = Duration::from_secs(length);
    let scratch = tempfile::tempdir()?;
    let us = std::env::current_exe().context("our own path")?;
    let (_bare, ready): (_, Bare) = Product::start(
        &us,
        &["bare-server".to_owned()],
        &scratch.path().join("bare.log"),
    )?;
    let bare = address_of(&ready.console)?;

    let mut subjects = Vec::new();
    for variant in options.variants() {
        let instance = Instance::new(binary, variant)?;
        let (process, ready) = instance.start(None)?;
        subjects.push(Subject {
            variant,
            address: ready.address()?,
            webhooks: Rc::new(Webhooks::new(&ready)),
            api: Api::new(&ready)?,
            rounds: Vec::new(),
            _process: process,
            _instance: instance,
        });
    }
    for round in 0..rounds {
        for subject in &mut subjects {
            // The neighbour is measured right before: the machine's mood changes within minutes.
            let (reference, _) = burst(bare, &subject.webhooks, "bare", length).await?;
            let run = format!("{}{round}", subject.variant.name());
            let (count, mut latencies) =
                burst(subject.address, &subject.webhooks, &run, length).await?;
            let drain = drain(subject, &run).await?;
            let seconds = length.as_secs_f64();
            let done = Round {
                reference: reference as f64 / seconds,
                per_second: count as f64 / seconds,
                p50: latencies.percentile_ms(0.5),
                p99: latencies.percentile_ms(0.99),
                drain,
                applied_per_second: count as f64 / (seconds + drain.as_secs_f64()),
            };
            eprintln!(
                "round {}: {} {:.0}/s, bare {:.0}/s, p99 {:.1} ms, applied after {:.2} s more",
                round + 1,
                subject.variant.name(),
                done.per_second,
                done.reference,
                done.p99,
                drain.as_secs_f64()
            );
            subject.rounds.push(done);
        }
    }
    Ok(subjects.iter().map(figure).collect())
}

fn figure(subject: &Subject) -> Figure {
    let middle =
        |field: fn(&Round) -> f64| median(&subject.rounds.iter().map(field).collect::<Vec<_>>());
    Figure::new("ingest", subject.variant.name())
        .with("per_second", middle(|round| round.per_second))
        .with("reference_per_second", middle(|round| round.reference))
        .with("ratio", middle(|round| round.per_second / round.reference))
        .with("p50_ms", middle(|round| round.p50))
        .with("p99_ms", middle(|round| round.p99))
        .with("drain_s", middle(|round| round.drain.as_secs_f64()))
        .with(
            "applied_per_second",
            middle(|round| round.applied_per_second),
        )
        .with("rounds", subject.rounds.len() as f64)
}

/// Write for `length` on all connections; how many were answered 200, and how long each took.
async fn burst(
    address: SocketAddr,
    webhooks: &Rc<Webhooks>,
    run: &str,
    length: Duration,
) -> Result<(u64, Latencies)> {
    let end = Instant::now() + length;
    let local = tokio::task::LocalSet::new();
    let clients: Vec<_> = (0..CONNECTIONS)
        .map(|connection| {
            let webhooks = Rc::clone(webhooks);
            let run = run.to_owned();
            local.spawn_local(async move {
                let mut client = Client::new(address);
                let mut latencies = Latencies::default();
                let mut number = connection;
                while Instant::now() < end {
                    let request = message(&webhooks, &run, number);
                    let started = Instant::now();
                    let reply = client.exchange(&request).await?;
                    if reply.status != 200 {
                        bail!("a webhook was answered {}", reply.status);
                    }
                    latencies.add(started.elapsed());
                    number += CONNECTIONS;
                }
                Ok(latencies)
            })
        })
        .collect();
    local
        .run_until(async {
            let mut latencies = Latencies::default();
            for client in clients {
                latencies.merge(client.await??);
            }
            Ok((latencies.count() as u64, latencies))
        })
        .await
}

fn message(webhooks: &Webhooks, run: &str, number: u64) -> Vec<u8> {
    let person = format!("9170{:08}", number % PERSONS);
    let wamid = format!("wamid.BENCH{run}{number:012}");
    let text = format!(
        "Where is my order {number}? It was promised for today and I am at home until six."
    );
    webhooks.text(&person, &wamid, &text, now())
}

/// The journal is applied in its order: when a last message of somebody new is in the inbox,
/// everything before it is.
async fn drain(subject: &mut Subject, run: &str) -> Result<Duration> {
    let started = Instant::now();
    let person = format!("9171{:08}", fingerprint(run));
    let request = subject
        .webhooks
        .text(&person, &format!("wamid.MARK{run}"), run, now());
    let reply = Client::new(subject.address).exchange(&request).await?;
    if reply.status != 200 {
        bail!("the marker was answered {}", reply.status);
    }
    let path = format!("/api/v1/conversations?view=all&status=open&q={person}");
    loop {
        let found = subject.api.get(&path).await?;
        if found["data"][0]["last_message"]["preview"].as_str() == Some(run) {
            return Ok(started.elapsed());
        }
        if started.elapsed() > Duration::from_mins(5) {
            bail!("the backlog was not applied within 300 s");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A number below ten million that differs from run to run.
fn fingerprint(run: &str) -> u32 {
    run.bytes()
        .fold(7, |sum, byte| (sum * 31 + u32::from(byte)) % 10_000_000)
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
