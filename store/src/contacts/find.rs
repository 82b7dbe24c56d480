//! Finding people by their identities, and making those that are not known yet, in batches.

use std::collections::HashMap;

use uuid::Uuid;
use wigwag_model::id::Id as _;
use wigwag_model::phone::Phone;
use wigwag_model::search::fold;
use wigwag_model::{ContactId, Timestamp, WorkspaceId};

use super::terms::{add_terms, terms_of};
use super::write::{self, Fresh, insert};
use crate::ingest::Person;
use crate::{Batch, Error, Result, Tx, sql_rows};

/// A person as stated, and when.
#[derive(Debug, Clone)]
pub struct Sighting<'p> {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// Who.
    pub person: &'p Person,
    /// When they were active; `None` when they only got something from us.
    pub seen_at: Option<Timestamp>,
}

/// The contact that a sighting belongs to.
#[derive(Debug, Clone)]
pub struct Found {
    /// The contact.
    pub contact: ContactId,
    /// The name to show for it.
    pub name: String,
    /// Its phone in E.164.
    pub phone: Option<String>,
}

type Key = (Uuid, &'static str, String, String);

/// The keys of a person, the strongest first: a user id moves with the account, a number may be
/// given to somebody else.
fn keys(sighting: &Sighting<'_>) -> Vec<Key> {
    let workspace = sighting.workspace.uuid();
    let person = sighting.person;
    let mut keys = Vec::with_capacity(3);
    if let Some(user_id) = &person.user_id {
        keys.push((
            workspace,
            "user_id",
            person.portfolio.clone(),
            user_id.clone(),
        ));
    }
    if let Some(phone) = &person.phone {
        keys.push((workspace, "phone", String::new(), phone.clone()));
    }
    if let Some(wa_id) = &person.wa_id {
        keys.push((workspace, "wa_id", String::new(), wa_id.clone()));
    }
    keys
}

/// What is known of a contact while a batch is at work.
#[derive(Debug, Clone, Default)]
struct Known {
    name: Option<String>,
    profile_name: Option<String>,
    phone: Option<String>,
    wa_id: Option<String>,
    user_id: Option<String>,
    username: Option<String>,
    email: Option<String>,
    seen_at: Option<Timestamp>,
    fresh: bool,
    changed: bool,
    renamed: bool,
}

/// The name to show: the one we gave, else the profile's, else the username, else the phone.
pub fn display_name(
    name: Option<&str>,
    profile: Option<&str>,
    username: Option<&str>,
    phone: Option<&str>,
) -> String {
    [name, profile, username, phone]
        .into_iter()
        .flatten()
        .find(|text| !text.trim().is_empty())
        .unwrap_or_default()
        .to_owned()
}

impl Known {
    fn display(&self) -> String {
        display_name(
            self.name.as_deref(),
            self.profile_name.as_deref(),
            self.username.as_deref(),
            self.phone.as_deref(),
        )
    }

    fn learn(&mut self, sighting: &Sighting<'_>) {
        let person = sighting.person;
        for (mine, stated, renames) in [
            (&mut self.profile_name, &person.profile_name, true),
            (&mut self.phone, &person.phone, true),
            (&mut self.wa_id, &person.wa_id, false),
            (&mut self.user_id, &person.user_id, false),
            (&mut self.username, &person.username, true),
        ] {
            if stated.is_some() && mine != stated {
                mine.clone_from(stated);
                self.changed = true;
                self.renamed |= renames;
            }
        }
        if sighting.seen_at > self.seen_at {
            self.seen_at = sighting.seen_at;
            self.changed = true;
        }
    }
}

/// Finds or makes the contact of each sighting, in order; adds identities that were missing.
///
/// # Errors
/// [`Error::Stale`] when another transaction made one of them meanwhile: try the batch again.
pub async fn find_or_create(
    tx: &mut Tx,
    sightings: &[Sighting<'_>],
    source: &'static str,
) -> Result<Vec<Found>> {
    if sightings.is_empty() {
        return Ok(Vec::new());
    }
    let mut holders = identities(tx, sightings).await?;
    let mut known = contacts(tx, &holders).await?;
    let mut added: Vec<(Key, ContactId)> = Vec::new();
    let mut order: Vec<(WorkspaceId, ContactId)> = Vec::new();
    let mut found = Vec::with_capacity(sightings.len());
    for sighting in sightings {
        let keys = keys(sighting);
        let contact = keys
            .iter()
            .find_map(|key| holders.get(key).copied())
            .unwrap_or_else(|| {
                let fresh: ContactId = tx.mint().id();
                order.push((sighting.workspace, fresh));
                known.insert(
                    fresh,
                    Known {
                        fresh: true,
                        ..Known::default()
                    },
                );
                fresh
            });
        for key in keys {
            if !holders.contains_key(&key) {
                holders.insert(key.clone(), contact);
                added.push((key, contact));
            }
        }
        if let Some(entry) = known.get_mut(&contact) {
            entry.learn(sighting);
        }
        found.push((sighting.workspace, contact));
    }
    create(tx, &order, &known, source).await?;
    add_identities(tx, &added).await?;
    let changed: Vec<(WorkspaceId, ContactId)> = {
        let mut seen = std::collections::HashSet::new();
        let is_changed = |contact| {
            known
                .get(contact)
                .is_some_and(|entry| entry.changed && !entry.fresh)
        };
        found
            .iter()
            .filter(|(_, contact)| is_changed(contact) && seen.insert(*contact))
            .copied()
            .collect()
    };
    update(tx, &changed, &known).await?;
    Ok(found
        .into_iter()
        .map(|(_, contact)| {
            let entry = known.get(&contact);
            Found {
                contact,
                name: entry.map(Known::display).unwrap_or_default(),
                phone: entry.and_then(|entry| entry.phone.clone()),
            }
        })
        .collect())
}

async fn identities(tx: &mut Tx, sightings: &[Sighting<'_>]) -> Result<HashMap<Key, ContactId>> {
    let wanted: Vec<Key> = sightings
        .iter()
        .flat_map(keys)
        .collect::<std::collections::HashSet<_>>()
        .into_iter()
        .collect();
    let rows = Batch::new()
        .ids(
            "workspace_id",
            wanted.iter().map(|key| WorkspaceId::from_uuid(key.0)),
        )
        .texts("kind", wanted.iter().map(|key| key.1))
        .texts("scope", wanted.iter().map(|key| key.2.as_str()))
        .texts("value", wanted.iter().map(|key| key.3.as_str()));
    let rows = sql_rows(
        "SELECT r.ord, i.contact_id FROM {rows} JOIN contact_identities i
           ON i.workspace_id = r.workspace_id AND i.kind = r.kind AND i.scope = r.scope AND i.value = r.value",
        rows,
    )
    .fetch_all(tx)
    .await?;
    rows.iter()
        .map(|row| {
            let at = usize::try_from(row.int(0)?).unwrap_or_default();
            Ok((wanted[at].clone(), row.id(1)?))
        })
        .collect()
}

async fn contacts(
    tx: &mut Tx,
    holders: &HashMap<Key, ContactId>,
) -> Result<HashMap<ContactId, Known>> {
    let ids: HashMap<ContactId, Uuid> = holders
        .iter()
        .map(|(key, contact)| (*contact, key.0))
        .collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Batch::new()
        .ids(
            "workspace_id",
            ids.values()
                .map(|workspace| WorkspaceId::from_uuid(*workspace)),
        )
        .ids("id", ids.keys().copied());
    let rows = sql_rows(
        "SELECT c.id, c.name, c.profile_name, c.phone, c.wa_id, c.user_id, c.username, c.email, c.last_seen_at
         FROM {rows} JOIN contacts c ON c.workspace_id = r.workspace_id AND c.id = r.id",
        rows,
    )
    .fetch_all(tx)
    .await?;
    rows.iter()
        .map(|row| {
            let known = Known {
                name: row.opt_text(1)?,
                profile_name: row.opt_text(2)?,
                phone: row.opt_text(3)?,
                wa_id: row.opt_text(4)?,
                user_id: row.opt_text(5)?,
                username: row.opt_text(6)?,
                email: row.opt_text(7)?,
                seen_at: row.opt_time(8)?,
                ..Known::default()
            };
            Ok((row.id(0)?, known))
        })
        .collect()
}

async fn create(
    tx: &mut Tx,
    fresh: &[(WorkspaceId, ContactId)],
    known: &HashMap<ContactId, Known>,
    source: &'static str,
) -> Result<()> {
    let people: Vec<Fresh> = fresh
        .iter()
        .filter_map(|(workspace, contact)| {
            let entry = known.get(contact)?;
            let phone = entry.phone.as_deref().and_then(Phone::from_wa_id);
            Some(Fresh {
                workspace: *workspace,
                id: *contact,
                name: None,
                profile_name: entry.profile_name.clone(),
                phone: entry.phone.clone(),
                wa_id: entry.wa_id.clone(),
                user_id: entry.user_id.clone(),
                username: entry.username.clone(),
                email: None,
                country: phone.and_then(|phone| phone.country()),
                tags: Vec::new(),
                traits: std::collections::BTreeMap::new(),
                seen_at: entry.seen_at,
            })
        })
        .collect();
    insert(tx, &people, source).await
}

async fn add_identities(tx: &mut Tx, added: &[(Key, ContactId)]) -> Result<()> {
    if added.is_empty() {
        return Ok(());
    }
    let now = tx.mint().now();
    let rows = Batch::new()
        .ids(
            "workspace_id",
            added.iter().map(|(key, _)| WorkspaceId::from_uuid(key.0)),
        )
        .texts("kind", added.iter().map(|(key, _)| key.1))
        .texts("scope", added.iter().map(|(key, _)| key.2.as_str()))
        .texts("value", added.iter().map(|(key, _)| key.3.as_str()))
        .ids("contact_id", added.iter().map(|(_, contact)| *contact));
    let inserted = sql_rows(
        "INSERT INTO contact_identities (workspace_id, kind, scope, value, contact_id, created_at)
         SELECT r.workspace_id, r.kind, r.scope, r.value, r.contact_id, $1 FROM {rows} WHERE true ON CONFLICT DO NOTHING",
        rows,
    )
    .bind(now)
    .execute(tx)
    .await?;
    if inserted == u64::try_from(added.len()).unwrap_or(u64::MAX) {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}

async fn update(
    tx: &mut Tx,
    changed: &[(WorkspaceId, ContactId)],
    known: &HashMap<ContactId, Known>,
) -> Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let now = tx.mint().now();
    let entries: Vec<&Known> = changed
        .iter()
        .filter_map(|(_, contact)| known.get(contact))
        .collect();
    let rows = Batch::new()
        .ids(
            "workspace_id",
            changed.iter().map(|(workspace, _)| *workspace),
        )
        .ids("id", changed.iter().map(|(_, contact)| *contact))
        .opt_texts(
            "profile_name",
            entries.iter().map(|entry| entry.profile_name.clone()),
        )
        .opt_texts("phone", entries.iter().map(|entry| entry.phone.clone()))
        .opt_texts("wa_id", entries.iter().map(|entry| entry.wa_id.clone()))
        .opt_texts("user_id", entries.iter().map(|entry| entry.user_id.clone()))
        .opt_texts(
            "username",
            entries.iter().map(|entry| entry.username.clone()),
        )
        .texts(
            "name_key",
            entries.iter().map(|entry| fold(&entry.display())),
        )
        .opt_times("seen_at", entries.iter().map(|entry| entry.seen_at))
        .ints(
            "renamed",
            entries.iter().map(|entry| i64::from(entry.renamed)),
        );
    sql_rows(
        "UPDATE contacts SET profile_name = r.profile_name, phone = r.phone, wa_id = r.wa_id, user_id = r.user_id,
            username = r.username, name_key = r.name_key, last_seen_at = r.seen_at,
            updated_at = CASE WHEN r.renamed = 1 THEN $1 ELSE updated_at END, version = version + r.renamed
         FROM {rows} WHERE contacts.workspace_id = r.workspace_id AND contacts.id = r.id",
        rows,
    )
    .bind(now)
    .execute(tx)
    .await?;
    let renamed: Vec<(WorkspaceId, ContactId)> = changed
        .iter()
        .filter(|(_, contact)| known.get(contact).is_some_and(|entry| entry.renamed))
        .copied()
        .collect();
    if renamed.is_empty() {
        return Ok(());
    }
    // Words of names that are no longer theirs stay until the contact is edited.
    let mut terms = Vec::new();
    for (workspace, contact) in &renamed {
        if let Some(entry) = known.get(contact) {
            let names = [&entry.name, &entry.profile_name, &entry.username];
            for term in terms_of(names, entry.phone.as_deref(), entry.email.as_deref()) {
                terms.push((*workspace, *contact, term));
            }
        }
    }
    add_terms(tx, terms).await?;
    let names = renamed
        .iter()
        .map(|(_, contact)| known.get(contact).map(Known::display).unwrap_or_default());
    let phones = renamed
        .iter()
        .map(|(_, contact)| known.get(contact).and_then(|entry| entry.phone.clone()));
    let rows = Batch::new()
        .ids(
            "workspace_id",
            renamed.iter().map(|(workspace, _)| *workspace),
        )
        .ids("contact_id", renamed.iter().map(|(_, contact)| *contact))
        .texts("name", names)
        .opt_texts("phone", phones);
    sql_rows(
        "UPDATE conversations SET contact_name = r.name, contact_phone = r.phone FROM {rows}
         WHERE conversations.workspace_id = r.workspace_id AND conversations.contact_id = r.contact_id",
        rows,
    )
    .execute(tx)
    .await?;
    for (workspace, contact) in renamed {
        write::changed(tx, workspace, contact);
    }
    Ok(())
}
