//! The whole test suite behind one command, from a fresh clone on a machine with Rust and Node only.
//! Every part runs even when an earlier one failed, and the last line says how many tests passed and
//! failed in all. A part that breaks before it counts anything counts as one failure.

mod clients;
mod proofs;
mod tally;
mod web;

use crate::{postgres, repo, run};
use anyhow::Result;
use clap::{Args, ValueEnum};
use std::path::Path;
use tally::Tally;
pub(crate) use web::pictures;

/// What to run of the suite.
#[derive(Args, Default)]
pub(crate) struct Options {
    /// Leave the browser tests out
    #[arg(long)]
    no_browser: bool,
    /// Run one part only
    #[arg(long, value_name = "PART")]
    only: Option<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Rust tests that need no database server
    Unit,
    /// Rust tests on PostgreSQL
    Db,
    /// Lints, unit tests and size budget of the web app
    Web,
    /// Playwright through the real binary
    Browser,
    /// Client libraries for Meta's API, unchanged, against the simulator
    Clients,
    /// Short forms of the crash proof, the durability trace and the benchmarks
    Proofs,
}

impl Options {
    fn wants(&self, part: Part) -> bool {
        match self.only {
            Some(only) => only == part,
            None => part != Part::Browser || !self.no_browser,
        }
    }
}

/// Run the chosen parts and print `N passed, N failed` as the last line.
pub(crate) fn run(options: &Options) -> Result<()> {
    let root = repo::root()?;
    let mut tally = Tally::default();
    if options.wants(Part::Unit) || options.wants(Part::Db) {
        tally.part("rust", |tally| rust(&root, options, tally));
    }
    if root.join("web/package.json").is_file() {
        if options.wants(Part::Web) {
            tally.part("web", |tally| web::units(&root, tally));
        }
        if options.wants(Part::Browser) {
            tally.part("browser", |tally| web::browser(&root, tally));
        }
    }
    if options.wants(Part::Clients) {
        tally.part("clients", |tally| clients::run(&root, tally));
    }
    if options.wants(Part::Proofs) {
        tally.part("proofs", |tally| proofs::run(&root, tally));
    }
    tally.close()
}

/// The names of tests that talk to PostgreSQL contain this word: `#[db_test]` writes it there.
const POSTGRES_TESTS: &str = "postgres";

fn rust(root: &Path, options: &Options, tally: &mut Tally) -> Result<()> {
    let cluster = if options.wants(Part::Db) {
        Some(postgres::Cluster::start()?)
    } else {
        None
    };
    let both = options.wants(Part::Unit) && options.wants(Part::Db);
    let nextest = run::find("cargo-nextest").is_some();

    let mut words = if nextest {
        vec!["nextest", "run"]
    } else {
        vec!["test"]
    };
    words.extend(["--workspace", "--all-targets", "--locked"]);
    if nextest {
        words.push("--no-tests=pass");
    }
    let filter = format!("not test({POSTGRES_TESTS})");
    match (nextest, both, options.wants(Part::Db)) {
        (_, true, _) => {}
        (true, false, true) => words.push(POSTGRES_TESTS),
        (true, false, false) => words.extend(["-E", &filter]),
        (false, false, true) => words.extend(["--no-fail-fast", "--", POSTGRES_TESTS]),
        (false, false, false) => words.extend(["--no-fail-fast", "--", "--skip", POSTGRES_TESTS]),
    }
    if !nextest && both {
        words.push("--no-fail-fast");
    }
    let mut command = run::command(root, "cargo", &words);
    if let Some(cluster) = &cluster {
        command.env("WIGWAG_TEST_POSTGRES", cluster.url());
    }
    tally.observe(&mut command, tally::rust)?;

    if options.wants(Part::Unit) {
        // nextest runs no documentation tests.
        let mut doc = run::command(root, "cargo", &["test", "--workspace", "--doc", "--locked"]);
        tally.observe(&mut doc, tally::rust)?;
    }
    Ok(())
}
