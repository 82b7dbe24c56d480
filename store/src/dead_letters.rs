//! Items of webhooks that could not be applied, kept with the reason until someone replays or
//! discards them.

use wigwag_model::{DeadLetterId, Timestamp, WorkspaceId};

use crate::{Batch, Db, Error, Executor, Priority, Result, Row, Tx, sql, sql_owned, sql_rows};

/// An item to keep.
#[derive(Debug, Clone)]
pub struct NewDeadLetter {
    /// The workspace, when the route is known.
    pub workspace: Option<WorkspaceId>,
    /// Meta's id of the app.
    pub app: String,
    /// The journal's partition.
    pub partition: i64,
    /// The journal's number.
    pub seq: i64,
    /// The place in the body; -1 for the body as a whole.
    pub index: i64,
    /// A stable key: `unknown_route`, `unreadable`, `unknown_shape`, `unsupported`, `failed`.
    pub reason: &'static str,
    /// Why, in words for an operator, without personal data.
    pub detail: String,
    /// What can be replayed: a body with this item alone.
    pub item: Vec<u8>,
    /// When the body arrived.
    pub received_at: Timestamp,
}

/// A kept item.
#[derive(Debug, Clone)]
pub struct DeadLetter {
    /// Its id.
    pub id: DeadLetterId,
    /// The workspace, when the route was known.
    pub workspace: Option<WorkspaceId>,
    /// Meta's id of the app.
    pub app: String,
    /// The journal's number of the body that it came in.
    pub seq: i64,
    /// The place in that body; -1 for the body as a whole.
    pub index: i64,
    /// The stable key of the reason.
    pub reason: String,
    /// Why, in words.
    pub detail: String,
    /// What can be replayed.
    pub item: Vec<u8>,
    /// `open`, `replayed`, `discarded`.
    pub state: String,
    /// How often it was replayed.
    pub tries: i64,
    /// When the body arrived.
    pub received_at: Timestamp,
}

/// Keeps items; the same item again changes nothing.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &mut Tx, letters: &[NewDeadLetter]) -> Result<()> {
    let now = tx.mint().now();
    let ids: Vec<DeadLetterId> = letters.iter().map(|_| tx.mint().id()).collect();
    let rows = Batch::new()
        .ids("id", ids)
        .opt_ids(
            "workspace_id",
            letters.iter().map(|letter| letter.workspace),
        )
        .texts("app_id", letters.iter().map(|letter| letter.app.as_str()))
        .ints("partition", letters.iter().map(|letter| letter.partition))
        .ints("seq", letters.iter().map(|letter| letter.seq))
        .ints("item_index", letters.iter().map(|letter| letter.index))
        .texts("reason", letters.iter().map(|letter| letter.reason))
        .texts(
            "detail",
            letters.iter().map(|letter| letter.detail.as_str()),
        )
        .bytes("item", letters.iter().map(|letter| letter.item.clone()))
        .times(
            "received_at",
            letters.iter().map(|letter| letter.received_at),
        );
    sql_rows(
        "INSERT INTO dead_letters (id, workspace_id, app_id, partition, journal_seq, item_index, reason, detail, item, state, tries, received_at, changed_at)
         SELECT r.id, r.workspace_id, r.app_id, r.partition, r.seq, r.item_index, r.reason, r.detail, r.item, 'open', 0, r.received_at, $1
         FROM {rows} WHERE true ON CONFLICT DO NOTHING",
        rows,
    )
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

fn read(row: &Row) -> Result<DeadLetter> {
    Ok(DeadLetter {
        id: row.id(0)?,
        workspace: row.opt_id(1)?,
        app: row.text(2)?,
        seq: row.int(3)?,
        index: row.int(4)?,
        reason: row.text(5)?,
        detail: row.text(6)?,
        item: row.bytes(7)?,
        state: row.text(8)?,
        tries: row.int(9)?,
        received_at: row.time(10)?,
    })
}

/// Those that a workspace may see: its own, and those of no workspace that came through an app
/// which it alone uses. What came through a shared app may be about another tenant's people.
const VISIBLE: &str = "SELECT d.id, d.workspace_id, d.app_id, d.journal_seq, d.item_index, d.reason, d.detail, d.item, d.state, d.tries, d.received_at
     FROM dead_letters d
     WHERE (d.workspace_id = $1 OR (d.workspace_id IS NULL
            AND EXISTS (SELECT 1 FROM wabas w WHERE w.workspace_id = $1 AND w.app_id = d.app_id)
            AND NOT EXISTS (SELECT 1 FROM wabas w WHERE w.workspace_id <> $1 AND w.app_id = d.app_id)))";

/// The place of a letter in the list, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Key {
    /// When its body arrived.
    pub received_at: Timestamp,
    /// Its id.
    pub id: DeadLetterId,
}

/// A page, newest first, of those in `state` that the workspace may see, and the place of its
/// last one when there are more.
///
/// # Errors
/// What the database says.
pub async fn list(
    db: &Db,
    workspace: WorkspaceId,
    state: &str,
    before: Option<Key>,
    limit: u32,
) -> Result<(Vec<DeadLetter>, Option<Key>)> {
    let (at, id) = match before {
        Some(key) => (key.received_at, wigwag_model::id::Id::uuid(key.id)),
        None => (Timestamp::from_micros(i64::MAX), uuid::Uuid::max()),
    };
    let rows = sql_owned(format!(
        "{VISIBLE} AND d.state = $2 AND (d.received_at, d.id) < ($3, $4)
         ORDER BY d.received_at DESC, d.id DESC LIMIT $5"
    ))
    .bind(workspace)
    .bind(state)
    .bind(at)
    .bind(id)
    .bind(i64::from(limit) + 1)
    .fetch_all(&mut db.reader().await?)
    .await?;
    let mut letters = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = letters.len() > limit;
    letters.truncate(limit);
    let last = letters.last().filter(|_| more).map(|letter| Key {
        received_at: letter.received_at,
        id: letter.id,
    });
    Ok((letters, last))
}

/// One that the workspace may see, see [`list`].
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    id: DeadLetterId,
) -> Result<DeadLetter> {
    let row = sql_owned(format!("{VISIBLE} AND d.id = $2"))
        .bind(workspace)
        .bind(id)
        .fetch_one(on)
        .await?;
    read(&row)
}

/// How many are open in the whole installation, for the metrics.
///
/// # Errors
/// What the database says.
pub async fn open_count(db: &Db) -> Result<i64> {
    sql("SELECT COUNT(*) FROM dead_letters WHERE state = 'open'")
        .fetch_one(&mut db.reader().await?)
        .await?
        .int(0)
}

/// Puts an open letter away for good.
///
/// # Errors
/// [`Error::NotFound`] when the workspace cannot see it; [`Error::Stale`] when it is not open.
pub async fn discard(db: &Db, workspace: WorkspaceId, id: DeadLetterId) -> Result<DeadLetter> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            get(tx, workspace, id).await?;
            let changed = sql(
                "UPDATE dead_letters SET state = 'discarded', changed_at = $2 WHERE id = $1 AND state = 'open'",
            )
            .bind(id)
            .bind(now)
            .execute(tx)
            .await?;
            if changed == 0 {
                return Err(Error::Stale);
            }
            get(tx, workspace, id).await
        })
    })
    .await
}

/// Counts a replay of an open letter and says how it went.
///
/// # Errors
/// [`Error::Stale`] when it is not open any more.
pub async fn replayed(tx: &mut Tx, id: DeadLetterId, done: bool, detail: &str) -> Result<()> {
    let now = tx.mint().now();
    let changed = sql(
        "UPDATE dead_letters SET tries = tries + 1, state = CASE WHEN $2 = 1 THEN 'replayed' ELSE state END,
            detail = CASE WHEN $2 = 1 THEN detail ELSE $3 END, changed_at = $4
         WHERE id = $1 AND state = 'open'",
    )
    .bind(id)
    .bind(done)
    .bind(detail)
    .bind(now)
    .execute(tx)
    .await?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}
