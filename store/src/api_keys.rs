//! API keys by the hash of their secret; the secret itself is never here.

use wigwag_model::{ApiKeyId, MemberId, Timestamp, WorkspaceId};

use crate::{Db, Error, Priority, Result, Row, sql};

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
}

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
}

/// Keeps a new key.
///
/// # Errors
/// What the database says.
pub async fn insert(db: &Db, workspace: WorkspaceId, new: New) -> Result<ApiKey> {
    let id: ApiKeyId = db.mint().id();
    let now = db.mint().now();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("INSERT INTO api_keys (workspace_id, id, name, prefix, secret_hash, scopes, created_by, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
                .bind(workspace)
                .bind(id)
                .bind(&new.name)
                .bind(&new.prefix)
                .bind(&new.hash[..])
                .bind(new.scopes.join(" "))
                .bind(new.created_by)
                .bind(now)
                .bind(new.expires_at)
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
    let row = sql("SELECT workspace_id, id, name, prefix, scopes, created_at, expires_at, last_used_at, revoked_at
                   FROM api_keys WHERE secret_hash = $1")
        .bind(&hash[..])
        .fetch_one(&mut reader)
        .await?;
    read(&row)
}

/// The keys of a workspace that are not revoked, newest first.
///
/// # Errors
/// What the database says.
pub async fn list(db: &Db, workspace: WorkspaceId) -> Result<Vec<ApiKey>> {
    let mut reader = db.reader().await?;
    let rows = sql("SELECT workspace_id, id, name, prefix, scopes, created_at, expires_at, last_used_at, revoked_at
                    FROM api_keys WHERE workspace_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id DESC")
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
