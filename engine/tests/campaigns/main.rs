//! Campaigns against the simulator: real HTTP, real webhooks, real databases.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod costs;
mod doings;
mod limits;
mod links;
mod reviewing;
mod rig;
mod running;
mod runs;
mod starting;
mod telling;
mod triggers;
mod versions;
mod waits;
