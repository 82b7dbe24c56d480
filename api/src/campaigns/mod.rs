//! Campaigns: written, reviewed, sent, stopped, looked back on.

pub mod csv;
pub mod moves;
pub mod ongoing;
pub mod report;
pub mod review;
pub mod write;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use wigwag_engine::campaigns::CampaignError;
use wigwag_model::campaign::State as CampaignState;
use wigwag_model::{CampaignId, MessageState, NumberId, TemplateId, Timestamp, WorkspaceId};
use wigwag_store::campaigns::{self, Counts, Filter, Flag, Key};

use crate::Api;
use crate::auth::Caller;
use crate::page::{self, Limit, Page};
use crate::problem::{Code, FieldError, Problem};
use crate::request::{Id, Params};

/// People by stage. Whoever is in a stage is in those before it; `planned` is everybody, and
/// `sent`, `failed`, `skipped`, `waiting` and `unknown` add up to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Funnel {
    /// Everybody who was written down.
    pub planned: i64,
    /// Whose message has not left yet.
    pub waiting: i64,
    /// Whose message is on its way, or of which nobody can say whether Meta has it.
    pub unknown: i64,
    /// Whose message Meta took.
    pub sent: i64,
    /// Whose phone has it.
    pub delivered: i64,
    /// Who read it.
    pub read: i64,
    /// Who answered in time.
    pub replied: i64,
    /// Who followed a link or tapped a quick reply.
    pub clicked: i64,
    /// Who reached a goal.
    pub converted: i64,
    /// Who opted out after it.
    pub opted_out: i64,
    /// Whose message failed.
    pub failed: i64,
    /// Who got none, for a reason.
    pub skipped: i64,
}

impl Funnel {
    pub(crate) fn of(counts: &Counts) -> Self {
        let sent = counts.sent();
        Self {
            planned: counts.all(),
            waiting: counts.waiting(),
            unknown: counts.out() - sent,
            sent,
            delivered: counts.delivered(),
            read: counts.read(),
            replied: counts.flagged(Flag::Replied),
            clicked: counts.flagged(Flag::Clicked),
            converted: counts.flagged(Flag::Converted),
            opted_out: counts.flagged(Flag::OptedOut),
            failed: counts.of(MessageState::Failed),
            skipped: counts.of(MessageState::Skipped),
        }
    }
}

/// What it costs, in millionths of a currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CampaignCost {
    /// The currency of both; null before the plan.
    pub currency: Option<String>,
    /// At most, by the plan.
    pub estimated_micros: Option<i64>,
    /// What Meta charged so far.
    pub charged_micros: Option<i64>,
}

/// A campaign.
#[derive(Debug, Serialize, ToSchema)]
pub struct Campaign {
    /// Its id.
    #[schema(value_type = String)]
    pub id: CampaignId,
    /// What people call it.
    pub name: String,
    /// `one_time`, or `ongoing` for one that goes out when something happens.
    pub kind: &'static str,
    /// `draft`, `scheduled`, `planning`, `running`, `pausing`, `paused`, `done`, `stopped`, `failed`, or `api` for one that counts what programs send.
    pub state: &'static str,
    /// Why it waits for a person.
    pub held_reason: Option<&'static str>,
    /// Why it failed.
    pub failure: Option<&'static str>,
    /// `off`, `armed`, `sending`, `waiting`, `passed`.
    pub canary: &'static str,
    /// Until when the canary is waited for.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub canary_until: Option<Timestamp>,
    /// The number it leaves from.
    #[schema(value_type = Option<String>)]
    pub number_id: Option<NumberId>,
    /// The template.
    #[schema(value_type = Option<String>)]
    pub template_id: Option<TemplateId>,
    /// Who gets it: a filter over contacts; null while nobody said.
    #[schema(value_type = Option<Object>)]
    pub audience: Option<Value>,
    /// Where each variable's value comes from.
    #[schema(value_type = Object)]
    pub variables: Value,
    /// The header's file or place.
    #[schema(value_type = Option<Object>)]
    pub header: Option<Value>,
    /// When.
    #[schema(value_type = Object)]
    pub schedule: Value,
    /// Limits and the like.
    #[schema(value_type = Object)]
    pub settings: Value,
    /// What makes it on-going: what starts it, how long it waits, who may run again, what is tried.
    #[schema(value_type = Option<Object>)]
    pub ongoing: Option<Value>,
    /// The version in force of an on-going campaign that was started.
    pub definition: Option<i64>,
    /// The round under way.
    pub round: i64,
    /// When the next round begins.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub round_ends_at: Option<Timestamp>,
    /// People by the state of their message; they add up.
    pub counts: BTreeMap<String, i64>,
    /// Messages that are or may be with Meta: no pause takes them back.
    pub out: i64,
    /// People by stage.
    pub funnel: Funnel,
    /// What it costs.
    pub cost: CampaignCost,
    /// Until when the sending may be taken back.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub undo_until: Option<Timestamp>,
    /// When it begins.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub scheduled_at: Option<Timestamp>,
    /// When the first message could leave.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    /// When it was over.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Grows with each edit.
    pub version: i64,
}

impl Campaign {
    fn of(row: campaigns::Campaign, counts: &Counts, charges: &[(String, i64)]) -> Self {
        let json = |value: serde_json::Result<Value>| value.unwrap_or_default();
        let charged = charges
            .iter()
            .find(|(currency, _)| row.currency.as_ref().is_none_or(|known| known == currency));
        Self {
            id: row.id,
            name: row.name,
            kind: if row.ongoing.is_some() {
                "ongoing"
            } else {
                "one_time"
            },
            state: row.state.as_str(),
            held_reason: row.held.map(wigwag_model::campaign::Held::as_str),
            failure: row.failure.map(wigwag_model::campaign::Held::as_str),
            canary: row.canary.as_str(),
            canary_until: row.canary_until,
            number_id: row.number,
            template_id: row.template,
            audience: Some(row.audience)
                .filter(|audience| audience.as_object().is_some_and(|parts| !parts.is_empty())),
            variables: json(serde_json::to_value(&row.variables)),
            header: row.header,
            schedule: json(serde_json::to_value(&row.schedule)),
            settings: json(serde_json::to_value(&row.settings)),
            ongoing: row
                .ongoing
                .as_ref()
                .map(|ongoing| json(serde_json::to_value(ongoing))),
            definition: row.definition,
            round: row.round,
            round_ends_at: row.round_ends_at,
            out: counts.out(),
            funnel: Funnel::of(counts),
            counts: counts
                .people()
                .map(|(state, n)| (state.to_owned(), n))
                .collect(),
            cost: CampaignCost {
                currency: row
                    .currency
                    .or_else(|| charged.map(|(currency, _)| currency.clone())),
                estimated_micros: row.estimate_micros,
                charged_micros: charged.map(|(_, micros)| *micros),
            },
            undo_until: row.undo_until,
            scheduled_at: row.scheduled_at,
            started_at: row.started_at,
            ended_at: row.ended_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    }
}

/// Campaigns with their counts.
async fn with_counts(
    api: &Api,
    workspace: WorkspaceId,
    rows: Vec<campaigns::Campaign>,
) -> Result<Vec<Campaign>, Problem> {
    let ids: Vec<CampaignId> = rows.iter().map(|row| row.id).collect();
    let mut counts = campaigns::counts(api.db(), workspace, &ids).await?;
    let mut charges = campaigns::charges(api.db(), workspace, &ids).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let counts = counts.remove(&row.id).unwrap_or_default();
            let charges = charges.remove(&row.id).unwrap_or_default();
            Campaign::of(row, &counts, &charges)
        })
        .collect())
}

/// One campaign with its counts.
pub(crate) async fn one(
    api: &Api,
    workspace: WorkspaceId,
    id: CampaignId,
) -> Result<Campaign, Problem> {
    let row = campaigns::get(&mut api.db().reader().await?, workspace, id).await?;
    with_counts(api, workspace, vec![row])
        .await?
        .pop()
        .ok_or_else(Problem::not_found)
}

impl From<CampaignError> for Problem {
    fn from(error: CampaignError) -> Self {
        match error {
            CampaignError::State(state) => Self::new(
                Code::CampaignState,
                "In this state it cannot be done: read the campaign again.",
            )
            .with("state", state.as_str()),
            CampaignError::TooLate => Self::new(
                Code::TooLate,
                "Something may have left: pause or stop it instead.",
            ),
            CampaignError::Problems(problems) => Self::fields(
                problems
                    .into_iter()
                    .map(|problem| FieldError {
                        field: problem.field,
                        code: problem.code.to_owned(),
                        message: problem.message,
                    })
                    .collect(),
            ),
            CampaignError::Send(error) => error.into(),
            CampaignError::Store(error) => error.into(),
        }
    }
}

/// Which campaigns.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListCampaigns {
    /// Those in this state.
    #[serde(default)]
    pub state: Option<String>,
    /// `one_time` or `ongoing`.
    #[serde(default)]
    pub kind: Option<String>,
    /// A part of the name.
    #[serde(default)]
    pub q: Option<String>,
    /// How many, at most 200.
    #[serde(default)]
    #[param(value_type = Option<u32>)]
    pub limit: Limit,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Lists campaigns, the newest first, with their counts.
#[utoipa::path(get, path = "/api/v1/campaigns", operation_id = "listCampaigns", tag = "Campaigns", params(ListCampaigns),
    responses((status = 200, description = "A page", body = Page<Campaign>)))]
pub async fn list(
    State(api): State<Api>,
    caller: Caller,
    Params(wish): Params<ListCampaigns>,
) -> Result<Json<Page<Campaign>>, Problem> {
    let after: Option<Key> = page::key("cursor", wish.cursor.as_deref())?;
    let state = wish
        .state
        .as_deref()
        .map(|name| {
            CampaignState::parse(name).ok_or_else(|| {
                let names: Vec<_> = CampaignState::all().map(CampaignState::as_str).collect();
                Problem::field(
                    "state",
                    "unknown",
                    format!("choose among {}", names.join(", ")),
                )
            })
        })
        .transpose()?;
    let kinds = ["one_time", "ongoing"];
    if wish
        .kind
        .as_deref()
        .is_some_and(|kind| !kinds.contains(&kind))
    {
        let message = format!("choose among {}", kinds.join(", "));
        return Err(Problem::field("kind", "unknown", message));
    }
    let filter = Filter {
        state,
        kind: wish.kind,
        query: wish.q.filter(|query| !query.trim().is_empty()),
    };
    let workspace = caller.scope.workspace;
    let (rows, next) = campaigns::list(api.db(), workspace, &filter, after, wish.limit.0).await?;
    Ok(Json(Page {
        data: with_counts(&api, workspace, rows).await?,
        next_cursor: next.as_ref().map(page::cursor),
    }))
}

/// Reads a campaign.
#[utoipa::path(get, path = "/api/v1/campaigns/{id}", operation_id = "getCampaign", tag = "Campaigns",
    params(("id" = String, Path, description = "The campaign")),
    responses((status = 200, description = "The campaign", body = Campaign)))]
pub async fn get(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CampaignId>,
) -> Result<Json<Campaign>, Problem> {
    Ok(Json(one(&api, caller.scope.workspace, id).await?))
}
