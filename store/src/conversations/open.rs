//! "New chat": the conversation of a contact with a number, made when there is none.

use wigwag_model::{ContactId, ConversationId, NumberId, WorkspaceId};

use super::CHANGED;
use crate::{Db, Error, Event, Priority, Result, sql};

/// Finds or makes the conversation; true when it was made.
///
/// # Errors
/// [`Error::NotFound`] when the contact or the number is not of this workspace, or the contact was erased.
pub async fn open(
    db: &Db,
    workspace: WorkspaceId,
    contact: ContactId,
    number: NumberId,
) -> Result<(ConversationId, bool)> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            // Of one that was merged the contact that it became; whoever was erased is nobody.
            let contact = crate::contacts::get(tx, workspace, contact).await?.id;
            let known = sql("SELECT id FROM conversations WHERE workspace_id = $1 AND contact_id = $2 AND number_id = $3")
                .bind(workspace)
                .bind(contact)
                .bind(number)
                .fetch_optional(tx)
                .await?;
            if let Some(row) = known {
                return Ok((row.id(0)?, false));
            }
            let (id, now): (ConversationId, _) = (tx.mint().id(), tx.mint().now());
            // The contact's row gives the denormalised columns and proves that it is ours.
            let made = sql("INSERT INTO conversations (workspace_id, id, contact_id, number_id, status, unread_count,
                                contact_name, contact_phone, activity_at, changed_seq, created_at)
                            SELECT $1, $2, p.id, n.id, 'open', 0,
                                COALESCE(p.name, p.profile_name, p.phone, p.username, ''), p.phone, $5, 0, $5
                            FROM contacts p JOIN numbers n ON n.workspace_id = p.workspace_id AND n.id = $4
                            WHERE p.workspace_id = $1 AND p.id = $3
                            ON CONFLICT (workspace_id, contact_id, number_id) DO NOTHING")
                .bind(workspace)
                .bind(id)
                .bind(contact)
                .bind(number)
                .bind(now)
                .execute(tx)
                .await?;
            if made == 0 {
                // Either a webhook was quicker, or there is no such contact or number.
                let row = sql("SELECT id FROM conversations WHERE workspace_id = $1 AND contact_id = $2 AND number_id = $3")
                    .bind(workspace)
                    .bind(contact)
                    .bind(number)
                    .fetch_optional(tx)
                    .await?
                    .ok_or(Error::NotFound)?;
                return Ok((row.id(0)?, false));
            }
            let seq = tx.seq(workspace).await?;
            sql("UPDATE conversations SET changed_seq = $3 WHERE workspace_id = $1 AND id = $2")
                .bind(workspace)
                .bind(id)
                .bind(seq)
                .execute(tx)
                .await?;
            tx.record(
                workspace,
                Event { kind: CHANGED, subject: wigwag_model::id::Id::uuid(id), conversation: Some(id) },
            );
            Ok((id, true))
        })
    })
    .await
}
