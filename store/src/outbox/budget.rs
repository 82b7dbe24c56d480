//! Meta's limit of people that a portfolio writes to first in 24 hours.
//!
//! Places are rows; how many are taken is read from counts by five minutes, of which a day has 288,
//! so that a claim costs the same whether ten people were written to or a hundred thousand. Our
//! count is a lower bound: other tools may write to the same people, and Meta's answer rules.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use wigwag_model::{ContactId, Kind, NumberId, PortfolioId, Timestamp, WorkspaceId, window};

use super::claim::Candidate;
use crate::{Batch, Db, Result, Row, Tx, sql, sql_rows};

/// The span over which Meta counts.
const SPAN: Duration = Duration::from_hours(24);
/// The grain of the counts: places become free up to so much later than Meta says.
pub const BUCKET: Duration = Duration::from_mins(5);
const BUCKET_US: i64 = 300_000_000;

fn bucket(at: Timestamp) -> i64 {
    at.as_micros() - at.as_micros().rem_euclid(BUCKET_US)
}

/// Takes places for templates to people who have no open window, and puts off what does not fit.
pub(super) async fn budget(
    tx: &mut Tx,
    workspace: WorkspaceId,
    now: Timestamp,
    mut allowed: Vec<Candidate>,
) -> Result<(Vec<Candidate>, usize)> {
    let counted = |row: &Candidate| {
        row.kind == Kind::Template && !window::is_open(row.facts.window_closes_at, now)
    };
    let Some((portfolio, limit)) = allowed
        .iter()
        .filter(|row| counted(row))
        .find_map(|row| row.facts.portfolio.zip(row.facts.messaging_limit))
    else {
        return Ok((allowed, 0));
    };
    let since = now.minus(SPAN);
    let people = allowed
        .iter()
        .filter(|row| counted(row))
        .map(|row| row.claimed.contact);
    let known = known(tx, workspace, portfolio, people).await?;
    let mut inside: BTreeSet<ContactId> = known
        .iter()
        .filter(|(_, first)| **first > since)
        .map(|(contact, _)| *contact)
        .collect();
    let (taken, again) = taken(tx, workspace, portfolio, now).await?;
    let mut left = (limit - taken).max(0);
    let mut fresh = Vec::new();
    let mut late = Vec::new();
    allowed.retain_mut(|row| {
        if !counted(row) || inside.contains(&row.claimed.contact) {
            return true;
        }
        if left == 0 {
            late.push(row.claimed.message);
            return false;
        }
        left -= 1;
        inside.insert(row.claimed.contact);
        fresh.push(row.claimed.contact);
        row.claimed.reserved = true;
        true
    });
    if !fresh.is_empty() {
        let mut changes = BTreeMap::from([(
            (workspace, portfolio, bucket(now)),
            i64::try_from(fresh.len()).unwrap_or(i64::MAX),
        )]);
        for contact in &fresh {
            // A place of a day before, which begins anew.
            if let Some(first) = known.get(contact) {
                *changes
                    .entry((workspace, portfolio, bucket(*first)))
                    .or_default() -= 1;
            }
        }
        sql_rows(
            "INSERT INTO portfolio_budget (workspace_id, portfolio, contact_id, first_at)
             SELECT $1, $2, r.id, $3 FROM {rows} WHERE true
             ON CONFLICT (workspace_id, portfolio, contact_id) DO UPDATE SET first_at = excluded.first_at",
            Batch::new().ids("id", fresh),
        )
        .bind(workspace)
        .bind(portfolio)
        .bind(now)
        .execute(tx)
        .await?;
        count(tx, changes).await?;
    }
    if !late.is_empty() {
        sql_rows(
            "UPDATE outbox SET due_at = $2 FROM {rows} WHERE outbox.workspace_id = {$1} AND outbox.message_id = r.id",
            Batch::new().ids("id", late.iter().copied()),
        )
        .bind(workspace)
        .bind(again)
        .execute(tx)
        .await?;
    }
    Ok((allowed, late.len()))
}

/// When the places of these people began.
async fn known(
    tx: &mut Tx,
    workspace: WorkspaceId,
    portfolio: PortfolioId,
    people: impl Iterator<Item = ContactId>,
) -> Result<BTreeMap<ContactId, Timestamp>> {
    let rows = sql_rows(
        "SELECT p.contact_id, p.first_at FROM {rows} JOIN portfolio_budget p
           ON p.workspace_id = {$1} AND p.portfolio = $2 AND p.contact_id = r.id",
        Batch::new().ids("id", people),
    )
    .bind(workspace)
    .bind(portfolio)
    .fetch_all(tx)
    .await?;
    rows.iter()
        .map(|row| Ok((row.id(0)?, row.time(1)?)))
        .collect()
}

/// How many places are taken, and when the next ones become free.
async fn taken(
    tx: &mut Tx,
    workspace: WorkspaceId,
    portfolio: PortfolioId,
    now: Timestamp,
) -> Result<(i64, Timestamp)> {
    let row = sql(
        "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT), MIN(bucket) FROM portfolio_budget_counts
                   WHERE workspace_id = $1 AND portfolio = $2 AND bucket > $3 AND n > 0",
    )
    .bind(workspace)
    .bind(portfolio)
    .bind(now.minus(SPAN + BUCKET))
    .fetch_one(tx)
    .await?;
    let oldest = row.opt_time(1)?.unwrap_or(now);
    Ok((row.int(0)?, oldest.plus(SPAN + BUCKET)))
}

type Changes = BTreeMap<(WorkspaceId, PortfolioId, i64), i64>;

async fn count(tx: &mut Tx, changes: Changes) -> Result<()> {
    let rows = Batch::new()
        .ids("workspace_id", changes.keys().map(|key| key.0))
        .ids("portfolio", changes.keys().map(|key| key.1))
        .ints("bucket", changes.keys().map(|key| key.2))
        .ints("n", changes.values().copied());
    sql_rows(
        "INSERT INTO portfolio_budget_counts (workspace_id, portfolio, bucket, n)
         SELECT r.workspace_id, r.portfolio, r.bucket, r.n FROM {rows} WHERE true
         ON CONFLICT (workspace_id, portfolio, bucket) DO UPDATE SET n = portfolio_budget_counts.n + excluded.n",
        rows,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Counts places that were deleted; the rows are `workspace_id, portfolio, first_at`.
pub(crate) async fn uncount(tx: &mut Tx, gone: &[Row]) -> Result<()> {
    if gone.is_empty() {
        return Ok(());
    }
    let mut changes = Changes::new();
    for row in gone {
        let key = (row.id(0)?, row.id(1)?, bucket(row.time(2)?));
        *changes.entry(key).or_default() -= 1;
    }
    count(tx, changes).await
}

/// How many people the portfolio of a number has begun to write to in the last 24 hours.
///
/// # Errors
/// What the database says.
pub async fn budget_used(db: &Db, workspace: WorkspaceId, number: NumberId) -> Result<i64> {
    sql("SELECT CAST(COALESCE(SUM(c.n), 0) AS BIGINT) FROM numbers n
         JOIN wabas w ON w.workspace_id = n.workspace_id AND w.id = n.waba
         JOIN portfolio_budget_counts c ON c.workspace_id = w.workspace_id AND c.portfolio = w.portfolio
         WHERE n.workspace_id = $1 AND n.id = $2 AND c.bucket > $3 AND c.n > 0")
    .bind(workspace)
    .bind(number)
    .bind(db.mint().now().minus(SPAN + BUCKET))
    .fetch_one(&mut db.reader().await?)
    .await?
    .int(0)
}
