//! How quickly filters are answered over a million contacts and five million events: twenty of them, from
//! one contact in ten thousand to nine in ten, each counted and its first page read through the API.
//!
//! Whom each finds is computed beside the database, while the people are made: a wrong count fails,
//! however quick it is.

mod filters;
mod people;
mod rows;

use super::database::Database;
use super::figure::Figure;
use super::{Instance, Options, Variant};
use crate::load::api::Api;
use crate::load::latency::Latencies;
use crate::load::product::Ready;
use anyhow::{Context, Result, bail};
use filters::Named;
use rows::Planted;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// What a team waits for without noticing, at the 95th percentile.
const LIMIT_MS: f64 = 300.0;
/// People stand where the filters expect them for so long.
const FRESH: Duration = Duration::from_hours(11);
const PAGE: usize = 50;

/// The figures, and the filters that took too long.
pub(super) async fn run(options: &Options, binary: &Path) -> Result<(Vec<Figure>, Vec<String>)> {
    let (contacts, runs) = if options.quick {
        (20_000, 2)
    } else {
        (1_000_000, 25)
    };
    let contacts = options.people.unwrap_or(contacts);
    let mut figures = Vec::new();
    let mut late = Vec::new();
    for variant in options.variants() {
        let instance = match &options.keep {
            Some(folder) => Instance::kept(binary, variant, folder)?,
            None => Instance::new(binary, variant)?,
        };
        let filters = Named::all()?;
        let planted = plant(&instance, variant, contacts, &filters)?;
        let (product, ready) = instance.start(None)?;
        for (filter, expected) in filters.iter().zip(&planted.found) {
            if options
                .only
                .as_ref()
                .is_some_and(|only| *only != filter.name)
            {
                continue;
            }
            let measured = measure(&ready, &planted, filter, *expected, runs).await?;
            let figure = measured.figure(variant, filter, &planted);
            if !options.quick {
                eprintln!("{}", figure.told());
            }
            if !options.quick && measured.worst() >= LIMIT_MS {
                late.push(format!("{} on {}", filter.name, variant.name()));
            }
            figures.push(figure);
        }
        product.stop()?;
    }
    Ok((figures, late))
}

/// The rows, unless a folder that is kept has them.
fn plant(
    instance: &Instance,
    variant: Variant,
    contacts: u64,
    filters: &[Named],
) -> Result<Planted> {
    let note = instance.folder().join("planted.json");
    if let Ok(text) = std::fs::read_to_string(&note) {
        let planted: Planted = serde_json::from_str(&text)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let age = now.saturating_sub(Duration::from_micros(planted.at as u64));
        if planted.contacts != contacts || planted.found.len() != filters.len() || age > FRESH {
            bail!(
                "{} holds other people, or those of another day: delete the folder",
                instance.folder().display()
            );
        }
        return Ok(planted);
    }
    // The first start makes the schema and the workspace that the other is modelled on.
    instance.start(None)?.0.stop()?;
    eprintln!("{}: writing {contacts} contacts", variant.name());
    let started = Instant::now();
    let planted = rows::write(&Database::of(instance)?, contacts, filters)?;
    eprintln!(
        "{}: and {} events, in {:.0} s",
        variant.name(),
        planted.events,
        started.elapsed().as_secs_f64()
    );
    std::fs::write(note, serde_json::to_string(&planted)?)?;
    Ok(planted)
}

struct Measured {
    found: u64,
    count: Latencies,
    page: Latencies,
}

impl Measured {
    fn figure(&self, variant: Variant, filter: &Named, planted: &Planted) -> Figure {
        let (mut count, mut page) = (self.count.clone(), self.page.clone());
        Figure::new("segments", variant.name())
            .named("filter", filter.name.clone())
            .with("share", filter.share)
            .with("found", self.found as f64)
            .with("contacts", planted.contacts as f64)
            .with("events", planted.events as f64)
            .with("count_p50_ms", count.percentile_ms(0.5))
            .with("count_p95_ms", count.percentile_ms(0.95))
            .with("page_p50_ms", page.percentile_ms(0.5))
            .with("page_p95_ms", page.percentile_ms(0.95))
            .with("runs", count.count() as f64)
    }

    fn worst(&self) -> f64 {
        let of = |latencies: &Latencies| latencies.clone().percentile_ms(0.95);
        of(&self.count).max(of(&self.page))
    }
}

/// One filter, asked `runs` times after a first time that does not count.
async fn measure(
    ready: &Ready,
    planted: &Planted,
    filter: &Named,
    expected: u64,
    runs: usize,
) -> Result<Measured> {
    let mut api = Api::new(&Ready {
        api_key: planted.key.clone(),
        ..ready.clone()
    })?;
    let segment = segment(&mut api).await?;
    let asked = filter.filter(&planted.campaign, &segment)?;
    let page = (expected as usize).min(PAGE);
    let mut measured = Measured {
        found: expected,
        count: Latencies::default(),
        page: Latencies::default(),
    };
    for run in 0..=runs {
        let started = Instant::now();
        let body = json!({ "filter": asked });
        let reply = api.post("/api/v1/audience/count", &body).await?;
        let counting = started.elapsed();
        if reply["count"].as_u64() != Some(expected) {
            bail!(
                "{} finds {} people and not {expected}",
                filter.name,
                reply["count"]
            );
        }
        let started = Instant::now();
        let body = json!({ "filter": asked, "order": "newest", "limit": PAGE });
        let reply = api.post("/api/v1/audience/contacts", &body).await?;
        let paging = started.elapsed();
        let shown = reply["data"].as_array().context("no data")?;
        let ordered = shown.is_sorted_by(|one, other| one["id"].as_str() > other["id"].as_str());
        if shown.len() != page || !ordered {
            bail!("{}: the first page is not as it should be", filter.name);
        }
        if run > 0 {
            measured.count.add(counting);
            measured.page.add(paging);
        }
    }
    Ok(measured)
}

/// The saved segment, made when it is not there yet.
async fn segment(api: &mut Api) -> Result<String> {
    let known = api.get("/api/v1/segments").await?;
    if let Some(id) = known["data"][0]["id"].as_str() {
        return Ok(id.to_owned());
    }
    let filter: Value = serde_json::from_str(filters::SEGMENT)?;
    let body = json!({ "name": "Regulars", "filter": filter });
    let made = api.post("/api/v1/segments", &body).await?;
    let id = made["id"].as_str().context("a segment without id")?;
    Ok(id.to_owned())
}
