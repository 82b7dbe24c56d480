//! Secret API keys: `ww_` and 160 random bits, shown once, stored as a hash, with scopes and an expiry.
//!
//! The random part is long enough that a plain SHA-256 cannot be searched; a password hash would
//! only slow every call.

use std::time::Duration;

use wigwag_model::{Actor, Permission, Scope, Visibility};
use wigwag_store::api_keys::{self, ApiKey};

use super::Caller;
use crate::Api;
use crate::problem::Problem;

/// What every key starts with, so that scanners find leaked ones.
pub const PREFIX: &str = "ww_";
/// How stale the last use may be in the database, to spare writes.
const TOUCH_AFTER: Duration = Duration::from_mins(1);

/// A key as it was just made.
pub struct Fresh {
    /// The whole key; shown once.
    pub secret: String,
    /// Its start, by which people know it.
    pub prefix: String,
    /// What is stored.
    pub hash: [u8; 32],
}

/// Makes a key from 20 random bytes.
pub fn fresh(random: [u8; 20]) -> Fresh {
    with_prefix(PREFIX, random)
}

/// Makes a key of a kind that its prefix tells.
pub(super) fn with_prefix(prefix: &str, random: [u8; 20]) -> Fresh {
    let secret = format!("{prefix}{}", crate::secret::base32(&random));
    Fresh {
        prefix: secret.chars().take(8).collect(),
        hash: crate::secret::hash(&secret),
        secret,
    }
}

/// The caller of a key.
pub(crate) async fn identify(api: &Api, secret: &str) -> Result<Caller, Problem> {
    if !secret.starts_with(PREFIX) {
        return Err(super::unauthenticated());
    }
    let key = find(api, secret).await?;
    if key.publishable.is_some() {
        return Err(super::unauthenticated());
    }
    touch(api, &key);
    Ok(caller(key))
}

/// The key of a text, when it works.
pub(super) async fn find(api: &Api, text: &str) -> Result<ApiKey, Problem> {
    let key = match api_keys::find(api.db(), &crate::secret::hash(text)).await {
        Err(wigwag_store::Error::NotFound) => return Err(super::unauthenticated()),
        found => found?,
    };
    let now = api.clock().now();
    if key.revoked_at.is_some() || key.expires_at.is_some_and(|at| now >= at) {
        return Err(super::unauthenticated());
    }
    Ok(key)
}

/// Notes that a key is used.
pub(super) fn touch(api: &Api, key: &ApiKey) {
    let now = api.clock().now();
    if key
        .last_used_at
        .is_none_or(|at| now.since(at) > TOUCH_AFTER)
    {
        // Nobody waits for this: what only reads must not stand in line with what is written.
        let (db, workspace, id) = (api.db().clone(), key.workspace, key.id);
        tokio::spawn(async move {
            if let Err(error) = api_keys::touch(&db, workspace, id, now).await {
                tracing::warn!(%error, "the last use of an API key could not be noted");
            }
        });
    }
}

/// Who calls with a key.
pub(super) fn caller(key: ApiKey) -> Caller {
    let permissions = key
        .scopes
        .iter()
        .filter_map(|scope| Permission::parse(scope))
        .collect();
    Caller {
        scope: Scope {
            workspace: key.workspace,
            actor: Actor::ApiKey(key.id),
            permissions,
            visibility: Visibility::All,
        },
        member: None,
        session: None,
        key_prefix: Some(key.prefix),
        number: key.number,
    }
}
