//! On-going campaigns: started, changed in versions, tried on the past, and what became of each run.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use wigwag_engine::campaigns::ongoing as engine;
use wigwag_model::campaign::Zoned;
use wigwag_model::campaign::ongoing::Arm;
use wigwag_model::{CampaignId, ContactId, EventId, RunId, Timestamp};
use wigwag_store::campaigns::ongoing::{self as store, RunKey};
use wigwag_store::{campaigns, workspaces};

use super::write::{EditCampaign, edits};
use super::{Campaign, Funnel, one};
use crate::Api;
use crate::auth::Caller;
use crate::page::{self, Limit, Page};
use crate::problem::Problem;
use crate::request::{Body, Id, Params};

/// Who runs when an on-going campaign starts.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EnrolChoice {
    /// Only those for whom it happens from now on.
    #[default]
    New,
    /// Also those who are in its segment, have its tag or are contacts already.
    Existing,
}

/// How to start.
#[derive(Debug, Deserialize, garde::Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartCampaign {
    /// Who runs.
    #[serde(default)]
    #[garde(skip)]
    pub enrol: EnrolChoice,
}

/// Starts an on-going campaign: from the answer on, what happens starts runs.
#[utoipa::path(post, path = "/api/v1/campaigns/{id}/start", operation_id = "startCampaign", tag = "Campaigns",
    params(("id" = String, Path, description = "The campaign")), request_body = StartCampaign,
    responses((status = 202, description = "It runs", body = Campaign)))]
pub async fn start(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CampaignId>,
    Body(wish): Body<StartCampaign>,
) -> Result<(StatusCode, Json<Campaign>), Problem> {
    let existing = matches!(wish.enrol, EnrolChoice::Existing);
    engine::start(api.engine().context(), &caller.scope, id, existing).await?;
    let campaign = one(&api, caller.scope.workspace, id).await?;
    Ok((StatusCode::ACCEPTED, Json(campaign)))
}

/// Changes an on-going campaign that was started: what begins from now on follows the new version, who
/// already runs keeps its own.
#[utoipa::path(post, path = "/api/v1/campaigns/{id}/versions", operation_id = "changeCampaign", tag = "Campaigns",
    params(("id" = String, Path, description = "The campaign")), request_body = EditCampaign,
    responses((status = 201, description = "The campaign in its new version", body = Campaign)))]
pub async fn change(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CampaignId>,
    Body(wish): Body<EditCampaign>,
) -> Result<(StatusCode, Json<Campaign>), Problem> {
    let (version, patch) = edits(wish);
    engine::change(api.engine().context(), &caller.scope, id, version, patch).await?;
    let campaign = one(&api, caller.scope.workspace, id).await?;
    Ok((StatusCode::CREATED, Json(campaign)))
}

/// A version of an on-going campaign.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignVersion {
    /// From 1.
    pub no: i64,
    /// What it says: the fields of a campaign.
    #[schema(value_type = Object)]
    pub says: Value,
    /// Who made it.
    pub created_by: String,
    /// When it came into force.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// The versions of an on-going campaign.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignVersions {
    /// The newest first.
    pub data: Vec<CampaignVersion>,
}

/// Lists the versions of an on-going campaign, the newest first.
#[utoipa::path(get, path = "/api/v1/campaigns/{id}/versions", operation_id = "listCampaignVersions", tag = "Campaigns",
    params(("id" = String, Path, description = "The campaign")),
    responses((status = 200, description = "The versions", body = CampaignVersions)))]
pub async fn versions(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CampaignId>,
) -> Result<Json<CampaignVersions>, Problem> {
    let workspace = caller.scope.workspace;
    campaigns::get(&mut api.db().reader().await?, workspace, id).await?;
    let rows = store::versions(api.db(), workspace, id).await?;
    let data = rows
        .into_iter()
        .map(|row| {
            let of = row.definition;
            CampaignVersion {
                no: row.no,
                says: serde_json::json!({
                    "number_id": of.number, "template_id": of.template, "audience": of.audience,
                    "variables": of.variables, "header": of.header, "schedule": of.schedule,
                    "settings": of.settings, "ongoing": of.ongoing,
                }),
                created_by: row.created_by,
                created_at: row.created_at,
            }
        })
        .collect();
    Ok(Json(CampaignVersions { data }))
}

/// A person's way through an on-going campaign.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignRun {
    /// Its id.
    #[schema(value_type = String)]
    pub id: RunId,
    /// Whose it is.
    #[schema(value_type = String)]
    pub contact_id: ContactId,
    /// The name to show.
    pub name: String,
    /// The version that it began with.
    pub version: i64,
    /// The event that started it.
    #[schema(value_type = Option<String>)]
    pub event_id: Option<EventId>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub began_at: Timestamp,
    /// When its message is or was due.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// `new`, `waiting`, `done` (the person became a recipient) or `dropped`.
    pub state: String,
    /// Why it was dropped: `no_match`, `again`, `unless`, `too_late`, `day_moved`, `merged`, `outdated`, `stopped`.
    pub reason: Option<String>,
    /// What the person gets: 0 the campaign's own message, 1 the first variant, …; null for nothing, to
    /// compare with, or before the filter was asked.
    pub variant: Option<i64>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
}

fn variant(arm: Option<Arm>) -> Option<i64> {
    match arm? {
        arm @ Arm::Message(_) => Some(arm.no()),
        Arm::Holdout => None,
    }
}

/// Which runs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListRuns {
    /// Those in this state: `new`, `waiting`, `done`, `dropped`.
    #[serde(default)]
    pub state: Option<String>,
    /// Those dropped for this reason.
    #[serde(default)]
    pub reason: Option<String>,
    /// Those of this contact.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    pub contact_id: Option<ContactId>,
    /// How many, at most 200.
    #[serde(default)]
    #[param(value_type = Option<u32>)]
    pub limit: Limit,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Lists the runs of an on-going campaign, the newest first.
#[utoipa::path(get, path = "/api/v1/campaigns/{id}/runs", operation_id = "listCampaignRuns", tag = "Campaigns",
    params(("id" = String, Path, description = "The campaign"), ListRuns),
    responses((status = 200, description = "A page", body = Page<CampaignRun>)))]
pub async fn runs(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CampaignId>,
    Params(wish): Params<ListRuns>,
) -> Result<Json<Page<CampaignRun>>, Problem> {
    let after: Option<RunKey> = page::key("cursor", wish.cursor.as_deref())?;
    let states = ["new", "waiting", "done", "dropped"];
    if wish
        .state
        .as_deref()
        .is_some_and(|state| !states.contains(&state))
    {
        let message = format!("choose among {}", states.join(", "));
        return Err(Problem::field("state", "unknown", message));
    }
    let workspace = caller.scope.workspace;
    campaigns::get(&mut api.db().reader().await?, workspace, id).await?;
    let which = store::Runs {
        state: wish.state,
        reason: wish.reason,
        contact: wish.contact_id,
    };
    let (rows, next) = store::runs(api.db(), workspace, id, &which, after, wish.limit.0).await?;
    Ok(Json(Page {
        data: rows
            .into_iter()
            .map(|row| CampaignRun {
                id: row.id,
                contact_id: row.contact,
                name: row.name,
                version: row.definition,
                event_id: row.event,
                began_at: row.began_at,
                due_at: row.due_at,
                state: row.state,
                reason: row.reason,
                variant: variant(row.arm),
                ended_at: row.ended_at,
            })
            .collect(),
        next_cursor: next.as_ref().map(page::cursor),
    }))
}

/// A day of an on-going campaign, by the workspace's clock.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct CampaignDay {
    /// `2026-11-27`.
    pub day: String,
    /// Runs that began.
    pub began: i64,
    /// Those of them that led to a recipient.
    pub recipients: i64,
    /// Those that were dropped, by reason.
    pub dropped: BTreeMap<String, i64>,
    /// How many more stood in each stage of their message on this day.
    pub messages: BTreeMap<String, i64>,
}

/// What became of those who get one of an on-going campaign's messages, or none.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignArm {
    /// 0 the campaign's own message, 1 the first variant, …; null for those who get nothing.
    pub variant: Option<i64>,
    /// What people call it; null for the own message and for none.
    pub name: Option<String>,
    /// People by stage.
    pub funnel: Funnel,
    /// People who reached each goal, in the order of the settings.
    pub goals: Vec<i64>,
}

/// What became of an on-going campaign, day by day and message by message.
#[derive(Debug, Serialize, ToSchema)]
pub struct OngoingReport {
    /// The last ninety days in which something happened.
    pub days: Vec<CampaignDay>,
    /// Side by side.
    pub arms: Vec<CampaignArm>,
}

/// How far back the days go.
const DAYS: std::time::Duration = std::time::Duration::from_hours(90 * 24);

/// Reads what became of an on-going campaign, day by day and message by message.
#[utoipa::path(get, path = "/api/v1/campaigns/{id}/ongoing", operation_id = "getOngoingReport", tag = "Campaigns",
    params(("id" = String, Path, description = "The campaign")),
    responses((status = 200, description = "The report", body = OngoingReport)))]
pub async fn report(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CampaignId>,
) -> Result<Json<OngoingReport>, Problem> {
    let workspace = caller.scope.workspace;
    let mut on = api.db().reader().await?;
    let campaign = campaigns::get(&mut on, workspace, id).await?;
    let arms = store::arms(&mut on, workspace, id).await?;
    drop(on);
    let zone = workspaces::get(api.db(), workspace).await?.time_zone;
    let zone = Zoned::of(Some(&zone), None, "UTC");
    let since = api.db().mint().now().minus(DAYS);
    let mut days: BTreeMap<String, CampaignDay> = BTreeMap::new();
    for hour in store::hours(api.db(), workspace, id, since).await? {
        let day = days.entry(zone.day(hour.at)).or_default();
        match hour.kind.as_str() {
            "began" => day.began += hour.n,
            "done" => day.recipients += hour.n,
            _ => *day.dropped.entry(hour.kind).or_default() += hour.n,
        }
    }
    for point in campaigns::series(api.db(), workspace, id).await? {
        if point.at >= since {
            let day = days.entry(zone.day(point.at)).or_default();
            *day.messages.entry(point.kind).or_default() += point.n;
        }
    }
    let names = campaign
        .ongoing
        .map(|ongoing| ongoing.variants)
        .unwrap_or_default();
    let arms = arms
        .0
        .into_iter()
        .map(|(no, counts)| CampaignArm {
            variant: variant(Some(Arm::of(no))),
            name: usize::try_from(no - 1)
                .ok()
                .and_then(|at| names.get(at))
                .map(|variant| variant.name.clone()),
            funnel: Funnel::of(&counts),
            goals: (0..campaign.settings.goals.len())
                .map(|goal| counts.reached(goal))
                .collect(),
        })
        .collect();
    Ok(Json(OngoingReport {
        days: days
            .into_iter()
            .map(|(day, of)| CampaignDay { day, ..of })
            .collect(),
        arms,
    }))
}

/// A start, as it would have been.
#[derive(Debug, Serialize, ToSchema)]
pub struct BacktestPerson {
    /// Who.
    #[schema(value_type = String)]
    pub contact_id: ContactId,
    /// The name to show.
    pub name: String,
    /// When it would have begun.
    #[schema(value_type = String, format = DateTime)]
    pub began_at: Timestamp,
    /// When the message would have been due.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// The message: 0 the campaign's own, 1 the first variant, …; null for none.
    pub variant: Option<i64>,
    /// Why there would have been none.
    pub reason: Option<String>,
}

/// A day of the past.
#[derive(Debug, Serialize, ToSchema)]
pub struct BacktestDay {
    /// `2026-11-27`, by the workspace's clock.
    pub day: String,
    /// How often it would have begun for somebody.
    pub began: i64,
    /// Messages.
    pub messages: i64,
}

/// What an on-going campaign would have done in the last thirty days. The filter on the person, consent
/// and prices are those of now: no older state of a contact is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct Backtest {
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// Whether there was more than could be looked at: the latest is missing then.
    pub cut: bool,
    /// How often it would have begun for somebody.
    pub began: i64,
    /// Messages that would have been sent.
    pub messages: i64,
    /// How often there would have been none, by reason.
    pub left_out: BTreeMap<String, i64>,
    /// What the messages would cost at most, in millionths.
    pub cost_micros: i64,
    /// The currency.
    pub currency: String,
    /// Day by day.
    pub days: Vec<BacktestDay>,
    /// Some of the people, the latest first.
    pub people: Vec<BacktestPerson>,
}

/// Tries an on-going campaign on what happened in the last thirty days, with the matcher that sends.
#[utoipa::path(post, path = "/api/v1/campaigns/{id}/backtest", operation_id = "backtestCampaign", tag = "Campaigns",
    params(("id" = String, Path, description = "The campaign")),
    responses((status = 200, description = "What it would have done", body = Backtest)))]
pub async fn backtest(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CampaignId>,
) -> Result<Json<Backtest>, Problem> {
    let made = engine::backtest(api.engine().context(), &caller.scope, id).await?;
    Ok(Json(Backtest {
        since: made.since,
        cut: made.cut,
        began: made.began,
        messages: made.messages,
        left_out: made.left_out,
        cost_micros: made.cost_micros,
        currency: made.currency,
        days: made
            .days
            .into_iter()
            .map(|day| BacktestDay {
                day: day.day,
                began: day.began,
                messages: day.messages,
            })
            .collect(),
        people: made
            .people
            .into_iter()
            .map(|person| BacktestPerson {
                contact_id: person.contact,
                name: person.name,
                began_at: person.began_at,
                due_at: person.due_at,
                variant: variant(person.arm),
                reason: person.reason,
            })
            .collect(),
    }))
}
