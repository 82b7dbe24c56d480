//! The clock as a parameter. Implementations that look at the machine live in `engine` and `app`.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::Timestamp;

/// Where "now" comes from.
pub trait Clock: Send + Sync + 'static {
    /// The present instant. In demo mode this may be the simulator's virtual time.
    fn now(&self) -> Timestamp;

    /// Microseconds since boot that never step back, for leases and rates. A virtual clock
    /// moves it together with [`Clock::now`].
    fn monotonic_us(&self) -> i64;
}

/// A clock that stands still until a test moves it.
#[derive(Debug)]
pub struct ManualClock {
    micros: AtomicI64,
}

impl ManualClock {
    /// A clock that shows `at`.
    pub fn new(at: Timestamp) -> Self {
        Self {
            micros: AtomicI64::new(at.as_micros()),
        }
    }

    /// Shows another instant, an earlier one too: for before anything goes by it.
    pub fn set(&self, at: Timestamp) {
        self.micros.store(at.as_micros(), Ordering::SeqCst);
    }

    /// Moves the clock on.
    pub fn advance(&self, span: std::time::Duration) {
        let micros = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
        self.micros.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.micros.load(Ordering::SeqCst))
    }

    fn monotonic_us(&self) -> i64 {
        self.micros.load(Ordering::SeqCst)
    }
}
