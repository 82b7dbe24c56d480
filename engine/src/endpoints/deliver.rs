//! Tells endpoints what is due: a few deliveries of each at a time, so that a slow one holds nobody
//! else up, and one at a time of those that fail.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use tokio::task::JoinSet;
use wigwag_meta::Outside;
use wigwag_meta::outside::{Answer, Failure};
use wigwag_model::endpoint::Form;
use wigwag_model::{EndpointId, Timestamp};
use wigwag_store::Dialect;
use wigwag_store::endpoints::{self, Claimed, Due, End, Finished, Secrets};

use super::sign;
use crate::{Context, wait};

/// Deliveries to one endpoint at a time.
const AT_ONCE: usize = 16;
/// From so many failures in a row on one at a time.
const DOUBTFUL: i64 = 5;
/// Deliveries to all endpoints at a time.
const ALL_AT_ONCE: usize = 512;
/// How long a delivery is ours: longer than a call may take.
const LEASE: Duration = Duration::from_mins(1);
/// How often it is looked for what other processes wrote.
const POLL: Duration = Duration::from_secs(1);
/// The same where there is no other process.
const POLL_ALONE: Duration = Duration::from_secs(30);
/// A pause after the database refused.
const BREATH: Duration = Duration::from_millis(200);
/// How long calls may go on once the process is asked to stop.
const GRACE: Duration = Duration::from_secs(3);
/// How often it is tried to record an end.
const RECORDS: usize = 25;

/// What is under way, by endpoint.
#[derive(Default)]
struct Running {
    tasks: JoinSet<EndpointId>,
    counts: HashMap<EndpointId, usize>,
}

impl Running {
    fn free(&self, due: &Due) -> usize {
        let most = if due.failures >= DOUBTFUL { 1 } else { AT_ONCE };
        let own = self.counts.get(&due.endpoint).copied().unwrap_or_default();
        most.saturating_sub(own)
            .min(ALL_AT_ONCE.saturating_sub(self.tasks.len()))
    }

    fn begin(&mut self, endpoint: EndpointId, task: impl Future<Output = ()> + Send + 'static) {
        *self.counts.entry(endpoint).or_default() += 1;
        self.tasks.spawn(async move {
            task.await;
            endpoint
        });
    }

    fn ended(&mut self, endpoint: EndpointId) {
        if let Some(count) = self.counts.get_mut(&endpoint) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.counts.remove(&endpoint);
            }
        }
    }
}

pub(super) async fn serve(context: Context) {
    let Some(outside) = context.settings().outside.clone() else {
        return;
    };
    let owner = context.settings().instance.clone();
    let mut wakes = context.db().endpoint_wakes().subscribe();
    let poll = match context.db().dialect() {
        Dialect::Sqlite => POLL_ALONE,
        Dialect::Postgres => POLL,
    };
    // What the last run of this process held is nobody's now.
    give_back(&context, &owner).await;
    let mut running = Running::default();
    while !context.stop().is_cancelled() {
        wakes.borrow_and_update();
        let later = context.clock().now().plus(poll);
        let next = match look(&context, &outside, &owner, &mut running).await {
            Ok(next) => next.unwrap_or(later).min(later),
            Err(error) => {
                tracing::warn!(%error, "deliveries to endpoints could not be claimed");
                wait::pause(BREATH).await;
                continue;
            }
        };
        tokio::select! {
            () = context.stop().cancelled() => {}
            Some(ended) = running.tasks.join_next(), if !running.tasks.is_empty() => {
                match ended {
                    Ok(endpoint) => running.ended(endpoint),
                    // Its lease ends by itself; the count is made anew.
                    Err(error) => {
                        tracing::error!(%error, "a delivery ended with a panic");
                        running.counts.clear();
                    }
                }
            }
            Ok(()) = wakes.changed() => {}
            () = wait::until(context.clock(), next) => {}
        }
    }
    while running.tasks.join_next().await.is_some() {}
    give_back(&context, &owner).await;
}

async fn give_back(context: &Context, owner: &str) {
    for _ in 0..RECORDS {
        match endpoints::release(context.db(), owner).await {
            Ok(_) => return,
            Err(error) => tracing::warn!(%error, "claimed deliveries could not be given back"),
        }
        wait::pause(BREATH).await;
    }
}

/// Claims what is due and begins to tell it. Answers when the next is due that is not being told
/// already.
async fn look(
    context: &Context,
    outside: &Outside,
    owner: &str,
    running: &mut Running,
) -> wigwag_store::Result<Option<Timestamp>> {
    let (db, now) = (context.db(), context.clock().now());
    let mut next: Option<Timestamp> = None;
    for due in endpoints::due(db).await? {
        if due.at > now {
            next = Some(next.map_or(due.at, |known| known.min(due.at)));
            continue;
        }
        let free = running.free(&due);
        if free == 0 {
            // One of its calls ends, and it is looked again.
            continue;
        }
        let secrets = match endpoints::secrets(db, due.workspace, due.endpoint).await {
            Ok(secrets) => secrets,
            Err(error) => {
                tracing::error!(%error, endpoint = %due.endpoint, "the secret of an endpoint cannot be used");
                continue;
            }
        };
        let claimed = endpoints::claim(db, &due, owner, now, LEASE, free).await?;
        for claimed in claimed {
            let call = Call {
                context: context.clone(),
                outside: outside.clone(),
                url: due.url.clone(),
                form: due.form,
                secrets: secrets.clone(),
                claimed,
            };
            running.begin(due.endpoint, call.make());
        }
    }
    Ok(next)
}

/// One try of one delivery.
struct Call {
    context: Context,
    outside: Outside,
    url: String,
    form: Form,
    secrets: Secrets,
    claimed: Claimed,
}

impl Call {
    async fn make(self) {
        let clock = self.context.clock().clone();
        let started = clock.monotonic_us();
        let said = tokio::select! {
            said = self.post() => said,
            // Not recorded: it was not tried, and is told by whoever starts next.
            () = cut_off(&self.context) => return,
        };
        let at = clock.now();
        let random = self.context.db().mint().random::<2>();
        let jitter = u32::from(u16::from_be_bytes(random)) % 1_001;
        let (end, outcome) = judge(&said, jitter, at);
        metrics::counter!("wigwag_endpoint_tries_total", "outcome" => outcome).increment(1);
        let finished = Finished {
            claimed: self.claimed,
            end,
            outcome,
            took_us: (clock.monotonic_us() - started).max(0),
            at,
        };
        record(&self.context, finished).await;
    }

    async fn post(&self) -> Result<Answer, Failure> {
        let url = self.url.parse().map_err(|_| Failure::Refused)?;
        let now = self.context.clock().now();
        let (id, body) = (self.claimed.id.to_string(), &self.claimed.body);
        let headers = sign::headers(self.form, &self.secrets, &id, now, body);
        let body = Bytes::from(body.clone());
        self.outside.post(&url, headers, body).await
    }
}

async fn cut_off(context: &Context) {
    context.stop().cancelled().await;
    wait::pause(GRACE).await;
}

/// What an answer means. A redirect is none: the address is the one that was typed.
fn judge(said: &Result<Answer, Failure>, jitter: u32, now: Timestamp) -> (End, &'static str) {
    let failed = End::Failed {
        asked: None,
        jitter,
    };
    match said {
        Err(Failure::Refused) => (failed, "not_public"),
        Err(Failure::Timeout) => (failed, "timeout"),
        Err(Failure::Connection) => (failed, "no_connection"),
        Ok(answer) => match answer.status {
            200..=299 => (End::Delivered, "2xx"),
            410 => (End::Gone, "410"),
            429 | 503 => {
                let asked = answer
                    .retry_after
                    .as_deref()
                    .and_then(|text| wished(text, now));
                let class = if answer.status == 429 { "429" } else { "5xx" };
                (End::Failed { asked, jitter }, class)
            }
            300..=399 => (failed, "3xx"),
            400..=499 => (failed, "4xx"),
            500..=599 => (failed, "5xx"),
            _ => (failed, "other"),
        },
    }
}

/// `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3).
fn wished(text: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(text.trim()).ok()?;
    Some(Timestamp::from_micros(at.timestamp().as_microsecond()).since(now))
}

/// Records an end. When that is not to be had, the lease ends and it is told again.
async fn record(context: &Context, finished: Finished) {
    for _ in 0..RECORDS {
        match endpoints::finish(context.db(), finished.clone()).await {
            Ok(()) => return,
            Err(error) => {
                tracing::warn!(%error, delivery = %finished.claimed.id, "the end of a delivery could not be recorded");
            }
        }
        wait::pause(BREATH).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = Timestamp::from_seconds(784_111_717);
        assert_eq!(wished("120", now), Some(Duration::from_mins(2)));
        assert_eq!(
            wished("Sun, 06 Nov 1994 08:49:37 GMT", now),
            Some(Duration::from_mins(1))
        );
        let past = Timestamp::from_seconds(800_000_000);
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(wished(date, past), Some(Duration::ZERO));
        for wrong in ["", "soon", "-5", "1.5"] {
            assert_eq!(wished(wrong, now), None, "{wrong}");
        }
    }

    #[test]
    fn only_two_hundreds_are_a_yes() {
        let now = Timestamp::from_seconds(1);
        let said = |status| {
            let answer = Answer {
                status,
                retry_after: Some("7".to_owned()),
            };
            judge(&Ok(answer), 500, now)
        };
        let failed = |seconds: Option<u64>| End::Failed {
            asked: seconds.map(Duration::from_secs),
            jitter: 500,
        };
        for (status, wanted) in [
            (200, (End::Delivered, "2xx")),
            (204, (End::Delivered, "2xx")),
            (301, (failed(None), "3xx")),
            (404, (failed(None), "4xx")),
            (410, (End::Gone, "410")),
            (429, (failed(Some(7)), "429")),
            (500, (failed(None), "5xx")),
            (503, (failed(Some(7)), "5xx")),
            (999, (failed(None), "other")),
        ] {
            assert_eq!(said(status), wanted, "{status}");
        }
    }
}
