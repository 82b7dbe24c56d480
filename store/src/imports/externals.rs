//! The ids that a shop's own programs gave people, as a file states them; and traits whose kind a file states.

use std::collections::{BTreeMap, HashMap, HashSet};

use wigwag_model::audience::TraitKind;
use wigwag_model::{ContactId, WorkspaceId};

use super::chunk::Taken;
use super::problems::Problem;
use crate::{Batch, Db, Error, Priority, Result, Tx, sql_rows};

/// Whose the ids of a chunk are, and who has one already.
pub(super) struct Externals {
    holders: HashMap<String, ContactId>,
    of: HashMap<ContactId, String>,
    fresh: BTreeMap<ContactId, String>,
}

impl Externals {
    /// Reads what the database knows of the ids and the people of a chunk.
    pub(super) async fn read(
        tx: &mut Tx,
        workspace: WorkspaceId,
        taken: &[Taken],
        known: &HashMap<String, ContactId>,
    ) -> Result<Self> {
        let mut found = Self {
            holders: HashMap::new(),
            of: HashMap::new(),
            fresh: BTreeMap::new(),
        };
        let stated: Vec<&str> = taken
            .iter()
            .filter_map(|row| row.external.as_deref())
            .collect();
        if stated.is_empty() {
            return Ok(found);
        }
        let rows = sql_rows(
            "SELECT i.value, COALESCE(p.merged_into, p.id) FROM {rows}
             JOIN contact_identities i ON i.workspace_id = {$1} AND i.kind = 'external' AND i.scope = '' AND i.value = r.value
             JOIN contacts p ON p.workspace_id = i.workspace_id AND p.id = i.contact_id",
            Batch::new().texts("value", stated),
        )
        .bind(workspace)
        .fetch_all(tx)
        .await?;
        for row in &rows {
            found.holders.insert(row.text(0)?, row.id(1)?);
        }
        let people: HashSet<ContactId> = known.values().copied().collect();
        let rows = sql_rows(
            "SELECT i.contact_id, i.value FROM {rows}
             JOIN contact_identities i ON i.workspace_id = {$1} AND i.contact_id = r.id AND i.kind = 'external' AND i.scope = ''",
            Batch::new().ids("id", people),
        )
        .bind(workspace)
        .fetch_all(tx)
        .await?;
        for row in &rows {
            found.of.insert(row.id(0)?, row.text(1)?);
        }
        Ok(found)
    }

    /// Takes the id of a row, or says why it cannot be that person's.
    pub(super) fn take(
        &mut self,
        contact: ContactId,
        row: &Taken,
    ) -> std::result::Result<(), Problem> {
        let Some(external) = &row.external else {
            return Ok(());
        };
        let problem = |message: &str| Problem {
            row_no: row.row_no,
            field: "external_id".to_owned(),
            code: "external_id".to_owned(),
            message: message.to_owned(),
            record: row.record.clone(),
        };
        match self.holders.get(external) {
            Some(holder) if *holder == contact => return Ok(()),
            Some(_) => {
                return Err(problem(
                    "somebody else has this id: look which of the two is right",
                ));
            }
            None => {}
        }
        if self.of.contains_key(&contact) {
            return Err(problem(
                "the person with this number has another id, and keeps it",
            ));
        }
        self.holders.insert(external.clone(), contact);
        self.of.insert(contact, external.clone());
        self.fresh.insert(contact, external.clone());
        Ok(())
    }

    /// Writes the ids of those in `made`, and of the others where the file may change them. Returns what was
    /// given to people who were there.
    pub(super) async fn write(
        &self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        made: &HashSet<ContactId>,
        update: bool,
    ) -> Result<Vec<(ContactId, String)>> {
        let wanted: Vec<(ContactId, &String)> = self
            .fresh
            .iter()
            .filter(|(contact, _)| update || made.contains(contact))
            .map(|(contact, external)| (*contact, external))
            .collect();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let now = tx.mint().now();
        let rows = Batch::new()
            .ids("contact_id", wanted.iter().map(|one| one.0))
            .texts("value", wanted.iter().map(|one| one.1.as_str()));
        let named = sql_rows(
            "INSERT INTO contact_identities (workspace_id, kind, scope, value, contact_id, created_at)
             SELECT $1, 'external', '', r.value, r.contact_id, $2 FROM {rows} WHERE true ON CONFLICT DO NOTHING",
            rows,
        )
        .bind(workspace)
        .bind(now)
        .execute(tx)
        .await?;
        if named != u64::try_from(wanted.len()).unwrap_or(u64::MAX) {
            // A program was quicker: the chunk is tried again and finds it.
            return Err(Error::Stale);
        }
        Ok(wanted
            .into_iter()
            .filter(|(contact, _)| !made.contains(contact))
            .map(|(contact, external)| (contact, external.clone()))
            .collect())
    }
}

/// Takes ids away from people to whom an import gave them, where they still have them.
pub(super) async fn take_away(
    tx: &mut Tx,
    workspace: WorkspaceId,
    given: &[(ContactId, String)],
) -> Result<()> {
    if given.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ids("workspace_id", given.iter().map(|_| workspace))
        .texts("value", given.iter().map(|one| one.1.as_str()))
        .ids("contact_id", given.iter().map(|one| one.0));
    sql_rows(
        "DELETE FROM contact_identities WHERE (workspace_id, kind, scope, value, contact_id) IN
         (SELECT r.workspace_id, 'external', '', r.value, r.contact_id FROM {rows})",
        rows,
    )
    .execute(tx)
    .await
    .map(drop)
}

/// Defines traits with the kinds that a file states; those that are known stay as they are.
///
/// # Errors
/// What the database says.
pub async fn define_traits(
    db: &Db,
    workspace: WorkspaceId,
    traits: Vec<(String, TraitKind)>,
) -> Result<()> {
    if traits.is_empty() {
        return Ok(());
    }
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let rows = Batch::new()
                .texts("key", traits.iter().map(|one| one.0.as_str()))
                .texts("kind", traits.iter().map(|one| one.1.as_str()));
            sql_rows(
                "INSERT INTO traits (workspace_id, key, kind, label, created_at)
                 SELECT $1, r.key, r.kind, r.key, $2 FROM {rows} WHERE true ON CONFLICT DO NOTHING",
                rows,
            )
            .bind(workspace)
            .bind(now)
            .execute(tx)
            .await
            .map(drop)
        })
    })
    .await
}
