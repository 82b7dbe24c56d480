//! Webhooks through the engine's door, on both databases: what is refused, what is applied, what
//! becomes a dead letter.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod apply;
mod door;
mod letters;
mod rig;
