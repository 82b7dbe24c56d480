//! Actions on many contacts and the erasure of people, on both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod actions;
mod blocks;
mod erasing;
mod merging;
mod world;
