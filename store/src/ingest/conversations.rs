//! The conversation rows that a batch of messages touches: made when missing, then changed once
//! per conversation and batch.

use std::collections::{BTreeMap, HashMap};

use wigwag_model::id::Id as _;
use wigwag_model::{
    ContactId, ConversationId, Kind, MessageId, NumberId, Timestamp, WorkspaceId, window,
};

use super::{locking, seqs};
use crate::contacts::Found;
use crate::{Batch, Event, Result, Tx, sql_rows, sql_rows_owned};

/// Finds or makes the conversation of each (workspace, contact, number), in order.
pub(super) async fn ensure(
    tx: &mut Tx,
    wanted: &[(WorkspaceId, &Found, NumberId)],
) -> Result<Vec<ConversationId>> {
    let mut ids = find(tx, wanted).await?;
    let mut missing: Vec<(WorkspaceId, &Found, NumberId)> = Vec::new();
    let mut fresh: Vec<ConversationId> = Vec::new();
    for (workspace, found, number) in wanted {
        ids.entry((found.contact, *number)).or_insert_with(|| {
            missing.push((*workspace, found, *number));
            let id: ConversationId = tx.mint().id();
            fresh.push(id);
            id
        });
    }
    if !missing.is_empty() {
        let now = tx.mint().now();
        let rows = Batch::new()
            .ids("workspace_id", missing.iter().map(|row| row.0))
            .ids("id", fresh)
            .ids("contact_id", missing.iter().map(|row| row.1.contact))
            .ids("number_id", missing.iter().map(|row| row.2))
            .texts("name", missing.iter().map(|row| row.1.name.as_str()))
            .opt_texts("phone", missing.iter().map(|row| row.1.phone.as_deref()));
        let inserted = sql_rows(
            "INSERT INTO conversations (workspace_id, id, contact_id, number_id, status, unread_count, contact_name, contact_phone,
                activity_at, changed_seq, created_at)
             SELECT r.workspace_id, r.id, r.contact_id, r.number_id, 'open', 0, r.name, r.phone, $1, 0, $1
             FROM {rows} WHERE true ON CONFLICT DO NOTHING",
            rows,
        )
        .bind(now)
        .execute(tx)
        .await?;
        if inserted != u64::try_from(missing.len()).unwrap_or(u64::MAX) {
            // Somebody opened one of them meanwhile: the batch is tried again and finds it.
            return Err(crate::Error::Stale);
        }
    }
    Ok(wanted
        .iter()
        .filter_map(|(_, found, number)| ids.get(&(found.contact, *number)).copied())
        .collect())
}

async fn find(
    tx: &mut Tx,
    wanted: &[(WorkspaceId, &Found, NumberId)],
) -> Result<HashMap<(ContactId, NumberId), ConversationId>> {
    let rows = Batch::new()
        .ids("workspace_id", wanted.iter().map(|row| row.0))
        .ids("contact_id", wanted.iter().map(|row| row.1.contact))
        .ids("number_id", wanted.iter().map(|row| row.2));
    let text = "SELECT c.contact_id, c.number_id, c.id FROM {rows} JOIN conversations c
           ON c.workspace_id = r.workspace_id AND c.contact_id = r.contact_id AND c.number_id = r.number_id";
    let rows = sql_rows_owned(
        locking(text, tx.dialect(), "c.workspace_id, c.id", "c"),
        rows,
    )
    .fetch_all(tx)
    .await?;
    rows.iter()
        .map(|row| Ok(((row.id(0)?, row.id(1)?), row.id(2)?)))
        .collect()
}

/// What a batch's messages do to one conversation.
#[derive(Debug, Clone)]
pub(super) struct Touch {
    /// The tenant.
    pub(super) workspace: WorkspaceId,
    /// How many the person wrote.
    pub(super) count: i64,
    /// The last of those that the person wrote: its place in the thread and its wamid.
    pub(super) wrote: Option<((Timestamp, i64, i64), String)>,
    /// The last message, in thread order.
    pub(super) last: MessageId,
    /// Its place in the thread.
    pub(super) order: (Timestamp, i64, i64),
    /// Its kind.
    pub(super) kind: Kind,
    /// Its preview.
    pub(super) preview: String,
}

/// Changes each touched conversation once: unread, the last message, activity, the window.
pub(super) async fn touch(tx: &mut Tx, touches: BTreeMap<ConversationId, Touch>) -> Result<()> {
    if touches.is_empty() {
        return Ok(());
    }
    let seqs = seqs(tx, touches.values().map(|touch| touch.workspace)).await?;
    let wrote = |touch: &Touch| touch.wrote.as_ref().map(|(order, _)| order.0);
    let rows = Batch::new()
        .ids(
            "workspace_id",
            touches.values().map(|touch| touch.workspace),
        )
        .ids("id", touches.keys().copied())
        .ints("unread", touches.values().map(|touch| touch.count))
        .ids("last_id", touches.values().map(|touch| touch.last))
        .times("at", touches.values().map(|touch| touch.order.0))
        .texts("kind", touches.values().map(|touch| touch.kind.as_str()))
        .texts(
            "preview",
            touches.values().map(|touch| touch.preview.as_str()),
        )
        .opt_times("wrote_at", touches.values().map(wrote))
        .opt_texts(
            "wamid",
            touches
                .values()
                .map(|touch| touch.wrote.as_ref().map(|(_, wamid)| wamid.as_str())),
        )
        .opt_times(
            "closes_at",
            touches
                .values()
                .map(|touch| wrote(touch).map(window::closes_at)),
        )
        .ints("changed_seq", seqs);
    // A late message (an earlier second than what is shown) counts as unread and moves nothing back.
    sql_rows(
        "UPDATE conversations SET
            unread_count = unread_count + r.unread, changed_seq = r.changed_seq,
            status = CASE WHEN r.wrote_at IS NULL THEN status ELSE 'open' END,
            snoozed_until = CASE WHEN r.wrote_at IS NULL THEN snoozed_until END,
            last_message_id = CASE WHEN COALESCE(last_at, 0) <= r.at THEN r.last_id ELSE last_message_id END,
            last_direction = CASE WHEN COALESCE(last_at, 0) <= r.at THEN 'in' ELSE last_direction END,
            last_kind = CASE WHEN COALESCE(last_at, 0) <= r.at THEN r.kind ELSE last_kind END,
            last_preview = CASE WHEN COALESCE(last_at, 0) <= r.at THEN r.preview ELSE last_preview END,
            last_state = CASE WHEN COALESCE(last_at, 0) <= r.at THEN NULL ELSE last_state END,
            last_author = CASE WHEN COALESCE(last_at, 0) <= r.at THEN NULL ELSE last_author END,
            last_at = CASE WHEN COALESCE(last_at, 0) <= r.at THEN r.at ELSE last_at END,
            activity_at = CASE WHEN last_at IS NULL OR activity_at < r.at THEN r.at ELSE activity_at END,
            last_inbound_wamid = CASE WHEN COALESCE(last_inbound_at, 0) <= r.wrote_at THEN r.wamid ELSE last_inbound_wamid END,
            last_inbound_at = CASE WHEN COALESCE(last_inbound_at, 0) <= r.wrote_at THEN r.wrote_at ELSE last_inbound_at END,
            window_closes_at = CASE WHEN COALESCE(window_closes_at, 0) < r.closes_at THEN r.closes_at ELSE window_closes_at END
         FROM {rows} WHERE conversations.workspace_id = r.workspace_id AND conversations.id = r.id",
        rows,
    )
    .execute(tx)
    .await?;
    for (conversation, touch) in touches {
        let event = Event {
            kind: "conversation.changed",
            subject: conversation.uuid(),
            conversation: Some(conversation),
        };
        tx.record(touch.workspace, event);
    }
    Ok(())
}
