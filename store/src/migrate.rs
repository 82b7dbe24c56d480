//! Migrations: one text per change, expanded per dialect, append-only.

use sha2::{Digest, Sha256};
use wigwag_model::Timestamp;

use crate::db::{Db, Dialect};
use crate::error::{Error, Result};
use crate::sql::{Conn, Executor, sql};
use crate::tx::Tx;
use crate::writer::Priority;

/// Every change of the schema, in order. Append only: a landed text never changes.
const MIGRATIONS: &[(&str, &str)] = &[
    ("instance", include_str!("../migrations/0001_instance.sql")),
    (
        "workspace",
        include_str!("../migrations/0002_workspace.sql"),
    ),
    ("outbox", include_str!("../migrations/0003_outbox.sql")),
    ("feed", include_str!("../migrations/0004_feed.sql")),
    ("audience", include_str!("../migrations/0005_audience.sql")),
    (
        "templates",
        include_str!("../migrations/0006_templates.sql"),
    ),
    ("costs", include_str!("../migrations/0007_costs.sql")),
    (
        "campaigns",
        include_str!("../migrations/0008_campaigns.sql"),
    ),
    (
        "links_events",
        include_str!("../migrations/0009_links_events.sql"),
    ),
    (
        "confirmations",
        include_str!("../migrations/0010_confirmations.sql"),
    ),
    (
        "import_undo",
        include_str!("../migrations/0011_import_undo.sql"),
    ),
    (
        "public_api",
        include_str!("../migrations/0012_public_api.sql"),
    ),
    ("segments", include_str!("../migrations/0013_segments.sql")),
    ("tracking", include_str!("../migrations/0014_tracking.sql")),
    (
        "endpoints",
        include_str!("../migrations/0015_endpoints.sql"),
    ),
    ("ongoing", include_str!("../migrations/0016_ongoing.sql")),
    ("contacts", include_str!("../migrations/0017_contacts.sql")),
    ("filters", include_str!("../migrations/0018_filters.sql")),
    ("keyed", include_str!("../migrations/0019_keyed.sql")),
    ("blocks", include_str!("../migrations/0020_blocks.sql")),
];

/// A migration's text for one database.
fn expand(text: &str, dialect: Dialect) -> String {
    let (id, int, words, bytes, strict, keyed) = match dialect {
        Dialect::Sqlite => (
            "BLOB",
            "INTEGER",
            "TEXT",
            "BLOB",
            " STRICT",
            " STRICT, WITHOUT ROWID",
        ),
        Dialect::Postgres => ("UUID", "BIGINT", "TEXT COLLATE \"C\"", "BYTEA", "", ""),
    };
    text.replace("{id}", id)
        .replace("{int}", int)
        .replace("{text}", words)
        .replace("{bytes}", bytes)
        .replace("{strict}", strict)
        .replace("{keyed}", keyed)
}

/// The newest version that this program knows.
pub fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

impl Db {
    /// Brings the schema up to date. Safe to call from several processes at once.
    ///
    /// # Errors
    /// [`Error::Newer`] when the database is ahead of this program; [`Error::Unsafe`] when an
    /// applied migration differs from ours.
    pub async fn migrate(&self) -> Result<()> {
        self.write(Priority::Foreground, |tx| Box::pin(migrate(tx)))
            .await
    }

    /// Whether the schema is what this program expects, without changing it.
    ///
    /// # Errors
    /// [`Error::Newer`], or [`Error::Db`] when it was never migrated.
    pub async fn schema_version(&self) -> Result<i64> {
        let mut reader = self.reader().await?;
        let row = sql("SELECT MAX(version) FROM schema_migrations")
            .fetch_one(&mut reader)
            .await?;
        let found = row.opt_int(0)?.unwrap_or(0);
        if found > newest() {
            Err(Error::Newer {
                found,
                known: newest(),
            })
        } else {
            Ok(found)
        }
    }
}

async fn migrate(tx: &mut Tx) -> Result<()> {
    let dialect = tx.dialect();
    if dialect == Dialect::Postgres {
        // One process migrates, the others wait and then find nothing to do.
        sql("SELECT pg_advisory_xact_lock(722017)::text")
            .fetch_one(tx)
            .await?;
    }
    let bookkeeping = "CREATE TABLE IF NOT EXISTS schema_migrations (
        version {int} NOT NULL PRIMARY KEY, name {text} NOT NULL, checksum {bytes} NOT NULL, applied_at {int} NOT NULL
    ){strict};";
    run_text(tx, &expand(bookkeeping, dialect)).await?;
    let applied = sql("SELECT version, checksum FROM schema_migrations ORDER BY version")
        .fetch_all(tx)
        .await?;
    let found = i64::try_from(applied.len()).unwrap_or(i64::MAX);
    if found > newest() {
        return Err(Error::Newer {
            found,
            known: newest(),
        });
    }
    for (at, (name, text)) in MIGRATIONS.iter().enumerate() {
        let version = i64::try_from(at).unwrap_or(0) + 1;
        let checksum = Sha256::digest(text.as_bytes()).to_vec();
        if let Some(row) = applied.get(at) {
            if row.bytes(1)? != checksum {
                return Err(Error::Unsafe(format!(
                    "migration {version} ({name}) was applied with another text: this database belongs to another build"
                )));
            }
            continue;
        }
        run_text(tx, &expand(text, dialect)).await?;
        fill(tx, name).await?;
        let now: Timestamp = tx.mint().now();
        sql("INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)")
            .bind(version)
            .bind(*name)
            .bind(checksum)
            .bind(now)
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// What a migration moves that SQL alone cannot: words are folded and values read in Rust.
async fn fill(tx: &mut Tx, name: &str) -> Result<()> {
    match name {
        "audience" => crate::contacts::backfill(tx).await,
        "keyed" => crate::contacts::fill_terms(tx).await,
        _ => Ok(()),
    }
}

/// Runs a text of several statements without parameters.
async fn run_text(tx: &mut Tx, text: &str) -> Result<()> {
    match tx.conn() {
        Conn::Sqlite(conn) => sqlx::raw_sql(sqlx::AssertSqlSafe(text))
            .execute(conn)
            .await
            .map(|_| ())?,
        Conn::Postgres(conn) => sqlx::raw_sql(sqlx::AssertSqlSafe(text))
            .execute(conn)
            .await
            .map(|_| ())?,
    }
    Ok(())
}

/// A short text that changes with any migration, to name test templates by.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn fingerprint() -> String {
    let mut digest = Sha256::new();
    for (_, text) in MIGRATIONS {
        digest.update(text.as_bytes());
    }
    hex::encode(&digest.finalize()[..6])
}
