//! Actions on many contacts: their rows, their beginning and their end. The work itself is in `work`, the
//! way back in `back`.
//!
//! People are meant by a filter or listed one by one. Those of a filter are read page by page along their
//! dense numbers, outside the writer, up to the highest number there was at the beginning; whoever comes
//! later is not touched. Each page is written in one transaction with how far it has come, so that a process
//! that dies repeats nothing and forgets nothing.

mod back;
mod begin;
mod page;
mod people;
mod work;

pub use back::take_back;
pub use begin::{Begun, NewBulk, Who, begin};
pub use page::{Page, next_page};
pub use people::{Refused, refused, sweep};
pub use work::{Applied, apply};

use serde::{Deserialize, Serialize};
use wigwag_model::audience::Filter;
use wigwag_model::bulk::BulkAction;
use wigwag_model::{BulkId, Timestamp, WorkspaceId};

use crate::{Db, Error, Executor, Job, Priority, Result, Row, Tx, sql, sql_owned};

/// Carries an action out.
pub const RUN: &str = "bulk.run";
/// Takes an action back.
pub const UNDO: &str = "bulk.undo";

/// How far an action, or its way back, is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is being done.
    Running,
    /// Everybody was looked at.
    Done,
    /// It could not go on.
    Failed,
}

impl State {
    /// The name in tables and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    fn parse(text: &str, column: &'static str) -> Result<Self> {
        [Self::Running, Self::Done, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(wrong(column))
    }
}

fn wrong(column: &'static str) -> Error {
    Error::Inconsistent {
        table: "bulk_actions",
        column,
    }
}

/// An action on many contacts.
#[derive(Debug, Clone, PartialEq)]
pub struct Bulk {
    /// Its id.
    pub id: BulkId,
    /// What is done.
    pub action: BulkAction,
    /// Whom it means; `None` where people were listed.
    pub filter: Option<Filter>,
    /// How many there were when it began.
    pub total: i64,
    /// How far it is.
    pub state: State,
    /// Why it could not go on.
    pub failure: Option<String>,
    /// How many were looked at.
    pub seen: i64,
    /// How many it changed.
    pub changed: i64,
    /// How many were so already.
    pub unchanged: i64,
    /// With how many it could not be done.
    pub refused: i64,
    /// The way back, once somebody asked for it.
    pub undo: Option<Undo>,
    /// Who asked for it.
    pub created_by: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    pub(super) last_no: i64,
    pub(super) after_no: i64,
    pub(super) undo_after: i64,
}

impl Bulk {
    /// Whether everybody whom it means was looked at.
    pub fn all_seen(&self) -> bool {
        self.after_no >= self.last_no
    }
}

/// How far the way back is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undo {
    /// How far it is.
    pub state: State,
    /// How many were looked at.
    pub seen: i64,
    /// How many got back what they had.
    pub undone: i64,
    /// How many were changed by somebody else since and were left alone.
    pub kept: i64,
}

const COLUMNS: &str = "id, action, filter, last_no, total, state, failure, after_no, seen, changed, unchanged, refused,
    undo_state, undo_after, undo_seen, undone, kept, created_by, created_at, ended_at";

fn read(row: &Row) -> Result<Bulk> {
    let undo = match row.opt_text(12)? {
        None => None,
        Some(state) => Some(Undo {
            state: State::parse(&state, "undo_state")?,
            seen: row.int(14)?,
            undone: row.int(15)?,
            kept: row.int(16)?,
        }),
    };
    Ok(Bulk {
        id: row.id(0)?,
        action: serde_json::from_str(&row.text(1)?).map_err(|_| wrong("action"))?,
        filter: row
            .opt_text(2)?
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|_| wrong("filter"))?,
        last_no: row.int(3)?,
        total: row.int(4)?,
        state: State::parse(&row.text(5)?, "state")?,
        failure: row.opt_text(6)?,
        after_no: row.int(7)?,
        seen: row.int(8)?,
        changed: row.int(9)?,
        unchanged: row.int(10)?,
        refused: row.int(11)?,
        undo,
        undo_after: row.int(13)?,
        created_by: row.text(17)?,
        created_at: row.time(18)?,
        ended_at: row.opt_time(19)?,
    })
}

/// One action.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(on: &mut impl Executor, workspace: WorkspaceId, id: BulkId) -> Result<Bulk> {
    let row = sql_owned(format!(
        "SELECT {COLUMNS} FROM bulk_actions WHERE workspace_id = $1 AND id = $2"
    ))
    .bind(workspace)
    .bind(id)
    .fetch_one(on)
    .await?;
    read(&row)
}

/// The place of an action in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Its id.
    pub id: BulkId,
}

/// A page of actions, the newest first, and the key of its last when there may be more.
///
/// # Errors
/// What the database says.
pub async fn list(
    db: &Db,
    workspace: WorkspaceId,
    after: Option<Key>,
    limit: u32,
) -> Result<(Vec<Bulk>, Option<Key>)> {
    let begin = if after.is_some() { " AND id < $2" } else { "" };
    let statement = sql_owned(format!(
        "SELECT {COLUMNS} FROM bulk_actions WHERE workspace_id = $1{begin} ORDER BY id DESC LIMIT {}",
        u64::from(limit) + 1
    ))
    .bind(workspace);
    let statement = match after {
        Some(key) => statement.bind(key.id),
        None => statement,
    };
    let rows = statement.fetch_all(&mut db.reader().await?).await?;
    let mut listed = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let more = listed.len() > limit as usize;
    listed.truncate(limit as usize);
    let key = listed
        .last()
        .filter(|_| more)
        .map(|last| Key { id: last.id });
    Ok((listed, key))
}

/// Begins to take an action back and enqueues the work. One that is being taken back is left alone, one whose
/// way back failed goes on.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] when the action has not ended, or ended before `ended_since`.
pub async fn begin_undo(
    db: &Db,
    workspace: WorkspaceId,
    id: BulkId,
    ended_since: Timestamp,
    actor: String,
) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let bulk = get(tx, workspace, id).await?;
            if bulk.undo.is_some_and(|undo| undo.state != State::Failed) {
                return Ok(());
            }
            if bulk.state == State::Running || bulk.ended_at.is_none_or(|at| at < ended_since) {
                return Err(Error::Stale);
            }
            sql("UPDATE bulk_actions SET undo_state = 'running', undone_by = $3 WHERE workspace_id = $1 AND id = $2")
                .bind(workspace)
                .bind(id)
                .bind(actor)
                .execute(tx)
                .await?;
            enqueue(tx, workspace, id, UNDO, bulk.undo_after);
            Ok(())
        })
    })
    .await
}

/// Enqueues the work that goes on from where this spell stopped.
///
/// # Errors
/// What the database says.
pub async fn go_on(db: &Db, workspace: WorkspaceId, id: BulkId, kind: &'static str) -> Result<()> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let bulk = get(tx, workspace, id).await?;
            let from = if kind == UNDO {
                bulk.undo_after
            } else {
                bulk.after_no
            };
            enqueue(tx, workspace, id, kind, from);
            Ok(())
        })
    })
    .await
}

/// Ends an action whose people were all looked at.
///
/// # Errors
/// What the database says.
pub async fn finish(db: &Db, workspace: WorkspaceId, id: BulkId) -> Result<()> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            sql("UPDATE bulk_actions SET state = 'done', ended_at = $3
                 WHERE workspace_id = $1 AND id = $2 AND state = 'running' AND after_no >= last_no")
            .bind(workspace)
            .bind(id)
            .bind(now)
            .execute(tx)
            .await
            .map(drop)
        })
    })
    .await
}

/// Ends an action, or its way back, that cannot go on.
///
/// # Errors
/// What the database says.
pub async fn fail(
    db: &Db,
    workspace: WorkspaceId,
    id: BulkId,
    kind: &'static str,
    reason: &'static str,
) -> Result<()> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let text = if kind == UNDO {
                "UPDATE bulk_actions SET undo_state = 'failed', failure = $3, ended_at = COALESCE(ended_at, $4)
                 WHERE workspace_id = $1 AND id = $2 AND undo_state = 'running'"
            } else {
                "UPDATE bulk_actions SET state = 'failed', failure = $3, ended_at = $4
                 WHERE workspace_id = $1 AND id = $2 AND state = 'running'"
            };
            sql(text)
                .bind(workspace)
                .bind(id)
                .bind(reason)
                .bind(now)
                .execute(tx)
                .await
                .map(drop)
        })
    })
    .await
}

fn enqueue(tx: &mut Tx, workspace: WorkspaceId, id: BulkId, kind: &'static str, from: i64) {
    let now = tx.mint().now();
    tx.enqueue(Job {
        kind,
        workspace: Some(workspace),
        payload: serde_json::json!({ "bulk": id }).to_string(),
        run_at: now,
        dedupe_key: Some(format!("{kind}:{id}:{from}")),
        max_tries: 10,
    });
}
