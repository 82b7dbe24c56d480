//! A chunk of an import: rows that were read and checked become contacts, their tags, traits,
//! consent and places on the list, in one transaction with the progress.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use serde_json::Value;
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, ImportId, ListId, Timestamp, WorkspaceId};

use super::changes::{self, Change};
use super::externals::Externals;
use super::problems::{self, Problem};
use super::rows::changed;
use crate::consent::{self, Rule, Word};
use crate::contacts::{self, Contact, Fresh};
use crate::{Batch, Db, Error, Executor, Priority, Result, Tx, sql, sql_rows};

/// A row that can be taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// Its number in the file.
    pub row_no: i64,
    /// The phone number.
    pub phone: Phone,
    /// The name, where the file has one.
    pub name: Option<String>,
    /// The name of the WhatsApp profile, where the file has one; for somebody new.
    pub profile_name: Option<String>,
    /// The e-mail address, where the file has one.
    pub email: Option<String>,
    /// The id that the shop's own programs gave it, where the file has one.
    pub external: Option<String>,
    /// What the file says that it said.
    pub consents: Vec<Said>,
    /// Tags to add.
    pub tags: Vec<String>,
    /// Traits to set.
    pub traits: BTreeMap<String, Value>,
    /// What goes with the place on the list.
    pub columns: BTreeMap<String, String>,
    /// The row as it stood in the file.
    pub record: Vec<String>,
}

/// What a column of a file says that somebody said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// About what.
    pub category: Category,
    /// Yes or no.
    pub state: ConsentState,
    /// When, where the file knows.
    pub at: Option<Timestamp>,
}

/// How it is written down where a yes or no came from, so that the way back knows it again.
pub(super) fn proof(import: ImportId) -> String {
    format!("a column of {import}")
}

/// How the people of a file agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consented {
    /// To what.
    pub category: Category,
    /// When.
    pub at: Timestamp,
    /// Where and with which words.
    pub text: String,
}

/// A stretch of a file.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// The byte at which it begins.
    pub from: i64,
    /// The byte at which the next begins.
    pub to: i64,
    /// How many rows it has.
    pub rows: i64,
    /// Those that can be taken.
    pub taken: Vec<Taken>,
    /// Those that cannot.
    pub problems: Vec<Problem>,
    /// How they agreed, when they did.
    pub consented: Option<Consented>,
    /// Who imports.
    pub actor: String,
    /// Whether contacts that are there already are changed.
    pub update: bool,
}

/// What the database knows of phone numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The contact.
    pub contact: ContactId,
    /// What it said about the category asked for.
    pub consent: ConsentState,
}

/// The contacts of phone numbers, in their order, for a rehearsal.
///
/// # Errors
/// What the database says.
pub async fn look(
    db: &Db,
    workspace: WorkspaceId,
    phones: &[Phone],
    category: Category,
) -> Result<Vec<Option<Known>>> {
    let rows = sql_rows(
        "SELECT r.ord, i.contact_id, c.state FROM {rows}
         JOIN contact_identities i ON i.workspace_id = {$1} AND i.kind = 'phone' AND i.scope = '' AND i.value = r.value
         LEFT JOIN consent c ON c.workspace_id = i.workspace_id AND c.contact_id = i.contact_id AND c.category = $2",
        Batch::new().texts("value", phones.iter().map(Phone::as_str)),
    )
    .bind(workspace)
    .bind(category.as_str())
    .fetch_all(&mut db.reader().await?)
    .await?;
    let mut known = vec![None; phones.len()];
    for row in &rows {
        if let Some(slot) = known.get_mut(usize::try_from(row.int(0)?).unwrap_or_default()) {
            *slot = Some(Known {
                contact: row.id(1)?,
                consent: row
                    .opt_text(2)?
                    .map_or(ConsentState::Unknown, |text| ConsentState::parse(&text)),
            });
        }
    }
    Ok(known)
}

#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    created: i64,
    updated: i64,
    duplicates: i64,
    refused: i64,
    granted: i64,
    kept_denied: i64,
}

/// Writes a chunk. Returns how long the transaction was at work, without its commit.
///
/// # Errors
/// [`Error::Stale`] when the import is not at the chunk's beginning: somebody else has written it,
/// or somebody made one of its people at the same moment; read the import and go on from there.
pub async fn apply(
    db: &Db,
    workspace: WorkspaceId,
    id: ImportId,
    mut chunk: Chunk,
) -> Result<Duration> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let started = tx.mint().clock().monotonic_us();
            let row = sql("UPDATE imports SET position = $4, rows_done = rows_done + $5
                           WHERE workspace_id = $1 AND id = $2 AND position = $3 AND state = 'running' RETURNING list_id")
                .bind(workspace)
                .bind(id)
                .bind(chunk.from)
                .bind(chunk.to)
                .bind(chunk.rows)
                .fetch_optional(tx)
                .await?
                .ok_or(Error::Stale)?;
            let list: ListId = row.id(0)?;
            let mut failed = std::mem::take(&mut chunk.problems);
            let refused = i64::try_from(failed.len()).unwrap_or(i64::MAX);
            let (counts, doubled) = people(tx, workspace, id, list, chunk).await?;
            failed.extend(doubled);
            failed.sort_by_key(|problem| problem.row_no);
            problems::insert(tx, workspace, id, &failed).await?;
            sql("UPDATE imports SET created = created + $3, updated = updated + $4, duplicates = duplicates + $5,
                    failed = failed + $6, granted = granted + $7, kept_denied = kept_denied + $8
                 WHERE workspace_id = $1 AND id = $2")
                .bind(workspace)
                .bind(id)
                .bind(counts.created)
                .bind(counts.updated)
                .bind(counts.duplicates)
                .bind(refused + counts.refused)
                .bind(counts.granted)
                .bind(counts.kept_denied)
                .execute(tx)
                .await?;
            changed(tx, workspace, id);
            let took = tx.mint().clock().monotonic_us() - started;
            Ok(Duration::from_micros(u64::try_from(took).unwrap_or(0)))
        })
    })
    .await
}

async fn people(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: ImportId,
    list: ListId,
    chunk: Chunk,
) -> Result<(Counts, Vec<Problem>)> {
    let Chunk {
        taken,
        consented,
        actor,
        update,
        ..
    } = chunk;
    let mut counts = Counts::default();
    if taken.is_empty() {
        return Ok((counts, Vec::new()));
    }
    let known = holders(tx, workspace, &taken).await?;
    let mut keys = Externals::read(tx, workspace, &taken, &known).await?;
    let earlier = members(tx, workspace, list, known.values().copied()).await?;
    let mut seen: HashSet<String> = HashSet::new();
    // Two numbers may be one person's.
    let mut met: HashSet<ContactId> = HashSet::new();
    let mut doubled = Vec::new();
    let mut fresh: Vec<(ContactId, Taken)> = Vec::new();
    let mut old: Vec<(ContactId, Taken)> = Vec::new();
    for row in taken {
        let holder = known.get(row.phone.as_str()).copied();
        if !seen.insert(row.phone.as_str().to_owned())
            || holder.is_some_and(|holder| earlier.contains(&holder) || !met.insert(holder))
        {
            counts.duplicates += 1;
            doubled.push(Problem {
                row_no: row.row_no,
                field: "phone".to_owned(),
                code: "duplicate".to_owned(),
                message: "an earlier row of the file names the same person; that one was taken"
                    .to_owned(),
                record: row.record,
            });
            continue;
        }
        let contact = holder.unwrap_or_else(|| tx.mint().id());
        if let Err(problem) = keys.take(contact, &row) {
            doubled.push(problem);
            counts.refused += 1;
            continue;
        }
        match holder {
            Some(contact) => old.push((contact, row)),
            None => fresh.push((contact, row)),
        }
    }
    counts.created = i64::try_from(fresh.len()).unwrap_or(i64::MAX);
    create(tx, workspace, &fresh).await?;
    let mut kept: BTreeMap<ContactId, (Change, bool)> = BTreeMap::new();
    if update {
        kept = merge(tx, workspace, &old).await?;
    }
    let named: HashSet<ContactId> = fresh.iter().map(|(contact, _)| *contact).collect();
    for (contact, external) in keys.write(tx, workspace, &named, update).await? {
        kept.entry(contact).or_default().0.external = Some(external);
    }
    if update {
        counts.updated = i64::try_from(kept.len()).unwrap_or(i64::MAX);
    }
    let made = fresh.len();
    let everybody: Vec<(ContactId, &Taken)> = fresh
        .iter()
        .chain(&old)
        .map(|(contact, row)| (*contact, row))
        .collect();
    enlist(tx, workspace, list, &everybody, made).await?;
    let now = tx.mint().now();
    let words: Vec<Word> = everybody
        .iter()
        .flat_map(|(contact, row)| row.consents.iter().map(|said| (*contact, *said)))
        .map(|(contact, said)| Word {
            workspace,
            contact,
            category: said.category,
            state: said.state,
            source: "import".to_owned(),
            actor: actor.clone(),
            text: Some(proof(import)),
            // Nobody has agreed in the future.
            at: said.at.map_or(now, |at| at.min(now)),
        })
        .collect();
    for (outcome, word) in consent::put(tx, Rule::Imported, &words)
        .await?
        .iter()
        .zip(&words)
    {
        if word.state == ConsentState::Granted {
            counts.granted += i64::from(outcome.applied);
            counts.kept_denied += i64::from(outcome.before == ConsentState::Denied);
        }
    }
    if let Some(consented) = &consented {
        let words: Vec<Word> = everybody
            .iter()
            .map(|(contact, _)| Word {
                workspace,
                contact: *contact,
                category: consented.category,
                state: ConsentState::Granted,
                source: "import".to_owned(),
                actor: actor.clone(),
                text: Some(consented.text.clone()),
                at: consented.at,
            })
            .collect();
        let outcomes = consent::put(tx, Rule::Imported, &words).await?;
        for (at, (outcome, word)) in outcomes.iter().zip(&words).enumerate() {
            counts.granted += i64::from(outcome.applied);
            counts.kept_denied += i64::from(outcome.before == ConsentState::Denied);
            if outcome.applied && at >= made {
                kept.entry(word.contact).or_default().1 = true;
            }
        }
    }
    changes::insert(tx, workspace, import, &kept).await?;
    Ok((counts, doubled))
}

/// Who has the phone numbers; a merged contact stands for the one that it became.
async fn holders(
    tx: &mut Tx,
    workspace: WorkspaceId,
    taken: &[Taken],
) -> Result<HashMap<String, ContactId>> {
    let rows = sql_rows(
        "SELECT i.value, COALESCE(p.merged_into, p.id) FROM {rows}
         JOIN contact_identities i ON i.workspace_id = {$1} AND i.kind = 'phone' AND i.scope = '' AND i.value = r.value
         JOIN contacts p ON p.workspace_id = i.workspace_id AND p.id = i.contact_id",
        Batch::new().texts("value", taken.iter().map(|row| row.phone.as_str())),
    )
    .bind(workspace)
    .fetch_all(tx)
    .await?;
    rows.iter()
        .map(|row| Ok((row.text(0)?, row.id(1)?)))
        .collect()
}

async fn members(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    list: ListId,
    contacts: impl Iterator<Item = ContactId>,
) -> Result<HashSet<ContactId>> {
    let rows = sql_rows(
        "SELECT m.contact_id FROM {rows}
         JOIN audience_list_members m ON m.workspace_id = {$1} AND m.list_id = $2 AND m.contact_id = r.id",
        Batch::new().ids("id", contacts),
    )
    .bind(workspace)
    .bind(list)
    .fetch_all(on)
    .await?;
    rows.iter().map(|row| row.id(0)).collect()
}

async fn create(tx: &mut Tx, workspace: WorkspaceId, fresh: &[(ContactId, Taken)]) -> Result<()> {
    if fresh.is_empty() {
        return Ok(());
    }
    let people: Vec<Fresh> = fresh
        .iter()
        .map(|(id, row)| Fresh {
            workspace,
            id: *id,
            name: row.name.clone(),
            profile_name: row.profile_name.clone(),
            phone: Some(row.phone.as_str().to_owned()),
            wa_id: None,
            user_id: None,
            username: None,
            email: row.email.clone(),
            country: row.phone.country(),
            tags: contacts::sorted(row.tags.clone()),
            traits: row.traits.clone(),
            seen_at: None,
        })
        .collect();
    contacts::insert(tx, &people, "import").await?;
    let now = tx.mint().now();
    let rows = Batch::new()
        .texts("value", fresh.iter().map(|(_, row)| row.phone.as_str()))
        .ids("contact_id", fresh.iter().map(|(id, _)| *id));
    let named = sql_rows(
        "INSERT INTO contact_identities (workspace_id, kind, scope, value, contact_id, created_at)
         SELECT $1, 'phone', '', r.value, r.contact_id, $2 FROM {rows} WHERE true ON CONFLICT DO NOTHING",
        rows,
    )
    .bind(workspace)
    .bind(now)
    .execute(tx)
    .await?;
    if named == u64::try_from(fresh.len()).unwrap_or(u64::MAX) {
        Ok(())
    } else {
        // Somebody wrote meanwhile: the chunk is tried again and finds them.
        Err(Error::Stale)
    }
}

/// Adds what the file says to contacts that are there. Returns what that changed of whom.
async fn merge(
    tx: &mut Tx,
    workspace: WorkspaceId,
    old: &[(ContactId, Taken)],
) -> Result<BTreeMap<ContactId, (Change, bool)>> {
    let mut changes = BTreeMap::new();
    if old.is_empty() {
        return Ok(changes);
    }
    let before = contacts::of(tx, workspace, old.iter().map(|(id, _)| *id)).await?;
    let mut after: Vec<Contact> = Vec::new();
    for (id, row) in old {
        let Some(contact) = before.get(id) else {
            continue;
        };
        let mut wanted = contact.clone();
        if row.name.is_some() {
            wanted.name.clone_from(&row.name);
        }
        if row.email.is_some() {
            wanted.email.clone_from(&row.email);
        }
        wanted.tags.extend(row.tags.iter().cloned());
        wanted.tags = contacts::sorted(wanted.tags);
        wanted.traits.extend(row.traits.clone());
        if wanted != *contact {
            changes.insert(*id, (Change::between(contact, &wanted), false));
            after.push(wanted);
        }
    }
    contacts::replace(tx, workspace, &after).await?;
    Ok(changes)
}

/// Puts people on the list; the first `made` of them are new.
async fn enlist(
    tx: &mut Tx,
    workspace: WorkspaceId,
    list: ListId,
    people: &[(ContactId, &Taken)],
    made: usize,
) -> Result<()> {
    let rows = Batch::new()
        .ids("contact_id", people.iter().map(|(id, _)| *id))
        .texts(
            "columns",
            people
                .iter()
                .map(|(_, row)| serde_json::json!(row.columns).to_string()),
        )
        .ints("row_no", people.iter().map(|(_, row)| row.row_no))
        .ints("made", (0..people.len()).map(|at| i64::from(at < made)));
    let added = sql_rows(
        "INSERT INTO audience_list_members (workspace_id, list_id, contact_id, columns, row_no, made)
         SELECT $1, $2, r.contact_id, r.columns, r.row_no, r.made FROM {rows} WHERE true ON CONFLICT DO NOTHING",
        rows,
    )
    .bind(workspace)
    .bind(list)
    .execute(tx)
    .await?;
    sql("UPDATE audience_lists SET members = members + $3 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(list)
        .bind(i64::try_from(added).unwrap_or(0))
        .execute(tx)
        .await?;
    Ok(())
}
