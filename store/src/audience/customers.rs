//! Contacts as the API in Interakt's form lists them: by number of rows, with the shop's own id of each
//! and what was said about marketing.

use std::collections::HashMap;

use wigwag_model::audience::Filter;
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::search::Reach;
use wigwag_model::{ContactId, Timestamp, WorkspaceId};

use super::{Builder, count, plan};
use crate::contacts::{COLUMNS, Contact, get, read_contact};
use crate::{Batch, Db, Executor, Result, sql_owned, sql_rows};

/// A contact with what a shop knows it by.
#[derive(Debug, Clone, PartialEq)]
pub struct Customer {
    /// The contact.
    pub contact: Contact,
    /// The id that the shop's own programs gave it.
    pub external: Option<String>,
    /// What it said about marketing.
    pub marketing: ConsentState,
}

/// How many contacts a filter finds, and a stretch of them in the order in which they were made.
///
/// # Errors
/// [`crate::Error::Filter`] for a filter that cannot be asked.
pub async fn customers(
    db: &Db,
    workspace: WorkspaceId,
    filter: &Filter,
    now: Timestamp,
    offset: u32,
    limit: u32,
) -> Result<(i64, Vec<Customer>)> {
    let mut on = db.snapshot().await?;
    let total = count(&mut on, workspace, filter, now).await?;
    let plan = plan(&mut on, workspace, filter, now).await?;
    let mut builder = Builder::new(&mut on, workspace, None);
    let condition = builder.condition(&plan)?;
    let rows = builder
        .statement(format!(
            "SELECT {COLUMNS} FROM contacts p WHERE p.workspace_id = $1 AND p.merged_into IS NULL AND {condition}
             ORDER BY p.id LIMIT {limit} OFFSET {offset}"
        ))
        .fetch_all(&mut on)
        .await?;
    let contacts = rows.iter().map(read_contact).collect::<Result<_>>()?;
    Ok((total, dress(&mut on, workspace, contacts).await?))
}

/// One contact.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn one(db: &Db, workspace: WorkspaceId, id: ContactId) -> Result<Vec<Customer>> {
    let mut on = db.reader().await?;
    let contact = get(&mut on, workspace, id).await?;
    dress(&mut on, workspace, vec![contact]).await
}

/// Contacts whose phone number ends with these digits, at most `limit`, in the order in which they were
/// made: for whoever leaves the country code out.
///
/// # Errors
/// What the database says.
pub async fn of_national(
    db: &Db,
    workspace: WorkspaceId,
    digits: &str,
    limit: u32,
) -> Result<Vec<Customer>> {
    let mut on = db.reader().await?;
    let reach = Reach::ending(digits);
    let rows = sql_owned(format!(
        "SELECT {COLUMNS} FROM contacts p WHERE p.workspace_id = $1 AND p.merged_into IS NULL AND p.phone LIKE $4
           AND p.id IN (SELECT t.contact_id FROM contact_terms t WHERE t.workspace_id = $1 AND t.term >= $2 AND t.term < $3)
         ORDER BY p.id LIMIT {limit}"
    ))
    .bind(workspace)
    .bind(reach.from)
    .bind(reach.to)
    .bind(format!("%{digits}"))
    .fetch_all(&mut on)
    .await?;
    let contacts = rows.iter().map(read_contact).collect::<Result<_>>()?;
    dress(&mut on, workspace, contacts).await
}

/// Adds ids and consent, each in one look-up.
async fn dress(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    contacts: Vec<Contact>,
) -> Result<Vec<Customer>> {
    if contacts.is_empty() {
        return Ok(Vec::new());
    }
    let ids = || Batch::new().ids("id", contacts.iter().map(|contact| contact.id));
    let rows = sql_rows(
        "SELECT i.contact_id, MIN(i.value) FROM {rows} JOIN contact_identities i
           ON i.workspace_id = {$1} AND i.contact_id = r.id AND i.kind = 'external' AND i.scope = ''
         GROUP BY i.contact_id",
        ids(),
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    let mut externals: HashMap<ContactId, String> = rows
        .iter()
        .map(|row| Ok((row.id(0)?, row.text(1)?)))
        .collect::<Result<_>>()?;
    let rows = sql_rows(
        "SELECT c.contact_id, c.state FROM {rows} JOIN consent c
           ON c.workspace_id = {$1} AND c.contact_id = r.id AND c.category = $2",
        ids(),
    )
    .bind(workspace)
    .bind(Category::Marketing.as_str())
    .fetch_all(on)
    .await?;
    let said: HashMap<ContactId, ConsentState> = rows
        .iter()
        .map(|row| Ok((row.id(0)?, ConsentState::parse(&row.text(1)?))))
        .collect::<Result<_>>()?;
    Ok(contacts
        .into_iter()
        .map(|contact| Customer {
            external: externals.remove(&contact.id),
            marketing: said
                .get(&contact.id)
                .copied()
                .unwrap_or(ConsentState::Unknown),
            contact,
        })
        .collect())
}
