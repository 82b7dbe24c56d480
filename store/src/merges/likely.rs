//! Contacts that are likely the same person: with the same e-mail address, or with the same phone number in
//! another form.

use wigwag_model::search::{Reach, fold};
use wigwag_model::{ContactId, WorkspaceId};

use crate::contacts::{self, COLUMNS, Contact, read_contact};
use crate::{Db, Result, sql_owned};

/// Somebody who is likely the same person.
#[derive(Debug, Clone, PartialEq)]
pub struct Likely {
    /// The contact.
    pub contact: Contact,
    /// Why: `email` or `phone`.
    pub reason: &'static str,
}

/// Most that are told.
const MOST: usize = 10;
/// Digits of a phone number without its country code: the same number in another form ends alike.
const DIGITS: usize = 9;
/// What is shorter is too many people's.
const SHORTEST: usize = 7;

/// Contacts that are likely the same person as one.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn likely(db: &Db, workspace: WorkspaceId, id: ContactId) -> Result<Vec<Likely>> {
    let mut on = db.reader().await?;
    let contact = contacts::get(&mut on, workspace, id).await?;
    let mut found: Vec<Likely> = Vec::new();
    let email = contact.email.as_deref().map(str::trim).unwrap_or_default();
    let digits: String = contact
        .phone
        .as_deref()
        .or(contact.wa_id.as_deref())
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    // Both are terms by which people are searched, so that an index answers.
    let suffix = digits
        .get(digits.len().saturating_sub(DIGITS)..)
        .unwrap_or_default();
    let email_key = fold(email);
    let ranges = [
        (
            (email_key.len() >= SHORTEST).then(|| Reach::exactly(&email_key)),
            "email",
        ),
        (
            (suffix.len() >= SHORTEST).then(|| Reach::ending(suffix)),
            "phone",
        ),
    ];
    for (reach, reason) in ranges {
        let Some(reach) = reach else {
            continue;
        };
        let rows = sql_owned(format!(
            "SELECT {COLUMNS} FROM contacts p WHERE p.workspace_id = $1 AND p.id IN
               (SELECT t.contact_id FROM contact_terms t WHERE t.workspace_id = $1 AND t.term >= $2 AND t.term < $3)
             AND p.id <> $4 AND p.merged_into IS NULL ORDER BY p.id LIMIT 50"
        ))
        .bind(workspace)
        .bind(reach.from)
        .bind(reach.to)
        .bind(contact.id)
        .fetch_all(&mut on)
        .await?;
        for row in &rows {
            let other = read_contact(row)?;
            let same = match reason {
                "email" => other
                    .email
                    .as_deref()
                    .is_some_and(|theirs| theirs.trim().eq_ignore_ascii_case(email)),
                _ => true,
            };
            if same && !found.iter().any(|known| known.contact.id == other.id) {
                found.push(Likely {
                    contact: other,
                    reason,
                });
            }
        }
    }
    found.truncate(MOST);
    Ok(found)
}
