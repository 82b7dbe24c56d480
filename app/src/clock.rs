//! The clocks of the demo: the simulator's virtual time, in this process or in another one.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use wigwag_engine::clock::SystemClock;
use wigwag_model::{Clock, Timestamp};
use wigwag_simulator::VirtualClock;

/// The clock of a simulator in this process. Its monotonic part moves with it: virtual time never
/// goes back, and what is leased for a minute ends when the clock is put an hour forward.
#[derive(Debug)]
pub(crate) struct SimulatorClock(Arc<VirtualClock>);

impl SimulatorClock {
    /// The product's view of the simulator's clock.
    pub(crate) fn new(clock: Arc<VirtualClock>) -> Self {
        Self(clock)
    }
}

impl Clock for SimulatorClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.now_us())
    }

    fn monotonic_us(&self) -> i64 {
        self.0.now_us()
    }
}

/// The clock of a simulator in another process: runs by itself and jumps ahead when it is told what
/// the other one shows. It never goes back, also when the other one starts anew.
#[derive(Debug)]
pub(crate) struct FollowedClock {
    own: SystemClock,
    /// What the other clock shows minus our monotonic time, in microseconds.
    ahead_us: AtomicI64,
}

impl FollowedClock {
    /// A clock that shows `now_us`, microseconds since the Unix epoch.
    pub(crate) fn showing(now_us: i64) -> Self {
        let own = SystemClock::new();
        let ahead_us = AtomicI64::new(now_us - own.monotonic_us());
        Self { own, ahead_us }
    }

    /// Moves on to `now_us`, when that is ahead.
    pub(crate) fn follow(&self, now_us: i64) {
        self.ahead_us
            .fetch_max(now_us - self.own.monotonic_us(), Ordering::SeqCst);
    }

    fn now_us(&self) -> i64 {
        self.own.monotonic_us() + self.ahead_us.load(Ordering::SeqCst)
    }
}

impl Clock for FollowedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now_us())
    }

    fn monotonic_us(&self) -> i64 {
        self.now_us()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_followed_clock_jumps_ahead_and_never_back() {
        let clock = FollowedClock::showing(1_000_000_000);
        clock.follow(90_000_000_000);
        let ahead = clock.now().as_micros();
        assert!(ahead >= 90_000_000_000);
        clock.follow(5);
        assert!(clock.now().as_micros() >= ahead);
        assert!(clock.monotonic_us() >= ahead);
    }

    #[test]
    fn both_parts_move_together() {
        let virtual_clock = Arc::new(VirtualClock::frozen_at(1_000_000));
        let clock = SimulatorClock::new(Arc::clone(&virtual_clock));
        let before = (clock.now(), clock.monotonic_us());
        virtual_clock.advance(Duration::from_hours(24));
        assert_eq!(clock.now(), before.0.plus(Duration::from_hours(24)));
        assert_eq!(clock.monotonic_us() - before.1, 86_400_000_000);
    }
}
