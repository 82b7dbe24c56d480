//! What the demo says once it serves: one line for programs, a few for people.

use std::path::Path;

use serde::Serialize;

use crate::failure::{Outcome, failed};

/// Everything that one needs to get in. The names are an interface: tests from outside read them.
#[derive(Debug, Serialize)]
pub(super) struct Ready {
    /// The console, with the one-time login.
    pub(super) console: String,
    /// The simulator and its phone.
    pub(super) simulator: String,
    /// The owner's address.
    pub(super) email: String,
    /// The owner's password.
    pub(super) password: String,
    /// A key with every permission.
    pub(super) api_key: String,
    /// Meta's id of the app.
    pub(super) app_id: String,
    /// What webhooks are signed with.
    pub(super) app_secret: String,
    /// What the webhook's challenge brings.
    pub(super) verify_token: String,
    /// Meta's id of the number.
    pub(super) phone_number_id: String,
    /// Meta's id of the WABA.
    pub(super) waba_id: String,
    /// The workspace's id.
    pub(super) workspace: String,
    /// The widget's id, once there is a widget.
    pub(super) widget: Option<String>,
}

impl Ready {
    /// Exactly one line on stdout.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which no value causes.
    pub(super) fn print_line(&self) -> Outcome {
        let line = serde_json::to_string(self)
            .map_err(|error| failed(format!("the JSON line: {error}")))?;
        say!("{line}");
        Ok(())
    }

    /// A short text for people.
    pub(super) fn print_text(&self, folder: &Path) {
        say!("Wigwag's demo is ready.\n");
        for (name, value) in [
            ("Console", self.console.as_str()),
            ("", "(this link signs you in once)"),
            ("Phone", self.simulator.as_str()),
            ("Sign in", &format!("{}  {}", self.email, self.password)),
            ("API key", self.api_key.as_str()),
            ("Data", &folder.display().to_string()),
        ] {
            say!("  {name:<9} {value}");
        }
        say!("\nWrite on the phone, answer in the console. Stop with Ctrl-C.");
    }
}
