//! Answers to sends, and the plain answer of most writes.

use serde::{Deserialize, Serialize};

use crate::outgoing::MessagingProduct;

/// Answer to an accepted send. Accepted is not delivered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SendResponse {
    /// Always `whatsapp`.
    pub messaging_product: MessagingProduct,
    /// Whom Meta understood.
    pub contacts: Vec<SendContact>,
    /// The message.
    pub messages: Vec<SentMessage>,
}

/// Whom Meta understood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SendContact {
    /// What we wrote.
    pub input: String,
    /// WhatsApp id; may differ from the input's digits, absent for a BSUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wa_id: Option<String>,
    /// Business-scoped user id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
}

/// The message as accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SentMessage {
    /// The wamid.
    pub id: String,
    /// Templates only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_status: Option<MessageStatus>,
    /// The group, for sends to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_id: Option<String>,
}

open_enum! {
    /// What Meta does with an accepted template message.
    pub enum MessageStatus {
        /// Sends it.
        Accepted = "accepted",
        /// Holds it until the template's quality is known (pacing).
        HeldForQualityAssessment = "held_for_quality_assessment",
        /// Holds it, because the template was paused.
        Paused = "paused",
    }
}

/// Answer to most writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Success {
    /// Whether it was done.
    pub success: bool,
}
