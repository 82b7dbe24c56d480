//! Files of contacts that are read in: the file's row, its progress, the rows that were not taken,
//! and what columns were last read as.
//!
//! A chunk of rows is written in one transaction together with the byte at which the next begins,
//! so that a process that dies repeats nothing and forgets nothing. The counts are moved by the
//! same transaction: they are the database's.

mod changes;
mod chunk;
mod externals;
mod list;
mod people;
mod problems;
mod reading;
mod remember;
mod rows;
mod take_back;
mod undo;

pub use chunk::{Chunk, Consented, Known, Said, Taken, apply, look};
pub use externals::define_traits;
pub use list::{Key as ListKey, list};
pub use problems::{Problem, problems};
pub use reading::{Reading, read_as, wish};
pub use remember::{remember, remembered};
pub use rows::{Column, Import, New, State, fail, finish, get, insert, next, start};
pub use take_back::{sweep_changes, take_back};
pub use undo::{Undo, UndoState, begin_undo, fail_undo, next_undo, undo};

/// The feed's name for a changed import.
pub const CHANGED: &str = "import.changed";
