//! The journal: raw webhook bodies, append-only, in commit order.
//!
//! Appending takes the partition's counter row, so that no number becomes visible before a lower
//! one; a reader that has seen a number has seen all before it.

use bytes::Bytes;
use wigwag_model::Timestamp;

use crate::db::Alone;
use crate::{Batch, Db, Error, Priority, Result, Tx, sql, sql_owned, sql_rows};

/// The lane that applies messages, preferences and whatever moves people.
pub const MESSAGES: i64 = 1;
/// The lane that applies statuses.
pub const STATUSES: i64 = 2;
/// The lane that applies everything else: templates, numbers, accounts.
pub const REST: i64 = 4;
/// Every lane.
pub const LANES: [i64; 3] = [MESSAGES, STATUSES, REST];

/// A body to append.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Meta's id of the app whose secret signed it.
    pub app: String,
    /// Bits of the lanes that have something to do in it.
    pub class: i64,
    /// When it arrived.
    pub received_at: Timestamp,
    /// The raw body.
    pub body: Bytes,
}

/// A body read back.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its number in the partition.
    pub seq: i64,
    /// Meta's id of the app.
    pub app: String,
    /// Bits of the lanes that have something to do in it.
    pub class: i64,
    /// When it arrived.
    pub received_at: Timestamp,
    /// The raw body.
    pub body: Vec<u8>,
}

/// A stretch of the journal as one lane sees it.
#[derive(Debug, Clone)]
pub struct Stretch {
    /// The last number that was looked at; the cursor goes here.
    pub to: i64,
    /// The entries in it that concern the lane, in order.
    pub entries: Vec<Stored>,
}

/// Entries that one look at the journal may pass over.
const GLANCE: i64 = 2_000;

/// Rows per statement on SQLite: few sizes, so that each stays prepared.
const CHUNKS: [usize; 4] = [128, 32, 8, 1];

/// Makes the partition and its cursors known; does nothing when they are.
///
/// # Errors
/// What the database says.
pub async fn open_partition(db: &Db, partition: i64) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("INSERT INTO journal_partitions (partition, next_seq) VALUES ($1, 1) ON CONFLICT DO NOTHING")
                .bind(partition)
                .execute(tx)
                .await?;
            let lanes = Batch::new().ints("lane", LANES);
            sql_rows(
                "INSERT INTO journal_cursors (partition, lane, seq) SELECT $1, r.lane, 0 FROM {rows} WHERE true ON CONFLICT DO NOTHING",
                lanes,
            )
            .bind(partition)
            .execute(tx)
            .await?;
            Ok(())
        })
    })
    .await
}

/// Appends bodies and returns once they are durable.
///
/// # Errors
/// [`Error::Busy`] under load; [`Error::NotFound`] before [`open_partition`].
pub async fn append(db: &Db, partition: i64, entries: Vec<Entry>) -> Result<()> {
    if let Some(on) = db.alone().await? {
        return append_at_once(on, partition, entries).await;
    }
    db.write(Priority::Foreground, move |tx| {
        Box::pin(insert(tx, partition, entries))
    })
    .await
}

/// One statement that is a transaction of its own: a single round trip, and the counter's row is
/// locked until its commit just the same.
async fn append_at_once(mut on: Alone, partition: i64, entries: Vec<Entry>) -> Result<()> {
    let wanted = u64::try_from(entries.len()).unwrap_or(u64::MAX);
    let count = i64::try_from(entries.len()).map_err(|_| Error::Busy)?;
    let rows = Batch::new()
        .texts("app_id", entries.iter().map(|entry| entry.app.as_str()))
        .ints("class", entries.iter().map(|entry| entry.class))
        .times("received_at", entries.iter().map(|entry| entry.received_at))
        .bytes("body", entries.iter().map(|entry| entry.body.to_vec()));
    let appended = sql_rows(
        "WITH p AS (
            UPDATE journal_partitions SET next_seq = next_seq + $2 WHERE partition = $1 RETURNING next_seq - $2 AS first
         )
         INSERT INTO journal (partition, seq, app_id, class, received_at, body)
         SELECT $1, p.first + r.ord, r.app_id, r.class, r.received_at, r.body FROM p CROSS JOIN {rows}",
        rows,
    )
    .bind(partition)
    .bind(count)
    .execute(&mut on)
    .await?;
    if appended == wanted {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

async fn insert(tx: &mut Tx, partition: i64, entries: Vec<Entry>) -> Result<()> {
    let count = i64::try_from(entries.len()).map_err(|_| Error::Busy)?;
    let next = sql("UPDATE journal_partitions SET next_seq = next_seq + $2 WHERE partition = $1 RETURNING next_seq")
        .bind(partition)
        .bind(count)
        .fetch_one(tx)
        .await?
        .int(0)?;
    let first = next - count;
    // Bodies are bound as they are: as JSON they would be copied twice and double in size.
    let mut at = 0;
    while at < entries.len() {
        let left = entries.len() - at;
        let size = CHUNKS.into_iter().find(|size| *size <= left).unwrap_or(1);
        let mut statement = sql_owned(insert_text(size)).bind(partition);
        for (offset, entry) in entries[at..at + size].iter().enumerate() {
            let seq = first + i64::try_from(at + offset).unwrap_or(0);
            statement = statement
                .bind(seq)
                .bind(&entry.app)
                .bind(entry.class)
                .bind(entry.received_at)
                .bind(entry.body.as_ref());
        }
        statement.execute(tx).await?;
        at += size;
    }
    Ok(())
}

fn insert_text(rows: usize) -> String {
    let mut text =
        "INSERT INTO journal (partition, seq, app_id, class, received_at, body) VALUES ".to_owned();
    for row in 0..rows {
        let p = 2 + row * 5;
        text.push_str(&format!(
            "{}($1, ${p}, ${}, ${}, ${}, ${})",
            if row == 0 { "" } else { ", " },
            p + 1,
            p + 2,
            p + 3,
            p + 4
        ));
    }
    text
}

/// The partitions that there are.
///
/// # Errors
/// What the database says.
pub async fn partitions(db: &Db) -> Result<Vec<i64>> {
    let rows = sql("SELECT partition FROM journal_partitions ORDER BY partition")
        .fetch_all(&mut db.reader().await?)
        .await?;
    rows.iter().map(|row| row.int(0)).collect()
}

/// How far a lane has got.
///
/// # Errors
/// [`Error::NotFound`] before [`open_partition`].
pub async fn cursor(db: &Db, partition: i64, lane: i64) -> Result<i64> {
    let mut reader = db.reader().await?;
    sql("SELECT seq FROM journal_cursors WHERE partition = $1 AND lane = $2")
        .bind(partition)
        .bind(lane)
        .fetch_one(&mut reader)
        .await?
        .int(0)
}

/// The next entries after `after` that concern the lane, in order: at most `limit` of them, and
/// together at most `bytes` unless the first alone is larger. `None` at the journal's end.
///
/// # Errors
/// What the database says.
pub async fn read(
    db: &Db,
    partition: i64,
    lane: i64,
    after: i64,
    limit: usize,
    bytes: i64,
) -> Result<Option<Stretch>> {
    let mut reader = db.reader().await?;
    // Sizes first: what a lane skips is never loaded, and a batch of large bodies stays small.
    let sizes = sql("SELECT seq, class, length(body) FROM journal
         WHERE partition = $1 AND seq > $2 ORDER BY seq LIMIT $3")
    .bind(partition)
    .bind(after)
    .bind(GLANCE)
    .fetch_all(&mut reader)
    .await?;
    let (mut to, mut count, mut total) = (after, 0, 0);
    for row in &sizes {
        let concerns = row.int(1)? & lane != 0;
        let size = row.int(2)?;
        if concerns && (count == limit || (count > 0 && total + size > bytes)) {
            break;
        }
        if concerns {
            count += 1;
            total += size;
        }
        to = row.int(0)?;
    }
    if to == after {
        return Ok(None);
    }
    if count == 0 {
        let entries = Vec::new();
        return Ok(Some(Stretch { to, entries }));
    }
    let rows = sql("SELECT seq, app_id, class, received_at, body FROM journal
         WHERE partition = $1 AND seq > $2 AND seq <= $3 AND (class & $4) <> 0 ORDER BY seq")
    .bind(partition)
    .bind(after)
    .bind(to)
    .bind(lane)
    .fetch_all(&mut reader)
    .await?;
    let entries = rows
        .iter()
        .map(|row| {
            Ok(Stored {
                seq: row.int(0)?,
                app: row.text(1)?,
                class: row.int(2)?,
                received_at: row.time(3)?,
                body: row.bytes(4)?,
            })
        })
        .collect::<Result<_>>()?;
    Ok(Some(Stretch { to, entries }))
}

/// Moves a lane's cursor inside the transaction that applies what lies between.
///
/// # Errors
/// [`Error::Stale`] when another process has moved it: nothing of this transaction may stay.
pub async fn advance(tx: &mut Tx, partition: i64, lane: i64, from: i64, to: i64) -> Result<()> {
    let moved =
        sql("UPDATE journal_cursors SET seq = $4 WHERE partition = $1 AND lane = $2 AND seq = $3")
            .bind(partition)
            .bind(lane)
            .bind(from)
            .bind(to)
            .execute(tx)
            .await?;
    if moved == 1 {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}

/// How many entries wait in the lane that is furthest behind, and since when the first of them.
///
/// # Errors
/// What the database says.
pub async fn backlog(db: &Db, partition: i64) -> Result<(i64, Option<Timestamp>)> {
    let mut reader = db.reader().await?;
    let row = sql(
        "SELECT p.next_seq - 1 - (SELECT MIN(seq) FROM journal_cursors WHERE partition = $1),
                (SELECT received_at FROM journal j WHERE j.partition = $1
                   AND j.seq = (SELECT MIN(seq) + 1 FROM journal_cursors WHERE partition = $1))
         FROM journal_partitions p WHERE p.partition = $1",
    )
    .bind(partition)
    .fetch_one(&mut reader)
    .await?;
    Ok((row.int(0)?, row.opt_time(1)?))
}

/// Deletes a chunk of applied entries older than `before`; returns how many went.
///
/// # Errors
/// What the database says.
pub async fn sweep(db: &Db, partition: i64, before: Timestamp) -> Result<u64> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            sql(
                "DELETE FROM journal WHERE partition = $1 AND received_at < $2 AND seq IN (
                     SELECT seq FROM journal WHERE partition = $1
                       AND seq <= (SELECT MIN(seq) FROM journal_cursors WHERE partition = $1)
                     ORDER BY seq LIMIT 1000)",
            )
            .bind(partition)
            .bind(before)
            .execute(tx)
            .await
        })
    })
    .await
}
