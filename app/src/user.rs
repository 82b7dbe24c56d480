//! `wigwag user`: the people who sign in, for whoever runs the server. It works beside a running
//! server, which sees each change at once.

mod change;
pub(crate) mod find;
mod password;

use clap::{Args, Subcommand, ValueEnum};
use wigwag_model::Role;

use crate::config::Source;
use crate::failure::Outcome;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a person to a workspace
    Add(change::Add),
    /// List the people of all workspaces
    List(On),
    /// Keep a person out; ends their sessions
    Disable(Person),
    /// Let a disabled person in again
    Enable(Person),
    /// Give a person another role
    Role(change::NewRole),
    /// Set a new password; ends the person's sessions
    Password(password::New),
    /// Print a link that signs a person in once, within an hour
    Link(Person),
}

/// Which installation.
#[derive(Debug, Args)]
pub(crate) struct On {
    #[command(flatten)]
    source: Source,
}

/// Which person.
#[derive(Debug, Args)]
pub(crate) struct Person {
    /// E-mail address
    email: String,
    #[command(flatten)]
    on: On,
}

/// A role by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RoleName {
    /// Everything
    Owner,
    /// Everything but what only an owner may do
    Admin,
    /// Talks with customers
    Agent,
}

impl From<RoleName> for Role {
    fn from(role: RoleName) -> Self {
        match role {
            RoleName::Owner => Self::Owner,
            RoleName::Admin => Self::Admin,
            RoleName::Agent => Self::Agent,
        }
    }
}

/// Carries it out.
///
/// # Errors
/// When there is no such person or workspace, or the database cannot be used.
pub(crate) async fn run(command: Command) -> Outcome {
    match command {
        Command::Add(add) => change::add(add).await,
        Command::List(on) => find::list(&on).await,
        Command::Disable(person) => change::disable(&person, true).await,
        Command::Enable(person) => change::disable(&person, false).await,
        Command::Role(wish) => change::role(&wish).await,
        Command::Password(wish) => password::set(&wish).await,
        Command::Link(person) => password::link(&person).await,
    }
}
