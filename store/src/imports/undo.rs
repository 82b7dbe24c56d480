//! An import taken back: its row, its beginning and its end. The work itself is in `take_back`.

use std::collections::BTreeMap;

use wigwag_model::{ContactId, ImportId, Timestamp, WorkspaceId};

use super::rows::{State, changed, get};
use crate::{Db, Error, Executor, Job, Priority, Result, Row, Tx, sql};

/// How far an undo is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UndoState {
    /// It is being done.
    Running,
    /// Everybody was looked at.
    Done,
    /// It could not go on; asked again it goes on.
    Failed,
}

impl UndoState {
    /// The name in tables and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Running, Self::Done, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// An undo. `removed`, `restored`, `unchanged` and all of `kept` add up to `seen`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// How far it is.
    pub state: UndoState,
    /// The last of the list whom it has looked at.
    pub(super) after: Option<ContactId>,
    /// How many people it has looked at.
    pub seen: i64,
    /// How many contacts were removed: the import had made them, and nothing else touched them.
    pub removed: i64,
    /// How many contacts got something back that the import had changed.
    pub restored: i64,
    /// How many contacts the import had changed nothing of.
    pub unchanged: i64,
    /// Of how many a yes was withdrawn.
    pub withdrawn: i64,
    /// How many were left alone, by reason.
    pub kept: BTreeMap<String, i64>,
    /// Who has asked for it.
    pub(super) asked_by: String,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

fn read(row: &Row) -> Result<Undo> {
    let wrong = |column| Error::Inconsistent {
        table: "import_undos",
        column,
    };
    Ok(Undo {
        state: UndoState::parse(&row.text(0)?).ok_or_else(|| wrong("state"))?,
        after: row.opt_id(1)?,
        seen: row.int(2)?,
        removed: row.int(3)?,
        restored: row.int(4)?,
        unchanged: row.int(5)?,
        withdrawn: row.int(6)?,
        kept: serde_json::from_str(&row.text(7)?).map_err(|_| wrong("kept"))?,
        asked_by: row.text(8)?,
        created_at: row.time(9)?,
        ended_at: row.opt_time(10)?,
    })
}

/// The undo of an import, when somebody has asked for one.
///
/// # Errors
/// What the database says.
pub async fn undo(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    import: ImportId,
) -> Result<Option<Undo>> {
    let row = sql(
        "SELECT state, after_contact, seen, removed, restored, unchanged, withdrawn, kept, asked_by, created_at, ended_at
         FROM import_undos WHERE workspace_id = $1 AND import_id = $2",
    )
    .bind(workspace)
    .bind(import)
    .fetch_optional(on)
    .await?;
    row.as_ref().map(read).transpose()
}

/// Begins to take an import back and enqueues the work. One that has begun is left alone, one that
/// failed goes on.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] when the import has not ended, or ended before
/// `ended_since`.
pub async fn begin_undo(
    db: &Db,
    workspace: WorkspaceId,
    import: ImportId,
    ended_since: Timestamp,
    actor: String,
) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let row = get(tx, workspace, import).await?;
            let now = tx.mint().now();
            let seen = match undo(tx, workspace, import).await? {
                Some(begun) if begun.state != UndoState::Failed => return Ok(()),
                Some(failed) => failed.seen,
                None => 0,
            };
            let ended = matches!(row.state, State::Done | State::Failed);
            if !ended || row.ended_at.is_none_or(|at| at < ended_since) {
                return Err(Error::Stale);
            }
            sql(
                "INSERT INTO import_undos (workspace_id, import_id, state, seen, removed, restored, unchanged, withdrawn, kept, asked_by, created_at)
                 VALUES ($1, $2, 'running', 0, 0, 0, 0, 0, '{}', $3, $4)
                 ON CONFLICT (workspace_id, import_id) DO UPDATE SET state = 'running', ended_at = NULL",
            )
            .bind(workspace)
            .bind(import)
            .bind(&actor)
            .bind(now)
            .execute(tx)
            .await?;
            tx.enqueue(job(workspace, import, seen, now));
            changed(tx, workspace, import);
            Ok(())
        })
    })
    .await
}

/// Enqueues the work that goes on from where this one stopped.
///
/// # Errors
/// What the database says.
pub async fn next_undo(db: &Db, workspace: WorkspaceId, import: ImportId) -> Result<()> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            if let Some(undo) = undo(tx, workspace, import).await?
                && undo.state == UndoState::Running
            {
                let now = tx.mint().now();
                tx.enqueue(job(workspace, import, undo.seen, now));
            }
            Ok(())
        })
    })
    .await
}

/// Ends an undo that cannot go on; asked for again it goes on from where it was.
///
/// # Errors
/// What the database says.
pub async fn fail_undo(db: &Db, workspace: WorkspaceId, import: ImportId) -> Result<()> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move { end(tx, workspace, import, UndoState::Failed).await })
    })
    .await
}

pub(super) async fn end(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: ImportId,
    state: UndoState,
) -> Result<()> {
    let now = tx.mint().now();
    let ended = sql("UPDATE import_undos SET state = $3, ended_at = $4
         WHERE workspace_id = $1 AND import_id = $2 AND state = 'running'")
    .bind(workspace)
    .bind(import)
    .bind(state.as_str())
    .bind(now)
    .execute(tx)
    .await?;
    if ended == 1 {
        changed(tx, workspace, import);
    }
    Ok(())
}

fn job(workspace: WorkspaceId, import: ImportId, seen: i64, now: Timestamp) -> Job {
    Job {
        kind: "import.undo",
        workspace: Some(workspace),
        payload: format!("{{\"import\":\"{import}\"}}"),
        run_at: now,
        dedupe_key: Some(format!("import.undo:{import}:{seen}")),
        max_tries: 10,
    }
}
