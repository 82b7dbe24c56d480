//! Asking a filter of some contacts, and who has moved in and out of it.

use wigwag_model::audience::Filter;
use wigwag_model::{CampaignId, ContactId, NumberId, Timestamp, WorkspaceId};

use super::part::Part;
use super::{Builder, Person, Reach, found, people, plan, reading};
use crate::contacts::COLUMNS;
use crate::{Batch, Result, Snapshot};

/// Those of some contacts whom a filter finds, with what planning needs.
///
/// # Errors
/// [`crate::Error::Filter`] for a filter that cannot be asked.
pub async fn among(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    filter: &Filter,
    now: Timestamp,
    number: Option<NumberId>,
    contacts: &[ContactId],
) -> Result<Vec<Person>> {
    if contacts.is_empty() {
        return Ok(Vec::new());
    }
    let plan = plan(on, workspace, filter, now).await?;
    let mut builder = Builder::new(on, workspace, None);
    let condition = builder.condition(&plan)?;
    let batch = Batch::new().ids("id", contacts.iter().copied());
    let rows = builder
        .statement_over(
            format!(
                "SELECT {COLUMNS} FROM {{rows}} JOIN contacts p ON p.workspace_id = {{$1}} AND p.id = r.id
                 WHERE p.merged_into IS NULL AND {condition} ORDER BY r.ord"
            ),
            batch,
        )
        .fetch_all(on)
        .await?;
    let mut found = rows.iter().map(people::read).collect::<Result<Vec<_>>>()?;
    people::add_consent(on, workspace, &mut found).await?;
    if let Some(number) = number {
        people::add_windows(on, workspace, number, &mut found).await?;
    }
    Ok(found)
}

/// Who has come into a filter and who has left it since a campaign last looked, in the order of their
/// ids. Both are read as sets, so that it costs what the filter costs and not a question per contact.
///
/// # Errors
/// [`crate::Error::Filter`] for a filter that cannot be asked.
pub async fn moved(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    filter: &Filter,
    now: Timestamp,
    campaign: CampaignId,
) -> Result<(Vec<ContactId>, Vec<ContactId>)> {
    let plan = plan(on, workspace, filter, now).await?;
    let set = found::found(on, workspace, &plan, Reach::default()).await?;
    let found = found::ids(on, workspace, set).await?;
    let mut builder = Builder::new(on, workspace, None);
    let campaign = builder.bind(campaign);
    let from =
        format!("campaign_members m WHERE m.workspace_id = $1 AND m.campaign_id = {campaign}");
    let part = Part::new(from, "m.contact_id");
    let members = reading::one(on, builder, part, None).await?;
    let entered = found.clone().but(&members).contacts();
    Ok((entered, members.but(&found).contacts()))
}

/// The ids of a page of those whom a filter finds, in their order.
///
/// # Errors
/// [`crate::Error::Filter`] for a filter that cannot be asked.
pub async fn ids(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    filter: &Filter,
    now: Timestamp,
    after: Option<ContactId>,
    limit: u32,
) -> Result<Vec<ContactId>> {
    let plan = plan(on, workspace, filter, now).await?;
    let mut builder = Builder::new(on, workspace, after);
    let condition = builder.condition(&plan)?;
    let begin = builder.beginning();
    let rows = builder
        .statement(format!(
            "SELECT p.id FROM contacts p WHERE p.workspace_id = $1{begin} AND p.merged_into IS NULL AND {condition}
             ORDER BY p.id LIMIT {limit}"
        ))
        .fetch_all(on)
        .await?;
    rows.iter().map(|row| row.id(0)).collect()
}
