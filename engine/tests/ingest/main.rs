//! Webhooks through the engine's door, on both databases: what is refused, what is applied, what
//! becomes a dead letter.

mod apply;
mod door;
mod letters;
mod rig;
