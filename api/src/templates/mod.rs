//! Message templates: read, checked, written, handed in.

mod check;
mod problems;
mod read;
mod versions;
mod write;

pub use check::*;
pub use read::*;
pub use versions::*;
pub use write::*;
