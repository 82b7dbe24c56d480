//! What can go wrong between us and the Graph API.
//!
//! [`GraphError`] is Meta's error object; [`Error`] is everything else too, sorted by how far the request
//! got. Neither holds a token: addresses are cut out of transport errors, because Graph takes tokens in
//! query strings.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::classify::{self, Class, CodeInfo};

/// Meta's error object.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GraphError {
    /// Text, usually with the code in front: `(#131056) …`.
    pub message: String,
    /// `OAuthException` nearly always.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The code: what to decide on.
    pub code: i64,
    /// A narrower code; management calls mostly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_subcode: Option<i64>,
    /// Details.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_data: Option<ErrorData>,
    /// Whether Meta thinks that it will pass; management calls only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_transient: Option<bool>,
    /// A title to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_user_title: Option<String>,
    /// A text to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_user_msg: Option<String>,
    /// Trace id for Meta's support.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fbtrace_id: Option<String>,
    /// Fields that this crate does not know.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Details of an error.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ErrorData {
    /// `whatsapp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messaging_product: Option<String>,
    /// What went wrong, in Meta's words.
    pub details: String,
}

/// The body of every failed answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GraphErrorBody {
    /// The error.
    pub error: GraphError,
}

impl GraphError {
    /// An error with code, text and details.
    pub fn new(code: i64, message: impl Into<String>, details: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            kind: Some("OAuthException".into()),
            code,
            error_data: Some(ErrorData {
                messaging_product: Some("whatsapp".into()),
                details: details.into(),
            }),
            ..Self::default()
        }
    }

    /// What we know about the code; the subcode decides where it has a row of its own.
    pub fn info(&self) -> Option<&'static CodeInfo> {
        classify::lookup_with_subcode(self.code, self.error_subcode)
    }

    /// The class; [`Class::Unknown`] for codes without a row.
    pub fn class(&self) -> Class {
        self.info().map_or(Class::Unknown, |info| info.class)
    }

    /// Meta's details, else its text to show, else the message.
    pub fn details(&self) -> &str {
        let details = self
            .error_data
            .as_ref()
            .map(|data| data.details.as_str())
            .filter(|text| !text.is_empty());
        details
            .or(self.error_user_msg.as_deref())
            .unwrap_or(&self.message)
    }
}

impl std::fmt::Display for GraphError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Meta refused with code {}", self.code)?;
        if let Some(subcode) = self.error_subcode {
            write!(f, "/{subcode}")?;
        }
        write!(f, ": {}", self.details())
    }
}

/// Why a call gave no answer of use.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// Meta answered with an error object.
    #[error("{error}")]
    Graph {
        /// HTTP status.
        status: u16,
        /// The error.
        error: Box<GraphError>,
    },
    /// The caller's stop was raised before the request left.
    #[error("stopped before the request left")]
    Stopped,
    /// Failed before the request left: no connection, or the request could not be built.
    #[error("the request did not leave: {0}")]
    NotSent(String),
    /// No answer in time, after the request may have left.
    #[error("no answer in time")]
    Timeout,
    /// The connection broke after the request may have left.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// An HTTP status of failure without an error object.
    #[error("HTTP status {status} without an error object")]
    Status {
        /// HTTP status.
        status: u16,
    },
    /// An HTTP status of success with a body of another shape.
    #[error("HTTP status {status} with an unreadable body: {reason}")]
    Body {
        /// HTTP status.
        status: u16,
        /// Where it stopped making sense.
        reason: String,
    },
    /// The answer is larger than allowed.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// A media address that must not get the token.
    #[error("{host} is not a media host of Meta's; the token is not sent there")]
    UntrustedHost {
        /// The host.
        host: String,
    },
}

impl Error {
    /// The class of the failure.
    pub fn class(&self) -> Class {
        match self {
            Self::Graph { error, .. } => error.class(),
            Self::NotSent(_) | Self::Timeout | Self::Broken(_) | Self::Body { .. } => Class::Retry,
            Self::Status { status } if *status >= 500 || *status == 408 => Class::Retry,
            Self::Status { status: 429 } => Class::BackOff,
            Self::Status { status: 401 } => Class::Token,
            Self::Stopped
            | Self::Status { .. }
            | Self::TooLarge { .. }
            | Self::UntrustedHost { .. } => Class::Terminal,
        }
    }

    /// Meta's error object, if there was one.
    pub fn graph(&self) -> Option<&GraphError> {
        match self {
            Self::Graph { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Meta's code, if there was one.
    pub fn code(&self) -> Option<i64> {
        self.graph().map(|error| error.code)
    }

    /// HTTP status, if there was an answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Graph { status, .. } | Self::Status { status } | Self::Body { status, .. } => {
                Some(*status)
            }
            _ => None,
        }
    }
}
