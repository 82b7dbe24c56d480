//! The engine against the simulator: real HTTP, real databases.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod blocks;
mod dispatch;
mod support;
