//! Tokens that work once: the first owner's set-up and the demo's login link. Only hashes are kept.

use wigwag_model::{AccountId, Timestamp, WorkspaceId};

use crate::{Db, Error, Priority, Result, sql};

/// What a token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Making the first owner of an installation.
    Setup,
    /// Signing in without a password, by a link that the operator sees.
    Login,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Login => "login",
        }
    }
}

/// A token to keep.
#[derive(Debug, Clone, Copy)]
pub struct New {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// What it opens.
    pub purpose: Purpose,
    /// Whom it signs in.
    pub account: Option<AccountId>,
    /// Where.
    pub workspace: Option<WorkspaceId>,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Keeps a token. A newer set-up token ends the older ones.
///
/// # Errors
/// What the database says.
pub async fn insert(db: &Db, new: New) -> Result<()> {
    let now = db.mint().now();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            if new.purpose == Purpose::Setup {
                sql("DELETE FROM one_time_tokens WHERE purpose = $1").bind(new.purpose.as_str()).execute(tx).await?;
            }
            sql("INSERT INTO one_time_tokens (token_hash, purpose, account_id, workspace_id, expires_at, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6)")
                .bind(&new.hash[..])
                .bind(new.purpose.as_str())
                .bind(new.account)
                .bind(new.workspace)
                .bind(new.expires_at)
                .bind(now)
                .execute(tx)
                .await?;
            Ok(())
        })
    })
    .await
}

/// Uses a token up and tells whom it signs in.
///
/// # Errors
/// [`Error::NotFound`] for an unknown, used or expired one.
pub async fn redeem(
    db: &Db,
    hash: [u8; 32],
    purpose: Purpose,
) -> Result<(Option<AccountId>, Option<WorkspaceId>)> {
    let now = db.mint().now();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let row = sql("UPDATE one_time_tokens SET used_at = $3
                           WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3
                           RETURNING account_id, workspace_id")
                .bind(&hash[..])
                .bind(purpose.as_str())
                .bind(now)
                .fetch_optional(tx)
                .await?
                .ok_or(Error::NotFound)?;
            Ok((row.opt_id(0)?, row.opt_id(1)?))
        })
    })
    .await
}
