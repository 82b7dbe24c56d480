//! The first step: in one transaction a person is found by nothing any more, and nothing that waits leaves.

use wigwag_model::{ContactId, ConversationId, ListId, MessageId, WorkspaceId};

use super::refusals;
use crate::conversations::ERASED;
use crate::{Batch, Result, Tx, blocks, contacts, conversations, outbox, sql_rows};

/// Why a message that waited did not leave.
const REASON: &str = "erased";

/// Begins to erase contacts that the caller holds and that are somebody of their own.
pub(crate) async fn begin(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[ContactId],
    actor: &str,
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    refusals::keep(tx, workspace, ids).await?;
    stop_waiting(tx, workspace, ids).await?;
    blocks::lift(tx, workspace, ids).await?;
    forget_keys(tx, workspace, ids).await?;
    unlist(tx, workspace, ids).await?;
    let now = tx.mint().now();
    let batch = || Batch::new().ids("id", ids.iter().copied());
    // Those that became one of them hold nothing of their own, but for what was left of before.
    for text in [
        "UPDATE contacts SET name = NULL, profile_name = NULL, phone = NULL, wa_id = NULL, user_id = NULL, username = NULL,
            email = NULL, country = NULL, tags = '[]', traits = '{}', name_key = '', last_seen_at = NULL,
            merged_into = contacts.id, erased_at = $2, updated_at = $2, version = version + 1
         FROM {rows} WHERE contacts.workspace_id = {$1} AND contacts.id = r.id",
        "UPDATE contacts SET name = NULL, profile_name = NULL, phone = NULL, wa_id = NULL, user_id = NULL, username = NULL,
            email = NULL, country = NULL, tags = '[]', traits = '{}', name_key = '', last_seen_at = NULL,
            erased_at = $2, updated_at = $2
         FROM {rows} WHERE contacts.workspace_id = {$1} AND contacts.merged_into = r.id AND contacts.id <> r.id",
    ] {
        sql_rows(text, batch())
            .bind(workspace)
            .bind(now)
            .execute(tx)
            .await?;
    }
    sql_rows(
        "INSERT INTO erasures (workspace_id, contact_id, asked_by, begun_at)
         SELECT $1, r.id, $2, $3 FROM {rows} WHERE true ON CONFLICT DO NOTHING",
        batch(),
    )
    .bind(workspace)
    .bind(actor)
    .bind(now)
    .execute(tx)
    .await?;
    close(tx, workspace, ids).await?;
    for id in ids {
        contacts::changed(tx, workspace, *id);
    }
    Ok(())
}

/// Ends messages that wait for one of them. Those on their way to Meta are gone already.
async fn stop_waiting(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<()> {
    let rows = sql_rows(
        "SELECT o.message_id FROM outbox o WHERE o.workspace_id = $1 AND o.state <> 'attempting'
           AND o.contact_id IN (SELECT r.id FROM {rows})",
        Batch::new().ids("id", ids.iter().copied()),
    )
    .bind(workspace)
    .fetch_all(tx)
    .await?;
    let waiting = rows
        .iter()
        .map(|row| row.id(0))
        .collect::<Result<Vec<MessageId>>>()?;
    if waiting.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ids("id", waiting.iter().copied())
        .texts("reason", waiting.iter().map(|_| REASON));
    outbox::skip_messages(tx, workspace, rows).await?;
    sql_rows(
        "DELETE FROM outbox WHERE workspace_id = $1 AND state <> 'attempting' AND message_id IN (SELECT r.id FROM {rows})",
        Batch::new().ids("id", waiting),
    )
    .bind(workspace)
    .execute(tx)
    .await?;
    Ok(())
}

/// Removes all by which they are found, and what they said about consent.
async fn forget_keys(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<()> {
    for text in [
        "DELETE FROM contact_identities WHERE (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        "DELETE FROM contact_terms WHERE (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        "DELETE FROM contact_tags WHERE (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        "DELETE FROM contact_traits WHERE (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        "DELETE FROM consent WHERE (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        "DELETE FROM consent_log WHERE (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
    ] {
        sql_rows(text, pairs(workspace, ids)).execute(tx).await?;
    }
    Ok(())
}

fn pairs(workspace: WorkspaceId, ids: &[ContactId]) -> Batch {
    Batch::new()
        .ids("workspace_id", ids.iter().map(|_| workspace))
        .ids("id", ids.iter().copied())
}

async fn unlist(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<()> {
    let off = sql_rows(
        "DELETE FROM audience_list_members WHERE (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})
         RETURNING list_id",
        pairs(workspace, ids),
    )
    .fetch_all(tx)
    .await?;
    let mut fewer: std::collections::BTreeMap<ListId, i64> = std::collections::BTreeMap::new();
    for row in &off {
        *fewer.entry(row.id(0)?).or_default() += 1;
    }
    if fewer.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ids("id", fewer.keys().copied())
        .ints("fewer", fewer.values().copied());
    sql_rows(
        "UPDATE audience_lists SET members = members - r.fewer FROM {rows}
         WHERE audience_lists.workspace_id = {$1} AND audience_lists.id = r.id",
        rows,
    )
    .bind(workspace)
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes their conversations out of every list and empties what lists show.
async fn close(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<()> {
    let seq = tx.seq(workspace).await?;
    let rows = sql_rows(
        "UPDATE conversations SET status = $2, contact_name = '', contact_phone = NULL, last_preview = NULL,
            last_author = NULL, last_inbound_wamid = NULL, unread_count = 0, assignee_id = NULL, window_closes_at = NULL,
            free_entry_closes_at = NULL, snoozed_until = NULL, changed_seq = $3
         FROM {rows} WHERE conversations.workspace_id = {$1} AND conversations.contact_id = r.id RETURNING conversations.id",
        Batch::new().ids("id", ids.iter().copied()),
    )
    .bind(workspace)
    .bind(ERASED)
    .bind(seq)
    .fetch_all(tx)
    .await?;
    for row in &rows {
        let id: ConversationId = row.id(0)?;
        conversations::changed(tx, workspace, id);
    }
    Ok(())
}
