//! The work on deliveries: what is due, claimed under a lease, ended.

use std::time::Duration;

use wigwag_model::endpoint::{Form, again, rest};
use wigwag_model::{DeliveryId, EndpointId, Timestamp, WorkspaceId};

use super::write::gone;
use crate::tx::Subject;
use crate::{Db, Dialect, Error, Priority, Result, Row, Tx, sql};

/// An endpoint with something to tell it, now or later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// The endpoint.
    pub endpoint: EndpointId,
    /// Its address.
    pub url: String,
    /// In which form it is told.
    pub form: Form,
    /// Failures since the last success.
    pub failures: i64,
    /// Not before: its first delivery is due, and its rest is over.
    pub at: Timestamp,
}

/// The endpoints that have something to be told.
///
/// # Errors
/// What the database says.
pub async fn due(db: &Db) -> Result<Vec<Due>> {
    let rows = sql(
        "SELECT q.workspace_id, q.id, q.url, q.form, q.failures, q.rest_until, q.due_at FROM (
            SELECT e.workspace_id, e.id, e.url, e.form, e.failures, e.rest_until,
                (SELECT MIN(d.due_at) FROM endpoint_deliveries d
                 WHERE d.workspace_id = e.workspace_id AND d.endpoint_id = e.id AND d.state = 'waiting') AS due_at
            FROM feeds f JOIN endpoints e ON e.workspace_id = f.workspace_id
            WHERE f.endpoints > 0 AND e.state = 'on') q
         WHERE q.due_at IS NOT NULL ORDER BY q.due_at",
    )
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter()
        .map(|row| {
            let form = Form::parse(&row.text(3)?).ok_or(Error::Inconsistent {
                table: "endpoints",
                column: "form",
            })?;
            Ok(Due {
                workspace: row.id(0)?,
                endpoint: row.id(1)?,
                url: row.text(2)?,
                form,
                failures: row.int(4)?,
                at: row.time(6)?.max(row.opt_time(5)?.unwrap_or_default()),
            })
        })
        .collect()
}

/// A delivery that a process holds until its lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// The endpoint.
    pub endpoint: EndpointId,
    /// Its id.
    pub id: DeliveryId,
    /// What is told.
    pub body: String,
    /// Which try this is, from 1.
    pub try_no: i64,
}

/// Claims deliveries of an endpoint that are due, the longest due first, until `now` plus `lease`,
/// for the process `owner`.
///
/// # Errors
/// What the database says.
pub async fn claim(
    db: &Db,
    due: &Due,
    owner: &str,
    now: Timestamp,
    lease: Duration,
    limit: usize,
) -> Result<Vec<Claimed>> {
    let (workspace, endpoint, owner) = (due.workspace, due.endpoint, owner.to_owned());
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let text = match tx.dialect() {
                // SQLite has one writer: nobody else can be claiming.
                Dialect::Sqlite => {
                    "UPDATE endpoint_deliveries SET tries = tries + 1, due_at = $4, claimed_by = $5
                     WHERE workspace_id = $1 AND id IN (SELECT d.id FROM endpoint_deliveries d
                        WHERE d.workspace_id = $1 AND d.endpoint_id = $2 AND d.state = 'waiting' AND d.due_at <= $3
                        ORDER BY d.due_at LIMIT $6)
                     RETURNING id, body, tries, seq"
                }
                // Materialised: the planner must not run the locking part twice.
                Dialect::Postgres => {
                    "WITH due AS MATERIALIZED (SELECT d.id FROM endpoint_deliveries d
                        WHERE d.workspace_id = $1 AND d.endpoint_id = $2 AND d.state = 'waiting' AND d.due_at <= $3
                        ORDER BY d.due_at LIMIT $6 FOR UPDATE SKIP LOCKED)
                     UPDATE endpoint_deliveries SET tries = endpoint_deliveries.tries + 1, due_at = $4, claimed_by = $5
                     FROM due WHERE endpoint_deliveries.workspace_id = $1 AND endpoint_deliveries.id = due.id
                     RETURNING endpoint_deliveries.id, body, tries, seq"
                }
            };
            let mut rows = sql(text)
                .bind(workspace)
                .bind(endpoint)
                .bind(now)
                .bind(now.plus(lease))
                .bind(owner)
                .bind(limit)
                .fetch_all(tx)
                .await?
                .iter()
                .map(|row| Ok((row.int(3)?, claimed(row, workspace, endpoint)?)))
                .collect::<Result<Vec<_>>>()?;
            rows.sort_by_key(|(seq, _)| *seq);
            Ok(rows.into_iter().map(|(_, claimed)| claimed).collect())
        })
    })
    .await
}

fn claimed(row: &Row, workspace: WorkspaceId, endpoint: EndpointId) -> Result<Claimed> {
    Ok(Claimed {
        workspace,
        endpoint,
        id: row.id(0)?,
        body: row.text(1)?,
        try_no: row.int(2)?,
    })
}

/// How a try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It was taken.
    Delivered,
    /// It was not; how long the endpoint wants us to wait.
    Failed {
        /// `Retry-After`.
        asked: Option<Duration>,
        /// From 0 to 1,000: how much earlier or later the next try is.
        jitter: u32,
    },
    /// The endpoint is gone for good, and is switched off.
    Gone,
}

/// A try with its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// What was claimed.
    pub claimed: Claimed,
    /// How it ended.
    pub end: End,
    /// The same in a word: `2xx`, `5xx`, `timeout`, …
    pub outcome: &'static str,
    /// How long it took, in microseconds.
    pub took_us: i64,
    /// When it ended.
    pub at: Timestamp,
}

/// Records how a try ended: the delivery is over, or waits for its next try; when it is over the
/// next of its topic waits. What was delivered is recorded whoever holds it by now; a failure only
/// while it is held.
///
/// # Errors
/// What the database says.
pub async fn finish(db: &Db, finished: Finished) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move { finish_in(tx, &finished).await })
    })
    .await
}

async fn finish_in(tx: &mut Tx, finished: &Finished) -> Result<()> {
    let claimed = &finished.claimed;
    let (workspace, endpoint) = (claimed.workspace, claimed.endpoint);
    if finished.end == End::Gone {
        gone(tx, workspace, endpoint).await?;
    }
    // The endpoint's row first: what is spread meanwhile waits, and finds what is written here.
    let next = match finished.end {
        End::Delivered => {
            sql("UPDATE endpoints SET failures = 0, failing_since = NULL, rest_until = NULL, last_success_at = $3
                 WHERE workspace_id = $1 AND id = $2")
                .bind(workspace)
                .bind(endpoint)
                .bind(finished.at)
                .execute(tx)
                .await?;
            None
        }
        End::Failed { asked, jitter } => {
            failed(tx, finished, asked).await?;
            again(claimed.try_no, jitter, asked)
        }
        End::Gone => {
            failed(tx, finished, None).await?;
            // It is told when somebody switches the endpoint on again.
            again(claimed.try_no.min(1), 500, None)
        }
    };
    let (state, due, ended) = match (finished.end, next) {
        (End::Delivered, _) => ("delivered", finished.at, Some(finished.at)),
        (_, Some(wait)) => ("waiting", finished.at.plus(wait), None),
        (_, None) => ("given_up", finished.at, Some(finished.at)),
    };
    let held = if finished.end == End::Delivered {
        None
    } else {
        Some(claimed.try_no)
    };
    let row = sql(
        "UPDATE endpoint_deliveries SET state = $4, due_at = $5, ended_at = $6, claimed_by = NULL, outcome = $7, took_us = $8, tried_at = $9
         WHERE workspace_id = $1 AND id = $2 AND state = 'waiting' AND tries = COALESCE($3, tries)
         RETURNING topic",
    )
    .bind(workspace)
    .bind(claimed.id)
    .bind(held)
    .bind(state)
    .bind(due)
    .bind(ended)
    .bind(finished.outcome)
    .bind(finished.took_us)
    .bind(finished.at)
    .fetch_optional(tx)
    .await?;
    if let (Some(row), Some(at)) = (row, ended) {
        follow(tx, workspace, endpoint, row.id(0)?, at).await?;
    }
    Ok(())
}

/// Counts a failure, and lets an endpoint rest that fails again and again.
async fn failed(tx: &mut Tx, finished: &Finished, asked: Option<Duration>) -> Result<()> {
    let (workspace, endpoint) = (finished.claimed.workspace, finished.claimed.endpoint);
    let row = sql(
        "UPDATE endpoints SET failures = failures + 1, failing_since = COALESCE(failing_since, $3)
                   WHERE workspace_id = $1 AND id = $2 RETURNING failures, failing_since",
    )
    .bind(workspace)
    .bind(endpoint)
    .bind(finished.at)
    .fetch_one(tx)
    .await?;
    let failing = finished.at.since(row.time(1)?);
    let rest = rest(row.int(0)?, failing, asked);
    if !rest.is_zero() {
        sql("UPDATE endpoints SET rest_until = $3 WHERE workspace_id = $1 AND id = $2")
            .bind(workspace)
            .bind(endpoint)
            .bind(finished.at.plus(rest))
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Lets the next of a topic wait, now that none before it is open.
async fn follow(
    tx: &mut Tx,
    workspace: WorkspaceId,
    endpoint: EndpointId,
    topic: Subject,
    at: Timestamp,
) -> Result<()> {
    sql("UPDATE endpoint_deliveries SET state = 'waiting', due_at = $4 WHERE workspace_id = $1 AND id = (
            SELECT d.id FROM endpoint_deliveries d
            WHERE d.workspace_id = $1 AND d.endpoint_id = $2 AND d.topic = $3 AND d.ended_at IS NULL
            ORDER BY d.seq LIMIT 1) AND state = 'queued'")
        .bind(workspace)
        .bind(endpoint)
        .bind(topic.0)
        .bind(at)
        .execute(tx)
        .await?;
    Ok(())
}

/// Gives back what a process held that went away, or goes: it is due now and was not tried.
///
/// # Errors
/// What the database says.
pub async fn release(db: &Db, owner: &str) -> Result<u64> {
    let owner = owner.to_owned();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            sql(
                "UPDATE endpoint_deliveries SET due_at = $2, tries = tries - 1, claimed_by = NULL
                 WHERE claimed_by = $1 AND state = 'waiting'",
            )
            .bind(owner)
            .bind(now)
            .execute(tx)
            .await
        })
    })
    .await
}

/// Gives up deliveries that were written before an instant and are still to be told, at most 500.
///
/// # Errors
/// What the database says.
pub async fn expire(db: &Db, before: Timestamp) -> Result<u64> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let old = sql(
                "SELECT workspace_id, endpoint_id, id FROM endpoint_deliveries
                 WHERE created_at < $1 AND ended_at IS NULL ORDER BY workspace_id, endpoint_id LIMIT 500",
            )
            .bind(before)
            .fetch_all(tx)
            .await?;
            for row in &old {
                let (workspace, endpoint): (WorkspaceId, EndpointId) = (row.id(0)?, row.id(1)?);
                let id: DeliveryId = row.id(2)?;
                sql("UPDATE endpoints SET failures = failures WHERE workspace_id = $1 AND id = $2")
                    .bind(workspace)
                    .bind(endpoint)
                    .execute(tx)
                    .await?;
                let ended = sql(
                    "UPDATE endpoint_deliveries SET state = 'given_up', ended_at = $3, claimed_by = NULL
                     WHERE workspace_id = $1 AND id = $2 AND ended_at IS NULL RETURNING topic",
                )
                .bind(workspace)
                .bind(id)
                .bind(now)
                .fetch_optional(tx)
                .await?;
                if let Some(row) = ended {
                    follow(tx, workspace, endpoint, row.id(0)?, now).await?;
                }
            }
            Ok(u64::try_from(old.len()).unwrap_or(u64::MAX))
        })
    })
    .await
}

/// Forgets deliveries that are over and were written before an instant, at most 2,000.
///
/// # Errors
/// What the database says.
pub async fn sweep(db: &Db, before: Timestamp) -> Result<u64> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            sql("DELETE FROM endpoint_deliveries WHERE (workspace_id, id) IN
                 (SELECT workspace_id, id FROM endpoint_deliveries WHERE created_at < $1 AND ended_at IS NOT NULL
                  ORDER BY created_at LIMIT 2000)")
                .bind(before)
                .execute(tx)
                .await
        })
    })
    .await
}
