//! Members: the places of accounts in workspaces, with their roles.

use wigwag_model::{AccountId, MemberId, Role, Timestamp, WorkspaceId};

use crate::{Db, Error, Priority, Result, Row, Tx, sql};

/// A member as others in the workspace see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: MemberId,
    /// The account behind it.
    pub account: AccountId,
    /// The person's name.
    pub name: String,
    /// The person's e-mail address.
    pub email: String,
    /// The role in this workspace.
    pub role: Role,
    /// Since when the member may not sign in here.
    pub disabled_at: Option<Timestamp>,
    /// When the member joined.
    pub created_at: Timestamp,
}

pub(crate) fn role(text: &str) -> Result<Role> {
    Role::parse(text).ok_or(Error::Inconsistent {
        table: "members",
        column: "role",
    })
}

fn read(row: &Row) -> Result<Member> {
    Ok(Member {
        id: row.id(0)?,
        account: row.id(1)?,
        name: row.text(2)?,
        email: row.text(3)?,
        role: role(&row.text(4)?)?,
        disabled_at: row.opt_time(5)?,
        created_at: row.time(6)?,
    })
}

/// Adds an account to a workspace inside a transaction.
///
/// # Errors
/// [`Error::Conflict`] when it is a member already.
pub async fn insert_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    role: Role,
) -> Result<MemberId> {
    let (id, now): (MemberId, _) = (tx.mint().id(), tx.mint().now());
    sql("INSERT INTO members (workspace_id, id, account_id, role, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(workspace)
        .bind(id)
        .bind(account)
        .bind(role.as_str())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(id)
}

/// A new person with a place in a workspace, in one step.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// E-mail address, unique in the installation.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// argon2id in PHC form.
    pub password_hash: String,
    /// The role in the workspace.
    pub role: Role,
}

/// Adds a new account and its membership.
///
/// # Errors
/// [`Error::Conflict`] when the address is taken.
pub async fn add_person(
    db: &Db,
    workspace: WorkspaceId,
    person: NewPerson,
) -> Result<(AccountId, MemberId)> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let account =
                crate::accounts::insert_in(tx, &person.email, &person.name, &person.password_hash)
                    .await?;
            let member = insert_in(tx, workspace, account, person.role).await?;
            Ok((account, member))
        })
    })
    .await
}

/// The members of a workspace by name, the disabled ones too.
///
/// # Errors
/// What the database says.
pub async fn list(db: &Db, workspace: WorkspaceId) -> Result<Vec<Member>> {
    let mut reader = db.reader().await?;
    let rows = sql(
        "SELECT m.id, m.account_id, a.name, a.email, m.role, m.disabled_at, m.created_at
                    FROM members m JOIN accounts a ON a.id = m.account_id
                    WHERE m.workspace_id = $1 ORDER BY a.name, m.id",
    )
    .bind(workspace)
    .fetch_all(&mut reader)
    .await?;
    rows.iter().map(read).collect()
}

/// One member.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(db: &Db, workspace: WorkspaceId, id: MemberId) -> Result<Member> {
    let mut reader = db.reader().await?;
    let row = sql(
        "SELECT m.id, m.account_id, a.name, a.email, m.role, m.disabled_at, m.created_at
                   FROM members m JOIN accounts a ON a.id = m.account_id
                   WHERE m.workspace_id = $1 AND m.id = $2",
    )
    .bind(workspace)
    .bind(id)
    .fetch_one(&mut reader)
    .await?;
    read(&row)
}

/// The member with an e-mail address who can sign in.
///
/// # Errors
/// What the database says.
pub async fn by_email(db: &Db, workspace: WorkspaceId, email: &str) -> Result<Option<MemberId>> {
    let row = sql(
        "SELECT m.id FROM members m JOIN accounts a ON a.id = m.account_id
                   WHERE m.workspace_id = $1 AND a.email_key = $2
                     AND m.disabled_at IS NULL AND a.disabled_at IS NULL",
    )
    .bind(workspace)
    .bind(crate::accounts::email_key(email))
    .fetch_optional(&mut db.reader().await?)
    .await?;
    row.map(|row| row.id(0)).transpose()
}

/// Where an account may go in: its first workspace, by when it joined.
///
/// # Errors
/// What the database says.
pub async fn first_of_account(
    db: &Db,
    account: AccountId,
) -> Result<Option<(WorkspaceId, MemberId)>> {
    let mut reader = db.reader().await?;
    let row = sql("SELECT workspace_id, id FROM members
                   WHERE account_id = $1 AND disabled_at IS NULL ORDER BY created_at, id LIMIT 1")
    .bind(account)
    .fetch_optional(&mut reader)
    .await?;
    row.map(|row| Ok((row.id(0)?, row.id(1)?))).transpose()
}

/// Disables a member or lets them in again; disabling ends their sessions here.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn set_disabled(
    db: &Db,
    workspace: WorkspaceId,
    id: MemberId,
    disabled: bool,
) -> Result<()> {
    let now = db.mint().now();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let changed =
                sql("UPDATE members SET disabled_at = $3 WHERE workspace_id = $1 AND id = $2")
                    .bind(workspace)
                    .bind(id)
                    .bind(disabled.then_some(now))
                    .execute(tx)
                    .await?;
            if changed == 0 {
                return Err(Error::NotFound);
            }
            sql("DELETE FROM sessions WHERE workspace_id = $1 AND member_id = $2")
                .bind(workspace)
                .bind(id)
                .execute(tx)
                .await?;
            Ok(())
        })
    })
    .await
}

/// Gives a member another role.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when it is the last owner who can sign in.
pub async fn set_role(db: &Db, workspace: WorkspaceId, id: MemberId, role: Role) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let changed = sql("UPDATE members SET role = $3 WHERE workspace_id = $1 AND id = $2")
                .bind(workspace)
                .bind(id)
                .bind(role.as_str())
                .execute(tx)
                .await?;
            if changed == 0 {
                return Err(Error::NotFound);
            }
            // A workspace without an owner could never be given one again.
            let owners = sql(
                "SELECT m.id FROM members m JOIN accounts a ON a.id = m.account_id
                              WHERE m.workspace_id = $1 AND m.role = 'owner'
                                AND m.disabled_at IS NULL AND a.disabled_at IS NULL LIMIT 1",
            )
            .bind(workspace)
            .fetch_optional(tx)
            .await?;
            if owners.is_none() {
                return Err(Error::Conflict("owner"));
            }
            Ok(())
        })
    })
    .await
}
