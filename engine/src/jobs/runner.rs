//! Claims due jobs and runs them, a few at a time.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt as _;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use wigwag_store::Dialect;
use wigwag_store::jobs::{self, Claimed, Lane};

use super::failure::Failure;
use super::kinds;
use crate::{Context, wait};

/// Jobs of each lane that run at a time.
const AT_ONCE: usize = 6;
/// How long a job is ours; a runner that died gives it back by then.
const LEASE: Duration = Duration::from_mins(10);
/// Most time of one try, well within the lease.
const MOST: Duration = Duration::from_mins(9);
/// How long a running job may go on once the process is asked to stop.
const GRACE: Duration = Duration::from_secs(5);
/// How often jobs of other processes are looked for.
const POLL: Duration = Duration::from_secs(2);
/// The same where there is no other process.
const POLL_ALONE: Duration = Duration::from_secs(30);
/// A pause after the database refused, or when others were faster.
const BREATH: Duration = Duration::from_millis(200);

/// Starts the runners, one for each lane.
pub(crate) fn start(context: &Context) {
    for lane in Lane::ALL {
        context.tasks().spawn(serve(context.clone(), lane));
    }
}

async fn serve(context: Context, lane: Lane) {
    let mut wakes = context.db().job_wakes().subscribe();
    let mut running = JoinSet::new();
    let poll = match context.db().dialect() {
        Dialect::Sqlite => POLL_ALONE,
        Dialect::Postgres => POLL,
    };
    while !context.stop().is_cancelled() {
        wakes.borrow_and_update();
        let free = AT_ONCE.saturating_sub(running.len());
        let now = context.clock().now();
        let mut next = now.plus(poll);
        if free > 0 {
            match due(&context, lane, free).await {
                Ok(Due::Jobs(claimed)) => {
                    for job in claimed {
                        running.spawn(one(context.clone(), job));
                    }
                    // There may be more.
                    next = now;
                }
                Ok(Due::At(at)) => next = next.min(at.unwrap_or(next)),
                Err(error) => {
                    tracing::warn!(%error, "jobs could not be claimed");
                    wait::pause(BREATH).await;
                    next = now;
                }
            }
        }
        let full = running.len() >= AT_ONCE;
        tokio::select! {
            () = context.stop().cancelled() => {}
            Some(_) = running.join_next(), if !running.is_empty() => {}
            Ok(()) = wakes.changed(), if !full => {}
            () = wait::until(context.clock(), next), if !full => {}
        }
    }
    while running.join_next().await.is_some() {}
}

/// What is to be done.
enum Due {
    /// These, now.
    Jobs(Vec<Claimed>),
    /// Nothing before this.
    At(Option<wigwag_model::Timestamp>),
}

async fn due(context: &Context, lane: Lane, free: usize) -> wigwag_store::Result<Due> {
    // Reading first: a claim that finds nothing would still take its turn with the writer.
    let at = jobs::next_due(context.db(), lane).await?;
    let now = context.clock().now();
    let late = at.map_or(Duration::ZERO, |at| now.since(at));
    metrics::gauge!("wigwag_jobs_late_seconds", "lane" => lane.as_str()).set(late.as_secs_f64());
    if at.is_none_or(|at| at > now) {
        return Ok(Due::At(at));
    }
    let claimed = jobs::claim(context.db(), lane, now, LEASE, free).await?;
    if claimed.is_empty() {
        // Another runner holds what is due and has not committed yet.
        wait::pause(BREATH).await;
    }
    Ok(Due::Jobs(claimed))
}

/// How a try ended.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    Failed(Failure),
    Stopped,
}

/// One try of one job, with its record and its line in the log.
async fn one(context: Context, job: Claimed) {
    let started = context.clock().monotonic_us();
    let outcome = if job.try_no > job.max_tries {
        // The last try that it had never ended: the process died with it.
        Outcome::Failed(Failure::never("unfinished"))
    } else {
        attempt(&context, &job).await
    };
    let recorded = record(&context, &job, &outcome).await;
    let micros = (context.clock().monotonic_us() - started).max(0);
    let (word, reason) = match (&outcome, &recorded) {
        (_, Err(error)) => {
            tracing::error!(%error, kind = job.kind, job = %job.id, "the outcome of a job could not be recorded");
            ("unrecorded", None)
        }
        (Outcome::Failed(failure), Ok(word)) => (*word, Some(failure.line())),
        (_, Ok(word)) => (*word, None),
    };
    metrics::counter!("wigwag_jobs_total", "kind" => job.kind.clone(), "outcome" => word)
        .increment(1);
    metrics::histogram!("wigwag_job_seconds", "kind" => job.kind.clone())
        .record(micros as f64 / 1e6);
    tracing::info!(
        kind = job.kind, job = %job.id, outcome = word, reason, try_no = job.try_no,
        ms = format_args!("{:.1}", micros as f64 / 1e3), "job"
    );
}

async fn attempt(context: &Context, job: &Claimed) -> Outcome {
    // On the heap: what the largest handler keeps between its steps is much.
    bounded(context.stop(), Box::pin(kinds::run(context, job))).await
}

/// Runs a handler until it ends, takes too long or panics, or until the process has to go.
async fn bounded(
    stop: &CancellationToken,
    work: impl Future<Output = Result<(), Failure>>,
) -> Outcome {
    let work = AssertUnwindSafe(work).catch_unwind();
    let patience = async {
        stop.cancelled().await;
        wait::pause(GRACE).await;
    };
    tokio::select! {
        ended = tokio::time::timeout(MOST, work) => match ended {
            Ok(Ok(Ok(()))) => Outcome::Done,
            Ok(Ok(Err(failure))) => Outcome::Failed(failure),
            Ok(Err(_)) => Outcome::Failed(Failure::later("panicked")),
            Err(_) => Outcome::Failed(Failure::later("too_slow")),
        },
        () = patience => Outcome::Stopped,
    }
}

/// Writes the outcome down and says what has become of the job.
async fn record(
    context: &Context,
    job: &Claimed,
    outcome: &Outcome,
) -> wigwag_store::Result<&'static str> {
    let db = context.db();
    let failure = match outcome {
        Outcome::Done => {
            jobs::succeed(db, job.id).await?;
            return Ok("done");
        }
        Outcome::Stopped => {
            jobs::release(db, job).await?;
            return Ok("released");
        }
        Outcome::Failed(failure) => failure,
    };
    let pause = failure
        .pause(job.try_no)
        .filter(|_| job.try_no < job.max_tries);
    let again = pause.map(|pause| context.clock().now().plus(jittered(context, pause)));
    if again.is_none() {
        // First, so that a crash in between leads here again.
        kinds::give_up(context, job, failure.reason()).await?;
    }
    let held = jobs::fail(db, job, &failure.line(), again).await?;
    Ok(match (held, again) {
        (false, _) => "lost",
        (true, Some(_)) => "again",
        (true, None) => "failed",
    })
}

/// A pause up to a tenth longer, so that what failed together does not come back together.
pub(crate) fn jittered(context: &Context, pause: Duration) -> Duration {
    let [byte] = context.db().mint().random::<1>();
    pause + pause.mul_f64(f64::from(byte) / 2_560.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ends(work: impl Future<Output = Result<(), Failure>>) -> Outcome {
        bounded(&CancellationToken::new(), work).await
    }

    #[tokio::test(start_paused = true)]
    async fn whatever_a_handler_does_has_an_outcome() {
        assert_eq!(ends(async { Ok(()) }).await, Outcome::Done);
        let failure = Failure::never("gone");
        let failing = failure.clone();
        assert_eq!(ends(async { Err(failing) }).await, Outcome::Failed(failure));
        let panicking = async { panic!("a handler went wrong") };
        let panicked = Outcome::Failed(Failure::later("panicked"));
        assert_eq!(ends(panicking).await, panicked);
        let slow = Outcome::Failed(Failure::later("too_slow"));
        assert_eq!(ends(std::future::pending()).await, slow);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_lets_the_quick_end_and_gives_the_slow_back() {
        let stop = CancellationToken::new();
        stop.cancel();
        let quick = async {
            wait::pause(GRACE / 2).await;
            Ok(())
        };
        assert_eq!(bounded(&stop, quick).await, Outcome::Done);
        let slow = async {
            wait::pause(GRACE * 2).await;
            Ok(())
        };
        assert_eq!(bounded(&stop, slow).await, Outcome::Stopped);
    }
}
