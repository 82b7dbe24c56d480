//! PostgreSQL's knowledge of how large our tables are, kept fresh while they are small.
//!
//! Statements are planned once per connection, and again when the statistics of a table that they ask have
//! changed. A plan made for a nearly empty table takes any index for as good as any other and walks the
//! table when it has grown. PostgreSQL looks at its tables itself, but only once a minute: in that time a
//! campaign on a fresh database writes ten thousands of rows. So we look each second and have a table
//! counted anew when it has doubled; a large table is left to the server. Rows count, not changes: a queue
//! changes all the time, and each count has everybody plan anew.

use crate::{Db, Dialect, Result, sql, sql_owned};

/// More rows from which a table is worth a look.
const LEAST: i64 = 200;
/// From so many rows on the server's own look is often enough.
const LARGE: i64 = 1_000_000;

/// Has those tables counted that have doubled since they were counted last. Returns how many; always nought
/// on SQLite, which has no such knowledge.
///
/// # Errors
/// What the database says.
pub async fn refresh(db: &Db) -> Result<usize> {
    if db.dialect() == Dialect::Sqlite {
        return Ok(0);
    }
    let Some(mut on) = db.alone().await? else {
        return Ok(0);
    };
    let grown = sql(
        "SELECT quote_ident(s.relname) FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
         WHERE s.schemaname = current_schema() AND c.reltuples < $2
           AND s.n_live_tup > 2 * GREATEST(c.reltuples::bigint, 0) + $1",
    )
    .bind(LEAST)
    .bind(LARGE)
    .fetch_all(&mut on)
    .await?;
    for row in &grown {
        sql_owned(format!("ANALYZE {}", row.text(0)?))
            .execute(&mut on)
            .await?;
    }
    Ok(grown.len())
}
