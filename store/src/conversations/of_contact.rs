//! The conversations of one contact that a caller may see.

use wigwag_model::{ContactId, ConversationId, NumberId, Scope};

use super::visible;
use crate::{Db, Result, sql_owned};

/// The contact's conversations with the number of each, the last active first.
///
/// # Errors
/// What the database says.
pub async fn of_contact(
    db: &Db,
    scope: &Scope,
    contact: ContactId,
) -> Result<Vec<(ConversationId, NumberId)>> {
    let (hidden, member) = visible(scope, 3);
    let mut statement = sql_owned(format!(
        "SELECT c.id, c.number_id FROM conversations c
         WHERE c.workspace_id = $1 AND c.contact_id = $2{hidden} ORDER BY c.activity_at DESC, c.id"
    ))
    .bind(scope.workspace)
    .bind(contact);
    if let Some(member) = member {
        statement = statement.bind(member);
    }
    let rows = statement.fetch_all(&mut db.reader().await?).await?;
    rows.iter()
        .map(|row| Ok((row.id(0)?, row.id(1)?)))
        .collect()
}
