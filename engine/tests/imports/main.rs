//! Files of contacts through the engine, on both databases.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod encodings;
mod exports;
mod rig;
mod undo;
mod uploads;
mod work;
