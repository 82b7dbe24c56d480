//! Marking a message as read, with or without the typing bubble.

use serde::{Deserialize, Serialize};

use super::MessagingProduct;

/// Marks a message and all earlier ones of the thread as read. Not possible after 30 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkRead {
    /// Always `whatsapp`.
    #[serde(default)]
    pub messaging_product: MessagingProduct,
    status: Read,
    /// The message's wamid.
    pub message_id: String,
    /// Shows the typing bubble until we answer, for 25 seconds at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typing_indicator: Option<TypingIndicator>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Read {
    Read,
}

/// The typing bubble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TypingIndicator {
    /// Somebody types.
    Text {},
}

impl MarkRead {
    /// Marks as read.
    pub fn new(wamid: impl Into<String>) -> Self {
        Self {
            messaging_product: MessagingProduct::Whatsapp,
            status: Read::Read,
            message_id: wamid.into(),
            typing_indicator: None,
        }
    }

    /// Marks as read and shows the typing bubble.
    pub fn typing(wamid: impl Into<String>) -> Self {
        Self {
            typing_indicator: Some(TypingIndicator::Text {}),
            ..Self::new(wamid)
        }
    }
}
