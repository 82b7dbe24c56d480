//! Message templates: those that Meta keeps, and those that are written here.

mod draft;
mod links;
mod plan;
mod read;
mod submit;
mod versions;
mod write;

pub use draft::{Content, New, Save, create, remove, save};
pub use links::with_links;
pub use plan::same_text;
pub use read::{Filter, Key, Template, find, get, list, named};
pub use submit::{Accepted, Claim, Submission, accepted, claim, gone, refused};
pub use versions::{Version, edits, versions};
pub use write::{Changes, Listed, replace};

/// The feed's name for a changed template.
pub const CHANGED: &str = "template.changed";

/// Status of a template that Meta does not know.
pub const DRAFT: &str = "draft";
/// Status of a template that Meta does not have any more.
pub const DELETED: &str = "deleted";
