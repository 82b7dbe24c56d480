//! The real binary from outside: what it prints, how it ends, what it serves.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is amiss"
)]

mod bad_input;
mod command_line;
mod configuration;
mod connect;
mod console;
mod demo;
mod doctor;
mod outside;
mod parts;
mod process;
mod secrets;
mod serve;
mod stop;
mod user;
