//! Reading many statements from one state of the database, while others write.

use sqlx::{Executor as _, Postgres, SqliteConnection, Transaction};

use crate::db::{Db, Inner};
use crate::error::Result;
use crate::sql::{Conn, Executor, sql};

enum Under {
    Sqlite(SqliteConnection),
    Postgres(Transaction<'static, Postgres>),
}

/// A read transaction: every statement sees what was committed when it was taken, and is planned for
/// the values that it asks with. Released when dropped. Not for keeping: on SQLite the log grows meanwhile, on PostgreSQL old rows stay.
pub struct Snapshot {
    under: Under,
}

impl Executor for Snapshot {
    fn conn(&mut self) -> Conn<'_> {
        match &mut self.under {
            Under::Sqlite(conn) => Conn::Sqlite(conn),
            Under::Postgres(tx) => Conn::Postgres(tx),
        }
    }
}

impl Db {
    /// Takes a snapshot.
    ///
    /// # Errors
    /// [`crate::Error::Busy`] when no connection becomes free in time.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        let under = match &*self.inner {
            Inner::Sqlite { readers, .. } => {
                let mut conn = readers.apart().await?;
                conn.execute("BEGIN").await?;
                Under::Sqlite(conn)
            }
            Inner::Postgres { pool, .. } => {
                let mut tx = pool
                    .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?;
                // Filters are read from indexes whose pages are in memory, and compiling a statement
                // takes longer than running it.
                tx.execute(
                    "SET LOCAL plan_cache_mode = auto; SET LOCAL join_collapse_limit = 8;
                     SET LOCAL jit = off; SET LOCAL random_page_cost = 1.1; SET LOCAL work_mem = '32MB'",
                )
                .await?;
                Under::Postgres(tx)
            }
        };
        let mut snapshot = Snapshot { under };
        // Both databases take their snapshot with the first statement that reads.
        sql("SELECT COUNT(*) FROM schema_migrations")
            .fetch_one(&mut snapshot)
            .await?;
        Ok(snapshot)
    }
}
