//! The people of an import as they stand when it is taken back, and how one of them goes.

use std::collections::{HashMap, HashSet};

use wigwag_model::{ContactId, ImportId, ListId, WorkspaceId};

use super::changes::Change;
use super::chunk::Consented;
use crate::contacts::{self, Contact, changed};
use crate::ingest::locking;
use crate::{Batch, Error, Result, Row, Tx, sql_rows, sql_rows_owned};

/// How an import came by one of its people.
#[derive(Debug)]
pub(super) enum Origin {
    /// It made the contact.
    Made,
    /// The contact was there: what it changed, and whether it wrote down a yes.
    There(Option<Change>, bool),
}

/// What somebody says now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// Yes, as the import wrote it down.
    AsImported,
    /// No, in whatever category.
    No,
    /// Nothing, or yes by another word.
    Else,
}

/// One of the people.
#[derive(Debug)]
pub(super) struct Person {
    /// Who.
    pub(super) id: ContactId,
    /// As it stands.
    pub(super) contact: Contact,
    /// How the import came by it.
    pub(super) origin: Origin,
    /// What else touched it, as the reason to leave one alone that the import made.
    pub(super) touched: Option<&'static str>,
    /// Whether a campaign counts it.
    pub(super) in_campaign: bool,
    /// What it says now.
    pub(super) says: Says,
}

impl Person {
    /// Whether the contact goes.
    pub(super) fn goes(&self) -> bool {
        matches!(self.origin, Origin::Made) && self.touched.is_none()
    }

    /// Whether the import's own yes stands.
    pub(super) fn agrees(&self) -> bool {
        let given = matches!(self.origin, Origin::Made | Origin::There(_, true));
        given && self.says == Says::AsImported
    }

    /// The id that the import gave somebody who was there.
    pub(super) fn given(&self) -> Option<(ContactId, String)> {
        match &self.origin {
            Origin::There(Some(change), _) => Some((self.id, change.external.clone()?)),
            _ => None,
        }
    }

    /// The contact as it was, where something of it is still as the import set it.
    pub(super) fn restored(&self) -> Option<Contact> {
        match &self.origin {
            Origin::There(Some(change), _) => {
                Some(change.taken_back(&self.contact)).filter(|back| *back != self.contact)
            }
            _ => None,
        }
    }
}

/// Reads people and, on PostgreSQL, holds them: whoever refers to one of them waits until it is
/// decided.
pub(super) async fn look_at(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: ImportId,
    list: ListId,
    page: &[(ContactId, bool)],
    consented: Option<&Consented>,
) -> Result<Vec<Person>> {
    if page.is_empty() {
        return Ok(Vec::new());
    }
    let batch = || Batch::new().ids("id", page.iter().map(|person| person.0));
    let made: HashSet<ContactId> = page
        .iter()
        .filter(|person| person.1)
        .map(|person| person.0)
        .collect();
    let hold = locking(
        "SELECT p.id FROM {rows} JOIN contacts p ON p.workspace_id = {$1} AND p.id = r.id",
        tx.dialect(),
        "p.id",
        "p",
    );
    sql_rows_owned(hold, batch())
        .bind(workspace)
        .fetch_all(tx)
        .await?;
    // Only now: a statement sees what was committed before it began.
    let found = contacts::of(tx, workspace, page.iter().map(|person| person.0)).await?;
    let changes = changes(tx, workspace, import, batch()).await?;
    let category = consented.map_or("", |consented| consented.category.as_str());
    let rows = sql_rows(
        "SELECT r.id, p.merged_into, p.blocked_at, c.state, c.source, c.text, c.at,
            CASE WHEN EXISTS (SELECT 1 FROM campaign_recipients t WHERE t.workspace_id = p.workspace_id AND t.contact_id = p.id)
              OR EXISTS (SELECT 1 FROM campaign_runs t WHERE t.workspace_id = p.workspace_id AND t.contact_id = p.id
                AND (t.state <> 'dropped' OR t.entry IS NOT NULL)) THEN 1 ELSE 0 END,
            CASE WHEN EXISTS (SELECT 1 FROM conversations t WHERE t.workspace_id = p.workspace_id AND t.contact_id = p.id) THEN 1 ELSE 0 END,
            CASE WHEN EXISTS (SELECT 1 FROM events t WHERE t.workspace_id = p.workspace_id AND t.contact_id = p.id) THEN 1 ELSE 0 END,
            CASE WHEN EXISTS (SELECT 1 FROM audience_list_members t WHERE t.workspace_id = p.workspace_id AND t.contact_id = p.id AND t.list_id <> $3) THEN 1 ELSE 0 END,
            CASE WHEN EXISTS (SELECT 1 FROM links t WHERE t.workspace_id = p.workspace_id AND t.contact_id = p.id) THEN 1 ELSE 0 END,
            CASE WHEN EXISTS (SELECT 1 FROM contacts t WHERE t.workspace_id = p.workspace_id AND t.merged_into = p.id) THEN 1 ELSE 0 END,
            (SELECT COUNT(*) FROM consent_log t WHERE t.workspace_id = p.workspace_id AND t.contact_id = p.id AND t.source <> 'import'),
            CASE WHEN EXISTS (SELECT 1 FROM consent t WHERE t.workspace_id = p.workspace_id AND t.contact_id = p.id AND t.state = 'denied') THEN 1 ELSE 0 END
         FROM {rows} JOIN contacts p ON p.workspace_id = {$1} AND p.id = r.id
         LEFT JOIN consent c ON c.workspace_id = p.workspace_id AND c.contact_id = p.id AND c.category = $2",
        batch(),
    )
    .bind(workspace)
    .bind(category)
    .bind(list)
    .fetch_all(tx)
    .await?;
    let mut people = Vec::with_capacity(rows.len());
    for row in &rows {
        let id: ContactId = row.id(0)?;
        let Some(contact) = found.get(&id) else {
            continue;
        };
        let origin = if made.contains(&id) {
            Origin::Made
        } else {
            match changes.get(&id) {
                Some((change, granted)) => Origin::There(Some(change.clone()), *granted),
                None => Origin::There(None, false),
            }
        };
        let says = match consented {
            Some(consented) if stands(row, consented)? => Says::AsImported,
            _ if row.bool(14)? => Says::No,
            _ => Says::Else,
        };
        people.push(Person {
            id,
            origin,
            touched: touched(row, contact)?,
            in_campaign: row.bool(7)?,
            says,
            contact: contact.clone(),
        });
    }
    Ok(people)
}

/// What else touched a contact, the weightiest reason first.
fn touched(row: &Row, contact: &Contact) -> Result<Option<&'static str>> {
    let linked = row.bool(11)?;
    let merged = row.opt_id::<ContactId>(1)?.is_some() || row.bool(12)?;
    let changed = contact.version > 1 || row.opt_int(2)?.is_some() || row.int(13)? > 0;
    let reasons = [
        ("opted_out", row.bool(14)?),
        ("campaign", row.bool(7)? || linked),
        (
            "conversation",
            row.bool(8)? || contact.last_seen_at.is_some(),
        ),
        ("event", row.bool(9)?),
        ("listed", row.bool(10)?),
        ("merged", merged),
        ("changed", changed),
    ];
    let found = reasons.into_iter().find(|(_, holds)| *holds);
    Ok(found.map(|(why, _)| why))
}

/// Whether the yes of the import stands as it was given.
fn stands(row: &Row, consented: &Consented) -> Result<bool> {
    Ok(row.opt_text(3)?.as_deref() == Some("granted")
        && row.opt_text(4)?.as_deref() == Some("import")
        && row.opt_text(5)?.as_deref() == Some(consented.text.as_str())
        && row.opt_time(6)? == Some(consented.at))
}

async fn changes(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: ImportId,
    batch: Batch,
) -> Result<HashMap<ContactId, (Change, bool)>> {
    let rows = sql_rows(
        "SELECT c.contact_id, c.change, c.granted FROM {rows}
         JOIN import_changes c ON c.workspace_id = {$1} AND c.import_id = $2 AND c.contact_id = r.id",
        batch,
    )
    .bind(workspace)
    .bind(import)
    .fetch_all(tx)
    .await?;
    rows.iter()
        .map(|row| {
            let change = serde_json::from_str(&row.text(1)?).map_err(|_| Error::Inconsistent {
                table: "import_changes",
                column: "change",
            })?;
            Ok((row.id(0)?, (change, row.bool(2)?)))
        })
        .collect()
}

/// Removes contacts with everything by which they are found and what they agreed to.
pub(super) async fn delete(
    tx: &mut Tx,
    workspace: WorkspaceId,
    list: ListId,
    ids: &[ContactId],
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let rows = || {
        Batch::new()
            .ids("workspace_id", ids.iter().map(|_| workspace))
            .ids("id", ids.iter().copied())
    };
    for text in [
        "DELETE FROM contact_identities WHERE (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        "DELETE FROM contact_terms WHERE (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        "DELETE FROM contact_tags WHERE (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        "DELETE FROM contact_traits WHERE (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        "DELETE FROM consent WHERE (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        "DELETE FROM consent_log WHERE (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        // Whoever stands on a block list of Meta's and is not blocked here yet.
        "DELETE FROM blocks WHERE (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        // Only those that ended before they began: whoever was let in stays.
        "DELETE FROM campaign_runs WHERE (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})
           AND state = 'dropped' AND entry IS NULL",
    ] {
        sql_rows(text, rows()).execute(tx).await?;
    }
    let on_list = rows().ids("list_id", ids.iter().map(|_| list));
    sql_rows(
        "DELETE FROM audience_list_members WHERE (workspace_id, list_id, contact_id) IN
         (SELECT r.workspace_id, r.list_id, r.id FROM {rows})",
        on_list,
    )
    .execute(tx)
    .await?;
    let gone = sql_rows(
        "DELETE FROM contacts WHERE version = 1 AND (workspace_id, id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        rows(),
    )
    .execute(tx)
    .await?;
    if gone != u64::try_from(ids.len()).unwrap_or(u64::MAX) {
        // Somebody changed one meanwhile: the stretch is done again and leaves it alone.
        return Err(Error::Stale);
    }
    for id in ids {
        changed(tx, workspace, *id);
    }
    Ok(())
}
