//! Routes: which workspace an item of a webhook belongs to. One owner per number, WABA and
//! portfolio, so that nobody else's items can land in a workspace.

use uuid::Uuid;
use wigwag_model::WorkspaceId;
use wigwag_model::rates::Billing;

use crate::{Batch, Db, Error, Executor, Priority, Result, sql, sql_rows};

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

/// A route with what the items on it need to be told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The route.
    pub route: Route,
    /// Meta's id of the portfolio that ids of people are scoped to; empty when it is not known.
    pub portfolio: String,
    /// What the account's bill goes by.
    pub billing: Billing,
}

/// The routes of many external ids, in order; `None` for those without.
///
/// # Errors
/// What the database says.
pub async fn resolve(
    on: &mut impl Executor,
    wanted: &[(RouteKind, &str)],
) -> Result<Vec<Option<Resolved>>> {
    let mut found = vec![None; wanted.len()];
    if wanted.is_empty() {
        return Ok(found);
    }
    let rows = Batch::new()
        .texts("kind", wanted.iter().map(|(kind, _)| kind.as_str()))
        .texts("external_id", wanted.iter().map(|(_, external)| *external));
    let rows = sql_rows(
        "SELECT r.ord, t.app_id, t.workspace_id, t.subject_id, p.portfolio_id, w.currency, w.time_zone
         FROM {rows} JOIN routes t ON t.kind = r.kind AND t.external_id = r.external_id
         LEFT JOIN numbers n ON t.kind = 'phone_number' AND n.workspace_id = t.workspace_id AND n.id = t.subject_id
         LEFT JOIN wabas w ON w.workspace_id = t.workspace_id
             AND w.id = CASE WHEN t.kind = 'waba' THEN t.subject_id ELSE n.waba END
         LEFT JOIN portfolios p ON p.workspace_id = t.workspace_id
             AND p.id = CASE WHEN t.kind = 'portfolio' THEN t.subject_id ELSE w.portfolio END",
        rows,
    )
    .fetch_all(on)
    .await?;
    for row in &rows {
        let at = usize::try_from(row.int(0)?).unwrap_or(usize::MAX);
        if let Some(slot) = found.get_mut(at) {
            *slot = Some(Resolved {
                route: Route {
                    app: row.text(1)?,
                    workspace: row.id(2)?,
                    subject: wigwag_model::id::Id::uuid(row.id::<WorkspaceId>(3)?),
                },
                portfolio: row.opt_text(4)?.unwrap_or_default(),
                billing: Billing::of(row.opt_text(5)?.as_deref(), row.opt_text(6)?.as_deref()),
            });
        }
    }
    Ok(found)
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
