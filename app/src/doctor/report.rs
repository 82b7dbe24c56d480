//! One line per check, as soon as it is known.

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Report {
    fine: usize,
    unusual: usize,
    wrong: usize,
}

impl Report {
    /// Something is right.
    pub(super) fn fine(&mut self, subject: &str, found: impl AsRef<str>) {
        self.fine += 1;
        say!("ok    {subject}: {}", found.as_ref());
    }

    /// Something is unusual, and Wigwag works all the same.
    pub(super) fn unusual(&mut self, subject: &str, found: impl AsRef<str>, mend: &str) {
        self.unusual += 1;
        say!("note  {subject}: {}: {mend}", found.as_ref());
    }

    /// Something has to be mended.
    pub(super) fn wrong(&mut self, subject: &str, found: impl AsRef<str>, mend: &str) {
        self.wrong += 1;
        say!("FAIL  {subject}: {}: {mend}", found.as_ref());
    }

    /// The last line; returns how many things have to be mended.
    pub(super) fn sum_up(&self) -> usize {
        let all = self.fine + self.unusual + self.wrong;
        say!(
            "\n{all} checks: {} in order, {} to note, {} to mend",
            self.fine,
            self.unusual,
            self.wrong
        );
        self.wrong
    }
}
