//! Hooks of a workspace: the addresses that shops call, how their bodies are read, and the sealed
//! secret that they sign with.

mod deliveries;
mod take;

pub use deliveries::{Delivery, Key, Outcome, list as deliveries, sweep};
pub use take::{Come, Draft, Said, Stated, Taken, Verdict, take};

use secrecy::{ExposeSecret as _, SecretString};
use wigwag_model::hook::Plan;
use wigwag_model::id::Id as _;
use wigwag_model::{HookId, MemberId, Timestamp, WorkspaceId};
use zeroize::Zeroizing;

use crate::{Db, Error, Priority, Result, Row, sql, sql_owned};

/// A hook, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// Its id.
    pub id: HookId,
    /// What people call it.
    pub name: String,
    /// What stands in its address.
    pub token: String,
    /// How bodies are signed and read.
    pub plan: Plan,
    /// Whether it takes anything.
    pub active: bool,
    /// Pass it with a change.
    pub version: i64,
    /// When something with a wrong signature came last, a minute exact.
    pub last_refused_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

const COLUMNS: &str =
    "workspace_id, id, name, token, plan, active, version, last_refused_at, created_at";

fn read(row: &Row) -> Result<Hook> {
    Ok(Hook {
        workspace: row.id(0)?,
        id: row.id(1)?,
        name: row.text(2)?,
        token: row.text(3)?,
        plan: serde_json::from_str(&row.text(4)?).map_err(|_| Error::Inconsistent {
            table: "hooks",
            column: "plan",
        })?,
        active: row.bool(5)?,
        version: row.int(6)?,
        last_refused_at: row.opt_time(7)?,
        created_at: row.time(8)?,
    })
}

fn plan_text(plan: &Plan) -> Result<String> {
    serde_json::to_string(plan).map_err(|error| Error::Db(Box::new(error)))
}

/// A hook to make.
#[derive(Debug, Clone)]
pub struct New {
    /// What people call it.
    pub name: String,
    /// What stands in its address; nobody may guess it.
    pub token: String,
    /// How bodies are signed and read.
    pub plan: Plan,
    /// What they are signed with.
    pub secret: SecretString,
    /// Who makes it.
    pub created_by: Option<MemberId>,
}

/// Makes a hook.
///
/// # Errors
/// What the database says.
pub async fn insert(db: &Db, workspace: WorkspaceId, new: New) -> Result<Hook> {
    let (id, now): (HookId, _) = (db.mint().id(), db.mint().now());
    let sealed = seal(db, workspace, id, &new.secret).await?;
    let plan = plan_text(&new.plan)?;
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let row = sql_owned(format!(
                "INSERT INTO hooks (workspace_id, id, name, token, plan, secret_enc, active, version, created_by, created_at, updated_at)
                 VALUES ($1, $2, $3, $4, $5, $6, 1, 1, $7, $8, $8) RETURNING {COLUMNS}"
            ))
            .bind(workspace)
            .bind(id)
            .bind(new.name)
            .bind(new.token)
            .bind(plan)
            .bind(sealed)
            .bind(new.created_by)
            .bind(now)
            .fetch_one(tx)
            .await?;
            read(&row)
        })
    })
    .await
}

async fn seal(
    db: &Db,
    workspace: WorkspaceId,
    id: HookId,
    secret: &SecretString,
) -> Result<Vec<u8>> {
    let key = db.data_key(workspace).await?;
    let (row, secret) = (id.uuid(), secret.expose_secret().as_bytes());
    key.seal(db.mint(), "hooks", row.as_bytes(), "secret", secret)
}

/// The hooks of a workspace, the newest first.
///
/// # Errors
/// What the database says.
pub async fn list(db: &Db, workspace: WorkspaceId) -> Result<Vec<Hook>> {
    let rows = sql_owned(format!(
        "SELECT {COLUMNS} FROM hooks WHERE workspace_id = $1 AND deleted_at IS NULL ORDER BY created_at DESC, id DESC"
    ))
    .bind(workspace)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter().map(read).collect()
}

/// One hook.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(db: &Db, workspace: WorkspaceId, id: HookId) -> Result<Hook> {
    let row = sql_owned(format!(
        "SELECT {COLUMNS} FROM hooks WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL"
    ))
    .bind(workspace)
    .bind(id)
    .fetch_one(&mut db.reader().await?)
    .await?;
    read(&row)
}

/// The hook of an address with its secret, whatever workspace it is of.
///
/// # Errors
/// [`Error::NotFound`] when there is none that takes anything; [`Error::Sealed`] with another master
/// key.
pub async fn find(db: &Db, token: &str) -> Result<(Hook, Zeroizing<Vec<u8>>)> {
    let row = sql_owned(format!(
        "SELECT {COLUMNS}, secret_enc FROM hooks WHERE token = $1 AND active = 1 AND deleted_at IS NULL"
    ))
    .bind(token)
    .fetch_one(&mut db.reader().await?)
    .await?;
    let hook = read(&row)?;
    let key = db.data_key(hook.workspace).await?;
    let place = hook.id.uuid();
    let secret = key.open("hooks", place.as_bytes(), "secret", &row.bytes(9)?)?;
    Ok((hook, secret))
}

/// What to change of a hook; `None` leaves it.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// What people call it.
    pub name: Option<String>,
    /// How bodies are signed and read; of the same kind.
    pub plan: Option<Plan>,
    /// What they are signed with.
    pub secret: Option<SecretString>,
    /// Whether it takes anything.
    pub active: Option<bool>,
    /// The version that was read.
    pub version: i64,
}

/// Changes a hook. What is on its way is judged by what it finds.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] when it was changed since that version.
pub async fn edit(db: &Db, workspace: WorkspaceId, id: HookId, edit: Edit) -> Result<Hook> {
    let before = get(db, workspace, id).await?;
    if before.version != edit.version {
        return Err(Error::Stale);
    }
    let sealed = match &edit.secret {
        Some(secret) => Some(seal(db, workspace, id, secret).await?),
        None => None,
    };
    let plan = edit.plan.as_ref().map(plan_text).transpose()?;
    let now = db.mint().now();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let row = sql_owned(format!(
                "UPDATE hooks SET name = COALESCE($4, name), plan = COALESCE($5, plan),
                    secret_enc = COALESCE($6, secret_enc), active = COALESCE($7, active),
                    version = version + 1, updated_at = $8
                 WHERE workspace_id = $1 AND id = $2 AND version = $3 AND deleted_at IS NULL RETURNING {COLUMNS}"
            ))
            .bind(workspace)
            .bind(id)
            .bind(edit.version)
            .bind(edit.name)
            .bind(plan)
            .bind(sealed)
            .bind(edit.active.map(i64::from))
            .bind(now)
            .fetch_optional(tx)
            .await?;
            row.as_ref().map_or(Err(Error::Stale), read)
        })
    })
    .await
}

/// Ends a hook for ever; its secret goes at once.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete(db: &Db, workspace: WorkspaceId, id: HookId) -> Result<()> {
    let now = db.mint().now();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let done = sql(
                "UPDATE hooks SET deleted_at = $3, updated_at = $3, active = 0, secret_enc = $4
                 WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL",
            )
            .bind(workspace)
            .bind(id)
            .bind(now)
            .bind(Vec::<u8>::new())
            .execute(tx)
            .await?;
            if done == 0 {
                Err(Error::NotFound)
            } else {
                Ok(())
            }
        })
    })
    .await
}

/// Notes that something came whose signature was wrong.
///
/// # Errors
/// What the database says.
pub async fn refused(db: &Db, workspace: WorkspaceId, id: HookId, at: Timestamp) -> Result<()> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            sql("UPDATE hooks SET last_refused_at = $3 WHERE workspace_id = $1 AND id = $2")
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
