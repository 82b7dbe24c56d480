//! Jobs through the running engine: files from and to the simulator, templates and numbers read
//! from it, failures and how they end, sweeps.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends where something is amiss"
)]

mod fetch;
mod listings;
mod rig;
mod runner;
mod sweep;
mod templates;
mod upload;
