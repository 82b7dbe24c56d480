//! What is due later: statuses, reviews, answers of people.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize};

/// Something to do at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Due {
    /// A message (by index) gets a status.
    Status {
        message: usize,
        status: String,
        code: Option<i64>,
    },
    /// A person answers by itself.
    Reply {
        person: usize,
        number_id: String,
        text: String,
        context: String,
    },
    /// A person stops marketing messages of a number.
    Stop { person: usize, number_id: String },
    /// The review of a template ends.
    Review { template_id: String, version: u32 },
    /// A paused template is unpaused.
    Unpause { template_id: String },
}

/// An entry of the heap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Timer {
    pub(crate) at_us: i64,
    order: u64,
    pub(crate) due: Due,
}

impl PartialOrd for Timer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Timer {
    /// The earliest is the greatest, for the heap.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at_us, other.order).cmp(&(self.at_us, self.order))
    }
}

/// All timers.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    heap: BinaryHeap<Timer>,
    order: u64,
}

impl Timers {
    /// Sets a timer.
    pub(crate) fn at(&mut self, at_us: i64, due: Due) {
        self.order += 1;
        self.heap.push(Timer {
            at_us,
            order: self.order,
            due,
        });
    }

    /// When the next one is due.
    pub(crate) fn next(&self) -> Option<i64> {
        self.heap.peek().map(|timer| timer.at_us)
    }

    /// Takes the next one that is due.
    pub(crate) fn take(&mut self, now_us: i64) -> Option<Timer> {
        if self.next()? > now_us {
            return None;
        }
        self.heap.pop()
    }

    /// All timers, for a snapshot.
    pub(crate) fn all(&self) -> Vec<Timer> {
        self.heap.iter().cloned().collect()
    }

    /// Sets what a snapshot held.
    pub(crate) fn restore(&mut self, timers: Vec<Timer>) {
        self.order = timers.iter().map(|timer| timer.order).max().unwrap_or(0);
        self.heap = timers.into();
    }
}
