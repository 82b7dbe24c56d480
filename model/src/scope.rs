//! Who asks, and what they may see: every tenant function of `store` takes a [`Scope`] or its
//! workspace.

use crate::{ApiKeyId, MemberId, Permission, Role, WorkspaceId};

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in member.
    Member(MemberId),
    /// A program with an API key.
    ApiKey(ApiKeyId),
    /// Wigwag itself: ingest, dispatch, jobs.
    System,
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Member(id) => id.fmt(f),
            Self::ApiKey(id) => id.fmt(f),
            Self::System => f.write_str("system"),
        }
    }
}

/// Which conversations an actor sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Every conversation of the workspace.
    All,
    /// Those of the member's teams and the unassigned ones.
    Teams(MemberId),
    /// Only those assigned to the member.
    Assigned(MemberId),
}

/// A request's authority, made once by `api` and passed down.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// Who acts.
    pub actor: Actor,
    /// What the actor may do.
    pub permissions: Vec<Permission>,
    /// What the actor sees.
    pub visibility: Visibility,
}

impl Scope {
    /// The scope of a member with `role`.
    pub fn member(workspace: WorkspaceId, member: MemberId, role: Role) -> Self {
        Self {
            workspace,
            actor: Actor::Member(member),
            permissions: role.permissions().to_vec(),
            visibility: Visibility::All,
        }
    }

    /// Whether the actor may do this.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }
}
