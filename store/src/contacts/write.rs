//! The one door through which contacts and what they are searched by are written: the row and its
//! JSON, the tables of tags and traits, the search terms, the event.
//!
//! Whoever makes a contact or changes its tags or traits goes through here, so that what a read
//! shows and what a filter finds are the same.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use wigwag_model::audience::{TraitKind, Typed, tag_key, typed};
use wigwag_model::id::Id as _;
use wigwag_model::search::fold;
use wigwag_model::{ContactId, Timestamp, WorkspaceId};

use super::edit::CHANGED;
use super::find::display_name;
use super::read::Contact;
use super::signals;
use super::terms::{add_terms, terms_of};
use crate::endpoints::Happening;
use crate::{Batch, Event, Result, Tx, sql, sql_rows};

/// A contact to insert.
#[derive(Debug, Clone)]
pub(crate) struct Fresh {
    /// The tenant.
    pub(crate) workspace: WorkspaceId,
    /// Its id.
    pub(crate) id: ContactId,
    /// The name that members give.
    pub(crate) name: Option<String>,
    /// The name of the WhatsApp profile.
    pub(crate) profile_name: Option<String>,
    /// E.164.
    pub(crate) phone: Option<String>,
    /// WhatsApp's id.
    pub(crate) wa_id: Option<String>,
    /// The business-scoped user id.
    pub(crate) user_id: Option<String>,
    /// The WhatsApp user name.
    pub(crate) username: Option<String>,
    /// E-mail address.
    pub(crate) email: Option<String>,
    /// ISO 3166 alpha-2.
    pub(crate) country: Option<String>,
    /// Tags.
    pub(crate) tags: Vec<String>,
    /// Typed fields.
    pub(crate) traits: BTreeMap<String, Value>,
    /// When it last wrote.
    pub(crate) seen_at: Option<Timestamp>,
}

impl Fresh {
    fn shown(&self) -> String {
        display_name(
            self.name.as_deref(),
            self.profile_name.as_deref(),
            self.username.as_deref(),
            self.phone.as_deref(),
        )
    }

    fn terms(&self) -> Vec<String> {
        terms_of(
            [&self.name, &self.profile_name, &self.username],
            self.phone.as_deref(),
            self.email.as_deref(),
        )
    }
}

/// Tags and traits of a contact, all of them.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    /// The tenant.
    pub(crate) workspace: WorkspaceId,
    /// The contact.
    pub(crate) contact: ContactId,
    /// Its tags.
    pub(crate) tags: Vec<String>,
    /// Its traits.
    pub(crate) traits: BTreeMap<String, Value>,
}

/// Tags in order, each once.
pub(crate) fn sorted(mut tags: Vec<String>) -> Vec<String> {
    tags.sort();
    tags.dedup();
    tags
}

/// Takes as many of a workspace's contact numbers, and the lock that keeps them dense. Returns the
/// first.
pub(crate) async fn take_numbers(tx: &mut Tx, workspace: WorkspaceId, count: i64) -> Result<i64> {
    sql(
        "UPDATE workspaces SET next_contact_no = next_contact_no + $2 WHERE id = $1
         RETURNING next_contact_no - $2",
    )
    .bind(workspace)
    .bind(count)
    .fetch_one(tx)
    .await?
    .int(0)
}

/// Inserts contacts with everything by which they are found but their identities.
pub(crate) async fn insert(tx: &mut Tx, fresh: &[Fresh], source: &str) -> Result<()> {
    if fresh.is_empty() {
        return Ok(());
    }
    let mut counts: BTreeMap<WorkspaceId, i64> = BTreeMap::new();
    for contact in fresh {
        *counts.entry(contact.workspace).or_default() += 1;
    }
    let mut next: BTreeMap<WorkspaceId, i64> = BTreeMap::new();
    for (workspace, count) in counts {
        next.insert(workspace, take_numbers(tx, workspace, count).await?);
    }
    let mut numbers = Vec::with_capacity(fresh.len());
    for contact in fresh {
        let no = next.entry(contact.workspace).or_default();
        numbers.push(*no);
        *no += 1;
    }
    let text = |read: fn(&Fresh) -> &Option<String>| fresh.iter().map(move |one| read(one).clone());
    let now = tx.mint().now();
    let rows = Batch::new()
        .ids("workspace_id", fresh.iter().map(|one| one.workspace))
        .ids("id", fresh.iter().map(|one| one.id))
        .ints("no", numbers)
        .opt_texts("name", text(|one| &one.name))
        .opt_texts("profile_name", text(|one| &one.profile_name))
        .opt_texts("phone", text(|one| &one.phone))
        .opt_texts("wa_id", text(|one| &one.wa_id))
        .opt_texts("user_id", text(|one| &one.user_id))
        .opt_texts("username", text(|one| &one.username))
        .opt_texts("email", text(|one| &one.email))
        .opt_texts("country", text(|one| &one.country))
        .texts("tags", fresh.iter().map(|one| tags_json(&one.tags)))
        .texts("traits", fresh.iter().map(|one| traits_json(&one.traits)))
        .texts("name_key", fresh.iter().map(|one| fold(&one.shown())))
        .opt_times("seen_at", fresh.iter().map(|one| one.seen_at));
    sql_rows(
        "INSERT INTO contacts (workspace_id, id, no, name, profile_name, phone, wa_id, user_id, username, email, country,
            tags, traits, source, name_key, created_at, last_seen_at, updated_at, version)
         SELECT r.workspace_id, r.id, r.no, r.name, r.profile_name, r.phone, r.wa_id, r.user_id, r.username, r.email, r.country,
            r.tags, r.traits, $1, r.name_key, $2, r.seen_at, $2, 1 FROM {rows}",
        rows,
    )
    .bind(source)
    .bind(now)
    .execute(tx)
    .await?;
    let terms = fresh.iter().flat_map(|one| {
        one.terms()
            .into_iter()
            .map(|term| (one.workspace, one.id, term))
    });
    add_terms(tx, terms.collect()).await?;
    let fields: Vec<Fields> = fresh
        .iter()
        .filter(|one| !one.tags.is_empty() || !one.traits.is_empty())
        .map(|one| Fields {
            workspace: one.workspace,
            contact: one.id,
            tags: one.tags.clone(),
            traits: one.traits.clone(),
        })
        .collect();
    index(tx, &fields).await?;
    crate::erasures::recall(tx, fresh).await?;
    for one in fresh {
        changed(tx, one.workspace, one.id);
        tx.happened(one.workspace, Happening::contact_created(one.id));
    }
    signals::created(tx, fresh).await
}

/// Replaces the tags and traits of contacts, in their rows and in the tables that filters ask.
pub(crate) async fn put_fields(tx: &mut Tx, fields: &[Fields]) -> Result<()> {
    if fields.is_empty() {
        return Ok(());
    }
    signals::changed(tx, fields).await?;
    let rows = Batch::new()
        .ids("workspace_id", fields.iter().map(|one| one.workspace))
        .ids("id", fields.iter().map(|one| one.contact))
        .texts("tags", fields.iter().map(|one| tags_json(&one.tags)))
        .texts("traits", fields.iter().map(|one| traits_json(&one.traits)));
    sql_rows(
        "UPDATE contacts SET tags = r.tags, traits = r.traits FROM {rows}
         WHERE contacts.workspace_id = r.workspace_id AND contacts.id = r.id",
        rows,
    )
    .execute(tx)
    .await?;
    for text in [
        "DELETE FROM contact_tags WHERE (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        "DELETE FROM contact_traits WHERE (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
    ] {
        let rows = Batch::new()
            .ids("workspace_id", fields.iter().map(|one| one.workspace))
            .ids("id", fields.iter().map(|one| one.contact));
        sql_rows(text, rows).execute(tx).await?;
    }
    index(tx, fields).await
}

/// Writes contacts anew as an import left them: name, e-mail, tags, traits. Words of names that
/// are no longer theirs stay until the contact is edited.
pub(crate) async fn replace(
    tx: &mut Tx,
    workspace: WorkspaceId,
    contacts: &[Contact],
) -> Result<()> {
    if contacts.is_empty() {
        return Ok(());
    }
    let shown = |contact: &Contact| {
        display_name(
            contact.name.as_deref(),
            contact.profile_name.as_deref(),
            contact.username.as_deref(),
            contact.phone.as_deref(),
        )
    };
    let now = tx.mint().now();
    let rows = Batch::new()
        .ids("id", contacts.iter().map(|contact| contact.id))
        .opt_texts(
            "name",
            contacts.iter().map(|contact| contact.name.as_deref()),
        )
        .opt_texts(
            "email",
            contacts.iter().map(|contact| contact.email.as_deref()),
        )
        .texts(
            "name_key",
            contacts.iter().map(|contact| fold(&shown(contact))),
        );
    sql_rows(
        "UPDATE contacts SET name = r.name, email = r.email, name_key = r.name_key, updated_at = $2, version = version + 1
         FROM {rows} WHERE contacts.workspace_id = {$1} AND contacts.id = r.id",
        rows,
    )
    .bind(workspace)
    .bind(now)
    .execute(tx)
    .await?;
    let fields: Vec<Fields> = contacts
        .iter()
        .map(|contact| Fields {
            workspace,
            contact: contact.id,
            tags: contact.tags.clone(),
            traits: contact.traits.clone(),
        })
        .collect();
    put_fields(tx, &fields).await?;
    let mut terms = Vec::new();
    for contact in contacts {
        let names = [&contact.name, &contact.profile_name, &contact.username];
        for term in terms_of(names, contact.phone.as_deref(), contact.email.as_deref()) {
            terms.push((workspace, contact.id, term));
        }
    }
    add_terms(tx, terms).await?;
    let rows = Batch::new()
        .ids("contact_id", contacts.iter().map(|contact| contact.id))
        .texts("name", contacts.iter().map(shown));
    sql_rows(
        "UPDATE conversations SET contact_name = r.name FROM {rows}
         WHERE conversations.workspace_id = {$1} AND conversations.contact_id = r.contact_id AND conversations.contact_name <> r.name",
        rows,
    )
    .bind(workspace)
    .execute(tx)
    .await?;
    for contact in contacts {
        changed(tx, workspace, contact.id);
    }
    Ok(())
}

/// Fills the tables that filters ask, for contacts that have nothing there.
pub(super) async fn index(tx: &mut Tx, fields: &[Fields]) -> Result<()> {
    let tags: Vec<(WorkspaceId, ContactId, &String)> = fields
        .iter()
        .flat_map(|one| one.tags.iter().map(|tag| (one.workspace, one.contact, tag)))
        .collect();
    if !tags.is_empty() {
        let rows = Batch::new()
            .ids("workspace_id", tags.iter().map(|tag| tag.0))
            .texts("tag_key", tags.iter().map(|tag| tag_key(tag.2)))
            .ids("contact_id", tags.iter().map(|tag| tag.1))
            .texts("tag", tags.iter().map(|tag| tag.2.as_str()));
        sql_rows(
            "INSERT INTO contact_tags (workspace_id, tag_key, contact_id, tag)
             SELECT r.workspace_id, r.tag_key, r.contact_id, r.tag FROM {rows} WHERE true ON CONFLICT DO NOTHING",
            rows,
        )
        .execute(tx)
        .await?;
    }
    let kinds = define(tx, fields).await?;
    let mut values: Vec<(WorkspaceId, ContactId, &str, i64, Typed)> = Vec::new();
    for one in fields {
        for (key, value) in &one.traits {
            let Some(kind) = kinds.get(&(one.workspace, key.as_str())) else {
                continue;
            };
            for (place, value) in (0..).zip(typed(*kind, value)) {
                values.push((one.workspace, one.contact, key, place, value));
            }
        }
    }
    if values.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ids("workspace_id", values.iter().map(|value| value.0))
        .ids("contact_id", values.iter().map(|value| value.1))
        .texts("key", values.iter().map(|value| value.2))
        .ints("place", values.iter().map(|value| value.3))
        .opt_texts(
            "text",
            values.iter().map(|value| match &value.4 {
                Typed::Text(text) => Some(text.as_str()),
                _ => None,
            }),
        )
        .opt_ints(
            "number",
            values.iter().map(|value| match value.4 {
                Typed::Number(number) => Some(number),
                _ => None,
            }),
        )
        .opt_ints(
            "at",
            values.iter().map(|value| match value.4 {
                Typed::At(at) => Some(at),
                _ => None,
            }),
        );
    sql_rows(
        "INSERT INTO contact_traits (workspace_id, contact_id, key, place, text, number, at)
         SELECT r.workspace_id, r.contact_id, r.key, r.place, r.text, r.number, r.at FROM {rows}",
        rows,
    )
    .execute(tx)
    .await?;
    Ok(())
}

type Kinds<'f> = BTreeMap<(WorkspaceId, &'f str), TraitKind>;

/// The kinds of the traits that occur; those not known yet are defined by their first value.
async fn define<'f>(tx: &mut Tx, fields: &'f [Fields]) -> Result<Kinds<'f>> {
    let mut first: Kinds<'f> = BTreeMap::new();
    for one in fields {
        for (key, value) in &one.traits {
            if let Some(kind) = TraitKind::of(value) {
                first.entry((one.workspace, key.as_str())).or_insert(kind);
            }
        }
    }
    let mut known = kinds(tx, &first).await?;
    let fresh: Vec<_> = first
        .iter()
        .filter(|(key, _)| !known.contains_key(key))
        .collect();
    if fresh.is_empty() {
        return Ok(known);
    }
    let now = tx.mint().now();
    let rows = Batch::new()
        .ids("workspace_id", fresh.iter().map(|(key, _)| key.0))
        .texts("key", fresh.iter().map(|(key, _)| key.1))
        .texts("kind", fresh.iter().map(|(_, kind)| kind.as_str()));
    sql_rows(
        "INSERT INTO traits (workspace_id, key, kind, label, created_at)
         SELECT r.workspace_id, r.key, r.kind, r.key, $1 FROM {rows} WHERE true ON CONFLICT DO NOTHING",
        rows,
    )
    .bind(now)
    .execute(tx)
    .await?;
    // Somebody else may have defined one meanwhile: what is in the table counts.
    known.extend(kinds(tx, &first).await?);
    Ok(known)
}

async fn kinds<'f>(tx: &mut Tx, wanted: &Kinds<'f>) -> Result<Kinds<'f>> {
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let keys: Vec<(WorkspaceId, &'f str)> = wanted.keys().copied().collect();
    let rows = Batch::new()
        .ids("workspace_id", keys.iter().map(|key| key.0))
        .texts("key", keys.iter().map(|key| key.1));
    let rows = sql_rows(
        "SELECT r.ord, t.kind FROM {rows} JOIN traits t ON t.workspace_id = r.workspace_id AND t.key = r.key",
        rows,
    )
    .fetch_all(tx)
    .await?;
    let mut known = BTreeMap::new();
    for row in &rows {
        let at = usize::try_from(row.int(0)?).unwrap_or_default();
        if let (Some(key), Some(kind)) = (keys.get(at), TraitKind::parse(&row.text(1)?)) {
            known.insert(*key, kind);
        }
    }
    Ok(known)
}

/// Tells the workspace that a contact changed.
pub(crate) fn changed(tx: &mut Tx, workspace: WorkspaceId, contact: ContactId) {
    tx.record(
        workspace,
        Event {
            kind: CHANGED,
            subject: contact.uuid(),
            conversation: None,
        },
    );
}

fn tags_json(tags: &[String]) -> String {
    Value::from(tags.to_vec()).to_string()
}

fn traits_json(traits: &BTreeMap<String, Value>) -> String {
    serde_json::json!(traits).to_string()
}

/// Contacts in one step of the back-fill.
const STEP: i64 = 1_000;

/// Fills the new tables from what was kept before they were there; part of the migration that
/// makes them.
pub(crate) async fn backfill(tx: &mut Tx) -> Result<()> {
    let mut after: Option<(WorkspaceId, ContactId)> = None;
    loop {
        let statement = match after {
            None => sql(
                "SELECT workspace_id, id, tags, traits FROM contacts ORDER BY workspace_id, id LIMIT $1",
            )
            .bind(STEP),
            Some((workspace, id)) => sql("SELECT workspace_id, id, tags, traits FROM contacts
                 WHERE (workspace_id, id) > ($2, $3) ORDER BY workspace_id, id LIMIT $1")
            .bind(STEP)
            .bind(workspace)
            .bind(id),
        };
        let rows = statement.fetch_all(tx).await?;
        let mut fields = Vec::with_capacity(rows.len());
        for row in &rows {
            after = Some((row.id(0)?, row.id(1)?));
            let tags: BTreeSet<String> = serde_json::from_str(&row.text(2)?).unwrap_or_default();
            let traits: BTreeMap<String, Value> =
                serde_json::from_str(&row.text(3)?).unwrap_or_default();
            if !tags.is_empty() || !traits.is_empty() {
                fields.push(Fields {
                    workspace: row.id(0)?,
                    contact: row.id(1)?,
                    tags: tags.into_iter().collect(),
                    traits,
                });
            }
        }
        index(tx, &fields).await?;
        if i64::try_from(rows.len()).unwrap_or(0) < STEP {
            break;
        }
    }
    crate::consent::backfill(tx).await
}
