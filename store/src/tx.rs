//! A transaction: statements, feed events and jobs that commit together.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::future::Future;
use std::pin::Pin;

use sqlx::pool::PoolConnection;
use sqlx::{Postgres, SqliteConnection};
use uuid::Uuid;
use wigwag_model::id::Id;
use wigwag_model::{ConversationId, JobId, Timestamp, WorkspaceId};

use crate::batch::Batch;
use crate::campaigns::Moves;
use crate::campaigns::ongoing::Triggers;
use crate::crypt::Keys;
use crate::db::Dialect;
use crate::endpoints::{self, Happening};
use crate::error::Result;
use crate::jobs::Lane;
use crate::mint::Mint;
use crate::sql::{Conn, Executor, sql, sql_rows};
use crate::wakes::Wakes;

/// What a piece of transactional work returns.
pub type WriteFuture<'t, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 't>>;

/// Something that clients of a workspace are told of. Says what changed, never what it is now:
/// the live socket reads that when it delivers, so that a late client sees the present.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Event {
    /// `message.created`, `message.changed`, `conversation.changed`, `contact.changed`, …
    pub kind: &'static str,
    /// The row that changed.
    pub subject: Uuid,
    /// The conversation it belongs to, when it does.
    pub conversation: Option<ConversationId>,
}

/// Work for later, enqueued with the change that causes it.
#[derive(Debug, Clone)]
pub struct Job {
    /// The kind, which names its handler: `media.fetch`, `template.sync`, …
    pub kind: &'static str,
    /// The tenant, when the job belongs to one.
    pub workspace: Option<WorkspaceId>,
    /// What the handler needs, as JSON.
    pub payload: String,
    /// Not before.
    pub run_at: Timestamp,
    /// A second job with this key is not enqueued while the first exists.
    pub dedupe_key: Option<String>,
    /// How often it may be tried in all.
    pub max_tries: i64,
}

enum TxConn {
    Sqlite(SqliteConnection),
    /// Lent by the pool; `None` only while being dropped.
    Postgres(Option<PoolConnection<Postgres>>),
}

/// What a transaction tells a workspace's clients: each event once, in the order of its first.
#[derive(Debug, Default)]
struct Recorded {
    in_order: Vec<Event>,
    known: HashSet<Event>,
}

impl Recorded {
    fn add(&mut self, event: Event) {
        if self.known.insert(event.clone()) {
            self.in_order.push(event);
        }
    }
}

/// A transaction under way.
pub struct Tx {
    conn: TxConn,
    mint: Mint,
    keys: Keys,
    events: BTreeMap<Uuid, Recorded>,
    happenings: BTreeMap<Uuid, Vec<Happening>>,
    seqs: BTreeMap<Uuid, i64>,
    jobs: Vec<Job>,
    moves: Moves,
    open: bool,
    wakes: Wakes,
    wake: BTreeSet<Wake>,
}

/// Whom a commit wakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Wake {
    Feed,
    Jobs,
    Endpoints,
    Blocks,
}

impl Drop for Tx {
    fn drop(&mut self) {
        // Work that panicked leaves its transaction open: such a connection must not go back to
        // the pool, where the next user would write into it.
        if let TxConn::Postgres(conn) = &mut self.conn
            && self.open
            && let Some(conn) = conn.take()
        {
            drop(conn.detach());
        }
    }
}

impl Executor for Tx {
    fn conn(&mut self) -> Conn<'_> {
        match &mut self.conn {
            TxConn::Sqlite(conn) => Conn::Sqlite(conn),
            #[expect(
                clippy::expect_used,
                reason = "taken only in drop, after which nobody can call"
            )]
            TxConn::Postgres(conn) => Conn::Postgres(conn.as_mut().expect("present until dropped")),
        }
    }
}

impl Tx {
    fn new(conn: TxConn, mint: Mint, keys: Keys, wakes: Wakes) -> Self {
        Self {
            conn,
            mint,
            keys,
            events: BTreeMap::new(),
            happenings: BTreeMap::new(),
            seqs: BTreeMap::new(),
            jobs: Vec::new(),
            moves: Moves::default(),
            open: false,
            wakes,
            wake: BTreeSet::new(),
        }
    }

    pub(crate) fn sqlite(conn: SqliteConnection, mint: Mint, keys: Keys, wakes: Wakes) -> Self {
        Self::new(TxConn::Sqlite(conn), mint, keys, wakes)
    }

    pub(crate) fn postgres(
        conn: PoolConnection<Postgres>,
        mint: Mint,
        keys: Keys,
        wakes: Wakes,
    ) -> Self {
        Self::new(TxConn::Postgres(Some(conn)), mint, keys, wakes)
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match self.conn {
            TxConn::Sqlite(_) => Dialect::Sqlite,
            TxConn::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Where ids, instants and randomness come from.
    pub fn mint(&self) -> &Mint {
        &self.mint
    }

    /// The master key, for digests of personal values.
    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Tells the workspace's clients of a change, with this transaction's commit.
    /// Equal events of one transaction are told once.
    pub fn record(&mut self, workspace: WorkspaceId, event: Event) {
        self.events.entry(workspace.uuid()).or_default().add(event);
    }

    /// Says what endpoints may want to be told of, beyond what [`Tx::record`] tells clients. Nothing is
    /// written where no endpoint of the workspace is on.
    pub(crate) fn happened(&mut self, workspace: WorkspaceId, happening: Happening) {
        let happenings = self.happenings.entry(workspace.uuid()).or_default();
        happenings.push(happening);
    }

    /// What this process keeps of the events that start campaigns.
    pub(crate) fn triggers(&self) -> &Triggers {
        &self.wakes.triggers
    }

    /// Wakes whoever tells endpoints, with this transaction's commit.
    pub(crate) fn wake_endpoints(&mut self) {
        self.wake.insert(Wake::Endpoints);
    }

    /// Wakes whoever asks Meta to block, with this transaction's commit.
    pub(crate) fn wake_blocks(&mut self) {
        self.wake.insert(Wake::Blocks);
    }

    /// Enqueues a job with this transaction's commit.
    pub fn enqueue(&mut self, job: Job) {
        self.jobs.push(job);
    }

    /// What this transaction moves among the states of campaigns' messages: counted, and told of
    /// once per campaign, with its commit.
    pub(crate) fn moves(&mut self) -> &mut Moves {
        &mut self.moves
    }

    /// This transaction's place in the workspace's change feed, for `changed_seq` columns.
    /// Takes the counter's row lock, so that commit order is the feed's order: ask late.
    ///
    /// # Errors
    /// What the database says.
    pub async fn seq(&mut self, workspace: WorkspaceId) -> Result<i64> {
        if let Some(seq) = self.seqs.get(&workspace.uuid()) {
            return Ok(*seq);
        }
        let (seq, _) = self.advance(workspace, 1).await?;
        self.seqs.insert(workspace.uuid(), seq);
        Ok(seq)
    }

    /// Moves the counter on, whose lock is held until the commit. Gives its value, and whether an endpoint
    /// of the workspace is on.
    pub(crate) async fn advance(&mut self, workspace: WorkspaceId, by: i64) -> Result<(i64, bool)> {
        let row =
            sql("UPDATE feeds SET seq = seq + $2 WHERE workspace_id = $1 RETURNING seq, endpoints")
                .bind(workspace)
                .bind(by)
                .fetch_one(self)
                .await?;
        Ok((row.int(0)?, row.bool(1)?))
    }

    /// Writes what was recorded and enqueued: the last statements before the commit.
    pub(crate) async fn finish(&mut self) -> Result<()> {
        let moves = std::mem::take(&mut self.moves);
        moves.tell(self);
        if !self.jobs.is_empty() {
            self.wake.insert(Wake::Jobs);
            let jobs = std::mem::take(&mut self.jobs);
            let now = self.mint.now();
            let ids: Vec<JobId> = jobs.iter().map(|_| self.mint.id()).collect();
            let rows = Batch::new()
                .ids("id", ids)
                .opt_ids("workspace_id", jobs.iter().map(|job| job.workspace))
                .texts("kind", jobs.iter().map(|job| job.kind))
                .ints("lane", jobs.iter().map(|job| Lane::of(job.kind).number()))
                .texts("payload", jobs.iter().map(|job| job.payload.as_str()))
                .opt_texts(
                    "dedupe_key",
                    jobs.iter().map(|job| job.dedupe_key.as_deref()),
                )
                .times("run_at", jobs.iter().map(|job| job.run_at))
                .ints("max_tries", jobs.iter().map(|job| job.max_tries));
            sql_rows(
                "INSERT INTO jobs (id, workspace_id, kind, lane, payload, dedupe_key, run_at, tries, max_tries, again, state, created_at)
                 SELECT r.id, r.workspace_id, r.kind, r.lane, r.payload, r.dedupe_key, r.run_at, 0, r.max_tries, 0, 'waiting', $1
                 FROM {rows} WHERE true ON CONFLICT DO NOTHING",
                rows,
            )
            .bind(now)
            .execute(self)
            .await?;
        }
        let mut events = std::mem::take(&mut self.events);
        let mut happenings = std::mem::take(&mut self.happenings);
        let workspaces: BTreeSet<Uuid> = events.keys().chain(happenings.keys()).copied().collect();
        for uuid in workspaces {
            let workspace = WorkspaceId::from_uuid(uuid);
            let events = events.remove(&uuid).unwrap_or_default().in_order;
            let happenings = happenings.remove(&uuid).unwrap_or_default();
            if self.feed(workspace, &events).await? {
                endpoints::write(self, workspace, happenings, &events).await?;
            }
        }
        // After the feed's counter, in every transaction: two that count wait in one order.
        moves.write(self).await?;
        self.seqs.clear();
        Ok(())
    }

    /// Writes events into the feed. Says whether an endpoint of the workspace is on.
    async fn feed(&mut self, workspace: WorkspaceId, events: &[Event]) -> Result<bool> {
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let (last, watched) = self.advance(workspace, count).await?;
        if events.is_empty() {
            return Ok(watched);
        }
        self.wake.insert(Wake::Feed);
        let rows = Batch::new()
            .ints("seq", (last - count + 1)..=last)
            .texts("kind", events.iter().map(|event| event.kind))
            .ids(
                "subject_id",
                events.iter().map(|event| Subject(event.subject)),
            )
            .opt_ids(
                "conversation_id",
                events.iter().map(|event| event.conversation),
            );
        sql_rows(
            "INSERT INTO feed (workspace_id, seq, kind, subject_id, conversation_id, at)
             SELECT $1, r.seq, r.kind, r.subject_id, r.conversation_id, $2 FROM {rows} WHERE true",
            rows,
        )
        .bind(workspace)
        .bind(self.mint.now())
        .execute(self)
        .await?;
        Ok(watched)
    }

    /// Forgets what was recorded, after a failure.
    pub(crate) fn forget(&mut self) {
        self.events.clear();
        self.happenings.clear();
        self.seqs.clear();
        self.jobs.clear();
        self.moves = Moves::default();
    }

    pub(crate) async fn begin(&mut self) -> Result<()> {
        let text = match self.dialect() {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN",
        };
        self.open = true;
        self.control(text).await
    }

    pub(crate) async fn commit(&mut self) -> Result<()> {
        self.control("COMMIT").await?;
        self.open = false;
        for wake in std::mem::take(&mut self.wake) {
            match wake {
                Wake::Feed => self.wakes.feed.wake(),
                Wake::Jobs => self.wakes.jobs.wake(),
                Wake::Endpoints => self.wakes.endpoints.wake(),
                Wake::Blocks => self.wakes.blocks.wake(),
            }
        }
        Ok(())
    }

    pub(crate) async fn rollback(&mut self) -> Result<()> {
        self.forget();
        self.control("ROLLBACK").await?;
        self.open = false;
        Ok(())
    }

    /// Folds in what is left of SQLite's log, see [`crate::fold`].
    pub(crate) async fn fold(&mut self) {
        if let Err(error) = self.control("PRAGMA wal_checkpoint(PASSIVE)").await {
            tracing::warn!(error = %error, "the write-ahead log could not be folded in");
        }
    }

    /// Ends SQLite's writing connection in good order.
    pub(crate) async fn close(&mut self) {
        // Folds the log into the database, so that a copy of the file alone is whole.
        if let Err(error) = self.control("PRAGMA wal_checkpoint(TRUNCATE)").await {
            tracing::warn!(error = %error, "the write-ahead log could not be folded in");
        }
    }

    pub(crate) async fn control(&mut self, text: &'static str) -> Result<()> {
        match self.conn() {
            Conn::Sqlite(conn) => sqlx::raw_sql(text).execute(conn).await.map(|_| ())?,
            Conn::Postgres(conn) => sqlx::raw_sql(text).execute(conn).await.map(|_| ())?,
        }
        Ok(())
    }
}

/// A raw id of any noun, for columns that hold several.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Subject(pub(crate) Uuid);

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Id for Subject {
    const PREFIX: &'static str = "subject";
    fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }
    fn uuid(self) -> Uuid {
        self.0
    }
}
