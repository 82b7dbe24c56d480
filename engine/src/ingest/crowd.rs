//! Answering comes before applying: while webhooks stand in line for the journal, the appliers work
//! in short spells and leave the rest of the time, the processor's and the writer's, to the answers.
//! What is answered is safe and can be applied a little later; what is not answered is not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::wait;

/// Commits of so many bodies on average show a line: at a few thousand webhooks a second and a disk
/// that needs a few milliseconds, fewer come together.
const LINE: u64 = 24;
/// How long it is rested before looking again whether the line is still there.
const SLICE: Duration = Duration::from_millis(40);
/// In a line a spell of work is followed by a rest of so many times its length.
const REST: u32 = 12;
/// A backlog older than this is no burst: answers and appliers then share evenly, for the journal
/// must not grow without end.
const BURST: Duration = Duration::from_secs(15);

/// Counts the journal's commits and the bodies in them.
#[derive(Debug, Default, Clone)]
pub(super) struct Crowd(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    commits: AtomicU64,
    bodies: AtomicU64,
}

impl Crowd {
    /// The journal commits a group of so many bodies.
    pub(super) fn committed(&self, group: usize) {
        let group = u64::try_from(group).unwrap_or(u64::MAX);
        self.0.commits.fetch_add(1, Ordering::Relaxed);
        self.0.bodies.fetch_add(group, Ordering::Relaxed);
    }

    /// An applier's view of it.
    pub(super) fn turn(&self) -> Turn {
        let mut turn = Turn {
            crowd: self.clone(),
            commits: 0,
            bodies: 0,
        };
        turn.line();
        turn
    }
}

/// One applier's turns between rests.
#[derive(Debug)]
pub(super) struct Turn {
    crowd: Crowd,
    /// How many there were at the last look.
    commits: u64,
    bodies: u64,
}

impl Turn {
    /// After a spell of work of length `took` on a backlog of age `lag`: rests while there is a
    /// line, and returns as soon as there is none.
    pub(super) async fn rest(&mut self, took: Duration, lag: Duration) {
        let mut left = took * if lag < BURST { REST } else { 1 };
        while !left.is_zero() && self.line() {
            let slice = left.min(SLICE);
            wait::pause(slice).await;
            left -= slice;
        }
    }

    /// Whether there was a line since the last look. One commit alone shows nothing: what came while the
    /// applier itself held the writer is committed together, however few come.
    fn line(&mut self) -> bool {
        let commits = self.crowd.0.commits.load(Ordering::Relaxed);
        let bodies = self.crowd.0.bodies.load(Ordering::Relaxed);
        let (more, came) = (commits - self.commits, bodies - self.bodies);
        (self.commits, self.bodies) = (commits, bodies);
        more > 1 && came >= more * LINE
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    const TOOK: Duration = Duration::from_millis(20);

    /// How long a turn rests while a commit of `group` bodies comes every ten milliseconds.
    async fn rested(group: u64, lag: Duration) -> Duration {
        let group = usize::try_from(group).unwrap();
        let crowd = Crowd::default();
        let mut turn = crowd.turn();
        crowd.committed(group);
        crowd.committed(group);
        let coming = tokio::spawn({
            let crowd = crowd.clone();
            async move {
                loop {
                    wait::pause(Duration::from_millis(10)).await;
                    crowd.committed(group);
                }
            }
        });
        let started = now();
        turn.rest(TOOK, lag).await;
        coming.abort();
        now() - started
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "tokio's paused clock is the test's own"
    )]
    fn now() -> Instant {
        Instant::now()
    }

    #[tokio::test(start_paused = true)]
    async fn rests_in_a_line_and_less_when_it_lasts() {
        let burst = rested(LINE, Duration::from_secs(1)).await;
        assert!(burst >= TOOK * REST, "{burst:?}");
        let long = rested(LINE, BURST).await;
        assert!(long >= TOOK && long < TOOK * 2, "{long:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn works_on_where_nobody_waits() {
        assert_eq!(
            rested(LINE - 1, Duration::from_secs(1)).await,
            Duration::ZERO
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_that_ends_ends_the_rest() {
        let crowd = Crowd::default();
        let mut turn = crowd.turn();
        crowd.committed(40);
        crowd.committed(20);
        let started = now();
        turn.rest(Duration::from_secs(1), Duration::ZERO).await;
        assert!(now() - started <= SLICE * 2);
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_applier_itself_held_up_is_no_line() {
        let crowd = Crowd::default();
        let mut turn = crowd.turn();
        for group in [50, 8, 9, 45, 7] {
            crowd.committed(group);
        }
        let started = now();
        turn.rest(Duration::from_secs(1), Duration::ZERO).await;
        assert_eq!(now(), started);
    }
}
