//! Campaigns against the simulator: real HTTP, real webhooks, real databases.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod costs;
mod doings;
mod links;
mod ongoing;
mod reviewing;
mod rig;
mod running;
mod telling;
