//! Jobs: what was enqueued is run, tried again when it fails, and given up at last.
//!
//! The runner runs them in the background, a few at a time. Every kind has a typed payload and a
//! handler; what a handler returns decides about another try. One line per run goes to the log,
//! without personal data.

mod failure;
mod kinds;
mod runner;
mod spell;

pub use failure::Failure;
pub(crate) use kinds::{
    NUMBER_SYNC, SWEEP, TEMPLATE_SYNC, UPLOADS_SWEEP, enqueue_plan, enqueue_sweep, enqueue_syncs,
};
pub(crate) use runner::{jittered, start};
pub(crate) use spell::Spell;
