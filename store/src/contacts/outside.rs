//! People as web pages and shops state them.
//!
//! A web page speaks with a key that everybody can read, so whatever it states about somebody may be
//! a stranger's invention: it makes people, and changes nobody. A shop signs what it says: it fills
//! what is empty, and puts right what a web page had said.

use std::collections::BTreeMap;

use serde_json::Value;
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, WorkspaceId};

use super::edit::{Edit, edit_in};
use super::identify::{Identified, Known, bare, holders, make, settle};
use super::kinds;
use super::read::get;
use super::write::take_numbers;
use crate::events::WEB;
use crate::{Result, Tx, sql};

/// A person as it was typed into a web page. Nobody has verified any of it.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The phone number, by which the contact is found.
    pub phone: Phone,
    /// What it calls itself.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Typed fields.
    pub traits: BTreeMap<String, Value>,
}

/// Finds or makes the contact of a visitor. One that is known stays as it is, whoever made it.
///
/// What the visitor calls itself is kept as a profile's name is, so that the profile that comes with
/// the person's first message replaces it.
pub(crate) async fn visitor(
    tx: &mut Tx,
    workspace: WorkspaceId,
    visitor: Visitor,
) -> Result<ContactId> {
    let known = Known {
        external: None,
        phone: Some(visitor.phone.clone()),
    };
    if let (_, Some(contact)) = holders(tx, workspace, &known).await? {
        return Ok(contact);
    }
    // The counter's row lock: nobody else makes this person until we are done.
    take_numbers(tx, workspace, 0).await?;
    if let (_, Some(contact)) = holders(tx, workspace, &known).await? {
        return Ok(contact);
    }
    let mut fresh = bare(tx, workspace, Some(&visitor.phone));
    fresh.profile_name = visitor.name.filter(|name| !name.trim().is_empty());
    fresh.email = visitor.email.filter(|email| !email.trim().is_empty());
    fresh.traits = kinds::takeable(tx, workspace, visitor.traits).await?;
    make(tx, fresh, Some(&visitor.phone), WEB).await
}

/// A person as a shop states it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Customer {
    /// By what it is found.
    pub known: Known,
    /// The name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

/// Finds or makes the contact of a shop's customer; name and e-mail address are filled in where the
/// contact has none. What only a web page has said gives way, and is the shop's from then on.
pub(crate) async fn customer(
    tx: &mut Tx,
    workspace: WorkspaceId,
    customer: &Customer,
    source: &str,
) -> Result<std::result::Result<ContactId, Identified>> {
    let contact = match settle(tx, workspace, &customer.known, source).await? {
        Ok((contact, _)) => contact,
        Err(refused) => return Ok(Err(refused)),
    };
    let before = get(tx, workspace, contact).await?;
    let contact = before.id;
    let unverified = before.source == WEB;
    let stated = |text: &Option<String>, is: &Option<String>| {
        let text = text.clone().filter(|text| !text.trim().is_empty())?;
        let wanted = is.is_none() || (unverified && is.as_ref() != Some(&text));
        wanted.then_some(Some(text))
    };
    let edit = Edit {
        name: stated(&customer.name, &before.name),
        email: stated(&customer.email, &before.email),
        version: before.version,
        ..Edit::default()
    };
    if edit.name.is_some() || edit.email.is_some() {
        edit_in(tx, workspace, before, edit).await?;
    }
    if unverified {
        sql("UPDATE contacts SET source = $3 WHERE workspace_id = $1 AND id = $2")
            .bind(workspace)
            .bind(contact)
            .bind(source)
            .execute(tx)
            .await?;
    }
    Ok(Ok(contact))
}
