//! All of Wigwag's SQL, for SQLite and PostgreSQL: one text for both, one function per question.
//!
//! The crate speaks in domain words: no pool, connection or row type of the database library
//! leaves it. Writes record their change-feed event and enqueue their jobs in the same
//! transaction. Nothing here looks at the clock or makes randomness on its own: both come from
//! the [`Mint`] given at [`Db::open`].

pub mod accounts;
pub mod api_keys;
pub mod apps;
pub mod audience;
pub mod audit;
mod batch;
pub mod blocks;
pub mod bulk;
pub mod calls;
pub mod campaigns;
pub mod confirmations;
pub mod consent;
pub mod contacts;
pub mod conversations;
mod crypt;
mod db;
pub mod dead_letters;
pub mod endpoints;
pub mod erasures;
mod error;
pub mod event_names;
pub mod events;
pub mod feed;
mod fold;
pub mod hooks;
pub mod imports;
pub mod ingest;
pub mod jobs;
pub mod journal;
pub mod lanes;
pub mod media;
pub mod members;
pub mod merges;
pub mod messages;
mod migrate;
mod mint;
pub mod numbers;
pub mod one_time_tokens;
pub mod outbox;
pub mod portfolios;
mod readers;
pub mod retention;
pub mod routes;
pub mod segments;
pub mod sessions;
mod snapshot;
mod sql;
pub mod statistics;
pub mod templates;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod tx;
pub mod uploads;
pub mod visits;
pub mod wabas;
mod wakes;
pub mod workspaces;
mod writer;

pub use batch::Batch;
pub use crypt::{DataKey, Keys, Sealed, hash_token};
pub use db::{Db, Dialect, Options, Reader};
pub use error::{Error, Result};
pub use migrate::newest as newest_schema_version;
pub use mint::Mint;
pub use snapshot::Snapshot;
pub use sql::{Bind, Conn, Executor, Row, Sql, Value, sql, sql_owned, sql_rows, sql_rows_owned};
pub use tx::{Event, Job, Tx, WriteFuture};
pub use writer::Priority;
