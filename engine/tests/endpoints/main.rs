//! Endpoints through the running engine and real HTTP on the loopback: what is told, in which
//! order, and what happens when the other side does not take it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends where something is amiss"
)]

mod clicks;
mod failing;
mod notices;
mod order;
mod receiver;
mod rig;
mod telling;
