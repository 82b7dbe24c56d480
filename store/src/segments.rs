//! Segments: filters over contacts that were saved under a name.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wigwag_model::audience::{Fault, Filter, text_key};
use wigwag_model::{SegmentId, Timestamp, WorkspaceId};

use crate::{
    Batch, Db, Error, Executor, Priority, Result, Row, Tx, audience, sql, sql_owned, sql_rows,
};

/// A saved filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// Its id.
    pub id: SegmentId,
    /// Its name, of which there is one in a workspace whatever its case.
    pub name: String,
    /// Whom it finds.
    pub filter: Filter,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Grows with each change.
    pub version: i64,
}

/// Why a segment could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Another one has the name.
    #[error("another segment has this name")]
    NameTaken,
    /// A campaign that has not been planned yet asks for it: its name.
    #[error("the campaign `{0}` asks for it")]
    InUse(String),
    /// What the database says; [`Error::Filter`] for a filter that cannot be asked.
    #[error(transparent)]
    Store(#[from] Error),
}

const COLUMNS: &str = "id, name, filter, created_by, created_at, updated_at, version";

fn read(row: &Row) -> Result<Segment> {
    let filter = serde_json::from_str(&row.text(2)?).map_err(|_| Error::Inconsistent {
        table: "segments",
        column: "filter",
    })?;
    Ok(Segment {
        id: row.id(0)?,
        name: row.text(1)?,
        filter,
        created_by: row.text(3)?,
        created_at: row.time(4)?,
        updated_at: row.time(5)?,
        version: row.int(6)?,
    })
}

/// One segment.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(on: &mut impl Executor, workspace: WorkspaceId, id: SegmentId) -> Result<Segment> {
    let row = sql_owned(format!(
        "SELECT {COLUMNS} FROM segments WHERE workspace_id = $1 AND id = $2"
    ))
    .bind(workspace)
    .bind(id)
    .fetch_one(on)
    .await?;
    read(&row)
}

/// The place of a segment among all, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The folded name.
    pub name: String,
}

/// A page of segments by name, and the key of its last when there may be more.
///
/// # Errors
/// What the database says.
pub async fn list(
    db: &Db,
    workspace: WorkspaceId,
    after: Option<Key>,
    limit: u32,
) -> Result<(Vec<Segment>, Option<Key>)> {
    let rows = sql_owned(format!(
        "SELECT {COLUMNS}, name_key FROM segments WHERE workspace_id = $1 AND name_key > $2 ORDER BY name_key LIMIT {}",
        u64::from(limit) + 1
    ))
    .bind(workspace)
    .bind(after.map(|key| key.name).unwrap_or_default())
    .fetch_all(&mut db.reader().await?)
    .await?;
    let more = rows.len() > limit as usize;
    let shown = rows
        .get(..rows.len().min(limit as usize))
        .unwrap_or_default();
    let key = match shown.last() {
        Some(last) if more => Some(Key {
            name: last.text(7)?,
        }),
        _ => None,
    };
    Ok((shown.iter().map(read).collect::<Result<_>>()?, key))
}

/// What a segment holds may be asked, and it holds no other segment.
async fn checked(tx: &mut Tx, workspace: WorkspaceId, filter: &Filter) -> Result<()> {
    if !filter.segments().is_empty() {
        let message = "a segment cannot hold another segment: put its parts in";
        return Err(Fault::new("", message).into());
    }
    let now = tx.mint().now();
    audience::check(tx, workspace, filter, now).await
}

fn taken(error: Error) -> Error {
    match error {
        Error::Conflict("unique") => Error::Conflict("name"),
        other => other,
    }
}

fn refusal(error: Error) -> Refusal {
    match error {
        Error::Conflict("name") => Refusal::NameTaken,
        other => Refusal::Store(other),
    }
}

/// Saves a filter under a name.
///
/// # Errors
/// [`Refusal`].
pub async fn create(
    db: &Db,
    workspace: WorkspaceId,
    name: String,
    filter: Filter,
    by: String,
) -> std::result::Result<Segment, Refusal> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            checked(tx, workspace, &filter).await?;
            let (id, now): (SegmentId, _) = (tx.mint().id(), tx.mint().now());
            let row = sql_owned(format!(
                "INSERT INTO segments (workspace_id, id, name, name_key, filter, created_by, created_at, updated_at, version)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 1) RETURNING {COLUMNS}"
            ))
            .bind(workspace)
            .bind(id)
            .bind(name.trim())
            .bind(text_key(&name))
            .bind(text(&filter)?)
            .bind(by)
            .bind(now)
            .fetch_one(tx)
            .await
            .map_err(taken)?;
            read(&row)
        })
    })
    .await
    .map_err(refusal)
}

/// Changes the name or the filter; what is `None` stays.
///
/// # Errors
/// [`Refusal`]; [`Error::NotFound`] in it for an unknown segment.
pub async fn update(
    db: &Db,
    workspace: WorkspaceId,
    id: SegmentId,
    name: Option<String>,
    filter: Option<Filter>,
) -> std::result::Result<Segment, Refusal> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let before = get(tx, workspace, id).await?;
            if let Some(filter) = &filter {
                checked(tx, workspace, filter).await?;
            }
            let name = name.unwrap_or(before.name);
            let filter = filter.unwrap_or(before.filter);
            let row = sql_owned(format!(
                "UPDATE segments SET name = $3, name_key = $4, filter = $5, updated_at = $6, version = version + 1
                 WHERE workspace_id = $1 AND id = $2 RETURNING {COLUMNS}"
            ))
            .bind(workspace)
            .bind(id)
            .bind(name.trim())
            .bind(text_key(&name))
            .bind(text(&filter)?)
            .bind(tx.mint().now())
            .fetch_one(tx)
            .await
            .map_err(taken)?;
            read(&row)
        })
    })
    .await
    .map_err(refusal)
}

/// Forgets a segment that no campaign still waits to ask.
///
/// # Errors
/// [`Refusal::InUse`] names the campaign; [`Error::NotFound`] for an unknown segment.
pub async fn delete(
    db: &Db,
    workspace: WorkspaceId,
    id: SegmentId,
) -> std::result::Result<(), Refusal> {
    let user = db
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move {
                let user = sql("SELECT name FROM campaigns WHERE workspace_id = $1 AND (
                        (state IN ('draft', 'scheduled', 'planning') AND audience LIKE $2)
                        OR (kind = 'ongoing' AND state IN ('draft', 'running', 'pausing', 'paused')
                            AND (audience LIKE $2 OR ongoing LIKE $2)))
                     ORDER BY id LIMIT 1")
                .bind(workspace)
                .bind(format!("%\"{id}\"%"))
                .fetch_optional(tx)
                .await?;
                if let Some(user) = user {
                    return user.text(0).map(Some);
                }
                let gone = sql("DELETE FROM segments WHERE workspace_id = $1 AND id = $2")
                    .bind(workspace)
                    .bind(id)
                    .execute(tx)
                    .await?;
                if gone == 0 {
                    return Err(Error::NotFound);
                }
                Ok(None)
            })
        })
        .await?;
    user.map_or(Ok(()), |name| Err(Refusal::InUse(name)))
}

fn text(filter: &Filter) -> Result<String> {
    serde_json::to_string(filter).map_err(|error| Error::Db(Box::new(error)))
}

/// A filter with the filters of its saved segments in the place of their ids.
///
/// # Errors
/// [`Error::Filter`] with the place of a segment that is not of this workspace.
pub(crate) async fn filled(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    filter: &Filter,
) -> Result<Filter> {
    let ids = filter.segments();
    if ids.is_empty() {
        return Ok(filter.clone());
    }
    let rows = sql_rows(
        "SELECT s.id, s.name, s.filter, s.created_by, s.created_at, s.updated_at, s.version FROM {rows}
         JOIN segments s ON s.workspace_id = {$1} AND s.id = r.id",
        Batch::new().ids("id", ids),
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    let mut known = BTreeMap::new();
    for row in &rows {
        let segment = read(row)?;
        known.insert(segment.id, segment.filter);
    }
    Ok(filter.with_segments(&known)?)
}
