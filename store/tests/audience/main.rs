//! Asking filters of both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod alike;
mod consent;
mod crowd;
mod leaves;
mod pages;
mod tables;
