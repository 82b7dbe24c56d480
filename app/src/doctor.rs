//! `wigwag doctor`: looks at everything around the program and says, line by line, what is right
//! and how to mend what is not. It changes nothing.

mod database;
mod machine;
mod meta;
mod report;

use clap::Args;

use crate::config::Source;
use crate::failure::{Outcome, failed};
use report::Report;

/// Options of the command.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    source: Source,
    /// Leave out what asks Meta
    #[arg(long)]
    offline: bool,
}

/// Looks and tells.
///
/// # Errors
/// When the configuration is wrong, or something has to be mended.
pub(crate) async fn run(options: Options) -> Outcome {
    let mut report = Report::default();
    let config = options.source.read()?;
    report.fine("configuration", "in order");
    machine::check(&config, &mut report);
    let db = database::check(&config, &mut report).await;
    if !options.offline {
        let meta = meta::Checks::new(&config)?;
        meta.reach(&mut report).await;
        if let Some(db) = &db {
            meta.accounts(db, &mut report).await;
        }
    }
    if let Some(db) = db {
        db.close().await;
    }
    match report.sum_up() {
        0 => Ok(()),
        1 => Err(failed("one thing has to be mended")),
        many => Err(failed(format!("{many} things have to be mended"))),
    }
}
