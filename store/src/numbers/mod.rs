//! Business phone numbers.

mod connect;
mod read;
mod write;

pub use connect::{NewNumber, connect};
pub use read::{Number, first_sendable, get, list};
pub use write::{Changes, Limit, Listed, replace};
