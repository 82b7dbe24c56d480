//! Numbers as the console shows them, with the WABA they belong to.

use wigwag_model::{NumberId, Timestamp, WabaId, WorkspaceId};

use crate::{Db, Result, Row, sql, sql_owned};

/// A number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// Its id.
    pub id: NumberId,
    /// Meta's id.
    pub phone_number_id: String,
    /// As it is displayed.
    pub display_phone_number: String,
    /// The name that Meta verified.
    pub verified_name: String,
    /// The WABA.
    pub waba: WabaId,
    /// Meta's id of the WABA.
    pub waba_id: String,
    /// The WABA's name.
    pub waba_name: String,
    /// `green`, `yellow`, `red` or `unknown`.
    pub quality: String,
    /// Meta's status in lower case.
    pub status: String,
    /// Messages per second.
    pub throughput: i64,
    /// Contacts per 24 hours; `None` when unlimited or unknown.
    pub messaging_limit: Option<i64>,
    /// Whether Wigwag sends through it.
    pub enabled: bool,
    /// When Meta last called about it.
    pub last_webhook_at: Option<Timestamp>,
}

const SELECT: &str =
    "SELECT n.id, n.phone_number_id, n.display_phone_number, n.verified_name, w.id, w.waba_id,
        w.name, n.quality, n.status, n.throughput, n.messaging_limit, n.enabled, n.last_webhook_at
    FROM numbers n JOIN wabas w ON w.workspace_id = n.workspace_id AND w.id = n.waba
    WHERE n.workspace_id = $1";

fn read(row: &Row) -> Result<Number> {
    Ok(Number {
        id: row.id(0)?,
        phone_number_id: row.text(1)?,
        display_phone_number: row.text(2)?,
        verified_name: row.text(3)?,
        waba: row.id(4)?,
        waba_id: row.text(5)?,
        waba_name: row.text(6)?,
        quality: row.text(7)?,
        status: row.text(8)?,
        throughput: row.int(9)?,
        messaging_limit: row.opt_int(10)?,
        enabled: row.bool(11)?,
        last_webhook_at: row.opt_time(12)?,
    })
}

/// The numbers of a workspace by name.
///
/// # Errors
/// What the database says.
pub async fn list(db: &Db, workspace: WorkspaceId) -> Result<Vec<Number>> {
    let rows = sql_owned(format!("{SELECT} ORDER BY n.verified_name, n.id"))
        .bind(workspace)
        .fetch_all(&mut db.reader().await?)
        .await?;
    rows.iter().map(read).collect()
}

/// One number.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn get(db: &Db, workspace: WorkspaceId, id: NumberId) -> Result<Number> {
    let row = sql_owned(format!("{SELECT} AND n.id = $2"))
        .bind(workspace)
        .bind(id)
        .fetch_one(&mut db.reader().await?)
        .await?;
    read(&row)
}

/// The number that a new conversation goes through when nobody says which: the first made of
/// those in use.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is none.
pub async fn first_sendable(db: &Db, workspace: WorkspaceId) -> Result<NumberId> {
    sql("SELECT id FROM numbers WHERE workspace_id = $1 AND enabled = 1 ORDER BY created_at, id LIMIT 1")
        .bind(workspace)
        .fetch_one(&mut db.reader().await?)
        .await?
        .id(0)
}
