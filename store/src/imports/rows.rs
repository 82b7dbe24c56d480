//! The row of an import.

use serde::{Deserialize, Serialize};
use wigwag_model::audience::TraitKind;
use wigwag_model::id::Id as _;
use wigwag_model::{ImportId, ListId, Timestamp, WorkspaceId};

use super::CHANGED;
use crate::audience::{NewList, insert_list};
use crate::{Db, Error, Event, Executor, Job, Priority, Result, Row, Tx, sql, sql_owned};

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The file is here.
    Uploaded,
    /// It is being read.
    Running,
    /// Every row was looked at.
    Done,
    /// It could not go on.
    Failed,
}

impl State {
    /// The name in tables and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Uploaded => "uploaded",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Uploaded, Self::Running, Self::Done, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// What the file calls it.
    pub name: String,
    /// Some of its values.
    pub samples: Vec<String>,
    /// What its values look like.
    pub kind: TraitKind,
    /// How many rows have a value.
    pub filled: i64,
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// How far it is.
    pub state: State,
    /// What its sender calls the file.
    pub filename: String,
    /// Where the file is kept.
    pub object_key: String,
    /// Its bytes as UTF-8.
    pub size: i64,
    /// What it was written in.
    pub encoding: String,
    /// What divides its columns.
    pub delimiter: char,
    /// Whether its first row names the columns.
    pub has_header: bool,
    /// Its columns.
    pub columns: Vec<Column>,
    /// How many rows it has, without the header.
    pub rows_total: i64,
    /// What is to be done with it, JSON; once somebody said so.
    pub wish: Option<String>,
    /// The list that it fills.
    pub list: Option<ListId>,
    /// The byte at which the next chunk begins.
    pub position: i64,
    /// How many rows were looked at.
    pub rows_done: i64,
    /// How many contacts it made.
    pub created: i64,
    /// How many contacts it changed.
    pub updated: i64,
    /// How many rows named somebody whom an earlier row had named.
    pub duplicates: i64,
    /// How many rows could not be taken.
    pub failed: i64,
    /// How many people it wrote down a yes of.
    pub granted: i64,
    /// How many people had said no, which stays.
    pub kept_denied: i64,
    /// Why it could not go on.
    pub failure: Option<String>,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// A file to note.
#[derive(Debug, Clone)]
pub struct New {
    /// Its id, which its key holds already.
    pub id: ImportId,
    /// What its sender calls it.
    pub filename: String,
    /// Where it is kept.
    pub object_key: String,
    /// Its bytes as UTF-8.
    pub size: i64,
    /// What it was written in.
    pub encoding: String,
    /// What divides its columns.
    pub delimiter: char,
    /// Whether its first row names the columns.
    pub has_header: bool,
    /// The byte at which the first row begins.
    pub position: i64,
    /// Its columns.
    pub columns: Vec<Column>,
    /// How many rows it has, without the header.
    pub rows_total: i64,
    /// Who sent it.
    pub created_by: String,
}

pub(super) const IMPORT: &str = "id, state, filename, object_key, size, encoding, delimiter, has_header, columns, rows_total, wish, list_id,
    position, rows_done, created, updated, duplicates, failed, granted, kept_denied, failure, created_at, started_at, ended_at";

pub(super) fn read(row: &Row) -> Result<Import> {
    let wrong = |column| Error::Inconsistent {
        table: "imports",
        column,
    };
    Ok(Import {
        id: row.id(0)?,
        state: State::parse(&row.text(1)?).ok_or_else(|| wrong("state"))?,
        filename: row.text(2)?,
        object_key: row.text(3)?,
        size: row.int(4)?,
        encoding: row.text(5)?,
        delimiter: row
            .text(6)?
            .chars()
            .next()
            .ok_or_else(|| wrong("delimiter"))?,
        has_header: row.bool(7)?,
        columns: serde_json::from_str(&row.text(8)?).map_err(|_| wrong("columns"))?,
        rows_total: row.int(9)?,
        wish: row.opt_text(10)?,
        list: row.opt_id(11)?,
        position: row.int(12)?,
        rows_done: row.int(13)?,
        created: row.int(14)?,
        updated: row.int(15)?,
        duplicates: row.int(16)?,
        failed: row.int(17)?,
        granted: row.int(18)?,
        kept_denied: row.int(19)?,
        failure: row.opt_text(20)?,
        created_at: row.time(21)?,
        started_at: row.opt_time(22)?,
        ended_at: row.opt_time(23)?,
    })
}

/// Notes an uploaded file.
///
/// # Errors
/// What the database says.
pub async fn insert(db: &Db, workspace: WorkspaceId, new: New) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            sql("INSERT INTO imports (workspace_id, id, state, filename, object_key, size, encoding, delimiter, has_header, columns,
                    rows_total, position, rows_done, created, updated, duplicates, failed, granted, kept_denied, created_by, created_at)
                 VALUES ($1, $2, 'uploaded', $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, 0, 0, 0, 0, 0, $12, $13)")
                .bind(workspace)
                .bind(new.id)
                .bind(&new.filename)
                .bind(&new.object_key)
                .bind(new.size)
                .bind(&new.encoding)
                .bind(new.delimiter.to_string())
                .bind(new.has_header)
                .bind(serde_json::json!(new.columns).to_string())
                .bind(new.rows_total)
                .bind(new.position)
                .bind(&new.created_by)
                .bind(now)
                .execute(tx)
                .await?;
            Ok(())
        })
    })
    .await
}

/// An import.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(on: &mut impl Executor, workspace: WorkspaceId, id: ImportId) -> Result<Import> {
    let row = sql_owned(format!(
        "SELECT {IMPORT} FROM imports WHERE workspace_id = $1 AND id = $2"
    ))
    .bind(workspace)
    .bind(id)
    .fetch_one(on)
    .await?;
    read(&row)
}

/// The work that reads a file, or goes on with it from a byte.
pub(super) fn job(workspace: WorkspaceId, id: ImportId, position: i64, now: Timestamp) -> Job {
    Job {
        kind: "import.run",
        workspace: Some(workspace),
        payload: format!("{{\"import\":\"{id}\"}}"),
        run_at: now,
        dedupe_key: Some(format!("import.run:{id}:{position}")),
        max_tries: 10,
    }
}

/// Begins an import: makes its list and enqueues the work. One that has begun is left alone.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] when nobody has said what is to be done.
pub async fn start(db: &Db, workspace: WorkspaceId, id: ImportId, list: NewList) -> Result<Import> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let begun = sql("UPDATE imports SET state = 'running', started_at = $3
                             WHERE workspace_id = $1 AND id = $2 AND state = 'uploaded' AND wish IS NOT NULL")
                .bind(workspace)
                .bind(id)
                .bind(now)
                .execute(tx)
                .await?;
            if begun == 1 {
                let list = insert_list(tx, workspace, &list).await?;
                sql("UPDATE imports SET list_id = $3 WHERE workspace_id = $1 AND id = $2")
                    .bind(workspace)
                    .bind(id)
                    .bind(list)
                    .execute(tx)
                    .await?;
                let import = get(tx, workspace, id).await?;
                tx.enqueue(job(workspace, id, import.position, now));
                changed(tx, workspace, id);
                return Ok(import);
            }
            let import = get(tx, workspace, id).await?;
            if import.state == State::Uploaded {
                return Err(Error::Stale);
            }
            Ok(import)
        })
    })
    .await
}

/// Enqueues the work that goes on from where this one stopped.
///
/// # Errors
/// What the database says.
pub async fn next(db: &Db, workspace: WorkspaceId, id: ImportId) -> Result<()> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let import = get(tx, workspace, id).await?;
            if import.state == State::Running {
                let now = tx.mint().now();
                tx.enqueue(job(workspace, id, import.position, now));
            }
            Ok(())
        })
    })
    .await
}

/// Ends an import that has looked at every row up to a byte. Says whether this call ended it.
///
/// # Errors
/// What the database says.
pub async fn finish(db: &Db, workspace: WorkspaceId, id: ImportId, position: i64) -> Result<bool> {
    end(db, workspace, id, Some(position), None).await
}

/// Ends an import that cannot go on.
///
/// # Errors
/// What the database says.
pub async fn fail(
    db: &Db,
    workspace: WorkspaceId,
    id: ImportId,
    why: &'static str,
) -> Result<bool> {
    end(db, workspace, id, None, Some(why)).await
}

async fn end(
    db: &Db,
    workspace: WorkspaceId,
    id: ImportId,
    position: Option<i64>,
    failure: Option<&'static str>,
) -> Result<bool> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let state = if failure.is_some() {
                State::Failed
            } else {
                State::Done
            };
            let text = if position.is_some() {
                "UPDATE imports SET state = $3, failure = $4, ended_at = $5
                 WHERE workspace_id = $1 AND id = $2 AND state = 'running' AND position = $6"
            } else {
                "UPDATE imports SET state = $3, failure = $4, ended_at = $5
                 WHERE workspace_id = $1 AND id = $2 AND state = 'running'"
            };
            let statement = sql(text)
                .bind(workspace)
                .bind(id)
                .bind(state.as_str())
                .bind(failure)
                .bind(now);
            let statement = match position {
                Some(position) => statement.bind(position),
                None => statement,
            };
            let ended = statement.execute(tx).await? == 1;
            if ended {
                changed(tx, workspace, id);
            }
            Ok(ended)
        })
    })
    .await
}

pub(super) fn changed(tx: &mut Tx, workspace: WorkspaceId, id: ImportId) {
    tx.record(
        workspace,
        Event {
            kind: CHANGED,
            subject: id.uuid(),
            conversation: None,
        },
    );
}
