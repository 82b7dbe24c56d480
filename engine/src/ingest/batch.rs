//! How much is applied at once: few enough that the writer is not held for long, many enough that
//! each costs little.

use std::time::Duration;

use wigwag_store::Dialect;
use wigwag_store::ingest::Items;

/// Entries of a batch to begin with.
const FIRST: usize = 64;
/// Entries of a batch at least: below that its fixed cost is most of it.
const LEAST: usize = 32;
/// Entries of a batch at most.
const MOST: usize = 1_024;

/// An applier whose next entry is older than this is behind.
const BEHIND: Duration = Duration::from_millis(300);

/// Learns from how long batches took.
#[derive(Debug)]
pub(super) struct Size {
    entries: usize,
    /// A batch that took longer is followed by a smaller one; a full one that took less than half
    /// of it by a larger one.
    wanted: Duration,
}

impl Size {
    /// For a database: SQLite's one writer is everybody's and must be free again soon; PostgreSQL
    /// holds up only those who write in the same workspace, and each statement is a journey.
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            entries: FIRST,
            wanted: match dialect {
                Dialect::Sqlite => Duration::from_millis(15),
                Dialect::Postgres => Duration::from_millis(60),
            },
        }
    }

    /// Entries, or items, of the next batch at most.
    pub(super) fn get(&self) -> usize {
        self.entries
    }

    /// A batch of so many entries, the oldest of which was `lag` old, took so long. Whoever is behind may
    /// take longer: larger batches cost less.
    pub(super) fn learn(&mut self, entries: usize, took: Duration, lag: Duration) {
        let wanted = if lag > BEHIND {
            self.wanted * 2
        } else {
            self.wanted
        };
        if took > wanted {
            self.entries = (self.entries * 3 / 4).max(LEAST);
        } else if took < wanted / 2 && entries >= self.entries {
            self.entries = (self.entries * 5 / 4 + 1).min(MOST);
        }
    }
}

/// Cuts items into parts of about `size`, in the order in which they must be applied. What was one
/// body of a thousand messages must not hold the writer for as long as all of them take.
pub(super) fn parts(mut items: Items, size: usize) -> Vec<Items> {
    let mut parts = Vec::new();
    if items.len() > size * 2 {
        while items.messages.len() > size {
            let rest = items.messages.split_off(size);
            parts.push(Items {
                messages: std::mem::replace(&mut items.messages, rest),
                ..Items::default()
            });
        }
        // Statuses come last among all kinds, so theirs may be cut off at the end.
        let mut late = Vec::new();
        while items.statuses.len() > size {
            let rest = items.statuses.split_off(items.statuses.len() - size);
            late.push(Items {
                statuses: rest,
                ..Items::default()
            });
        }
        parts.push(items);
        parts.extend(late.into_iter().rev());
    } else {
        parts.push(items);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_batches_shrink_and_short_full_ones_grow() {
        let mut size = Size::new(Dialect::Sqlite);
        size.learn(FIRST, Duration::from_millis(1), Duration::ZERO);
        assert!(size.get() > FIRST);
        let grown = size.get();
        size.learn(1, Duration::from_millis(1), Duration::ZERO);
        assert_eq!(size.get(), grown, "a batch that was not full says nothing");
        for _ in 0..100 {
            size.learn(1, Duration::from_millis(40), Duration::ZERO);
        }
        assert_eq!(size.get(), LEAST);
        for _ in 0..100 {
            size.learn(MOST, Duration::ZERO, Duration::ZERO);
        }
        assert_eq!(size.get(), MOST);
    }
}
