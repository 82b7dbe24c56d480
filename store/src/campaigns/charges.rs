//! What Meta charged for campaigns, added up by currency as the statuses come.

use std::collections::BTreeMap;

use wigwag_model::{CampaignId, WorkspaceId};

use crate::{Batch, Db, Result, Tx, sql_rows};

/// Adds what Meta charges for messages.
pub(super) async fn add(
    tx: &mut Tx,
    charges: BTreeMap<(WorkspaceId, CampaignId, String), i64>,
) -> Result<()> {
    if charges.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ids("workspace_id", charges.keys().map(|key| key.0))
        .ids("campaign_id", charges.keys().map(|key| key.1))
        .texts("currency", charges.keys().map(|key| key.2.as_str()))
        .ints("micros", charges.values().copied());
    sql_rows(
        "INSERT INTO campaign_charges (workspace_id, campaign_id, currency, micros)
         SELECT r.workspace_id, r.campaign_id, r.currency, r.micros FROM {rows} WHERE true
         ON CONFLICT (workspace_id, campaign_id, currency) DO UPDATE SET micros = campaign_charges.micros + excluded.micros",
        rows,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// What Meta charged for campaigns, in millionths by currency.
///
/// # Errors
/// What the database says.
pub async fn charges(
    db: &Db,
    workspace: WorkspaceId,
    campaigns: &[CampaignId],
) -> Result<BTreeMap<CampaignId, Vec<(String, i64)>>> {
    let mut found: BTreeMap<CampaignId, Vec<(String, i64)>> = BTreeMap::new();
    if campaigns.is_empty() {
        return Ok(found);
    }
    let rows = sql_rows(
        "SELECT c.campaign_id, c.currency, c.micros FROM {rows} JOIN campaign_charges c
           ON c.workspace_id = {$1} AND c.campaign_id = r.id ORDER BY c.currency",
        Batch::new().ids("id", campaigns.iter().copied()),
    )
    .bind(workspace)
    .fetch_all(&mut db.reader().await?)
    .await?;
    for row in &rows {
        found
            .entry(row.id(0)?)
            .or_default()
            .push((row.text(1)?, row.int(2)?));
    }
    Ok(found)
}
