//! The command line.

use clap::{Parser, Subcommand};

use crate::failure::Outcome;
use crate::{demo, simulator};

/// A team inbox for WhatsApp Business, over Meta's Cloud API.
#[derive(Debug, Parser)]
#[command(name = "wigwag", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Try it: a seeded shop and a pretend Meta on this machine, no account needed
    Demo(demo::Options),
    /// Run the pretend Meta alone
    Simulator(simulator::Options),
}

impl Cli {
    /// Carries the command out.
    ///
    /// # Errors
    /// Whatever ends the command early.
    pub(crate) async fn run(self) -> Outcome {
        match self.command {
            Command::Demo(options) => demo::run(options).await,
            Command::Simulator(options) => simulator::run(options).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
