//! What people do after a campaign reached them: dated once, whatever their message's state is.

use std::collections::BTreeMap;

use wigwag_model::{ContactId, NumberId, Timestamp, WorkspaceId};

use super::counts::{Flag, Share};
use crate::{Batch, Result, Row, Tx, sql_rows};

/// A second: Meta states no less.
const SECOND_US: i64 = 1_000_000;

/// Dates the replies of people who wrote: to the last campaign that reached them through this
/// number, within its time. Called in the transaction that writes their messages.
pub(crate) async fn replied(
    tx: &mut Tx,
    wrote: impl Iterator<Item = (WorkspaceId, ContactId, NumberId, Timestamp)>,
) -> Result<()> {
    let mut first: BTreeMap<(WorkspaceId, ContactId, NumberId), Timestamp> = BTreeMap::new();
    for (workspace, contact, number, at) in wrote {
        let known = first.entry((workspace, contact, number)).or_insert(at);
        *known = at.min(*known);
    }
    if first.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ids("workspace_id", first.keys().map(|key| key.0))
        .ids("contact_id", first.keys().map(|key| key.1))
        .ids("number_id", first.keys().map(|key| key.2))
        .times("at", first.values().copied());
    let dated = sql_rows(
        "UPDATE campaign_recipients SET replied_at = r.at FROM {rows}
         WHERE campaign_recipients.workspace_id = r.workspace_id AND campaign_recipients.contact_id = r.contact_id
           AND campaign_recipients.fed_at = (SELECT MAX(p.fed_at) FROM campaign_recipients p
                WHERE p.workspace_id = r.workspace_id AND p.contact_id = r.contact_id AND p.number_id = r.number_id
                  AND p.fed_at <= r.at + $1)
           AND campaign_recipients.number_id = r.number_id AND campaign_recipients.replied_at IS NULL
           AND campaign_recipients.reply_until >= r.at
           AND EXISTS (SELECT 1 FROM messages m WHERE m.workspace_id = r.workspace_id
                AND m.id = campaign_recipients.message_id AND m.state >= 20 AND m.state <> 70)
         RETURNING campaign_recipients.workspace_id, campaign_recipients.campaign_id, campaign_recipients.round",
        rows,
    )
    .bind(SECOND_US)
    .fetch_all(tx)
    .await?;
    flag(tx, &dated, Flag::Replied)
}

/// Dates the opt-outs of people who said no to marketing: to the last campaign that reached them,
/// within its time. Called in the transaction that writes their consent.
pub(crate) async fn opted_out(
    tx: &mut Tx,
    denied: impl Iterator<Item = (WorkspaceId, ContactId, Timestamp)>,
) -> Result<()> {
    let mut first: BTreeMap<(WorkspaceId, ContactId), Timestamp> = BTreeMap::new();
    for (workspace, contact, at) in denied {
        let known = first.entry((workspace, contact)).or_insert(at);
        *known = at.min(*known);
    }
    if first.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ids("workspace_id", first.keys().map(|key| key.0))
        .ids("contact_id", first.keys().map(|key| key.1))
        .times("at", first.values().copied());
    let dated = sql_rows(
        "UPDATE campaign_recipients SET opted_out_at = r.at FROM {rows}
         WHERE campaign_recipients.workspace_id = r.workspace_id AND campaign_recipients.contact_id = r.contact_id
           AND campaign_recipients.fed_at = (SELECT MAX(p.fed_at) FROM campaign_recipients p
                WHERE p.workspace_id = r.workspace_id AND p.contact_id = r.contact_id AND p.fed_at <= r.at + $1)
           AND campaign_recipients.opted_out_at IS NULL AND campaign_recipients.reply_until >= r.at
           AND EXISTS (SELECT 1 FROM messages m WHERE m.workspace_id = r.workspace_id
                AND m.id = campaign_recipients.message_id AND m.state >= 20)
         RETURNING campaign_recipients.workspace_id, campaign_recipients.campaign_id, campaign_recipients.round",
        rows,
    )
    .bind(SECOND_US)
    .fetch_all(tx)
    .await?;
    flag(tx, &dated, Flag::OptedOut)
}

/// Counts the people who were dated.
pub(super) fn flag(tx: &mut Tx, dated: &[Row], flag: Flag) -> Result<()> {
    for row in dated {
        let share = Share {
            workspace: row.id(0)?,
            campaign: row.id(1)?,
            round: row.int(2)?,
        };
        tx.moves().flag(share, flag);
    }
    Ok(())
}
