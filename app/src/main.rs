//! The binary `wigwag`: the command line, the configuration, and the only place where the crates
//! are wired together. Nothing here decides what happens to a message.

#[macro_use]
mod say;

mod cli;
mod clock;
mod config;
mod connect;
mod console;
mod data_folder;
mod database;
mod demo;
mod doctor;
mod failure;
mod keys;
mod lock;
mod metrics;
mod migrate;
mod node;
mod random;
mod serve;
mod signals;
mod simulator;
mod telemetry;
mod user;

use std::process::ExitCode;

use clap::Parser as _;

/// A third more events a second than with the C library's: requests are many small pieces of memory, taken
/// on one thread and given back on another.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| failure::failed(format!("no threads to work with: {error}")))
        .and_then(|runtime| runtime.block_on(cli.run()));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            failure.code()
        }
    }
}
