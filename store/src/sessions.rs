//! Sessions by the hash of their token. Whether one has ended is for `api` to judge; a session of
//! a disabled account or member is not found at all.

use wigwag_model::{AccountId, MemberId, Role, Timestamp, WorkspaceId};

use crate::{Db, Priority, Result, sql};

/// A session.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// What changes by cookie must repeat.
    pub csrf_token: String,
    /// Whose it is.
    pub account: AccountId,
    /// The workspace it is in.
    pub workspace: WorkspaceId,
    /// The account's member there.
    pub member: MemberId,
    /// The browser, as it calls itself.
    pub user_agent: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, some minutes exact.
    pub last_seen_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("member", &self.member)
            .finish_non_exhaustive()
    }
}

/// A session and what its member may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The session.
    pub session: Session,
    /// The member's present role.
    pub role: Role,
}

/// Keeps a new session.
///
/// # Errors
/// What the database says.
pub async fn insert(db: &Db, session: Session) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("INSERT INTO sessions (token_hash, csrf_token, account_id, workspace_id, member_id, user_agent,
                                       created_at, last_seen_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
                .bind(&session.token_hash[..])
                .bind(session.csrf_token)
                .bind(session.account)
                .bind(session.workspace)
                .bind(session.member)
                .bind(session.user_agent)
                .bind(session.created_at)
                .bind(session.last_seen_at)
                .bind(session.expires_at)
                .execute(tx)
                .await?;
            Ok(())
        })
    })
    .await
}

/// The session of a token's hash.
///
/// # Errors
/// [`crate::Error::NotFound`] also when the account or the member is disabled.
pub async fn find(db: &Db, token_hash: &[u8; 32]) -> Result<Found> {
    let mut reader = db.reader().await?;
    let row = sql("SELECT s.csrf_token, s.account_id, s.workspace_id, s.member_id, s.user_agent,
                          s.created_at, s.last_seen_at, s.expires_at, m.role
                   FROM sessions s
                   JOIN accounts a ON a.id = s.account_id AND a.disabled_at IS NULL
                   JOIN members m ON m.workspace_id = s.workspace_id AND m.id = s.member_id AND m.disabled_at IS NULL
                   WHERE s.token_hash = $1")
        .bind(&token_hash[..])
        .fetch_one(&mut reader)
        .await?;
    Ok(Found {
        session: Session {
            token_hash: *token_hash,
            csrf_token: row.text(0)?,
            account: row.id(1)?,
            workspace: row.id(2)?,
            member: row.id(3)?,
            user_agent: row.text(4)?,
            created_at: row.time(5)?,
            last_seen_at: row.time(6)?,
            expires_at: row.time(7)?,
        },
        role: crate::members::role(&row.text(8)?)?,
    })
}

/// Notes that a session is used.
///
/// # Errors
/// What the database says.
pub async fn touch(db: &Db, token_hash: [u8; 32], at: Timestamp) -> Result<()> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            sql("UPDATE sessions SET last_seen_at = $2 WHERE token_hash = $1")
                .bind(&token_hash[..])
                .bind(at)
                .execute(tx)
                .await?;
            Ok(())
        })
    })
    .await
}

/// Ends a session.
///
/// # Errors
/// What the database says.
pub async fn delete(db: &Db, token_hash: [u8; 32]) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("DELETE FROM sessions WHERE token_hash = $1")
                .bind(&token_hash[..])
                .execute(tx)
                .await?;
            Ok(())
        })
    })
    .await
}

/// Deletes what has ended; at most 2,000 rows, so that the writer is not held.
///
/// # Errors
/// What the database says.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<u64> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            sql("DELETE FROM sessions WHERE token_hash IN
                 (SELECT token_hash FROM sessions WHERE expires_at <= $1 LIMIT 2000)")
            .bind(now)
            .execute(tx)
            .await
        })
    })
    .await
}
