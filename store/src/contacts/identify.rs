//! People as a shop's own programs know them: found by the shop's id of them, by their phone number or by
//! both, made when nobody is found, and brought up to date, in one transaction with what they agreed to.

use std::collections::BTreeMap;

use serde_json::Value;
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, Timestamp, WorkspaceId};

use super::changed;
use super::edit::{Edit, edit_in};
use super::read::{Contact, get};
use super::terms::{add_terms, terms_of};
use super::write::{Fresh, insert, sorted, take_numbers};
use crate::consent::{self, Rule, Word};
use crate::{Db, Executor, Priority, Result, Tx, sql};

/// By what a person is known; at least one of the two.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The id that the shop's own programs gave it.
    pub external: Option<String>,
    /// Its phone number.
    pub phone: Option<Phone>,
}

/// A person as a program states it. What is absent stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// By what it is found.
    pub known: Known,
    /// The name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Tags to add.
    pub tags: Vec<String>,
    /// Typed fields to set; null removes one.
    pub traits: BTreeMap<String, Value>,
    /// Whether it agreed to marketing.
    pub marketing: Option<bool>,
    /// Who says so.
    pub actor: String,
    /// When it was said.
    pub at: Timestamp,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identified {
    /// The contact, up to date.
    Done {
        /// The contact.
        contact: ContactId,
        /// Whether it was made.
        new: bool,
        /// Whether what was said about marketing stands; `false` where the person's own no does.
        marketing: bool,
    },
    /// Two people: the id is one's, the phone number another's.
    Two,
    /// The person with this phone number has another id, and keeps it.
    OtherId,
    /// The person with this id has another phone number, and keeps it.
    OtherPhone,
}

/// Finds or makes a person, and brings it up to date.
///
/// # Errors
/// [`crate::Error::Stale`] when somebody else changed the person meanwhile: try again.
pub async fn identify(db: &Db, workspace: WorkspaceId, profile: Profile) -> Result<Identified> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let (contact, new) = match settle(tx, workspace, &profile.known, "api").await? {
                Ok(settled) => settled,
                Err(refused) => return Ok(refused),
            };
            let contact = update(tx, workspace, contact, &profile).await?;
            let marketing = agree(tx, workspace, contact, &profile).await?;
            Ok(Identified::Done {
                contact,
                new,
                marketing,
            })
        })
    })
    .await
}

/// The person, with both keys where both are stated, and whether it was made by this source.
pub(super) async fn settle(
    tx: &mut Tx,
    workspace: WorkspaceId,
    known: &Known,
    source: &str,
) -> Result<std::result::Result<(ContactId, bool), Identified>> {
    let mut found = holders(tx, workspace, known).await?;
    if found == (None, None) {
        // The counter's row lock: nobody else makes this person until we are done.
        take_numbers(tx, workspace, 0).await?;
        found = holders(tx, workspace, known).await?;
    }
    let contact = match found {
        (Some(one), Some(other)) if one != other => return Ok(Err(Identified::Two)),
        (Some(_), Some(contact)) => contact,
        (Some(contact), None) => {
            if let Some(phone) = &known.phone
                && !add_phone(tx, workspace, contact, phone).await?
            {
                return Ok(Err(Identified::OtherPhone));
            }
            contact
        }
        (None, Some(contact)) => {
            if let Some(external) = &known.external {
                if external_of(tx, workspace, contact).await?.is_some() {
                    return Ok(Err(Identified::OtherId));
                }
                add_key(tx, workspace, contact, "external", external).await?;
                changed(tx, workspace, contact);
            }
            contact
        }
        (None, None) => {
            let phone = known.phone.as_ref();
            let fresh = bare(tx, workspace, phone);
            let contact = make(tx, fresh, phone, source).await?;
            if let Some(external) = &known.external {
                add_key(tx, workspace, contact, "external", external).await?;
            }
            return Ok(Ok((contact, true)));
        }
    };
    Ok(Ok((contact, false)))
}

/// A contact of which nothing is known but maybe its phone number.
pub(super) fn bare(tx: &Tx, workspace: WorkspaceId, phone: Option<&Phone>) -> Fresh {
    Fresh {
        workspace,
        id: tx.mint().id(),
        name: None,
        profile_name: None,
        phone: phone.map(|phone| phone.as_str().to_owned()),
        wa_id: None,
        user_id: None,
        username: None,
        email: None,
        country: phone.and_then(Phone::country),
        tags: Vec::new(),
        traits: BTreeMap::new(),
        seen_at: None,
    }
}

/// Makes a contact that is found by its phone number. The caller holds the counter's row lock and has
/// looked whether there is one.
pub(super) async fn make(
    tx: &mut Tx,
    fresh: Fresh,
    phone: Option<&Phone>,
    source: &str,
) -> Result<ContactId> {
    let (workspace, id) = (fresh.workspace, fresh.id);
    insert(tx, &[fresh], source).await?;
    if let Some(phone) = phone {
        add_key(tx, workspace, id, "phone", phone.as_str()).await?;
    }
    Ok(id)
}

/// Whom the id names, and whom the phone number; of one that was merged the contact that it became. Both in
/// one statement: read one after the other, a person who is made in between would have one key and not the
/// other.
pub(super) async fn holders(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    known: &Known,
) -> Result<(Option<ContactId>, Option<ContactId>)> {
    let rows = sql(
        "SELECT i.kind, COALESCE(c.merged_into, c.id) FROM contact_identities i
         JOIN contacts c ON c.workspace_id = i.workspace_id AND c.id = i.contact_id
         WHERE i.workspace_id = $1 AND i.kind = 'external' AND i.scope = '' AND i.value = $2
         UNION ALL
         SELECT i.kind, COALESCE(c.merged_into, c.id) FROM contact_identities i
         JOIN contacts c ON c.workspace_id = i.workspace_id AND c.id = i.contact_id
         WHERE i.workspace_id = $1 AND i.kind = 'phone' AND i.scope = '' AND i.value = $3",
    )
    .bind(workspace)
    .bind(known.external.as_deref())
    .bind(known.phone.as_ref().map(Phone::as_str))
    .fetch_all(on)
    .await?;
    let mut found = (None, None);
    for row in &rows {
        let contact = Some(row.id(1)?);
        match row.text(0)?.as_str() {
            "external" => found.0 = contact,
            _ => found.1 = contact,
        }
    }
    Ok(found)
}

async fn external_of(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<Option<String>> {
    let row = sql("SELECT MIN(value) FROM contact_identities
                   WHERE workspace_id = $1 AND contact_id = $2 AND kind = 'external' AND scope = ''")
    .bind(workspace)
    .bind(contact)
    .fetch_one(on)
    .await?;
    row.opt_text(0)
}

async fn add_key(
    tx: &mut Tx,
    workspace: WorkspaceId,
    contact: ContactId,
    kind: &'static str,
    value: &str,
) -> Result<()> {
    let now = tx.mint().now();
    let done = sql(
        "INSERT INTO contact_identities (workspace_id, kind, scope, value, contact_id, created_at)
         VALUES ($1, $2, '', $3, $4, $5) ON CONFLICT DO NOTHING",
    )
    .bind(workspace)
    .bind(kind)
    .bind(value)
    .bind(contact)
    .bind(now)
    .execute(tx)
    .await?;
    // A webhook was quicker.
    if done == 0 {
        Err(crate::Error::Stale)
    } else {
        Ok(())
    }
}

/// Gives a person without a phone number one; `false` when it has another.
async fn add_phone(
    tx: &mut Tx,
    workspace: WorkspaceId,
    contact: ContactId,
    phone: &Phone,
) -> Result<bool> {
    let before = get(tx, workspace, contact).await?;
    if before.phone.is_some() || before.wa_id.is_some() {
        return Ok(false);
    }
    add_key(tx, workspace, contact, "phone", phone.as_str()).await?;
    sql("UPDATE contacts SET phone = $3, country = COALESCE(country, $4) WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(contact)
        .bind(phone.as_str())
        .bind(phone.country())
        .execute(tx)
        .await?;
    sql("UPDATE conversations SET contact_phone = $3 WHERE workspace_id = $1 AND contact_id = $2")
        .bind(workspace)
        .bind(contact)
        .bind(phone.as_str())
        .execute(tx)
        .await?;
    let terms = terms_of([&None, &None, &None], Some(phone.as_str()), None);
    let terms = terms
        .into_iter()
        .map(|term| (workspace, contact, term))
        .collect();
    add_terms(tx, terms).await?;
    changed(tx, workspace, contact);
    Ok(true)
}

/// Changes what differs; programs tell the same again and again.
async fn update(
    tx: &mut Tx,
    workspace: WorkspaceId,
    contact: ContactId,
    profile: &Profile,
) -> Result<ContactId> {
    let before = get(tx, workspace, contact).await?;
    let (id, edit) = (before.id, edit_of(&before, profile));
    if let Some(edit) = edit {
        edit_in(tx, workspace, before, edit).await?;
    }
    Ok(id)
}

fn edit_of(before: &Contact, profile: &Profile) -> Option<Edit> {
    let other = |stated: &Option<String>, is: &Option<String>| {
        stated
            .clone()
            .filter(|text| !text.trim().is_empty() && is.as_ref() != Some(text))
            .map(Some)
    };
    let mut tags = before.tags.clone();
    tags.extend(profile.tags.iter().cloned());
    let tags = sorted(tags);
    let traits: BTreeMap<String, Value> = profile
        .traits
        .iter()
        .filter(|(key, value)| before.traits.get(*key).unwrap_or(&Value::Null) != *value)
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let edit = Edit {
        name: other(&profile.name, &before.name),
        email: other(&profile.email, &before.email),
        tags: (tags != before.tags).then_some(tags),
        traits: (!traits.is_empty()).then_some(traits),
        version: before.version,
    };
    let same =
        edit.name.is_none() && edit.email.is_none() && edit.tags.is_none() && edit.traits.is_none();
    (!same).then_some(edit)
}

/// Writes down what was said about marketing where that is new. `false` when the person's own no stands.
async fn agree(
    tx: &mut Tx,
    workspace: WorkspaceId,
    contact: ContactId,
    profile: &Profile,
) -> Result<bool> {
    let Some(yes) = profile.marketing else {
        return Ok(true);
    };
    let state = if yes {
        ConsentState::Granted
    } else {
        ConsentState::Denied
    };
    let stands = sql("SELECT state FROM consent
                      WHERE workspace_id = $1 AND contact_id = $2 AND category = $3")
    .bind(workspace)
    .bind(contact)
    .bind(Category::Marketing.as_str())
    .fetch_optional(tx)
    .await?
    .map(|row| row.text(0))
    .transpose()?;
    if stands.as_deref() == Some(state.as_str()) {
        return Ok(true);
    }
    let word = Word {
        workspace,
        contact,
        category: Category::Marketing,
        state,
        source: "api".to_owned(),
        actor: profile.actor.clone(),
        text: Some("whatsapp_opted_in".to_owned()),
        at: profile.at,
    };
    let said = consent::put(tx, Rule::Told, &[word]).await?;
    Ok(said.first().is_none_or(|outcome| outcome.applied))
}

/// The person of an id or a phone number. `Ok(Err(…))` when the two are two people's.
///
/// # Errors
/// What the database says.
pub async fn who(
    db: &Db,
    workspace: WorkspaceId,
    known: &Known,
) -> Result<std::result::Result<Option<ContactId>, Identified>> {
    let mut on = db.reader().await?;
    match holders(&mut on, workspace, known).await? {
        (Some(one), Some(other)) if one != other => Ok(Err(Identified::Two)),
        // The id's person has no phone number, or another: a message would go elsewhere.
        (Some(contact), None) if known.phone.is_some() => {
            let phone = get(&mut on, workspace, contact).await?.phone;
            Ok(if phone.is_some() {
                Err(Identified::OtherPhone)
            } else {
                Ok(Some(contact))
            })
        }
        (by_id, by_phone) => Ok(Ok(by_phone.or(by_id))),
    }
}
