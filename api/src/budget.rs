//! How many requests somebody may make: a bucket for each that fills evenly and holds a minute's worth, so
//! that a burst passes and a flood does not (Interakt: Rate limits).
//!
//! The buckets live in memory: a restart forgives, and each process counts alone.

use std::collections::HashMap;
use std::hash::Hash;

use parking_lot::Mutex;

/// A minute, in µs.
const MINUTE_US: i64 = 60_000_000;
/// Buckets kept before full ones are swept out.
const SWEEP_AT: usize = 1_000;

/// The buckets of all who ask: keys, client addresses.
#[derive(Debug)]
pub(crate) struct Budget<K> {
    per_minute: i64,
    buckets: Mutex<Buckets<K>>,
}

#[derive(Debug)]
struct Buckets<K> {
    /// When each one's bucket is full again, on the monotonic clock (µs).
    full_at: HashMap<K, i64>,
    /// How many there may be before full ones are swept out.
    sweep_at: usize,
}

/// What a request may do, and what is left after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Take {
    /// Requests in a minute.
    pub(crate) limit: i64,
    /// What could follow at once.
    pub(crate) remaining: i64,
    /// Seconds until everything is there again.
    pub(crate) reset: i64,
    /// Seconds to wait, when it was too much.
    pub(crate) wait: Option<u64>,
}

impl<K: Eq + Hash> Budget<K> {
    /// Buckets of this many requests a minute, at least one.
    pub(crate) fn new(per_minute: u32) -> Self {
        Self {
            per_minute: i64::from(per_minute.max(1)),
            buckets: Mutex::new(Buckets {
                full_at: HashMap::new(),
                sweep_at: SWEEP_AT,
            }),
        }
    }

    /// Takes one request at an instant of the monotonic clock (µs).
    pub(crate) fn take(&self, key: K, now: i64) -> Take {
        let cost = (MINUTE_US / self.per_minute).max(1);
        let mut buckets = self.buckets.lock();
        if buckets.full_at.len() >= buckets.sweep_at {
            buckets.full_at.retain(|_, at| *at > now);
            // A crowd that is not full again would be looked through with each request.
            buckets.sweep_at = SWEEP_AT.max(buckets.full_at.len() * 2);
        }
        let at = buckets.full_at.entry(key).or_insert(now);
        let owed = (*at - now).max(0);
        let passes = owed + cost <= MINUTE_US;
        if passes {
            *at = now + owed + cost;
        }
        let owed = (*at - now).max(0);
        let seconds = |micros: i64| (micros.max(0) + 999_999) / 1_000_000;
        Take {
            limit: self.per_minute,
            remaining: (MINUTE_US - owed) / cost,
            reset: seconds(owed),
            wait: (!passes).then(|| {
                u64::try_from(seconds(owed + cost - MINUTE_US))
                    .unwrap_or(1)
                    .max(1)
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minutes_worth_passes_at_once_and_then_one_by_one() {
        let budget = Budget::new(60);
        for left in (0..60).rev() {
            let take = budget.take(1, 0);
            assert_eq!((take.wait, take.remaining), (None, left));
        }
        let refused = budget.take(1, 0);
        assert_eq!((refused.wait, refused.reset), (Some(1), 60));
        assert_eq!(budget.take(2, 0).wait, None, "another key");
        assert_eq!(budget.take(1, 999_999).wait, Some(1));
        assert_eq!(budget.take(1, 1_000_000).wait, None);
        assert_eq!(budget.take(1, 1_000_000).wait, Some(1));
    }

    #[test]
    fn who_was_long_away_is_forgotten() {
        let budget = Budget::new(60);
        for who in 0..SWEEP_AT {
            budget.take(who, 0);
        }
        budget.take(SWEEP_AT, 1_000_000);
        assert_eq!(budget.buckets.lock().full_at.len(), 1);
    }

    #[test]
    fn a_rare_budget_says_how_long() {
        let budget = Budget::new(1);
        assert_eq!(budget.take(1, 0).wait, None);
        assert_eq!(budget.take(1, 10_000_000).wait, Some(50));
    }
}
