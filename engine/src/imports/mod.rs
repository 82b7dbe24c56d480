//! Files of contacts: taken in, looked through, rehearsed, and written in the background.
//!
//! A file is brought into UTF-8 once, when it comes; from then on it is read as a stream from
//! whichever byte is next, so that a million rows need no more memory than a thousand and a process
//! that dies goes on where the last chunk ended. The rehearsal ([`check`]) and the work (`run`)
//! prepare rows by the same code.

mod check;
mod columns;
mod errors;
mod export;
mod mapping;
mod parts;
mod reading;
mod receive;
mod row;
mod run;
mod safe;
mod stretch;
mod undo;

pub use check::{Report, check, first_rows};
pub use errors::{error_head, error_lines};
pub use export::ContactsFile;
pub use mapping::{Agreement, Fault, Target, Wish, suggest};
pub use reading::{default_country, read_again};
pub use receive::{MOST_BYTES, Receiver, Refusal, receive};
pub(crate) use run::{IMPORT_RUN, give_up, run};
pub use run::{NotYet, start};
pub use safe::safe_cell;
pub(crate) use undo::{IMPORT_UNDO, give_up_undo, undo};
pub use undo::{NotUndone, UNDO_WITHIN, begin_undo, undo_until};
