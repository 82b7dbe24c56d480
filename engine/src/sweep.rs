//! Housekeeping: what has been kept long enough goes, in small pieces, and what was put off comes
//! back at its time. The regular listings of templates and numbers are started here as well.
//!
//! `docs/operations.md` states the spans below for operators.

use std::time::Duration;

use wigwag_model::Timestamp;
use wigwag_store::{
    Db, bulk, calls, conversations, endpoints, feed, hooks, imports, ingest, jobs as job_rows,
    journal, retention, sessions, wabas,
};

use crate::jobs::{self, Failure};
use crate::{Context, wait};

/// How often a sweep is enqueued.
const EVERY: Duration = Duration::from_hours(1);
/// How often uploads that nothing uses are looked for.
const UPLOADS_EVERY: Duration = Duration::from_hours(24);
/// How often templates and numbers are read from Meta.
const SYNC_EVERY: Duration = Duration::from_hours(6);
/// How often snoozed conversations are looked for that end sooner than known.
const SNOOZE_POLL: Duration = Duration::from_secs(5);
/// After a refusal of the database.
const BREATH: Duration = Duration::from_secs(1);
/// Rows of one piece; fewer mean that nothing is left.
const PIECE: u64 = 1_000;
/// Pieces of one table in one sweep; what is left waits for the next.
const PIECES: usize = 500;

const DAY: Duration = Duration::from_hours(24);
/// How long raw webhooks are kept after they were applied.
pub const JOURNAL: Duration = DAY.saturating_mul(14);
/// How long a client may be away and still resume the live socket.
pub const FEED: Duration = DAY.saturating_mul(7);
/// How long the developers' page shows calls.
pub const CALLS: Duration = DAY.saturating_mul(7);
/// How long an idempotency key is remembered.
pub const IDEMPOTENCY: Duration = DAY;
/// How long a job that was given up is listed.
pub const FAILED_JOBS: Duration = DAY.saturating_mul(30);
/// How long attempts are kept: Meta may report on them for 30 days and more.
pub const ATTEMPTS: Duration = DAY.saturating_mul(45);
/// How long statuses and marks wait for their message.
pub const PARKED: Duration = DAY.saturating_mul(40);
/// How long it is known who took a place in the daily limit of a portfolio, which looks back 24 hours.
pub const BUDGET: Duration = DAY.saturating_mul(2);
/// How long it is known what an import changed: a day longer than it can be taken back.
pub const IMPORT_CHANGES: Duration = DAY.saturating_mul(8);
/// How long it is known whom an action on many contacts changed: a day longer than it can be taken back.
pub const BULK_PEOPLE: Duration = DAY.saturating_mul(8);
/// How long it is listed what came for hooks, and known again when it comes again: Shopify tries for
/// four hours, other systems for some days.
pub const HOOK_DELIVERIES: Duration = DAY.saturating_mul(30);
/// How long deliveries to endpoints are kept, told or not.
pub const DELIVERIES: Duration = DAY.saturating_mul(14);
/// How long dead letters are kept that somebody has dealt with.
pub const DEAD_LETTERS: Duration = DAY.saturating_mul(30);

/// Starts the timers.
pub(crate) fn start(context: &Context) {
    context.tasks().spawn(regular(context.clone()));
    context.tasks().spawn(wake_snoozed(context.clone()));
}

/// Enqueues what is due now and then, at once after the start.
async fn regular(context: Context) {
    let start = context.clock().now();
    let (mut next_sync, mut next_sweep, mut next_uploads) = (start, start, start);
    while !context.stop().is_cancelled() {
        let now = context.clock().now();
        if now >= next_sweep {
            next_sweep = match jobs::enqueue_sweep(&context, jobs::SWEEP).await {
                Ok(()) => now.plus(EVERY),
                Err(error) => put_off(now, &error).await,
            };
        }
        if now >= next_uploads {
            next_uploads = match jobs::enqueue_sweep(&context, jobs::UPLOADS_SWEEP).await {
                Ok(()) => now.plus(UPLOADS_EVERY),
                Err(error) => put_off(now, &error).await,
            };
        }
        if now >= next_sync {
            next_sync = match sync_all(&context).await {
                Ok(()) => now.plus(SYNC_EVERY),
                Err(error) => put_off(now, &error).await,
            };
        }
        tokio::select! {
            () = context.stop().cancelled() => {}
            () = wait::until(context.clock(), next_sync.min(next_sweep).min(next_uploads)) => {}
        }
    }
}

/// Gives the database a breath; then it is due still.
async fn put_off(now: Timestamp, error: &wigwag_store::Error) -> Timestamp {
    tracing::warn!(%error, "regular work could not be enqueued");
    wait::pause(BREATH).await;
    now
}

async fn sync_all(context: &Context) -> wigwag_store::Result<()> {
    let wabas = wabas::all(context.db()).await?;
    jobs::enqueue_syncs(context, jobs::NUMBER_SYNC, wabas.clone()).await?;
    jobs::enqueue_syncs(context, jobs::TEMPLATE_SYNC, wabas).await
}

/// Opens snoozed conversations again at their time.
async fn wake_snoozed(context: Context) {
    while !context.stop().is_cancelled() {
        let now = context.clock().now();
        let next = match wake_due(context.db(), now).await {
            Ok(next) => next.unwrap_or(Timestamp::from_micros(i64::MAX)),
            Err(error) => {
                tracing::warn!(%error, "snoozed conversations could not be opened");
                wait::pause(BREATH).await;
                now
            }
        };
        tokio::select! {
            () = context.stop().cancelled() => {}
            () = wait::until(context.clock(), next.min(now.plus(SNOOZE_POLL))) => {}
        }
    }
}

/// Opens what is due and says when the next one is.
async fn wake_due(db: &Db, now: Timestamp) -> wigwag_store::Result<Option<Timestamp>> {
    let next = conversations::next_snoozed(db).await?;
    if next.is_none_or(|next| next > now) {
        return Ok(next);
    }
    while conversations::wake_snoozed(db, now).await? > 0 {}
    conversations::next_snoozed(db).await
}

/// Deletes what has been kept long enough.
pub(crate) async fn run(context: &Context) -> Result<(), Failure> {
    let now = context.clock().now();
    let mut gone = 0;
    for partition in journal::partitions(context.db()).await? {
        let before = now.minus(JOURNAL);
        gone += pieces(context, before, move |db, before| async move {
            journal::sweep(&db, partition, before).await
        })
        .await?;
    }
    macro_rules! sweep {
        ($sweep:path, $before:expr) => {
            gone += pieces(context, $before, |db, before| async move {
                $sweep(&db, before).await
            })
            .await?;
        };
    }
    sweep!(feed::sweep, now.minus(FEED));
    sweep!(calls::sweep, now.minus(CALLS));
    sweep!(job_rows::sweep, now.minus(FAILED_JOBS));
    sweep!(sessions::sweep, now);
    sweep!(retention::one_time_tokens, now);
    sweep!(retention::idempotency, now.minus(IDEMPOTENCY));
    sweep!(retention::attempts, now.minus(ATTEMPTS));
    sweep!(retention::dead_letters, now.minus(DEAD_LETTERS));
    sweep!(retention::portfolio_budget, now.minus(BUDGET));
    sweep!(imports::sweep_changes, now.minus(IMPORT_CHANGES));
    sweep!(bulk::sweep, now.minus(BULK_PEOPLE));
    sweep!(endpoints::sweep_happenings, now.minus(DELIVERIES));
    sweep!(endpoints::expire, now.minus(DELIVERIES));
    sweep!(endpoints::sweep, now.minus(DELIVERIES));
    sweep!(ingest::sweep_parked, now.minus(PARKED));
    sweep!(hooks::sweep, now.minus(HOOK_DELIVERIES));
    tracing::info!(rows = gone, "old rows deleted");
    Ok(())
}

/// Deletes piece by piece until little is left, or until the process is asked to stop.
async fn pieces<F: Future<Output = wigwag_store::Result<u64>>>(
    context: &Context,
    before: Timestamp,
    piece: impl Fn(Db, Timestamp) -> F,
) -> wigwag_store::Result<u64> {
    let mut gone = 0;
    for _ in 0..PIECES {
        let rows = piece(context.db().clone(), before).await?;
        gone += rows;
        if rows < PIECE || context.stop().is_cancelled() {
            break;
        }
    }
    Ok(gone)
}
