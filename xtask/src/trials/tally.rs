//! What came of all trials.

use super::one::Done;
use serde_json::{Value, json};
use std::fmt;

/// Sums over trials.
#[derive(Debug, Default)]
pub(super) struct Tally {
    least: f64,
    trials: u32,
    /// Trials in which messages left as quickly as was asked for.
    quick: u32,
    slowest: f64,
    late_after_pause: usize,
    late_after_stop: usize,
    late_after_opt_out: usize,
    /// People who said no and whose turn would have come later.
    opt_outs: usize,
    /// Trials in which the count that the answer told was not the ledger's.
    wrong_counts: usize,
    /// The longest that a message came after a word, in milliseconds.
    last_after_pause_ms: i64,
    last_after_stop_ms: i64,
    last_after_opt_out_ms: i64,
    /// The longest until messages left again, in milliseconds.
    resumed_after_ms: i64,
}

impl Tally {
    pub(super) fn new(least: f64) -> Self {
        Self {
            least,
            slowest: f64::MAX,
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, done: &Done) {
        self.trials += 1;
        self.quick += u32::from(done.per_second >= self.least);
        self.slowest = self.slowest.min(done.per_second);
        self.late_after_pause += done.late_after_pause;
        self.late_after_stop += done.late_after_stop;
        self.late_after_opt_out += done.late_after_opt_out;
        self.opt_outs += done.opt_outs;
        self.wrong_counts += usize::from(!done.counts_agree);
        self.last_after_pause_ms = self.last_after_pause_ms.max(done.last_after_pause_ms);
        self.last_after_stop_ms = self.last_after_stop_ms.max(done.last_after_stop_ms);
        self.last_after_opt_out_ms = self.last_after_opt_out_ms.max(done.last_after_opt_out_ms);
        self.resumed_after_ms = self.resumed_after_ms.max(done.resumed_after_ms);
    }

    /// Nothing came late, the counts agree, and nearly every trial ran at the rate asked for.
    pub(super) fn holds(&self, asked: u32) -> bool {
        self.trials == asked
            && self.late_after_pause + self.late_after_stop + self.late_after_opt_out == 0
            && self.wrong_counts == 0
            && self.opt_outs >= self.trials as usize
            && self.quick * 10 >= self.trials * 9
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "trials": self.trials,
            "at_rate": self.quick,
            "slowest_per_second": self.slowest.round(),
            "opt_outs": self.opt_outs,
            "late_after_pause": self.late_after_pause,
            "late_after_stop": self.late_after_stop,
            "late_after_opt_out": self.late_after_opt_out,
            "last_after_pause_ms": self.last_after_pause_ms,
            "last_after_stop_ms": self.last_after_stop_ms,
            "last_after_opt_out_ms": self.last_after_opt_out_ms,
            "resumed_after_ms": self.resumed_after_ms,
            "wrong_counts": self.wrong_counts,
        })
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} trials, {} at the rate asked for, the slowest at {:.0}/s",
            self.trials, self.quick, self.slowest
        )?;
        writeln!(
            f,
            "after a pause: {} later than a second, the last after {} ms; leaving again after {} ms at most",
            self.late_after_pause, self.last_after_pause_ms, self.resumed_after_ms
        )?;
        writeln!(
            f,
            "after a stop: {} later than a second, the last after {} ms",
            self.late_after_stop, self.last_after_stop_ms
        )?;
        writeln!(
            f,
            "after {} opt-outs: {} later than a second, the last after {} ms",
            self.opt_outs, self.late_after_opt_out, self.last_after_opt_out_ms
        )?;
        write!(
            f,
            "{} trials whose count of what was out was not the ledger's",
            self.wrong_counts
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Done {
        Done {
            per_second: 800.0,
            opt_outs: 3,
            counts_agree: true,
            last_after_stop_ms: 40,
            ..Done::default()
        }
    }

    fn of(done: &Done) -> Tally {
        let mut tally = Tally::new(500.0);
        tally.add(done);
        tally
    }

    #[test]
    fn each_word_that_was_not_obeyed_is_found() {
        assert!(of(&good()).holds(1));
        assert!(!of(&good()).holds(2));
        for broken in [
            Done {
                late_after_pause: 1,
                ..good()
            },
            Done {
                late_after_stop: 1,
                ..good()
            },
            Done {
                late_after_opt_out: 1,
                ..good()
            },
            Done {
                counts_agree: false,
                ..good()
            },
            Done {
                opt_outs: 0,
                ..good()
            },
            Done {
                per_second: 499.0,
                ..good()
            },
        ] {
            assert!(!of(&broken).holds(1), "{broken:?}");
        }
    }
}
