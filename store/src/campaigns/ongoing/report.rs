//! What became of the runs of a campaign: counted by the hour, listed, and its messages side by side.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wigwag_model::campaign::ongoing::Arm;
use wigwag_model::{CampaignId, ContactId, EventId, RunId, Timestamp, WorkspaceId};

use super::super::counts::Counts;
use crate::{Batch, Bind, Db, Executor, Result, Sql, Tx, Value, sql, sql_owned, sql_rows};

/// An hour, in µs: the grain of the counts.
const HOUR_US: i64 = 3_600_000_000;

/// Counts runs: the version, when each began, and what became of it.
pub(super) async fn count(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: CampaignId,
    runs: &[(i64, Timestamp, &'static str)],
) -> Result<()> {
    let mut sums: BTreeMap<(i64, i64, &'static str), i64> = BTreeMap::new();
    for (definition, began_at, kind) in runs {
        let at = began_at.as_micros();
        let hour = at - at.rem_euclid(HOUR_US);
        *sums.entry((hour, *definition, kind)).or_default() += 1;
    }
    if sums.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ints("hour", sums.keys().map(|key| key.0))
        .ints("definition", sums.keys().map(|key| key.1))
        .texts("kind", sums.keys().map(|key| key.2))
        .ints("n", sums.values().copied());
    sql_rows(
        "INSERT INTO campaign_run_counts (workspace_id, campaign_id, hour, definition, kind, n)
         SELECT $1, $2, r.hour, r.definition, r.kind, r.n FROM {rows} WHERE true
         ON CONFLICT (workspace_id, campaign_id, hour, definition, kind)
         DO UPDATE SET n = campaign_run_counts.n + excluded.n",
        rows,
    )
    .bind(workspace)
    .bind(campaign)
    .execute(tx)
    .await?;
    tx.record(workspace, super::super::counts::changed(campaign));
    Ok(())
}

/// Runs that began in an hour, by what became of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hour {
    /// Its beginning.
    pub at: Timestamp,
    /// The version.
    pub definition: i64,
    /// `began`, `done`, or the reason for which they were dropped.
    pub kind: String,
    /// How many.
    pub n: i64,
}

/// The counted runs of a campaign from an instant on, by the hour in which they began.
///
/// # Errors
/// What the database says.
pub async fn hours(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
    since: Timestamp,
) -> Result<Vec<Hour>> {
    let rows = sql(
        "SELECT hour, definition, kind, n FROM campaign_run_counts
         WHERE workspace_id = $1 AND campaign_id = $2 AND hour >= $3 ORDER BY hour, definition, kind",
    )
    .bind(workspace)
    .bind(campaign)
    .bind(since)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Hour {
                at: row.time(0)?,
                definition: row.int(1)?,
                kind: row.text(2)?,
                n: row.int(3)?,
            })
        })
        .collect()
}

/// The counts of a campaign's recipients, by what they got.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arms(pub BTreeMap<i64, Counts>);

/// The counts of a campaign's recipients, by what they got: 0 its own message, 7 nothing.
///
/// # Errors
/// What the database says.
pub async fn arms(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    campaign: CampaignId,
) -> Result<Arms> {
    let rows = sql(
        "SELECT round % 8, state, CAST(SUM(n) AS BIGINT) FROM campaign_counts
         WHERE workspace_id = $1 AND campaign_id = $2 GROUP BY round % 8, state",
    )
    .bind(workspace)
    .bind(campaign)
    .fetch_all(on)
    .await?;
    let mut arms = Arms::default();
    for row in &rows {
        let counts = arms.0.entry(row.int(0)?).or_default();
        counts.0.insert(row.text(1)?, row.int(2)?);
    }
    Ok(arms)
}

/// A run as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: RunId,
    /// Whose it is.
    pub contact: ContactId,
    /// The name to show.
    pub name: String,
    /// The version that it began with.
    pub definition: i64,
    /// The event that started it.
    pub event: Option<EventId>,
    /// When it began.
    pub began_at: Timestamp,
    /// When its message is or was due.
    pub due_at: Timestamp,
    /// `new`, `waiting`, `done`, `dropped`.
    pub state: String,
    /// Why it was dropped.
    pub reason: Option<String>,
    /// What the person gets.
    pub arm: Option<Arm>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// The place of a run in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunKey {
    /// When it began: the newest come first.
    pub at: Timestamp,
    /// Its id.
    pub id: RunId,
}

/// Which runs.
#[derive(Debug, Clone, Default)]
pub struct Runs {
    /// In this state.
    pub state: Option<String>,
    /// Dropped for this reason.
    pub reason: Option<String>,
    /// Of this person.
    pub contact: Option<ContactId>,
}

/// A page of a campaign's runs, the newest first, and the key of its last row when there may be more.
///
/// # Errors
/// What the database says.
pub async fn runs(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
    wish: &Runs,
    after: Option<RunKey>,
    limit: u32,
) -> Result<(Vec<Listed>, Option<RunKey>)> {
    let mut text = "SELECT r.id, r.contact_id, COALESCE(c.name, c.profile_name, c.username, c.phone, ''), r.definition, r.event_id,
            r.began_at, r.due_at, r.state, r.reason, r.arm, r.ended_at
         FROM campaign_runs r JOIN contacts c ON c.workspace_id = r.workspace_id AND c.id = r.contact_id
         WHERE r.workspace_id = $1 AND r.campaign_id = $2"
        .to_owned();
    let mut bound: Vec<Value> = Vec::new();
    let place = |bound: &mut Vec<Value>, value: Value| {
        bound.push(value);
        bound.len() + 2
    };
    if let Some(state) = &wish.state {
        let at = place(&mut bound, state.value());
        text.push_str(&format!(" AND r.state = ${at}"));
    }
    if let Some(reason) = &wish.reason {
        let at = place(&mut bound, reason.value());
        text.push_str(&format!(" AND r.reason = ${at}"));
    }
    if let Some(contact) = wish.contact {
        let at = place(&mut bound, contact.value());
        text.push_str(&format!(" AND r.contact_id = ${at}"));
    }
    if let Some(key) = after {
        let began = place(&mut bound, key.at.value());
        let id = place(&mut bound, key.id.value());
        text.push_str(&format!(" AND (r.began_at, r.id) < (${began}, ${id})"));
    }
    text.push_str(&format!(
        " ORDER BY r.began_at DESC, r.id DESC LIMIT {}",
        u64::from(limit) + 1
    ));
    let statement = bound
        .into_iter()
        .fold(sql_owned(text).bind(workspace).bind(campaign), Sql::bind);
    let rows = statement.fetch_all(&mut db.reader().await?).await?;
    let more = rows.len() > limit as usize;
    let mut page = rows
        .iter()
        .map(|row| {
            Ok(Listed {
                id: row.id(0)?,
                contact: row.id(1)?,
                name: row.text(2)?,
                definition: row.int(3)?,
                event: row.opt_id(4)?,
                began_at: row.time(5)?,
                due_at: row.time(6)?,
                state: row.text(7)?,
                reason: row.opt_text(8)?,
                arm: row.opt_int(9)?.map(Arm::of),
                ended_at: row.opt_time(10)?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    page.truncate(limit as usize);
    let key = page.last().filter(|_| more).map(|last| RunKey {
        at: last.began_at,
        id: last.id,
    });
    Ok((page, key))
}
