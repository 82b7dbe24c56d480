//! A list as Meta holds it, put beside ours.
//!
//! What was changed here since the list began to be read is left alone: the list may be older than that. Rows of
//! people who were let in stay until the next comparison for this reason.

use std::collections::{HashMap, HashSet};

use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, NumberId, Timestamp, WorkspaceId};

use super::List;
use crate::{Batch, Db, Executor, Priority, Result, Tx, contacts, sql, sql_rows};

/// Rows of one transaction: it holds the writer for some 20 ms.
const ROWS: usize = 400;

/// Somebody on a list of Meta's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// WhatsApp's id.
    pub wa_id: Option<String>,
    /// The business-scoped user id.
    pub user_id: Option<String>,
}

impl Entry {
    fn addresses(&self) -> impl Iterator<Item = &str> {
        self.wa_id
            .as_deref()
            .into_iter()
            .chain(self.user_id.as_deref())
    }
}

/// How the lists differed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// People who are known and on Meta's list, and whom nobody has blocked here.
    pub only_there: Vec<ContactId>,
    /// How many had vanished from Meta's list: it is asked again to block them.
    pub again: usize,
}

/// A row of ours.
struct Row {
    contact: ContactId,
    wanted: bool,
    listed: bool,
    settled: bool,
}

/// What the comparison changes.
#[derive(Default)]
struct Changes {
    /// On Meta's list, which was not known.
    there: Vec<(String, ContactId, bool)>,
    /// Not on it any more.
    vanished: Vec<String>,
    /// Neither there nor wanted.
    over: Vec<String>,
}

/// Compares a list that began to be read at `read_from` with ours. Whoever is on Meta's and is not known here
/// is left alone.
///
/// # Errors
/// What the database says.
pub async fn compare(
    db: &Db,
    list: &List,
    entries: &[Entry],
    read_from: Timestamp,
) -> Result<Compared> {
    let (workspace, number) = (list.workspace, list.number);
    let mut on = db.reader().await?;
    let ours = ours(&mut on, workspace, number, read_from).await?;
    let theirs: HashSet<&str> = entries.iter().flat_map(Entry::addresses).collect();
    let mut changes = Changes::default();
    for (address, row) in ours.iter().filter(|(_, row)| row.settled) {
        match (theirs.contains(address.as_str()), row.wanted, row.listed) {
            (true, wanted, false) => changes.there.push((address.clone(), row.contact, wanted)),
            (false, true, true) => changes.vanished.push(address.clone()),
            (false, false, _) => changes.over.push(address.clone()),
            _ => {}
        }
    }
    let strange: Vec<&Entry> = entries
        .iter()
        .filter(|entry| !entry.addresses().any(|address| ours.contains_key(address)))
        .collect();
    let mut known = Vec::new();
    for strange in strange.chunks(ROWS) {
        known.extend(recognise(&mut on, workspace, number, strange).await?);
    }
    drop(on);
    let again = changes.vanished.len();
    write(db, workspace, number, read_from, changes).await?;
    for known in known.chunks(ROWS) {
        note(db, workspace, number, read_from, known.to_vec()).await?;
    }
    Ok(Compared {
        only_there: only_there(db, workspace, number).await?,
        again,
    })
}

/// Our rows by address; those that were changed since, or are being asked about, are not settled.
async fn ours(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    number: NumberId,
    read_from: Timestamp,
) -> Result<HashMap<String, Row>> {
    let rows = sql(
        "SELECT address, contact_id, wanted, listed, unsure, updated_at FROM blocks
                    WHERE workspace_id = $1 AND number_id = $2",
    )
    .bind(workspace)
    .bind(number)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| {
            let read = Row {
                contact: row.id(1)?,
                wanted: row.bool(2)?,
                listed: row.bool(3)?,
                settled: !row.bool(4)? && row.time(5)? < read_from,
            };
            Ok((row.text(0)?, read))
        })
        .collect()
}

/// Whom of a list's entries is known here: by WhatsApp id, else by phone number, else by user id.
async fn recognise(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    number: NumberId,
    entries: &[&Entry],
) -> Result<Vec<(String, ContactId)>> {
    let scope = sql("SELECT f.portfolio_id FROM numbers n
                     JOIN wabas w ON w.workspace_id = n.workspace_id AND w.id = n.waba
                     LEFT JOIN portfolios f ON f.workspace_id = w.workspace_id AND f.id = w.portfolio
                     WHERE n.workspace_id = $1 AND n.id = $2")
    .bind(workspace)
    .bind(number)
    .fetch_one(on)
    .await?
    .opt_text(0)?
    .unwrap_or_default();
    let mut keys: Vec<(usize, &str, &str, String)> = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        if let Some(wa_id) = &entry.wa_id {
            keys.push((at, "wa_id", "", wa_id.clone()));
            let phone = Phone::from_wa_id(wa_id);
            keys.extend(phone.map(|phone| (at, "phone", "", phone.as_str().to_owned())));
        }
        if let Some(user_id) = &entry.user_id {
            keys.push((at, "user_id", scope.as_str(), user_id.clone()));
        }
    }
    let batch = Batch::new()
        .texts("kind", keys.iter().map(|key| key.1))
        .texts("scope", keys.iter().map(|key| key.2))
        .texts("value", keys.iter().map(|key| key.3.as_str()));
    let rows = sql_rows(
        "SELECT r.ord, i.contact_id FROM {rows} JOIN contact_identities i
           ON i.workspace_id = {$1} AND i.kind = r.kind AND i.scope = r.scope AND i.value = r.value",
        batch,
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    let holders = rows
        .iter()
        .map(|row| {
            Ok((
                usize::try_from(row.int(0)?).unwrap_or(usize::MAX),
                row.id(1)?,
            ))
        })
        .collect::<Result<HashMap<usize, ContactId>>>()?;
    let mut known: HashMap<usize, ContactId> = HashMap::new();
    for (place, key) in keys.iter().enumerate() {
        if let Some(contact) = holders.get(&place) {
            known.entry(key.0).or_insert(*contact);
        }
    }
    let address = |at: usize| entries.get(at).and_then(|entry| entry.addresses().next());
    Ok(known
        .into_iter()
        .filter_map(|(at, contact)| Some((address(at)?.to_owned(), contact)))
        .collect())
}

async fn write(
    db: &Db,
    workspace: WorkspaceId,
    number: NumberId,
    read_from: Timestamp,
    changes: Changes,
) -> Result<()> {
    for there in changes.there.chunks(ROWS) {
        let there = there.to_vec();
        db.write(Priority::Background, move |tx| {
            Box::pin(async move {
                let addresses = there.iter().map(|one| one.0.clone()).collect();
                let text = "UPDATE blocks SET listed = 1, due_at = NULL, heard_at = NULL, code = NULL, tries = 0, updated_at = $3
                     FROM {rows} WHERE blocks.workspace_id = {$1} AND blocks.number_id = $2 AND blocks.address = r.address
                       AND blocks.unsure = 0 AND blocks.updated_at < $3";
                change(tx, workspace, number, read_from, addresses, text).await?;
                for (_, contact, wanted) in &there {
                    if *wanted {
                        contacts::changed(tx, workspace, *contact);
                    }
                }
                Ok(())
            })
        })
        .await?;
    }
    for (addresses, text) in [
        (
            changes.vanished,
            "UPDATE blocks SET listed = 0, due_at = $3, tries = 0, updated_at = $3
             FROM {rows} WHERE blocks.workspace_id = {$1} AND blocks.number_id = $2 AND blocks.address = r.address
               AND blocks.unsure = 0 AND blocks.updated_at < $3",
        ),
        (
            changes.over,
            "DELETE FROM blocks WHERE (workspace_id, number_id, address) IN (SELECT $1, $2, r.address FROM {rows})
               AND unsure = 0 AND updated_at < $3",
        ),
    ] {
        for addresses in addresses.chunks(ROWS) {
            let addresses = addresses.to_vec();
            db.write(Priority::Background, move |tx| {
                Box::pin(async move {
                    change(tx, workspace, number, read_from, addresses, text).await
                })
            })
            .await?;
        }
    }
    Ok(())
}

/// A statement over addresses of a list, with the workspace, the number, and since when nothing may have
/// changed: that is also when it is true what the statement writes.
async fn change(
    tx: &mut Tx,
    workspace: WorkspaceId,
    number: NumberId,
    read_from: Timestamp,
    addresses: Vec<String>,
    text: &'static str,
) -> Result<()> {
    tx.wake_blocks();
    sql_rows(text, Batch::new().texts("address", addresses))
        .bind(workspace)
        .bind(number)
        .bind(read_from)
        .execute(tx)
        .await
        .map(drop)
}

/// Writes down who is on Meta's list and known here.
async fn note(
    db: &Db,
    workspace: WorkspaceId,
    number: NumberId,
    read_from: Timestamp,
    known: Vec<(String, ContactId)>,
) -> Result<()> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let batch = Batch::new()
                .texts("address", known.iter().map(|one| one.0.as_str()))
                .ids("contact_id", known.iter().map(|one| one.1));
            // Whoever was changed since the list began to be read may have been let in since.
            sql_rows(
                "INSERT INTO blocks (workspace_id, number_id, address, contact_id, wanted, listed, unsure, tries, updated_at)
                 SELECT p.workspace_id, $2, r.address, p.id, CASE WHEN p.blocked_at IS NULL THEN 0 ELSE 1 END, 1, 0, 0, $4
                 FROM {rows} JOIN contacts p ON p.workspace_id = {$1} AND p.id = r.contact_id AND p.merged_into IS NULL
                 WHERE p.blocked_at IS NOT NULL OR p.updated_at < $3
                 ON CONFLICT DO NOTHING",
                batch,
            )
            .bind(workspace)
            .bind(number)
            .bind(read_from)
            .bind(now)
            .execute(tx)
            .await?;
            for (_, contact) in &known {
                contacts::changed(tx, workspace, *contact);
            }
            Ok(())
        })
    })
    .await
}

/// Those who stand on the list, are not blocked here, and whom nobody is letting in.
async fn only_there(db: &Db, workspace: WorkspaceId, number: NumberId) -> Result<Vec<ContactId>> {
    let rows = sql("SELECT DISTINCT b.contact_id FROM blocks b
                    JOIN contacts p ON p.workspace_id = b.workspace_id AND p.id = b.contact_id
                    WHERE b.workspace_id = $1 AND b.number_id = $2 AND b.wanted = 0 AND b.listed = 1 AND b.unsure = 0
                      AND b.due_at IS NULL AND b.code IS NULL AND p.blocked_at IS NULL AND p.merged_into IS NULL")
    .bind(workspace)
    .bind(number)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter().map(|row| row.id(0)).collect()
}
