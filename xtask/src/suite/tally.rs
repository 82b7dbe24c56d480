//! Adding up what the test runners report.
//! Each runner closes with a line of its own, from which the figures are read. What a runner says of a test
//! that failed is kept as well and said once more at the end, below everything that passed after it.

use crate::run;
use anyhow::{Result, bail};
use std::process::Command;

/// Passed and failed tests of one line.
pub(super) type Count = (u64, u64);

/// The figures so far, and the parts that broke.
#[derive(Default)]
pub(super) struct Tally {
    passed: u64,
    failed: u64,
    broken: Vec<String>,
    told: Vec<String>,
}

/// How many lines of a runner are said once more: enough for a handful of tests with their reasons.
const TOLD: usize = 120;

/// How many lines are kept from one that tells of a failure.
const AFTER: usize = 14;

impl Tally {
    /// Run one part; an error in it is a failure of the suite, not the end of it.
    pub(super) fn part(&mut self, name: &str, body: impl FnOnce(&mut Self) -> Result<()>) {
        let failed = self.failed;
        if let Err(error) = body(self) {
            eprintln!("{name}: {error:#}");
            self.broken.push(name.to_owned());
            if self.failed == failed {
                self.failed += 1;
            }
        }
    }

    /// Run a test runner, count what its closing lines say, and fail when it fails.
    pub(super) fn observe(
        &mut self,
        command: &mut Command,
        closing: fn(&str) -> Option<Count>,
    ) -> Result<()> {
        let (mut passed, mut failed) = (0, 0);
        let (mut told, mut more) = (Vec::new(), 0);
        let success = run::observe(command, |line| {
            if tells_of_failure(line) {
                more = AFTER;
            }
            if more > 0 && told.len() < TOLD && !line.trim().is_empty() {
                told.push(line.to_owned());
                more -= 1;
            }
            if let Some((more_passed, more_failed)) = closing(line) {
                passed += more_passed;
                failed += more_failed;
            }
        })?;
        self.passed += passed;
        self.failed += failed;
        if !success || failed > 0 {
            self.told.append(&mut told);
        }
        if !success {
            bail!("{} failed", command.get_program().to_string_lossy());
        }
        if failed > 0 {
            bail!("{failed} tests failed");
        }
        Ok(())
    }

    /// Count one check that is no test runner: it passed.
    pub(super) fn pass(&mut self) {
        self.passed += 1;
    }

    /// Print what failed and the closing line, and fail when anything failed.
    pub(super) fn close(self) -> Result<()> {
        if !self.told.is_empty() {
            println!("\nwhat the runners said of what failed:");
            self.told.iter().for_each(|line| println!("{line}"));
        }
        println!("\n{} passed, {} failed", self.passed, self.failed);
        if self.failed > 0 || !self.broken.is_empty() {
            bail!("failed: {}", self.broken.join(", "));
        }
        Ok(())
    }
}

/// A line of nextest (`FAIL [   0.1s] …`, `… panicked at …`), Vitest (` FAIL  …`, `AssertionError: …`) or
/// Playwright (`  1) e2e/…`) after which the reason of a failure stands.
fn tells_of_failure(line: &str) -> bool {
    let line = line.trim_start();
    let numbered = line
        .split_once(')')
        .is_some_and(|(number, rest)| number.parse::<u32>().is_ok() && rest.contains(".spec.ts"));
    numbered
        || line.starts_with("FAIL ")
        || line.starts_with("TIMEOUT [")
        || line.starts_with("AssertionError")
        || line.starts_with("error: ")
        || line.contains(" panicked at ")
}

/// cargo-nextest's `Summary […] 4 tests run: 3 passed, 1 failed, 0 skipped`, and cargo test's
/// `test result: ok. 3 passed; 1 failed; …`.
pub(super) fn rust(line: &str) -> Option<Count> {
    let line = line.trim();
    let figures = if let Some(rest) = line.strip_prefix("test result:") {
        rest.split_once('.')?.1
    } else if line.starts_with("Summary [") {
        line.split_once("run:")?.1
    } else {
        return None;
    };
    let failed = ["failed", "timed out", "exec failed"];
    Some((named(figures, &["passed"]), named(figures, &failed)))
}

/// Vitest's `Tests  1 failed | 3 passed (4)`.
pub(super) fn vitest(line: &str) -> Option<Count> {
    let figures = line.trim().strip_prefix("Tests ")?;
    let figures = figures.split('(').next()?.replace('|', ",");
    Some((named(&figures, &["passed"]), named(&figures, &["failed"])))
}

/// Playwright's `3 passed (4.2s)`, `1 failed`, `1 flaky`: a test that passes at the second try failed.
pub(super) fn playwright(line: &str) -> Option<Count> {
    let mut words = line.split_whitespace();
    let number: u64 = words.next()?.parse().ok()?;
    match words.next()? {
        "passed" => Some((number, 0)),
        "failed" | "flaky" | "interrupted" if words.next().is_none() => Some((0, number)),
        _ => None,
    }
}

/// A client script's `clients: 3 passed, 1 failed`.
pub(super) fn clients(line: &str) -> Option<Count> {
    let figures = line.trim().strip_prefix("clients: ")?;
    Some((named(figures, &["passed"]), named(figures, &["failed"])))
}

/// The sum of the numbers that stand before one of `words` in `3 passed, 1 failed; 0 ignored`.
fn named(figures: &str, words: &[&str]) -> u64 {
    figures
        .split([',', ';'])
        .filter_map(|figure| figure.trim().split_once(' '))
        .filter(|(_, word)| {
            words
                .iter()
                .any(|wanted| word.split(" (").next() == Some(wanted))
        })
        .filter_map(|(number, _)| number.parse::<u64>().ok())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_the_runners_are_read() {
        let nextest = "     Summary [   0.049s] 6 tests run: 3 passed (1 slow), 1 failed, 2 timed out, 7 skipped";
        assert_eq!(rust(nextest), Some((3, 3)));
        let libtest =
            "test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; finished in 0.00s";
        assert_eq!(rust(libtest), Some((3, 1)));
        assert_eq!(rust("test passes ... ok"), None);
        assert_eq!(vitest("      Tests  1 failed | 3 passed (4)"), Some((3, 1)));
        assert_eq!(vitest(" Test Files  2 passed (2)"), None);
        assert_eq!(playwright("  5 passed (3.2s)"), Some((5, 0)));
        assert_eq!(playwright("  1 failed"), Some((0, 1)));
        assert_eq!(playwright("  1 flaky"), Some((0, 1)));
        assert_eq!(playwright("Running 5 tests using 1 worker"), None);
        assert_eq!(clients("clients: 3 passed, 1 failed"), Some((3, 1)));
        assert_eq!(clients("ok pywa inbound"), None);
    }

    #[test]
    fn what_a_runner_says_of_a_failure_is_kept() {
        let mut tally = Tally::default();
        let said =
            "echo ok; echo '  1) e2e/a.spec.ts:3:5 › a'; echo; echo '    Error: no row'; exit 1";
        tally.part("browser", |tally| {
            tally.observe(
                run::command(std::path::Path::new("."), "sh", &["-c", said]).arg(""),
                playwright,
            )
        });
        assert_eq!(
            tally.told,
            ["  1) e2e/a.spec.ts:3:5 › a", "    Error: no row"]
        );
        assert!(tells_of_failure(
            "        FAIL [   0.010s] (1/2) wigwag-api::it a"
        ));
        assert!(!tells_of_failure(
            "        PASS [   0.010s] (1/2) wigwag-api::it a"
        ));
    }

    #[test]
    fn a_part_that_breaks_before_counting_is_one_failure() {
        let mut tally = Tally::default();
        tally.part("broken", |_| bail!("no compiler"));
        assert_eq!(tally.failed, 1);
        assert!(tally.close().is_err());
    }
}
