//! The simulator from outside: over HTTP, with a sink for its webhooks.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends where something is amiss"
)]

mod blocking;
mod cutting;
mod graph;
mod habits;
mod history;
mod inbound;
mod media;
mod phone;
mod refusals;
mod repeat;
mod restart;
mod send;
mod support;
mod templates;
mod tls;
mod webhooks;
mod windows;
