//! What an answer of Meta's about a block list means.

use std::time::Duration;

use wigwag_meta::client::{BlockAnswer, BlockFate};
use wigwag_meta::{Class, Error, GraphError};
use wigwag_model::Timestamp;
use wigwag_store::blocks::End;

use super::DAY;
use crate::jobs::Failure;

/// Meta's code for a block list that is full: somebody may be let in by tomorrow.
const FULL: i64 = 139_101;
/// How often a code that nobody knows is taken for something that passes.
const PATIENCE: i64 = 5;

/// What decides, beside the answer.
#[derive(Clone, Copy)]
pub(super) struct Try<'a> {
    /// Whether Meta was asked to block, or to let in.
    pub(super) block: bool,
    /// Which try it was, from 1.
    pub(super) no: i64,
    /// The present.
    pub(super) now: Timestamp,
    /// Makes a pause a little longer.
    pub(super) jitter: &'a dyn Fn(Duration) -> Duration,
}

impl Try<'_> {
    fn later(&self, failure: &Failure, code: Option<i64>) -> End {
        let pause = failure.pause(self.no).unwrap_or(DAY);
        End::Later {
            at: self.now.plus((self.jitter)(pause)),
            code,
        }
    }

    /// Somebody must mend it; what they mend, they do not tell us.
    fn tomorrow(&self, code: Option<i64>) -> End {
        End::Later {
            at: self.now.plus((self.jitter)(DAY)),
            code,
        }
    }

    /// What an answer means for one person, named as in the call.
    pub(super) fn person(&self, answer: &BlockAnswer, user: &str) -> End {
        match answer.fate(user) {
            BlockFate::Done => End::Done,
            BlockFate::Refused(error) => self.refused(error),
            // Without an error of the whole everything was done.
            BlockFate::Unsaid if answer.error.is_none() => End::Done,
            BlockFate::Unsaid => self.later(&Failure::later("unsaid"), None),
        }
    }

    fn refused(&self, error: &GraphError) -> End {
        match error.class() {
            Class::Window if self.block => End::Waits,
            _ if error.code == FULL => self.tomorrow(Some(FULL)),
            class if class.passes() || (class == Class::Unknown && self.no < PATIENCE) => {
                let wait = error.info().and_then(|info| info.wait_seconds).unwrap_or(0);
                let wait = Duration::from_secs(u64::from(wait));
                self.later(&Failure::after("meta", wait), None)
            }
            _ => End::Refused(error.code),
        }
    }

    /// What a call that failed as a whole means for each person in it. What does not pass by itself is not the
    /// person's fault, and is tried once a day.
    pub(super) fn whole(&self, error: &Error) -> End {
        match error.class() {
            Class::Window if self.block => End::Waits,
            Class::Token => self.later(&error.clone().into(), error.code()),
            class if class.passes() || class == Class::Unknown => {
                self.later(&error.clone().into(), None)
            }
            _ => self.tomorrow(error.code()),
        }
    }

    /// What it means that Meta could not be asked at all.
    pub(super) fn unasked(&self) -> End {
        self.later(&Failure::later("database"), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    fn at(block: bool, no: i64) -> Try<'static> {
        Try {
            block,
            no,
            now: NOW,
            jitter: &|pause| pause,
        }
    }

    fn said(code: i64) -> BlockAnswer {
        let answer = json!({
            "block_users": {
                "added_users": [{"input": "+911"}],
                "failed_users": [{"input": "+912", "errors": [{"message": "no", "code": code}]}],
            },
            "error": {"message": "partly", "code": 139_100},
        });
        serde_json::from_value(answer).unwrap()
    }

    fn after(seconds: i64, code: Option<i64>) -> End {
        End::Later {
            at: Timestamp::from_seconds(1_000 + seconds),
            code,
        }
    }

    #[test]
    fn a_person_waits_is_tried_again_or_refused() {
        let first = at(true, 1);
        assert_eq!(first.person(&said(131_047), "+911"), End::Done);
        assert_eq!(first.person(&said(131_047), "+912"), End::Waits);
        assert_eq!(first.person(&said(131_026), "+912"), End::Refused(131_026));
        assert_eq!(first.person(&said(139_103), "+912"), after(60, None));
        assert_eq!(
            first.person(&said(139_101), "+912"),
            after(86_400, Some(139_101))
        );
        assert_eq!(
            first.person(&said(131_047), "+913"),
            after(10, None),
            "nothing was said"
        );
        let whole = BlockAnswer::default();
        assert_eq!(first.person(&whole, "+913"), End::Done);
        // Nobody waits to be let in.
        assert_eq!(
            at(false, 1).person(&said(131_047), "+912"),
            End::Refused(131_047)
        );
    }

    #[test]
    fn an_unknown_code_is_not_asked_about_for_ever() {
        assert_eq!(at(true, 1).person(&said(77), "+912"), after(10, None));
        assert_eq!(at(true, 5).person(&said(77), "+912"), End::Refused(77));
    }

    #[test]
    fn what_fails_as_a_whole_is_tried_again_sooner_or_later() {
        let graph = |code| Error::Graph {
            status: 400,
            error: Box::new(GraphError::new(code, "no", "")),
        };
        assert_eq!(at(true, 3).whole(&Error::Timeout), after(90, None));
        assert_eq!(at(true, 9).whole(&Error::Timeout), after(3_600, None));
        assert_eq!(at(true, 1).whole(&graph(190)), after(10, Some(190)));
        assert_eq!(at(true, 1).whole(&graph(10)), after(86_400, Some(10)));
        assert_eq!(at(true, 1).whole(&graph(80_007)), after(60, None));
        assert_eq!(at(true, 1).whole(&graph(131_047)), End::Waits);
    }
}
