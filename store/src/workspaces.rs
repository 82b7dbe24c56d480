//! Workspaces: the tenants. Each has its data key, its feed counter and its count of contacts.

use wigwag_model::id::Id;
use wigwag_model::{Timestamp, WorkspaceId};

use crate::{Db, Keys, Priority, Result, Row, Tx, sql};

/// A workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// Whether it is the demo's.
    pub demo: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

const COLUMNS: &str = "id, name, time_zone, demo, created_at";

fn read(row: &Row) -> Result<Workspace> {
    Ok(Workspace {
        id: row.id(0)?,
        name: row.text(1)?,
        time_zone: row.text(2)?,
        demo: row.bool(3)?,
        created_at: row.time(4)?,
    })
}

/// Makes a workspace with its own data key inside a transaction.
///
/// # Errors
/// What the database says.
pub async fn create_in(
    tx: &mut Tx,
    keys: &Keys,
    name: &str,
    time_zone: &str,
    demo: bool,
) -> Result<WorkspaceId> {
    let id: WorkspaceId = tx.mint().id();
    let now = tx.mint().now();
    let (_, wrapped) = keys.new_data_key(tx.mint(), id.uuid())?;
    sql(
        "INSERT INTO workspaces (id, name, time_zone, demo, data_key, next_contact_no, created_at)
         VALUES ($1, $2, $3, $4, $5, 1, $6)",
    )
    .bind(id)
    .bind(name)
    .bind(time_zone)
    .bind(demo)
    .bind(wrapped)
    .bind(now)
    .execute(tx)
    .await?;
    sql("INSERT INTO feeds (workspace_id, seq) VALUES ($1, 0)")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(id)
}

/// Makes a workspace.
///
/// # Errors
/// What the database says.
pub async fn create(db: &Db, name: &str, time_zone: &str, demo: bool) -> Result<WorkspaceId> {
    let (name, time_zone, keys) = (name.to_owned(), time_zone.to_owned(), db.keys().clone());
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move { create_in(tx, &keys, &name, &time_zone, demo).await })
    })
    .await
}

/// One workspace.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn get(db: &Db, workspace: WorkspaceId) -> Result<Workspace> {
    let mut reader = db.reader().await?;
    let row = sql("SELECT id, name, time_zone, demo, created_at FROM workspaces WHERE id = $1")
        .bind(workspace)
        .fetch_one(&mut reader)
        .await?;
    read(&row)
}

/// Every workspace, oldest first; for operators and for start-up.
///
/// # Errors
/// What the database says.
pub async fn list(db: &Db) -> Result<Vec<Workspace>> {
    let mut reader = db.reader().await?;
    let rows = crate::sql_owned(format!(
        "SELECT {COLUMNS} FROM workspaces ORDER BY created_at, id"
    ))
    .fetch_all(&mut reader)
    .await?;
    rows.iter().map(read).collect()
}
