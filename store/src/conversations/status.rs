//! What members do to a conversation: assign, close, reopen, snooze, read.
//!
//! Each change is one statement that changes nothing when nothing differs, so that two clicks
//! are one event.

use std::collections::BTreeMap;

use wigwag_model::endpoint::Kind;
use wigwag_model::id::Id as _;
use wigwag_model::{ConversationId, MemberId, NumberId, Scope, Timestamp, WorkspaceId};

use super::{CHANGED, Status, check_visible_on};
use crate::endpoints::Happening;
use crate::{Batch, Db, Error, Event, Priority, Result, Tx, sql, sql_rows};

/// Tells the workspace that a conversation changed; the caller sets its `changed_seq`.
pub(crate) fn changed(tx: &mut Tx, workspace: WorkspaceId, id: ConversationId) {
    tx.record(
        workspace,
        Event {
            kind: CHANGED,
            subject: id.uuid(),
            conversation: Some(id),
        },
    );
}

/// Gives the conversation to a member, or to nobody.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when the member is not one who can sign in here.
pub async fn assign(
    db: &Db,
    scope: &Scope,
    id: ConversationId,
    assignee: Option<MemberId>,
) -> Result<()> {
    let scope = scope.clone();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            check_visible_on(tx, &scope, id).await?;
            if let Some(member) = assignee {
                sql("SELECT id FROM members WHERE workspace_id = $1 AND id = $2 AND disabled_at IS NULL")
                    .bind(scope.workspace)
                    .bind(member)
                    .fetch_optional(tx)
                    .await?
                    .ok_or(Error::Conflict("assignee"))?;
            }
            let seq = tx.seq(scope.workspace).await?;
            let done = sql("UPDATE conversations SET assignee_id = $3, changed_seq = $4
                            WHERE workspace_id = $1 AND id = $2 AND assignee_id IS DISTINCT FROM $3")
                .bind(scope.workspace)
                .bind(id)
                .bind(assignee)
                .bind(seq)
                .execute(tx)
                .await?;
            if done > 0 {
                changed(tx, scope.workspace, id);
                let to = assignee.map(|member| member.to_string());
                let assigned = Happening::conversation(Kind::ConversationAssigned, id, to);
                tx.happened(scope.workspace, assigned);
            }
            Ok(())
        })
    })
    .await
}

/// Opens, closes or snoozes the conversation; `until` only with [`Status::Snoozed`].
///
/// # Errors
/// [`Error::NotFound`].
pub async fn set_status(
    db: &Db,
    scope: &Scope,
    id: ConversationId,
    status: Status,
    until: Option<Timestamp>,
) -> Result<()> {
    let scope = scope.clone();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            check_visible_on(tx, &scope, id).await?;
            let seq = tx.seq(scope.workspace).await?;
            let done = sql(
                "UPDATE conversations SET status = $3, snoozed_until = $4, changed_seq = $5
                            WHERE workspace_id = $1 AND id = $2
                              AND (status <> $3 OR snoozed_until IS DISTINCT FROM $4)",
            )
            .bind(scope.workspace)
            .bind(id)
            .bind(status.as_str())
            .bind(until)
            .bind(seq)
            .execute(tx)
            .await?;
            if done > 0 {
                changed(tx, scope.workspace, id);
                let kind = match status {
                    Status::Open => Kind::ConversationOpened,
                    Status::Snoozed => Kind::ConversationSnoozed,
                    Status::Closed => Kind::ConversationClosed,
                };
                tx.happened(scope.workspace, Happening::conversation(kind, id, None));
            }
            Ok(())
        })
    })
    .await
}

/// What a member has now read, for Meta's mark-read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadUp {
    /// The number that the message came to.
    pub number: NumberId,
    /// The last inbound message; `None` when nothing was unread.
    pub wamid: Option<String>,
}

/// Marks everything as read.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn mark_read(db: &Db, scope: &Scope, id: ConversationId) -> Result<ReadUp> {
    let scope = scope.clone();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            check_visible_on(tx, &scope, id).await?;
            let row = sql("SELECT number_id, last_inbound_wamid, unread_count FROM conversations
                           WHERE workspace_id = $1 AND id = $2")
                .bind(scope.workspace)
                .bind(id)
                .fetch_one(tx)
                .await?;
            let number = row.id(0)?;
            if row.int(2)? == 0 {
                return Ok(ReadUp { number, wamid: None });
            }
            let seq = tx.seq(scope.workspace).await?;
            sql("UPDATE conversations SET unread_count = 0, changed_seq = $3 WHERE workspace_id = $1 AND id = $2")
                .bind(scope.workspace)
                .bind(id)
                .bind(seq)
                .execute(tx)
                .await?;
            changed(tx, scope.workspace, id);
            Ok(ReadUp { number, wamid: row.opt_text(1)? })
        })
    })
    .await
}

/// When the next snoozed conversation opens again.
///
/// # Errors
/// What the database says.
pub async fn next_snoozed(db: &Db) -> Result<Option<Timestamp>> {
    sql("SELECT MIN(snoozed_until) FROM conversations WHERE snoozed_until IS NOT NULL")
        .fetch_one(&mut db.reader().await?)
        .await?
        .opt_time(0)
}

/// The number of a conversation.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn number_of(db: &Db, scope: &Scope, id: ConversationId) -> Result<NumberId> {
    Ok(last_inbound(db, scope, id).await?.number)
}

/// The last message of the contact, read or not.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn last_inbound(db: &Db, scope: &Scope, id: ConversationId) -> Result<ReadUp> {
    let mut reader = db.reader().await?;
    check_visible_on(&mut reader, scope, id).await?;
    let row = sql("SELECT number_id, last_inbound_wamid FROM conversations WHERE workspace_id = $1 AND id = $2")
        .bind(scope.workspace)
        .bind(id)
        .fetch_one(&mut reader)
        .await?;
    Ok(ReadUp {
        number: row.id(0)?,
        wamid: row.opt_text(1)?,
    })
}

/// Opens again what was snoozed until now, on top of the list; at most 500, the number found is
/// returned.
///
/// # Errors
/// What the database says.
pub async fn wake_snoozed(db: &Db, now: Timestamp) -> Result<usize> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let due = sql(
                "SELECT workspace_id, id FROM conversations
                 WHERE snoozed_until IS NOT NULL AND snoozed_until <= $1 ORDER BY snoozed_until LIMIT 500",
            )
            .bind(now)
            .fetch_all(tx)
            .await?;
            let mut by_workspace: BTreeMap<WorkspaceId, Vec<ConversationId>> = BTreeMap::new();
            for row in &due {
                by_workspace.entry(row.id(0)?).or_default().push(row.id(1)?);
            }
            for (workspace, ids) in by_workspace {
                let seq = tx.seq(workspace).await?;
                // Asked again: somebody may have opened or closed it meanwhile.
                let woken = sql_rows(
                    "UPDATE conversations SET status = 'open', snoozed_until = NULL, activity_at = $2, changed_seq = $3
                     FROM {rows} WHERE conversations.workspace_id = {$1} AND conversations.id = r.id
                       AND conversations.snoozed_until <= $2 RETURNING conversations.id",
                    Batch::new().ids("id", ids),
                )
                .bind(workspace)
                .bind(now)
                .bind(seq)
                .fetch_all(tx)
                .await?;
                for row in &woken {
                    let id = row.id(0)?;
                    changed(tx, workspace, id);
                    let opened = Happening::conversation(Kind::ConversationOpened, id, None);
                    tx.happened(workspace, opened);
                }
            }
            Ok(due.len())
        })
    })
    .await
}
