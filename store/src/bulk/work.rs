//! The work of an action: a page of people in one transaction with how far it has come.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use wigwag_model::audience::tag_key;
use wigwag_model::bulk::{BulkAction, MOST_TAGS};
use wigwag_model::endpoint::Kind;
use wigwag_model::{BulkId, ContactId, ConversationId, MemberId, Timestamp, WorkspaceId};

use super::people::{Fate, put};
use super::{Page, get};
use crate::contacts::{self, Contact, put_tags, sorted};
use crate::endpoints::Happening;
use crate::ingest::locking;
use crate::{
    Batch, Db, Error, Priority, Result, Tx, blocks, conversations, erasures, sql, sql_rows,
    sql_rows_owned,
};

/// What one page did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// Whether everybody was looked at now.
    pub last: bool,
    /// Whether somebody must not be written to any more: the caller stops what was claimed.
    pub stops: bool,
}

/// What stood before, of somebody who was changed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Before {
    /// Tags that were added or taken away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) tags: Vec<String>,
    /// Who looked after each conversation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) assigned: Vec<(ConversationId, Option<MemberId>)>,
    /// Since when the contact is blocked, or was (µs).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) blocked_at: Option<i64>,
}

impl Before {
    fn fate(&self) -> Fate {
        Fate::Changed(serde_json::json!(self).to_string())
    }
}

/// Does it with a page of people.
///
/// # Errors
/// [`Error::Stale`] when the action is not at the page's beginning or does not run any more: somebody else
/// has done it; read it and go on from there.
pub async fn apply(db: &Db, workspace: WorkspaceId, id: BulkId, page: Page) -> Result<Applied> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let seen = i64::try_from(page.people.len()).unwrap_or(i64::MAX);
            let moved = sql("UPDATE bulk_actions SET after_no = $4, seen = seen + $5
                             WHERE workspace_id = $1 AND id = $2 AND after_no = $3 AND state = 'running'")
                .bind(workspace)
                .bind(id)
                .bind(page.from)
                .bind(page.to)
                .bind(seen)
                .execute(tx)
                .await?;
            if moved == 0 {
                return Err(Error::Stale);
            }
            let bulk = get(tx, workspace, id).await?;
            let fates = act(tx, workspace, &bulk.action, &page, &bulk.created_by).await?;
            put(tx, workspace, id, &page, &fates).await?;
            count(tx, workspace, id, &bulk.action, &page, &fates).await?;
            Ok(Applied {
                last: page.last,
                stops: matches!(bulk.action, BulkAction::Block | BulkAction::Erase),
            })
        })
    })
    .await
}

async fn count(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: BulkId,
    action: &BulkAction,
    page: &Page,
    fates: &[Fate],
) -> Result<()> {
    let (mut changed, mut unchanged, mut refused) = (0_i64, 0_i64, 0_i64);
    for fate in fates {
        match fate {
            Fate::Unchanged => unchanged += 1,
            Fate::Changed(_) => changed += 1,
            Fate::Refused(_) => refused += 1,
        }
    }
    let now = tx.mint().now();
    // Whoever is erased still has a thread to be emptied: the caller ends it.
    let ends = page.last && *action != BulkAction::Erase;
    let text = if ends {
        "UPDATE bulk_actions SET changed = changed + $3, unchanged = unchanged + $4, refused = refused + $5,
            state = 'done', ended_at = $6 WHERE workspace_id = $1 AND id = $2"
    } else {
        "UPDATE bulk_actions SET changed = changed + $3, unchanged = unchanged + $4, refused = refused + $5
         WHERE workspace_id = $1 AND id = $2"
    };
    let statement = sql(text)
        .bind(workspace)
        .bind(id)
        .bind(changed)
        .bind(unchanged)
        .bind(refused);
    let statement = if ends { statement.bind(now) } else { statement };
    statement.execute(tx).await.map(drop)
}

async fn act(
    tx: &mut Tx,
    workspace: WorkspaceId,
    action: &BulkAction,
    page: &Page,
    actor: &str,
) -> Result<Vec<Fate>> {
    let ids: Vec<ContactId> = page.people.iter().map(|person| person.1).collect();
    let found = hold(tx, workspace, &ids).await?;
    Ok(match action {
        BulkAction::AddTags { tags } => {
            retag(tx, workspace, &ids, &found, |contact| add(contact, tags)).await?
        }
        BulkAction::RemoveTags { tags } => {
            let keys: HashSet<String> = tags.iter().map(|tag| tag_key(tag)).collect();
            retag(tx, workspace, &ids, &found, |contact| {
                Ok(without(contact, &keys))
            })
            .await?
        }
        BulkAction::Assign { member_id } => assign(tx, workspace, &ids, &found, *member_id).await?,
        BulkAction::Block => block(tx, workspace, &ids, &found, true).await?,
        BulkAction::Unblock => block(tx, workspace, &ids, &found, false).await?,
        BulkAction::Erase => {
            let there: Vec<ContactId> = ids
                .iter()
                .copied()
                .filter(|id| found.contains_key(id))
                .collect();
            erasures::begin(tx, workspace, &there, actor).await?;
            let fate = |id: &ContactId| {
                if found.contains_key(id) {
                    Before::default().fate()
                } else {
                    Fate::Refused("gone")
                }
            };
            ids.iter().map(fate).collect()
        }
    })
}

/// A contact, and since when it is blocked.
pub(super) type Held = HashMap<ContactId, (Contact, Option<Timestamp>)>;

/// Reads contacts that are somebody of their own and, on PostgreSQL, holds them.
pub(super) async fn hold(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<Held> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let text = locking(
        "SELECT p.id, p.blocked_at FROM {rows} JOIN contacts p ON p.workspace_id = {$1} AND p.id = r.id AND p.merged_into IS NULL",
        tx.dialect(),
        "p.id",
        "p",
    );
    let rows = sql_rows_owned(text, Batch::new().ids("id", ids.iter().copied()))
        .bind(workspace)
        .fetch_all(tx)
        .await?;
    let held = rows
        .iter()
        .map(|row| Ok((row.id(0)?, row.opt_time(1)?)))
        .collect::<Result<HashMap<ContactId, Option<Timestamp>>>>()?;
    // Only now: a statement sees what was committed before it began.
    let found = contacts::of(tx, workspace, held.keys().copied()).await?;
    Ok(found
        .into_iter()
        .filter_map(|(id, contact)| Some((id, (contact, *held.get(&id)?))))
        .collect())
}

type Retagged = std::result::Result<Option<(Vec<String>, Vec<String>)>, &'static str>;

fn add(contact: &Contact, tags: &[String]) -> Retagged {
    let mut keys: HashSet<String> = contact.tags.iter().map(|tag| tag_key(tag)).collect();
    let fresh: Vec<String> = tags
        .iter()
        .filter(|tag| keys.insert(tag_key(tag)))
        .cloned()
        .collect();
    if fresh.is_empty() {
        return Ok(None);
    }
    if contact.tags.len() + fresh.len() > MOST_TAGS {
        return Err("too_many_tags");
    }
    let all = contact.tags.iter().chain(&fresh).cloned().collect();
    Ok(Some((sorted(all), fresh)))
}

fn without(contact: &Contact, keys: &HashSet<String>) -> Option<(Vec<String>, Vec<String>)> {
    let (gone, left): (Vec<String>, Vec<String>) = contact
        .tags
        .iter()
        .cloned()
        .partition(|tag| keys.contains(&tag_key(tag)));
    (!gone.is_empty()).then_some((left, gone))
}

/// Gives contacts the tags that `wish` says, and remembers which of them that added or took away.
async fn retag(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[ContactId],
    found: &Held,
    wish: impl Fn(&Contact) -> Retagged,
) -> Result<Vec<Fate>> {
    let mut fates = Vec::with_capacity(ids.len());
    let mut wanted = Vec::new();
    for id in ids {
        let Some((contact, _)) = found.get(id) else {
            fates.push(Fate::Refused("gone"));
            continue;
        };
        fates.push(match wish(contact) {
            Err(reason) => Fate::Refused(reason),
            Ok(None) => Fate::Unchanged,
            Ok(Some((tags, differs))) => {
                wanted.push((*id, tags));
                let before = Before {
                    tags: differs,
                    ..Before::default()
                };
                before.fate()
            }
        });
    }
    put_tags(tx, workspace, &wanted).await?;
    Ok(fates)
}

async fn assign(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[ContactId],
    found: &Held,
    to: Option<MemberId>,
) -> Result<Vec<Fate>> {
    if let Some(member) = to {
        let there = sql(
            "SELECT id FROM members WHERE workspace_id = $1 AND id = $2 AND disabled_at IS NULL",
        )
        .bind(workspace)
        .bind(member)
        .fetch_optional(tx)
        .await?;
        if there.is_none() {
            return Ok(ids.iter().map(|_| Fate::Refused("no_member")).collect());
        }
    }
    // Held before the feed's counter is taken, as ingest does.
    let text = locking(
        "SELECT v.contact_id, v.id, v.assignee_id FROM {rows}
         JOIN conversations v ON v.workspace_id = {$1} AND v.contact_id = r.id",
        tx.dialect(),
        "v.id",
        "v",
    );
    let rows = sql_rows_owned(text, Batch::new().ids("id", found.keys().copied()))
        .bind(workspace)
        .fetch_all(tx)
        .await?;
    let mut threads: HashMap<ContactId, Vec<(ConversationId, Option<MemberId>)>> = HashMap::new();
    for row in &rows {
        let thread = (row.id(1)?, row.opt_id(2)?);
        threads.entry(row.id(0)?).or_default().push(thread);
    }
    let mut moves = Vec::new();
    let mut fates = Vec::with_capacity(ids.len());
    for id in ids {
        if !found.contains_key(id) {
            fates.push(Fate::Refused("gone"));
            continue;
        }
        let Some(threads) = threads.get(id) else {
            fates.push(Fate::Refused("no_conversation"));
            continue;
        };
        let assigned: Vec<_> = threads
            .iter()
            .copied()
            .filter(|(_, assignee)| *assignee != to)
            .collect();
        if assigned.is_empty() {
            fates.push(Fate::Unchanged);
            continue;
        }
        moves.extend(assigned.iter().map(|(thread, _)| (*thread, to)));
        let before = Before {
            assigned,
            ..Before::default()
        };
        fates.push(before.fate());
    }
    give(tx, workspace, &moves).await?;
    Ok(fates)
}

/// Gives conversations to members, and tells of each.
pub(super) async fn give(
    tx: &mut Tx,
    workspace: WorkspaceId,
    moves: &[(ConversationId, Option<MemberId>)],
) -> Result<()> {
    if moves.is_empty() {
        return Ok(());
    }
    let seq = tx.seq(workspace).await?;
    let rows = Batch::new()
        .ids("id", moves.iter().map(|(id, _)| *id))
        .opt_ids("assignee_id", moves.iter().map(|(_, to)| *to));
    sql_rows(
        "UPDATE conversations SET assignee_id = r.assignee_id, changed_seq = $2 FROM {rows}
         WHERE conversations.workspace_id = {$1} AND conversations.id = r.id",
        rows,
    )
    .bind(workspace)
    .bind(seq)
    .execute(tx)
    .await?;
    for (id, to) in moves {
        conversations::changed(tx, workspace, *id);
        let to = to.map(|member| member.to_string());
        let assigned = Happening::conversation(Kind::ConversationAssigned, *id, to);
        tx.happened(workspace, assigned);
    }
    Ok(())
}

async fn block(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[ContactId],
    found: &Held,
    on: bool,
) -> Result<Vec<Fate>> {
    let now = tx.mint().now();
    let mut wanted: BTreeMap<ContactId, Option<Timestamp>> = BTreeMap::new();
    let mut fates = Vec::with_capacity(ids.len());
    for id in ids {
        fates.push(match found.get(id) {
            None => Fate::Refused("gone"),
            Some((_, since)) if since.is_some() == on => Fate::Unchanged,
            Some((_, since)) => {
                wanted.insert(*id, on.then_some(now));
                // Of a block when it began, so that the way back knows it again.
                let before = Before {
                    blocked_at: Some(since.unwrap_or(now).as_micros()),
                    ..Before::default()
                };
                before.fate()
            }
        });
    }
    blocks::put(tx, workspace, &wanted).await?;
    Ok(fates)
}
