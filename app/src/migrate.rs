//! `wigwag migrate`: brings the database to this program's version.

use clap::Args;

use crate::config::Source;
use crate::data_folder::DataFolder;
use crate::failure::Outcome;
use crate::{database, telemetry};

/// Options of the command.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    source: Source,
}

/// Migrates and says what was done.
///
/// # Errors
/// When a server holds the data folder, or the database is of a newer version.
pub(crate) async fn run(options: Options) -> Outcome {
    let config = options.source.read()?;
    telemetry::start(config.logs.format, config.logs.level);
    // On SQLite a running server holds the folder: its statements know one schema only.
    let _held = config
        .is_sqlite()
        .then(|| DataFolder::hold(&config.data.folder))
        .transpose()?;
    let _database = database::hold(&config.database_url())?;
    let (db, key) = database::open(&config).await?;
    // An empty database has no table to read the version from.
    let before = db.schema_version().await.unwrap_or(0);
    db.migrate().await?;
    key.settle(&db).await?;
    let after = db.schema_version().await?;
    db.close().await;
    if before == after {
        say!("The database is of version {after}: nothing to do.");
    } else {
        say!("The database went from version {before} to {after}.");
    }
    Ok(())
}
