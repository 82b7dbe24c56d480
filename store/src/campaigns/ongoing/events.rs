//! Events that start runs: what running campaigns ask is kept in memory, the match is made before the
//! rows are written, and the runs commit with the event.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;
use wigwag_model::campaign::ongoing::{Matcher, Trigger};
use wigwag_model::{CampaignId, ContactId, EventId, RunId, Timestamp, WorkspaceId};

use super::definition;
use crate::events::{Event, WEB};
use crate::{Batch, Result, Tx, sql, sql_rows};

/// How long spans of conditions may count from an older present.
const FRESH: Duration = Duration::from_mins(1);

/// What running campaigns of each workspace ask of events, kept while nothing of it changes.
#[derive(Debug, Clone, Default)]
pub struct Triggers(Arc<RwLock<HashMap<WorkspaceId, Arc<Kept>>>>);

/// What is kept of a workspace.
#[derive(Debug)]
pub(crate) struct Kept {
    epoch: i64,
    read_at: Timestamp,
    matcher: Matcher,
}

/// What the running campaigns of a workspace ask of events, as of this transaction.
pub(crate) async fn triggers(tx: &mut Tx, workspace: WorkspaceId) -> Result<Arc<Kept>> {
    let now = tx.mint().now();
    let epoch = sql("SELECT trigger_epoch FROM feeds WHERE workspace_id = $1")
        .bind(workspace)
        .fetch_one(tx)
        .await?
        .int(0)?;
    let store = tx.triggers().clone();
    if let Some(kept) = store.0.read().get(&workspace)
        && kept.epoch == epoch
        && now.since(kept.read_at) < FRESH
    {
        return Ok(Arc::clone(kept));
    }
    let mut matcher = Matcher::default();
    let rows = sql(
        "SELECT t.campaign_id, t.definition, d.body FROM campaign_triggers t
         JOIN campaign_definitions d ON d.workspace_id = t.workspace_id AND d.campaign_id = t.campaign_id AND d.no = t.definition
         WHERE t.workspace_id = $1 AND t.kind = 'event'",
    )
    .bind(workspace)
    .fetch_all(tx)
    .await?;
    for row in &rows {
        let (campaign, no): (CampaignId, i64) = (row.id(0)?, row.int(1)?);
        let Some(Trigger::Event(event)) = definition::read(&row.text(2)?)?.ongoing.trigger else {
            continue;
        };
        if let Err(fault) = matcher.add(campaign, no, &event, now) {
            tracing::error!(%fault, %campaign, "a trigger cannot be asked");
        }
    }
    let kept = Arc::new(Kept {
        epoch,
        read_at: now,
        matcher,
    });
    store.0.write().insert(workspace, Arc::clone(&kept));
    Ok(kept)
}

/// A run that begins.
#[derive(Debug, Clone)]
pub(super) struct Began {
    pub(super) campaign: CampaignId,
    pub(super) definition: i64,
    pub(super) contact: ContactId,
    pub(super) event: Option<EventId>,
    pub(super) dedupe: String,
    pub(super) at: Timestamp,
}

/// Begins the runs that events start, in the transaction that writes the events.
pub(crate) async fn begin(tx: &mut Tx, workspace: WorkspaceId, events: &[&Event]) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let kept = triggers(tx, workspace).await?;
    let mut began = Vec::new();
    for event in events
        .iter()
        .filter(|event| kept.matcher.knows(&event.name))
    {
        let web = event.source == WEB;
        let started = kept.matcher.matching(&event.name, &event.properties, web);
        began.extend(started.into_iter().map(|(campaign, definition)| Began {
            campaign,
            definition,
            contact: event.contact,
            event: Some(event.id),
            dedupe: event.id.to_string(),
            at: event.occurred_at,
        }));
    }
    insert(tx, workspace, &began).await?;
    Ok(())
}

/// Writes runs down, each once for what started it. Returns how many are new.
pub(super) async fn insert(tx: &mut Tx, workspace: WorkspaceId, began: &[Began]) -> Result<u64> {
    if began.is_empty() {
        return Ok(0);
    }
    let ids: Vec<RunId> = began.iter().map(|_| tx.mint().id()).collect();
    let rows = Batch::new()
        .ids("id", ids)
        .ids("campaign_id", began.iter().map(|run| run.campaign))
        .ints("definition", began.iter().map(|run| run.definition))
        .ids("contact_id", began.iter().map(|run| run.contact))
        .opt_ids("event_id", began.iter().map(|run| run.event))
        .texts("dedupe", began.iter().map(|run| run.dedupe.as_str()))
        .times("at", began.iter().map(|run| run.at));
    sql_rows(
        "INSERT INTO campaign_runs (workspace_id, id, campaign_id, definition, contact_id, event_id, dedupe, began_at, due_at, state)
         SELECT $1, r.id, r.campaign_id, r.definition, r.contact_id, r.event_id, r.dedupe, r.at, r.at, 'new'
         FROM {rows} WHERE true ON CONFLICT DO NOTHING",
        rows,
    )
    .bind(workspace)
    .execute(tx)
    .await
}
