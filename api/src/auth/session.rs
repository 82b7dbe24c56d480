//! Sessions of members: a random token in a cookie, its hash in the database.
//!
//! A session ends after a week without use, after thirty days in any case, when the member is
//! disabled and when the password changes. Signing in always makes a new token.

use std::time::Duration;

use axum::http::HeaderMap;
use subtle::ConstantTimeEq as _;
use wigwag_model::{AccountId, MemberId, Scope, WorkspaceId};
use wigwag_store::sessions;

use super::Caller;
use crate::Api;
use crate::problem::{Code, Problem};

/// A session unused this long has ended.
pub const IDLE_LIMIT: Duration = Duration::from_hours(7 * 24);
/// A session ends after this, used or not.
pub const ABSOLUTE_LIMIT: Duration = Duration::from_hours(30 * 24);
/// How stale the last use may be in the database, to spare writes.
const TOUCH_AFTER: Duration = Duration::from_mins(5);

/// The session of the present request.
#[derive(Clone)]
pub struct Current {
    /// Hash of the token, the row's key.
    pub token_hash: [u8; 32],
    /// What changes must carry in `X-CSRF-Token`.
    pub csrf_token: String,
    /// Whose it is.
    pub account: AccountId,
}

impl std::fmt::Debug for Current {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Current")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

impl Current {
    /// Refuses a change without the session's token.
    pub fn check_csrf(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let sent = headers
            .get("x-csrf-token")
            .map(axum::http::HeaderValue::as_bytes)
            .unwrap_or_default();
        if bool::from(sent.ct_eq(self.csrf_token.as_bytes())) {
            return Ok(());
        }
        Err(Problem::new(
            Code::Csrf,
            "Pass the token of GET /api/v1/session as `X-CSRF-Token`.",
        ))
    }
}

/// A session as it was just made; the token is shown to the browser only.
pub struct New {
    /// The cookie's value.
    pub token: String,
    /// The caller that the session belongs to.
    pub caller: Caller,
}

/// Makes a session for a member.
pub async fn create(
    api: &Api,
    account: AccountId,
    workspace: WorkspaceId,
    member: MemberId,
    user_agent: &str,
) -> Result<New, Problem> {
    let token = crate::secret::random_text::<32>(api);
    let csrf_token = crate::secret::random_text::<16>(api);
    let now = api.clock().now();
    let row = sessions::Session {
        token_hash: crate::secret::hash(&token),
        csrf_token,
        account,
        workspace,
        member,
        user_agent: user_agent.chars().take(200).collect(),
        created_at: now,
        last_seen_at: now,
        expires_at: now.plus(ABSOLUTE_LIMIT),
    };
    sessions::insert(api.db(), row.clone()).await?;
    let found = sessions::find(api.db(), &row.token_hash).await?;
    Ok(New {
        token,
        caller: caller_of(found),
    })
}

/// The caller of a token.
pub(super) async fn identify(api: &Api, token: &str) -> Result<Caller, Problem> {
    let hash = crate::secret::hash(token);
    let found = match sessions::find(api.db(), &hash).await {
        Err(wigwag_store::Error::NotFound) => return Err(super::unauthenticated()),
        found => found?,
    };
    let now = api.clock().now();
    let session = &found.session;
    if now >= session.expires_at || now.since(session.last_seen_at) > IDLE_LIMIT {
        return Err(super::unauthenticated());
    }
    if now.since(session.last_seen_at) > TOUCH_AFTER {
        sessions::touch(api.db(), hash, now).await?;
    }
    Ok(caller_of(found))
}

fn caller_of(found: sessions::Found) -> Caller {
    let session = found.session;
    Caller {
        scope: Scope::member(session.workspace, session.member, found.role),
        member: Some(session.member),
        session: Some(Current {
            token_hash: session.token_hash,
            csrf_token: session.csrf_token,
            account: session.account,
        }),
        key_prefix: None,
        number: None,
    }
}
