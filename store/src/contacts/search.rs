//! Lists of contacts by name, all or those that a query finds.

use serde::{Deserialize, Serialize};
use wigwag_model::search::query_terms;
use wigwag_model::{ContactId, WorkspaceId};

use super::read::{COLUMNS, Contact, read};
use super::terms::reached;
use crate::{Db, Result, sql_owned};

/// The place of a contact in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Its folded name.
    pub name: String,
    /// Its id, which tells ties apart.
    pub id: ContactId,
}

/// A page of contacts by folded name, and the key of its last row when there may be more.
///
/// # Errors
/// What the database says.
pub async fn list(
    db: &Db,
    workspace: WorkspaceId,
    query: Option<&str>,
    after: Option<Key>,
    limit: u32,
) -> Result<(Vec<Contact>, Option<Key>)> {
    let mut text = format!(
        "SELECT {COLUMNS}, p.name_key FROM contacts p WHERE p.workspace_id = $1 AND p.merged_into IS NULL"
    );
    let mut bound = Vec::new();
    for word in query.map(query_terms).unwrap_or_default() {
        let condition = reached(&word, |value| {
            bound.push(value);
            format!("${}", bound.len() + 1)
        });
        text.push_str(&format!(
            " AND p.id IN (SELECT t.contact_id FROM contact_terms t WHERE t.workspace_id = $1 AND {condition})"
        ));
    }
    if after.is_some() {
        let at = bound.len() + 2;
        text.push_str(&format!(" AND (p.name_key, p.id) > (${at}, ${})", at + 1));
    }
    text.push_str(&format!(
        " ORDER BY p.name_key, p.id LIMIT {}",
        u64::from(limit) + 1
    ));
    let mut statement = bound
        .into_iter()
        .fold(sql_owned(text).bind(workspace), crate::Sql::bind);
    if let Some(key) = after {
        statement = statement.bind(key.name).bind(key.id);
    }
    let mut rows = statement.fetch_all(&mut db.reader().await?).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let key = match rows.last() {
        Some(last) if more => Some(Key {
            name: last.text(17)?,
            id: last.id(0)?,
        }),
        _ => None,
    };
    Ok((rows.iter().map(read).collect::<Result<_>>()?, key))
}
