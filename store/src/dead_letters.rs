//! Items of webhooks that could not be applied, kept with the reason until someone replays or
//! discards them.

use wigwag_model::{DeadLetterId, Timestamp, WorkspaceId};

use crate::{Batch, Db, Error, Priority, Result, Row, Tx, sql, sql_rows};

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
    /// A stable key: `unknown_route`, `unreadable`, `unknown_shape`, `failed`.
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
        reason: row.text(3)?,
        detail: row.text(4)?,
        item: row.bytes(5)?,
        state: row.text(6)?,
        tries: row.int(7)?,
        received_at: row.time(8)?,
    })
}

/// A page, newest first, of those in `state` that belong to the workspace or to no workspace but
/// one of its apps.
///
/// # Errors
/// What the database says.
pub async fn list(
    db: &Db,
    workspace: WorkspaceId,
    state: &str,
    before: Option<(Timestamp, DeadLetterId)>,
    limit: i64,
) -> Result<Vec<DeadLetter>> {
    let (at, id) = match before {
        Some((at, id)) => (at, wigwag_model::id::Id::uuid(id)),
        None => (Timestamp::from_micros(i64::MAX), uuid::Uuid::max()),
    };
    let rows = sql(
        "SELECT d.id, d.workspace_id, d.app_id, d.reason, d.detail, d.item, d.state, d.tries, d.received_at
         FROM dead_letters d
         WHERE d.state = $2 AND (d.received_at, d.id) < ($3, $4)
           AND (d.workspace_id = $1 OR (d.workspace_id IS NULL
                AND EXISTS (SELECT 1 FROM wabas w WHERE w.workspace_id = $1 AND w.app_id = d.app_id)))
         ORDER BY d.received_at DESC, d.id DESC LIMIT $5",
    )
    .bind(workspace)
    .bind(state)
    .bind(at)
    .bind(id)
    .bind(limit)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter().map(read).collect()
}

/// One that the workspace may see, see [`list`].
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(db: &Db, workspace: WorkspaceId, id: DeadLetterId) -> Result<DeadLetter> {
    let row = sql(
        "SELECT d.id, d.workspace_id, d.app_id, d.reason, d.detail, d.item, d.state, d.tries, d.received_at
         FROM dead_letters d
         WHERE d.id = $2 AND (d.workspace_id = $1 OR (d.workspace_id IS NULL
                AND EXISTS (SELECT 1 FROM wabas w WHERE w.workspace_id = $1 AND w.app_id = d.app_id)))",
    )
    .bind(workspace)
    .bind(id)
    .fetch_one(&mut db.reader().await?)
    .await?;
    read(&row)
}

/// Counts a replay and says how it went.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn replayed(tx: &mut Tx, id: DeadLetterId, done: bool, detail: &str) -> Result<()> {
    let now = tx.mint().now();
    let changed = sql(
        "UPDATE dead_letters SET tries = tries + 1, state = CASE WHEN $2 = 1 THEN 'replayed' ELSE state END,
            detail = CASE WHEN $2 = 1 THEN detail ELSE $3 END, changed_at = $4 WHERE id = $1",
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
        Err(Error::NotFound)
    }
}

/// Keeps one item outside a batch, in a transaction of its own, and moves the lane's cursor past
/// the entry that it came from.
///
/// # Errors
/// [`Error::Stale`] when the cursor has moved.
pub async fn bury(db: &Db, step: crate::ingest::Step, letter: NewDeadLetter) -> Result<()> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            crate::journal::advance(tx, step.partition, step.lane, step.from, step.to).await?;
            insert(tx, &[letter]).await
        })
    })
    .await
}
