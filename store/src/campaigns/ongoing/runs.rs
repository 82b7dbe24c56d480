//! Runs that have begun: whoever passes the filter waits for the moment at which the message is due.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use wigwag_model::campaign::ongoing::ending::AGAIN;
use wigwag_model::campaign::ongoing::{Arm, Reentry};
use wigwag_model::{CampaignId, ContactId, EventId, RunId, Timestamp, WorkspaceId};

use super::report::count;
use crate::events::properties;
use crate::{
    Batch, Db, Dialect, Executor, Priority, Result, Row, Tx, sql_owned, sql_rows, sql_rows_owned,
};

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// The version that it began with.
    pub definition: i64,
    /// Whose it is; of one that was merged the contact that it became.
    pub contact: ContactId,
    /// The event that started it.
    pub event: Option<EventId>,
    /// When it began.
    pub began_at: Timestamp,
    /// When its message is due.
    pub due_at: Timestamp,
    /// Which start of the person it is, from 1; `None` before the filter was asked.
    pub entry: Option<i64>,
    /// What the person gets.
    pub arm: Option<Arm>,
}

const COLUMNS: &str = "r.id, r.definition, COALESCE(c.merged_into, r.contact_id), r.event_id, r.began_at, r.due_at, r.entry, r.arm
    FROM campaign_runs r JOIN contacts c ON c.workspace_id = r.workspace_id AND c.id = r.contact_id";

fn read(row: &Row) -> Result<Run> {
    Ok(Run {
        id: row.id(0)?,
        definition: row.int(1)?,
        contact: row.id(2)?,
        event: row.opt_id(3)?,
        began_at: row.time(4)?,
        due_at: row.time(5)?,
        entry: row.opt_int(6)?,
        arm: row.opt_int(7)?.map(Arm::of),
    })
}

/// Runs of which nobody has asked the filter yet, the oldest first.
///
/// # Errors
/// What the database says.
pub async fn fresh(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
    limit: i64,
) -> Result<Vec<Run>> {
    list(
        db,
        workspace,
        campaign,
        "r.state = 'new' AND r.began_at <= $3 ORDER BY r.began_at, r.id",
        limit,
    )
    .await
}

/// Runs whose message is due, the longest due first.
///
/// # Errors
/// What the database says.
pub async fn due(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
    limit: i64,
) -> Result<Vec<Run>> {
    list(
        db,
        workspace,
        campaign,
        "r.state = 'waiting' AND r.due_at <= $3 ORDER BY r.due_at, r.id",
        limit,
    )
    .await
}

async fn list(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
    which: &str,
    limit: i64,
) -> Result<Vec<Run>> {
    let now = db.mint().now();
    let rows = sql_owned(format!(
        "SELECT {COLUMNS} WHERE r.workspace_id = $1 AND r.campaign_id = $2 AND {which} LIMIT $4"
    ))
    .bind(workspace)
    .bind(campaign)
    .bind(now)
    .bind(limit)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter().map(read).collect()
}

/// What the filter said of a run.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// The run.
    pub run: Run,
    /// When its message is due and what the person gets, or why it ends here.
    pub verdict: std::result::Result<(Timestamp, Arm), &'static str>,
}

/// Writes down what the filter said: runs wait or are dropped, and who has run before is held to the
/// rule of re-entry. At most one run of a person per call. Runs that somebody else was quicker with are
/// left. `false` when the campaign does not run.
///
/// # Errors
/// What the database says.
pub async fn admit(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
    reentry: Reentry,
    list: Vec<Admitted>,
) -> Result<bool> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            if !runs_now(tx, workspace, campaign).await? {
                return Ok(false);
            }
            let mine = lock(tx, workspace, list.iter().map(|one| one.run.id), "new").await?;
            let list: Vec<&Admitted> = list
                .iter()
                .filter(|one| mine.contains(&one.run.id))
                .collect();
            if list.is_empty() {
                return Ok(true);
            }
            let passed: Vec<&Run> = list
                .iter()
                .filter(|one| one.verdict.is_ok())
                .map(|one| &one.run)
                .collect();
            let entries = enter(tx, workspace, campaign, reentry, &passed).await?;
            let end = |one: &Admitted| match one.verdict {
                Err(reason) => Err(reason),
                Ok((at, arm)) => match entries.get(&one.run.contact) {
                    Some(entry) => Ok((at, arm, *entry)),
                    None => Err(AGAIN),
                },
            };
            let ends: Vec<_> = list.iter().map(|one| (&one.run, end(one))).collect();
            write(tx, workspace, &ends).await?;
            let mut counted = Vec::with_capacity(ends.len() * 2);
            for (run, end) in &ends {
                counted.push((run.definition, run.began_at, "began"));
                if let Err(reason) = end {
                    counted.push((run.definition, run.began_at, reason));
                }
            }
            count(tx, workspace, campaign, &counted).await?;
            Ok(true)
        })
    })
    .await
}

/// Whether a campaign runs; a pause waits for our commit.
pub(super) async fn runs_now(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: CampaignId,
) -> Result<bool> {
    let lock = match tx.dialect() {
        Dialect::Sqlite => "",
        Dialect::Postgres => " FOR SHARE",
    };
    let row = sql_owned(format!(
        "SELECT 1 FROM campaigns WHERE workspace_id = $1 AND id = $2 AND state = 'running'{lock}"
    ))
    .bind(workspace)
    .bind(campaign)
    .fetch_optional(tx)
    .await?;
    Ok(row.is_some())
}

/// Those of the runs that are still in a state, held until the commit.
pub(super) async fn lock(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: impl Iterator<Item = RunId>,
    state: &str,
) -> Result<HashSet<RunId>> {
    let lock = match tx.dialect() {
        Dialect::Sqlite => "",
        Dialect::Postgres => " ORDER BY q.id FOR UPDATE OF q SKIP LOCKED",
    };
    let rows = sql_rows_owned(
        format!(
            "SELECT q.id FROM {{rows}} JOIN campaign_runs q ON q.workspace_id = {{$1}} AND q.id = r.id AND q.state = {{$2}}{lock}"
        ),
        Batch::new().ids("id", ids),
    )
    .bind(workspace)
    .bind(state)
    .fetch_all(tx)
    .await?;
    rows.iter().map(|row| row.id(0)).collect()
}

/// Counts the starts of people who may run, and gives the number of each; who may not is not there.
async fn enter(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: CampaignId,
    reentry: Reentry,
    runs: &[&Run],
) -> Result<HashMap<ContactId, i64>> {
    if runs.is_empty() {
        return Ok(HashMap::new());
    }
    let apart = match reentry {
        Reentry::Never => None,
        Reentry::Each => Some(Duration::ZERO),
        Reentry::AfterDays(days) => Some(Duration::from_hours(24).saturating_mul(days)),
    };
    let rows = Batch::new()
        .ids("contact_id", runs.iter().map(|run| run.contact))
        .times("at", runs.iter().map(|run| run.began_at));
    let again = match reentry {
        Reentry::Never => "1 = 0",
        Reentry::Each => "1 = 1",
        Reentry::AfterDays(_) => "campaign_entrants.last_at <= excluded.last_at - $3",
    };
    let mut statement = sql_rows_owned(
        format!(
            "INSERT INTO campaign_entrants (workspace_id, campaign_id, contact_id, entries, last_at)
             SELECT $1, $2, r.contact_id, 1, r.at FROM {{rows}} WHERE true
             ON CONFLICT (workspace_id, campaign_id, contact_id)
             DO UPDATE SET entries = campaign_entrants.entries + 1, last_at = excluded.last_at WHERE {again}
             RETURNING contact_id, entries"
        ),
        rows,
    )
    .bind(workspace)
    .bind(campaign);
    if let (Reentry::AfterDays(_), Some(apart)) = (reentry, apart) {
        statement = statement.bind(i64::try_from(apart.as_micros()).unwrap_or(i64::MAX));
    }
    let rows = statement.fetch_all(tx).await?;
    rows.iter()
        .map(|row| Ok((row.id(0)?, row.int(1)?)))
        .collect()
}

type End = std::result::Result<(Timestamp, Arm, i64), &'static str>;

async fn write(tx: &mut Tx, workspace: WorkspaceId, ends: &[(&Run, End)]) -> Result<()> {
    let now = tx.mint().now();
    let of = |read: fn((Timestamp, Arm, i64)) -> i64| {
        ends.iter().map(move |(_, end)| end.ok().map(read))
    };
    let rows = Batch::new()
        .ids("id", ends.iter().map(|(run, _)| run.id))
        .times(
            "due_at",
            ends.iter()
                .map(|(run, end)| end.map_or(run.due_at, |(at, ..)| at)),
        )
        .texts(
            "state",
            ends.iter()
                .map(|(_, end)| if end.is_ok() { "waiting" } else { "dropped" }),
        )
        .opt_texts("reason", ends.iter().map(|(_, end)| end.err()))
        .opt_ints("entry", of(|(_, _, entry)| entry))
        .opt_ints("arm", of(|(_, arm, _)| arm.no()))
        .opt_times(
            "ended_at",
            ends.iter().map(|(_, end)| end.err().map(|_| now)),
        );
    sql_rows(
        "UPDATE campaign_runs SET state = r.state, reason = r.reason, due_at = r.due_at, entry = r.entry, arm = r.arm, ended_at = r.ended_at
         FROM {rows} WHERE campaign_runs.workspace_id = {$1} AND campaign_runs.id = r.id",
        rows,
    )
    .bind(workspace)
    .execute(tx)
    .await?;
    Ok(())
}

/// The particulars of the events that started runs.
///
/// # Errors
/// What the database says.
pub async fn particulars(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    events: &[EventId],
) -> Result<HashMap<EventId, serde_json::Map<String, serde_json::Value>>> {
    if events.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sql_rows(
        "SELECT e.id, e.properties FROM {rows} JOIN events e ON e.workspace_id = {$1} AND e.id = r.id",
        Batch::new().ids("id", events.iter().copied()),
    )
    .bind(workspace)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| Ok((row.id(0)?, properties(&row.text(1)?)?)))
        .collect()
}

/// What people did between two instants of their runs: the run, when, and the particulars. For runs that
/// end when their person does something.
///
/// # Errors
/// What the database says.
pub async fn did(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    name: &str,
    runs: &[(RunId, ContactId, Timestamp, Timestamp)],
) -> Result<Vec<(RunId, i64, serde_json::Map<String, serde_json::Value>)>> {
    if runs.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Batch::new()
        .ids("run_id", runs.iter().map(|run| run.0))
        .ids("contact_id", runs.iter().map(|run| run.1))
        .times("since", runs.iter().map(|run| run.2))
        .times("until", runs.iter().map(|run| run.3));
    let rows = sql_rows(
        "SELECT r.run_id, e.occurred_at, e.properties FROM {rows} JOIN events e ON e.workspace_id = {$1}
           AND e.contact_id = r.contact_id AND e.occurred_at >= r.since AND e.occurred_at <= r.until AND e.name = $2",
        rows,
    )
    .bind(workspace)
    .bind(name)
    .fetch_all(on)
    .await?;
    rows.iter()
        .map(|row| Ok((row.id(0)?, row.int(1)?, properties(&row.text(2)?)?)))
        .collect()
}
