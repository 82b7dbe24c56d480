//! Campaigns on both databases: planning, feeding, counting, pausing, stopping, replies, and that
//! whatever happens in whichever order the counts are what the rows say.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod budget;
mod counts;
mod goals;
mod life;
mod links;
mod telling;
mod world;
