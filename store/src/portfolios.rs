//! Meta's business portfolios as a workspace knows them.

use wigwag_model::{PortfolioId, WorkspaceId};

use crate::{Db, Priority, Result, sql};

/// Makes a portfolio known, or finds it.
///
/// # Errors
/// What the database says.
pub async fn put(
    db: &Db,
    workspace: WorkspaceId,
    portfolio_id: &str,
    name: &str,
) -> Result<PortfolioId> {
    let fresh: PortfolioId = db.mint().id();
    let (portfolio_id, name, now) = (portfolio_id.to_owned(), name.to_owned(), db.mint().now());
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let row = sql(
                "INSERT INTO portfolios (workspace_id, id, portfolio_id, name, created_at)
                           VALUES ($1, $2, $3, $4, $5)
                           ON CONFLICT (workspace_id, portfolio_id) DO UPDATE SET name = $4
                           RETURNING id",
            )
            .bind(workspace)
            .bind(fresh)
            .bind(portfolio_id)
            .bind(name)
            .bind(now)
            .fetch_one(tx)
            .await?;
            row.id(0)
        })
    })
    .await
}
