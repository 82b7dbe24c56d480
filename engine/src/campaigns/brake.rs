//! The last outcomes of a running campaign, as far as brakes look back.

use std::collections::VecDeque;

use wigwag_model::campaign::{Brakes, Held, Outcomes};

/// Counts as they were, the oldest first.
#[derive(Debug)]
pub(super) struct Recent(VecDeque<Outcomes>);

impl Recent {
    /// Looks at what comes from now on: what was before a pause has been judged.
    pub(super) fn from(now: Outcomes) -> Self {
        Self(VecDeque::from([now]))
    }

    /// Adds the present counts and judges what came within the window.
    pub(super) fn add(&mut self, brakes: &Brakes, now: Outcomes) -> Option<Held> {
        if self.0.back() != Some(&now) {
            self.0.push_back(now);
        }
        let window = i64::from(brakes.window);
        // The smallest stretch that still has a window's worth of outcomes.
        while self.0.len() > 1
            && self
                .0
                .get(1)
                .is_some_and(|next| now.since(*next).known >= window)
        {
            self.0.pop_front();
        }
        let oldest = *self.0.front()?;
        brakes.judge(now.since(oldest), window)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(known: i64, failed: i64) -> Outcomes {
        Outcomes {
            known,
            failed,
            opted_out: 0,
        }
    }

    #[test]
    fn a_bad_stretch_is_seen_after_a_good_one() {
        let brakes = Brakes {
            failure_percent: Some(20.0),
            window: 100,
            ..Brakes::default()
        };
        let mut recent = Recent::from(of(0, 0));
        for known in (50..=10_000).step_by(50) {
            assert_eq!(recent.add(&brakes, of(known, 0)), None);
        }
        // Over all it is a third of a percent; of the last hundred it is a third.
        assert_eq!(recent.add(&brakes, of(10_050, 0)), None);
        assert_eq!(recent.add(&brakes, of(10_100, 33)), Some(Held::FailureRate));
        assert!(recent.0.len() <= 4);
    }

    #[test]
    fn what_was_before_is_not_judged_again() {
        let brakes = Brakes {
            failure_percent: Some(20.0),
            window: 100,
            ..Brakes::default()
        };
        let mut recent = Recent::from(of(200, 200));
        assert_eq!(recent.add(&brakes, of(260, 200)), None);
        assert_eq!(recent.add(&brakes, of(310, 200)), None);
        assert_eq!(recent.add(&brakes, of(330, 231)), Some(Held::FailureRate));
    }
}
