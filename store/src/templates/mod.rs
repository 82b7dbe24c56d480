//! Message templates as Meta keeps them.

mod read;

pub use read::{Filter, Key, Template, get, list};
