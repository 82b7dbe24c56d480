//! The database: one type over SQLite and PostgreSQL.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, PgConnection, Postgres, SqliteConnection};
use wigwag_model::WorkspaceId;
use wigwag_model::id::Id;

use crate::blocks::BlockWakes;
use crate::crypt::{DataKey, Keys};
use crate::endpoints::EndpointWakes;
use crate::error::{Error, Result};
use crate::feed::FeedWakes;
use crate::fold::{Fold, Log};
use crate::jobs::JobWakes;
use crate::mint::Mint;
use crate::readers::{Lent, Readers};
use crate::sql::{Conn, Executor, sql};
use crate::tx::{Tx, WriteFuture};
use crate::wakes::Wakes;
use crate::writer::{Priority, Writer};

/// Which database a statement runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// How a database is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where ids, instants and randomness come from.
    pub mint: Mint,
    /// The master key.
    pub keys: Keys,
    /// Connections to PostgreSQL, and half as many again for reading; or readers of SQLite.
    pub max_connections: u32,
    /// SQLite's `synchronous`: only the proof that durability is tested sets this to false.
    pub durable: bool,
}

impl Options {
    /// The ordinary way: durable, a handful of connections.
    pub fn new(mint: Mint, keys: Keys) -> Self {
        Self {
            mint,
            keys,
            max_connections: 8,
            durable: true,
        }
    }
}

#[derive(Debug)]
pub(crate) enum Inner {
    Sqlite {
        readers: Readers<SqliteConnection>,
        writer: Writer,
        fold: Fold,
    },
    Postgres {
        readers: Readers<PgConnection>,
        pool: PgPool,
    },
}

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    pub(crate) inner: Arc<Inner>,
    mint: Mint,
    keys: Keys,
    data_keys: Arc<RwLock<HashMap<WorkspaceId, DataKey>>>,
    wakes: Wakes,
}

impl Db {
    /// Opens `sqlite:path` (created when missing) or `postgres://…`. Does not migrate.
    ///
    /// # Errors
    /// [`Error::Url`] for another scheme, [`Error::Unsafe`] when PostgreSQL runs with `fsync` or
    /// `synchronous_commit` off, [`Error::Db`] when it cannot be opened.
    pub async fn open(url: &str, options: Options) -> Result<Self> {
        let wakes = Wakes::default();
        let inner = if let Some(path) = url.strip_prefix("sqlite:") {
            open_sqlite(path.trim_start_matches("//"), &options, &wakes).await?
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            open_postgres(url, &options).await?
        } else {
            return Err(Error::Url(
                "expected sqlite:PATH or postgres://…".to_owned(),
            ));
        };
        Ok(Self {
            inner: Arc::new(inner),
            mint: options.mint,
            keys: options.keys,
            data_keys: Arc::default(),
            wakes,
        })
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match &*self.inner {
            Inner::Sqlite { .. } => Dialect::Sqlite,
            Inner::Postgres { .. } => Dialect::Postgres,
        }
    }

    /// Where ids, instants and randomness come from.
    pub fn mint(&self) -> &Mint {
        &self.mint
    }

    /// Tells that this process has committed feed events of any workspace.
    pub fn feed_wakes(&self) -> &FeedWakes {
        &self.wakes.feed
    }

    /// Tells that this process has committed jobs.
    pub fn job_wakes(&self) -> &JobWakes {
        &self.wakes.jobs
    }

    /// Tells that this process has committed something for endpoints.
    pub fn endpoint_wakes(&self) -> &EndpointWakes {
        &self.wakes.endpoints
    }

    /// Tells that this process has committed who is to be blocked, or let in again.
    pub fn block_wakes(&self) -> &BlockWakes {
        &self.wakes.blocks
    }

    /// The master key.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The key that seals a workspace's secrets, read once and kept.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a workspace, [`Error::Sealed`] under another master key.
    pub async fn data_key(&self, workspace: WorkspaceId) -> Result<DataKey> {
        if let Some(key) = self.data_keys.read().get(&workspace) {
            return Ok(key.clone());
        }
        let mut reader = self.reader().await?;
        let row = sql("SELECT data_key FROM workspaces WHERE id = $1")
            .bind(workspace)
            .fetch_one(&mut reader)
            .await?;
        let key = self.keys.data_key(workspace.uuid(), &row.bytes(0)?)?;
        self.data_keys.write().insert(workspace, key.clone());
        Ok(key)
    }

    /// A connection for reading; each statement sees the latest commit.
    ///
    /// # Errors
    /// [`Error::Busy`] when none becomes free in time.
    pub async fn reader(&self) -> Result<Reader> {
        Ok(Reader {
            conn: match &*self.inner {
                Inner::Sqlite { readers, .. } => ReaderConn::Sqlite(readers.lend().await?),
                Inner::Postgres { readers, .. } => ReaderConn::Postgres(readers.lend().await?),
            },
        })
    }

    /// A connection of PostgreSQL for one statement that writes and is a transaction of its own; `None` on
    /// SQLite, whose writer is one.
    ///
    /// # Errors
    /// [`Error::Busy`] when none becomes free in time.
    pub(crate) async fn alone(&self) -> Result<Option<Alone>> {
        Ok(match &*self.inner {
            Inner::Sqlite { .. } => None,
            Inner::Postgres { pool, .. } => Some(Alone(pool.acquire().await?)),
        })
    }

    /// Runs `work` in a transaction and returns once it is durable.
    ///
    /// On SQLite the work joins the writer's group and shares one fsync with its neighbours; a
    /// failure undoes this work alone. Once begun it is completed even when the caller goes away.
    ///
    /// # Errors
    /// What `work` returns; [`Error::Busy`] when the queue stays full for two seconds or
    /// PostgreSQL asks to come again; [`Error::Db`] when the commit fails.
    pub async fn write<T, F>(&self, priority: Priority, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> WriteFuture<'t, T> + Send + 'static,
    {
        match &*self.inner {
            Inner::Sqlite { writer, .. } => writer.write(priority, work).await,
            Inner::Postgres { pool, .. } => {
                let (pool, mint, wakes) = (pool.clone(), self.mint.clone(), self.wakes.clone());
                let keys = self.keys.clone();
                let task = tokio::spawn(async move {
                    let mut tx = Tx::postgres(pool.acquire().await?, mint, keys, wakes);
                    tx.begin().await?;
                    match work(&mut tx).await {
                        Ok(value) => {
                            tx.finish().await?;
                            tx.commit().await?;
                            Ok(value)
                        }
                        Err(error) => {
                            tx.rollback().await?;
                            Err(error)
                        }
                    }
                });
                task.await.map_err(|error| Error::Db(Box::new(error)))?
            }
        }
    }

    /// Waits for what is under way and closes the connections.
    pub async fn close(&self) {
        match &*self.inner {
            Inner::Sqlite {
                readers,
                writer,
                fold,
            } => {
                fold.close().await;
                writer.close().await;
                readers.close().await;
            }
            Inner::Postgres { readers, pool } => {
                readers.close().await;
                pool.close().await;
            }
        }
    }
}

async fn open_sqlite(path: &str, options: &Options, wakes: &Wakes) -> Result<Inner> {
    let base = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(512)
        .pragma("temp_store", "MEMORY")
        // Address space, not memory: pages are read in place instead of being copied.
        .pragma("mmap_size", "2147418112")
        // A page of a list fits: else the thread that reads rows waits for their reader and back.
        .row_buffer_size(256)
        .disable_statement_logging();
    let writing = base
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(if options.durable {
            SqliteSynchronous::Full
        } else {
            SqliteSynchronous::Off
        })
        .pragma("cache_size", "-32768")
        // See `fold`: a task of its own does that.
        .pragma("wal_autocheckpoint", "0");
    let mut first = writing.connect().await?;
    // Statements over many rows are tested with the plans that SQLite makes without statistics. Those of
    // a young database, once somebody ran ANALYZE, would make it read whole tables when they have grown.
    sqlx::query("DROP TABLE IF EXISTS sqlite_stat1")
        .execute(&mut first)
        .await?;
    let log = Arc::new(Log::default());
    let fold = Fold::start(writing, Arc::clone(&log)).await?;
    let (mint, keys) = (options.mint.clone(), options.keys.clone());
    let writer = Writer::start(first, mint, keys, wakes.clone(), log);
    let reading = base
        // Small: each commit of the writer empties it, page by page, and the file is mapped anyway.
        .pragma("cache_size", "-1024")
        .pragma("query_only", "ON");
    let readers = Readers::open(reading, options.max_connections.clamp(1, 8)).await?;
    Ok(Inner::Sqlite {
        readers,
        writer,
        fold,
    })
}

async fn open_postgres(url: &str, options: &Options) -> Result<Inner> {
    let connect = PgConnectOptions::from_str(url)
        .map_err(|error| Error::Url(error.to_string()))?
        .application_name("wigwag")
        .statement_cache_capacity(512)
        // Statements are found by their keys, whatever the values: planning each anew, as PostgreSQL does
        // where joins look dear, takes longer than answering. A snapshot plans by its values. So that the
        // one plan is not kept for the size that the tables had when it was made, see `statistics`. Joins
        // stand in the order in which rows are found: for a nearly empty table the planner would take any
        // order, and `workspace_id` alone for a condition.
        .options([
            ("plan_cache_mode", "force_generic_plan"),
            ("join_collapse_limit", "1"),
        ])
        .disable_statement_logging();
    let reading = (options.max_connections / 2).clamp(1, 8);
    let readers = Readers::open(connect.clone(), reading).await?;
    let pool = PgPoolOptions::new()
        .max_connections(options.max_connections.max(2))
        .acquire_timeout(Duration::from_secs(5))
        // A connection that broke meanwhile shows in its first statement, as busy: asking each time
        // before would double the journeys to the server.
        .test_before_acquire(false)
        .connect_with(connect)
        .await?;
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        let value: String = sqlx::query_scalar("SELECT current_setting($1)")
            .bind(setting)
            .fetch_one(&pool)
            .await?;
        if value == "off" && options.durable {
            return Err(Error::Unsafe(format!(
                "PostgreSQL runs with {setting} = off and would lose acknowledged messages: switch it on"
            )));
        }
    }
    Ok(Inner::Postgres { readers, pool })
}

/// A connection for one statement that writes, given back when dropped.
pub(crate) struct Alone(PoolConnection<Postgres>);

impl Executor for Alone {
    fn conn(&mut self) -> Conn<'_> {
        Conn::Postgres(&mut self.0)
    }
}

enum ReaderConn {
    Sqlite(Lent<SqliteConnection>),
    Postgres(Lent<PgConnection>),
}

/// A connection for reading, given back when dropped.
pub struct Reader {
    conn: ReaderConn,
}

impl Executor for Reader {
    fn conn(&mut self) -> Conn<'_> {
        match &mut self.conn {
            ReaderConn::Sqlite(lent) => Conn::Sqlite(lent.conn()),
            ReaderConn::Postgres(lent) => Conn::Postgres(lent.conn()),
        }
    }

    fn broke(&mut self) {
        match &mut self.conn {
            ReaderConn::Sqlite(lent) => lent.broke(),
            ReaderConn::Postgres(lent) => lent.broke(),
        }
    }
}
