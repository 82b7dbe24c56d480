//! The simulator's own people: who holds a phone and how they behave.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// When a person reads what was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reads {
    /// `read_ms` after delivery.
    Always,
    /// Never.
    Never,
    /// When the phone page opens the chat.
    WhenOpen,
}

/// An answer that the person writes by itself to what it gets.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Replies {
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) after_ms: i64,
    #[serde(default = "certain")]
    pub(crate) probability: f64,
}

fn certain() -> f64 {
    1.0
}

/// How a person's phone and the person behave.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Behaviour {
    /// The phone is on: messages are delivered. Off: they wait at `sent`.
    pub(crate) delivers: bool,
    /// The number is on WhatsApp; if not, messages fail with 131026.
    #[serde(default = "yes")]
    pub(crate) on_whatsapp: bool,
    pub(crate) delivery_ms: i64,
    pub(crate) reads: Reads,
    pub(crate) read_ms: i64,
    pub(crate) replies: Option<Replies>,
    /// Stopped marketing messages: they fail with 131050.
    pub(crate) opts_out: bool,
    /// Probability with which the person stops marketing messages of a number that sent one.
    #[serde(default)]
    pub(crate) stops: f64,
    /// Blocked the business: messages fail with 131026.
    pub(crate) blocked: bool,
    /// A code with which every message fails instead (for example 130472).
    #[serde(default)]
    pub(crate) fails_with: Option<i64>,
}

fn yes() -> bool {
    true
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            delivers: true,
            on_whatsapp: true,
            delivery_ms: 400,
            reads: Reads::Always,
            read_ms: 1_500,
            replies: None,
            opts_out: false,
            stops: 0.0,
            blocked: false,
            fails_with: None,
        }
    }
}

/// A person with a phone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Digits without `+`.
    pub(crate) wa_id: String,
    pub(crate) username: Option<String>,
    pub(crate) country: String,
    pub(crate) avatar_color: String,
    pub(crate) behaviour: Behaviour,
    /// When it was made through the control plane: the newest stand first where nothing was said yet.
    #[serde(default)]
    pub(crate) made_us: i64,
    /// Index of the newest message with any number. Found again when loaded.
    #[serde(skip)]
    pub(crate) last_message: Option<usize>,
}

impl Person {
    /// The person as the control plane shows it, without the last message.
    pub(crate) fn view(&self, user_id: &str) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "phone": format!("+{}", self.wa_id),
            "wa_id": self.wa_id,
            "user_id": user_id,
            "username": self.username,
            "country": self.country,
            "avatar_color": self.avatar_color,
            "behaviour": self.behaviour,
        })
    }
}

/// Avatar colours, picked by the person's number.
pub(crate) const COLORS: &[&str] = &[
    "#5b8def", "#e2725b", "#3a9d6a", "#b0699e", "#d39b2a", "#4aa3a2", "#8a6fd1", "#c4576b",
    "#6d8b3c", "#4f7cac", "#b87333", "#7a8290",
];
