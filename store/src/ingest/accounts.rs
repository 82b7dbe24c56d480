//! What Meta tells of templates, numbers and limits, and when a number was last heard of.

use std::collections::BTreeMap;

use wigwag_model::id::Id as _;
use wigwag_model::{NumberId, Timestamp, WabaId, WorkspaceId};

use super::items::AccountChange;
use super::templates;
use crate::endpoints::Happening;
use crate::{Batch, Event, Job, Result, Tx, sql, sql_rows};

/// A gap between webhooks longer than this counts as silence: nothing could have told us of a
/// message in it.
const SILENCE_US: i64 = 60_000_000;
/// How often reading templates is tried.
const SYNC_TRIES: i64 = 5;

/// Applies changes one by one: Meta tells of some a day, not of thousands a second.
pub(super) async fn apply(tx: &mut Tx, changes: Vec<AccountChange>) -> Result<()> {
    for change in changes {
        match change {
            AccountChange::Template {
                workspace,
                waba,
                meta_template_id,
                news,
            } => {
                if !templates::apply(tx, workspace, waba, &meta_template_id, news).await? {
                    // Made elsewhere: nothing is known of it but its id.
                    read_templates(tx, workspace, waba);
                }
            }
            AccountChange::Templates { workspace, waba } => read_templates(tx, workspace, waba),
            AccountChange::Number {
                workspace,
                waba,
                digits,
                verified_name,
                throughput,
                messaging_limit,
            } => {
                let numbers = sql("SELECT id, display_phone_number FROM numbers WHERE workspace_id = $1 AND waba = $2")
                    .bind(workspace)
                    .bind(waba)
                    .fetch_all(tx)
                    .await?;
                for row in &numbers {
                    let shown: String = row.text(1)?.chars().filter(char::is_ascii_digit).collect();
                    if shown != digits {
                        continue;
                    }
                    let id: NumberId = row.id(0)?;
                    sql("UPDATE numbers SET verified_name = COALESCE($3, verified_name), throughput = COALESCE($4, throughput),
                            messaging_limit = COALESCE($5, messaging_limit) WHERE workspace_id = $1 AND id = $2")
                        .bind(workspace)
                        .bind(id)
                        .bind(verified_name.clone())
                        .bind(throughput)
                        .bind(messaging_limit)
                        .execute(tx)
                        .await?;
                    tx.record(
                        workspace,
                        Event {
                            kind: "number.changed",
                            subject: id.uuid(),
                            conversation: None,
                        },
                    );
                }
            }
            AccountChange::Notice(notice) => {
                tx.happened(notice.workspace, Happening::notice(&notice));
            }
            AccountChange::Limit {
                workspace,
                portfolio: _,
                waba,
                people,
            } => {
                let changed = sql(
                    "UPDATE numbers SET messaging_limit = $3 WHERE workspace_id = $1 AND waba IN (
                        SELECT w.id FROM wabas w JOIN wabas t ON t.workspace_id = w.workspace_id AND t.id = $2
                        WHERE w.workspace_id = $1 AND (w.id = t.id OR w.portfolio = t.portfolio)) RETURNING id",
                )
                .bind(workspace)
                .bind(waba)
                .bind(people)
                .fetch_all(tx)
                .await?;
                for row in &changed {
                    let id: NumberId = row.id(0)?;
                    tx.record(
                        workspace,
                        Event {
                            kind: "number.changed",
                            subject: id.uuid(),
                            conversation: None,
                        },
                    );
                }
            }
        }
    }
    Ok(())
}

/// Asks for the templates of an account to be read again, once however many webhooks say so.
fn read_templates(tx: &mut Tx, workspace: WorkspaceId, waba: WabaId) {
    let run_at = tx.mint().now();
    tx.enqueue(Job {
        kind: "template.sync",
        workspace: Some(workspace),
        payload: format!("{{\"workspace\":\"{workspace}\",\"waba\":\"{waba}\"}}"),
        run_at,
        dedupe_key: Some(format!("template.sync:{waba}")),
        max_tries: SYNC_TRIES,
    });
}

/// Notes that webhooks for these numbers arrive: what is unknown ages only while they do.
pub(super) async fn seen(tx: &mut Tx, seen: Vec<(WorkspaceId, NumberId, Timestamp)>) -> Result<()> {
    let mut last: BTreeMap<(WorkspaceId, NumberId), Timestamp> = BTreeMap::new();
    for (workspace, number, at) in seen {
        let entry = last.entry((workspace, number)).or_insert(at);
        *entry = (*entry).max(at);
    }
    if last.is_empty() {
        return Ok(());
    }
    let rows = || {
        Batch::new()
            .ids("workspace_id", last.keys().map(|key| key.0))
            .ids("number_id", last.keys().map(|key| key.1))
            .times("at", last.values().copied())
    };
    sql_rows(
        "INSERT INTO lane_clocks (number_id, workspace_id, live_us, last_seen_at)
         SELECT r.number_id, r.workspace_id, 0, r.at FROM {rows} WHERE true
         ON CONFLICT (number_id) DO UPDATE SET
            live_us = lane_clocks.live_us + CASE
                WHEN excluded.last_seen_at <= lane_clocks.last_seen_at THEN 0
                WHEN excluded.last_seen_at - lane_clocks.last_seen_at > $1 THEN $1
                ELSE excluded.last_seen_at - lane_clocks.last_seen_at END,
            last_seen_at = CASE WHEN excluded.last_seen_at > lane_clocks.last_seen_at THEN excluded.last_seen_at
                ELSE lane_clocks.last_seen_at END",
        rows(),
    )
    .bind(SILENCE_US)
    .execute(tx)
    .await?;
    sql_rows(
        "UPDATE numbers SET last_webhook_at = r.at FROM {rows}
         WHERE numbers.workspace_id = r.workspace_id AND numbers.id = r.number_id
           AND COALESCE(numbers.last_webhook_at, 0) < r.at",
        rows(),
    )
    .execute(tx)
    .await?;
    Ok(())
}
