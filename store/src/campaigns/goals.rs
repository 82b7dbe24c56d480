//! Goals: an event of a person counts for the campaign that last reached them in time.

use std::collections::BTreeMap;
use std::time::Duration;

use wigwag_model::campaign::ongoing::ending::HOLDOUT;
use wigwag_model::campaign::{MOST_HOURS, Settings};
use wigwag_model::{MessageState, Timestamp, WorkspaceId};

use super::counts::{Flag, Share};
use super::flags::flag;
use crate::events::Event;
use crate::{Batch, Result, Tx, sql, sql_rows};

/// A campaign's message to a person, and the goals of the campaign that the event reaches.
struct Reached {
    share: Share,
    goals: Vec<usize>,
}

/// Counts events for the goals that they reach, once per person and goal. Called in the transaction
/// that writes the events.
pub(crate) async fn converted(
    tx: &mut Tx,
    workspace: WorkspaceId,
    events: &[&Event],
) -> Result<()> {
    for (at, reached) in find(tx, workspace, events).await? {
        let (event, share) = (events[at], reached.share);
        let mut new = false;
        for goal in reached.goals {
            new |= write(tx, share, event, goal).await?;
        }
        if !new {
            continue;
        }
        let dated = sql(
            "UPDATE campaign_recipients SET converted_at = $5
             WHERE workspace_id = $1 AND campaign_id = $2 AND round = $3 AND contact_id = $4 AND converted_at IS NULL
             RETURNING workspace_id, campaign_id, round",
        )
        .bind(workspace)
        .bind(share.campaign)
        .bind(share.round)
        .bind(event.contact)
        .bind(event.occurred_at)
        .fetch_all(tx)
        .await?;
        flag(tx, &dated, Flag::Converted)?;
    }
    Ok(())
}

/// For each event, by its place, the latest campaign that reached the person before it and has a goal
/// that it reaches. Those who get nothing, to compare with, count from the moment at which they would
/// have got it.
async fn find(
    tx: &mut Tx,
    workspace: WorkspaceId,
    events: &[&Event],
) -> Result<BTreeMap<usize, Reached>> {
    if events.is_empty() {
        return Ok(BTreeMap::new());
    }
    let longest = Duration::from_hours(u64::from(MOST_HOURS));
    let rows = Batch::new()
        .ids("contact_id", events.iter().map(|event| event.contact))
        .times("at", events.iter().map(|event| event.occurred_at))
        .times(
            "since",
            events.iter().map(|event| event.occurred_at.minus(longest)),
        );
    // Most campaigns have no goals: they are left out before anything is read of them.
    let rows = sql_rows(
        "SELECT r.ord, p.campaign_id, p.round, p.fed_at, c.settings FROM {rows}
         JOIN campaign_recipients p ON p.workspace_id = {$1} AND p.contact_id = r.contact_id
            AND p.fed_at <= r.at AND p.fed_at >= r.since
         JOIN campaigns c ON c.workspace_id = p.workspace_id AND c.id = p.campaign_id
            AND c.settings LIKE '%\"goals\":[{%'
         LEFT JOIN messages m ON m.workspace_id = p.workspace_id AND m.id = p.message_id
         WHERE (m.state >= $2 AND m.state <> $3) OR p.reason = $4
         ORDER BY r.ord, p.fed_at DESC",
        rows,
    )
    .bind(workspace)
    .bind(MessageState::Accepted.rank())
    .bind(MessageState::Failed.rank())
    .bind(HOLDOUT)
    .fetch_all(tx)
    .await?;
    let mut found = BTreeMap::new();
    for row in &rows {
        let at = usize::try_from(row.int(0)?).unwrap_or_default();
        if found.contains_key(&at) {
            continue;
        }
        let goals = goals(&row.text(4)?, events[at], row.time(3)?);
        if !goals.is_empty() {
            let share = Share {
                workspace,
                campaign: row.id(1)?,
                round: row.int(2)?,
            };
            found.insert(at, Reached { share, goals });
        }
    }
    Ok(found)
}

/// The places of the goals that an event reaches.
fn goals(settings: &str, event: &Event, fed_at: Timestamp) -> Vec<usize> {
    let Ok(settings) = serde_json::from_str::<Settings>(settings) else {
        return Vec::new();
    };
    let in_time =
        |hours: u32| event.occurred_at <= fed_at.plus(Duration::from_hours(u64::from(hours)));
    settings
        .goals
        .iter()
        .enumerate()
        .filter(|(_, goal)| goal.event == event.name && in_time(goal.within_hours))
        .map(|(no, _)| no)
        .collect()
}

/// Writes down that a goal was reached; `false` when the person had reached it before.
async fn write(tx: &mut Tx, share: Share, event: &Event, goal: usize) -> Result<bool> {
    let new = sql(
        "INSERT INTO campaign_conversions (workspace_id, campaign_id, contact_id, goal, round, event_id, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(share.workspace)
    .bind(share.campaign)
    .bind(event.contact)
    .bind(i64::try_from(goal).unwrap_or(i64::MAX))
    .bind(share.round)
    .bind(event.id)
    .bind(event.occurred_at)
    .execute(tx)
    .await?;
    if new > 0 {
        tx.moves().reach(share, goal);
    }
    Ok(new > 0)
}
