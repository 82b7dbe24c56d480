//! Folding SQLite's write-ahead log into the database, beside the writer.
//!
//! Left to itself SQLite folds the log in after a commit, and the commit waits. As a rule that is short;
//! after a long snapshot, which keeps the log from being folded in, it is tens of megabytes and a fifth of
//! a second in which no webhook is answered. Here a connection of its own folds in what it can while the
//! writer goes on. Only the little that came meanwhile is left to the writer: when that is done too, the log
//! begins anew at the front of its file.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqliteConnection};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use crate::error::Result;

/// How long after a commit it begins: many commits are folded in at once.
const EACH: Duration = Duration::from_millis(250);
/// Pages of a log that is worth beginning anew: 8 MiB.
const LONG: i64 = 2_000;
/// Pages that the writer may be left with: a few milliseconds.
const LITTLE: i64 = 500;

/// What the writer and the folding task tell each other.
#[derive(Debug, Default)]
pub(crate) struct Log {
    written: Notify,
    nearly: AtomicBool,
}

impl Log {
    /// The writer has committed something.
    pub(crate) fn written(&self) {
        self.written.notify_one();
    }

    /// Whether the writer should fold in the little that is left.
    pub(crate) fn nearly_folded(&self) -> bool {
        self.nearly.swap(false, Ordering::Relaxed)
    }
}

/// The folding task.
#[derive(Debug)]
pub(crate) struct Fold {
    stop: parking_lot::Mutex<Option<oneshot::Sender<()>>>,
    task: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Fold {
    /// Starts it.
    ///
    /// # Errors
    /// What the database says to one more connection.
    pub(crate) async fn start(options: SqliteConnectOptions, log: Arc<Log>) -> Result<Self> {
        let conn = options.connect().await?;
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(serve(conn, options, log, stopped));
        Ok(Self {
            stop: parking_lot::Mutex::new(Some(stop)),
            task: tokio::sync::Mutex::new(Some(task)),
        })
    }

    /// Ends it and closes its connection.
    pub(crate) async fn close(&self) {
        if let Some(stop) = self.stop.lock().take() {
            let _ = stop.send(());
        }
        let task = self.task.lock().await.take();
        if let Some(task) = task {
            let _ = task.await;
        }
    }
}

async fn serve(
    mut conn: SqliteConnection,
    options: SqliteConnectOptions,
    log: Arc<Log>,
    mut stopped: oneshot::Receiver<()>,
) {
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            () = log.written.notified() => {}
        }
        tokio::select! {
            _ = &mut stopped => break,
            () = tokio::time::sleep(EACH) => {}
        }
        match fold(&mut conn).await {
            Ok((pages, folded)) => {
                if pages > LONG && pages - folded <= LITTLE {
                    log.nearly.store(true, Ordering::Relaxed);
                } else if folded < pages {
                    // A snapshot is under way: look again.
                    log.written();
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the write-ahead log could not be folded in");
                if let Ok(again) = options.connect().await {
                    conn = again;
                }
                log.written();
            }
        }
    }
    let _ = conn.close().await;
}

/// Folds in what no reader still needs: how many pages the log has, and how many of them are folded in.
async fn fold(conn: &mut SqliteConnection) -> sqlx::Result<(i64, i64)> {
    let row = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
        .fetch_one(conn)
        .await?;
    Ok((row.try_get(1)?, row.try_get(2)?))
}
