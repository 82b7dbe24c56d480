//! Endpoints made, changed and taken away. Each of these locks the feed's counter first, in whose
//! row it stands how many endpoints are on: no change of the workspace commits beside it.

use wigwag_model::endpoint::{Form, Kind, ROTATION};
use wigwag_model::id::Id as _;
use wigwag_model::{EndpointId, WorkspaceId};
use zeroize::Zeroizing;

use super::measures;
use super::read::{COLUMNS, get_on, read};
use super::{Endpoint, GONE};
use crate::{Db, Priority, Result, Tx, sql, sql_owned};

/// An endpoint to make.
#[derive(Debug, Clone)]
pub struct New {
    /// What people call it.
    pub name: String,
    /// Its address.
    pub url: String,
    /// In which form it is told.
    pub form: Form,
    /// What it is told of; empty: everything.
    pub events: Vec<Kind>,
    /// The text that deliveries are signed with.
    pub secret: Zeroizing<String>,
}

/// What to change; `None` leaves a field.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// What people call it.
    pub name: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// What it is told of; empty: everything.
    pub events: Option<Vec<Kind>>,
    /// Whether it is told at all.
    pub on: Option<bool>,
}

fn words(events: &[Kind]) -> String {
    let names: Vec<&str> = events.iter().map(|kind| kind.as_str()).collect();
    names.join(" ")
}

/// Counts the endpoints that are on, into the row whose lock the caller holds.
async fn count(tx: &mut Tx, workspace: WorkspaceId) -> Result<()> {
    sql("UPDATE feeds SET endpoints = (SELECT COUNT(*) FROM endpoints e WHERE e.workspace_id = $1 AND e.state = 'on')
         WHERE workspace_id = $1")
        .bind(workspace)
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes the states of campaigns and templates as they are, and today: only what changes from now on is told.
async fn begin(tx: &mut Tx, workspace: WorkspaceId) -> Result<()> {
    for text in [
        "INSERT INTO told (workspace_id, subject_id, state) SELECT workspace_id, id, state FROM campaigns WHERE workspace_id = $1
         ON CONFLICT (workspace_id, subject_id) DO UPDATE SET state = excluded.state",
        "INSERT INTO told (workspace_id, subject_id, state) SELECT workspace_id, id, status FROM templates WHERE workspace_id = $1
         ON CONFLICT (workspace_id, subject_id) DO UPDATE SET state = excluded.state",
    ] {
        sql(text).bind(workspace).execute(tx).await?;
    }
    measures::begin(tx, workspace).await
}

/// Makes an endpoint, which is on.
///
/// # Errors
/// What the database says.
pub async fn create(db: &Db, workspace: WorkspaceId, new: New) -> Result<Endpoint> {
    let key = db.data_key(workspace).await?;
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let (_, watched) = tx.advance(workspace, 0).await?;
            if !watched {
                begin(tx, workspace).await?;
            }
            let (id, now): (EndpointId, _) = (tx.mint().id(), tx.mint().now());
            let row = id.uuid();
            let secret = key.seal(tx.mint(), "endpoints", row.as_bytes(), "secret", new.secret.as_bytes())?;
            sql("INSERT INTO endpoints (workspace_id, id, name, url, form, events, state, on_since, secret_enc, failures, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, 'on', $7, $8, 0, $7)")
                .bind(workspace)
                .bind(id)
                .bind(new.name)
                .bind(new.url)
                .bind(new.form.as_str())
                .bind(words(&new.events))
                .bind(now)
                .bind(secret)
                .execute(tx)
                .await?;
            count(tx, workspace).await?;
            get_on(tx, workspace, id).await
        })
    })
    .await
}

/// Changes an endpoint. One that is switched on again, or has another address, begins without
/// failures; what happened while it was off is not told.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn edit(db: &Db, workspace: WorkspaceId, id: EndpointId, edit: Edit) -> Result<Endpoint> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let (_, watched) = tx.advance(workspace, 0).await?;
            let before = get_on(tx, workspace, id).await?;
            let on = edit.on.unwrap_or(before.on);
            let begins = on && !before.on;
            if begins && !watched {
                begin(tx, workspace).await?;
            }
            let afresh = begins || edit.url.as_ref().is_some_and(|url| *url != before.url);
            let reason = before.off_reason.filter(|_| !on);
            let now = tx.mint().now();
            let row = sql_owned(format!(
                "UPDATE endpoints SET name = COALESCE($3, name), url = COALESCE($4, url), events = COALESCE($5, events), state = $6,
                    off_reason = $7, on_since = CASE WHEN CAST($8 AS BIGINT) = 1 THEN $9 ELSE on_since END,
                    failures = CASE WHEN CAST($10 AS BIGINT) = 1 THEN 0 ELSE failures END,
                    failing_since = CASE WHEN CAST($10 AS BIGINT) = 1 THEN NULL ELSE failing_since END,
                    rest_until = CASE WHEN CAST($10 AS BIGINT) = 1 THEN NULL ELSE rest_until END
                 WHERE workspace_id = $1 AND id = $2 RETURNING {COLUMNS}"
            ))
            .bind(workspace)
            .bind(id)
            .bind(edit.name)
            .bind(edit.url)
            .bind(edit.events.as_deref().map(words))
            .bind(if on { "on" } else { "off" })
            .bind(reason)
            .bind(begins)
            .bind(now)
            .bind(afresh)
            .fetch_one(tx)
            .await?;
            count(tx, workspace).await?;
            tx.wake_endpoints();
            read(&row)
        })
    })
    .await
}

/// Switches an endpoint off that says of itself that it is gone; the caller holds no lock of it.
pub(super) async fn gone(tx: &mut Tx, workspace: WorkspaceId, id: EndpointId) -> Result<()> {
    tx.advance(workspace, 0).await?;
    sql("UPDATE endpoints SET state = 'off', off_reason = $3 WHERE workspace_id = $1 AND id = $2 AND state = 'on'")
        .bind(workspace)
        .bind(id)
        .bind(GONE)
        .execute(tx)
        .await?;
    count(tx, workspace).await
}

/// Gives an endpoint another secret. The one before stays valid for a day.
///
/// # Errors
/// [`crate::Error::NotFound`]; [`crate::Error::Sealed`] with another master key.
pub async fn rotate(
    db: &Db,
    workspace: WorkspaceId,
    id: EndpointId,
    secret: Zeroizing<String>,
) -> Result<Endpoint> {
    let key = db.data_key(workspace).await?;
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let until = tx.mint().now().plus(ROTATION);
            let row = id.uuid();
            let sealed = key.seal(tx.mint(), "endpoints", row.as_bytes(), "secret", secret.as_bytes())?;
            let row = sql_owned(format!(
                "UPDATE endpoints SET previous_secret_enc = secret_enc, previous_until = $4, secret_enc = $3
                 WHERE workspace_id = $1 AND id = $2 AND state <> 'deleted' RETURNING {COLUMNS}"
            ))
            .bind(workspace)
            .bind(id)
            .bind(sealed)
            .bind(until)
            .fetch_one(tx)
            .await?;
            read(&row)
        })
    })
    .await
}

/// Takes an endpoint away, with its secrets. Its deliveries go with time.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn delete(db: &Db, workspace: WorkspaceId, id: EndpointId) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            tx.advance(workspace, 0).await?;
            let nothing: &[u8] = &[];
            let done = sql(
                "UPDATE endpoints SET state = 'deleted', secret_enc = $3, previous_secret_enc = NULL, previous_until = NULL
                 WHERE workspace_id = $1 AND id = $2 AND state <> 'deleted'",
            )
            .bind(workspace)
            .bind(id)
            .bind(nothing)
            .execute(tx)
            .await?;
            if done == 0 {
                return Err(crate::Error::NotFound);
            }
            count(tx, workspace).await
        })
    })
    .await
}
