//! Business phone numbers.

mod connect;
mod read;

pub use connect::{NewNumber, connect};
pub use read::{Number, first_sendable, get, list};
