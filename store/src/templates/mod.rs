//! Message templates as Meta keeps them.

mod read;
mod write;

pub use read::{Filter, Key, Template, get, list};
pub use write::{Changes, Listed, replace};
