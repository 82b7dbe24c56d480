//! Endpoints read back.

use wigwag_model::endpoint::{Form, Kind};
use wigwag_model::id::Id as _;
use wigwag_model::{EndpointId, WorkspaceId};
use zeroize::Zeroizing;

use super::{Endpoint, Secrets};
use crate::{Db, Error, Executor, Result, Row, sql, sql_owned};

/// What every read selects, in the order of [`read`].
pub(super) const COLUMNS: &str = "id, name, url, form, events, state, off_reason, on_since, previous_until, failures, failing_since,
    rest_until, last_success_at, created_at";

pub(super) fn read(row: &Row) -> Result<Endpoint> {
    let form = Form::parse(&row.text(3)?).ok_or(Error::Inconsistent {
        table: "endpoints",
        column: "form",
    })?;
    Ok(Endpoint {
        id: row.id(0)?,
        name: row.text(1)?,
        url: row.text(2)?,
        form,
        events: row
            .text(4)?
            .split_whitespace()
            .filter_map(Kind::parse)
            .collect(),
        on: row.text(5)? == "on",
        off_reason: row.opt_text(6)?,
        on_since: row.time(7)?,
        previous_until: row.opt_time(8)?,
        failures: row.int(9)?,
        failing_since: row.opt_time(10)?,
        rest_until: row.opt_time(11)?,
        last_success_at: row.opt_time(12)?,
        created_at: row.time(13)?,
    })
}

/// The endpoints of a workspace, the newest first.
///
/// # Errors
/// What the database says.
pub async fn list(db: &Db, workspace: WorkspaceId) -> Result<Vec<Endpoint>> {
    let rows = sql_owned(format!(
        "SELECT {COLUMNS} FROM endpoints WHERE workspace_id = $1 AND state <> 'deleted' ORDER BY created_at DESC, id DESC"
    ))
    .bind(workspace)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter().map(read).collect()
}

/// One endpoint.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(db: &Db, workspace: WorkspaceId, id: EndpointId) -> Result<Endpoint> {
    get_on(&mut db.reader().await?, workspace, id).await
}

pub(super) async fn get_on(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    id: EndpointId,
) -> Result<Endpoint> {
    let row = sql_owned(format!(
        "SELECT {COLUMNS} FROM endpoints WHERE workspace_id = $1 AND id = $2 AND state <> 'deleted'"
    ))
    .bind(workspace)
    .bind(id)
    .fetch_one(on)
    .await?;
    read(&row)
}

/// The secrets of an endpoint; of the one before only while it is valid.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Sealed`] with another master key.
pub async fn secrets(db: &Db, workspace: WorkspaceId, id: EndpointId) -> Result<Secrets> {
    let key = db.data_key(workspace).await?;
    let row = sql(
        "SELECT secret_enc, previous_secret_enc, previous_until FROM endpoints
                   WHERE workspace_id = $1 AND id = $2 AND state <> 'deleted'",
    )
    .bind(workspace)
    .bind(id)
    .fetch_one(&mut db.reader().await?)
    .await?;
    let open = |sealed: &[u8]| {
        let secret = key.open("endpoints", id.uuid().as_bytes(), "secret", sealed)?;
        String::from_utf8(secret.to_vec())
            .map(Zeroizing::new)
            .map_err(|_| Error::Sealed)
    };
    let now = db.mint().now();
    let valid = row.opt_time(2)?.is_some_and(|until| now < until);
    Ok(Secrets {
        current: open(&row.bytes(0)?)?,
        previous: row
            .opt_bytes(1)?
            .filter(|_| valid)
            .map(|sealed| open(&sealed))
            .transpose()?,
    })
}
