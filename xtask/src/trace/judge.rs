//! From a trace to a verdict: was each 200 written after the sync of the page that holds its webhook?
//! A webhook is followed by the mark in its text: read on a socket, written to the database's log,
//! synced, answered on the same socket.

use super::calls::{Call, Part, parse};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use std::fmt;

/// The mark of a webhook.
pub(super) fn mark(number: u64) -> String {
    format!("TRACE-{number}-")
}

/// What the trace showed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Answers that came after the sync.
    durable: u64,
    /// Marks of answers that came before it.
    early: Vec<String>,
    /// Syncs that were carried out.
    syncs: u64,
}

impl Verdict {
    /// Whether no answer came too early.
    pub(super) fn holds(&self) -> bool {
        self.early.is_empty()
    }

    /// All answers.
    pub(super) fn answered(&self) -> u64 {
        self.durable + self.early.len() as u64
    }

    pub(super) fn json(&self) -> Value {
        json!({ "bench": "trace", "answered": self.answered(), "early": self.early.len(), "syncs": self.syncs })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} webhooks answered 200 with {} syncs, {} before their sync",
            self.answered(),
            self.syncs,
            self.early.len()
        )?;
        self.early
            .iter()
            .take(5)
            .try_for_each(|mark| write!(out, "\n  {mark}"))
    }
}

#[derive(Default)]
struct Trace<'a> {
    /// Calls that began, by thread: file and data.
    begun: HashMap<&'a str, Begun<'a>>,
    /// The mark of the request that was read last, by socket.
    asked: HashMap<&'a str, &'a str>,
    /// Marks in the log that no sync has covered yet.
    written: BTreeSet<&'a str>,
    /// Marks that are on disk.
    durable: BTreeSet<&'a str>,
    verdict: Verdict,
}

struct Begun<'a> {
    file: &'a str,
    text: &'a str,
    /// For a sync: what had been written when it began. What came later, it does not promise.
    covers: Vec<&'a str>,
}

/// Judge the whole trace.
pub(super) fn judge(text: &str) -> Verdict {
    let mut trace = Trace::default();
    for call in text.lines().filter_map(parse) {
        trace.take(&call);
    }
    trace.verdict
}

impl<'a> Trace<'a> {
    fn take(&mut self, call: &Call<'a>) {
        let begins = call.part != Part::End;
        let ends = call.part != Part::Begin;
        if begins {
            if is_send(call.name) && call.text.contains("HTTP/1.1 200") {
                self.answer(call.file);
            }
            let covers = if is_sync(call.name) {
                self.written.iter().copied().collect()
            } else {
                Vec::new()
            };
            self.begun.insert(
                call.thread,
                Begun {
                    file: call.file,
                    text: call.text,
                    covers,
                },
            );
        }
        if ends && let Some(begun) = self.begun.remove(call.thread) {
            self.done(call, &begun);
        }
    }

    fn done(&mut self, call: &Call<'a>, begun: &Begun<'a>) {
        let log = begun.file.contains("-wal>");
        if is_receive(call.name) {
            // A whole call has its data once; a resumed one has it in the line that ends it.
            if let Some(mark) = marks(call.text).last() {
                self.asked.insert(begun.file, mark);
            }
        } else if call.name.starts_with("pwrite") && log {
            self.written.extend(marks(begun.text));
        } else if is_sync(call.name) && log && !call.injected && call.text.contains("= 0") {
            self.verdict.syncs += 1;
            for mark in &begun.covers {
                self.written.remove(mark);
                self.durable.insert(mark);
            }
        }
    }

    fn answer(&mut self, socket: &'a str) {
        let Some(mark) = self.asked.remove(socket) else {
            return;
        };
        if self.durable.contains(mark) {
            self.verdict.durable += 1;
        } else {
            self.verdict.early.push(mark.to_owned());
        }
    }
}

fn is_send(name: &str) -> bool {
    matches!(name, "write" | "writev" | "sendto" | "sendmsg")
}

fn is_receive(name: &str) -> bool {
    matches!(name, "read" | "readv" | "recvfrom" | "recvmsg")
}

fn is_sync(name: &str) -> bool {
    matches!(name, "fsync" | "fdatasync")
}

/// The marks in some data.
fn marks(text: &str) -> Vec<&str> {
    text.match_indices("TRACE-")
        .filter_map(|(at, head)| {
            let digits = text[at + head.len()..]
                .bytes()
                .take_while(u8::is_ascii_digit)
                .count();
            let end = at + head.len() + digits;
            (digits > 0 && text[end..].starts_with('-')).then(|| &text[at..=end])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASK: &str =
        "1 recvfrom(9<socket:[5]>, \"POST … TRACE-7- and TRACE-7-\", 8192, 0, NULL, NULL) = 900\n";
    const PAGE: &str = "2 pwrite64(4</d/w.db-wal>, \"\\0\\1 TRACE-7- …\", 4096, 0) = 4096\n";
    const SYNC: &str = "2 fdatasync(4</d/w.db-wal>) = 0\n";
    const ANSWER: &str =
        "1 writev(9<socket:[5]>, [{iov_base=\"HTTP/1.1 200 OK\", iov_len=80}], 1) = 80\n";

    fn verdict(lines: &[&str]) -> (u64, usize) {
        let verdict = judge(&lines.concat());
        (verdict.durable, verdict.early.len())
    }

    #[test]
    fn an_answer_after_the_sync_is_durable() {
        assert_eq!(verdict(&[ASK, PAGE, SYNC, ANSWER]), (1, 0));
    }

    #[test]
    fn an_answer_without_or_before_the_sync_is_early() {
        assert_eq!(verdict(&[ASK, PAGE, ANSWER]), (0, 1));
        assert_eq!(verdict(&[ASK, PAGE, ANSWER, SYNC]), (0, 1));
        assert_eq!(
            verdict(&[ASK, SYNC, PAGE, ANSWER]),
            (0, 1),
            "the sync came before the page"
        );
        assert_eq!(
            verdict(&[
                ASK,
                PAGE,
                "2 fdatasync(4</d/w.db-wal>) = 0 (INJECTED)\n",
                ANSWER
            ]),
            (0, 1)
        );
        assert_eq!(
            verdict(&[ASK, PAGE, "2 fdatasync(4</d/w.db-wal>) = -1 EIO\n", ANSWER]),
            (0, 1)
        );
        assert_eq!(
            verdict(&[ASK, PAGE, "2 fdatasync(4</d/w.db>) = 0\n", ANSWER]),
            (0, 1),
            "another file"
        );
    }

    #[test]
    fn a_sync_promises_what_was_written_when_it_began() {
        let begin = "2 fdatasync(4</d/w.db-wal> <unfinished ...>\n";
        let end = "2 <... fdatasync resumed>) = 0\n";
        let page = "3 pwrite64(4</d/w.db-wal>, \"TRACE-7-\", 4096, 0) = 4096\n";
        assert_eq!(verdict(&[ASK, PAGE, begin, end, ANSWER]), (1, 0));
        assert_eq!(verdict(&[ASK, PAGE, begin, ANSWER, end]), (0, 1));
        assert_eq!(verdict(&[ASK, begin, page, end, ANSWER]), (0, 1));
    }

    #[test]
    fn data_of_an_interrupted_read_is_in_its_last_line() {
        let begin = "1 recvfrom(9<socket:[5]>,  <unfinished ...>\n";
        let end = "1 <... recvfrom resumed>\"POST … TRACE-7-\", 8192, 0, NULL, NULL) = 900\n";
        assert_eq!(verdict(&[begin, end, PAGE, SYNC, ANSWER]), (1, 0));
    }

    #[test]
    fn other_answers_are_none_of_ours() {
        assert_eq!(verdict(&[ANSWER]), (0, 0));
    }
}
