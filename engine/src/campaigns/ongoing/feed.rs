//! Handing people of on-going campaigns to the lane, each with the message of its own version.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use wigwag_model::WorkspaceId;
use wigwag_model::campaign::Held;
use wigwag_model::campaign::ongoing::entry_of;
use wigwag_store::campaigns::{Campaign, DueRow};
use wigwag_store::outbox::Urgency;

use super::super::feed::{AHEAD, CHUNK, Feeding, due, hand_over};
use super::super::setup::{self, Sending};
use super::Definitions;
use crate::Context;

/// Hands over what is due and fits, at most `most`.
pub(super) async fn feed(
    context: &Context,
    workspace: WorkspaceId,
    campaign: &Campaign,
    known: &mut Definitions,
    most: i64,
) -> wigwag_store::Result<Feeding> {
    let mut messages: BTreeMap<(i64, i64), Sending> = BTreeMap::new();
    let (mut fed, mut left) = (0, most);
    while left > 0 {
        let rows = due(context, workspace, campaign, left.min(CHUNK)).await?;
        let Some(rows) = rows else { continue };
        if rows.is_empty() {
            break;
        }
        let mut groups: BTreeMap<(i64, i64), Vec<DueRow>> = BTreeMap::new();
        for row in rows {
            let arm = entry_of(row.round).1.no();
            let no = row.definition.or(campaign.definition).unwrap_or(1);
            groups.entry((no, arm)).or_default().push(row);
        }
        let before = fed;
        for (group, rows) in groups {
            let sending = match messages.entry(group) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => {
                    match sending(context, workspace, campaign, known, group).await? {
                        Ok(sending) => entry.insert(sending),
                        Err(reason) => return Ok(Feeding::Hold(reason)),
                    }
                }
            };
            let room = sending.number.throughput.max(1) * AHEAD
                - wigwag_store::campaigns::queued(
                    context.db(),
                    sending.number.id,
                    Urgency::Automation,
                )
                .await?;
            let fits = usize::try_from(room.max(0)).unwrap_or(0);
            let rows: Vec<DueRow> = rows.into_iter().take(fits).collect();
            if rows.is_empty() {
                continue;
            }
            match hand_over(context, workspace, sending, Urgency::Automation, rows).await? {
                Feeding::Some(count) => fed += count,
                held @ Feeding::Hold(_) => return Ok(held),
            }
        }
        if fed == before {
            break;
        }
        left = most - i64::try_from(fed).unwrap_or(i64::MAX);
    }
    Ok(Feeding::Some(fed))
}

async fn sending(
    context: &Context,
    workspace: WorkspaceId,
    campaign: &Campaign,
    known: &mut Definitions,
    (no, arm): (i64, i64),
) -> wigwag_store::Result<Result<Sending, Held>> {
    let definition = known.get(context, workspace, campaign, no).await?;
    let of = definition.apply(campaign, wigwag_model::campaign::ongoing::Arm::of(arm));
    let category = of.category;
    let checked = setup::check_running(context, workspace, of).await?;
    Ok(checked.and_then(|sending| {
        if category.is_some_and(|known| known != sending.category) {
            Err(Held::TemplateRecategorised)
        } else {
            Ok(sending)
        }
    }))
}
