//! Who is blocked, and the block lists that Meta keeps for our numbers, brought in step with it.
//!
//! `put` is the one place where `contacts.blocked_at` is written: in the same transaction it writes down what
//! each number's list at Meta is to hold. `due` finds what is to be asked, `settle` records what Meta said,
//! `compare` puts a list as Meta holds it beside ours. Who is on which side is told by address, because Meta's
//! list is one of addresses.
//!
//! Whoever has not written to a number within 24 hours cannot be put on its list (Meta's “Block users”): such a
//! row waits, and is due once the conversation's last message of theirs is a later one than was known.

mod address;
mod compare;
mod due;
mod lists;
mod put;
mod settle;
mod standing;

pub use compare::{Compared, Entry, compare};
pub use due::{Asked, Person, claim, find, next_due};
pub use lists::{List, list_read, next_list, take_list};
pub(crate) use put::{join, lift, put};
pub use settle::{End, Settled, settle};
pub use standing::{Standing, standing};

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

/// How long after their last message somebody can be blocked (Meta's “Block users”).
pub const WITHIN: Duration = Duration::from_hours(24);

/// Wakes whoever asks Meta to block in this process after a commit. Other processes find the rows by polling.
#[derive(Debug, Clone)]
pub struct BlockWakes(Arc<watch::Sender<u64>>);

impl Default for BlockWakes {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
}

impl BlockWakes {
    pub(crate) fn wake(&self) {
        self.0.send_modify(|count| *count += 1);
    }

    /// Follows the commits.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}
