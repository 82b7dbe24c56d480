//! An even pace of work over several workers.
//! Each piece has its own due moment, and its latency counts from there: a server that stalls cannot
//! hide the wait of those who would have come meanwhile.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// Due moments at a constant rate; each is handed out once.
pub(crate) struct Pace {
    start: Instant,
    interval: Duration,
    total: u64,
    next: AtomicU64,
}

impl Pace {
    /// `total` pieces, `per_second` of them each second, from now on.
    pub(crate) fn new(per_second: f64, total: u64) -> Self {
        Self {
            start: Instant::now(),
            interval: Duration::from_secs_f64(1.0 / per_second),
            total,
            next: AtomicU64::new(0),
        }
    }

    /// Wait for the next piece: its number and the moment at which it was due.
    pub(crate) async fn next(&self) -> Option<(u64, Instant)> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        if number >= self.total {
            return None;
        }
        let due = self.start + self.interval.mul_f64(number as f64);
        tokio::time::sleep_until(due).await;
        Some((number, due))
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
            due.push((number, (at - pace.start).as_millis()));
        }
        assert_eq!(due, [(0, 0), (1, 1), (2, 2)]);
    }
}
