//! Token buckets: throughput of a number and the pair rate of number and person.

use serde::{Deserialize, Serialize};

/// Messages that one pair may exchange in a burst.
pub(crate) const PAIR_BURST: f64 = 45.0;
/// Pair messages per second once the burst is used: one in six seconds.
pub(crate) const PAIR_RATE: f64 = 1.0 / 6.0;

/// A token bucket in virtual time.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Bucket {
    tokens: f64,
    at_us: i64,
}

impl Bucket {
    /// A bucket that holds `tokens`.
    pub(crate) fn full(tokens: f64) -> Self {
        Self { tokens, at_us: 0 }
    }

    /// Takes one token; false if there is none.
    pub(crate) fn take(&mut self, now_us: i64, capacity: f64, per_second: f64) -> bool {
        let elapsed = (now_us - self.at_us).max(0) as f64 / 1e6;
        self.tokens = (self.tokens + elapsed * per_second).min(capacity);
        self.at_us = now_us.max(self.at_us);
        if self.tokens < 1.0 {
            return false;
        }
        self.tokens -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SECOND;

    #[test]
    fn the_pair_bucket_gives_a_burst_of_45_then_one_in_six_seconds() {
        let mut bucket = Bucket::full(PAIR_BURST);
        let start = 1_000 * SECOND;
        let burst = (0..60)
            .filter(|_| bucket.take(start, PAIR_BURST, PAIR_RATE))
            .count();
        assert_eq!(burst, 45);
        assert!(!bucket.take(start + 5 * SECOND, PAIR_BURST, PAIR_RATE));
        assert!(bucket.take(start + 7 * SECOND, PAIR_BURST, PAIR_RATE));
    }
}
