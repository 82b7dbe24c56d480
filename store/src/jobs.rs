//! Jobs: work that was enqueued with the change that causes it, see [`crate::Tx::enqueue`].
//!
//! A job waits until it is due. Claiming it moves its due time to the end of a lease, so that one
//! index answers both "what is due" and "whose runner died"; the number of the try is the fence
//! that keeps a runner whose lease ended from recording an outcome. A job that succeeded is
//! deleted; one that is given up stays as `failed` for a while, without its key, so that the same
//! work may be enqueued anew.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use wigwag_model::{JobId, Timestamp, WorkspaceId};

use crate::{Db, Dialect, Job, Priority, Result, Row, sql};

/// Most characters of an error that are kept.
const ERROR_CHARS: usize = 500;

/// Wakes the runners of this process after a commit that enqueued jobs.
#[derive(Debug, Clone)]
pub struct JobWakes(Arc<watch::Sender<u64>>);

impl Default for JobWakes {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
}

impl JobWakes {
    pub(crate) fn wake(&self) {
        self.0.send_modify(|count| *count += 1);
    }

    /// Follows the commits.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}

/// Jobs that wait for each other. What somebody waits for must not stand behind a thousand files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Short ones, and those that somebody waits for.
    Prompt,
    /// Files that come in, many at times and as slow as whoever sends them; long walks over contacts.
    Bulk,
}

impl Lane {
    /// Every lane.
    pub const ALL: [Self; 2] = [Self::Prompt, Self::Bulk];

    /// The lane of a kind of jobs.
    pub fn of(kind: &str) -> Self {
        if matches!(
            kind,
            "media.fetch" | "import.run" | "import.undo" | "bulk.run" | "bulk.undo"
        ) {
            Self::Bulk
        } else {
            Self::Prompt
        }
    }

    /// The name in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prompt => "prompt",
            Self::Bulk => "bulk",
        }
    }

    /// The number in the table.
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Prompt => 0,
            Self::Bulk => 1,
        }
    }
}

/// A job that a runner holds until its lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Its id.
    pub id: JobId,
    /// The tenant, when it belongs to one.
    pub workspace: Option<WorkspaceId>,
    /// Names its handler.
    pub kind: String,
    /// What the handler needs, as JSON.
    pub payload: String,
    /// Which try this is, from 1. More than [`Claimed::max_tries`] when the last try never ended.
    pub try_no: i64,
    /// How often it may be tried in all.
    pub max_tries: i64,
    /// Until when nobody else gets it.
    pub leased_until: Timestamp,
}

/// A job that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Its id.
    pub id: JobId,
    /// The tenant, when it belongs to one.
    pub workspace: Option<WorkspaceId>,
    /// Names its handler.
    pub kind: String,
    /// How often it was tried.
    pub tries: i64,
    /// What the last try said.
    pub last_error: Option<String>,
    /// When it was given up.
    pub at: Timestamp,
}

/// Enqueues jobs that are due now. One whose key is there already is not enqueued again: where it
/// waits for a later try, it becomes due now instead, and where it runs, it will run once more,
/// because what it has read may be older than this wish.
///
/// # Errors
/// What the database says.
pub async fn enqueue_or_hurry(db: &Db, jobs: Vec<Job>) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            for job in jobs {
                if let Some(key) = &job.dedupe_key {
                    sql("UPDATE jobs SET run_at = CASE WHEN locked_until IS NULL AND run_at > $2 THEN $2 ELSE run_at END,
                            again = CASE WHEN locked_until IS NULL THEN 0 ELSE 1 END
                         WHERE dedupe_key = $1 AND state = 'waiting'")
                        .bind(key)
                        .bind(job.run_at)
                        .execute(tx)
                        .await?;
                }
                tx.enqueue(job);
            }
            Ok(())
        })
    })
    .await
}

/// Claims due jobs of a lane, the longest due first, until `now` plus `lease`.
///
/// # Errors
/// What the database says.
pub async fn claim(
    db: &Db,
    lane: Lane,
    now: Timestamp,
    lease: Duration,
    limit: usize,
) -> Result<Vec<Claimed>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            // SQLite has one writer: nobody else can be claiming.
            let text = match tx.dialect() {
                Dialect::Sqlite => {
                    "UPDATE jobs SET tries = tries + 1, run_at = $2, locked_until = $2, again = 0 WHERE id IN (
                        SELECT id FROM jobs WHERE state = 'waiting' AND lane = $4 AND run_at <= $1 ORDER BY run_at LIMIT $3)
                     RETURNING id, workspace_id, kind, payload, tries, max_tries"
                }
                Dialect::Postgres => {
                    // Materialised: the planner must not run the locking part twice.
                    "WITH due AS MATERIALIZED (
                        SELECT id FROM jobs WHERE state = 'waiting' AND lane = $4 AND run_at <= $1 ORDER BY run_at LIMIT $3
                        FOR UPDATE SKIP LOCKED)
                     UPDATE jobs SET tries = jobs.tries + 1, run_at = $2, locked_until = $2, again = 0
                     FROM due WHERE jobs.id = due.id
                     RETURNING jobs.id, workspace_id, kind, payload, tries, max_tries"
                }
            };
            let until = now.plus(lease);
            let rows = sql(text).bind(now).bind(until).bind(limit).bind(lane.number()).fetch_all(tx).await?;
            rows.iter().map(|row| claimed(row, until)).collect()
        })
    })
    .await
}

fn claimed(row: &Row, leased_until: Timestamp) -> Result<Claimed> {
    Ok(Claimed {
        id: row.id(0)?,
        workspace: row.opt_id(1)?,
        kind: row.text(2)?,
        payload: row.text(3)?,
        try_no: row.int(4)?,
        max_tries: row.int(5)?,
        leased_until,
    })
}

/// Deletes a job that is done, whoever holds it by now: done is done. One that was wished for anew
/// meanwhile is due at once.
///
/// # Errors
/// What the database says.
pub async fn succeed(db: &Db, id: JobId) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let again = sql(
                "UPDATE jobs SET run_at = $2, tries = 0, locked_until = NULL, last_error = NULL, again = 0
                 WHERE id = $1 AND again = 1",
            )
            .bind(id)
            .bind(now)
            .execute(tx)
            .await?;
            if again == 0 {
                sql("DELETE FROM jobs WHERE id = $1")
                    .bind(id)
                    .execute(tx)
                    .await?;
            }
            Ok(())
        })
    })
    .await
}

/// Records that a try failed: the job waits until `again`, or is given up when that is `None`.
/// Says whether the runner still held it; otherwise nothing is changed.
///
/// # Errors
/// What the database says.
pub async fn fail(db: &Db, job: &Claimed, error: &str, again: Option<Timestamp>) -> Result<bool> {
    let (id, try_no, leased_until) = (job.id, job.try_no, job.leased_until);
    let error: String = error.chars().take(ERROR_CHARS).collect();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let statement = match again {
                Some(at) => sql(
                    "UPDATE jobs SET run_at = $4, locked_until = NULL, last_error = $5
                     WHERE id = $1 AND tries = $2 AND locked_until = $3",
                )
                .bind(id)
                .bind(try_no)
                .bind(leased_until)
                .bind(at),
                None => sql(
                    "UPDATE jobs SET state = 'failed', dedupe_key = NULL, run_at = $4, locked_until = NULL, last_error = $5
                     WHERE id = $1 AND tries = $2 AND locked_until = $3",
                )
                .bind(id)
                .bind(try_no)
                .bind(leased_until)
                .bind(tx.mint().now()),
            };
            Ok(statement.bind(error).execute(tx).await? == 1)
        })
    })
    .await
}

/// Gives a job back as if it had not been claimed, because the process goes away.
///
/// # Errors
/// What the database says.
pub async fn release(db: &Db, job: &Claimed) -> Result<bool> {
    let (id, try_no, leased_until) = (job.id, job.try_no, job.leased_until);
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let done = sql(
                "UPDATE jobs SET run_at = $4, locked_until = NULL, tries = tries - 1
                 WHERE id = $1 AND tries = $2 AND locked_until = $3",
            )
            .bind(id)
            .bind(try_no)
            .bind(leased_until)
            .bind(now)
            .execute(tx)
            .await?;
            Ok(done == 1)
        })
    })
    .await
}

/// When the next job of a lane is due or its next lease ends.
///
/// # Errors
/// What the database says.
pub async fn next_due(db: &Db, lane: Lane) -> Result<Option<Timestamp>> {
    sql("SELECT MIN(run_at) FROM jobs WHERE state = 'waiting' AND lane = $1")
        .bind(lane.number())
        .fetch_one(&mut db.reader().await?)
        .await?
        .opt_time(0)
}

/// The jobs given up last, newest first.
///
/// # Errors
/// What the database says.
pub async fn failed(db: &Db, limit: u32) -> Result<Vec<Failed>> {
    let rows = sql(
        "SELECT id, workspace_id, kind, tries, last_error, run_at FROM jobs
                    WHERE state = 'failed' ORDER BY run_at DESC LIMIT $1",
    )
    .bind(i64::from(limit))
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Failed {
                id: row.id(0)?,
                workspace: row.opt_id(1)?,
                kind: row.text(2)?,
                tries: row.int(3)?,
                last_error: row.opt_text(4)?,
                at: row.time(5)?,
            })
        })
        .collect()
}

/// Forgets jobs given up before an instant, at most 2,000.
///
/// # Errors
/// What the database says.
pub async fn sweep(db: &Db, before: Timestamp) -> Result<u64> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            sql("DELETE FROM jobs WHERE id IN
                 (SELECT id FROM jobs WHERE state = 'failed' AND run_at < $1 ORDER BY run_at LIMIT 2000)")
                .bind(before)
                .execute(tx)
                .await
        })
    })
    .await
}
