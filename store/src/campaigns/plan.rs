//! Writing a campaign's people down, in chunks that leave the writer free between them.

use std::collections::{BTreeMap, BTreeSet};

use wigwag_model::{CampaignId, ContactId, MessageState, NumberId, Timestamp, WorkspaceId};

use super::counts::{Share, changed};
use super::read::Canary;
use crate::{Batch, Db, Dialect, Error, Executor, Priority, Result, Tx, sql, sql_owned, sql_rows};

/// A person of the plan.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Who.
    pub contact: ContactId,
    /// The place in the plan, from 1.
    pub no: i64,
    /// When the message is due.
    pub due_at: Timestamp,
    /// The person's zone, where quiet hours ask for it.
    pub zone: Option<String>,
    /// Why there is no message.
    pub reason: Option<&'static str>,
    /// The market by which it is charged.
    pub market: Option<String>,
    /// What it costs at most.
    pub estimate_micros: Option<i64>,
    /// The values of the variables, as JSON.
    pub filled: Option<String>,
    /// Whether it goes with the canary.
    pub canary: bool,
}

/// Takes the planning over from whoever began it: the version under which it may go on. What another
/// process, or an earlier try of the job, still writes is refused from here on. `None` when the campaign
/// is not being planned any more.
///
/// # Errors
/// What the database says.
pub async fn take_over(db: &Db, workspace: WorkspaceId, id: CampaignId) -> Result<Option<i64>> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("UPDATE campaigns SET version = version + 1
                 WHERE workspace_id = $1 AND id = $2 AND state = 'planning' RETURNING version")
            .bind(workspace)
            .bind(id)
            .fetch_optional(tx)
            .await?
            .map(|row| row.int(0))
            .transpose()
        })
    })
    .await
}

/// Proves in the transaction that the plan is still wanted, and keeps it so until the commit.
async fn fence(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: CampaignId,
    version: i64,
    states: &str,
) -> Result<()> {
    let lock = match tx.dialect() {
        Dialect::Sqlite => "",
        Dialect::Postgres => " FOR SHARE",
    };
    sql_owned(format!(
        "SELECT 1 FROM campaigns WHERE workspace_id = $1 AND id = $2 AND version = $3 AND state IN ({states}){lock}"
    ))
    .bind(workspace)
    .bind(id)
    .bind(version)
    .fetch_optional(tx)
    .await?
    .map(drop)
    .ok_or(Error::Stale)
}

/// Writes a chunk of the plan.
///
/// # Errors
/// [`Error::Stale`] when the campaign is not being planned any more.
pub async fn plan_chunk(
    db: &Db,
    workspace: WorkspaceId,
    id: CampaignId,
    version: i64,
    number: NumberId,
    people: Vec<Planned>,
) -> Result<()> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            fence(tx, workspace, id, version, "'planning'").await?;
            let skipped = people.iter().filter(|person| person.reason.is_some()).count();
            let rows = Batch::new()
                .ids("contact_id", people.iter().map(|person| person.contact))
                .ints("no", people.iter().map(|person| person.no))
                .times("due_at", people.iter().map(|person| person.due_at))
                .opt_texts("zone", people.iter().map(|person| person.zone.as_deref()))
                .texts(
                    "state",
                    people.iter().map(|person| {
                        if person.reason.is_some() { "skipped" } else { "planned" }
                    }),
                )
                .opt_texts("reason", people.iter().map(|person| person.reason))
                .opt_texts("market", people.iter().map(|person| person.market.as_deref()))
                .opt_ints("estimate", people.iter().map(|person| person.estimate_micros))
                .opt_texts("filled", people.iter().map(|person| person.filled.as_deref()))
                .ints("canary", people.iter().map(|person| i64::from(person.canary)));
            sql_rows(
                "INSERT INTO campaign_recipients (workspace_id, campaign_id, round, contact_id, no, number_id, due_at, zone,
                    state, reason, market, estimate_micros, filled, canary)
                 SELECT $1, $2, 1, r.contact_id, r.no, $3, r.due_at, r.zone, r.state, r.reason, r.market, r.estimate, r.filled, r.canary
                 FROM {rows} WHERE true",
                rows,
            )
            .bind(workspace)
            .bind(id)
            .bind(number)
            .execute(tx)
            .await?;
            let share = Share { workspace, campaign: id, round: 1 };
            let (all, skipped) = (count(people.len()), count(skipped));
            tx.moves().enter(share, MessageState::Skipped, skipped);
            tx.moves().enter(share, MessageState::Planned, all - skipped);
            Ok(())
        })
    })
    .await
}

fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// Rows of one piece of [`clear`].
const PIECE: i64 = 2_000;

/// Forgets people who were written down and handed to no lane, piece by piece: of a campaign that is a
/// draft, is being planned or has failed, and is still at `version`.
///
/// # Errors
/// [`Error::Stale`] for any other: it runs, or somebody else plans it.
pub async fn clear(db: &Db, workspace: WorkspaceId, id: CampaignId, version: i64) -> Result<()> {
    loop {
        let gone = db
            .write(Priority::Background, move |tx| {
                Box::pin(async move {
                    fence(tx, workspace, id, version, "'draft', 'planning', 'failed'").await?;
                    let gone = sql(
                        "DELETE FROM campaign_recipients WHERE workspace_id = $1 AND campaign_id = $2 AND state <> 'fed'
                           AND (round, contact_id) IN (SELECT c.round, c.contact_id FROM campaign_recipients c
                               WHERE c.workspace_id = $1 AND c.campaign_id = $2 AND c.state <> 'fed' LIMIT $3)
                         RETURNING round, state",
                    )
                    .bind(workspace)
                    .bind(id)
                    .bind(PIECE)
                    .fetch_all(tx)
                    .await?;
                    for row in &gone {
                        let share = Share { workspace, campaign: id, round: row.int(0)? };
                        let state = if row.text(1)? == "skipped" {
                            MessageState::Skipped
                        } else {
                            MessageState::Planned
                        };
                        tx.moves().enter(share, state, -1);
                    }
                    Ok(count(gone.len()))
                })
            })
            .await?;
        if gone < PIECE {
            return Ok(());
        }
    }
}

/// Ends the planning: the campaign runs, from the end of its time to undo.
///
/// # Errors
/// [`Error::Stale`] when the campaign is not being planned any more.
pub async fn planned(
    db: &Db,
    workspace: WorkspaceId,
    id: CampaignId,
    version: i64,
    canary: Canary,
    estimate: Option<(i64, String)>,
) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let (micros, currency) = estimate.unzip();
            let done = sql(
                "UPDATE campaigns SET state = 'running', started_at = $4, tended_at = $4, updated_at = $4, canary = $5,
                    estimate_micros = $6, currency = $7
                 WHERE workspace_id = $1 AND id = $2 AND version = $3 AND state = 'planning'",
            )
            .bind(workspace)
            .bind(id)
            .bind(version)
            .bind(now)
            .bind(canary.as_str())
            .bind(micros)
            .bind(currency)
            .execute(tx)
            .await?;
            if done == 0 {
                return Err(Error::Stale);
            }
            tx.record(workspace, changed(id));
            Ok(())
        })
    })
    .await
}

/// What campaigns did to people before: who got how many marketing messages since an instant, and
/// who waits for another campaign.
///
/// # Errors
/// What the database says.
pub async fn history(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    but: CampaignId,
    people: &[ContactId],
    since: Option<Timestamp>,
    others: bool,
) -> Result<(BTreeMap<ContactId, i64>, BTreeSet<ContactId>)> {
    let batch = || Batch::new().ids("id", people.iter().copied());
    let mut got = BTreeMap::new();
    if let Some(since) = since
        && !people.is_empty()
    {
        let rows = sql_rows(
            "SELECT p.contact_id, COUNT(*) FROM {rows} JOIN campaign_recipients p
               ON p.workspace_id = {$1} AND p.contact_id = r.id AND p.fed_at > $2
             JOIN messages m ON m.workspace_id = p.workspace_id AND m.id = p.message_id
             WHERE m.category = 'marketing' AND m.state <> 5 AND m.state <> 70
             GROUP BY p.contact_id",
            batch(),
        )
        .bind(workspace)
        .bind(since)
        .fetch_all(on)
        .await?;
        for row in &rows {
            got.insert(row.id(0)?, row.int(1)?);
        }
        // What waits for the end of the night or for its turn in an on-going campaign goes out unasked.
        let rows = sql_rows(
            "SELECT p.contact_id, COUNT(*) FROM {rows} JOIN campaign_recipients p
               ON p.workspace_id = {$1} AND p.contact_id = r.id AND p.state = 'planned' AND p.run_id IS NOT NULL
             JOIN campaigns c ON c.workspace_id = p.workspace_id AND c.id = p.campaign_id
             WHERE c.category = 'marketing' GROUP BY p.contact_id",
            batch(),
        )
        .bind(workspace)
        .fetch_all(on)
        .await?;
        for row in &rows {
            *got.entry(row.id(0)?).or_default() += row.int(1)?;
        }
    }
    let mut waits = BTreeSet::new();
    if others && !people.is_empty() {
        let rows = sql_rows(
            "SELECT p.contact_id FROM {rows} JOIN campaign_recipients p
               ON p.workspace_id = {$1} AND p.contact_id = r.id AND p.state = 'planned' AND p.campaign_id <> $2
             JOIN campaigns c ON c.workspace_id = p.workspace_id AND c.id = p.campaign_id
             WHERE c.state IN ('planning', 'running', 'pausing', 'paused')",
            batch(),
        )
        .bind(workspace)
        .bind(but)
        .fetch_all(on)
        .await?;
        for row in &rows {
            waits.insert(row.id(0)?);
        }
    }
    Ok((got, waits))
}

/// Writes down, as a second round, a piece of those from whom Meta withheld the first message
/// (131049). Returns how many; nought when everybody is there and the round begins.
///
/// # Errors
/// What the database says.
pub async fn second_round(db: &Db, workspace: WorkspaceId, id: CampaignId) -> Result<i64> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let made = sql(
                "INSERT INTO campaign_recipients (workspace_id, campaign_id, round, contact_id, no, number_id, due_at, zone, state,
                    market, estimate_micros, filled, canary)
                 SELECT p.workspace_id, p.campaign_id, 2, p.contact_id, p.no, p.number_id, $3, p.zone, 'planned',
                    p.market, p.estimate_micros, p.filled, 0
                 FROM messages m JOIN campaign_recipients p ON p.workspace_id = m.workspace_id AND p.campaign_id = m.campaign_id
                    AND p.round = 1 AND p.contact_id = m.contact_id AND p.message_id = m.id
                 WHERE m.workspace_id = $1 AND m.campaign_id = $2 AND m.state = 70 AND m.failure_code = 131049 AND m.campaign_round = 1
                   AND NOT EXISTS (SELECT 1 FROM campaign_recipients s WHERE s.workspace_id = p.workspace_id
                        AND s.campaign_id = p.campaign_id AND s.round = 2 AND s.contact_id = p.contact_id)
                 LIMIT 1000",
            )
            .bind(workspace)
            .bind(id)
            .bind(now)
            .execute(tx)
            .await?;
            let made = i64::try_from(made).unwrap_or(i64::MAX);
            let share = Share { workspace, campaign: id, round: 2 };
            tx.moves().enter(share, MessageState::Planned, made);
            if made == 0 {
                sql("UPDATE campaigns SET round = 2, round_ends_at = NULL, updated_at = $3
                     WHERE workspace_id = $1 AND id = $2 AND round = 1 AND state = 'running'")
                    .bind(workspace)
                    .bind(id)
                    .bind(now)
                    .execute(tx)
                    .await?;
                tx.record(workspace, changed(id));
            }
            Ok(made)
        })
    })
    .await
}
