//! API keys by the hash of their secret; the secret itself is never here.

use wigwag_model::{ApiKeyId, MemberId, NumberId, Timestamp, WorkspaceId};

use crate::{Db, Error, Priority, Result, Row, Tx, sql, sql_owned};

/// What a publishable key has that secret ones have not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publishable {
    /// The whole key. It stands in web pages, so it may be shown again.
    pub key: String,
    /// The origins that it may be used from.
    pub origins: Vec<String>,
}

/// An API key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// The workspace that it opens.
    pub workspace: WorkspaceId,
    /// Its id.
    pub id: ApiKeyId,
    /// What people call it.
    pub name: String,
    /// Its first characters, to recognise it by.
    pub prefix: String,
    /// Names of permissions.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, a minute exact.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The number that its messages leave from when it does not say.
    pub number: Option<NumberId>,
    /// Set where it is a publishable key, which has no scopes.
    pub publishable: Option<Publishable>,
}

/// What every read selects, in the order of [`read`].
const COLUMNS: &str = "workspace_id, id, name, prefix, scopes, created_at, expires_at, last_used_at, revoked_at, number_id, public_key, origins";

fn read(row: &Row) -> Result<ApiKey> {
    Ok(ApiKey {
        workspace: row.id(0)?,
        id: row.id(1)?,
        name: row.text(2)?,
        prefix: row.text(3)?,
        scopes: row.text(4)?.split_whitespace().map(str::to_owned).collect(),
        created_at: row.time(5)?,
        expires_at: row.opt_time(6)?,
        last_used_at: row.opt_time(7)?,
        revoked_at: row.opt_time(8)?,
        number: row.opt_id(9)?,
        publishable: row
            .opt_text(10)?
            .map(|key| {
                let origins = row.opt_text(11)?.unwrap_or_default();
                let origins = origins.split_whitespace().map(str::to_owned).collect();
                Ok::<_, Error>(Publishable { key, origins })
            })
            .transpose()?,
    })
}

/// A key to keep.
#[derive(Debug, Clone)]
pub struct New {
    /// What people call it.
    pub name: String,
    /// Its first characters.
    pub prefix: String,
    /// SHA-256 of the secret.
    pub hash: [u8; 32],
    /// Names of permissions.
    pub scopes: Vec<String>,
    /// Who made it.
    pub created_by: Option<MemberId>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// The number that its messages leave from when it does not say.
    pub number: Option<NumberId>,
    /// Set for a publishable key.
    pub publishable: Option<Publishable>,
}

/// A number of another workspace is none.
async fn check_number(tx: &mut Tx, workspace: WorkspaceId, number: Option<NumberId>) -> Result<()> {
    let Some(number) = number else { return Ok(()) };
    sql("SELECT id FROM numbers WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(number)
        .fetch_optional(tx)
        .await?
        .map(|_| ())
        .ok_or(Error::Conflict("number_id"))
}

/// Keeps a new key.
///
/// # Errors
/// [`Error::Conflict`] for a number that is not of this workspace.
pub async fn insert(db: &Db, workspace: WorkspaceId, new: New) -> Result<ApiKey> {
    let id: ApiKeyId = db.mint().id();
    let now = db.mint().now();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            check_number(tx, workspace, new.number).await?;
            sql("INSERT INTO api_keys (workspace_id, id, name, prefix, secret_hash, scopes, created_by, created_at, expires_at, number_id, public_key, origins)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
                .bind(workspace)
                .bind(id)
                .bind(&new.name)
                .bind(&new.prefix)
                .bind(&new.hash[..])
                .bind(new.scopes.join(" "))
                .bind(new.created_by)
                .bind(now)
                .bind(new.expires_at)
                .bind(new.number)
                .bind(new.publishable.as_ref().map(|own| own.key.as_str()))
                .bind(new.publishable.as_ref().map(|own| own.origins.join(" ")))
                .execute(tx)
                .await?;
            Ok(ApiKey {
                workspace,
                id,
                name: new.name,
                prefix: new.prefix,
                scopes: new.scopes,
                created_at: now,
                expires_at: new.expires_at,
                last_used_at: None,
                revoked_at: None,
                number: new.number,
                publishable: new.publishable,
            })
        })
    })
    .await
}

/// The key of a secret's hash, revoked or expired ones too.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(db: &Db, hash: &[u8; 32]) -> Result<ApiKey> {
    let mut reader = db.reader().await?;
    let row = sql_owned(format!(
        "SELECT {COLUMNS} FROM api_keys WHERE secret_hash = $1"
    ))
    .bind(&hash[..])
    .fetch_one(&mut reader)
    .await?;
    read(&row)
}

/// What to change of a key; `None` leaves it, `Some(None)` empties it.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// What people call it.
    pub name: Option<String>,
    /// The number that its messages leave from when it does not say.
    pub number: Option<Option<NumberId>>,
    /// The origins of a publishable key.
    pub origins: Option<Vec<String>>,
}

/// Changes a key that works.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] with `number_id` for a number that is not of this
/// workspace, and with `origins` for those of a secret key.
pub async fn edit(db: &Db, workspace: WorkspaceId, id: ApiKeyId, edit: Edit) -> Result<ApiKey> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            check_number(tx, workspace, edit.number.flatten()).await?;
            let origins = edit.origins.map(|origins| origins.join(" "));
            let restated = origins.is_some();
            let row = sql_owned(format!(
                "UPDATE api_keys SET name = COALESCE($3, name),
                    number_id = CASE WHEN CAST($4 AS BIGINT) = 1 THEN $5 ELSE number_id END,
                    origins = COALESCE($6, origins)
                 WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING {COLUMNS}"
            ))
            .bind(workspace)
            .bind(id)
            .bind(edit.name)
            .bind(edit.number.is_some())
            .bind(edit.number.flatten())
            .bind(origins)
            .fetch_one(tx)
            .await?;
            let key = read(&row)?;
            if restated && key.publishable.is_none() {
                return Err(Error::Conflict("origins"));
            }
            Ok(key)
        })
    })
    .await
}

/// The keys of a workspace that are not revoked, newest first.
///
/// # Errors
/// What the database says.
pub async fn list(db: &Db, workspace: WorkspaceId) -> Result<Vec<ApiKey>> {
    let mut reader = db.reader().await?;
    let rows = sql_owned(format!(
        "SELECT {COLUMNS} FROM api_keys WHERE workspace_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id DESC"
    ))
        .bind(workspace)
        .fetch_all(&mut reader)
        .await?;
    rows.iter().map(read).collect()
}

/// Notes that a key is used.
///
/// # Errors
/// What the database says.
pub async fn touch(db: &Db, workspace: WorkspaceId, id: ApiKeyId, at: Timestamp) -> Result<()> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            sql("UPDATE api_keys SET last_used_at = $3 WHERE workspace_id = $1 AND id = $2")
                .bind(workspace)
                .bind(id)
                .bind(at)
                .execute(tx)
                .await?;
            Ok(())
        })
    })
    .await
}

/// Ends a key for ever.
///
/// # Errors
/// [`Error::NotFound`] when there is none that works.
pub async fn revoke(db: &Db, workspace: WorkspaceId, id: ApiKeyId) -> Result<()> {
    let now = db.mint().now();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let changed = sql("UPDATE api_keys SET revoked_at = $3
                               WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL")
            .bind(workspace)
            .bind(id)
            .bind(now)
            .execute(tx)
            .await?;
            if changed == 0 {
                Err(Error::NotFound)
            } else {
                Ok(())
            }
        })
    })
    .await
}
