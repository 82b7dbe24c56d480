//! What came before its message: statuses that overtook our own answer from Meta, reactions to a
//! message still in the journal. It waits here and is applied when the message gets its wamid.

use serde::{Deserialize, Serialize};
use wigwag_model::rates::Charge;
use wigwag_model::{ConversationId, MessageId, MessageState, NumberId, Timestamp, WorkspaceId};

use super::items::{MarkKind, StatusItem};
use super::marks::{self, Placed};
use super::statuses;
use crate::{Batch, Db, Error, Priority, Result, Tx, sql, sql_rows};

/// What is parked, as JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub(super) enum Payload {
    /// A status.
    Status {
        /// The rank of its state.
        rank: i64,
        /// µs.
        at: i64,
        /// Meta's error code.
        code: Option<i64>,
        /// The failure's stable key.
        reason: Option<String>,
        /// Meta's details.
        detail: Option<String>,
        /// Meta's pricing object.
        pricing: Option<String>,
        /// What the message was charged.
        #[serde(default)]
        charge: Option<Charge>,
        /// µs: until when everything is free because of an ad.
        #[serde(default)]
        free_entry_until: Option<i64>,
    },
    /// A reaction, edit or revocation.
    Mark {
        /// µs.
        at: i64,
        /// Which.
        mark: MarkKind,
    },
}

/// Something to park: on which message, what it is, and its payload. What it is tells it apart from
/// the others on that message: a status by its state, a mark by its kind and its second.
pub(super) type Waiting = (WorkspaceId, NumberId, String, String, String);

/// Parks payloads. The same status again changes nothing; of two marks of one second the last stays.
pub(super) async fn park(tx: &mut Tx, items: Vec<Waiting>) -> Result<()> {
    // A statement may not meet the same row twice: the last of a batch stands for it.
    let items: std::collections::BTreeMap<_, _> = items
        .into_iter()
        .map(|(w, n, wamid, kind, payload)| ((w, n, wamid, kind), payload))
        .collect();
    if items.is_empty() {
        return Ok(());
    }
    let now = tx.mint().now();
    let rows = Batch::new()
        .ids("workspace_id", items.keys().map(|key| key.0))
        .ids("number_id", items.keys().map(|key| key.1))
        .texts("wamid", items.keys().map(|key| key.2.as_str()))
        .texts("kind", items.keys().map(|key| key.3.as_str()))
        .texts("payload", items.values().map(String::as_str));
    sql_rows(
        "INSERT INTO parked (workspace_id, number_id, wamid, kind, payload, parked_at)
         SELECT r.workspace_id, r.number_id, r.wamid, r.kind, r.payload, $1 FROM {rows} WHERE true
         ON CONFLICT (workspace_id, number_id, wamid, kind) DO UPDATE SET payload = excluded.payload
         WHERE parked.kind NOT IN ('sent', 'delivered', 'read', 'played', 'failed')",
        rows,
    )
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Applies what waited for these messages. Called wherever a message gets its wamid: when an
/// inbound one is inserted and when Meta's answer to an outgoing one is recorded.
///
/// # Errors
/// What the database says.
pub async fn apply(
    tx: &mut Tx,
    workspace: WorkspaceId,
    number: NumberId,
    wamids: &[(String, MessageId)],
) -> Result<()> {
    if wamids.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .texts("wamid", wamids.iter().map(|(wamid, _)| wamid.as_str()))
        .ids("message_id", wamids.iter().map(|(_, id)| *id));
    let found = sql_rows(
        "SELECT p.wamid, p.kind, p.payload, r.message_id, m.conversation_id
         FROM {rows} JOIN parked p ON p.workspace_id = {$1} AND p.number_id = $2 AND p.wamid = r.wamid
         JOIN messages m ON m.workspace_id = p.workspace_id AND m.id = r.message_id",
        rows,
    )
    .bind(workspace)
    .bind(number)
    .fetch_all(tx)
    .await?;
    if found.is_empty() {
        return Ok(());
    }
    let mut items = Vec::new();
    let mut placed = Vec::new();
    for row in &found {
        let wamid = row.text(0)?;
        let payload = serde_json::from_str(&row.text(2)?).map_err(|_| Error::Inconsistent {
            table: "parked",
            column: "payload",
        })?;
        let (message, conversation): (MessageId, ConversationId) = (row.id(3)?, row.id(4)?);
        match payload {
            Payload::Status {
                rank,
                at,
                code,
                reason,
                detail,
                pricing,
                charge,
                free_entry_until,
            } => items.push(StatusItem {
                workspace,
                number,
                wamid,
                state: MessageState::from_rank(rank).ok_or(Error::Inconsistent {
                    table: "parked",
                    column: "payload",
                })?,
                at: Timestamp::from_micros(at),
                message: Some(message),
                failure_code: code,
                failure_reason: reason,
                failure_detail: detail,
                pricing,
                charge,
                free_entry_until: free_entry_until.map(Timestamp::from_micros),
            }),
            Payload::Mark { at, mark } => {
                placed.push(Placed {
                    workspace,
                    message,
                    conversation,
                    at: Timestamp::from_micros(at),
                    kind: mark,
                });
            }
        }
    }
    let gone = Batch::new()
        .texts(
            "wamid",
            found
                .iter()
                .map(|row| row.text(0))
                .collect::<Result<Vec<_>>>()?,
        )
        .texts(
            "kind",
            found
                .iter()
                .map(|row| row.text(1))
                .collect::<Result<Vec<_>>>()?,
        );
    sql_rows(
        "DELETE FROM parked WHERE workspace_id = $1 AND number_id = $2
           AND (wamid, kind) IN (SELECT r.wamid, r.kind FROM {rows})",
        gone,
    )
    .bind(workspace)
    .bind(number)
    .execute(tx)
    .await?;
    marks::place(tx, placed).await?;
    statuses::apply_known(tx, items).await
}

/// Forgets a chunk of what has waited since before `before`: its message was never ours.
///
/// # Errors
/// What the database says.
pub async fn sweep(db: &Db, before: Timestamp) -> Result<u64> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            sql("DELETE FROM parked WHERE (workspace_id, number_id, wamid, kind) IN (
                   SELECT workspace_id, number_id, wamid, kind FROM parked WHERE parked_at < $1 ORDER BY parked_at LIMIT 1000)")
                .bind(before)
                .execute(tx)
                .await
        })
    })
    .await
}
