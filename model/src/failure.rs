//! Why a message failed or was not sent, in stable words that the console translates.

/// A failure as it is stored with a message and shown by the API.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Failure {
    /// Meta's error code, when Meta refused.
    pub code: Option<i64>,
    /// A stable key such as `window_closed`; the catalogue has its words.
    pub reason: String,
    /// Meta's details or our own, without personal data.
    pub detail: Option<String>,
}
