//! What erased people had said no to, kept under a keyed digest of their phone number or user id: whoever
//! adds the number again, from whichever file, gets somebody who has said no.

use std::collections::BTreeMap;

use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::id::Id as _;
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, Timestamp, WorkspaceId};

use crate::contacts::Fresh;
use crate::{Batch, Result, Tx, consent, sql, sql_rows};

/// Keeps every no of contacts that are about to be erased.
pub(super) async fn keep(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<()> {
    let denied = sql_rows(
        "SELECT c.contact_id, c.category, c.source, c.at FROM {rows}
         JOIN consent c ON c.workspace_id = {$1} AND c.contact_id = r.id AND c.state = 'denied'",
        Batch::new().ids("id", ids.iter().copied()),
    )
    .bind(workspace)
    .fetch_all(tx)
    .await?;
    if denied.is_empty() {
        return Ok(());
    }
    let keys = sql_rows(
        "SELECT i.contact_id, i.kind, i.value FROM {rows}
         JOIN contact_identities i ON i.workspace_id = {$1} AND i.contact_id = r.id",
        Batch::new().ids("id", ids.iter().copied()),
    )
    .bind(workspace)
    .fetch_all(tx)
    .await?;
    let mut digests: BTreeMap<ContactId, Vec<Vec<u8>>> = BTreeMap::new();
    for row in &keys {
        let (kind, value) = (row.text(1)?, row.text(2)?);
        let digest = match kind.as_str() {
            "phone" => of_phone(tx, workspace, &value),
            "wa_id" => match Phone::from_wa_id(&value) {
                Some(phone) => of_phone(tx, workspace, phone.as_str()),
                None => continue,
            },
            "user_id" => tx.keys().digest(workspace.uuid(), "user_id", &value),
            _ => continue,
        };
        digests.entry(row.id(0)?).or_default().push(digest);
    }
    let mut kept: BTreeMap<(Vec<u8>, String), (String, Timestamp)> = BTreeMap::new();
    for row in &denied {
        for digest in digests.get(&row.id(0)?).into_iter().flatten() {
            let key = (digest.clone(), row.text(1)?);
            kept.insert(key, (row.text(2)?, row.time(3)?));
        }
    }
    let rows = Batch::new()
        .bytes("digest", kept.keys().map(|key| key.0.clone()))
        .texts("category", kept.keys().map(|key| key.1.as_str()))
        .texts("source", kept.values().map(|no| no.0.as_str()))
        .times("at", kept.values().map(|no| no.1));
    sql_rows(
        "INSERT INTO kept_refusals (workspace_id, digest, category, source, at)
         SELECT $1, r.digest, r.category, r.source, r.at FROM {rows} WHERE true
         ON CONFLICT (workspace_id, digest, category) DO UPDATE SET source = excluded.source, at = excluded.at
         WHERE kept_refusals.at < excluded.at",
        rows,
    )
    .bind(workspace)
    .execute(tx)
    .await?;
    Ok(())
}

fn of_phone(tx: &Tx, workspace: WorkspaceId, phone: &str) -> Vec<u8> {
    tx.keys().digest(workspace.uuid(), "phone", phone)
}

/// Writes down for contacts that were just made what the same number had said no to before it was erased.
pub(crate) async fn recall(tx: &mut Tx, fresh: &[Fresh]) -> Result<()> {
    let mut workspaces: BTreeMap<WorkspaceId, Vec<&Fresh>> = BTreeMap::new();
    for one in fresh {
        workspaces.entry(one.workspace).or_default().push(one);
    }
    for (workspace, people) in workspaces {
        // Most workspaces never erased anybody: one look, and no digests.
        let any = sql("SELECT 1 FROM kept_refusals WHERE workspace_id = $1 LIMIT 1")
            .bind(workspace)
            .fetch_optional(tx)
            .await?;
        if any.is_some() {
            recall_in(tx, workspace, &people).await?;
        }
    }
    Ok(())
}

async fn recall_in(tx: &mut Tx, workspace: WorkspaceId, people: &[&Fresh]) -> Result<()> {
    let mut asked: Vec<(ContactId, Vec<u8>)> = Vec::with_capacity(people.len());
    for one in people {
        let phone = match (&one.phone, &one.wa_id) {
            (Some(phone), _) => Some(phone.clone()),
            (None, Some(id)) => Phone::from_wa_id(id).map(|phone| phone.as_str().to_owned()),
            (None, None) => None,
        };
        if let Some(phone) = phone {
            asked.push((one.id, of_phone(tx, workspace, &phone)));
        }
        if let Some(user) = &one.user_id {
            let digest = tx.keys().digest(workspace.uuid(), "user_id", user);
            asked.push((one.id, digest));
        }
    }
    if asked.is_empty() {
        return Ok(());
    }
    let rows = sql_rows(
        "SELECT r.ord, k.category, k.source, k.at FROM {rows}
         JOIN kept_refusals k ON k.workspace_id = {$1} AND k.digest = r.digest",
        Batch::new().bytes("digest", asked.iter().map(|(_, digest)| digest.clone())),
    )
    .bind(workspace)
    .fetch_all(tx)
    .await?;
    let mut words: BTreeMap<(ContactId, String), consent::Word> = BTreeMap::new();
    for row in &rows {
        let Some((contact, _)) = asked.get(usize::try_from(row.int(0)?).unwrap_or_default()) else {
            continue;
        };
        let wrong = crate::Error::Inconsistent {
            table: "kept_refusals",
            column: "category",
        };
        let name = row.text(1)?;
        let word = consent::Word {
            workspace,
            contact: *contact,
            category: Category::parse(&name).ok_or(wrong)?,
            state: ConsentState::Denied,
            // The person's own no stays theirs to take back.
            source: row.text(2)?,
            actor: "system".to_owned(),
            text: Some("said before the contact was erased".to_owned()),
            at: row.time(3)?,
        };
        words.insert((*contact, name), word);
    }
    let words: Vec<consent::Word> = words.into_values().collect();
    consent::put(tx, consent::Rule::Own, &words).await.map(drop)
}
