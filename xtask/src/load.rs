//! Load and observation from outside: a cheap HTTP client, signed webhooks, latencies, and the real
//! binary as a process. Shared by the benchmarks and the crash proof.
//! Nothing here uses the product's own code: what it proves must not rest on what it tests.

pub(crate) mod api;
pub(crate) mod campaign;
pub(crate) mod http;
pub(crate) mod inventory;
pub(crate) mod latency;
pub(crate) mod pace;
pub(crate) mod population;
pub(crate) mod product;
pub(crate) mod simulator;
pub(crate) mod watch;
pub(crate) mod webhook;
