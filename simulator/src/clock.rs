//! The virtual clock.
//!
//! Everything timed in the simulator (windows, URLs that expire, status delays, webhook retries)
//! reads this clock and nothing else, so that 24 hours can pass in one call. The same clock can be
//! handed to the engine that is under test. It never goes back.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// Microseconds in a second.
pub const SECOND: i64 = 1_000_000;
/// Microseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Microseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Microseconds in a day.
pub const DAY: i64 = 24 * HOUR;

/// A clock that runs with real time plus an offset which only grows.
#[derive(Debug)]
pub struct VirtualClock {
    base_us: i64,
    started: Instant,
    frozen: bool,
    offset_us: AtomicI64,
    moved: watch::Sender<i64>,
}

impl VirtualClock {
    /// A clock that starts at the machine's present time and runs.
    pub fn system() -> Self {
        Self::new(jiff::Timestamp::now().as_microsecond(), false)
    }

    /// A clock that starts at `base_us` (microseconds since the Unix epoch) and runs.
    pub fn starting_at(base_us: i64) -> Self {
        Self::new(base_us, false)
    }

    /// A clock that stands at `base_us` and moves only through [`VirtualClock::advance`].
    pub fn frozen_at(base_us: i64) -> Self {
        Self::new(base_us, true)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the simulator's clock")]
    fn new(base_us: i64, frozen: bool) -> Self {
        Self {
            base_us,
            started: Instant::now(),
            frozen,
            offset_us: AtomicI64::new(0),
            moved: watch::Sender::new(0),
        }
    }

    /// The present time in microseconds since the Unix epoch.
    pub fn now_us(&self) -> i64 {
        let run = if self.frozen {
            0
        } else {
            i64::try_from(self.started.elapsed().as_micros()).unwrap_or(i64::MAX / 4)
        };
        self.base_us + run + self.offset_us.load(Ordering::SeqCst)
    }

    /// Real time since the clock was made, for measuring durations.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// How far the clock was moved ahead of real time, in microseconds.
    pub fn offset_us(&self) -> i64 {
        self.offset_us.load(Ordering::SeqCst)
    }

    /// Moves the clock ahead. What becomes due is done at once.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_micros()).unwrap_or(0);
        let offset = self.offset_us.fetch_add(by, Ordering::SeqCst) + by;
        self.moved.send_replace(offset);
    }

    /// Sees each later [`VirtualClock::advance`]; the value is the new offset in microseconds.
    pub fn subscribe(&self) -> watch::Receiver<i64> {
        self.moved.subscribe()
    }

    /// Whether time stands still between calls of [`VirtualClock::advance`].
    pub fn is_frozen(&self) -> bool {
        self.frozen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let clock = VirtualClock::frozen_at(1_000);
        assert_eq!(clock.now_us(), 1_000);
        clock.advance(Duration::from_millis(2));
        assert_eq!(clock.now_us(), 3_000);
        assert_eq!(clock.offset_us(), 2_000);
    }

    #[test]
    fn a_running_clock_never_goes_back() {
        let clock = VirtualClock::starting_at(0);
        let first = clock.now_us();
        clock.advance(Duration::from_hours(1));
        assert!(clock.now_us() >= first + HOUR);
    }
}
