//! The one place where `contacts.blocked_at` is written, with what Meta's lists are to hold from then on.

use std::collections::BTreeMap;

use wigwag_model::{ContactId, Timestamp, WorkspaceId};

use super::address;
use crate::{Batch, Dialect, Result, Tx, contacts, sql, sql_rows};

/// Blocks contacts since an instant, or lets them in again. The caller holds them.
pub(crate) async fn put(
    tx: &mut Tx,
    workspace: WorkspaceId,
    wanted: &BTreeMap<ContactId, Option<Timestamp>>,
) -> Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let now = tx.mint().now();
    let rows = Batch::new()
        .ids("id", wanted.keys().copied())
        .opt_times("blocked_at", wanted.values().copied());
    sql_rows(
        "UPDATE contacts SET blocked_at = r.blocked_at, updated_at = $2, version = version + 1 FROM {rows}
         WHERE contacts.workspace_id = {$1} AND contacts.id = r.id",
        rows,
    )
    .bind(workspace)
    .bind(now)
    .execute(tx)
    .await?;
    let (mut on, mut off) = (Vec::new(), Vec::new());
    for (id, since) in wanted {
        contacts::changed(tx, workspace, *id);
        let side = if since.is_some() { &mut on } else { &mut off };
        side.push(*id);
    }
    want(tx, workspace, &on).await?;
    unwant(tx, workspace, &off).await
}

/// Makes one contact of two: blocked since the earlier of both. Their identities and conversations are the
/// survivor's already.
pub(crate) async fn join(
    tx: &mut Tx,
    workspace: WorkspaceId,
    survivor: ContactId,
    other: ContactId,
) -> Result<()> {
    let since =
        sql("SELECT MIN(blocked_at) FROM contacts WHERE workspace_id = $1 AND id IN ($2, $3)")
            .bind(workspace)
            .bind(survivor)
            .bind(other)
            .fetch_one(tx)
            .await?
            .opt_time(0)?;
    sql("UPDATE contacts SET blocked_at = CASE WHEN id = $2 THEN $4 END WHERE workspace_id = $1 AND id IN ($2, $3)")
        .bind(workspace)
        .bind(survivor)
        .bind(other)
        .bind(since)
        .execute(tx)
        .await?;
    hold(tx, workspace, &[survivor, other]).await?;
    sql("UPDATE blocks SET contact_id = $2 WHERE workspace_id = $1 AND contact_id = $3")
        .bind(workspace)
        .bind(survivor)
        .bind(other)
        .execute(tx)
        .await?;
    if since.is_some() {
        want(tx, workspace, &[survivor]).await?;
    }
    Ok(())
}

/// Lets in whoever is erased, and those that had become them: the same number may write again, and is somebody
/// new. Only what Meta is still to be asked keeps the address.
pub(crate) async fn lift(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<()> {
    let batch = || Batch::new().ids("id", ids.iter().copied());
    for text in [
        "UPDATE contacts SET blocked_at = NULL FROM {rows}
         WHERE contacts.workspace_id = {$1} AND contacts.id = r.id AND contacts.blocked_at IS NOT NULL",
        "UPDATE contacts SET blocked_at = NULL FROM {rows}
         WHERE contacts.workspace_id = {$1} AND contacts.merged_into = r.id AND contacts.blocked_at IS NOT NULL",
    ] {
        sql_rows(text, batch()).bind(workspace).execute(tx).await?;
    }
    unwant(tx, workspace, ids).await?;
    sql_rows(
        "DELETE FROM blocks WHERE wanted = 0 AND due_at IS NULL
           AND (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        pairs(workspace, ids),
    )
    .execute(tx)
    .await
    .map(drop)
}

/// Meta's lists are to hold these contacts.
async fn want(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    hold(tx, workspace, ids).await?;
    sql_rows(
        "DELETE FROM blocks WHERE wanted = 0 AND listed = 0 AND unsure = 0
           AND (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        pairs(workspace, ids),
    )
    .execute(tx)
    .await?;
    // What is left stands on the list, or may: then Meta is asked when it was to be asked anyway.
    let now = tx.mint().now();
    sql_rows(
        "UPDATE blocks SET wanted = 1, due_at = CASE WHEN unsure = 1 THEN due_at END, tries = 0, code = NULL, updated_at = $2
         FROM {rows} WHERE blocks.workspace_id = {$1} AND blocks.contact_id = r.id AND blocks.wanted = 0",
        Batch::new().ids("id", ids.iter().copied()),
    )
    .bind(workspace)
    .bind(now)
    .execute(tx)
    .await?;
    tx.wake_blocks();
    address::insert(tx, workspace, ids).await
}

/// Meta's lists are to hold none of these contacts. Of whom they never held, nothing is asked.
async fn unwant(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    hold(tx, workspace, ids).await?;
    sql_rows(
        "DELETE FROM blocks WHERE listed = 0 AND unsure = 0
           AND (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        pairs(workspace, ids),
    )
    .execute(tx)
    .await?;
    let now = tx.mint().now();
    sql_rows(
        "UPDATE blocks SET wanted = 0, due_at = CASE WHEN unsure = 1 THEN due_at ELSE $2 END, heard_at = NULL, tries = 0,
            code = NULL, updated_at = $2
         FROM {rows} WHERE blocks.workspace_id = {$1} AND blocks.contact_id = r.id AND blocks.wanted = 1",
        Batch::new().ids("id", ids.iter().copied()),
    )
    .bind(workspace)
    .bind(now)
    .execute(tx)
    .await?;
    tx.wake_blocks();
    Ok(())
}

/// Holds the rows of contacts on PostgreSQL, in the order in which whoever records answers holds them.
async fn hold(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<()> {
    if tx.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    sql_rows(
        "SELECT b.address FROM {rows} JOIN blocks b ON b.workspace_id = {$1} AND b.contact_id = r.id
         ORDER BY b.number_id, b.address FOR UPDATE OF b",
        Batch::new().ids("id", ids.iter().copied()),
    )
    .bind(workspace)
    .fetch_all(tx)
    .await
    .map(drop)
}

fn pairs(workspace: WorkspaceId, ids: &[ContactId]) -> Batch {
    Batch::new()
        .ids("workspace_id", ids.iter().map(|_| workspace))
        .ids("id", ids.iter().copied())
}
