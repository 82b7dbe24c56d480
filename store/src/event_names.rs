//! Which events there are: their names, how many came lately, and the last one as a sample.

use serde_json::{Map, Value};
use wigwag_model::{Timestamp, WorkspaceId};

use crate::{Db, Error, Result, sql};

/// A kind of event that contacts did.
#[derive(Debug, Clone, PartialEq)]
pub struct EventName {
    /// Its name.
    pub name: String,
    /// When it last happened.
    pub last_at: Timestamp,
    /// How often it happened since the instant asked for.
    pub lately: i64,
    /// The particulars of the last one.
    pub sample: Map<String, Value>,
}

/// The names of a workspace's events in their order, at most 200. One step along the index per name, and
/// one over those since `since`.
///
/// # Errors
/// What the database says.
pub async fn list(db: &Db, workspace: WorkspaceId, since: Timestamp) -> Result<Vec<EventName>> {
    let rows = sql(
        "WITH RECURSIVE names (name) AS (
            SELECT MIN(e.name) FROM events e WHERE e.workspace_id = $1
            UNION ALL
            SELECT (SELECT MIN(e.name) FROM events e WHERE e.workspace_id = $1 AND e.name > names.name) FROM names
            WHERE names.name IS NOT NULL
         ), known AS (SELECT name FROM names WHERE name IS NOT NULL LIMIT 200)
         SELECT n.name,
            (SELECT MAX(e.occurred_at) FROM events e WHERE e.workspace_id = $1 AND e.name = n.name),
            (SELECT COUNT(*) FROM events e WHERE e.workspace_id = $1 AND e.name = n.name AND e.occurred_at >= $2),
            (SELECT e.properties FROM events e WHERE e.workspace_id = $1 AND e.name = n.name ORDER BY e.occurred_at DESC LIMIT 1)
         FROM known n",
    )
    .bind(workspace)
    .bind(since)
    .fetch_all(&mut db.snapshot().await?)
    .await?;
    rows.iter()
        .map(|row| {
            let sample = serde_json::from_str(&row.text(3)?).map_err(|_| Error::Inconsistent {
                table: "events",
                column: "properties",
            })?;
            Ok(EventName {
                name: row.text(0)?,
                last_at: row.time(1)?,
                lately: row.int(2)?,
                sample,
            })
        })
        .collect()
}
