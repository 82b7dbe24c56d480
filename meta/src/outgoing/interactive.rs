//! Interactive messages: header, body and footer around an action.

use serde::{Deserialize, Serialize};

use super::interactive_action::Action;
use super::media::Media;

/// An interactive message. `type` on the wire follows from the action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interactive {
    /// Header; which kinds are allowed depends on the action.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<Header>,
    /// Body; every action but `product` needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<TextBlock>,
    /// Footer; at most 60 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer: Option<TextBlock>,
    /// Type and action.
    #[serde(flatten)]
    pub action: Action,
}

/// A text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextBlock {
    /// The text.
    pub text: String,
}

/// Header of an interactive message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Header {
    /// Text of at most 60 characters.
    Text {
        /// The text.
        text: String,
    },
    /// Image.
    Image {
        /// The image.
        image: HeaderMedia,
    },
    /// Video.
    Video {
        /// The video.
        video: HeaderMedia,
    },
    /// Document.
    Document {
        /// The document.
        document: HeaderMedia,
    },
}

/// Media of a header: no caption is shown.
pub type HeaderMedia = Media;

impl Interactive {
    /// An interactive message with a body.
    pub fn new(body: impl Into<String>, action: Action) -> Self {
        Self {
            header: None,
            body: Some(TextBlock { text: body.into() }),
            footer: None,
            action,
        }
    }

    /// The same with a header.
    #[must_use]
    pub fn with_header(mut self, header: Header) -> Self {
        self.header = Some(header);
        self
    }

    /// The same with a footer.
    #[must_use]
    pub fn with_footer(mut self, text: impl Into<String>) -> Self {
        self.footer = Some(TextBlock { text: text.into() });
        self
    }
}
