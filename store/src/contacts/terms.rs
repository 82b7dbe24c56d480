//! The terms by which contacts are found: written with their contact, asked by every search.

use wigwag_model::search::{Reach, contact_terms};
use wigwag_model::{ContactId, WorkspaceId};

use crate::{Batch, Result, Tx, sql, sql_rows};

/// The terms of a contact.
pub(crate) fn terms_of(
    names: [&Option<String>; 3],
    phone: Option<&str>,
    email: Option<&str>,
) -> Vec<String> {
    let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
    contact_terms(&names, phone, email)
}

/// Adds terms by which contacts are found; those there stay.
pub(crate) async fn add_terms(
    tx: &mut Tx,
    terms: Vec<(WorkspaceId, ContactId, String)>,
) -> Result<()> {
    if terms.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ids("workspace_id", terms.iter().map(|term| term.0))
        .ids("contact_id", terms.iter().map(|term| term.1))
        .texts("term", terms.iter().map(|term| term.2.as_str()));
    sql_rows(
        "INSERT INTO contact_terms (workspace_id, term, contact_id) SELECT r.workspace_id, r.term, r.contact_id
         FROM {rows} WHERE true ON CONFLICT DO NOTHING",
        rows,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The condition on `contact_terms t` that one word of a query makes. `parameter` binds a text and
/// returns its place in the statement.
pub(crate) fn reached(word: &str, mut parameter: impl FnMut(String) -> String) -> String {
    let ranges: Vec<String> = Reach::of(word)
        .into_iter()
        .map(|reach| {
            let (from, to) = (parameter(reach.from), parameter(reach.to));
            format!("(t.term >= {from} AND t.term < {to})")
        })
        .collect();
    format!("({})", ranges.join(" OR "))
}

/// Contacts in one step of [`fill_terms`].
const STEP: i64 = 1_000;

/// Makes the terms of all contacts; part of the migration that empties their table.
pub(crate) async fn fill_terms(tx: &mut Tx) -> Result<()> {
    let mut after: Option<(WorkspaceId, ContactId)> = None;
    loop {
        let statement = match after {
            None => sql(
                "SELECT workspace_id, id, name, profile_name, username, phone, email FROM contacts
                         WHERE merged_into IS NULL ORDER BY workspace_id, id LIMIT $1",
            )
            .bind(STEP),
            Some((workspace, id)) => sql(
                "SELECT workspace_id, id, name, profile_name, username, phone, email FROM contacts
                 WHERE merged_into IS NULL AND (workspace_id, id) > ($2, $3) ORDER BY workspace_id, id LIMIT $1",
            )
            .bind(STEP)
            .bind(workspace)
            .bind(id),
        };
        let rows = statement.fetch_all(tx).await?;
        let mut terms = Vec::new();
        for row in &rows {
            let (workspace, id) = (row.id(0)?, row.id(1)?);
            after = Some((workspace, id));
            let (phone, email) = (row.opt_text(5)?, row.opt_text(6)?);
            let names = [&row.opt_text(2)?, &row.opt_text(3)?, &row.opt_text(4)?];
            for term in terms_of(names, phone.as_deref(), email.as_deref()) {
                terms.push((workspace, id, term));
            }
        }
        add_terms(tx, terms).await?;
        if i64::try_from(rows.len()).unwrap_or(0) < STEP {
            return Ok(());
        }
    }
}
