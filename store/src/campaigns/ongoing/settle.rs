//! Runs whose message is due: each becomes a recipient of the campaign, or ends with the reason, in
//! one transaction, so that a kill at any moment repeats nothing and loses nothing.

use std::collections::HashSet;

use wigwag_model::campaign::ongoing::ending::{HOLDOUT, MERGED, OUTDATED};
use wigwag_model::campaign::ongoing::{Arm, round};
use wigwag_model::campaign::{Cap, Exclusion};
use wigwag_model::consent::Category;
use wigwag_model::{CampaignId, ContactId, MessageState, NumberId, WorkspaceId};

use super::super::counts::Share;
use super::super::plan::{Planned, history};
use super::report::count;
use super::runs::{Run, lock, runs_now};
use crate::{Batch, Db, Dialect, Priority, Result, Tx, sql, sql_rows, sql_rows_owned};

/// What becomes of a run.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It ends here.
    Dropped(&'static str),
    /// The person becomes a recipient: with a message to come, or left out for a reason.
    Recipient(Box<Planned>),
}

/// A run with what becomes of it.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The run.
    pub run: Run,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// Ends runs that are due, all of one version and one message. How many messages a person may get is asked again here,
/// with the person held, so that two campaigns cannot both write the last one. Runs that somebody else
/// was quicker with are left. `false` when the campaign does not run.
///
/// # Errors
/// What the database says.
pub async fn settle(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
    number: NumberId,
    cap: Option<(Cap, Category)>,
    list: Vec<Settled>,
) -> Result<bool> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            if !runs_now(tx, workspace, campaign).await? {
                return Ok(false);
            }
            let mine = lock(tx, workspace, list.iter().map(|one| one.run.id), "waiting").await?;
            let mut counted = Vec::new();
            let mut ends: Vec<(&Run, Option<&'static str>)> = Vec::new();
            let mut people: Vec<(&Run, &Planned)> = Vec::new();
            for one in list.iter().filter(|one| mine.contains(&one.run.id)) {
                match &one.outcome {
                    Outcome::Dropped(reason) => ends.push((&one.run, Some(reason))),
                    Outcome::Recipient(planned) => people.push((&one.run, planned)),
                }
            }
            let capped = capped(tx, workspace, campaign, cap, &people).await?;
            let written = write(tx, workspace, campaign, number, &people, &capped).await?;
            for (run, _) in &people {
                // Whoever two people became had a run in each: the message goes once.
                let known = written.contains(&(run.contact, round_of(run)));
                ends.push((run, (!known).then_some(MERGED)));
            }
            end(tx, workspace, &ends).await?;
            for (run, reason) in &ends {
                counted.push((run.definition, run.began_at, reason.unwrap_or("done")));
            }
            count(tx, workspace, campaign, &counted).await?;
            Ok(true)
        })
    })
    .await
}

fn round_of(run: &Run) -> i64 {
    round(run.entry.unwrap_or(1), run.arm.unwrap_or(Arm::Message(0)))
}

/// Those who have got as many as they may, or will with what waits for them.
async fn capped(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: CampaignId,
    cap: Option<(Cap, Category)>,
    people: &[(&Run, &Planned)],
) -> Result<HashSet<ContactId>> {
    let asked: Vec<ContactId> = people
        .iter()
        .filter(|(_, planned)| planned.reason.is_none())
        .map(|(run, _)| run.contact)
        .collect();
    let Some((cap, Category::Marketing)) = cap.filter(|_| !asked.is_empty()) else {
        return Ok(HashSet::new());
    };
    if tx.dialect() == Dialect::Postgres {
        sql_rows(
            "SELECT c.id FROM {rows} JOIN contacts c ON c.workspace_id = {$1} AND c.id = r.id ORDER BY c.id FOR UPDATE OF c",
            Batch::new().ids("id", asked.iter().copied()),
        )
        .bind(workspace)
        .fetch_all(tx)
        .await?;
    }
    let since = tx
        .mint()
        .now()
        .minus(std::time::Duration::from_hours(24) * cap.days);
    let (got, _) = history(tx, workspace, campaign, &asked, Some(since), false).await?;
    Ok(got
        .into_iter()
        .filter(|(_, count)| *count >= i64::from(cap.messages))
        .map(|(contact, _)| contact)
        .collect())
}

/// Writes recipients down; those that are new, by person and round.
async fn write(
    tx: &mut Tx,
    workspace: WorkspaceId,
    campaign: CampaignId,
    number: NumberId,
    people: &[(&Run, &Planned)],
    capped: &HashSet<ContactId>,
) -> Result<HashSet<(ContactId, i64)>> {
    if people.is_empty() {
        return Ok(HashSet::new());
    }
    let now = tx.mint().now();
    let count = i64::try_from(people.len()).unwrap_or(i64::MAX);
    let last = sql(
        "UPDATE campaigns SET last_no = last_no + $3 WHERE workspace_id = $1 AND id = $2 RETURNING last_no",
    )
    .bind(workspace)
    .bind(campaign)
    .bind(count)
    .fetch_one(tx)
    .await?
    .int(0)?;
    let reason = |(run, planned): &(&Run, &Planned)| {
        if planned.reason.is_none() && capped.contains(&run.contact) {
            Some(Exclusion::Capped.as_str())
        } else {
            planned.reason
        }
    };
    let held = |one: &(&Run, &Planned)| one.1.reason == Some(HOLDOUT);
    let rows = Batch::new()
        .ids("contact_id", people.iter().map(|(run, _)| run.contact))
        .ints("round", people.iter().map(|(run, _)| round_of(run)))
        .ints("no", (last - count + 1)..=last)
        .ints("definition", people.iter().map(|(run, _)| run.definition))
        .ids("run_id", people.iter().map(|(run, _)| run.id))
        .times("due_at", people.iter().map(|(_, planned)| planned.due_at))
        .opt_texts("zone", people.iter().map(|(_, planned)| planned.zone.as_deref()))
        .texts(
            "state",
            people.iter().map(|one| {
                if reason(one).is_some() {
                    "skipped"
                } else {
                    "planned"
                }
            }),
        )
        .opt_texts("reason", people.iter().map(reason))
        .opt_texts(
            "market",
            people.iter().map(|(_, planned)| planned.market.as_deref()),
        )
        .opt_ints(
            "estimate",
            people.iter().map(|one| {
                one.1.estimate_micros.filter(|_| reason(one).is_none())
            }),
        )
        .opt_texts(
            "filled",
            people.iter().map(|(_, planned)| planned.filled.as_deref()),
        )
        // Those who get nothing are compared with those who do, from the same moment on.
        .opt_times("fed_at", people.iter().map(|one| held(one).then_some(now)));
    let written = sql_rows_owned(
        "INSERT INTO campaign_recipients (workspace_id, campaign_id, round, contact_id, no, number_id, due_at, zone,
            state, reason, market, estimate_micros, filled, canary, definition, run_id, fed_at)
         SELECT $1, $2, r.round, r.contact_id, r.no, $3, r.due_at, r.zone, r.state, r.reason, r.market, r.estimate, r.filled, 0,
            r.definition, r.run_id, r.fed_at
         FROM {rows} WHERE true ON CONFLICT (workspace_id, campaign_id, round, contact_id) DO NOTHING
         RETURNING contact_id, round, state"
            .to_owned(),
        rows,
    )
    .bind(workspace)
    .bind(campaign)
    .bind(number)
    .fetch_all(tx)
    .await?;
    let mut new = HashSet::with_capacity(written.len());
    for row in &written {
        let share = Share {
            workspace,
            campaign,
            round: row.int(1)?,
        };
        let state = if row.text(2)? == "skipped" {
            MessageState::Skipped
        } else {
            MessageState::Planned
        };
        tx.moves().enter(share, state, 1);
        new.insert((row.id(0)?, row.int(1)?));
    }
    Ok(new)
}

async fn end(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ends: &[(&Run, Option<&'static str>)],
) -> Result<()> {
    if ends.is_empty() {
        return Ok(());
    }
    let now = tx.mint().now();
    let rows = Batch::new()
        .ids("id", ends.iter().map(|(run, _)| run.id))
        .texts(
            "state",
            ends.iter()
                .map(|(_, reason)| if reason.is_some() { "dropped" } else { "done" }),
        )
        .opt_texts("reason", ends.iter().map(|(_, reason)| *reason));
    sql_rows(
        "UPDATE campaign_runs SET state = r.state, reason = r.reason, ended_at = $2
         FROM {rows} WHERE campaign_runs.workspace_id = {$1} AND campaign_runs.id = r.id",
        rows,
    )
    .bind(workspace)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends runs of a version that can send nothing any more. Runs that somebody else was quicker with are
/// left.
///
/// # Errors
/// What the database says.
pub async fn outdate(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
    runs: Vec<Run>,
) -> Result<()> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let mine = lock(tx, workspace, runs.iter().map(|run| run.id), "waiting").await?;
            let ends: Vec<(&Run, Option<&'static str>)> = runs
                .iter()
                .filter(|run| mine.contains(&run.id))
                .map(|run| (run, Some(OUTDATED)))
                .collect();
            end(tx, workspace, &ends).await?;
            let counted: Vec<_> = ends
                .iter()
                .map(|(run, _)| (run.definition, run.began_at, OUTDATED))
                .collect();
            count(tx, workspace, campaign, &counted).await
        })
    })
    .await
}

/// Runs of one piece.
const PIECE: i64 = 1_000;

/// Ends what starts a campaign that is over, and a piece of the runs that have not ended; `true` when
/// none are left.
///
/// # Errors
/// What the database says.
pub async fn drop_runs(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
    reason: &'static str,
) -> Result<bool> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let gone = sql("DELETE FROM campaign_triggers WHERE workspace_id = $1 AND campaign_id = $2")
                .bind(workspace)
                .bind(campaign)
                .execute(tx)
                .await?;
            let now = tx.mint().now();
            let rows = sql(
                "UPDATE campaign_runs SET state = 'dropped', reason = $3, ended_at = $4
                 WHERE workspace_id = $1 AND id IN (SELECT r.id FROM campaign_runs r
                    WHERE r.workspace_id = $1 AND r.campaign_id = $2 AND r.state IN ('new', 'waiting') LIMIT $5)
                 RETURNING definition, began_at",
            )
            .bind(workspace)
            .bind(campaign)
            .bind(reason)
            .bind(now)
            .bind(PIECE)
            .fetch_all(tx)
            .await?;
            let mut counted = Vec::with_capacity(rows.len());
            for row in &rows {
                counted.push((row.int(0)?, row.time(1)?, reason));
            }
            count(tx, workspace, campaign, &counted).await?;
            if gone > 0 {
                super::start::turn(tx, workspace).await?;
            }
            Ok(rows.is_empty())
        })
    })
    .await
}
