//! The change feed: the ordered events of a workspace that live clients follow.
//!
//! Events are written by [`crate::Tx::record`] as the last statements of a transaction, so that
//! their numbers are in commit order. The numbers grow but have gaps: rows take some of them as
//! their `changed_seq`. Here the feed is read, woken up and, when old, forgotten.

use std::sync::Arc;

use tokio::sync::watch;
use uuid::Uuid;
use wigwag_model::id::Id as _;
use wigwag_model::{ConversationId, MessageId, Timestamp, WorkspaceId};

use crate::{Db, Priority, Result, sql};

/// Wakes readers of the feed in this process after a commit. Other processes are found by
/// polling.
#[derive(Debug, Clone)]
pub struct FeedWakes(Arc<watch::Sender<u64>>);

impl Default for FeedWakes {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
}

impl FeedWakes {
    pub(crate) fn wake(&self) {
        self.0.send_modify(|count| *count += 1);
    }

    /// Follows the commits.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}

/// An event of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEvent {
    /// Its number.
    pub seq: i64,
    /// `conversation.changed`, `message.created`, …
    pub kind: String,
    /// The row that it is about.
    pub subject: Uuid,
    /// The conversation that the row belongs to.
    pub conversation: Option<ConversationId>,
}

/// The number of the last event or change of a workspace.
///
/// # Errors
/// [`crate::Error::NotFound`] for an unknown workspace.
pub async fn head(db: &Db, workspace: WorkspaceId) -> Result<i64> {
    sql("SELECT seq FROM feeds WHERE workspace_id = $1")
        .bind(workspace)
        .fetch_one(&mut db.reader().await?)
        .await?
        .int(0)
}

/// The events after a number, in order.
///
/// # Errors
/// What the database says.
pub async fn after(
    db: &Db,
    workspace: WorkspaceId,
    seq: i64,
    limit: u32,
) -> Result<Vec<FeedEvent>> {
    let rows = sql("SELECT seq, kind, subject_id, conversation_id FROM feed
                    WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3")
    .bind(workspace)
    .bind(seq)
    .bind(i64::from(limit))
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(FeedEvent {
                seq: row.int(0)?,
                kind: row.text(1)?,
                // Any noun's id: the kind tells which.
                subject: row.id::<MessageId>(2)?.uuid(),
                conversation: row.opt_id(3)?,
            })
        })
        .collect()
}

/// Whether a client that knows everything up to `seq` can go on from the feed: nothing after it
/// has been forgotten, and it is not from another time line (a restored database).
///
/// Because numbers have gaps this may say no where a yes were true, never the other way.
///
/// # Errors
/// What the database says.
pub async fn can_resume(db: &Db, workspace: WorkspaceId, seq: i64) -> Result<bool> {
    let row = sql("SELECT (SELECT f.seq FROM feeds f WHERE f.workspace_id = $1),
                          (SELECT e.seq FROM feed e WHERE e.workspace_id = $1 ORDER BY e.seq LIMIT 1)")
        .bind(workspace)
        .fetch_one(&mut db.reader().await?)
        .await?;
    let head = row.opt_int(0)?.unwrap_or(0);
    let oldest = row.opt_int(1)?.unwrap_or(head + 1);
    Ok(seq <= head && (seq == head || seq + 1 >= oldest))
}

/// Forgets events older than `before`, at most 2,000.
///
/// # Errors
/// What the database says.
pub async fn sweep(db: &Db, before: Timestamp) -> Result<u64> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            sql("DELETE FROM feed WHERE (workspace_id, seq) IN
                 (SELECT workspace_id, seq FROM feed WHERE at < $1 ORDER BY at LIMIT 2000)")
            .bind(before)
            .execute(tx)
            .await
        })
    })
    .await
}
