//! Templates: read from Meta, written here, handed in, taken away.

mod catalogue;
mod draft;
mod hand_in;
mod refusal;
mod remove;
mod sample;
mod submit;
mod sync;

pub use catalogue::{Named, Wanted, by_name, catalogue};
pub use draft::{Duplicate, Wish, create, duplicate, edit};
pub use hand_in::hand_in;
pub use refusal::Refusal;
pub use remove::remove;
pub use submit::{editable, submit};
pub use sync::{request_sync, sync};

/// Why a template could not be changed at Meta or here.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// Fields are wrong.
    #[error("the template has {} problems", .0.len())]
    Problems(Vec<wigwag_model::template_rules::Problem>),
    /// It cannot be changed now.
    #[error("the template cannot be changed: {}", .0.reason.unwrap_or_default())]
    Locked(wigwag_model::template_rules::limits::Editable),
    /// It is being handed in.
    #[error("the template is being handed in")]
    Running,
    /// There is nothing to hand in.
    #[error("there is nothing to hand in")]
    Nothing,
    /// Meta refused.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// Whether Meta accepted is not known; it is found out by reading Meta's list.
    #[error("Meta did not answer")]
    Unsure,
    /// A sample could not be read or handed to Meta.
    #[error("sample: {0}")]
    Sample(#[from] crate::media::UploadError),
    /// The database.
    #[error(transparent)]
    Store(#[from] wigwag_store::Error),
}
