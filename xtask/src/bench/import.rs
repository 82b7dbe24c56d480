//! How quickly a file of a million contacts is read in, with names, tags, traits and consent, while people
//! write: the file is to wait for them, not they for it. How much memory it takes meanwhile.

use super::campaign::planning::Traffic;
use super::figure::Figure;
use super::{Instance, Options, Variant};
use crate::load::api::{Api, json as read_json};
use crate::load::http::{Client, request};
use crate::load::product::{Product, Ready};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;
use tokio::time::Instant;

const LEAST_PER_SECOND: f64 = 20_000.0;
const INGEST_P99_MS: f64 = 50.0;
/// People who write; none of them is in the file.
const WRITERS: u64 = 5_000;

/// The figures, and what was too slow.
pub(super) async fn run(options: &Options, binary: &Path) -> Result<(Vec<Figure>, Vec<String>)> {
    let contacts = if options.quick { 20_000 } else { 1_000_000 };
    let contacts = options.people.unwrap_or(contacts);
    let (mut figures, mut late) = (Vec::new(), Vec::new());
    for variant in options.variants() {
        let local = tokio::task::LocalSet::new();
        let done = local.run_until(measure(binary, variant, contacts)).await?;
        if !options.quick && done.per_second < LEAST_PER_SECOND {
            late.push(format!(
                "{} imports {:.0}/s",
                variant.name(),
                done.per_second
            ));
        }
        if !options.quick && done.p99 >= INGEST_P99_MS {
            late.push(format!(
                "{} answers webhooks in {:.0} ms",
                variant.name(),
                done.p99
            ));
        }
        figures.push(done.figure);
    }
    Ok((figures, late))
}

struct Done {
    figure: Figure,
    per_second: f64,
    p99: f64,
}

async fn measure(binary: &Path, variant: Variant, contacts: u64) -> Result<Done> {
    let instance = Instance::new(binary, variant)?;
    let (product, ready) = instance.start(None)?;
    let mut api = Api::new(&ready)?;
    let import = upload(&ready, &file(contacts)).await?;
    let id = import["id"].as_str().context("an import without id")?;
    let path = format!("/api/v1/imports/{id}");
    let wish = json!({
        "mapping": ["phone", "name", "tags", "trait:city", "trait:spent"],
        "consent": {
            "category": "marketing", "source": "Counter", "date": "2026-01-31", "text": "Send me offers",
        },
        "list_name": "Everybody",
    });
    let started = Instant::now();
    let checked = api.post(&format!("{path}/check"), &wish).await?;
    let checking = started.elapsed();
    if checked["new"].as_u64() != Some(contacts) {
        bail!("the rehearsal says {checked}");
    }
    let before = product.own_memory()?;
    let traffic = Traffic::start(&ready, WRITERS)?;
    let started = Instant::now();
    api.post(&format!("{path}/run"), &json!({})).await?;
    let most = until_done(&mut api, &product, &path, contacts).await?;
    let took = started.elapsed();
    let mut latencies = traffic.stop().await?;
    let per_second = contacts as f64 / took.as_secs_f64();
    let p99 = latencies.percentile_ms(0.99);
    let figure = Figure::new("import", variant.name())
        .with("contacts", contacts as f64)
        .with("per_second", per_second)
        .with("check_s", checking.as_secs_f64())
        .with("memory_before_mb", super::campaign::megabytes(before))
        .with("memory_most_mb", super::campaign::megabytes(most))
        .with("webhooks", latencies.count() as f64)
        .with("ingest_p50_ms", latencies.percentile_ms(0.5))
        .with("ingest_p99_ms", p99)
        .with("ingest_most_ms", latencies.percentile_ms(1.0));
    product.stop()?;
    Ok(Done {
        figure,
        per_second,
        p99,
    })
}

/// Waits for the end; the most memory that was taken until then.
async fn until_done(api: &mut Api, product: &Product, path: &str, contacts: u64) -> Result<u64> {
    let deadline = Instant::now() + Duration::from_secs(60 + contacts / 500);
    let mut most = 0;
    let mut told = Instant::now();
    loop {
        most = most.max(product.own_memory()?);
        let shown = api.get(path).await?;
        match shown["state"].as_str() {
            Some("done") => {
                let (created, granted) = (shown["created"].as_u64(), shown["granted"].as_u64());
                if (created, granted) != (Some(contacts), Some(contacts)) {
                    bail!("{contacts} people were to be made and to agree: {shown}");
                }
                return Ok(most);
            }
            Some("running") if Instant::now() < deadline => {}
            _ => bail!("the import does not end: {shown}\n{}", product.last_words()),
        }
        if told.elapsed() > Duration::from_secs(10) {
            eprintln!("{} of {contacts}", shown["rows_done"]);
            told = Instant::now();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// A shop's file.
fn file(contacts: u64) -> String {
    const CITIES: [&str; 8] = [
        "Pune", "Goa", "Jaipur", "Nagpur", "Kochi", "Surat", "Delhi", "Chennai",
    ];
    const NAMES: [&str; 8] = [
        "Asha", "Bima", "Devi", "Farah", "Gita", "Indra", "Kiran", "Mohan",
    ];
    let mut file = String::with_capacity(contacts as usize * 64);
    file.push_str("Phone,Name,Tags,City,Spent\n");
    for person in 0..contacts {
        let mixed = person.wrapping_mul(7_919);
        let of = |names: &[&'static str], by: u64| names[((mixed / by) % 8) as usize];
        let tags = if person % 3 == 0 {
            "newsletter;regular"
        } else {
            "newsletter"
        };
        // Writing to a text cannot fail.
        let _ = writeln!(
            file,
            "+9175{person:08},{} Customer {person},{tags},{},{}",
            of(&NAMES, 1),
            of(&CITIES, 8),
            mixed % 10_000
        );
    }
    file
}

async fn upload(ready: &Ready, file: &str) -> Result<Value> {
    let key = format!("Bearer {}", ready.api_key);
    let headers = [("authorization", key.as_str())];
    let path = "/api/v1/imports?filename=people.csv";
    let asked = request("POST", path, &headers, file.as_bytes());
    let reply = Client::new(ready.address()?).exchange(&asked).await?;
    read_json("POST /api/v1/imports", &reply, &[201])
}
