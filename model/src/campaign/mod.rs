//! Campaigns: one template to many people, on a schedule, with brakes.
//!
//! What a campaign may do when ([`State`]), when each person's message is due ([`Schedule`]), what
//! its variables say to whom ([`Variables`]), who is left out and why ([`Exclusion`]), and what
//! holds it ([`Brakes`]). Everything here is a pure rule: the review shows what the plan will do
//! because both ask the same functions.

mod eligible;
mod goals;
pub mod links;
pub mod ongoing;
mod schedule;
mod settings;
mod state;
mod utm;
mod variables;
pub mod zones;

use std::collections::BTreeMap;

pub use eligible::{Eligibility, Exclusion, decide};
pub use goals::{Goal, MOST_GOALS, MOST_HOURS};
pub use links::Links;
pub use schedule::{Due, Quiet, Schedule, ZoneFrom, Zoned};
pub use settings::{Brakes, Canary, Cap, Outcomes, SecondRound, Settings};
pub use state::{Action, Held, State};
pub use utm::Utm;
pub use variables::{Person, Resolved, Source, Variables};

/// What is wrong with a campaign, in a stable code with its field.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// Where: `schedule.zone`, `variables.body.1`, …
    pub field: String,
    /// The stable code.
    pub code: &'static str,
    /// What is wrong and how to mend it, for a developer.
    pub message: String,
    /// Figures for the words that a console has for the code.
    pub params: BTreeMap<&'static str, i64>,
}

impl Problem {
    /// A problem of a field.
    pub fn new(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            code,
            message: message.into(),
            params: BTreeMap::new(),
        }
    }

    /// Adds a figure.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: i64) -> Self {
        self.params.insert(name, value);
        self
    }
}
