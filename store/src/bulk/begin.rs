//! An action begins: whom it means is fixed, and its job is enqueued, in one transaction.

use std::collections::BTreeMap;

use wigwag_model::audience::{Fault, Filter};
use wigwag_model::bulk::BulkAction;
use wigwag_model::{BulkId, ContactId, WorkspaceId};

use super::{RUN, enqueue};
use crate::audit::{self, Entry};
use crate::{Batch, Db, Error, Executor, Priority, Result, Tx, audience, segments, sql, sql_rows};

/// Whom an action means.
#[derive(Debug, Clone, PartialEq)]
pub enum Who {
    /// Those whom a filter finds now.
    Filter(Filter),
    /// These. One that became another stands for that one.
    Listed(Vec<ContactId>),
}

/// An action to begin.
#[derive(Debug, Clone, PartialEq)]
pub struct NewBulk {
    /// What is done.
    pub action: BulkAction,
    /// To whom.
    pub who: Who,
    /// Who asks for it.
    pub actor: String,
}

/// An action that has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// Its id.
    pub id: BulkId,
    /// How many people it means.
    pub total: i64,
}

/// Begins an action.
///
/// # Errors
/// [`Error::Filter`] for a filter that cannot be asked; [`Error::NotFound`] when one of those listed is no
/// contact of the workspace; [`Error::Conflict`] when the member to assign to is not one who can sign in here.
pub async fn begin(db: &Db, workspace: WorkspaceId, new: NewBulk) -> Result<Begun> {
    let (filter, total) = match &new.who {
        Who::Listed(_) => (None, None),
        Who::Filter(filter) => {
            let now = db.mint().now();
            // Apart from the writer: counting may take a while.
            let mut on = db.snapshot().await?;
            let total = audience::count(&mut on, workspace, filter, now).await?;
            let filled = segments::filled(&mut on, workspace, filter).await?;
            let value = serde_json::json!(filled);
            // What is kept must be read again, and segments may lie deep.
            Filter::read(&value).map_err(|_| {
                let message = "with its segments the filter lies too deep: save the rules themselves, or make a list";
                Error::Filter(Fault::new("", message))
            })?;
            (Some(value.to_string()), Some(total))
        }
    };
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            if let BulkAction::Assign {
                member_id: Some(member),
            } = &new.action
            {
                sql("SELECT id FROM members WHERE workspace_id = $1 AND id = $2 AND disabled_at IS NULL")
                    .bind(workspace)
                    .bind(*member)
                    .fetch_optional(tx)
                    .await?
                    .ok_or(Error::Conflict("assignee"))?;
            }
            let people = match &new.who {
                Who::Filter(_) => BTreeMap::new(),
                Who::Listed(ids) => listed(tx, workspace, ids).await?,
            };
            let total = total.unwrap_or_else(|| i64::try_from(people.len()).unwrap_or(i64::MAX));
            let last_no = sql("SELECT MAX(no) FROM contacts WHERE workspace_id = $1")
                .bind(workspace)
                .fetch_one(tx)
                .await?
                .opt_int(0)?
                .unwrap_or(0);
            let (id, now): (BulkId, _) = (tx.mint().id(), tx.mint().now());
            sql("INSERT INTO bulk_actions (workspace_id, id, action, filter, last_no, total, state, after_no, seen, changed, unchanged,
                    refused, undo_after, undo_seen, undone, kept, created_by, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, 'running', 0, 0, 0, 0, 0, 0, 0, 0, 0, $7, $8)")
                .bind(workspace)
                .bind(id)
                .bind(serde_json::json!(new.action).to_string())
                .bind(filter)
                .bind(last_no)
                .bind(total)
                .bind(&new.actor)
                .bind(now)
                .execute(tx)
                .await?;
            wait_for(tx, workspace, id, &people).await?;
            let entry = Entry {
                actor: new.actor,
                action: format!("contacts.{}", new.action.kind()),
                subject: id.to_string(),
                detail: serde_json::json!({ "people": total }),
            };
            audit::append_in(tx, workspace, &entry).await?;
            enqueue(tx, workspace, id, RUN, 0);
            Ok(Begun { id, total })
        })
    })
    .await
}

/// Contacts by their numbers; of one that was merged the contact that it became.
async fn listed(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    ids: &[ContactId],
) -> Result<BTreeMap<i64, ContactId>> {
    let rows = sql_rows(
        "SELECT r.ord, p.no, p.id FROM {rows} JOIN contacts q ON q.workspace_id = {$1} AND q.id = r.id
         JOIN contacts p ON p.workspace_id = q.workspace_id AND p.id = COALESCE(q.merged_into, q.id)
         WHERE p.merged_into IS NULL",
        Batch::new().ids("id", ids.iter().copied()),
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    if rows.len() < ids.len() {
        return Err(Error::NotFound);
    }
    rows.iter()
        .map(|row| Ok((row.int(1)?, row.id(2)?)))
        .collect()
}

async fn wait_for(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: BulkId,
    people: &BTreeMap<i64, ContactId>,
) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ints("no", people.keys().copied())
        .ids("contact_id", people.values().copied());
    sql_rows(
        "INSERT INTO bulk_people (workspace_id, bulk_id, no, contact_id, state)
         SELECT $1, $2, r.no, r.contact_id, 'waiting' FROM {rows}",
        rows,
    )
    .bind(workspace)
    .bind(id)
    .execute(tx)
    .await?;
    Ok(())
}
