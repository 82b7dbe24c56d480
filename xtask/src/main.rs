//! `cargo xtask`: the repository's checks, its test suite, its benchmarks and its crash proofs.
//! What CI runs is here in Rust, so that a person runs the same thing with the same words.
//! Nothing here is part of the product, and nothing here reaches past the machine that it runs on.

mod bench;
mod chaos;
mod ci;
mod folder;
mod install;
mod licences;
mod load;
mod postgres;
mod repo;
mod run;
mod suite;
mod tidy;
mod trace;
mod trials;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Wigwag's task runner.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run the whole test suite: Rust on both databases, the web app, the browser, the crash proof
    Test(suite::Options),
    /// Run what CI runs: format, lints, tidy, licences, docs, generated files, then the suite
    Ci,
    /// Check the repository's own rules: sizes, layers, links, forbidden words
    Tidy,
    /// Measure the release binary against a reference in the same run
    Bench(bench::Options),
    /// Kill the binary while it receives and sends, and compare what it promised with what is there
    Chaos(chaos::Options),
    /// Pause, resume and stop campaigns and opt people out of them, and read when the last message came
    Trials(trials::Options),
    /// Show from the kernel's account that no webhook is answered before it is on disk
    Trace(trace::Options),
    /// Take the pictures of the documentation from the real binary
    Pictures,
    /// The reference of `bench ingest`: a handler that answers 200 and does nothing
    #[command(hide = true)]
    BareServer,
    /// The reference of `bench campaign`: the same requests in a bare loop
    #[command(hide = true)]
    BareSender(bench::reference::Options),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Test(options) => suite::run(&options),
        Task::Ci => ci::run(),
        Task::Tidy => tidy::run(),
        Task::Bench(options) => bench::run(&options),
        Task::Chaos(options) => chaos::run(&options),
        Task::Trials(options) => trials::run(&options),
        Task::Trace(options) => trace::run(&options),
        Task::Pictures => suite::pictures(),
        Task::BareServer => bench::serve_bare(),
        Task::BareSender(options) => bench::reference::send(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
