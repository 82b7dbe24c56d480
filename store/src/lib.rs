//! All of Wigwag's SQL, for SQLite and PostgreSQL: one text for both, one function per question.
//!
//! The crate speaks in domain words: no pool, connection or row type of the database library
//! leaves it. Writes record their change-feed event and enqueue their jobs in the same
//! transaction. Nothing here looks at the clock or makes randomness on its own: both come from
//! the [`Mint`] given at [`Db::open`].

mod batch;
mod crypt;
mod db;
mod error;
mod migrate;
mod mint;
mod sql;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod tx;
mod writer;

pub use batch::Batch;
pub use crypt::{DataKey, Keys, Sealed, hash_token};
pub use db::{Db, Dialect, Options, Reader};
pub use error::{Error, Result};
pub use mint::Mint;
pub use sql::{Bind, Conn, Executor, Row, Sql, Value, sql, sql_owned, sql_rows};
pub use tx::{Event, Job, Tx, WriteFuture};
pub use writer::Priority;
