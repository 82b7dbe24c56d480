//! SQLite's readers: a handful of connections, lent and given back without a word to the database.
//!
//! sqlx's own pool asks a connection for a sign of life when it is taken and again when it is given
//! back. On SQLite each word goes to a thread and back, so that a short read cost three journeys instead
//! of one. A file needs no sign of life; what is left of a pool without it is this.

use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

use crate::error::{Error, Result};

/// How long somebody waits for a free connection.
const PATIENCE: Duration = Duration::from_secs(5);

type Slot = Arc<Mutex<SqliteConnection>>;
type Idle = Arc<parking_lot::Mutex<Vec<Slot>>>;

/// Connections to lend.
#[derive(Debug)]
pub(crate) struct Readers {
    options: Box<SqliteConnectOptions>,
    places: Arc<Semaphore>,
    idle: Idle,
}

/// A connection on loan.
#[derive(Debug)]
pub(crate) struct Lent {
    conn: OwnedMutexGuard<SqliteConnection>,
    slot: Slot,
    idle: Idle,
    /// Free again after the connection is back: whoever gets the place finds one.
    _place: OwnedSemaphorePermit,
}

impl Readers {
    /// Opens `most` connections.
    pub(crate) async fn open(options: SqliteConnectOptions, most: u32) -> Result<Self> {
        let mut idle = Vec::new();
        for _ in 0..most.max(1) {
            idle.push(Arc::new(Mutex::new(options.connect().await?)));
        }
        Ok(Self {
            options: Box::new(options),
            places: Arc::new(Semaphore::new(idle.len())),
            idle: Arc::new(parking_lot::Mutex::new(idle)),
        })
    }

    /// Lends a connection for statements that each stand for themselves.
    ///
    /// # Errors
    /// [`Error::Busy`] when none becomes free in time, or the database is being closed.
    pub(crate) async fn lend(&self) -> Result<Lent> {
        let place = Arc::clone(&self.places).acquire_owned();
        let place = tokio::time::timeout(PATIENCE, place)
            .await
            .map_err(|_| Error::Busy)?
            .map_err(|_| Error::Busy)?;
        // The one that was used last: its pages are the warmest.
        let slot = self.idle.lock().pop().ok_or(Error::Busy)?;
        Ok(Lent {
            // Whoever gave it back may hold it for another moment.
            conn: Arc::clone(&slot).lock_owned().await,
            slot,
            idle: Arc::clone(&self.idle),
            _place: place,
        })
    }

    /// A connection of its own, closed when dropped: for a transaction, which may be left in the middle.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn apart(&self) -> Result<SqliteConnection> {
        Ok(self.options.connect().await?)
    }

    /// Lends no more, and closes those that are here.
    pub(crate) async fn close(&self) {
        self.places.close();
        let idle = std::mem::take(&mut *self.idle.lock());
        for slot in idle.into_iter().filter_map(Arc::into_inner) {
            if let Err(error) = slot.into_inner().close().await {
                tracing::warn!(%error, "a reader could not be closed");
            }
        }
    }
}

impl Lent {
    /// The connection.
    pub(crate) fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.conn
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.idle.lock().push(Arc::clone(&self.slot));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn as_many_are_lent_as_there_are_and_each_comes_back() {
        let options = SqliteConnectOptions::new().filename(":memory:");
        let readers = Readers::open(options, 2).await.unwrap();
        for _ in 0..10 {
            let (mut one, mut other) =
                (readers.lend().await.unwrap(), readers.lend().await.unwrap());
            assert!(readers.places.clone().try_acquire_owned().is_err());
            for lent in [&mut one, &mut other] {
                let read: i64 = sqlx::query_scalar("SELECT 7")
                    .fetch_one(lent.conn())
                    .await
                    .unwrap();
                assert_eq!(read, 7);
            }
        }
        assert_eq!(readers.idle.lock().len(), 2);
        // A reader who goes away in the middle of a statement leaves a connection that works.
        let mut lent = readers.lend().await.unwrap();
        let long = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000) SELECT i FROM n";
        let reading = sqlx::query(long).fetch_all(lent.conn());
        assert!(
            tokio::time::timeout(Duration::from_micros(1), reading)
                .await
                .is_err()
        );
        let read: i64 = sqlx::query_scalar("SELECT 8")
            .fetch_one(lent.conn())
            .await
            .unwrap();
        assert_eq!(read, 8);
        drop(lent);
        readers.close().await;
        assert!(matches!(readers.lend().await, Err(Error::Busy)));
    }
}
