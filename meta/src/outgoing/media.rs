//! Media to send: by uploaded id or by public link.

use serde::{Deserialize, Serialize};

/// Where the bytes come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaSource {
    /// Id of an upload, valid for 30 days.
    Id(String),
    /// HTTPS address that Meta fetches and keeps for 10 minutes; a failure comes as a status with 131053.
    Link(String),
}

/// Media of a message, a header or a template parameter. Which options apply depends on the type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Where the bytes come from.
    #[serde(flatten)]
    pub source: MediaSource,
    /// Caption of an image, video or document; at most 1,024 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// File name of a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// Audio only: a voice message (Ogg with Opus).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<bool>,
}

impl Media {
    /// Media by id of an upload.
    pub fn id(id: impl Into<String>) -> Self {
        Self {
            source: MediaSource::Id(id.into()),
            caption: None,
            filename: None,
            voice: None,
        }
    }

    /// Media by public link.
    pub fn link(link: impl Into<String>) -> Self {
        Self {
            source: MediaSource::Link(link.into()),
            caption: None,
            filename: None,
            voice: None,
        }
    }

    /// The same with a caption.
    #[must_use]
    pub fn with_caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    /// The same with a file name.
    #[must_use]
    pub fn with_filename(mut self, filename: impl Into<String>) -> Self {
        self.filename = Some(filename.into());
        self
    }
}
