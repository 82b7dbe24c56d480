//! Members and teams of the workspace.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use wigwag_model::{MemberId, Role, Timestamp};
use wigwag_store::members;

use crate::Api;
use crate::auth::Caller;
use crate::page::Page;
use crate::problem::Problem;

/// A member of the workspace.
#[derive(Debug, Serialize, ToSchema)]
pub struct Member {
    /// The member's id.
    #[schema(value_type = String)]
    pub id: MemberId,
    /// The person's name.
    pub name: String,
    /// The person's e-mail address.
    pub email: String,
    /// `owner`, `admin` or `agent`.
    #[schema(value_type = String)]
    pub role: Role,
    /// `online` while a console of theirs is connected, else `offline`.
    pub presence: &'static str,
    /// When the member joined.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl Member {
    /// A member as others see it.
    pub(crate) fn of(api: &Api, caller: &Caller, member: members::Member) -> Self {
        let online = api.live().is_online(caller.scope.workspace, member.id);
        Self {
            id: member.id,
            name: member.name,
            email: member.email,
            role: member.role,
            presence: if online { "online" } else { "offline" },
            created_at: member.created_at,
        }
    }
}

/// Lists the members that can sign in.
#[utoipa::path(get, path = "/api/v1/members", operation_id = "listMembers", tag = "Members",
    responses((status = 200, description = "The members", body = Page<Member>)))]
pub async fn list(State(api): State<Api>, caller: Caller) -> Result<Json<Page<Member>>, Problem> {
    let members = members::list(api.db(), caller.scope.workspace).await?;
    let active = members
        .into_iter()
        .filter(|member| member.disabled_at.is_none());
    Ok(Json(Page::whole(
        active
            .map(|member| Member::of(&api, &caller, member))
            .collect(),
    )))
}

/// A team of members.
#[derive(Debug, Serialize, ToSchema)]
pub struct Team {
    /// The team's id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Lists the teams; there are none yet.
#[utoipa::path(get, path = "/api/v1/teams", operation_id = "listTeams", tag = "Members",
    responses((status = 200, description = "The teams", body = Page<Team>)))]
pub async fn teams(_: Caller) -> Json<Page<Team>> {
    Json(Page::whole(Vec::new()))
}
