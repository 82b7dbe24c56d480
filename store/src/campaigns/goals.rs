//! Goals: an event of a person counts for the campaign that last reached them in time.

use std::time::Duration;

use wigwag_model::campaign::{MOST_HOURS, Settings};
use wigwag_model::{CampaignId, MessageState, Timestamp, WorkspaceId};

use super::counts::{Flag, Share};
use super::flags::flag;
use crate::events::Event;
use crate::{Result, Tx, sql};

/// Campaigns of one person that are looked through: more than anybody gets in ninety days.
const MOST: i64 = 500;

/// A campaign's message to a person, and the goals of the campaign that the event reaches.
struct Reached {
    share: Share,
    goals: Vec<usize>,
}

/// Counts an event for the goals that it reaches, once per person and goal. Called in the
/// transaction that writes the event.
pub(crate) async fn converted(tx: &mut Tx, workspace: WorkspaceId, event: &Event) -> Result<()> {
    let Some(reached) = find(tx, workspace, event).await? else {
        return Ok(());
    };
    let share = reached.share;
    let mut new = false;
    for goal in reached.goals {
        new |= write(tx, share, event, goal).await?;
    }
    if !new {
        return Ok(());
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
    flag(tx, &dated, Flag::Converted)
}

/// The latest campaign that reached the person before the event and has a goal that it reaches.
async fn find(tx: &mut Tx, workspace: WorkspaceId, event: &Event) -> Result<Option<Reached>> {
    let longest = Duration::from_hours(u64::from(MOST_HOURS));
    let rows = sql(
        "SELECT p.campaign_id, p.round, p.fed_at, c.settings FROM campaign_recipients p
         JOIN campaigns c ON c.workspace_id = p.workspace_id AND c.id = p.campaign_id
         JOIN messages m ON m.workspace_id = p.workspace_id AND m.id = p.message_id
         WHERE p.workspace_id = $1 AND p.contact_id = $2 AND p.fed_at <= $3 AND p.fed_at >= $4
           AND m.state >= $5 AND m.state <> $6
         ORDER BY p.fed_at DESC LIMIT $7",
    )
    .bind(workspace)
    .bind(event.contact)
    .bind(event.occurred_at)
    .bind(event.occurred_at.minus(longest))
    .bind(MessageState::Accepted.rank())
    .bind(MessageState::Failed.rank())
    .bind(MOST)
    .fetch_all(tx)
    .await?;
    for row in &rows {
        let campaign: CampaignId = row.id(0)?;
        let fed_at = row.time(2)?;
        let goals = goals(&row.text(3)?, event, fed_at);
        if !goals.is_empty() {
            let share = Share {
                workspace,
                campaign,
                round: row.int(1)?,
            };
            return Ok(Some(Reached { share, goals }));
        }
    }
    Ok(None)
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
