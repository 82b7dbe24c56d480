//! Opening the configured database with its master key.

use std::path::Path;
use std::sync::Arc;

use wigwag_engine::clock::SystemClock;
use wigwag_store::{Db, Mint, Options};

use crate::config::Config;
use crate::failure::{Outcome, failed};
use crate::keys::MasterKey;
use crate::lock::Lock;
use crate::random;

/// Opens the database, made when missing; it may still have to be migrated.
///
/// # Errors
/// When it cannot be opened or the key cannot be read.
pub(crate) async fn open(config: &Config) -> Outcome<(Db, MasterKey)> {
    let key = MasterKey::find(&config.keys.master_file)?;
    let mint = Mint::new(Arc::new(SystemClock::new()), random::bytes()?);
    let options = Options {
        max_connections: config.database.connections,
        ..Options::new(mint, key.keys())
    };
    let url = config.database_url();
    if let Some(file) = sqlite_file(&url) {
        make_folder(file)?;
    }
    let db = Db::open(&url, options).await.map_err(|error| match error {
        wigwag_store::Error::Db(cause) => failed(format!(
            "the database cannot be opened ({cause}): check database.url, and that the database is there and lets this user in"
        )),
        wigwag_store::Error::Busy => failed(
            "the database does not answer: check database.url, and that PostgreSQL runs there".to_owned(),
        ),
        other => other.into(),
    })?;
    Ok((db, key))
}

/// Holds a SQLite database, wherever it is: a second server on it would send from the same outbox.
///
/// # Errors
/// When another process holds it, or its folder cannot be written.
pub(crate) fn hold(url: &str) -> Outcome<Option<Lock>> {
    let Some(file) = sqlite_file(url) else {
        return Ok(None);
    };
    make_folder(file)?;
    let mut name = file.as_os_str().to_owned();
    name.push(".lock");
    let subject = format!("the database {}", file.display());
    Lock::hold(Path::new(&name), &subject).map(Some)
}

fn make_folder(file: &Path) -> Outcome {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => {
            std::fs::create_dir_all(folder).map_err(|error| {
                failed(format!(
                    "the database's folder {} cannot be made: {error}",
                    folder.display()
                ))
            })
        }
        _ => Ok(()),
    }
}

/// Opens a database that is there and of this program's version, for commands that look after it.
///
/// # Errors
/// When it is not there, was never migrated, or is of another version or key.
pub(crate) async fn open_existing(config: &Config) -> Outcome<Db> {
    if let Some(file) = sqlite_file(&config.database_url())
        && !file.is_file()
    {
        return Err(failed(format!(
            "there is no database {}: `wigwag serve` makes it at its first start",
            file.display()
        )));
    }
    let (db, key) = open(config).await?;
    let found = db.schema_version().await.map_err(|error| match error {
        wigwag_store::Error::Db(_) => failed("the database is empty: run `wigwag migrate`"),
        other => other.into(),
    })?;
    let known = wigwag_store::newest_schema_version();
    if found < known {
        return Err(failed(format!(
            "the database is of version {found} and this program needs {known}: run `wigwag migrate`"
        )));
    }
    key.settle(&db).await?;
    Ok(db)
}

/// The file of a SQLite address.
pub(crate) fn sqlite_file(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?;
    Some(Path::new(path.trim_start_matches("//")))
}
