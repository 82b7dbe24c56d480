//! How quickly the inbox reads when it is large: a million messages in a hundred thousand
//! conversations of three workspaces, with webhooks coming in, at a calm pace and with as many
//! requests as sixteen clients can make. Lists are read with mixed filters and many pages deep.

pub(super) mod rows;
mod walk;

use super::database::Database;
use super::figure::Figure;
use super::{Instance, Options, Variant};
use crate::load::api::Api;
use crate::load::http::Client;
use crate::load::pace::Pace;
use crate::load::product::Ready;
use crate::load::webhook::Webhooks;
use anyhow::{Context, Result, bail};
use rows::Size;
use std::cell::Cell;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::task::LocalSet;
use tokio::time::Instant;
use walk::{Latency, Walker};

const WEBHOOKS_PER_SECOND: f64 = 200.0;
const READS_PER_SECOND: f64 = 50.0;
const SATURATING: u64 = 16;

pub(super) async fn run(options: &Options, binary: &Path) -> Result<Vec<Figure>> {
    let (size, seconds) = if options.quick {
        (
            Size {
                conversations: 1_000,
                messages: 10_000,
            },
            3,
        )
    } else {
        (
            Size {
                conversations: 100_000,
                messages: 1_000_000,
            },
            30,
        )
    };
    let mut figures = Vec::new();
    for variant in options.variants() {
        let length = Duration::from_secs(seconds);
        figures.extend(
            LocalSet::new()
                .run_until(measure(variant, binary, size, length))
                .await?,
        );
    }
    Ok(figures)
}

async fn measure(
    variant: Variant,
    binary: &Path,
    size: Size,
    length: Duration,
) -> Result<Vec<Figure>> {
    let instance = Instance::new(binary, variant)?;
    // The first start makes the schema and the workspace that the others are modelled on.
    instance.start(None)?.0.stop()?;
    let database = Database::of(&instance)?;
    eprintln!("{}: writing {} messages", variant.name(), size.messages);
    let keys = rows::write(&database, size)?;
    let (_product, ready) = instance.start(None)?;

    let traffic = Traffic::start(&ready, size)?;
    let calm = walk(&ready, &keys, Some(READS_PER_SECOND), 8, length).await?;
    let busy = walk(&ready, &keys, None, SATURATING, length).await?;
    let written = traffic.stop().await?;
    Ok(vec![
        figure(variant, "50 requests/s", &calm, length, written),
        figure(variant, "16 saturating clients", &busy, length, written),
    ])
}

fn figure(
    variant: Variant,
    load: &str,
    latency: &Latency,
    length: Duration,
    written: u64,
) -> Figure {
    let mut latency = latency.clone();
    let total = latency.list.count() + latency.thread.count();
    Figure::new("inbox", format!("{}, {load}", variant.name()))
        .with("per_second", total as f64 / length.as_secs_f64())
        .with("list_p50_ms", latency.list.percentile_ms(0.5))
        .with("list_p99_ms", latency.list.percentile_ms(0.99))
        .with("thread_p50_ms", latency.thread.percentile_ms(0.5))
        .with("thread_p99_ms", latency.thread.percentile_ms(0.99))
        .with("webhooks", written as f64)
}

/// Read for `length` with `clients`, at a pace or as fast as the answers come.
async fn walk(
    ready: &Ready,
    keys: &[String],
    per_second: Option<f64>,
    clients: u64,
    length: Duration,
) -> Result<Latency> {
    let end = Instant::now() + length;
    let total = per_second.map(|rate| (rate * length.as_secs_f64()) as u64);
    let pace = Rc::new(
        per_second
            .zip(total)
            .map(|(rate, total)| Pace::new(rate, total)),
    );
    let walkers: Vec<_> = (0..clients)
        .map(|client| {
            let pace = Rc::clone(&pace);
            let key = keys[client as usize % keys.len()].clone();
            let ready = Ready {
                api_key: key,
                ..ready.clone()
            };
            Ok(tokio::task::spawn_local({
                let mut walker = Walker::new(Api::new(&ready)?, client);
                async move {
                    loop {
                        let due = match pace.as_ref() {
                            None if Instant::now() >= end => return Ok(walker.latency),
                            None => Instant::now(),
                            Some(pace) => match pace.next().await {
                                Some((_, due)) => due,
                                None => return anyhow::Ok(walker.latency),
                            },
                        };
                        walker.step(due).await?;
                    }
                }
            }))
        })
        .collect::<Result<_>>()?;
    let mut latency = Latency::default();
    for walker in walkers {
        latency.merge(walker.await??);
    }
    Ok(latency)
}

/// Webhooks that come in all the while.
struct Traffic {
    stop: Rc<Cell<bool>>,
    writers: Vec<tokio::task::JoinHandle<Result<u64>>>,
}

impl Traffic {
    fn start(ready: &Ready, size: Size) -> Result<Self> {
        let stop = Rc::new(Cell::new(false));
        let pace = Rc::new(Pace::new(WEBHOOKS_PER_SECOND, u64::MAX));
        let webhooks = Rc::new(Webhooks::new(ready));
        let address = ready.address()?;
        let writers = (0..8)
            .map(|_| {
                let (stop, pace, webhooks) =
                    (Rc::clone(&stop), Rc::clone(&pace), Rc::clone(&webhooks));
                tokio::task::spawn_local(async move {
                    let mut client = Client::new(address);
                    let mut written = 0;
                    while !stop.get()
                        && let Some((number, _)) = pace.next().await
                    {
                        // People of the workspace that owns the number, all over the list.
                        let person =
                            rows::wa_id(0, number.wrapping_mul(7_919) % (size.conversations / 3));
                        let wamid = format!("wamid.INBOX{number:010}");
                        let request =
                            webhooks.text(&person, &wamid, "Is it still on its way?", now());
                        let reply = client.exchange(&request).await?;
                        if reply.status != 200 {
                            bail!("a webhook was answered {}", reply.status);
                        }
                        written += 1;
                    }
                    Ok(written)
                })
            })
            .collect();
        Ok(Self { stop, writers })
    }

    async fn stop(self) -> Result<u64> {
        self.stop.set(true);
        let mut written = 0;
        for writer in self.writers {
            written += writer.await.context("a writer of webhooks was lost")??;
        }
        Ok(written)
    }
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
