//! Routes: which workspace an item of a webhook belongs to. One owner per number, WABA and
//! portfolio, so that nobody else's items can land in a workspace.

use uuid::Uuid;
use wigwag_model::WorkspaceId;

use crate::{Db, Error, Executor, Priority, Result, sql};

/// What a route is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RouteKind {
    /// Meta's phone number id; the subject is the number.
    PhoneNumber,
    /// Meta's WABA id; the subject is the WABA.
    Waba,
    /// Meta's business portfolio id; the subject is the portfolio.
    Portfolio,
}

impl RouteKind {
    /// The name in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PhoneNumber => "phone_number",
            Self::Waba => "waba",
            Self::Portfolio => "portfolio",
        }
    }
}

/// Where items with an external id go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The app whose webhooks may carry such items.
    pub app: String,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The number, WABA or portfolio as our own id.
    pub subject: Uuid,
}

/// The route of an external id.
///
/// # Errors
/// What the database says.
pub async fn find(
    on: &mut impl Executor,
    kind: RouteKind,
    external: &str,
) -> Result<Option<Route>> {
    let row = sql(
        "SELECT app_id, workspace_id, subject_id FROM routes WHERE kind = $1 AND external_id = $2",
    )
    .bind(kind.as_str())
    .bind(external)
    .fetch_optional(on)
    .await?;
    row.map(|row| {
        Ok(Route {
            app: row.text(0)?,
            workspace: row.id(1)?,
            subject: wigwag_model::id::Id::uuid(row.id::<WorkspaceId>(2)?),
        })
    })
    .transpose()
}

/// Claims an external id for a workspace. Claiming one's own again changes the app.
///
/// # Errors
/// [`Error::Conflict`] when another workspace owns it.
pub async fn claim(db: &Db, kind: RouteKind, external: &str, route: Route) -> Result<()> {
    let external = external.to_owned();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let changed = sql("INSERT INTO routes (kind, external_id, app_id, workspace_id, subject_id)
                               VALUES ($1, $2, $3, $4, $5)
                               ON CONFLICT (kind, external_id) DO UPDATE SET app_id = $3, subject_id = $5
                               WHERE routes.workspace_id = $4")
                .bind(kind.as_str())
                .bind(external)
                .bind(route.app)
                .bind(route.workspace)
                .bind(route.subject)
                .execute(tx)
                .await?;
            if changed == 0 { Err(Error::Conflict("route")) } else { Ok(()) }
        })
    })
    .await
}
