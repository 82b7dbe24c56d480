//! The work of an undo: a stretch of the import's list at a time, each in one transaction with how
//! far it has come, so that a process that dies repeats nothing and forgets nothing.
//!
//! Whoever the import made goes, as long as nothing else touched them; whoever was there gets back
//! what still has the value that the import set. A yes that it gave is withdrawn. Nobody is
//! subscribed again, and a no is never taken away.

use std::collections::BTreeMap;

use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::{ContactId, ImportId, ListId, Timestamp, WorkspaceId};

use super::chunk::{Consented, proof};
use super::externals::take_away;
use super::people::{Origin, Person, Says, delete, look_at};
use super::rows::{changed, get};
use super::undo::{Undo, UndoState, end, undo};
use crate::consent::{self, Rule, UNDONE, Word};
use crate::contacts::{self, Contact};
use crate::{Batch, Db, Error, Priority, Result, Tx, sql, sql_rows};

/// People of one transaction: it holds the writer for some 20 ms.
const PEOPLE: i64 = 200;

/// What becomes of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Removed,
    Restored,
    Unchanged,
    Kept(&'static str),
}

/// Takes the next stretch of an import back. Says whether that was the last, or somebody ended it.
/// `consented` is the yes that the import gave.
///
/// # Errors
/// [`Error::Stale`] and [`Error::Conflict`] when somebody changed one of the people at the same
/// moment: do it again.
pub async fn take_back(
    db: &Db,
    workspace: WorkspaceId,
    id: ImportId,
    consented: Option<Consented>,
) -> Result<bool> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let import = get(tx, workspace, id).await?;
            let (Some(so_far), Some(list)) = (undo(tx, workspace, id).await?, import.list) else {
                return Ok(true);
            };
            if so_far.state != UndoState::Running {
                return Ok(true);
            }
            let page = page(tx, workspace, list, so_far.after).await?;
            let given = consented.as_ref();
            let people = look_at(tx, workspace, id, list, &page, given).await?;
            let done = settle(tx, workspace, (id, list), &people, given, &so_far.asked_by).await?;
            advance(
                tx,
                workspace,
                id,
                &so_far,
                page.last().map(|last| last.0),
                done,
            )
            .await?;
            let last = i64::try_from(page.len()).unwrap_or(0) < PEOPLE;
            if last {
                end(tx, workspace, id, UndoState::Done).await?;
            }
            changed(tx, workspace, id);
            Ok(last)
        })
    })
    .await
}

/// The next people of the list, and whether the import made them.
async fn page(
    tx: &mut Tx,
    workspace: WorkspaceId,
    list: ListId,
    after: Option<ContactId>,
) -> Result<Vec<(ContactId, bool)>> {
    let statement = match after {
        None => sql("SELECT contact_id, made FROM audience_list_members
             WHERE workspace_id = $1 AND list_id = $2 ORDER BY contact_id LIMIT $3"),
        Some(_) => sql("SELECT contact_id, made FROM audience_list_members
             WHERE workspace_id = $1 AND list_id = $2 AND contact_id > $4 ORDER BY contact_id LIMIT $3"),
    };
    let statement = statement.bind(workspace).bind(list).bind(PEOPLE);
    let statement = match after {
        Some(after) => statement.bind(after),
        None => statement,
    };
    let rows = statement.fetch_all(tx).await?;
    rows.iter()
        .map(|row| Ok((row.id(0)?, row.bool(1)?)))
        .collect()
}

#[derive(Debug, Default)]
struct Done {
    fates: Vec<Fate>,
    withdrawn: i64,
}

/// Decides about each and writes it.
async fn settle(
    tx: &mut Tx,
    workspace: WorkspaceId,
    (import, list): (ImportId, ListId),
    people: &[Person],
    consented: Option<&Consented>,
    actor: &str,
) -> Result<Done> {
    let mut done = Done::default();
    let gone: Vec<ContactId> = people
        .iter()
        .filter(|person| person.goes())
        .map(|person| person.id)
        .collect();
    delete(tx, workspace, list, &gone).await?;
    let mut withdrawn = withdraw(tx, workspace, people, consented, actor).await?;
    withdrawn.extend(withdraw_columns(tx, workspace, import, people, actor).await?);
    withdrawn.sort();
    withdrawn.dedup();
    let given: Vec<(ContactId, String)> = people.iter().filter_map(Person::given).collect();
    take_away(tx, workspace, &given).await?;
    done.withdrawn = i64::try_from(withdrawn.len()).unwrap_or(i64::MAX);
    let mut back: Vec<Contact> = Vec::new();
    for person in people {
        let restored = person.restored();
        let got_back = restored.is_some()
            || withdrawn.contains(&person.id)
            || given.iter().any(|(id, _)| *id == person.id);
        back.extend(restored);
        done.fates.push(match (&person.origin, person.touched) {
            (Origin::Made, None) => Fate::Removed,
            (Origin::Made, Some(why)) => Fate::Kept(why),
            _ if got_back => Fate::Restored,
            (Origin::There(_, true), _) if person.says == Says::No => Fate::Kept("opted_out"),
            (Origin::There(Some(_), _), _) => Fate::Kept("changed"),
            (Origin::There(None, _), _) => Fate::Unchanged,
        });
    }
    contacts::replace(tx, workspace, &back).await?;
    // Whoever is in a campaign keeps the columns that it may still need.
    let off: Vec<ContactId> = people
        .iter()
        .filter(|person| !person.in_campaign && !gone.contains(&person.id))
        .map(|person| person.id)
        .collect();
    unlist(tx, workspace, list, &off, gone.len()).await?;
    Ok(done)
}

/// Withdraws the yes that the import gave, where it still stands. Says whose.
async fn withdraw(
    tx: &mut Tx,
    workspace: WorkspaceId,
    people: &[Person],
    consented: Option<&Consented>,
    actor: &str,
) -> Result<Vec<ContactId>> {
    let Some(consented) = consented else {
        return Ok(Vec::new());
    };
    let words: Vec<Word> = people
        .iter()
        .filter(|person| !person.goes() && person.agrees())
        .map(|person| Word {
            workspace,
            contact: person.id,
            category: consented.category,
            state: ConsentState::Unknown,
            source: UNDONE.to_owned(),
            actor: actor.to_owned(),
            text: Some(consented.text.clone()),
            // The yes's own time: what the person says after it still counts when it comes late.
            at: consented.at,
        })
        .collect();
    let outcomes = consent::put(tx, Rule::Undone, &words).await?;
    Ok(words
        .iter()
        .zip(outcomes)
        .filter(|(_, outcome)| outcome.applied)
        .map(|(word, _)| word.contact)
        .collect())
}

/// Withdraws each yes that a column of the file gave, where it still stands. Says whose.
async fn withdraw_columns(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: ImportId,
    people: &[Person],
    actor: &str,
) -> Result<Vec<ContactId>> {
    let there = people.iter().filter(|person| !person.goes());
    let rows = sql_rows(
        "SELECT c.contact_id, c.category, c.at FROM {rows}
         JOIN consent c ON c.workspace_id = {$1} AND c.contact_id = r.id
         WHERE c.state = 'granted' AND c.source = 'import' AND c.text = $2",
        Batch::new().ids("id", there.map(|person| person.id)),
    )
    .bind(workspace)
    .bind(proof(import))
    .fetch_all(tx)
    .await?;
    let mut words = Vec::with_capacity(rows.len());
    for row in &rows {
        let Some(category) = Category::parse(&row.text(1)?) else {
            continue;
        };
        words.push(Word {
            workspace,
            contact: row.id(0)?,
            category,
            state: ConsentState::Unknown,
            source: UNDONE.to_owned(),
            actor: actor.to_owned(),
            text: Some(proof(import)),
            at: row.time(2)?,
        });
    }
    let outcomes = consent::put(tx, Rule::Undone, &words).await?;
    Ok(words
        .iter()
        .zip(outcomes)
        .filter(|(_, outcome)| outcome.applied)
        .map(|(word, _)| word.contact)
        .collect())
}

/// Takes people off the list and counts those who went with their contact.
async fn unlist(
    tx: &mut Tx,
    workspace: WorkspaceId,
    list: ListId,
    off: &[ContactId],
    gone: usize,
) -> Result<()> {
    let mut fewer = i64::try_from(gone).unwrap_or(i64::MAX);
    if !off.is_empty() {
        let rows = Batch::new()
            .ids("workspace_id", off.iter().map(|_| workspace))
            .ids("list_id", off.iter().map(|_| list))
            .ids("id", off.iter().copied());
        let off = sql_rows(
            "DELETE FROM audience_list_members WHERE (workspace_id, list_id, contact_id) IN
             (SELECT r.workspace_id, r.list_id, r.id FROM {rows})",
            rows,
        )
        .execute(tx)
        .await?;
        fewer += i64::try_from(off).unwrap_or(0);
    }
    sql("UPDATE audience_lists SET members = members - $3 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(list)
        .bind(fewer)
        .execute(tx)
        .await?;
    Ok(())
}

/// Moves the place and the counts; only from where this stretch began.
async fn advance(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ImportId,
    so_far: &Undo,
    last: Option<ContactId>,
    done: Done,
) -> Result<()> {
    let mut kept: BTreeMap<String, i64> = so_far.kept.clone();
    let (mut removed, mut restored, mut unchanged) = (0, 0, 0);
    for fate in &done.fates {
        match fate {
            Fate::Removed => removed += 1,
            Fate::Restored => restored += 1,
            Fate::Unchanged => unchanged += 1,
            Fate::Kept(why) => *kept.entry((*why).to_owned()).or_default() += 1,
        }
    }
    let moved = sql(
        "UPDATE import_undos SET after_contact = $4, seen = seen + $5, removed = removed + $6, restored = restored + $7,
            unchanged = unchanged + $8, withdrawn = withdrawn + $9, kept = $10
         WHERE workspace_id = $1 AND import_id = $2 AND seen = $3 AND state = 'running'",
    )
    .bind(workspace)
    .bind(id)
    .bind(so_far.seen)
    .bind(last.or(so_far.after))
    .bind(i64::try_from(done.fates.len()).unwrap_or(i64::MAX))
    .bind(removed)
    .bind(restored)
    .bind(unchanged)
    .bind(done.withdrawn)
    .bind(serde_json::json!(kept).to_string())
    .execute(tx)
    .await?;
    if moved == 1 {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}

/// Deletes what was kept to take imports back that ended before an instant, at most 2,000 rows.
///
/// # Errors
/// What the database says.
pub async fn sweep_changes(db: &Db, before: Timestamp) -> Result<u64> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            sql(
                "DELETE FROM import_changes WHERE (workspace_id, import_id, contact_id) IN
                 (SELECT c.workspace_id, c.import_id, c.contact_id FROM imports i
                  JOIN import_changes c ON c.workspace_id = i.workspace_id AND c.import_id = i.id
                  WHERE i.ended_at < $1 LIMIT 2000)",
            )
            .bind(before)
            .execute(tx)
            .await
        })
    })
    .await
}
