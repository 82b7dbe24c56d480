//! Connections for reading, lent and given back without a word to the database.
//!
//! sqlx's own pool asks a connection for a sign of life each time it is given back, and on SQLite each
//! word goes to a thread and back: a short read would cost two journeys instead of one. What is left of a
//! pool without it is this. A connection that breaks is noticed by whoever uses it and made anew.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{Error, Result};

/// How long somebody waits for a free connection.
const PATIENCE: Duration = Duration::from_secs(5);

type OptionsOf<C> = <C as Connection>::Options;
/// Places for connections: empty until one is needed, and after it broke.
type Idle<C> = Arc<Mutex<Vec<Option<C>>>>;

/// Connections to lend.
#[derive(Debug)]
pub(crate) struct Readers<C: Connection> {
    options: Box<OptionsOf<C>>,
    places: Arc<Semaphore>,
    idle: Idle<C>,
}

/// A connection on loan.
#[derive(Debug)]
pub(crate) struct Lent<C: Connection> {
    /// Empty only while it is being opened.
    conn: Option<C>,
    broke: bool,
    idle: Idle<C>,
    /// Free again after the connection is back: whoever gets the place finds one.
    _place: OwnedSemaphorePermit,
}

impl<C: Connection> Readers<C> {
    /// Lends at most `most` connections at a time. The first one is opened now, to see whether it can be.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn open(options: OptionsOf<C>, most: u32) -> Result<Self> {
        let mut idle: Vec<Option<C>> = (1..most).map(|_| None).collect();
        idle.push(Some(options.connect().await?));
        Ok(Self {
            options: Box::new(options),
            places: Arc::new(Semaphore::new(idle.len())),
            idle: Arc::new(Mutex::new(idle)),
        })
    }

    /// Lends a connection for statements that each stand for themselves.
    ///
    /// # Errors
    /// [`Error::Busy`] when none becomes free in time, or the database is being closed.
    pub(crate) async fn lend(&self) -> Result<Lent<C>> {
        let place = Arc::clone(&self.places).acquire_owned();
        let place = tokio::time::timeout(PATIENCE, place)
            .await
            .map_err(|_| Error::Busy)?
            .map_err(|_| Error::Busy)?;
        // The one that was used last: its pages are the warmest.
        let conn = self.idle.lock().pop().ok_or(Error::Busy)?;
        let mut lent = Lent {
            conn,
            broke: false,
            idle: Arc::clone(&self.idle),
            _place: place,
        };
        if lent.conn.is_none() {
            lent.conn = Some(self.options.connect().await?);
        }
        Ok(lent)
    }

    /// A connection of its own, closed when dropped: for a transaction, which may be left in the middle.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn apart(&self) -> Result<C> {
        Ok(self.options.connect().await?)
    }

    /// Lends no more, and closes those that are here.
    pub(crate) async fn close(&self) {
        self.places.close();
        let idle = std::mem::take(&mut *self.idle.lock());
        for conn in idle.into_iter().flatten() {
            if let Err(error) = conn.close().await {
                tracing::warn!(%error, "a reader could not be closed");
            }
        }
    }
}

impl<C: Connection> Lent<C> {
    /// The connection.
    #[expect(clippy::expect_used, reason = "filled before anybody has it")]
    pub(crate) fn conn(&mut self) -> &mut C {
        self.conn.as_mut().expect("present while it is lent")
    }

    /// Nobody gets this connection again.
    pub(crate) fn broke(&mut self) {
        self.broke = true;
    }
}

impl<C: Connection> Drop for Lent<C> {
    fn drop(&mut self) {
        let conn = self.conn.take().filter(|_| !self.broke);
        self.idle.lock().push(conn);
    }
}

#[cfg(test)]
mod tests {
    use sqlx::SqliteConnection;
    use sqlx::sqlite::SqliteConnectOptions;

    use super::*;

    #[tokio::test]
    async fn as_many_are_lent_as_there_are_and_each_comes_back() {
        let options = SqliteConnectOptions::new().filename(":memory:");
        let readers: Readers<SqliteConnection> = Readers::open(options, 2).await.unwrap();
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
        // One that broke is replaced when it is needed.
        let mut lent = readers.lend().await.unwrap();
        sqlx::query("CREATE TABLE mark (x)")
            .execute(lent.conn())
            .await
            .unwrap();
        lent.broke();
        drop(lent);
        assert_eq!(readers.idle.lock().len(), 2);
        let mut anew = readers.lend().await.unwrap();
        let marks: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master")
            .fetch_one(anew.conn())
            .await
            .unwrap();
        assert_eq!(marks, 0);
        drop(anew);
        readers.close().await;
        assert!(matches!(readers.lend().await, Err(Error::Busy)));
    }
}
