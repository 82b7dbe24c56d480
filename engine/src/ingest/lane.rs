//! An applier: one task per lane that reads the journal from its cursor, applies what concerns the
//! lane in batches and moves the cursor in the same transaction.
//!
//! Several processes may run the same lane: the cursor moves by compare-and-set, so that one of
//! them gets a batch through and the others notice and step back.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use wigwag_store::ingest::{self, Items, Step};
use wigwag_store::journal::{self, MESSAGES, STATUSES};
use wigwag_store::{Dialect, Error, Result};

use super::batch::{Size, parts};
use super::crowd::{Crowd, Turn};
use super::letters;
use super::routes::{Known, Routes};
use super::sort::Body;
use super::{PARTITION, Wakes};
use crate::context::Context;
use crate::wait;

/// Bytes of bodies that are read at once.
const BYTES: i64 = 8 * 1024 * 1024;
/// How often a lane looks into the journal without being told, where others may append too.
const POLL: Duration = Duration::from_millis(200);
/// The same where nobody else can.
const POLL_ALONE: Duration = Duration::from_millis(500);
/// How long the loser of a race leaves the lane to the winner.
const YIELD: Duration = Duration::from_secs(1);
/// What was only passed over is written down after this time, in microseconds.
const WRITE_DOWN: i64 = 500_000;
/// The first pause after a failure; doubled up to [`LONGEST_PAUSE`].
const PAUSE: Duration = Duration::from_millis(20);
/// The longest pause after a failure.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// Where webhooks come one by one, those of so long are applied together: the first at once, the next ones
/// when this has passed. A transaction costs as much as many items, and nobody sees so short a wait.
const GATHER: Duration = Duration::from_millis(25);
/// How often a lost race for rows is run again before the items are tried singly.
const RACES: u32 = 12;

/// A lane while it runs.
pub(super) struct Lane {
    pub(super) context: Context,
    /// Which: its bit in the journal's classes.
    pub(super) bit: i64,
    pub(super) routes: Arc<Routes>,
    wakes: Arc<Wakes>,
    /// Where the cursor stands in the database.
    pub(super) saved: i64,
    /// Up to where everything is applied or passed over.
    read: i64,
    saved_at: i64,
    size: Size,
    turn: Turn,
}

/// What a step found.
enum Found {
    /// Something: go on.
    More,
    /// The end of the journal.
    End,
    /// Another process serves this lane.
    Rival,
}

impl Lane {
    /// Starts the lane's task.
    pub(super) fn start(
        context: &Context,
        lane: i64,
        wakes: Arc<Wakes>,
        routes: Arc<Routes>,
        crowd: &Crowd,
    ) {
        let (context, crowd) = (context.clone(), crowd.clone());
        let tasks = context.tasks().clone();
        tasks.spawn(async move {
            while !context.stop().is_cancelled() {
                let lane = Self {
                    context: context.clone(),
                    bit: lane,
                    routes: Arc::clone(&routes),
                    wakes: Arc::clone(&wakes),
                    saved: 0,
                    read: 0,
                    saved_at: 0,
                    size: Size::new(context.db().dialect()),
                    turn: crowd.turn(),
                };
                // A defect must not end a lane for good: everything after it would wait for ever.
                let run = std::panic::AssertUnwindSafe(lane.run()).catch_unwind();
                if run.await.is_err() {
                    tracing::error!("an applier broke down and is started again");
                    metrics::counter!("wigwag_applier_restarts_total").increment(1);
                    wait::pause(LONGEST_PAUSE).await;
                }
            }
        });
    }

    async fn run(mut self) {
        let poll = match self.context.db().dialect() {
            Dialect::Sqlite => POLL_ALONE,
            Dialect::Postgres => POLL,
        };
        let mut pause = PAUSE;
        let mut found = self.load().await.map(|()| Found::More);
        loop {
            let stop = self.context.stop().clone();
            let (rest, reload) = match found {
                Ok(Found::More) => {
                    pause = PAUSE;
                    (None, false)
                }
                Ok(Found::End) => (Some(poll), false),
                Ok(Found::Rival) => (Some(YIELD), true),
                Err(error) => {
                    tracing::warn!(%error, lane = self.name(), "an applier steps back");
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    (Some(pause), true)
                }
            };
            if let Some(rest) = rest {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = wait::pause(rest) => {}
                    () = self.wakes.woken(self.bit), if !reload => {}
                }
            }
            if stop.is_cancelled() {
                // What was passed over would be looked at again, nothing more.
                let _ = self.write_down().await;
                return;
            }
            found = if reload {
                self.load().await.map(|()| Found::More)
            } else {
                self.step().await
            };
        }
    }

    /// The lane's name in metrics.
    pub(super) fn name(&self) -> &'static str {
        match self.bit {
            MESSAGES => "messages",
            STATUSES => "statuses",
            _ => "rest",
        }
    }

    async fn load(&mut self) -> Result<()> {
        self.saved = journal::cursor(self.context.db(), PARTITION, self.bit).await?;
        self.read = self.saved;
        Ok(())
    }

    async fn step(&mut self) -> Result<Found> {
        let db = self.context.db().clone();
        let limit = self.size.get();
        let started = self.context.clock().monotonic_us();
        let stretch = journal::read(&db, PARTITION, self.bit, self.read, limit, BYTES).await?;
        let Some(stretch) = stretch else {
            return self.pass_over(Found::End).await;
        };
        if stretch.entries.is_empty() {
            self.read = stretch.to;
            return self.pass_over(Found::More).await;
        }
        let bodies: Vec<Body<'_>> = stretch.entries.iter().map(Body::read).collect();
        let known = self.known(&bodies).await?;
        let mut items = Items::default();
        let mut count = 0;
        for body in &bodies {
            body.sort(self.bit, &known, &mut items);
            count += 1;
            // Whoever writes after a person got a new number must find them by it: the change is
            // applied before the next entry is looked at.
            if !items.user_ids.is_empty() || items.len() >= limit {
                break;
            }
        }
        let to = if count == bodies.len() {
            stretch.to
        } else {
            bodies[count - 1].stored.seq
        };
        let oldest = bodies[0].stored.received_at;
        let behind = self.context.clock().now().since(oldest);
        match self.put(items, to).await {
            Ok(took) => self.size.learn(count, took, behind),
            Err(Error::Stale) => return Ok(Found::Rival),
            Err(error) if error.is_about_data() => {
                tracing::warn!(%error, lane = self.name(), "a batch is refused: its items are tried singly");
                self.isolate(&bodies[..count], to).await?;
            }
            Err(error) => return Err(error),
        }
        let lag = self.context.clock().now().since(oldest);
        metrics::histogram!("wigwag_ingest_lag_seconds", "lane" => self.name())
            .record(lag.as_secs_f64());
        let took = self.context.clock().monotonic_us() - started;
        let took = Duration::from_micros(u64::try_from(took).unwrap_or(0));
        self.turn.rest(took, lag).await;
        if count < limit && to == stretch.to {
            wait::pause(GATHER.saturating_sub(took)).await;
        }
        Ok(Found::More)
    }

    /// The routes of everything that these bodies hold for the lane.
    pub(super) async fn known(&self, bodies: &[Body<'_>]) -> Result<Known> {
        let pieces: Vec<_> = bodies
            .iter()
            .flat_map(|body| body.of_lane(self.bit))
            .collect();
        let keys = pieces.iter().flat_map(super::pieces::Piece::routes);
        self.routes.resolve(&self.context, keys.collect()).await
    }

    /// Applies items and moves the cursor to `to`. [`Error::Stale`] means that another process has
    /// moved it; a lost race for rows is run again here.
    pub(super) async fn put(&mut self, items: Items, to: i64) -> Result<Duration> {
        let db = self.context.db().clone();
        let size = self.size.get().max(64);
        let count = items.len();
        let dead = items.dead.clone();
        let stops = super::opt_out::stops(&items);
        let mut parts = parts(items, size);
        let last = parts.pop().unwrap_or_default();
        for part in parts {
            self.again(|| ingest::apply_part(&db, part.clone())).await?;
        }
        let step = Step {
            partition: PARTITION,
            lane: self.bit,
            from: self.saved,
            to,
        };
        let took = self
            .again(|| ingest::apply(&db, step, last.clone()))
            .await?;
        if stops {
            // What was claimed before and has not begun is decided anew.
            self.context.stop_epoch().raise();
        }
        self.saved = to;
        self.read = to;
        self.saved_at = self.context.clock().monotonic_us();
        letters::note(&dead);
        metrics::counter!("wigwag_ingest_items_total", "lane" => self.name())
            .increment(u64::try_from(count).unwrap_or(0));
        metrics::histogram!("wigwag_ingest_apply_seconds", "lane" => self.name())
            .record(took.as_secs_f64());
        Ok(took)
    }

    /// Runs `work` until it gets through, the cursor turns out to have moved, or the data is at
    /// fault. A transaction that lost a race for rows is as if it had never run.
    pub(super) async fn again<T, F>(&self, work: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let mut pause = PAUSE;
        let mut races = 0;
        loop {
            match work().await {
                Err(Error::Stale) => {
                    let cursor = journal::cursor(self.context.db(), PARTITION, self.bit).await?;
                    if cursor != self.saved {
                        return Err(Error::Stale);
                    }
                    races += 1;
                    if races > RACES {
                        return Err(Error::Conflict("race"));
                    }
                }
                Err(error) if error.is_transient() => {
                    if self.context.stop().is_cancelled() {
                        return Err(error);
                    }
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                outcome => return outcome,
            }
            wait::pause(pause).await;
        }
    }

    /// Writes down now and then how far the lane has read when nothing concerned it, so that the
    /// journal can be cleared; not for every entry, which would cost a commit each.
    async fn pass_over(&mut self, found: Found) -> Result<Found> {
        let now = self.context.clock().monotonic_us();
        if self.read == self.saved {
            return Ok(found);
        }
        if now.saturating_sub(self.saved_at) < WRITE_DOWN && matches!(found, Found::More) {
            return Ok(found);
        }
        match self.write_down().await {
            Ok(()) => Ok(found),
            Err(Error::Stale) => Ok(Found::Rival),
            Err(error) => Err(error),
        }
    }

    async fn write_down(&mut self) -> Result<()> {
        if self.read != self.saved {
            let read = self.read;
            self.put(Items::default(), read).await?;
        }
        Ok(())
    }
}
