//! Contacts made and changed by people and programs.
//!
//! An edit compares the version that was read, so that two editors do not overwrite each other.
//! A new name is carried into the conversations' rows and the search terms at once.

use std::collections::BTreeMap;

use serde_json::Value;
use wigwag_model::id::Id as _;
use wigwag_model::phone::Phone;
use wigwag_model::search::fold;
use wigwag_model::{ContactId, ConversationId, WorkspaceId};

use super::find::display_name;
use super::kinds;
use super::read::{Contact, get};
use super::terms::{add_terms, terms_of};
use super::write::{Fields, Fresh, changed, insert, put_fields, sorted, take_numbers};
use crate::{Db, Error, Event, Priority, Result, Tx, sql};

/// The feed's name for a changed contact.
pub const CHANGED: &str = "contact.changed";

/// A contact to make.
#[derive(Debug, Clone)]
pub struct NewContact {
    /// The name that members give.
    pub name: Option<String>,
    /// The phone number, by which the contact is found.
    pub phone: Phone,
    /// E-mail address.
    pub email: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Typed fields.
    pub traits: BTreeMap<String, Value>,
    /// What makes it: `manual`, `api`, …
    pub source: &'static str,
}

/// What became of a wish for a new contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Created {
    /// It is new.
    New(ContactId),
    /// The phone number was known; nothing was changed.
    Known(ContactId),
}

impl Created {
    /// The contact, new or known.
    pub fn id(self) -> ContactId {
        match self {
            Self::New(id) | Self::Known(id) => id,
        }
    }
}

/// Makes a contact unless its phone number is known.
///
/// # Errors
/// [`Error::WrongKind`] for traits whose values are of another kind; what the database says.
pub async fn create(db: &Db, workspace: WorkspaceId, new: NewContact) -> Result<Created> {
    find_or_make(db, workspace, new, true).await
}

/// Makes a contact whose traits may have values of any kind, as they could before kinds were kept
/// to: what filters make of such values is tested with it.
///
/// # Errors
/// What the database says.
#[cfg(any(test, feature = "testing"))]
pub async fn create_of_any_kind(
    db: &Db,
    workspace: WorkspaceId,
    new: NewContact,
) -> Result<Created> {
    find_or_make(db, workspace, new, false).await
}

async fn find_or_make(
    db: &Db,
    workspace: WorkspaceId,
    new: NewContact,
    checked: bool,
) -> Result<Created> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            if let Some(known) = find(tx, workspace, &new.phone).await? {
                return Ok(Created::Known(known));
            }
            take_numbers(tx, workspace, 0).await?;
            // The counter's row lock is held: nobody else makes a contact here until we are done.
            if let Some(known) = find(tx, workspace, &new.phone).await? {
                return Ok(Created::Known(known));
            }
            if checked {
                kinds::check(tx, workspace, &new.traits).await?;
            }
            make(tx, workspace, new).await.map(Created::New)
        })
    })
    .await
}

async fn make(tx: &mut Tx, workspace: WorkspaceId, new: NewContact) -> Result<ContactId> {
    let (id, now): (ContactId, _) = (tx.mint().id(), tx.mint().now());
    let phone = new.phone.as_str().to_owned();
    let fresh = Fresh {
        workspace,
        id,
        name: new.name,
        profile_name: None,
        phone: Some(phone.clone()),
        wa_id: None,
        user_id: None,
        username: None,
        email: new.email,
        country: new.phone.country(),
        tags: sorted(new.tags),
        traits: new.traits,
        seen_at: None,
    };
    insert(tx, &[fresh], new.source).await?;
    sql(
        "INSERT INTO contact_identities (workspace_id, kind, scope, value, contact_id, created_at)
         VALUES ($1, 'phone', '', $2, $3, $4)",
    )
    .bind(workspace)
    .bind(phone)
    .bind(id)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(id)
}

async fn find(tx: &mut Tx, workspace: WorkspaceId, phone: &Phone) -> Result<Option<ContactId>> {
    let row = sql("SELECT contact_id FROM contact_identities
                   WHERE workspace_id = $1 AND kind = 'phone' AND scope = '' AND value = $2")
    .bind(workspace)
    .bind(phone.as_str())
    .fetch_optional(tx)
    .await?;
    row.map(|row| row.id(0)).transpose()
}

/// What to change; `None` leaves a field, `Some(None)` empties it.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// The name that members gave.
    pub name: Option<Option<String>>,
    /// E-mail address.
    pub email: Option<Option<String>>,
    /// All tags.
    pub tags: Option<Vec<String>>,
    /// Fields to set; null removes one.
    pub traits: Option<BTreeMap<String, Value>>,
    /// The version that was read.
    pub version: i64,
}

/// Changes a contact.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] when it was changed since that version;
/// [`Error::WrongKind`] for traits whose values are of another kind.
pub async fn edit(db: &Db, workspace: WorkspaceId, id: ContactId, edit: Edit) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let before = get(tx, workspace, id).await?;
            edit_in(tx, workspace, before, edit).await
        })
    })
    .await
}

/// [`edit`] of a contact that was read in the caller's transaction.
pub(super) async fn edit_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    before: Contact,
    edit: Edit,
) -> Result<()> {
    let id = before.id;
    if let Some(traits) = &edit.traits {
        kinds::check(tx, workspace, traits).await?;
    }
    let after = apply(before, &edit);
    let now = tx.mint().now();
    let done = sql(
        "UPDATE contacts SET name = $4, email = $5, name_key = $6, updated_at = $7, version = version + 1
         WHERE workspace_id = $1 AND id = $2 AND version = $3",
    )
    .bind(workspace)
    .bind(id)
    .bind(edit.version)
    .bind(after.name.as_deref())
    .bind(after.email.as_deref())
    .bind(fold(&shown(&after)))
    .bind(now)
    .execute(tx)
    .await?;
    if done == 0 {
        return Err(Error::Stale);
    }
    if edit.tags.is_some() || edit.traits.is_some() {
        let fields = Fields {
            workspace,
            contact: id,
            tags: after.tags.clone(),
            traits: after.traits.clone(),
        };
        put_fields(tx, &[fields]).await?;
    }
    put_terms(tx, workspace, &after).await?;
    carry_name(tx, workspace, id, &shown(&after)).await?;
    changed(tx, workspace, id);
    Ok(())
}

/// Carries a changed name into the rows of the contact's conversations.
async fn carry_name(tx: &mut Tx, workspace: WorkspaceId, id: ContactId, name: &str) -> Result<()> {
    let seq = tx.seq(workspace).await?;
    let rows = sql("UPDATE conversations SET contact_name = $3, changed_seq = $4
                    WHERE workspace_id = $1 AND contact_id = $2 AND contact_name <> $3 RETURNING id")
        .bind(workspace)
        .bind(id)
        .bind(name)
        .bind(seq)
        .fetch_all(tx)
        .await?;
    for row in &rows {
        let conversation: ConversationId = row.id(0)?;
        let kind = crate::conversations::CHANGED;
        tx.record(
            workspace,
            Event {
                kind,
                subject: conversation.uuid(),
                conversation: Some(conversation),
            },
        );
    }
    Ok(())
}

fn apply(mut contact: Contact, edit: &Edit) -> Contact {
    if let Some(name) = &edit.name {
        contact.name = name.clone().filter(|name| !name.trim().is_empty());
    }
    if let Some(email) = &edit.email {
        contact.email = email.clone().filter(|email| !email.trim().is_empty());
    }
    if let Some(tags) = &edit.tags {
        contact.tags = sorted(tags.clone());
    }
    for (key, value) in edit.traits.iter().flatten() {
        if value.is_null() {
            contact.traits.remove(key);
        } else {
            contact.traits.insert(key.clone(), value.clone());
        }
    }
    contact
}

/// The name under which lists show a contact.
fn shown(contact: &Contact) -> String {
    display_name(
        contact.name.as_deref(),
        contact.profile_name.as_deref(),
        contact.username.as_deref(),
        contact.phone.as_deref(),
    )
}

/// Writes the search terms of a contact anew.
async fn put_terms(tx: &mut Tx, workspace: WorkspaceId, contact: &Contact) -> Result<()> {
    sql("DELETE FROM contact_terms WHERE workspace_id = $1 AND contact_id = $2")
        .bind(workspace)
        .bind(contact.id)
        .execute(tx)
        .await?;
    let terms = terms_of(
        [&contact.name, &contact.profile_name, &contact.username],
        contact.phone.as_deref(),
        contact.email.as_deref(),
    );
    let terms = terms
        .into_iter()
        .map(|term| (workspace, contact.id, term))
        .collect();
    add_terms(tx, terms).await
}
