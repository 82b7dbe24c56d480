//! The first visit: making the first owner with the one-time token from the server's log.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wigwag_engine::accounts::check_password;
use wigwag_store::one_time_tokens::{self, Purpose};
use wigwag_store::{accounts, members, workspaces};

use crate::Api;
use crate::address::ClientAddress;
use crate::problem::{Code, Problem};
use crate::request::Body;

/// Whether there is something to set up.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetupState {
    /// True until there is a first owner.
    pub needed: bool,
    /// Whether this is the demo.
    pub demo: bool,
}

/// Tells whether the installation waits for its first owner.
#[utoipa::path(get, path = "/api/v1/setup", operation_id = "getSetup", tag = "Session",
    responses((status = 200, description = "The state", body = SetupState)))]
pub async fn get(State(api): State<Api>) -> Result<Json<SetupState>, Problem> {
    let needed = !accounts::any(api.db()).await?;
    Ok(Json(SetupState {
        needed,
        demo: api.settings().demo,
    }))
}

/// The first owner.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// The one-time token from the server's log.
    #[garde(length(bytes, min = 20, max = 100))]
    pub token: String,
    /// The business's name.
    #[garde(length(chars, min = 1, max = 100))]
    pub workspace_name: String,
    /// The person's name.
    #[garde(length(chars, min = 1, max = 100))]
    pub name: String,
    /// The person's e-mail address.
    #[garde(email, length(chars, max = 254))]
    pub email: String,
    /// A password of 8 to 128 characters.
    #[garde(skip)]
    pub password: String,
}

/// Makes the workspace and its first owner, and signs in.
#[utoipa::path(post, path = "/api/v1/setup", operation_id = "setUp", tag = "Session", request_body = Setup,
    responses((status = 201, description = "Made and signed in", body = crate::sessions::Session)))]
pub async fn set_up(
    State(api): State<Api>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Body(wish): Body<Setup>,
) -> Result<Response, Problem> {
    check_password(
        &wish.password,
        &[&wish.name, &wish.email, &wish.workspace_name],
    )
    .map_err(|error| Problem::field("password", "invalid", error.to_string()))?;
    let now = api.clock().now();
    if let Some(seconds) = api.login_limit().wait("setup", address, now) {
        return Err(Problem::new(
            Code::RateLimited,
            "Too many wrong tokens: wait, then try again.",
        )
        .retry_after(seconds));
    }
    if accounts::any(api.db()).await? {
        return Err(Problem::new(
            Code::Conflict,
            "There is an owner already: sign in.",
        ));
    }
    match one_time_tokens::redeem(api.db(), crate::secret::hash(&wish.token), Purpose::Setup).await
    {
        Ok(_) => {}
        Err(wigwag_store::Error::NotFound) => {
            api.login_limit().note_bad("setup", address, now);
            return Err(Problem::field(
                "token",
                "invalid",
                "take the token from the server's newest log line",
            ));
        }
        Err(error) => return Err(error.into()),
    }
    let hash = api
        .passwords()
        .hash(&wish.password)
        .await
        .map_err(|error| Problem::internal(&error))?;
    let workspace = workspaces::create(api.db(), &wish.workspace_name, "UTC", false).await?;
    let person = members::NewPerson {
        email: wish.email,
        name: wish.name,
        password_hash: hash,
        role: wigwag_model::Role::Owner,
    };
    let (account, _) = members::add_person(api.db(), workspace, person).await?;
    crate::sessions::enter(&api, account, Some(workspace), &headers).await
}
