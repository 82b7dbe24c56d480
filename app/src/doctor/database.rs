//! The database: there, of this version, durable, opened by this key.

use wigwag_store::{Db, Dialect, accounts};

use super::report::Report;
use crate::config::Config;
use crate::database;

/// Checks it; the open database when there is one to look into.
pub(super) async fn check(config: &Config, report: &mut Report) -> Option<Db> {
    let subject = "database";
    if let Some(file) = database::sqlite_file(&config.database_url())
        && !file.is_file()
    {
        let found = format!("{} is not there yet", file.display());
        report.unusual(subject, found, "`wigwag serve` makes it at its first start");
        return None;
    }
    match database::open_existing(config).await {
        Err(failure) => {
            report.wrong(subject, failure.to_string(), "see the line itself");
            None
        }
        Ok(db) => {
            // Opening refuses a PostgreSQL that would lose what it acknowledged.
            let found = match db.dialect() {
                Dialect::Sqlite => "SQLite, every commit synced to disk",
                Dialect::Postgres => "PostgreSQL with fsync and synchronous_commit on",
            };
            let version = wigwag_store::newest_schema_version();
            report.fine(
                subject,
                format!("{found}, version {version}, opened by this master key"),
            );
            owner(&db, report).await;
            Some(db)
        }
    }
}

async fn owner(db: &Db, report: &mut Report) {
    match accounts::any(db).await {
        Ok(true) => {}
        Ok(false) => report.unusual(
            "owner",
            "nobody owns this installation yet",
            "`wigwag serve` tells of the set-up page in its log",
        ),
        Err(error) => report.wrong("owner", error.to_string(), "see the line itself"),
    }
}
