//! Taps on short links: noted in memory while people are already on their way, written in batches.
//!
//! Nobody waits for the count. A batch is one small transaction of the background however many taps
//! it has, so that a flood on one link takes nothing from webhooks. A process that dies loses the
//! taps of its last half second; one that stops in order writes them.

use std::collections::BTreeMap;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;
use wigwag_model::Timestamp;
use wigwag_store::Db;
use wigwag_store::campaigns::{Taps, count_taps};

use crate::{Context, wait};

/// How long taps are gathered.
const GATHER: Duration = Duration::from_millis(250);
/// After a refusal of the database.
const BREATH: Duration = Duration::from_secs(1);
/// Links of one batch.
const BATCH: usize = 1_000;

/// Taps that wait to be written.
#[derive(Debug, Default)]
pub struct Clicks {
    waiting: Mutex<BTreeMap<String, Taps>>,
    /// Held while a batch is being written.
    writing: tokio::sync::Mutex<()>,
    bell: Notify,
}

impl Clicks {
    /// Notes that a link that exists was followed.
    pub fn note(&self, slug: &str, at: Timestamp) {
        self.add(
            slug.to_owned(),
            Taps {
                count: 1,
                first: at,
                last: at,
            },
        );
        self.bell.notify_one();
    }

    fn add(&self, slug: String, taps: Taps) {
        let mut waiting = self.waiting.lock();
        let known = waiting.entry(slug).or_insert(Taps { count: 0, ..taps });
        known.count += taps.count;
        known.first = taps.first.min(known.first);
        known.last = taps.last.max(known.last);
    }

    /// Writes what was noted so far.
    ///
    /// # Errors
    /// What the database says; what was not written waits for the next try.
    pub async fn flush(&self, db: &Db) -> wigwag_store::Result<()> {
        let _one = self.writing.lock().await;
        loop {
            let batch = {
                let mut waiting = self.waiting.lock();
                let rest = waiting
                    .keys()
                    .nth(BATCH)
                    .cloned()
                    .map(|slug| waiting.split_off(&slug));
                std::mem::replace(&mut *waiting, rest.unwrap_or_default())
            };
            if batch.is_empty() {
                return Ok(());
            }
            if let Err(error) = count_taps(db, batch.clone()).await {
                for (slug, taps) in batch {
                    self.add(slug, taps);
                }
                return Err(error);
            }
        }
    }
}

/// Starts the task that writes taps, in every process that answers requests.
pub(crate) fn start(context: &Context) {
    context.tasks().spawn(run(context.clone()));
}

async fn run(context: Context) {
    let stop = context.stop().clone();
    while !stop.is_cancelled() {
        tokio::select! {
            () = stop.cancelled() => break,
            () = context.clicks().bell.notified() => {}
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = wait::pause(GATHER) => {}
        }
        while let Err(error) = context.clicks().flush(context.db()).await {
            tracing::warn!(%error, "taps on links could not be counted yet");
            if stop.is_cancelled() {
                break;
            }
            wait::pause(BREATH).await;
        }
    }
    if let Err(error) = context.clicks().flush(context.db()).await {
        tracing::error!(%error, "the last taps on links are lost");
    }
}
