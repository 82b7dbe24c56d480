//! One client of the inbox: opens lists with some filter, pages down, opens threads and scrolls back.

use crate::load::api::Api;
use crate::load::latency::Latencies;
use anyhow::{Context, Result};
use rand::rngs::ChaCha12Rng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde::Deserialize;
use tokio::time::Instant;

/// Filters that a team uses; pages of each are followed down.
const FILTERS: &[&str] = &[
    "view=all&status=open",
    "view=all&status=open&unread=true",
    "view=unassigned&status=open",
    "view=all&status=closed",
    "view=all&status=snoozed",
];

/// Latencies of the two kinds of reads.
#[derive(Default, Clone)]
pub(super) struct Latency {
    pub(super) list: Latencies,
    pub(super) thread: Latencies,
}

impl Latency {
    pub(super) fn merge(&mut self, other: Self) {
        self.list.merge(other.list);
        self.thread.merge(other.thread);
    }
}

/// What a client needs of a list; the rest is passed over, for the client shares the processor with what
/// it measures.
#[derive(Deserialize)]
struct List {
    data: Vec<Row>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
}

/// What a client needs of a thread.
#[derive(Deserialize)]
struct Thread {
    before: Option<String>,
}

/// A client with its place in a list and in a thread.
pub(super) struct Walker {
    pub(super) latency: Latency,
    api: Api,
    rng: ChaCha12Rng,
    filter: &'static str,
    list_cursor: Option<String>,
    seen: Vec<String>,
    thread: Option<(String, String)>,
}

impl Walker {
    pub(super) fn new(api: Api, seed: u64) -> Self {
        Self {
            latency: Latency::default(),
            api,
            rng: ChaCha12Rng::seed_from_u64(seed),
            filter: FILTERS[0],
            list_cursor: None,
            seen: Vec::new(),
            thread: None,
        }
    }

    /// One request, counted from the moment at which it was due.
    pub(super) async fn step(&mut self, due: Instant) -> Result<()> {
        if self.seen.is_empty() || self.rng.random_bool(0.6) {
            self.list().await?;
            self.latency.list.add(due.elapsed());
        } else {
            self.thread().await?;
            self.latency.thread.add(due.elapsed());
        }
        Ok(())
    }

    /// The next page of this list, or the first of another one.
    async fn list(&mut self) -> Result<()> {
        let path = match self.list_cursor.take() {
            Some(cursor) if self.rng.random_bool(0.9) => {
                format!(
                    "/api/v1/conversations?limit=50&{}&cursor={cursor}",
                    self.filter
                )
            }
            _ => {
                self.filter = FILTERS.choose(&mut self.rng).copied().unwrap_or(FILTERS[0]);
                format!("/api/v1/conversations?limit=50&{}", self.filter)
            }
        };
        let page: List = self.api.get_as(&path).await?;
        self.list_cursor = page.next_cursor;
        self.seen.extend(page.data.into_iter().map(|row| row.id));
        let extra = self.seen.len().saturating_sub(500);
        self.seen.drain(..extra);
        Ok(())
    }

    /// The page before in the open thread, or the end of another one.
    async fn thread(&mut self) -> Result<()> {
        let path = match self.thread.take() {
            Some((id, before)) if self.rng.random_bool(0.5) => (
                id.clone(),
                format!("/api/v1/conversations/{id}/messages?limit=50&before={before}"),
            ),
            _ => {
                let id = self
                    .seen
                    .choose(&mut self.rng)
                    .context("no conversation seen")?
                    .clone();
                let path = format!("/api/v1/conversations/{id}/messages?limit=50");
                (id, path)
            }
        };
        let page: Thread = self.api.get_as(&path.1).await?;
        self.thread = page.before.map(|before| (path.0, before));
        Ok(())
    }
}
