//! Sign in, sign out, and who one is.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wigwag_model::{AccountId, Permission, WorkspaceId};
use wigwag_store::one_time_tokens::{self, Purpose};
use wigwag_store::{accounts, audit, members, workspaces};

use crate::Api;
use crate::address::ClientAddress;
use crate::auth::{Caller, cookie, session, unauthenticated};
use crate::members::Member;
use crate::problem::{Code, Problem};
use crate::request::Body;

/// The workspace of a session.
#[derive(Debug, Serialize, ToSchema)]
pub struct Workspace {
    /// Its id.
    #[schema(value_type = String)]
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// Whether it is the demo's.
    pub demo: bool,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// The member.
    pub member: Member,
    /// The workspace.
    pub workspace: Workspace,
    /// What the member may do.
    #[schema(value_type = Vec<String>)]
    pub permissions: Vec<Permission>,
    /// Pass it as `X-CSRF-Token` with every change.
    pub csrf_token: String,
    /// Where the simulator is, in the demo.
    pub simulator_url: Option<String>,
}

impl Session {
    async fn of(api: &Api, caller: &Caller) -> Result<Self, Problem> {
        let (Some(member), Some(session)) = (caller.member, &caller.session) else {
            return Err(unauthenticated());
        };
        let workspace = workspaces::get(api.db(), caller.scope.workspace).await?;
        let member = members::get(api.db(), caller.scope.workspace, member).await?;
        Ok(Self {
            member: Member::of(api, caller, member),
            workspace: Workspace {
                id: workspace.id,
                name: workspace.name,
                time_zone: workspace.time_zone,
                demo: workspace.demo,
            },
            permissions: caller.scope.permissions.clone(),
            csrf_token: session.csrf_token.clone(),
            simulator_url: api.settings().simulator_url.clone(),
        })
    }
}

/// What one signs in with.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// E-mail address.
    #[garde(length(chars, min = 1, max = 254))]
    pub email: String,
    /// Password.
    #[garde(length(chars, min = 1, max = 256))]
    pub password: String,
}

/// Signs in with e-mail address and password.
#[utoipa::path(post, path = "/api/v1/session", operation_id = "signIn", tag = "Session", request_body = SignIn,
    responses((status = 201, description = "Signed in; the cookie is set", body = Session)))]
pub async fn sign_in(
    State(api): State<Api>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Body(wish): Body<SignIn>,
) -> Result<Response, Problem> {
    let key = accounts::email_key(&wish.email);
    let now = api.clock().now();
    if let Some(seconds) = api.login_limit().wait(&key, address, now) {
        return Err(Problem::new(
            Code::RateLimited,
            "Too many wrong passwords: wait, then try again.",
        )
        .retry_after(seconds)
        .with("retry_after", seconds));
    }
    let account = accounts::find_by_email(api.db(), &wish.email)
        .await?
        .filter(|account| account.disabled_at.is_none());
    let hash = account
        .as_ref()
        .map(|account| account.password_hash.as_str());
    let right = api
        .passwords()
        .verify(&wish.password, hash)
        .await
        .map_err(|error| Problem::internal(&error))?;
    let Some(account) = account.filter(|_| right) else {
        api.login_limit().note_bad(&key, address, now);
        return Err(Problem::new(
            Code::InvalidCredentials,
            "E-mail address or password is wrong.",
        ));
    };
    api.login_limit().forgive(&key, address);
    enter(&api, account.id, None, &headers).await
}

/// Begins a session of an account and answers with it.
pub(crate) async fn enter(
    api: &Api,
    account: AccountId,
    workspace: Option<WorkspaceId>,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let Some((first, member)) = members::first_of_account(api.db(), account).await? else {
        return Err(Problem::new(
            Code::Forbidden,
            "This account is in no workspace.",
        ));
    };
    debug_assert!(
        workspace.is_none_or(|wanted| wanted == first),
        "accounts are in one workspace so far"
    );
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let new = session::create(api, account, first, member, agent).await?;
    let entry = audit::Entry {
        actor: member.to_string(),
        action: "session.create".to_owned(),
        subject: member.to_string(),
        detail: serde_json::json!({}),
    };
    audit::append(api.db(), first, entry).await?;
    let mut response = (
        StatusCode::CREATED,
        Json(Session::of(api, &new.caller).await?),
    )
        .into_response();
    if let Some(value) = cookie::set(api, &new.token) {
        response.headers_mut().append(cookie::SET, value);
    }
    Ok(response)
}

/// A token that works once.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OneTime {
    /// The token of the link.
    #[garde(length(bytes, min = 20, max = 100))]
    pub token: String,
}

/// Signs in with a one-time link.
#[utoipa::path(post, path = "/api/v1/session/one_time", operation_id = "signInOnce", tag = "Session", request_body = OneTime,
    responses((status = 201, description = "Signed in; the cookie is set", body = Session)))]
pub async fn one_time(
    State(api): State<Api>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Body(wish): Body<OneTime>,
) -> Result<Response, Problem> {
    let now = api.clock().now();
    if let Some(seconds) = api.login_limit().wait("one_time", address, now) {
        return Err(Problem::new(
            Code::RateLimited,
            "Too many wrong links: wait, then try again.",
        )
        .retry_after(seconds));
    }
    match one_time_tokens::redeem(api.db(), crate::secret::hash(&wish.token), Purpose::Login).await
    {
        Ok((Some(account), workspace)) => enter(&api, account, workspace, &headers).await,
        Ok((None, _)) | Err(wigwag_store::Error::NotFound) => {
            api.login_limit().note_bad("one_time", address, now);
            Err(Problem::new(
                Code::InvalidCredentials,
                "The link was used already or is too old.",
            ))
        }
        Err(error) => Err(error.into()),
    }
}

/// Tells who is signed in.
#[utoipa::path(get, path = "/api/v1/session", operation_id = "getSession", tag = "Session",
    responses((status = 200, description = "The session", body = Session)))]
pub async fn get(State(api): State<Api>, caller: Caller) -> Result<Json<Session>, Problem> {
    Session::of(&api, &caller).await.map(Json)
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/session", operation_id = "signOut", tag = "Session",
    responses((status = 204, description = "Signed out")))]
pub async fn sign_out(State(api): State<Api>, caller: Caller) -> Result<Response, Problem> {
    if let Some(session) = &caller.session {
        wigwag_store::sessions::delete(api.db(), session.token_hash).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(value) = cookie::clear(&api) {
        response.headers_mut().append(cookie::SET, value);
    }
    Ok(response)
}
