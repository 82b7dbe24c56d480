//! Statuses of known messages at a constant rate: 3,000 each second for a minute on 60,000 messages,
//! shuffled, one in twenty sent twice. Told are the age of the backlog, the processor time, and whether
//! every message ended in the state that the statuses add up to.

use super::figure::Figure;
use super::{Instance, Options, Variant};
use crate::load::api::Api;
use crate::load::http::Client;
use crate::load::inventory;
use crate::load::latency::Latencies;
use crate::load::pace::Pace;
use crate::load::population::{self, Person};
use crate::load::product::{Product, Ready};
use crate::load::simulator::Simulator;
use crate::load::webhook::Webhooks;
use anyhow::{Context, Result, bail};
use rand::rngs::ChaCha12Rng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::task::LocalSet;
use tokio::time::Instant;

const CONNECTIONS: usize = 48;
/// People with a single message, put aside to see how old the backlog is: one each second gets its
/// status, and the conversation shows when it was applied.
const PROBES: usize = 64;

struct Plan {
    /// So many that nobody gets more messages in a row than the pair rate lends (45).
    people: usize,
    messages: usize,
    per_second: f64,
    total: usize,
}

/// A message of ours that Meta accepted.
#[derive(Clone)]
struct Known {
    /// What we wrote; every message has a text of its own.
    text: String,
    wamid: String,
    wa_id: String,
}

pub(super) async fn run(options: &Options, binary: &Path) -> Result<Vec<Figure>> {
    let plan = if options.quick {
        Plan {
            people: 200,
            messages: 1_000,
            per_second: 1_000.0,
            total: 3_000,
        }
    } else {
        Plan {
            people: 4_000,
            messages: 60_000,
            per_second: 3_000.0,
            total: 180_000,
        }
    };
    let mut figures = Vec::new();
    for variant in options.variants() {
        figures.push(measure(&plan, binary, variant).await?);
    }
    Ok(figures)
}

async fn measure(plan: &Plan, binary: &Path, variant: Variant) -> Result<Figure> {
    let instance = Instance::new(binary, variant)?;
    let mut simulator = Simulator::start(binary, instance.folder())?;
    let (product, ready) = instance.start(Some(simulator.url()))?;
    let mut api = Api::new(&ready)?;
    simulator
        .post("faults", &json!({ "no_pair_limit": true }))
        .await?;
    simulator
        .raise_throughput(&ready.phone_number_id, 1_000)
        .await?;
    api.post("/api/v1/numbers/sync", &json!({})).await?;
    let people = Rc::new(population::settle(&mut simulator, &mut api, plan.people + PROBES).await?);
    // From here on the statuses are ours alone.
    simulator
        .post("faults", &json!({ "webhooks_paused": true }))
        .await?;
    eprintln!(
        "{}: sending {} messages first",
        variant.name(),
        plan.messages + PROBES
    );
    let known = send(plan.messages, &ready, &people, &mut simulator).await?;
    let aside: BTreeMap<&str, &Person> = people[plan.people..]
        .iter()
        .map(|person| (person.wa_id.as_str(), person))
        .collect();
    let (probes, known): (Vec<Known>, Vec<Known>) = known
        .into_iter()
        .partition(|message| aside.contains_key(message.wa_id.as_str()));
    let probes: Vec<(Known, Person)> = probes
        .into_iter()
        .filter_map(|message| {
            Some((
                message.clone(),
                (*aside.get(message.wa_id.as_str())?).clone(),
            ))
        })
        .collect();
    let (statuses, expected) = script(plan, &known);
    eprintln!(
        "{}: {} statuses at {}/s",
        variant.name(),
        statuses.len(),
        plan.per_second
    );

    let webhooks = Rc::new(Webhooks::new(&ready));
    let cpu = product.cpu()?;
    let started = Instant::now();
    let (latencies, mut ages) = report(plan, &ready, &webhooks, statuses, probes).await?;
    let seconds = started.elapsed();
    let cpu = product.cpu()?.checked_sub(cpu).unwrap_or_default();
    let wrong = compare(&mut api, &expected).await?;
    if wrong > 0 {
        bail!(
            "{}: {wrong} messages did not end in the state that their statuses add up to",
            variant.name()
        );
    }
    let mut latencies = latencies;
    let figure = Figure::new("statuses", variant.name())
        .with(
            "per_second",
            latencies.count() as f64 / seconds.as_secs_f64(),
        )
        .with("messages", plan.messages as f64)
        .with("p50_ms", latencies.percentile_ms(0.5))
        .with("p99_ms", latencies.percentile_ms(0.99))
        .with("backlog_age_p50_ms", ages.percentile_ms(0.5))
        .with("backlog_age_max_ms", ages.percentile_ms(1.0))
        .with("cpu_cores", cpu.as_secs_f64() / seconds.as_secs_f64())
        .with("wrong", wrong as f64);
    drop::<Product>(product);
    Ok(figure)
}

/// Send `messages` texts to the people and one to each that is put aside, through the API, and wait
/// until Meta accepted them all.
async fn send(
    messages: usize,
    ready: &Ready,
    people: &Rc<Vec<Person>>,
    simulator: &mut Simulator,
) -> Result<Vec<Known>> {
    let count = messages + PROBES;
    let aside_from = people.len() - PROBES;
    let next = Rc::new(RefCell::new(0_usize));
    let local = LocalSet::new();
    let senders: Vec<_> = (0..16)
        .map(|_| {
            let (next, people, mut api) = (Rc::clone(&next), Rc::clone(people), Api::new(ready)?);
            Ok(local.spawn_local(async move {
                loop {
                    let number = next.replace_with(|number| *number + 1);
                    if number >= count {
                        return Ok(());
                    }
                    let person = match number.checked_sub(messages) {
                        None => &people[number % aside_from],
                        Some(aside) => &people[aside_from + aside],
                    };
                    let path = format!("/api/v1/conversations/{}/messages", person.conversation);
                    let body =
                        json!({ "type": "text", "text": { "body": format!("Message {number}") } });
                    let key = format!("statuses-{number}");
                    loop {
                        let reply = api.try_post(&path, &body, Some(&key)).await?;
                        match reply.status {
                            202 => break,
                            429 | 503 => tokio::time::sleep(Duration::from_millis(200)).await,
                            status => bail!(
                                "a send was answered {status}: {}",
                                String::from_utf8_lossy(&reply.body)
                            ),
                        }
                    }
                }
            }))
        })
        .collect::<Result<_>>()?;
    local
        .run_until(async {
            for sender in senders {
                sender.await??;
            }
            anyhow::Ok(())
        })
        .await?;
    let deadline = Instant::now() + Duration::from_secs(120 + count as u64 / 100);
    while simulator.get("ledger/summary").await?["answered"].as_u64() < Some(count as u64) {
        if Instant::now() > deadline {
            bail!(
                "not all messages left within the time: {}",
                simulator.get("ledger/summary").await?
            );
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    // What was answered is recorded in the moment after; the statuses must find it.
    tokio::time::sleep(Duration::from_secs(1)).await;
    simulator.ledger(0).await?.iter().map(known).collect()
}

fn known(entry: &Value) -> Result<Known> {
    Ok(Known {
        text: entry["body"]["text"]["body"]
            .as_str()
            .context("no text in the ledger")?
            .to_owned(),
        wamid: entry["wamid"].as_str().context("no wamid")?.to_owned(),
        wa_id: entry["to"]
            .as_str()
            .unwrap_or_default()
            .trim_start_matches('+')
            .to_owned(),
    })
}

/// What is reported of which message, in a shuffled order, and where each message must end.
fn script(
    plan: &Plan,
    known: &[Known],
) -> (Vec<(Known, &'static str)>, BTreeMap<String, &'static str>) {
    let mut rng = ChaCha12Rng::seed_from_u64(2);
    let mut expected = BTreeMap::new();
    let mut statuses = Vec::with_capacity(plan.total);
    for message in known {
        let last = match rng.random_range(0..10) {
            0 => "delivered",
            _ => "read",
        };
        expected.insert(message.text.clone(), last);
        statuses.push((message.clone(), "sent"));
        statuses.push((message.clone(), "delivered"));
        if last == "read" {
            statuses.push((message.clone(), "read"));
        }
    }
    let doubled: Vec<_> = statuses
        .iter()
        .filter(|_| rng.random_bool(0.05))
        .cloned()
        .collect();
    statuses.extend(doubled);
    statuses.shuffle(&mut rng);
    (statuses, expected)
}

/// Report all statuses at the plan's rate; the time of each answer, and the age of the backlog.
async fn report(
    plan: &Plan,
    ready: &Ready,
    webhooks: &Rc<Webhooks>,
    statuses: Vec<(Known, &'static str)>,
    probes: Vec<(Known, Person)>,
) -> Result<(Latencies, Latencies)> {
    let address = ready.address()?;
    let pace = Rc::new(Pace::new(plan.per_second, statuses.len() as u64));
    let statuses = Rc::new(statuses);
    let local = LocalSet::new();
    let reporters: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (pace, statuses, webhooks) =
                (Rc::clone(&pace), Rc::clone(&statuses), Rc::clone(webhooks));
            local.spawn_local(async move {
                let mut client = Client::new(address);
                let mut latencies = Latencies::default();
                while let Some((number, due)) = pace.next().await {
                    let (message, status) = &statuses[number as usize];
                    let request = webhooks.status(&message.wamid, status, &message.wa_id, now());
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
    let done = Rc::new(RefCell::new(false));
    let watcher = local.spawn_local(watch(
        Api::new(ready)?,
        address,
        Rc::clone(webhooks),
        probes,
        Rc::clone(&done),
    ));
    local
        .run_until(async {
            let mut latencies = Latencies::default();
            for reporter in reporters {
                latencies.merge(reporter.await??);
            }
            done.replace(true);
            Ok((latencies, watcher.await??))
        })
        .await
}

/// Each second one status of a message put aside: from its 200 until the API shows it.
async fn watch(
    mut api: Api,
    address: std::net::SocketAddr,
    webhooks: Rc<Webhooks>,
    probes: Vec<(Known, Person)>,
    done: Rc<RefCell<bool>>,
) -> Result<Latencies> {
    let mut client = Client::new(address);
    let mut ages = Latencies::default();
    for (probe, person) in probes {
        if *done.borrow() {
            break;
        }
        let reply = client
            .exchange(&webhooks.status(&probe.wamid, "delivered", &probe.wa_id, now()))
            .await?;
        if reply.status != 200 {
            bail!("a probe was answered {}", reply.status);
        }
        let answered = Instant::now();
        let path = format!("/api/v1/conversations/{}", person.conversation);
        while api.get(&path).await?["last_message"]["state"] != "delivered" {
            if answered.elapsed() > Duration::from_mins(1) {
                bail!("a status was not applied within 60 s of its 200");
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        ages.add(answered.elapsed());
        tokio::time::sleep_until(answered + Duration::from_secs(1)).await;
    }
    Ok(ages)
}

/// How many messages are not where they belong, once nothing moves any more.
async fn compare(api: &mut Api, expected: &BTreeMap<String, &'static str>) -> Result<usize> {
    let mut last = usize::MAX;
    for _ in 0..30 {
        let messages = inventory::messages(api).await?;
        let right = messages
            .iter()
            .filter(|message| {
                expected
                    .get(&message.text)
                    .is_some_and(|state| *state == message.state)
            })
            .count();
        last = expected.len() - right;
        if last == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(last)
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
