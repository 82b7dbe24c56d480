//! Carries out what is due: timers of the state, and webhooks with bounded concurrency.
//!
//! One task sleeps until the next due moment; each webhook POST runs in a task of its own and then
//! goes on with the next one that is due, so that load needs no wake-up per message.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use wigwag_meta::signature;

use crate::behaviour;
use crate::webhooks::{Delivery, Mark};
use crate::world::{World, next_due};

/// Runs until the simulator stops.
pub(crate) async fn run(world: Arc<World>) {
    let mut moved = world.clock.subscribe();
    loop {
        let (ready, next, now, epoch) = world.with(|state, now_us| {
            behaviour::run(state, now_us);
            let mut ready = Vec::new();
            while let Some(delivery) = state.hooks.take(now_us, &state.faults) {
                ready.push(delivery);
            }
            (ready, next_due(state), now_us, state.epoch)
        });
        for delivery in ready {
            tokio::spawn(deliver(Arc::clone(&world), epoch, delivery));
        }
        let wait = next
            .filter(|_| !world.clock.is_frozen())
            .map(|at| Duration::from_micros((at - now).max(0) as u64));
        tokio::select! {
            () = world.stop.cancelled() => return,
            () = world.wake.notified() => {}
            _ = moved.changed() => {}
            () = tokio::time::sleep(wait.unwrap_or_default()), if wait.is_some() => {}
        }
    }
}

/// Makes a POST and those that are due after it.
async fn deliver(world: Arc<World>, epoch: u64, first: Arc<Delivery>) {
    let mut next = Some(first);
    while let Some(delivery) = next {
        let started = world.clock.elapsed();
        let timeout =
            Duration::from_millis(world.with(|state, _| state.faults.set.webhook_timeout_ms));
        let status = tokio::select! {
            status = post(&world.http, &delivery, timeout) => status,
            () = world.stop.cancelled() => 0,
        };
        let ms = world.clock.elapsed().saturating_sub(started).as_millis() as u64;
        next = world.with(|state, now_us| {
            if state.epoch != epoch {
                return None;
            }
            let marks = delivery.marks.clone();
            let taken = state.hooks.done(&delivery, status, ms, now_us);
            for mark in marks {
                match mark {
                    Mark::Status(entry, index) => state.ledger.delivered(entry, index, status),
                    Mark::Inbound(index) => arrived(state, index, taken),
                }
            }
            state.changes += 1;
            if world.stop.is_cancelled() {
                None
            } else {
                state.hooks.take(now_us, &state.faults)
            }
        });
    }
}

/// A message of a person reached the business.
fn arrived(state: &mut crate::state::State, index: usize, taken: bool) {
    let Some(message) = state
        .messages
        .get_mut(index)
        .filter(|message| taken && message.status == "sent")
    else {
        return;
    };
    message.status = "delivered".into();
    let (person, number_id, wamid) = (
        message.person,
        message.number_id.clone(),
        message.wamid.clone(),
    );
    state.tell("status", person, &number_id, Some(&wamid));
}

/// The status of the answer, 0 if there was none in time.
async fn post(http: &reqwest::Client, delivery: &Delivery, timeout: Duration) -> u16 {
    let signature = signature::sign(delivery.secret.as_bytes(), delivery.body.as_bytes());
    let request = http
        .post(&delivery.url)
        .header(CONTENT_TYPE, "application/json")
        .header(signature::HEADER, signature)
        .body(delivery.body.clone())
        .timeout(timeout);
    match request.send().await {
        Ok(response) => {
            let status = response.status().as_u16();
            // The body is read so that the connection can be used again; what it says is of no matter.
            let _ = response.bytes().await;
            status
        }
        Err(error) => {
            tracing::debug!(%error, "webhook was not answered");
            0
        }
    }
}

/// Asks a callback for the challenge, as Meta does when a URL is set.
pub(crate) async fn verify(
    http: &reqwest::Client,
    url: &str,
    token: &str,
    challenge: &str,
) -> Result<(), String> {
    let mut target =
        url::Url::parse(url).map_err(|error| format!("callback URL is not valid: {error}"))?;
    target
        .query_pairs_mut()
        .append_pair("hub.mode", "subscribe")
        .append_pair("hub.challenge", challenge)
        .append_pair("hub.verify_token", token);
    let answer = http
        .get(target)
        .timeout(Duration::from_secs(10))
        .send()
        .await;
    let answer = answer.map_err(|_| "the callback URL could not be reached".to_owned())?;
    let status = answer.status();
    let body = answer.text().await.unwrap_or_default();
    if status.as_u16() != 200 {
        return Err(format!(
            "the callback URL answered HTTP {} instead of 200",
            status.as_u16()
        ));
    }
    if body.trim() != challenge {
        return Err("the callback URL did not answer with the challenge".into());
    }
    Ok(())
}
