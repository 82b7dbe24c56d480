//! The traffic of the crash proof, and our own record of what was answered.
//! Webhooks are repeated until they are answered 200, as Meta does; sends are repeated with the same
//! idempotency key until they are answered, as a careful client does.

use crate::load::api::Api;
use crate::load::http::Client;
use crate::load::pace::Pace;
use crate::load::population::Person;
use crate::load::product::Ready;
use crate::load::simulator::Simulator;
use crate::load::webhook::Webhooks;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::task::JoinHandle;
use tokio::time::Instant;

const WRITERS: usize = 24;
const SENDERS: usize = 24;
/// How long a client waits before it tries a server again that is not there.
const AGAIN: Duration = Duration::from_millis(25);

/// Per second.
#[derive(Clone, Copy)]
pub(super) struct Rates {
    pub(super) webhooks: f64,
    pub(super) sends: f64,
}

/// What was answered: our side of the comparison.
#[derive(Default, Clone)]
pub(super) struct Record {
    /// Texts of webhooks that were answered 200.
    pub(super) webhooks: Vec<String>,
    /// Texts of sends that were answered 202, with the message's id.
    pub(super) sends: BTreeMap<String, String>,
}

pub(super) struct Load {
    ready: Ready,
    people: Rc<Vec<Person>>,
    webhooks: Webhooks,
    writing: Pace,
    sending: Pace,
    record: RefCell<Record>,
    unanswered: Cell<i64>,
    stop: Cell<bool>,
}

impl Load {
    pub(super) fn new(ready: &Ready, people: Rc<Vec<Person>>, rates: Rates) -> Result<Self> {
        if people.is_empty() {
            bail!("at least one recipient is needed");
        }
        Ok(Self {
            ready: ready.clone(),
            people,
            webhooks: Webhooks::new(ready),
            writing: Pace::new(rates.webhooks, u64::MAX),
            sending: Pace::new(rates.sends, u64::MAX),
            record: RefCell::default(),
            unanswered: Cell::new(0),
            stop: Cell::new(false),
        })
    }

    /// Start the traffic. Inside a `LocalSet` only.
    pub(super) fn start(self: &Rc<Self>) -> Vec<JoinHandle<Result<()>>> {
        let writers = (0..WRITERS).map(|_| {
            let load = Rc::clone(self);
            tokio::task::spawn_local(async move { load.write().await })
        });
        let senders = (0..SENDERS).map(|_| {
            let load = Rc::clone(self);
            tokio::task::spawn_local(async move { load.send().await })
        });
        writers.chain(senders).collect()
    }

    /// People write; each webhook is repeated until it is answered 200.
    async fn write(&self) -> Result<()> {
        let mut client = Client::new(self.ready.address()?);
        while !self.stop.get()
            && let Some((number, _)) = self.writing.next().await
        {
            let person = self.person(number);
            let text = format!("in-{number:08}");
            let request = self.webhooks.text(
                &person.wa_id,
                &format!("wamid.CHAOS{number:010}"),
                &text,
                now(),
            );
            loop {
                self.unanswered.set(self.unanswered.get() + 1);
                let outcome = client.exchange(&request).await;
                self.unanswered.set(self.unanswered.get() - 1);
                match outcome {
                    Ok(reply) if reply.status == 200 => break,
                    Ok(reply) if reply.status != 503 => {
                        bail!("a webhook was answered {}", reply.status)
                    }
                    // Not answered: Meta would send it again.
                    _ => tokio::time::sleep(AGAIN).await,
                }
            }
            self.record.borrow_mut().webhooks.push(text);
        }
        Ok(())
    }

    /// The business writes; each send is repeated with its key until it is answered.
    async fn send(&self) -> Result<()> {
        let mut api = Api::new(&self.ready)?;
        while !self.stop.get()
            && let Some((number, _)) = self.sending.next().await
        {
            let person = self.person(number);
            let text = format!("out-{number:08}");
            let path = format!("/api/v1/conversations/{}/messages", person.conversation);
            let body = json!({ "type": "text", "text": { "body": text } });
            let id = loop {
                match api.try_post(&path, &body, Some(&text)).await {
                    Ok(reply) if reply.status == 202 => {
                        let message: Value = serde_json::from_slice(&reply.body)?;
                        break message["id"]
                            .as_str()
                            .context("a message without id")?
                            .to_owned();
                    }
                    // 409: the first try is still running; 429 and 503: the server asks to wait.
                    Ok(reply) if !matches!(reply.status, 409 | 429 | 503) => {
                        bail!(
                            "a send was answered {}: {}",
                            reply.status,
                            String::from_utf8_lossy(&reply.body)
                        );
                    }
                    _ => tokio::time::sleep(AGAIN).await,
                }
            };
            self.record.borrow_mut().sends.insert(text, id);
        }
        Ok(())
    }

    fn person(&self, number: u64) -> &Person {
        &self.people[(number % self.people.len() as u64) as usize]
    }

    /// Webhooks that are written and have no answer at this moment.
    pub(super) fn unanswered_webhooks(&self) -> i64 {
        self.unanswered.get()
    }

    /// Wait until both kinds of traffic got answers after this moment.
    pub(super) async fn wait_for_traffic(&self) -> Result<()> {
        let figures = || {
            let record = self.record.borrow();
            (record.webhooks.len(), record.sends.len())
        };
        let (webhooks, sends) = figures();
        let deadline = Instant::now() + Duration::from_mins(1);
        loop {
            let (more_webhooks, more_sends) = figures();
            if more_webhooks > webhooks && more_sends > sends {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("no webhook or no send was answered within 60 s after a start");
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Begin nothing new, and wait until everything begun is answered.
    pub(super) async fn finish(&self, workers: Vec<JoinHandle<Result<()>>>) -> Result<()> {
        self.stop.set(true);
        for worker in workers {
            tokio::time::timeout(Duration::from_mins(2), worker)
                .await
                .context("the load did not end")???;
        }
        Ok(())
    }

    /// A copy of what was answered.
    pub(super) fn record(&self) -> Record {
        self.record.borrow().clone()
    }

    /// Send one of the messages again, straight to the simulator: what the proof is there to find.
    pub(super) async fn double_one(&self, simulator: &mut Simulator) -> Result<()> {
        let entries = simulator.ledger(0).await?;
        let entry = entries
            .first()
            .context("nothing was sent that could be doubled")?;
        simulator
            .send(&self.ready.phone_number_id, &entry["body"])
            .await
    }
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
