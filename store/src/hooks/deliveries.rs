//! What came for hooks and what became of it, for those who set one up. Kept as long as the sender
//! may send the same again.

use serde::{Deserialize, Serialize};
use wigwag_model::{ContactId, EventId, HookDeliveryId, HookId, Timestamp, WorkspaceId};

use crate::{Db, Error, Priority, Result, Row, sql, sql_owned};

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A contact was found or made, and its event, where there is one, was written down.
    Recorded,
    /// Nothing was to be done; the reason says why.
    PassedOver,
    /// It could not be read; the reason names the field.
    Refused,
}

impl Outcome {
    /// The name in the table and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::PassedOver => "passed_over",
            Self::Refused => "refused",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Recorded, Self::PassedOver, Self::Refused]
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
    }
}

/// Something that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: HookDeliveryId,
    /// What it was about, in the sender's words: `orders/create`.
    pub topic: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Why: a code, or the field that was wrong.
    pub reason: Option<String>,
    /// The mend.
    pub detail: Option<String>,
    /// Whose it is.
    pub contact: Option<ContactId>,
    /// The event that it became.
    pub event: Option<EventId>,
    /// When it came.
    pub received_at: Timestamp,
}

/// The place of a delivery in the list, the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Its id.
    pub id: HookDeliveryId,
}

fn read(row: &Row) -> Result<Delivery> {
    let outcome = Outcome::parse(&row.text(2)?).ok_or(Error::Inconsistent {
        table: "hook_deliveries",
        column: "outcome",
    })?;
    Ok(Delivery {
        id: row.id(0)?,
        topic: row.text(1)?,
        outcome,
        reason: row.opt_text(3)?,
        detail: row.opt_text(4)?,
        contact: row.opt_id(5)?,
        event: row.opt_id(6)?,
        received_at: row.time(7)?,
    })
}

/// A page of what came for a hook, the newest first, and the key of its last row when there may be
/// more.
///
/// # Errors
/// [`Error::NotFound`] when there is no such hook.
pub async fn list(
    db: &Db,
    workspace: WorkspaceId,
    hook: HookId,
    after: Option<Key>,
    limit: u32,
) -> Result<(Vec<Delivery>, Option<Key>)> {
    super::get(db, workspace, hook).await?;
    let rest = if after.is_some() { " AND id < $4" } else { "" };
    let mut statement = sql_owned(format!(
        "SELECT id, topic, outcome, reason, detail, contact_id, event_id, received_at FROM hook_deliveries
         WHERE workspace_id = $1 AND hook_id = $2{rest} ORDER BY id DESC LIMIT $3"
    ))
    .bind(workspace)
    .bind(hook)
    .bind(i64::from(limit) + 1);
    if let Some(key) = after {
        statement = statement.bind(key.id);
    }
    let rows = statement.fetch_all(&mut db.reader().await?).await?;
    let more = rows.len() > limit as usize;
    let mut page = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    page.truncate(limit as usize);
    let key = page.last().filter(|_| more).map(|last| Key { id: last.id });
    Ok((page, key))
}

/// Deletes deliveries received before an instant, at most 2,000. Their events stay, and so does what
/// keeps an event from being written twice.
///
/// # Errors
/// What the database says.
pub async fn sweep(db: &Db, before: Timestamp) -> Result<u64> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            sql("DELETE FROM hook_deliveries WHERE (workspace_id, id) IN
                 (SELECT workspace_id, id FROM hook_deliveries WHERE received_at < $1 ORDER BY received_at LIMIT 2000)")
            .bind(before)
            .execute(tx)
            .await
        })
    })
    .await
}
