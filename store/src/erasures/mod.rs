//! People who are erased: what is known of them goes, what the business must account for stays without them.
//!
//! It goes in steps, each of which may be repeated, so that a process that dies leaves nothing half done:
//! [`scrub`] looks through what names nobody by id while it is still known what to look for; `begin` takes
//! away, in one transaction, all by which the person is found and written to, and whatever waits for them;
//! [`clear`] then empties the thread, the events and the rest piece by piece.
//!
//! What stays: that messages were sent and what they cost, Meta's ids of them, attempts, counts of campaigns,
//! and, as a keyed digest, what the person had said no to. The same phone number may write again, and is
//! somebody new.

mod begin;
mod clear;
mod refusals;
mod scrub;

pub(crate) use begin::begin;
pub use clear::{Piece, clear, files, open};
pub(crate) use refusals::recall;
pub use scrub::{Needles, needles, scrub};
