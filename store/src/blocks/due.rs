//! What Meta is to be asked: found, and claimed for one number at a time.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use wigwag_model::{ContactId, NumberId, Timestamp, WabaId, WorkspaceId};

use super::address::{self, IS_ADDRESS};
use crate::ingest::locking;
use crate::{Batch, Db, Dialect, Priority, Result, Tx, sql, sql_owned, sql_rows, sql_rows_owned};

/// Rows that are found or claimed at a time: a call to Meta takes 1,000 people.
const ROWS: i64 = 500;

/// Somebody whom Meta is to block or to let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The contact.
    pub contact: ContactId,
    /// A WhatsApp id, or a business-scoped user id.
    pub address: String,
    /// When they last wrote to the number, as known when this was claimed.
    pub heard_at: Option<Timestamp>,
    /// Which try this is, from 1.
    pub try_no: i64,
}

/// What to ask Meta of one number's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The number.
    pub number: NumberId,
    /// Meta's id of the number.
    pub phone_number_id: String,
    /// The account whose token is used.
    pub waba: WabaId,
    /// Whether to block them, or to let them in.
    pub block: bool,
    /// At most 500 people.
    pub people: Vec<Person>,
}

/// When Meta is to be asked next.
///
/// # Errors
/// What the database says.
pub async fn next_due(db: &Db) -> Result<Option<Timestamp>> {
    sql("SELECT MIN(due_at) FROM blocks WHERE due_at IS NOT NULL")
        .fetch_one(&mut db.reader().await?)
        .await?
        .opt_time(0)
}

/// Finds who has become due without anybody's doing: those who wait and have written since, and blocked people
/// who have a conversation with a number, or an address, that they had not. Answers how many; asked again, it
/// finds the rest.
///
/// # Errors
/// What the database says.
pub async fn find(db: &Db) -> Result<usize> {
    // Reading first: whoever finds nothing need not wait for a turn with the writer.
    let mut on = db.reader().await?;
    let heard = sql(
        "SELECT b.workspace_id, b.number_id, b.address FROM blocks b CROSS JOIN conversations v
         WHERE b.heard_at IS NOT NULL AND v.workspace_id = b.workspace_id AND v.contact_id = b.contact_id
           AND v.number_id = b.number_id AND v.last_inbound_at > b.heard_at LIMIT $1",
    )
    .bind(ROWS)
    .fetch_all(&mut on)
    .await?
    .iter()
    .map(|row| Ok((row.id(0)?, row.id(1)?, row.text(2)?)))
    .collect::<Result<Vec<(WorkspaceId, NumberId, String)>>>()?;
    let missing = sql_owned(format!(
        "SELECT DISTINCT p.workspace_id, p.id FROM contacts p CROSS JOIN conversations v CROSS JOIN contact_identities i
         WHERE p.blocked_at IS NOT NULL AND p.merged_into IS NULL
           AND v.workspace_id = p.workspace_id AND v.contact_id = p.id
           AND i.workspace_id = p.workspace_id AND i.contact_id = p.id AND {IS_ADDRESS}
           AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.workspace_id = v.workspace_id AND b.number_id = v.number_id
                 AND b.address = i.value AND b.contact_id = p.id)
         LIMIT $1"
    ))
    .bind(ROWS)
    .fetch_all(&mut on)
    .await?;
    drop(on);
    let mut people: BTreeMap<WorkspaceId, Vec<ContactId>> = BTreeMap::new();
    for row in &missing {
        people.entry(row.id(0)?).or_default().push(row.id(1)?);
    }
    let found = heard.len() + missing.len();
    if found == 0 {
        return Ok(0);
    }
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            wake(tx, &heard).await?;
            for (workspace, ids) in &people {
                let blocked = still_blocked(tx, *workspace, ids).await?;
                address::insert(tx, *workspace, &blocked).await?;
            }
            Ok(found)
        })
    })
    .await
}

async fn wake(tx: &mut Tx, rows: &[(WorkspaceId, NumberId, String)]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let now = tx.mint().now();
    let batch = Batch::new()
        .ids("workspace_id", rows.iter().map(|row| row.0))
        .ids("number_id", rows.iter().map(|row| row.1))
        .texts("address", rows.iter().map(|row| row.2.as_str()));
    sql_rows(
        "UPDATE blocks SET due_at = $1, heard_at = NULL, tries = 0 FROM {rows}
         WHERE blocks.workspace_id = r.workspace_id AND blocks.number_id = r.number_id AND blocks.address = r.address
           AND blocks.heard_at IS NOT NULL",
        batch,
    )
    .bind(now)
    .execute(tx)
    .await
    .map(drop)
}

/// Those of the contacts who are blocked; on PostgreSQL they are held, as whoever blocks holds them.
async fn still_blocked(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[ContactId],
) -> Result<Vec<ContactId>> {
    let text = locking(
        "SELECT p.id FROM {rows} JOIN contacts p ON p.workspace_id = {$1} AND p.id = r.id
         WHERE p.blocked_at IS NOT NULL AND p.merged_into IS NULL",
        tx.dialect(),
        "p.id",
        "p",
    );
    let rows = sql_rows_owned(text, Batch::new().ids("id", ids.iter().copied()))
        .bind(workspace)
        .fetch_all(tx)
        .await?;
    rows.iter().map(|row| row.id(0)).collect()
}

/// Claims what is due longest, of one number and one wish, until `now` plus `lease`. Nothing when nothing is due
/// or somebody else holds it. Whoever dies gives it back with the end of the lease.
///
/// # Errors
/// What the database says.
pub async fn claim(db: &Db, now: Timestamp, lease: Duration) -> Result<Option<Asked>> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            // SQLite has one writer: nobody else can be claiming.
            let first = match tx.dialect() {
                Dialect::Sqlite => {
                    "SELECT workspace_id, number_id, wanted FROM blocks WHERE due_at <= $1 ORDER BY due_at LIMIT 1"
                }
                Dialect::Postgres => {
                    "SELECT workspace_id, number_id, wanted FROM blocks WHERE due_at <= $1 ORDER BY due_at LIMIT 1
                     FOR UPDATE SKIP LOCKED"
                }
            };
            let Some(first) = sql(first).bind(now).fetch_optional(tx).await? else {
                return Ok(None);
            };
            let (workspace, number): (WorkspaceId, NumberId) = (first.id(0)?, first.id(1)?);
            let block = first.bool(2)?;
            let people = claimed(tx, workspace, number, block, now, now.plus(lease)).await?;
            let place = sql("SELECT phone_number_id, waba FROM numbers WHERE workspace_id = $1 AND id = $2")
                .bind(workspace)
                .bind(number)
                .fetch_one(tx)
                .await?;
            Ok(Some(Asked {
                workspace,
                number,
                phone_number_id: place.text(0)?,
                waba: place.id(1)?,
                block,
                people,
            }))
        })
    })
    .await
}

async fn claimed(
    tx: &mut Tx,
    workspace: WorkspaceId,
    number: NumberId,
    block: bool,
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<Person>> {
    let text = match tx.dialect() {
        Dialect::Sqlite => {
            "UPDATE blocks SET tries = tries + 1, unsure = 1, due_at = $5
             WHERE workspace_id = $1 AND number_id = $2 AND address IN (
                SELECT b.address FROM blocks b WHERE b.workspace_id = $1 AND b.number_id = $2 AND b.wanted = $3 AND b.due_at <= $4
                ORDER BY b.address LIMIT $6)
             RETURNING contact_id, address, tries"
        }
        Dialect::Postgres => {
            // Materialised: the planner must not run the locking part twice.
            "WITH due AS MATERIALIZED (
                SELECT b.address FROM blocks b WHERE b.workspace_id = $1 AND b.number_id = $2 AND b.wanted = $3 AND b.due_at <= $4
                ORDER BY b.address LIMIT $6 FOR UPDATE SKIP LOCKED)
             UPDATE blocks SET tries = blocks.tries + 1, unsure = 1, due_at = $5 FROM due
             WHERE blocks.workspace_id = $1 AND blocks.number_id = $2 AND blocks.address = due.address
             RETURNING contact_id, blocks.address, tries"
        }
    };
    let rows = sql(text)
        .bind(workspace)
        .bind(number)
        .bind(block)
        .bind(now)
        .bind(until)
        .bind(ROWS)
        .fetch_all(tx)
        .await?;
    let mut people = rows
        .iter()
        .map(|row| {
            Ok(Person {
                contact: row.id(0)?,
                address: row.text(1)?,
                heard_at: None,
                try_no: row.int(2)?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let heard = sql_rows(
        "SELECT v.contact_id, v.last_inbound_at FROM {rows}
         JOIN conversations v ON v.workspace_id = {$1} AND v.contact_id = r.id AND v.number_id = $2",
        Batch::new().ids("id", people.iter().map(|person| person.contact)),
    )
    .bind(workspace)
    .bind(number)
    .fetch_all(tx)
    .await?;
    let heard = heard
        .iter()
        .map(|row| Ok((row.id(0)?, row.opt_time(1)?)))
        .collect::<Result<HashMap<ContactId, Option<Timestamp>>>>()?;
    for person in &mut people {
        person.heard_at = heard.get(&person.contact).copied().flatten();
    }
    Ok(people)
}
