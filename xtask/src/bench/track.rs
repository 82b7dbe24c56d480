//! Events per second through the public API, each answered after its commit, while a hundred on-going
//! campaigns ask three things of each, against a bare handler on the same payload. One event in a hundred
//! starts a run; afterwards the runs are counted, campaign by campaign.

use super::campaign::people;
use super::database::Database;
use super::figure::Figure;
use super::{Instance, Options, Variant};
use crate::load::api::Api;
use crate::load::campaign::TEMPLATE;
use crate::load::http::{self, Client};
use crate::load::latency::{Latencies, median};
use crate::load::product::{Product, Ready, address_of};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::net::SocketAddr;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::Instant;

/// Connections that tell one event after the other.
const CONNECTIONS: u64 = 64;
/// Campaigns that run.
const CAMPAIGNS: u64 = 100;
/// Slots that an event may have: each campaign asks for one.
const SLOTS: u64 = CAMPAIGNS * 100;
/// People who do something, in turn.
const PEOPLE: u64 = 5_000;

#[derive(Deserialize)]
struct Bare {
    console: String,
}

struct Round {
    reference: f64,
    per_second: f64,
    p50: f64,
    p99: f64,
}

pub(super) async fn run(options: &Options, binary: &Path) -> Result<Vec<Figure>> {
    let (rounds, seconds) = if options.quick { (1, 2) } else { (5, 10) };
    let length = Duration::from_secs(seconds);
    let scratch = tempfile::tempdir()?;
    let us = std::env::current_exe().context("our own path")?;
    let log = scratch.path().join("bare.log");
    let (_bare, ready): (_, Bare) = Product::start(&us, &["bare-server".to_owned()], &log)?;
    let bare = address_of(&ready.console)?;
    let mut figures = Vec::new();
    for variant in options.variants() {
        figures.push(measure(binary, variant, bare, rounds, length).await?);
    }
    Ok(figures)
}

async fn measure(
    binary: &Path,
    variant: Variant,
    bare: SocketAddr,
    rounds: usize,
    length: Duration,
) -> Result<Figure> {
    let instance = Instance::new(binary, variant)?;
    // The first start makes the schema and the workspace.
    instance.start(None)?.0.stop()?;
    people::plant(&Database::of(&instance)?, PEOPLE)?;
    let (_product, ready) = instance.start(None)?;
    let mut api = Api::new(&ready)?;
    let campaigns = prepare(&mut api).await?;
    let told: Rc<RefCell<Vec<u64>>> = Rc::new(RefCell::new(vec![0; usize::try_from(CAMPAIGNS)?]));
    let mut done: Vec<Round> = Vec::new();
    for round in 0..rounds {
        // The neighbour is measured right before: the machine's mood changes within minutes.
        let nobody = Rc::new(RefCell::new(vec![0; usize::try_from(CAMPAIGNS)?]));
        let (reference, _) = burst(
            bare,
            "/webhooks/whatsapp/bare",
            &ready,
            round,
            length,
            &nobody,
        )
        .await?;
        let (count, mut latencies) = burst(
            ready.address()?,
            "/api/v1/events",
            &ready,
            round,
            length,
            &told,
        )
        .await?;
        let seconds = length.as_secs_f64();
        let of = Round {
            reference: reference as f64 / seconds,
            per_second: count as f64 / seconds,
            p50: latencies.percentile_ms(0.5),
            p99: latencies.percentile_ms(0.99),
        };
        eprintln!(
            "round {}: {} {:.0}/s, bare {:.0}/s, p99 {:.1} ms",
            round + 1,
            variant.name(),
            of.per_second,
            of.reference,
            of.p99
        );
        done.push(of);
    }
    let told = told.take();
    let (runs, wrong) = count(&mut api, &campaigns, &told).await?;
    if wrong > 0 {
        bail!("{wrong} campaigns have other runs than were started");
    }
    let middle = |field: fn(&Round) -> f64| median(&done.iter().map(field).collect::<Vec<_>>());
    Ok(Figure::new("track", variant.name())
        .with("per_second", middle(|round| round.per_second))
        .with("reference_per_second", middle(|round| round.reference))
        .with("ratio", middle(|round| round.per_second / round.reference))
        .with("p50_ms", middle(|round| round.p50))
        .with("p99_ms", middle(|round| round.p99))
        .with("campaigns", CAMPAIGNS as f64)
        .with("runs", runs as f64)
        .with("wrong", wrong as f64)
        .with("rounds", rounds as f64))
}

/// Starts the campaigns; their paths. Their messages wait for an hour: here it is the events that count.
async fn prepare(api: &mut Api) -> Result<Vec<String>> {
    let numbers = api.get("/api/v1/numbers").await?;
    let number = numbers["data"][0]["id"]
        .as_str()
        .context("no number")?
        .to_owned();
    let templates = api.list("/api/v1/templates?").await?;
    let template = templates
        .iter()
        .find(|row| row["name"] == TEMPLATE && row["language"] == "en_US")
        .and_then(|row| row["id"].as_str())
        .context("no template")?;
    let mut paths = Vec::new();
    for slot in 0..CAMPAIGNS {
        let wish = json!({ "name": format!("Order {slot}"), "kind": "ongoing" });
        let draft = api.post("/api/v1/campaigns", &wish).await?;
        let path = format!(
            "/api/v1/campaigns/{}",
            draft["id"].as_str().context("a campaign without id")?
        );
        let changes = json!({
            "version": draft["version"],
            "number_id": number,
            "template_id": template,
            "variables": {
                "body.1": { "from": "field", "key": "name", "fallback": "there" },
                "body.2": { "from": "column", "key": "order", "fallback": "1042" },
                "button.0.url": { "from": "constant", "value": "1042" },
            },
            "ongoing": {
                "trigger": { "event": { "name": "Order Placed", "where": [
                    { "key": "total", "is": { "gte": 10 } },
                    { "key": "city", "is": { "in": ["Pune", "Köln", "Lagos"] } },
                    { "key": "slot", "is": { "eq": slot } },
                ] } },
                "delay": { "hours": 1 },
            },
        });
        api.patch(&path, &changes).await?;
        api.post(&format!("{path}/start"), &json!({})).await?;
        paths.push(path);
    }
    Ok(paths)
}

/// Waits until every run has been looked at; how many there are, and how many campaigns have others than
/// were started.
async fn count(api: &mut Api, campaigns: &[String], told: &[u64]) -> Result<(u64, usize)> {
    let wanted: u64 = told.iter().sum();
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let mut found = Vec::with_capacity(campaigns.len());
        for path in campaigns {
            let report = api.get(&format!("{path}/ongoing")).await?;
            let days = report["days"].as_array().map_or(&[][..], Vec::as_slice);
            let began: u64 = days
                .iter()
                .filter_map(|day: &Value| day["began"].as_u64())
                .sum();
            found.push(began);
        }
        let sum: u64 = found.iter().sum();
        if sum >= wanted || Instant::now() > deadline {
            let wrong = found
                .iter()
                .zip(told)
                .filter(|(found, told)| found != told)
                .count();
            return Ok((sum, wrong));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Tells events for `length` on all connections; how many were answered 2xx, and how long each took.
async fn burst(
    address: SocketAddr,
    path: &'static str,
    ready: &Ready,
    round: usize,
    length: Duration,
    told: &Rc<RefCell<Vec<u64>>>,
) -> Result<(u64, Latencies)> {
    let end = Instant::now() + length;
    let local = tokio::task::LocalSet::new();
    let key = format!("Bearer {}", ready.api_key);
    let clients: Vec<_> = (0..CONNECTIONS)
        .map(|connection| {
            let (key, told) = (key.clone(), Rc::clone(told));
            local.spawn_local(async move {
                let mut client = Client::new(address);
                let mut latencies = Latencies::default();
                let mut number = connection;
                while Instant::now() < end {
                    let slot = (number * 7_919) % SLOTS;
                    let body = event(round, number, slot);
                    let headers = [("authorization", key.as_str())];
                    let request = http::request("POST", path, &headers, body.as_bytes());
                    let started = Instant::now();
                    let reply = client.exchange(&request).await?;
                    if !matches!(reply.status, 200 | 201) {
                        let text = String::from_utf8_lossy(&reply.body).into_owned();
                        bail!("an event was answered {}: {text}", reply.status);
                    }
                    latencies.add(started.elapsed());
                    if slot < CAMPAIGNS {
                        told.borrow_mut()[usize::try_from(slot)?] += 1;
                    }
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

fn event(round: usize, number: u64, slot: u64) -> String {
    json!({
        "contact": people::contact_id(number % PEOPLE),
        "name": "Order Placed",
        "id": format!("{round}-{number}"),
        "properties": {
            "slot": slot,
            "total": 10 + number % 90,
            "city": "Pune",
            "order": format!("A-{number}"),
            "items": ["kite", "string"],
        },
    })
    .to_string()
}
