//! Changes of contacts that start runs, in the transaction that makes the change.

use wigwag_model::campaign::ongoing::Signal;
use wigwag_model::id::Id as _;
use wigwag_model::{ContactId, RunId, WorkspaceId};

use super::events::{Began, insert};
use crate::{Batch, Executor, Result, Tx, sql, sql_rows};

/// Whether a change of a contact can start anything in a workspace.
pub(crate) async fn wanted(on: &mut impl Executor, workspace: WorkspaceId) -> Result<bool> {
    let row = sql("SELECT 1 FROM campaign_triggers WHERE workspace_id = $1
           AND kind IN ('contact_created', 'trait_changed', 'tag_added', 'tag_removed') LIMIT 1")
    .bind(workspace)
    .fetch_optional(on)
    .await?;
    Ok(row.is_some())
}

/// Begins the runs that changes of contacts start.
pub(crate) async fn write(
    tx: &mut Tx,
    workspace: WorkspaceId,
    signals: &[(ContactId, Signal)],
) -> Result<()> {
    if signals.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .texts("kind", signals.iter().map(|(_, signal)| signal.key().0))
        .texts("key", signals.iter().map(|(_, signal)| signal.key().1));
    let found = sql_rows(
        "SELECT r.ord, t.campaign_id, t.definition FROM {rows}
         JOIN campaign_triggers t ON t.workspace_id = {$1} AND t.kind = r.kind AND t.key = r.key",
        rows,
    )
    .bind(workspace)
    .fetch_all(tx)
    .await?;
    let now = tx.mint().now();
    let mut began = Vec::with_capacity(found.len());
    for row in &found {
        let at = usize::try_from(row.int(0)?).unwrap_or_default();
        // Each change is one of its own.
        let once: RunId = tx.mint().id();
        began.push(Began {
            campaign: row.id(1)?,
            definition: row.int(2)?,
            contact: signals[at].0,
            event: None,
            dedupe: once.uuid().to_string(),
            at: now,
        });
    }
    insert(tx, workspace, &began).await?;
    Ok(())
}
