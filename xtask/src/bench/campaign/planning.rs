//! How long a large campaign takes to be reviewed and planned, while people write: planning is to wait
//! for them, not they for it.

use super::Bench;
use super::people::wa_id;
use crate::bench::Variant;
use crate::bench::figure::Figure;
use crate::load::campaign::{Campaign, counts};
use crate::load::http::Client;
use crate::load::latency::Latencies;
use crate::load::pace::Pace;
use crate::load::product::Ready;
use crate::load::webhook::Webhooks;
use anyhow::{Context, Result, bail};
use std::cell::Cell;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

const WEBHOOKS_PER_SECOND: f64 = 200.0;
/// Long enough that nothing is fed while it is planned.
const UNDO_SECONDS: u32 = 300;

/// Plan a campaign to `people` while webhooks come in.
pub(super) async fn measure(people: u64, binary: &Path, variant: Variant) -> Result<Figure> {
    let mut bench = Bench::start(binary, variant, people).await?;
    let api = &mut bench.api;
    let campaign = Campaign::prepare(api, "planning", UNDO_SECONDS, None).await?;
    let memory = bench.product.own_memory()?;
    let traffic = Traffic::start(&bench.ready, people)?;
    let started = Instant::now();
    let eligible = campaign.send(api).await?;
    let reviewed = started.elapsed();
    let mut most = 0;
    let planned = loop {
        most = most.max(bench.product.own_memory()?);
        let shown = campaign.show(api).await?;
        let counts = counts(&shown);
        let done = counts.get("planned").copied().unwrap_or(0);
        if done >= eligible && shown["state"] != "planning" {
            break started.elapsed().saturating_sub(reviewed);
        }
        if started.elapsed() > Duration::from_mins(5) {
            bail!("{eligible} people were not planned within 300 s: {shown}");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let mut latencies = traffic.stop().await?;
    campaign.tell(api, "stop").await?;
    let figure = Figure::new("campaign", format!("{}, planning", variant.name()))
        .with("recipients", eligible as f64)
        .with("review_and_send_s", reviewed.as_secs_f64())
        .with("planned_s", planned.as_secs_f64())
        .with("webhooks", latencies.count() as f64)
        .with("ingest_p50_ms", latencies.percentile_ms(0.5))
        .with("ingest_p99_ms", latencies.percentile_ms(0.99))
        .with("ingest_most_ms", latencies.percentile_ms(1.0))
        .with("memory_before_mb", super::megabytes(memory))
        .with("memory_most_mb", super::megabytes(most));
    bench.product.stop()?;
    Ok(figure)
}

/// People who write all the while.
pub(in crate::bench) struct Traffic {
    stop: Rc<Cell<bool>>,
    writers: Vec<tokio::task::JoinHandle<Result<Latencies>>>,
}

impl Traffic {
    pub(in crate::bench) fn start(ready: &Ready, people: u64) -> Result<Self> {
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
                    let mut latencies = Latencies::default();
                    while !stop.get()
                        && let Some((number, due)) = pace.next().await
                    {
                        let person = wa_id(number.wrapping_mul(7_919) % people);
                        let wamid = format!("wamid.PLAN{number:010}");
                        let request = webhooks.text(&person, &wamid, "Are you there?", now());
                        let reply = client.exchange(&request).await?;
                        if reply.status != 200 {
                            bail!("a webhook was answered {}", reply.status);
                        }
                        latencies.add(due.elapsed());
                    }
                    Ok(latencies)
                })
            })
            .collect();
        Ok(Self { stop, writers })
    }

    pub(in crate::bench) async fn stop(self) -> Result<Latencies> {
        self.stop.set(true);
        let mut latencies = Latencies::default();
        for writer in self.writers {
            latencies.merge(writer.await.context("a writer of webhooks was lost")??);
        }
        Ok(latencies)
    }
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
