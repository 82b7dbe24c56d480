//! The simulator from outside: over HTTP, with a sink for its webhooks.

mod send;
mod support;
