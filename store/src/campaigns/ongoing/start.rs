//! Starting an on-going campaign and changing one that runs: each makes a version.

use wigwag_model::campaign::State;
use wigwag_model::{CampaignId, WorkspaceId};

use super::super::counts::changed;
use super::super::moves::move_on;
use super::super::read::{Campaign, get};
use super::super::write::text;
use super::definition::Definition;
use super::enrol::Enrol;
use crate::{Db, Error, Priority, Result, Tx, sql};

/// Starts a draft: from this commit on, what happens starts runs. `false` when it is no draft.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] when it was changed since that version.
pub async fn start(
    db: &Db,
    workspace: WorkspaceId,
    id: CampaignId,
    version: i64,
    definition: Definition,
    enrol: Enrol,
    actor: String,
) -> Result<bool> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let campaign = get(tx, workspace, id).await?;
            if campaign.state != State::Draft || campaign.ongoing.is_none() {
                return Ok(false);
            }
            if campaign.version != version {
                return Err(Error::Stale);
            }
            let now = tx.mint().now();
            let done = move_on(
                tx,
                workspace,
                id,
                "state = 'running', definition = 1, started_at = $3, tended_at = $3, updated_at = $3, canary = 'off',
                 held_reason = NULL, failure = NULL, version = version + 1",
                "state = 'draft'",
                now,
            )
            .await?;
            if !done {
                return Err(Error::Stale);
            }
            put(tx, workspace, id, 1, &definition, &actor).await?;
            let (kind, key) = key(&definition)?;
            sql("INSERT INTO campaign_triggers (workspace_id, campaign_id, definition, kind, key, enrol)
                 VALUES ($1, $2, 1, $3, $4, $5)")
                .bind(workspace)
                .bind(id)
                .bind(kind)
                .bind(key)
                .bind(enrol.as_str())
                .execute(tx)
                .await?;
            turn(tx, workspace).await?;
            Ok(true)
        })
    })
    .await
}

/// A new version of a campaign that was started.
#[derive(Debug, Clone)]
pub struct Change {
    /// The version of the row that it was made of.
    pub version: i64,
    /// What people call it from now on.
    pub name: String,
    /// What it says.
    pub definition: Definition,
    /// What is done with those who are in already, where another trigger begins.
    pub enrol: Enrol,
    /// Who makes it.
    pub actor: String,
}

/// Changes a campaign that was started: a new version is in force from this commit on. Who already runs
/// keeps its own. The new version's number.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] when it was changed since that version, or is over.
pub async fn edit(db: &Db, workspace: WorkspaceId, id: CampaignId, change: Change) -> Result<i64> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let Change {
                version,
                name,
                definition,
                enrol,
                actor,
            } = change;
            let before = get(tx, workspace, id).await?;
            let Some(no) = before.definition.map(|no| no + 1) else {
                return Err(Error::Stale);
            };
            if before.version != version || before.state.is_over() {
                return Err(Error::Stale);
            }
            write(tx, workspace, &before, no, &name, &definition).await?;
            put(tx, workspace, id, no, &definition, &actor).await?;
            let (kind, key) = key(&definition)?;
            // Who is in a segment, and what was looked at, says nothing about another trigger.
            let same = before
                .ongoing
                .as_ref()
                .and_then(|ongoing| ongoing.trigger.as_ref())
                == definition.ongoing.trigger.as_ref();
            let rest = if same {
                "enrol = campaign_triggers.enrol"
            } else {
                "enrol = $6, enrol_after = NULL, looked_at = NULL"
            };
            let mut statement = crate::sql_owned(format!(
                "UPDATE campaign_triggers SET definition = $3, kind = $4, key = $5, {rest}
                 WHERE workspace_id = $1 AND campaign_id = $2"
            ))
            .bind(workspace)
            .bind(id)
            .bind(no)
            .bind(kind)
            .bind(key);
            if !same {
                statement = statement.bind(enrol.as_str());
            }
            statement.execute(tx).await?;
            if !same {
                sql("DELETE FROM campaign_members WHERE workspace_id = $1 AND campaign_id = $2")
                    .bind(workspace)
                    .bind(id)
                    .execute(tx)
                    .await?;
            }
            turn(tx, workspace).await?;
            tx.record(workspace, changed(id));
            Ok(no)
        })
    })
    .await
}

fn key(definition: &Definition) -> Result<(&'static str, String)> {
    definition
        .ongoing
        .trigger
        .as_ref()
        .map(wigwag_model::campaign::ongoing::Trigger::key)
        .ok_or(Error::Conflict("ongoing"))
}

async fn write(
    tx: &mut Tx,
    workspace: WorkspaceId,
    before: &Campaign,
    no: i64,
    name: &str,
    to: &Definition,
) -> Result<()> {
    let now = tx.mint().now();
    let done = sql(
        "UPDATE campaigns SET name = $4, number_id = $5, template_id = $6, audience = $7, variables = $8, header = $9,
            schedule = $10, settings = $11, ongoing = $12, definition = $13, updated_at = $14, version = version + 1
         WHERE workspace_id = $1 AND id = $2 AND version = $3 AND state IN ('running', 'pausing', 'paused')",
    )
    .bind(workspace)
    .bind(before.id)
    .bind(before.version)
    .bind(name)
    .bind(to.number)
    .bind(to.template)
    .bind(text(&to.audience)?)
    .bind(text(&to.variables)?)
    .bind(to.header.as_ref().map(text).transpose()?)
    .bind(text(&to.schedule)?)
    .bind(text(&to.settings)?)
    .bind(text(&to.ongoing)?)
    .bind(no)
    .bind(now)
    .execute(tx)
    .await?;
    if done == 0 {
        return Err(Error::Stale);
    }
    Ok(())
}

async fn put(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: CampaignId,
    no: i64,
    definition: &Definition,
    actor: &str,
) -> Result<()> {
    let now = tx.mint().now();
    sql("INSERT INTO campaign_definitions (workspace_id, campaign_id, no, body, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(workspace)
        .bind(id)
        .bind(no)
        .bind(definition.text()?)
        .bind(actor)
        .bind(now)
        .execute(tx)
        .await?;
    sql("UPDATE campaigns SET category = $3 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(id)
        .bind(definition.categories.first().map(String::as_str))
        .execute(tx)
        .await?;
    Ok(())
}

/// Tells whoever keeps triggers in memory that they changed. Also for a pause, a resumption, an end.
pub(in super::super) async fn turn(tx: &mut Tx, workspace: WorkspaceId) -> Result<()> {
    sql("UPDATE feeds SET trigger_epoch = trigger_epoch + 1 WHERE workspace_id = $1")
        .bind(workspace)
        .execute(tx)
        .await?;
    Ok(())
}
