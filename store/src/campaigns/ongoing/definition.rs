//! What an on-going campaign says in each of its versions.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wigwag_model::campaign::ongoing::{Arm, Ongoing};
use wigwag_model::campaign::{Schedule, Settings, Variables};
use wigwag_model::{CampaignId, NumberId, TemplateId, Timestamp, WorkspaceId};

use super::super::read::Campaign;
use crate::{Db, Error, Executor, Result, sql};

/// What a version says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// The number it leaves from.
    pub number: Option<NumberId>,
    /// The template of its own message.
    pub template: Option<TemplateId>,
    /// Categories of the templates when it was made, its own first, then those of the variants.
    pub categories: Vec<String>,
    /// The filter on the person.
    pub audience: Value,
    /// What the variables say.
    pub variables: Variables,
    /// The header's file or place.
    pub header: Option<Value>,
    /// Quiet hours.
    pub schedule: Schedule,
    /// Limits and the like.
    pub settings: Settings,
    /// What makes it on-going.
    pub ongoing: Ongoing,
}

impl Definition {
    /// What a campaign says now.
    pub fn of(campaign: &Campaign, categories: Vec<String>) -> Option<Self> {
        Some(Self {
            number: campaign.number,
            template: campaign.template,
            categories,
            audience: campaign.audience.clone(),
            variables: campaign.variables.clone(),
            header: campaign.header.clone(),
            schedule: campaign.schedule.clone(),
            settings: campaign.settings.clone(),
            ongoing: campaign.ongoing.clone()?,
        })
    }

    /// The campaign as it is for whoever gets one of the messages.
    #[must_use]
    pub fn apply(&self, campaign: &Campaign, arm: Arm) -> Campaign {
        let mut of = Campaign {
            number: self.number,
            template: self.template,
            audience: self.audience.clone(),
            variables: self.variables.clone(),
            header: self.header.clone(),
            schedule: self.schedule.clone(),
            settings: self.settings.clone(),
            ongoing: Some(self.ongoing.clone()),
            ..campaign.clone()
        };
        let at = match arm {
            Arm::Message(at) => at,
            Arm::Holdout => 0,
        };
        of.category = self
            .categories
            .get(at)
            .and_then(|name| wigwag_model::consent::Category::parse(name));
        if let Some(variant) = at
            .checked_sub(1)
            .and_then(|at| self.ongoing.variants.get(at))
        {
            of.template = Some(variant.template_id);
            of.variables.clone_from(&variant.variables);
            of.header.clone_from(&variant.header);
        }
        of
    }

    pub(super) fn text(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| Error::Db(Box::new(error)))
    }
}

pub(super) fn read(text: &str) -> Result<Definition> {
    serde_json::from_str(text).map_err(|_| Error::Inconsistent {
        table: "campaign_definitions",
        column: "body",
    })
}

/// What a campaign says in a version.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn definition(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    campaign: CampaignId,
    no: i64,
) -> Result<Definition> {
    let row = sql("SELECT body FROM campaign_definitions WHERE workspace_id = $1 AND campaign_id = $2 AND no = $3")
        .bind(workspace)
        .bind(campaign)
        .bind(no)
        .fetch_one(on)
        .await?;
    read(&row.text(0)?)
}

/// A version of an on-going campaign.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// From 1.
    pub no: i64,
    /// What it says.
    pub definition: Definition,
    /// Who made it.
    pub created_by: String,
    /// When it came into force.
    pub created_at: Timestamp,
}

/// The versions of a campaign, the newest first.
///
/// # Errors
/// What the database says.
pub async fn versions(
    db: &Db,
    workspace: WorkspaceId,
    campaign: CampaignId,
) -> Result<Vec<Version>> {
    let rows = sql(
        "SELECT no, body, created_by, created_at FROM campaign_definitions
         WHERE workspace_id = $1 AND campaign_id = $2 ORDER BY no DESC LIMIT 200",
    )
    .bind(workspace)
    .bind(campaign)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Version {
                no: row.int(0)?,
                definition: read(&row.text(1)?)?,
                created_by: row.text(2)?,
                created_at: row.time(3)?,
            })
        })
        .collect()
}
