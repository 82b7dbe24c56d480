//! An even pace of work over several workers.
//! Each piece has its own due moment, and its latency counts from there: a server that stalls cannot
//! hide the wait of those who would have come meanwhile.
//!
//! A thread of its own keeps the time: tokio's timers go by whole milliseconds, and would add up to two of
//! them to each latency.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// Due moments at a constant rate; each is handed out once.
pub(crate) struct Pace {
    clock: Clock,
    /// One for each piece that is due and has not been taken.
    due: Arc<Semaphore>,
    next: AtomicU64,
    total: u64,
}

#[derive(Clone, Copy)]
struct Clock {
    start: Instant,
    interval: Duration,
}

impl Clock {
    fn due(self, number: u64) -> Instant {
        self.start + self.interval.mul_f64(number as f64)
    }
}

impl Pace {
    /// `total` pieces, `per_second` of them each second, from now on.
    pub(crate) fn new(per_second: f64, total: u64) -> Self {
        let clock = Clock {
            start: Instant::now(),
            interval: Duration::from_secs_f64(1.0 / per_second),
        };
        let due = Arc::new(Semaphore::new(0));
        let told = Arc::downgrade(&due);
        thread::spawn(move || {
            for number in 0..total {
                thread::sleep(clock.due(number).saturating_duration_since(Instant::now()));
                // Nobody keeps the pace any more.
                let Some(due) = told.upgrade() else { return };
                due.add_permits(1);
            }
        });
        Self {
            clock,
            due,
            next: AtomicU64::new(0),
            total,
        }
    }

    /// Wait for the next piece: its number and the moment at which it was due.
    pub(crate) async fn next(&self) -> Option<(u64, tokio::time::Instant)> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        if number >= self.total {
            return None;
        }
        self.due.acquire().await.ok()?.forget();
        Some((number, self.clock.due(number).into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pieces_are_due_evenly_and_end() {
        let pace = Pace::new(1000.0, 3);
        let mut due = Vec::new();
        while let Some((number, at)) = pace.next().await {
            due.push((number, (at.into_std() - pace.clock.start).as_millis()));
        }
        assert_eq!(due, [(0, 0), (1, 1), (2, 2)]);
    }
}
