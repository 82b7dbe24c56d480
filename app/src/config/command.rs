//! `wigwag config`: writing a file to begin with, and checking one.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use clap::Subcommand;

use super::{DEFAULT, Source};
use crate::failure::{Outcome, failed};

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the commented default file
    Init {
        /// Where to; an existing file is left alone
        #[arg(default_value = "wigwag.toml", value_name = "FILE")]
        file: PathBuf,
    },
    /// Read the configuration and say what is wrong with it
    Check {
        #[command(flatten)]
        source: Source,
        /// Print the commented default file instead
        #[arg(long)]
        print_default: bool,
    },
}

/// Carries it out.
///
/// # Errors
/// When the file cannot be written; when the configuration is wrong.
pub(crate) fn run(command: &Command) -> Outcome {
    match command {
        Command::Init { file } => {
            let written = OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(file)
                .and_then(|mut out| out.write_all(DEFAULT.as_bytes()));
            written
                .map_err(|error| failed(format!("{} was not written: {error}", file.display())))?;
            say!("Wrote {}.", file.display());
        }
        Command::Check {
            print_default: true,
            ..
        } => say!("{}", DEFAULT.trim_end()),
        Command::Check { source, .. } => {
            source.read()?;
            if let Some(file) = source.file()? {
                say!("{} is in order.", file.display());
            } else {
                say!("There is no file, and the defaults are in order.");
            }
        }
    }
    Ok(())
}
