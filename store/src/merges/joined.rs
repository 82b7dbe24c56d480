//! The first transaction of a merge, and what the result would hold.

use std::collections::{BTreeMap, HashSet};

use wigwag_model::audience::tag_key;
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::search::fold;
use wigwag_model::{ContactId, ListId, Timestamp, WorkspaceId};

use super::{MOVE, threads};
use crate::audit::{self, Entry};
use crate::contacts::{self, Contact, Fields, changed, display_name, put_fields, sorted};
use crate::ingest::locking;
use crate::{
    Batch, Db, Error, Executor, Job, Priority, Result, Tx, blocks, sql, sql_rows, sql_rows_owned,
};

/// What a category would stand at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// The category.
    pub category: Category,
    /// Yes or no.
    pub state: ConsentState,
    /// How it is known.
    pub source: String,
    /// The words.
    pub text: Option<String>,
    /// Since when.
    pub at: Timestamp,
}

/// What the survivor would hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The survivor with what is filled and united.
    pub contact: Contact,
    /// What is agreed to, the strictest of both.
    pub consent: Vec<Agreed>,
    /// How many conversations it would have.
    pub conversations: i64,
    /// How many conversations of both are with the same number, and become one thread each.
    pub joined: i64,
}

/// What was merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joined {
    /// Who both are now.
    pub survivor: ContactId,
    /// Whether messages that waited must be decided about anew.
    pub stricter: bool,
}

/// Both as they stand; neither has become another.
async fn both(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    survivor: ContactId,
    other: ContactId,
) -> Result<(Contact, Contact)> {
    let survivor = contacts::get(on, workspace, survivor).await?;
    let other = contacts::get(on, workspace, other).await?;
    if survivor.id == other.id {
        return Err(Error::Conflict("same"));
    }
    Ok((survivor, other))
}

/// What a merge would make, without doing it.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when both are the same contact already.
pub async fn preview(
    db: &Db,
    workspace: WorkspaceId,
    survivor: ContactId,
    other: ContactId,
) -> Result<Preview> {
    let mut on = db.reader().await?;
    let (survivor, other) = both(&mut on, workspace, survivor, other).await?;
    let consent = strictest(&mut on, workspace, survivor.id, other.id).await?;
    let row = sql(
        "SELECT COUNT(*), COUNT(DISTINCT number_id) FROM conversations WHERE workspace_id = $1 AND contact_id IN ($2, $3)",
    )
    .bind(workspace)
    .bind(survivor.id)
    .bind(other.id)
    .fetch_one(&mut on)
    .await?;
    let (all, numbers) = (row.int(0)?, row.int(1)?);
    Ok(Preview {
        contact: united(&survivor, &other),
        consent,
        conversations: numbers,
        joined: all - numbers,
    })
}

/// The survivor with what it lacked, and the tags of both.
fn united(survivor: &Contact, other: &Contact) -> Contact {
    let mut made = survivor.clone();
    for (mine, theirs) in [
        (&mut made.name, &other.name),
        (&mut made.profile_name, &other.profile_name),
        (&mut made.phone, &other.phone),
        (&mut made.wa_id, &other.wa_id),
        (&mut made.user_id, &other.user_id),
        (&mut made.username, &other.username),
        (&mut made.email, &other.email),
        (&mut made.country, &other.country),
    ] {
        if mine.as_deref().is_none_or(|text| text.trim().is_empty()) {
            mine.clone_from(theirs);
        }
    }
    let mut keys: HashSet<String> = made.tags.iter().map(|tag| tag_key(tag)).collect();
    let theirs = other.tags.iter().filter(|tag| keys.insert(tag_key(tag)));
    made.tags.extend(theirs.cloned().collect::<Vec<_>>());
    made.tags = sorted(made.tags);
    for (key, value) in &other.traits {
        made.traits
            .entry(key.clone())
            .or_insert_with(|| value.clone());
    }
    made.blocked |= other.blocked;
    made.last_seen_at = made.last_seen_at.max(other.last_seen_at);
    made
}

/// What both agreed to: of each category the stricter word, of two alike the later.
async fn strictest(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    survivor: ContactId,
    other: ContactId,
) -> Result<Vec<Agreed>> {
    let rows = sql("SELECT category, state, source, text, at FROM consent
                    WHERE workspace_id = $1 AND contact_id IN ($2, $3) ORDER BY category, at")
    .bind(workspace)
    .bind(survivor)
    .bind(other)
    .fetch_all(on)
    .await?;
    let rank = |state: ConsentState| match state {
        ConsentState::Unknown => 0,
        ConsentState::Granted => 1,
        ConsentState::Denied => 2,
    };
    let mut kept: BTreeMap<String, Agreed> = BTreeMap::new();
    for row in &rows {
        let name = row.text(0)?;
        let wrong = Error::Inconsistent {
            table: "consent",
            column: "category",
        };
        let word = Agreed {
            category: Category::parse(&name).ok_or(wrong)?,
            state: ConsentState::parse(&row.text(1)?),
            source: row.text(2)?,
            text: row.opt_text(3)?,
            at: row.time(4)?,
        };
        match kept.get(&name) {
            Some(before) if rank(before.state) > rank(word.state) => {}
            _ => {
                kept.insert(name, word);
            }
        }
    }
    Ok(kept.into_values().collect())
}

/// Makes `other` one with `survivor`.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when both are the same contact already.
pub async fn merge(
    db: &Db,
    workspace: WorkspaceId,
    survivor: ContactId,
    other: ContactId,
    actor: String,
) -> Result<Joined> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let (survivor, other) = both(tx, workspace, survivor, other).await?;
            hold(tx, workspace, survivor.id, other.id).await?;
            // Only now: a statement sees what was committed before it began.
            let (survivor, other) = both(tx, workspace, survivor.id, other.id).await?;
            let made = united(&survivor, &other);
            let consent = strictest(tx, workspace, survivor.id, other.id).await?;
            let stricter = made.blocked
                || consent
                    .iter()
                    .any(|word| word.state == ConsentState::Denied);
            move_keys(tx, workspace, survivor.id, other.id).await?;
            put_consent(tx, workspace, survivor.id, other.id, &consent).await?;
            put_contact(tx, workspace, &made, &other).await?;
            threads::join(tx, workspace, &made, other.id).await?;
            blocks::join(tx, workspace, survivor.id, other.id).await?;
            move_rest(tx, workspace, survivor.id, other.id).await?;
            let now = tx.mint().now();
            sql("INSERT INTO contact_merges (workspace_id, contact_id, survivor_id, merged_by, merged_at) VALUES ($1, $2, $3, $4, $5)")
                .bind(workspace)
                .bind(other.id)
                .bind(survivor.id)
                .bind(&actor)
                .bind(now)
                .execute(tx)
                .await?;
            let entry = Entry {
                actor,
                action: "contact.merge".to_owned(),
                subject: survivor.id.to_string(),
                detail: serde_json::json!({ "from": other.id }),
            };
            audit::append_in(tx, workspace, &entry).await?;
            tx.enqueue(Job {
                kind: MOVE,
                workspace: Some(workspace),
                payload: serde_json::json!({ "contact": other.id }).to_string(),
                run_at: now,
                dedupe_key: Some(format!("{MOVE}:{}", other.id)),
                max_tries: 20,
            });
            changed(tx, workspace, survivor.id);
            changed(tx, workspace, other.id);
            Ok(Joined {
                survivor: survivor.id,
                stricter,
            })
        })
    })
    .await
}

/// Holds both on PostgreSQL, in one order whoever merges whom.
async fn hold(tx: &mut Tx, workspace: WorkspaceId, one: ContactId, two: ContactId) -> Result<()> {
    let text = locking(
        "SELECT p.id FROM {rows} JOIN contacts p ON p.workspace_id = {$1} AND p.id = r.id",
        tx.dialect(),
        "p.id",
        "p",
    );
    sql_rows_owned(text, Batch::new().ids("id", [one, two]))
        .bind(workspace)
        .fetch_all(tx)
        .await
        .map(drop)
}

async fn move_keys(
    tx: &mut Tx,
    workspace: WorkspaceId,
    survivor: ContactId,
    other: ContactId,
) -> Result<()> {
    for text in [
        "UPDATE contact_identities SET contact_id = $2 WHERE workspace_id = $1 AND contact_id = $3",
        "INSERT INTO contact_terms (workspace_id, term, contact_id)
         SELECT workspace_id, term, $2 FROM contact_terms WHERE workspace_id = $1 AND contact_id = $3 ON CONFLICT DO NOTHING",
    ] {
        sql(text)
            .bind(workspace)
            .bind(survivor)
            .bind(other)
            .execute(tx)
            .await?;
    }
    for text in [
        "DELETE FROM contact_terms WHERE workspace_id = $1 AND contact_id = $2",
        "DELETE FROM contact_tags WHERE workspace_id = $1 AND contact_id = $2",
        "DELETE FROM contact_traits WHERE workspace_id = $1 AND contact_id = $2",
    ] {
        sql(text).bind(workspace).bind(other).execute(tx).await?;
    }
    Ok(())
}

/// The history of both is one; what stands is the stricter word, with its own source and time.
async fn put_consent(
    tx: &mut Tx,
    workspace: WorkspaceId,
    survivor: ContactId,
    other: ContactId,
    kept: &[Agreed],
) -> Result<()> {
    sql("UPDATE consent_log SET contact_id = $2 WHERE workspace_id = $1 AND contact_id = $3")
        .bind(workspace)
        .bind(survivor)
        .bind(other)
        .execute(tx)
        .await?;
    sql("DELETE FROM consent WHERE workspace_id = $1 AND contact_id IN ($2, $3)")
        .bind(workspace)
        .bind(survivor)
        .bind(other)
        .execute(tx)
        .await?;
    let rows = Batch::new()
        .texts("category", kept.iter().map(|word| word.category.as_str()))
        .texts("state", kept.iter().map(|word| word.state.as_str()))
        .texts("source", kept.iter().map(|word| word.source.as_str()))
        .opt_texts("text", kept.iter().map(|word| word.text.as_deref()))
        .times("at", kept.iter().map(|word| word.at));
    sql_rows(
        "INSERT INTO consent (workspace_id, contact_id, category, state, source, text, at)
         SELECT $1, $2, r.category, r.state, r.source, r.text, r.at FROM {rows}",
        rows,
    )
    .bind(workspace)
    .bind(survivor)
    .execute(tx)
    .await
    .map(drop)
}

async fn put_contact(
    tx: &mut Tx,
    workspace: WorkspaceId,
    made: &Contact,
    other: &Contact,
) -> Result<()> {
    let now = tx.mint().now();
    let shown = shown(made);
    sql("UPDATE contacts SET name = $3, profile_name = $4, phone = $5, wa_id = $6, user_id = $7, username = $8, email = $9,
            country = $10, name_key = $11, last_seen_at = $12, updated_at = $13, version = version + 1
         WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(made.id)
        .bind(made.name.as_deref())
        .bind(made.profile_name.as_deref())
        .bind(made.phone.as_deref())
        .bind(made.wa_id.as_deref())
        .bind(made.user_id.as_deref())
        .bind(made.username.as_deref())
        .bind(made.email.as_deref())
        .bind(made.country.as_deref())
        .bind(fold(&shown))
        .bind(made.last_seen_at)
        .bind(now)
        .execute(tx)
        .await?;
    let fields = Fields {
        workspace,
        contact: made.id,
        tags: made.tags.clone(),
        traits: made.traits.clone(),
    };
    put_fields(tx, &[fields]).await?;
    // What was the other's is the survivor's; those that became the other became the survivor.
    sql("UPDATE contacts SET name = NULL, profile_name = NULL, phone = NULL, wa_id = NULL, user_id = NULL, username = NULL,
            email = NULL, tags = '[]', traits = '{}', name_key = '', merged_into = $2, updated_at = $4, version = version + 1
         WHERE workspace_id = $1 AND id = $3")
        .bind(workspace)
        .bind(made.id)
        .bind(other.id)
        .bind(now)
        .execute(tx)
        .await?;
    sql("UPDATE contacts SET merged_into = $2 WHERE workspace_id = $1 AND merged_into = $3")
        .bind(workspace)
        .bind(made.id)
        .bind(other.id)
        .execute(tx)
        .await?;
    Ok(())
}

/// The name to show for a contact.
pub(super) fn shown(contact: &Contact) -> String {
    display_name(
        contact.name.as_deref(),
        contact.profile_name.as_deref(),
        contact.username.as_deref(),
        contact.phone.as_deref(),
    )
}

/// Moves places in campaigns, goals, links and on lists. Where both have the same place the survivor's stands,
/// and the other's is found through it.
async fn move_rest(
    tx: &mut Tx,
    workspace: WorkspaceId,
    survivor: ContactId,
    other: ContactId,
) -> Result<()> {
    for text in [
        "UPDATE campaign_recipients SET contact_id = $2 WHERE workspace_id = $1 AND contact_id = $3 AND NOT EXISTS
           (SELECT 1 FROM campaign_recipients t WHERE t.workspace_id = $1 AND t.contact_id = $2
              AND t.campaign_id = campaign_recipients.campaign_id AND t.round = campaign_recipients.round)",
        "UPDATE campaign_conversions SET contact_id = $2 WHERE workspace_id = $1 AND contact_id = $3 AND NOT EXISTS
           (SELECT 1 FROM campaign_conversions t WHERE t.workspace_id = $1 AND t.contact_id = $2
              AND t.campaign_id = campaign_conversions.campaign_id AND t.goal = campaign_conversions.goal)",
        "UPDATE links SET contact_id = $2 WHERE workspace_id = $1 AND contact_id = $3",
        "UPDATE audience_list_members SET contact_id = $2 WHERE workspace_id = $1 AND contact_id = $3 AND NOT EXISTS
           (SELECT 1 FROM audience_list_members t WHERE t.workspace_id = $1 AND t.contact_id = $2
              AND t.list_id = audience_list_members.list_id)",
    ] {
        sql(text)
            .bind(workspace)
            .bind(survivor)
            .bind(other)
            .execute(tx)
            .await?;
    }
    let doubled = sql("DELETE FROM audience_list_members WHERE workspace_id = $1 AND contact_id = $2 RETURNING list_id")
        .bind(workspace)
        .bind(other)
        .fetch_all(tx)
        .await?;
    for row in &doubled {
        let list: ListId = row.id(0)?;
        sql("UPDATE audience_lists SET members = members - 1 WHERE workspace_id = $1 AND id = $2")
            .bind(workspace)
            .bind(list)
            .execute(tx)
            .await?;
    }
    Ok(())
}
