//! The way back: those whom an action changed, and only those, get back what they had, where it is still as
//! the action left it.

use std::collections::{BTreeMap, HashMap, HashSet};

use wigwag_model::audience::tag_key;
use wigwag_model::bulk::{BulkAction, MOST_TAGS};
use wigwag_model::{BulkId, ContactId, ConversationId, MemberId, Timestamp, WorkspaceId};

use super::work::{Before, Held, give, hold};
use super::{State, get};
use crate::contacts::{put_tags, sorted};
use crate::ingest::locking;
use crate::{Batch, Db, Error, Priority, Result, Tx, blocks, sql, sql_rows, sql_rows_owned};

/// People of one transaction: it holds the writer for some 20 ms.
const PEOPLE: i64 = 400;

/// One of those whom the action changed.
struct Changed {
    no: i64,
    contact: ContactId,
    before: Before,
}

/// Takes the next page of an action back. Says whether that was the last, or somebody ended it.
///
/// # Errors
/// [`Error::Stale`] when somebody else has done this page: do it again from where it stands.
pub async fn take_back(db: &Db, workspace: WorkspaceId, id: BulkId) -> Result<bool> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let bulk = get(tx, workspace, id).await?;
            if bulk.undo.is_none_or(|undo| undo.state != State::Running) {
                return Ok(true);
            }
            let people = changed(tx, workspace, id, bulk.undo_after).await?;
            let last = i64::try_from(people.len()).unwrap_or(0) < PEOPLE;
            let to = people.last().map_or(bulk.undo_after, |person| person.no);
            let ids: Vec<ContactId> = people.iter().map(|person| person.contact).collect();
            let found = hold(tx, workspace, &ids).await?;
            let back = match &bulk.action {
                BulkAction::AddTags { .. } => untag(tx, workspace, &people, &found).await?,
                BulkAction::RemoveTags { .. } => retag(tx, workspace, &people, &found).await?,
                BulkAction::Assign { member_id } => {
                    reassign(tx, workspace, &people, &found, *member_id).await?
                }
                BulkAction::Block => unblock(tx, workspace, &people, &found).await?,
                BulkAction::Unblock => reblock(tx, workspace, &people, &found).await?,
                BulkAction::Erase => HashSet::new(),
            };
            mark(tx, workspace, id, &people, &back).await?;
            let seen = i64::try_from(people.len()).unwrap_or(i64::MAX);
            let undone = i64::try_from(back.len()).unwrap_or(i64::MAX);
            let moved = sql("UPDATE bulk_actions SET undo_after = $4, undo_seen = undo_seen + $5, undone = undone + $6,
                                kept = kept + $7, undo_state = $8
                             WHERE workspace_id = $1 AND id = $2 AND undo_after = $3 AND undo_state = 'running'")
                .bind(workspace)
                .bind(id)
                .bind(bulk.undo_after)
                .bind(to)
                .bind(seen)
                .bind(undone)
                .bind(seen - undone)
                .bind(if last { "done" } else { "running" })
                .execute(tx)
                .await?;
            if moved == 0 {
                return Err(Error::Stale);
            }
            Ok(last)
        })
    })
    .await
}

async fn changed(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: BulkId,
    after: i64,
) -> Result<Vec<Changed>> {
    let rows = sql("SELECT no, contact_id, detail FROM bulk_people
                    WHERE workspace_id = $1 AND bulk_id = $2 AND no > $3 AND state = 'changed' ORDER BY no LIMIT $4")
        .bind(workspace)
        .bind(id)
        .bind(after)
        .bind(PEOPLE)
        .fetch_all(tx)
        .await?;
    rows.iter()
        .map(|row| {
            let wrong = |_| Error::Inconsistent {
                table: "bulk_people",
                column: "detail",
            };
            let detail = row.opt_text(2)?.unwrap_or_else(|| "{}".to_owned());
            Ok(Changed {
                no: row.int(0)?,
                contact: row.id(1)?,
                before: serde_json::from_str(&detail).map_err(wrong)?,
            })
        })
        .collect()
}

async fn mark(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: BulkId,
    people: &[Changed],
    back: &HashSet<ContactId>,
) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ints("no", people.iter().map(|person| person.no))
        .texts(
            "state",
            people.iter().map(|person| {
                if back.contains(&person.contact) {
                    "undone"
                } else {
                    "kept"
                }
            }),
        );
    sql_rows(
        "UPDATE bulk_people SET state = r.state FROM {rows}
         WHERE bulk_people.workspace_id = {$1} AND bulk_people.bulk_id = $2 AND bulk_people.no = r.no",
        rows,
    )
    .bind(workspace)
    .bind(id)
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes away the tags that were added and are still there.
async fn untag(
    tx: &mut Tx,
    workspace: WorkspaceId,
    people: &[Changed],
    found: &Held,
) -> Result<HashSet<ContactId>> {
    let mut wanted = Vec::new();
    for person in people {
        let Some((contact, _)) = found.get(&person.contact) else {
            continue;
        };
        let mut left = contact.tags.clone();
        left.retain(|tag| !person.before.tags.contains(tag));
        if left.len() < contact.tags.len() {
            wanted.push((person.contact, left));
        }
    }
    put_tags(tx, workspace, &wanted).await?;
    Ok(wanted.into_iter().map(|(id, _)| id).collect())
}

/// Gives back the tags that were taken away and nobody gave anew.
async fn retag(
    tx: &mut Tx,
    workspace: WorkspaceId,
    people: &[Changed],
    found: &Held,
) -> Result<HashSet<ContactId>> {
    let mut wanted = Vec::new();
    for person in people {
        let Some((contact, _)) = found.get(&person.contact) else {
            continue;
        };
        let keys: HashSet<String> = contact.tags.iter().map(|tag| tag_key(tag)).collect();
        let mut tags = contact.tags.clone();
        let gone = person.before.tags.iter();
        tags.extend(gone.filter(|tag| !keys.contains(&tag_key(tag))).cloned());
        if tags.len() > contact.tags.len() && tags.len() <= MOST_TAGS {
            wanted.push((person.contact, sorted(tags)));
        }
    }
    put_tags(tx, workspace, &wanted).await?;
    Ok(wanted.into_iter().map(|(id, _)| id).collect())
}

/// Gives conversations back to whoever had them, where they are still with whom the action gave them to.
async fn reassign(
    tx: &mut Tx,
    workspace: WorkspaceId,
    people: &[Changed],
    found: &Held,
    to: Option<MemberId>,
) -> Result<HashSet<ContactId>> {
    let had: BTreeMap<ConversationId, (ContactId, Option<MemberId>)> = people
        .iter()
        .filter(|person| found.contains_key(&person.contact))
        .flat_map(|person| {
            let assigned = person.before.assigned.iter();
            assigned.map(|(thread, member)| (*thread, (person.contact, *member)))
        })
        .collect();
    if had.is_empty() {
        return Ok(HashSet::new());
    }
    let text = locking(
        "SELECT v.id, v.assignee_id FROM {rows} JOIN conversations v ON v.workspace_id = {$1} AND v.id = r.id",
        tx.dialect(),
        "v.id",
        "v",
    );
    let rows = sql_rows_owned(text, Batch::new().ids("id", had.keys().copied()))
        .bind(workspace)
        .fetch_all(tx)
        .await?;
    let able = able(
        tx,
        workspace,
        had.values().filter_map(|(_, member)| *member),
    )
    .await?;
    let (mut moves, mut back) = (Vec::new(), HashSet::new());
    for row in &rows {
        let thread: ConversationId = row.id(0)?;
        let Some((contact, member)) = had.get(&thread) else {
            continue;
        };
        // Whoever cannot sign in any more gets nothing back.
        if row.opt_id::<MemberId>(1)? == to && member.is_none_or(|member| able.contains(&member)) {
            moves.push((thread, *member));
            back.insert(*contact);
        }
    }
    give(tx, workspace, &moves).await?;
    Ok(back)
}

async fn able(
    tx: &mut Tx,
    workspace: WorkspaceId,
    members: impl Iterator<Item = MemberId>,
) -> Result<HashSet<MemberId>> {
    let rows = sql_rows(
        "SELECT m.id FROM {rows} JOIN members m ON m.workspace_id = {$1} AND m.id = r.id AND m.disabled_at IS NULL",
        Batch::new().ids("id", members),
    )
    .bind(workspace)
    .fetch_all(tx)
    .await?;
    rows.iter().map(|row| row.id(0)).collect()
}

/// Lets those in again whose block is still the action's.
async fn unblock(
    tx: &mut Tx,
    workspace: WorkspaceId,
    people: &[Changed],
    found: &Held,
) -> Result<HashSet<ContactId>> {
    let wanted: BTreeMap<ContactId, Option<Timestamp>> = people
        .iter()
        .filter(|person| {
            let since = found.get(&person.contact).and_then(|held| held.1);
            since.is_some() && since.map(Timestamp::as_micros) == person.before.blocked_at
        })
        .map(|person| (person.contact, None))
        .collect();
    blocks::put(tx, workspace, &wanted).await?;
    Ok(wanted.into_keys().collect())
}

/// Blocks those again who are still let in.
async fn reblock(
    tx: &mut Tx,
    workspace: WorkspaceId,
    people: &[Changed],
    found: &Held,
) -> Result<HashSet<ContactId>> {
    let states: HashMap<ContactId, Option<Timestamp>> =
        found.iter().map(|(id, (_, since))| (*id, *since)).collect();
    let wanted: BTreeMap<ContactId, Option<Timestamp>> = people
        .iter()
        .filter(|person| states.get(&person.contact) == Some(&None))
        .filter_map(|person| {
            let since = person.before.blocked_at.map(Timestamp::from_micros);
            since.map(|since| (person.contact, Some(since)))
        })
        .collect();
    blocks::put(tx, workspace, &wanted).await?;
    Ok(wanted.into_keys().collect())
}
