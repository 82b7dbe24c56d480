//! What happened before a campaign was started: for trying a draft on it.

use serde_json::{Map, Value};
use wigwag_model::{ContactId, EventId, Timestamp, WorkspaceId};

use crate::events::{WEB, properties};
use crate::{Batch, Executor, Result, sql_owned, sql_rows};

/// An event of the past.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// Its id.
    pub id: EventId,
    /// Who did it; of one that was merged the contact that it became.
    pub contact: ContactId,
    /// When.
    pub at: Timestamp,
    /// The particulars.
    pub properties: Map<String, Value>,
    /// Whether a web page told it.
    pub web: bool,
}

/// Events of a name from an instant on, in the order in which they happened, after the last of the
/// page before.
///
/// # Errors
/// What the database says.
pub async fn past(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    name: &str,
    since: Timestamp,
    after: Option<(Timestamp, EventId)>,
    limit: i64,
) -> Result<Vec<Past>> {
    let begin = if after.is_some() {
        " AND (e.occurred_at, e.id) > ($5, $6)"
    } else {
        ""
    };
    let mut statement = sql_owned(format!(
        "SELECT e.id, COALESCE(c.merged_into, c.id), e.occurred_at, e.properties, e.source FROM events e
         JOIN contacts c ON c.workspace_id = e.workspace_id AND c.id = e.contact_id
         WHERE e.workspace_id = $1 AND e.name = $2 AND e.occurred_at >= $3{begin}
         ORDER BY e.occurred_at, e.id LIMIT $4"
    ))
    .bind(workspace)
    .bind(name)
    .bind(since)
    .bind(limit);
    if let Some((at, id)) = after {
        statement = statement.bind(at).bind(id);
    }
    let rows = statement.fetch_all(on).await?;
    rows.iter()
        .map(|row| {
            Ok(Past {
                id: row.id(0)?,
                contact: row.id(1)?,
                at: row.time(2)?,
                properties: properties(&row.text(3)?)?,
                web: row.opt_text(4)?.as_deref() == Some(WEB),
            })
        })
        .collect()
}

/// When people were sent marketing messages by campaigns, from an instant on.
///
/// # Errors
/// What the database says.
pub async fn sent(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    people: &[ContactId],
    since: Timestamp,
) -> Result<Vec<(ContactId, Timestamp)>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sql_rows(
        "SELECT p.contact_id, p.fed_at FROM {rows} JOIN campaign_recipients p
           ON p.workspace_id = {$1} AND p.contact_id = r.id AND p.fed_at > $2
         JOIN messages m ON m.workspace_id = p.workspace_id AND m.id = p.message_id
         WHERE m.category = 'marketing' AND m.state <> 5 AND m.state <> 70",
        Batch::new().ids("id", people.iter().copied()),
    )
    .bind(workspace)
    .bind(since)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| Ok((row.id(0)?, row.time(1)?)))
        .collect()
}
