//! Files of contacts that are read in: the file's row, its progress, the rows that were not taken,
//! and what columns were last read as.
//!
//! A chunk of rows is written in one transaction together with the byte at which the next begins,
//! so that a process that dies repeats nothing and forgets nothing. The counts are moved by the
//! same transaction: they are the database's.

mod chunk;
mod problems;
mod remember;
mod rows;

pub use chunk::{Chunk, Consented, Known, Taken, apply, look};
pub use problems::{Problem, problems};
pub use remember::{remember, remembered};
pub use rows::{Column, Import, New, State, fail, finish, get, insert, next, start, wish};

/// The feed's name for a changed import.
pub const CHANGED: &str = "import.changed";
