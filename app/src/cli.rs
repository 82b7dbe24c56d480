//! The command line.

use clap::{Parser, Subcommand};

use crate::failure::Outcome;
use crate::{config, connect, demo, doctor, migrate, serve, simulator, user};

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
    /// Run an installation
    Serve(serve::Options),
    /// Run the pretend Meta alone
    Simulator(simulator::Options),
    /// Bring the database to this program's version
    Migrate(migrate::Options),
    /// Look whether everything is as it should be, and say how to mend what is not
    Doctor(doctor::Options),
    /// Connect a WhatsApp Business Account of Meta's to a workspace
    Connect(connect::Options),
    /// Look after the people who sign in
    #[command(subcommand)]
    User(user::Command),
    /// Write or check the configuration
    #[command(subcommand)]
    Config(config::Command),
}

impl Cli {
    /// Carries the command out.
    ///
    /// # Errors
    /// Whatever ends the command early.
    pub(crate) async fn run(self) -> Outcome {
        match self.command {
            Command::Demo(options) => demo::run(options).await,
            Command::Serve(options) => serve::run(options).await,
            Command::Migrate(options) => migrate::run(options).await,
            Command::Doctor(options) => doctor::run(options).await,
            Command::Connect(options) => connect::run(options).await,
            Command::User(command) => user::run(command).await,
            Command::Config(command) => config::run(&command),
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
