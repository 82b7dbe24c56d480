//! What a contact agreed to, per category of message.

/// The categories that consent is kept for; Meta's template categories.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Offers, news, anything not tied to an order.
    Marketing,
    /// About something the person did: an order, an appointment.
    Utility,
    /// One-time codes.
    Authentication,
}

impl Category {
    /// The name in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Marketing => "marketing",
            Self::Utility => "utility",
            Self::Authentication => "authentication",
        }
    }

    /// Reads Meta's or our spelling, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "marketing" => Some(Self::Marketing),
            "utility" => Some(Self::Utility),
            "authentication" => Some(Self::Authentication),
            _ => None,
        }
    }
}

/// Sources of what a person decided alone: a word in the chat, WhatsApp's own switch, and Meta's
/// refusal of a message because of that switch. Only the person takes such a no back.
pub const OWN_SOURCES: [&str; 3] = [KEYWORD, WHATSAPP, META];
/// A word in the chat.
pub const KEYWORD: &str = "keyword";
/// WhatsApp's switch for marketing, told by a webhook.
pub const WHATSAPP: &str = "whatsapp";
/// Meta refused a message because the person switched marketing off (code 131050).
pub const META: &str = "meta";

/// Whether a contact agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// Said yes.
    Granted,
    /// Said no, or stopped.
    Denied,
    /// Never said.
    Unknown,
}

impl ConsentState {
    /// The name in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Denied => "denied",
            Self::Unknown => "unknown",
        }
    }

    /// Reads a stored name; anything unknown counts as never said.
    pub fn parse(text: &str) -> Self {
        match text {
            "granted" => Self::Granted,
            "denied" => Self::Denied,
            _ => Self::Unknown,
        }
    }
}
