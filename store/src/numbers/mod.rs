//! Business phone numbers.

mod read;

pub use read::{Number, first_sendable, get, list};
