//! Conversations of two contacts that become one: those with different numbers change hands, those with the
//! same number become one thread.

use std::collections::HashMap;

use wigwag_model::{ContactId, ConversationId, MessageId, NumberId, WorkspaceId};

use super::joined::shown;
use crate::contacts::Contact;
use crate::conversations::{self, JOINED};
use crate::ingest::locking;
use crate::{Batch, Result, Tx, sql, sql_owned, sql_rows};

/// Gives the survivor the conversations of the other, and moves at once what waits to be sent.
pub(super) async fn join(
    tx: &mut Tx,
    workspace: WorkspaceId,
    survivor: &Contact,
    other: ContactId,
) -> Result<()> {
    let text = locking(
        "SELECT v.id, v.contact_id, v.number_id FROM conversations v WHERE v.workspace_id = $1 AND v.contact_id IN ($2, $3)",
        tx.dialect(),
        "v.id",
        "v",
    );
    let rows = sql_owned(text)
        .bind(workspace)
        .bind(survivor.id)
        .bind(other)
        .fetch_all(tx)
        .await?;
    let mut mine: HashMap<NumberId, ConversationId> = HashMap::new();
    let mut theirs: Vec<(ConversationId, NumberId)> = Vec::new();
    for row in &rows {
        let (id, number) = (row.id(0)?, row.id(2)?);
        if row.id::<ContactId>(1)? == survivor.id {
            mine.insert(number, id);
        } else {
            theirs.push((id, number));
        }
    }
    let seq = tx.seq(workspace).await?;
    for (id, number) in &theirs {
        if let Some(thread) = mine.get(number) {
            fold(tx, workspace, *thread, *id, seq).await?;
            continue;
        }
        sql("UPDATE conversations SET contact_id = $3 WHERE workspace_id = $1 AND id = $2")
            .bind(workspace)
            .bind(*id)
            .bind(survivor.id)
            .execute(tx)
            .await?;
        sql("UPDATE outbox SET contact_id = $3 WHERE workspace_id = $1 AND message_id IN
             (SELECT o.message_id FROM outbox o JOIN messages m ON m.workspace_id = o.workspace_id AND m.id = o.message_id
              WHERE o.workspace_id = $1 AND m.conversation_id = $2)")
            .bind(workspace)
            .bind(*id)
            .bind(survivor.id)
            .execute(tx)
            .await?;
    }
    let rows = sql(
        "UPDATE conversations SET contact_name = $3, contact_phone = $4, changed_seq = $5
                    WHERE workspace_id = $1 AND contact_id = $2 RETURNING id",
    )
    .bind(workspace)
    .bind(survivor.id)
    .bind(shown(survivor))
    .bind(survivor.phone.as_deref())
    .bind(seq)
    .fetch_all(tx)
    .await?;
    for row in &rows {
        conversations::changed(tx, workspace, row.id(0)?);
    }
    for (id, _) in theirs {
        conversations::changed(tx, workspace, id);
    }
    Ok(())
}

/// Folds what lists show of a thread into another, hides it, and moves what waits to be sent: that must be
/// decided about by what the survivor agreed to. The rest of its messages follow piece by piece.
async fn fold(
    tx: &mut Tx,
    workspace: WorkspaceId,
    thread: ConversationId,
    from: ConversationId,
    seq: i64,
) -> Result<()> {
    // The later last message is the last; whoever looks after the survivor's thread goes on, and an open
    // thread stays open.
    for text in [
        "UPDATE conversations SET last_message_id = o.last_message_id, last_direction = o.last_direction, last_kind = o.last_kind,
            last_preview = o.last_preview, last_state = o.last_state, last_author = o.last_author, last_at = o.last_at
         FROM conversations o WHERE conversations.workspace_id = $1 AND conversations.id = $2 AND o.workspace_id = $1 AND o.id = $3
           AND o.last_at IS NOT NULL AND (conversations.last_at IS NULL OR conversations.last_at < o.last_at)",
        "UPDATE conversations SET last_inbound_at = o.last_inbound_at, last_inbound_wamid = o.last_inbound_wamid
         FROM conversations o WHERE conversations.workspace_id = $1 AND conversations.id = $2 AND o.workspace_id = $1 AND o.id = $3
           AND o.last_inbound_at IS NOT NULL
           AND (conversations.last_inbound_at IS NULL OR conversations.last_inbound_at < o.last_inbound_at)",
        "UPDATE conversations SET window_closes_at = o.window_closes_at
         FROM conversations o WHERE conversations.workspace_id = $1 AND conversations.id = $2 AND o.workspace_id = $1 AND o.id = $3
           AND o.window_closes_at IS NOT NULL
           AND (conversations.window_closes_at IS NULL OR conversations.window_closes_at < o.window_closes_at)",
        "UPDATE conversations SET free_entry_closes_at = o.free_entry_closes_at
         FROM conversations o WHERE conversations.workspace_id = $1 AND conversations.id = $2 AND o.workspace_id = $1 AND o.id = $3
           AND o.free_entry_closes_at IS NOT NULL
           AND (conversations.free_entry_closes_at IS NULL OR conversations.free_entry_closes_at < o.free_entry_closes_at)",
        "UPDATE conversations SET status = 'open', snoozed_until = NULL
         FROM conversations o WHERE conversations.workspace_id = $1 AND conversations.id = $2 AND o.workspace_id = $1 AND o.id = $3
           AND o.status = 'open' AND conversations.status <> 'open'",
        "UPDATE conversations SET unread_count = conversations.unread_count + o.unread_count,
            assignee_id = COALESCE(conversations.assignee_id, o.assignee_id),
            activity_at = CASE WHEN o.activity_at > conversations.activity_at THEN o.activity_at ELSE conversations.activity_at END,
            created_at = CASE WHEN o.created_at < conversations.created_at THEN o.created_at ELSE conversations.created_at END
         FROM conversations o WHERE conversations.workspace_id = $1 AND conversations.id = $2 AND o.workspace_id = $1 AND o.id = $3",
    ] {
        sql(text)
            .bind(workspace)
            .bind(thread)
            .bind(from)
            .execute(tx)
            .await?;
    }
    sql("UPDATE conversations SET status = $3, unread_count = 0, assignee_id = NULL, snoozed_until = NULL, window_closes_at = NULL,
            free_entry_closes_at = NULL, last_preview = NULL, last_author = NULL, contact_name = '', contact_phone = NULL, changed_seq = $4
         WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(from)
        .bind(JOINED)
        .bind(seq)
        .execute(tx)
        .await?;
    let waiting = sql(
        "SELECT o.message_id FROM outbox o JOIN messages m ON m.workspace_id = o.workspace_id AND m.id = o.message_id
         WHERE o.workspace_id = $1 AND m.conversation_id = $2",
    )
    .bind(workspace)
    .bind(from)
    .fetch_all(tx)
    .await?;
    let waiting = waiting
        .iter()
        .map(|row| row.id(0))
        .collect::<Result<Vec<MessageId>>>()?;
    hand_over(tx, workspace, thread, &waiting, seq).await?;
    sql_rows(
        "UPDATE outbox SET contact_id = (SELECT v.contact_id FROM conversations v WHERE v.workspace_id = $1 AND v.id = $2)
         WHERE workspace_id = $1 AND message_id IN (SELECT r.id FROM {rows})",
        Batch::new().ids("id", waiting),
    )
    .bind(workspace)
    .bind(thread)
    .execute(tx)
    .await
    .map(drop)
}

/// Moves messages into a thread, and to its contact.
pub(super) async fn hand_over(
    tx: &mut Tx,
    workspace: WorkspaceId,
    thread: ConversationId,
    messages: &[MessageId],
    seq: i64,
) -> Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    sql_rows(
        "UPDATE messages SET conversation_id = $2, changed_seq = $3,
            contact_id = (SELECT v.contact_id FROM conversations v WHERE v.workspace_id = $1 AND v.id = $2)
         FROM {rows} WHERE messages.workspace_id = {$1} AND messages.id = r.id",
        Batch::new().ids("id", messages.iter().copied()),
    )
    .bind(workspace)
    .bind(thread)
    .bind(seq)
    .execute(tx)
    .await
    .map(drop)
}
