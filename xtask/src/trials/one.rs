//! One trial: a campaign that three people say no to, that is paused, resumed and stopped.

use crate::bench::people::{contact_id, wa_id};
use crate::load::api::Api;
use crate::load::campaign::{Campaign, OFFER};
use crate::load::http::Client;
use crate::load::product::Ready;
use crate::load::simulator::Simulator;
use crate::load::webhook::Webhooks;
use anyhow::{Result, bail};
use rand::rngs::ChaCha12Rng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// Within what a word must be obeyed.
const SECOND_US: i64 = 1_000_000;
/// How long the ledger is watched after a word.
const WATCH: Duration = Duration::from_millis(1_800);
/// So many messages further on is the turn of whoever says no: more than a second at the full rate.
const AHEAD: u64 = 1_300;

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Done {
    /// Messages per second from the first one to the pause.
    pub(super) per_second: f64,
    pub(super) late_after_pause: usize,
    pub(super) late_after_stop: usize,
    pub(super) late_after_opt_out: usize,
    /// People who said no and whose turn came more than a second later, while it ran.
    pub(super) opt_outs: usize,
    /// Whether what the product told to be out is what the ledger has, at the pause and at the end.
    pub(super) counts_agree: bool,
    pub(super) last_after_pause_ms: i64,
    pub(super) last_after_stop_ms: i64,
    pub(super) last_after_opt_out_ms: i64,
    pub(super) resumed_after_ms: i64,
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.0}/s, the last {} ms after the pause, {} ms after the stop, {} ms after {} opt-outs",
            self.per_second,
            self.last_after_pause_ms,
            self.last_after_stop_ms,
            self.last_after_opt_out_ms,
            self.opt_outs
        )
    }
}

/// Somebody who said no: who, and when, in µs.
struct No {
    person: u64,
    at_us: i64,
}

/// What trials share.
pub(super) struct Trial {
    webhooks: Webhooks,
    client: Client,
    rng: ChaCha12Rng,
    recipients: u64,
    /// Who said no in an earlier trial.
    gone: HashSet<u64>,
}

impl Trial {
    pub(super) fn new(ready: &Ready, seed: u64, recipients: u64) -> Result<Self> {
        Ok(Self {
            webhooks: Webhooks::new(ready),
            client: Client::new(ready.address()?),
            rng: ChaCha12Rng::seed_from_u64(seed),
            recipients,
            gone: HashSet::new(),
        })
    }

    pub(super) async fn run(
        &mut self,
        number: u32,
        api: &mut Api,
        simulator: &mut Simulator,
    ) -> Result<Done> {
        let since = last_seq(simulator).await?;
        let name = format!("T{number:04}");
        let campaign = Campaign::of_template(api, OFFER, &name, 0, None).await?;
        campaign.send(api).await?;
        let begun = until(simulator, since, 100).await?;
        let first_us = now_us();
        let mut noes = Vec::new();
        for way in 0..3 {
            noes.push(self.say_no(way, begun, api, simulator).await?);
        }
        self.rest(300..700).await;
        let sent = seen(simulator, since).await? - begun;
        let mut done = Done {
            per_second: sent as f64 / ((now_us() - first_us) as f64 / 1e6),
            ..Done::default()
        };

        let paused_us = now_us();
        campaign.tell(api, "pause").await?;
        tokio::time::sleep(WATCH).await;
        let shown = campaign
            .until(api, &["paused"], Duration::from_secs(20))
            .await?;
        let entries = Self::entries(since, &name, simulator).await?;
        let pause = After::of(paused_us, entries.iter().map(received));
        (done.late_after_pause, done.last_after_pause_ms) = (pause.late, pause.last_ms);
        done.counts_agree = shown["out"].as_u64() == Some(entries.len() as u64);

        let resumed_us = now_us();
        campaign.tell(api, "resume").await?;
        let before = entries.len() as u64;
        let furthest = begun + AHEAD + 700;
        until(simulator, since, furthest.min(self.recipients * 9 / 10)).await?;
        self.rest(0..400).await;
        let stopped_us = now_us();
        campaign.tell(api, "stop").await?;
        tokio::time::sleep(WATCH).await;
        let shown = until_ended(&campaign, api).await?;
        let entries = Self::entries(since, &name, simulator).await?;
        let stop = After::of(stopped_us, entries.iter().map(received));
        (done.late_after_stop, done.last_after_stop_ms) = (stop.late, stop.last_ms);
        done.counts_agree &= shown["out"].as_u64() == Some(entries.len() as u64);
        done.resumed_after_ms = entries
            .iter()
            .map(received)
            .filter(|at| *at > resumed_us)
            .min()
            .map_or(i64::MAX, |at| (at - resumed_us) / 1_000);
        if entries.len() as u64 <= before {
            bail!("nothing left after it was resumed");
        }
        Self::noes(&noes, &entries, &mut done);
        Ok(done)
    }

    /// Somebody whose turn comes more than a second later says no.
    async fn say_no(
        &mut self,
        way: u32,
        sent: u64,
        api: &mut Api,
        simulator: &mut Simulator,
    ) -> Result<No> {
        let person = loop {
            // Who said no before is left out, so the turn comes a little further on.
            let skipped = self
                .gone
                .iter()
                .filter(|gone| **gone < sent + AHEAD)
                .count() as u64;
            let person = sent + skipped + AHEAD + self.rng.random_range(0..500);
            if !self.gone.contains(&person) && !self.gone.contains(&(person + 1)) {
                break person;
            }
        };
        self.gone.insert(person);
        let digits = wa_id(person);
        let at_us = now_us();
        match way {
            0 => {
                let body = json!({ "person": format!("+{digits}"), "text": "STOP" });
                simulator.post("inbound", &body).await?;
            }
            1 => {
                let at = u64::try_from(at_us / SECOND_US).unwrap_or(0);
                let request = self.webhooks.stop_marketing(&digits, at);
                let reply = self.client.exchange(&request).await?;
                if reply.status != 200 {
                    bail!("WhatsApp's switch was answered {}", reply.status);
                }
            }
            _ => {
                let id = contact_id(person);
                let body = json!({ "category": "marketing", "state": "denied" });
                api.put(&format!("/api/v1/contacts/{id}/consent"), &body)
                    .await?;
            }
        }
        Ok(No { person, at_us })
    }

    /// Who said no got nothing later than a second after it; whose neighbour got it later than that
    /// counts.
    fn noes(noes: &[No], entries: &[Value], done: &mut Done) {
        let times = |person: u64| {
            let digits = wa_id(person);
            entries
                .iter()
                .filter(move |entry| {
                    entry["to"]
                        .as_str()
                        .is_some_and(|to| to.trim_start_matches('+') == digits)
                })
                .map(received)
        };
        for no in noes {
            let after = After::of(no.at_us, times(no.person));
            done.late_after_opt_out += after.late;
            done.last_after_opt_out_ms = done.last_after_opt_out_ms.max(after.last_ms);
            let next = times(no.person + 1).any(|at| at > no.at_us + SECOND_US);
            done.opt_outs += usize::from(next);
        }
    }

    /// The campaign's messages: its name is their coupon.
    async fn entries(since: i64, name: &str, simulator: &mut Simulator) -> Result<Vec<Value>> {
        let wanted = format!("\"{name}\"");
        let mut entries = simulator.ledger(since).await?;
        entries.retain(|entry| entry["body"]["template"].to_string().contains(&wanted));
        Ok(entries)
    }

    async fn rest(&mut self, range: std::ops::Range<u64>) {
        let span = self.rng.random_range(range);
        tokio::time::sleep(Duration::from_millis(span)).await;
    }
}

/// How long after a word the last message came, and how many later than a second.
struct After {
    late: usize,
    last_ms: i64,
}

impl After {
    fn of(word_us: i64, times: impl Iterator<Item = i64>) -> Self {
        let mut after = Self {
            late: 0,
            last_ms: 0,
        };
        for at in times {
            after.late += usize::from(at > word_us + SECOND_US);
            after.last_ms = after.last_ms.max((at - word_us) / 1_000);
        }
        after
    }
}

fn received(entry: &Value) -> i64 {
    entry["received_at_us"].as_i64().unwrap_or(i64::MAX)
}

fn now_us() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
        })
}

async fn last_seq(simulator: &mut Simulator) -> Result<i64> {
    let summary = simulator.get("ledger/summary").await?;
    Ok(summary["last_seq"].as_i64().unwrap_or(0))
}

async fn seen(simulator: &mut Simulator, since: i64) -> Result<u64> {
    Ok(u64::try_from(last_seq(simulator).await? - since).unwrap_or(0))
}

/// Wait until Meta has accepted so many.
async fn until(simulator: &mut Simulator, since: i64, wanted: u64) -> Result<u64> {
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let seen = seen(simulator, since).await?;
        if seen >= wanted {
            return Ok(seen);
        }
        if Instant::now() > deadline {
            bail!("only {seen} of {wanted} messages have left");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Wait until a stopped campaign has ended: nothing of it is on its way.
async fn until_ended(campaign: &Campaign, api: &mut Api) -> Result<Value> {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let shown = campaign
            .until(api, &["stopped", "done"], Duration::from_secs(20))
            .await?;
        if !shown["ended_at"].is_null() || Instant::now() > deadline {
            return Ok(shown);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_later_than_a_second_is_counted() {
        let after = After::of(10, [5, 10 + SECOND_US, 11 + SECOND_US].into_iter());
        assert_eq!((after.late, after.last_ms), (1, 1_000));
        assert_eq!(After::of(10, [5].into_iter()).last_ms, 0);
    }
}
