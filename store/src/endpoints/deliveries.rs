//! Deliveries: written when what happened is spread, listed for people, told again on request.

use std::collections::{BTreeSet, HashSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wigwag_model::id::Id as _;
use wigwag_model::{DeliveryId, EndpointId, Timestamp, WorkspaceId};

use super::read::get_on;
use crate::tx::Subject;
use crate::{Batch, Db, Dialect, Priority, Result, Row, Tx, sql_owned, sql_rows};

/// Something to tell one endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// The endpoint.
    pub endpoint: EndpointId,
    /// The number of what happened.
    pub seq: i64,
    /// Of whom or what it is.
    pub topic: Uuid,
    /// The name of what happened, in the endpoint's form.
    pub kind: String,
    /// The whole body.
    pub body: String,
}

/// A delivery as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id, the same in every try.
    pub id: DeliveryId,
    /// The name of what happened, in the endpoint's form.
    pub kind: String,
    /// `queued`, `waiting`, `delivered` or `given_up`.
    pub state: String,
    /// When it is tried next, while it waits.
    pub due_at: Timestamp,
    /// How often it was tried.
    pub tries: i64,
    /// How the last try ended: `2xx`, `5xx`, `timeout`, …
    pub outcome: Option<String>,
    /// How long the last try took, in microseconds.
    pub took_us: Option<i64>,
    /// When the last try ended.
    pub tried_at: Option<Timestamp>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was delivered or given up.
    pub ended_at: Option<Timestamp>,
    /// What is told; read only for one delivery.
    pub body: Option<String>,
}

/// The place of a delivery in the list: the newest come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Its id.
    pub id: DeliveryId,
}

const COLUMNS: &str =
    "id, kind, state, due_at, tries, outcome, took_us, tried_at, created_at, ended_at";

fn read(row: &Row) -> Result<Delivery> {
    Ok(Delivery {
        id: row.id(0)?,
        kind: row.text(1)?,
        state: row.text(2)?,
        due_at: row.time(3)?,
        tries: row.int(4)?,
        outcome: row.opt_text(5)?,
        took_us: row.opt_int(6)?,
        tried_at: row.opt_time(7)?,
        created_at: row.time(8)?,
        ended_at: row.opt_time(9)?,
        body: None,
    })
}

/// Spreads what happened: deletes the happenings and writes their deliveries. Of two processes that
/// do it at once one finds nothing left. Returns how many deliveries were written.
///
/// # Errors
/// What the database says.
pub async fn spread(
    db: &Db,
    workspace: WorkspaceId,
    seqs: Vec<i64>,
    deliveries: Vec<NewDelivery>,
) -> Result<usize> {
    if seqs.is_empty() {
        return Ok(0);
    }
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let on = lock(tx, workspace, &deliveries).await?;
            let gone = sql_rows(
                "DELETE FROM happenings WHERE workspace_id = $1 AND seq IN (SELECT r.seq FROM {rows}) RETURNING seq",
                Batch::new().ints("seq", seqs),
            )
            .bind(workspace)
            .fetch_all(tx)
            .await?;
            let gone = gone
                .iter()
                .map(|row| row.int(0))
                .collect::<Result<HashSet<i64>>>()?;
            let mut ours: Vec<NewDelivery> = deliveries
                .into_iter()
                .filter(|one| gone.contains(&one.seq) && on.contains(&one.endpoint))
                .collect();
            ours.sort_by_key(|one| one.seq);
            insert(tx, workspace, &ours).await?;
            Ok(ours.len())
        })
    })
    .await
}

/// Locks the endpoints, in the order of their ids; answers those that are on.
async fn lock(
    tx: &mut Tx,
    workspace: WorkspaceId,
    deliveries: &[NewDelivery],
) -> Result<HashSet<EndpointId>> {
    let ids: BTreeSet<EndpointId> = deliveries.iter().map(|one| one.endpoint).collect();
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let text = match tx.dialect() {
        // SQLite has one writer: nobody else can be ending a delivery.
        Dialect::Sqlite => {
            "SELECT e.id FROM {rows} JOIN endpoints e ON e.workspace_id = {$1} AND e.id = r.id WHERE e.state = 'on'"
        }
        Dialect::Postgres => {
            "SELECT e.id FROM {rows} JOIN endpoints e ON e.workspace_id = {$1} AND e.id = r.id WHERE e.state = 'on'
             ORDER BY e.id FOR UPDATE OF e"
        }
    };
    let rows = sql_rows(text, Batch::new().ids("id", ids))
        .bind(workspace)
        .fetch_all(tx)
        .await?;
    rows.iter().map(|row| row.id(0)).collect()
}

async fn insert(tx: &mut Tx, workspace: WorkspaceId, new: &[NewDelivery]) -> Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let topics = || {
        Batch::new()
            .ids("endpoint_id", new.iter().map(|one| one.endpoint))
            .ids("topic", new.iter().map(|one| Subject(one.topic)))
    };
    let open = sql_rows(
        "SELECT r.ord FROM {rows} WHERE EXISTS (SELECT 1 FROM endpoint_deliveries d
            WHERE d.workspace_id = $1 AND d.endpoint_id = r.endpoint_id AND d.topic = r.topic AND d.ended_at IS NULL)",
        topics(),
    )
    .bind(workspace)
    .fetch_all(tx)
    .await?;
    let mut busy: HashSet<(EndpointId, Uuid)> = HashSet::new();
    for row in &open {
        let at = usize::try_from(row.int(0)?).unwrap_or(usize::MAX);
        if let Some(one) = new.get(at) {
            busy.insert((one.endpoint, one.topic));
        }
    }
    let states: Vec<&str> = new
        .iter()
        .map(|one| {
            // The first of its topic goes; the others come after it.
            if busy.insert((one.endpoint, one.topic)) {
                "waiting"
            } else {
                "queued"
            }
        })
        .collect();
    let (now, ids): (_, Vec<DeliveryId>) = (
        tx.mint().now(),
        new.iter().map(|_| tx.mint().id()).collect(),
    );
    let rows = topics()
        .ids("id", ids)
        .ints("seq", new.iter().map(|one| one.seq))
        .texts("kind", new.iter().map(|one| one.kind.as_str()))
        .texts("body", new.iter().map(|one| one.body.as_str()))
        .texts("state", states);
    sql_rows(
        "INSERT INTO endpoint_deliveries (workspace_id, id, endpoint_id, topic, seq, kind, body, state, due_at, tries, created_at)
         SELECT $1, r.id, r.endpoint_id, r.topic, r.seq, r.kind, r.body, r.state, $2, 0, $2 FROM {rows} WHERE true",
        rows,
    )
    .bind(workspace)
    .bind(now)
    .execute(tx)
    .await?;
    tx.wake_endpoints();
    Ok(())
}

/// Writes a delivery that tells nothing but that it came, behind nobody.
///
/// # Errors
/// [`crate::Error::NotFound`] without such an endpoint.
pub async fn test(
    db: &Db,
    workspace: WorkspaceId,
    endpoint: EndpointId,
    kind: &'static str,
    body: String,
) -> Result<Delivery> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            get_on(tx, workspace, endpoint).await?;
            let (id, now): (DeliveryId, _) = (tx.mint().id(), tx.mint().now());
            let row = sql_owned(format!(
                "INSERT INTO endpoint_deliveries (workspace_id, id, endpoint_id, topic, seq, kind, body, state, due_at, tries, created_at)
                 VALUES ($1, $2, $3, $2, 0, $4, $5, 'waiting', $6, 0, $6) RETURNING {COLUMNS}"
            ))
            .bind(workspace)
            .bind(id)
            .bind(endpoint)
            .bind(kind)
            .bind(body)
            .bind(now)
            .fetch_one(tx)
            .await?;
            tx.wake_endpoints();
            read(&row)
        })
    })
    .await
}

/// Tells something again that was delivered or given up: with the same id and body, and behind
/// nobody, because its turn is over.
///
/// # Errors
/// [`crate::Error::NotFound`] without such a delivery; [`crate::Error::Stale`] while it is still to
/// be told.
pub async fn replay(
    db: &Db,
    workspace: WorkspaceId,
    endpoint: EndpointId,
    id: DeliveryId,
) -> Result<Delivery> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            get_on(tx, workspace, endpoint).await?;
            let now = tx.mint().now();
            let row = sql_owned(format!(
                "UPDATE endpoint_deliveries SET topic = id, state = 'waiting', due_at = $4, tries = 0, ended_at = NULL
                 WHERE workspace_id = $1 AND endpoint_id = $2 AND id = $3 AND ended_at IS NOT NULL RETURNING {COLUMNS}"
            ))
            .bind(workspace)
            .bind(endpoint)
            .bind(id)
            .bind(now)
            .fetch_optional(tx)
            .await?;
            let Some(row) = row else {
                one(tx, workspace, endpoint, id).await?;
                return Err(crate::Error::Stale);
            };
            tx.wake_endpoints();
            read(&row)
        })
    })
    .await
}

async fn one(
    on: &mut impl crate::Executor,
    workspace: WorkspaceId,
    endpoint: EndpointId,
    id: DeliveryId,
) -> Result<Delivery> {
    let row = sql_owned(format!(
        "SELECT {COLUMNS}, body FROM endpoint_deliveries WHERE workspace_id = $1 AND endpoint_id = $2 AND id = $3"
    ))
    .bind(workspace)
    .bind(endpoint)
    .bind(id)
    .fetch_one(on)
    .await?;
    Ok(Delivery {
        body: Some(row.text(10)?),
        ..read(&row)?
    })
}

/// One delivery with its body.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn delivery(
    db: &Db,
    workspace: WorkspaceId,
    endpoint: EndpointId,
    id: DeliveryId,
) -> Result<Delivery> {
    let mut on = db.reader().await?;
    get_on(&mut on, workspace, endpoint).await?;
    one(&mut on, workspace, endpoint, id).await
}

/// A page of an endpoint's deliveries, the newest first, and the key of its last row when there may
/// be more; all, or those in one state.
///
/// # Errors
/// [`crate::Error::NotFound`] without such an endpoint.
pub async fn deliveries(
    db: &Db,
    workspace: WorkspaceId,
    endpoint: EndpointId,
    state: Option<&'static str>,
    after: Option<Key>,
    limit: u32,
) -> Result<(Vec<Delivery>, Option<Key>)> {
    let mut on = db.reader().await?;
    get_on(&mut on, workspace, endpoint).await?;
    let mut text = format!(
        "SELECT {COLUMNS} FROM endpoint_deliveries WHERE workspace_id = $1 AND endpoint_id = $2"
    );
    let mut values: Vec<crate::Value> = Vec::new();
    if let Some(state) = state {
        values.push(crate::Bind::value(state));
        text.push_str(" AND state = $4");
    }
    if let Some(key) = after {
        values.push(crate::Value::Id(Some(key.id.uuid())));
        text.push_str(if values.len() == 1 {
            " AND id < $4"
        } else {
            " AND id < $5"
        });
    }
    text.push_str(" ORDER BY id DESC LIMIT $3");
    let mut statement = sql_owned(text)
        .bind(workspace)
        .bind(endpoint)
        .bind(i64::from(limit) + 1);
    for value in values {
        statement = statement.bind(value);
    }
    let rows = statement.fetch_all(&mut on).await?;
    let more = rows.len() > limit as usize;
    let mut page = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    page.truncate(limit as usize);
    let key = page.last().filter(|_| more).map(|last| Key { id: last.id });
    Ok((page, key))
}
