//! Waiting: the one place of the engine where a task lets time pass.
//!
//! What is due at an instant waits by the [`Clock`], which demo mode and tests can advance; a clock that
//! jumps is noticed within [`STEP`]. What only gives others a chance to go on (a busy database, a
//! network that is away) waits in real time.

use std::sync::Arc;
use std::time::Duration;

use wigwag_model::{Clock, Timestamp};

/// How long a jump of the clock may go unnoticed.
pub const STEP: Duration = Duration::from_millis(100);

/// Waits until the clock shows `at`, or returns at once when it does.
pub async fn until(clock: &Arc<dyn Clock>, at: Timestamp) {
    loop {
        let left = at.as_micros() - clock.now().as_micros();
        let Ok(left @ 1..) = u64::try_from(left) else {
            return;
        };
        pause(Duration::from_micros(left).min(STEP)).await;
    }
}

/// Lets real time pass.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the engine waits in real time"
)]
pub async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use wigwag_model::ManualClock;

    #[tokio::test(start_paused = true)]
    async fn a_jump_of_the_clock_ends_the_wait() {
        let manual = Arc::new(ManualClock::new(Timestamp::from_seconds(1_000)));
        let clock: Arc<dyn Clock> = manual.clone();
        let waiting = tokio::spawn(async move {
            until(&clock, Timestamp::from_seconds(1_000 + 86_400)).await;
        });
        pause(Duration::from_mins(10)).await;
        assert!(!waiting.is_finished(), "the clock stood still");
        manual.advance(Duration::from_hours(24));
        pause(STEP * 2).await;
        assert!(waiting.is_finished());
    }
}
