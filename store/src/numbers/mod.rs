//! Business phone numbers.

mod read;
mod write;

pub use read::{Number, first_sendable, get, list};
pub use write::{Changes, Limit, Listed, replace};
