//! API campaigns: nobody is planned for them and they send nothing. Messages that programs send in their
//! name are counted for them, whatever moves those messages.

use wigwag_model::campaign::State;
use wigwag_model::{CampaignId, MessageState, NumberId, TemplateId, WorkspaceId};

use super::counts::{Share, changed};
use super::write::{Patch, insert};
use crate::{Db, Error, Priority, Result, Tx, sql};

/// The only round of an API campaign.
pub(crate) const API_ROUND: i64 = 1;

/// An API campaign to make.
#[derive(Debug, Clone)]
pub struct NewApi {
    /// What people call it.
    pub name: String,
    /// The number that its messages usually leave from.
    pub number: Option<NumberId>,
    /// The template that they usually are; others are counted too.
    pub template: Option<TemplateId>,
    /// Who makes it.
    pub actor: String,
}

/// Makes an API campaign.
///
/// # Errors
/// [`Error::Conflict`] for a number or a template that is not of this workspace.
pub async fn create_api(db: &Db, workspace: WorkspaceId, new: NewApi) -> Result<CampaignId> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let (id, now): (CampaignId, _) = (tx.mint().id(), tx.mint().now());
            let of = Patch {
                number: Some(new.number),
                template: Some(new.template),
                ..Patch::default()
            };
            insert(tx, workspace, id, &new.name, &new.actor, &of).await?;
            sql("UPDATE campaigns SET state = $3, started_at = $4 WHERE workspace_id = $1 AND id = $2")
                .bind(workspace)
                .bind(id)
                .bind(State::Api.as_str())
                .bind(now)
                .execute(tx)
                .await?;
            tx.record(workspace, changed(id));
            Ok(id)
        })
    })
    .await
}

/// Counts a message that is being written.
///
/// # Errors
/// [`Error::Conflict`] when there is no such API campaign here.
pub(crate) async fn enter(tx: &mut Tx, workspace: WorkspaceId, campaign: CampaignId) -> Result<()> {
    sql("SELECT id FROM campaigns WHERE workspace_id = $1 AND id = $2 AND state = $3")
        .bind(workspace)
        .bind(campaign)
        .bind(State::Api.as_str())
        .fetch_optional(tx)
        .await?
        .ok_or(Error::Conflict("campaign"))?;
    let share = Share {
        workspace,
        campaign,
        round: API_ROUND,
    };
    tx.moves().enter(share, MessageState::Queued, 1);
    Ok(())
}
