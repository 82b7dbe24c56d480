//! How many requests a key may make: a bucket per key that fills evenly and holds a minute's worth, so that a
//! burst passes and a flood does not (Interakt: Rate limits).
//!
//! The buckets live in memory: a restart forgives, and each process counts alone.

use std::collections::HashMap;

use parking_lot::Mutex;
use wigwag_model::ApiKeyId;

/// A minute, in µs.
const MINUTE_US: i64 = 60_000_000;
/// Buckets kept before full ones are swept out.
const SWEEP_AT: usize = 1_000;

/// The buckets of all keys.
#[derive(Debug)]
pub(crate) struct Budget {
    per_minute: i64,
    /// When each key's bucket is full again, on the monotonic clock (µs).
    full_at: Mutex<HashMap<ApiKeyId, i64>>,
}

/// What a request may do, and what is left after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Take {
    /// Requests in a minute.
    pub(super) limit: i64,
    /// What could follow at once.
    pub(super) remaining: i64,
    /// Seconds until everything is there again.
    pub(super) reset: i64,
    /// Seconds to wait, when it was too much.
    pub(super) wait: Option<u64>,
}

impl Budget {
    /// Buckets of this many requests a minute, at least one.
    pub(crate) fn new(per_minute: u32) -> Self {
        Self {
            per_minute: i64::from(per_minute.max(1)),
            full_at: Mutex::default(),
        }
    }

    /// Takes one request of a key at an instant of the monotonic clock (µs).
    pub(super) fn take(&self, key: ApiKeyId, now: i64) -> Take {
        let cost = (MINUTE_US / self.per_minute).max(1);
        let mut full_at = self.full_at.lock();
        if full_at.len() >= SWEEP_AT {
            full_at.retain(|_, at| *at > now);
        }
        let at = full_at.entry(key).or_insert(now);
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
    use wigwag_model::Timestamp;
    use wigwag_model::id::Id as _;

    use super::*;

    fn key(no: u8) -> ApiKeyId {
        ApiKeyId::new(Timestamp::from_seconds(1), [no; 10])
    }

    #[test]
    fn a_minutes_worth_passes_at_once_and_then_one_by_one() {
        let budget = Budget::new(60);
        for left in (0..60).rev() {
            let take = budget.take(key(1), 0);
            assert_eq!((take.wait, take.remaining), (None, left));
        }
        let refused = budget.take(key(1), 0);
        assert_eq!((refused.wait, refused.reset), (Some(1), 60));
        assert_eq!(budget.take(key(2), 0).wait, None, "another key");
        assert_eq!(budget.take(key(1), 999_999).wait, Some(1));
        assert_eq!(budget.take(key(1), 1_000_000).wait, None);
        assert_eq!(budget.take(key(1), 1_000_000).wait, Some(1));
    }

    #[test]
    fn a_rare_budget_says_how_long() {
        let budget = Budget::new(1);
        assert_eq!(budget.take(key(1), 0).wait, None);
        assert_eq!(budget.take(key(1), 10_000_000).wait, Some(50));
    }
}
