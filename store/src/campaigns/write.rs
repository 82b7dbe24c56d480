//! Drafts: made, changed, copied, forgotten.

use serde_json::Value;
use wigwag_model::campaign::ongoing::Ongoing;
use wigwag_model::campaign::{Action, Schedule, Settings, State, Variables};
use wigwag_model::{CampaignId, NumberId, TemplateId, WorkspaceId};

use super::counts::changed;
use super::read::{Campaign, get};
use crate::{Db, Error, Priority, Result, Tx, sql};

/// Makes an empty draft of a one-time campaign.
///
/// # Errors
/// What the database says.
pub async fn create(
    db: &Db,
    workspace: WorkspaceId,
    name: String,
    actor: String,
) -> Result<CampaignId> {
    draft(db, workspace, name, actor, None).await
}

/// Makes an empty draft of an on-going campaign, for everybody whom its trigger names.
///
/// # Errors
/// What the database says.
pub async fn create_ongoing(
    db: &Db,
    workspace: WorkspaceId,
    name: String,
    actor: String,
) -> Result<CampaignId> {
    draft(db, workspace, name, actor, Some(Ongoing::default())).await
}

async fn draft(
    db: &Db,
    workspace: WorkspaceId,
    name: String,
    actor: String,
    ongoing: Option<Ongoing>,
) -> Result<CampaignId> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let id = tx.mint().id();
            let of = Patch {
                audience: ongoing
                    .is_some()
                    .then(|| serde_json::json!({"everyone": true})),
                ongoing,
                ..Patch::default()
            };
            insert(tx, workspace, id, &name, &actor, &of).await?;
            Ok(id)
        })
    })
    .await
}

pub(super) async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: CampaignId,
    name: &str,
    actor: &str,
    of: &Patch,
) -> Result<()> {
    let now = tx.mint().now();
    sql("INSERT INTO campaigns (workspace_id, id, name, state, number_id, template_id, audience, variables, header,
            schedule, settings, round, canary, created_by, created_at, updated_at, version, kind, ongoing)
         VALUES ($1, $2, $3, 'draft', $4, $5, $6, $7, $8, $9, $10, 1, 'off', $11, $12, $12, 1, $13, $14)")
        .bind(workspace)
        .bind(id)
        .bind(name)
        .bind(of.number.flatten())
        .bind(of.template.flatten())
        .bind(text(of.audience.as_ref().unwrap_or(&Value::Object(serde_json::Map::new())))?)
        .bind(text(&of.variables.clone().unwrap_or_default())?)
        .bind(of.header.clone().flatten().as_ref().map(text).transpose()?)
        .bind(text(&of.schedule.clone().unwrap_or_default())?)
        .bind(text(&of.settings.clone().unwrap_or_default())?)
        .bind(actor)
        .bind(now)
        .bind(if of.ongoing.is_some() { "ongoing" } else { "one_time" })
        .bind(of.ongoing.as_ref().map(text).transpose()?)
        .execute(tx)
        .await?;
    tx.record(workspace, changed(id));
    Ok(())
}

pub(super) fn text(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Db(Box::new(error)))
}

/// What to change; `None` leaves a field, `Some(None)` empties it.
#[derive(Debug, Clone, Default)]
pub struct Patch {
    /// What people call it.
    pub name: Option<String>,
    /// The number.
    pub number: Option<Option<NumberId>>,
    /// The template.
    pub template: Option<Option<TemplateId>>,
    /// Who gets it.
    pub audience: Option<Value>,
    /// What the variables say.
    pub variables: Option<Variables>,
    /// The header's file or place.
    pub header: Option<Option<Value>>,
    /// When.
    pub schedule: Option<Schedule>,
    /// Limits and the like.
    pub settings: Option<Settings>,
    /// What makes it on-going, for one that is.
    pub ongoing: Option<Ongoing>,
}

impl Patch {
    fn of(campaign: &Campaign) -> Self {
        Self {
            name: None,
            number: Some(campaign.number),
            template: Some(campaign.template),
            audience: Some(campaign.audience.clone()),
            variables: Some(campaign.variables.clone()),
            header: Some(campaign.header.clone()),
            schedule: Some(campaign.schedule.clone()),
            settings: Some(campaign.settings.clone()),
            ongoing: campaign.ongoing.clone(),
        }
    }
}

/// Changes a draft; `false` when it is none any more.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] when it was changed since that version;
/// [`Error::Conflict`] for a number or a template that is not of this workspace, or where a one-time
/// campaign is to become on-going.
pub async fn edit(
    db: &Db,
    workspace: WorkspaceId,
    id: CampaignId,
    version: i64,
    patch: Patch,
) -> Result<bool> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let before = get(tx, workspace, id).await?;
            if !before.state.allows(Action::Edit) {
                return Ok(false);
            }
            if patch.ongoing.is_some() && before.ongoing.is_none() {
                return Err(Error::Conflict("ongoing"));
            }
            let now = tx.mint().now();
            let done = sql("UPDATE campaigns SET name = $4, number_id = $5, template_id = $6, audience = $7, variables = $8,
                                header = $9, schedule = $10, settings = $11, ongoing = $13, updated_at = $12, version = version + 1
                            WHERE workspace_id = $1 AND id = $2 AND version = $3 AND state = 'draft'")
                .bind(workspace)
                .bind(id)
                .bind(version)
                .bind(patch.name.unwrap_or(before.name))
                .bind(patch.number.unwrap_or(before.number))
                .bind(patch.template.unwrap_or(before.template))
                .bind(text(&patch.audience.unwrap_or(before.audience))?)
                .bind(text(&patch.variables.unwrap_or(before.variables))?)
                .bind(patch.header.unwrap_or(before.header).as_ref().map(text).transpose()?)
                .bind(text(&patch.schedule.unwrap_or(before.schedule))?)
                .bind(text(&patch.settings.unwrap_or(before.settings))?)
                .bind(now)
                .bind(patch.ongoing.or(before.ongoing).as_ref().map(text).transpose()?)
                .execute(tx)
                .await?;
            if done == 0 {
                return Err(Error::Stale);
            }
            tx.record(workspace, changed(id));
            Ok(true)
        })
    })
    .await
}

/// Makes a draft that says the same, at once and not at the time of the first.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn duplicate(
    db: &Db,
    workspace: WorkspaceId,
    id: CampaignId,
    name: String,
    audience: Option<Value>,
    actor: String,
) -> Result<CampaignId> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let first = get(tx, workspace, id).await?;
            let mut of = Patch::of(&first);
            // A time of its own would have gone by; quiet hours stay.
            of.schedule = Some(Schedule::Now {
                quiet: first.schedule.quiet().cloned(),
            });
            if let Some(audience) = audience {
                of.audience = Some(audience);
            }
            let copy = tx.mint().id();
            insert(tx, workspace, copy, &name, &actor, &of).await?;
            Ok(copy)
        })
    })
    .await
}

/// Forgets a draft, or one that failed before anything left; `false` in another state. Its people
/// must have been cleared before, see [`super::clear`].
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] while people are written down for it.
pub async fn delete(db: &Db, workspace: WorkspaceId, id: CampaignId) -> Result<bool> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let state: State = super::read::state_of(tx, workspace, id).await?;
            if !state.allows(Action::Delete) {
                return Ok(false);
            }
            for table in [
                "DELETE FROM links WHERE workspace_id = $1 AND campaign_id = $2",
                "DELETE FROM campaign_conversions WHERE workspace_id = $1 AND campaign_id = $2",
                "DELETE FROM campaign_counts WHERE workspace_id = $1 AND campaign_id = $2",
                "DELETE FROM campaign_charges WHERE workspace_id = $1 AND campaign_id = $2",
                "DELETE FROM campaign_series WHERE workspace_id = $1 AND campaign_id = $2",
                "DELETE FROM campaigns WHERE workspace_id = $1 AND id = $2",
            ] {
                sql(table).bind(workspace).bind(id).execute(tx).await?;
            }
            tx.record(workspace, changed(id));
            Ok(true)
        })
    })
    .await
}
