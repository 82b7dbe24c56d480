//! What came of a campaign.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wigwag_model::campaign::Goal;
use wigwag_model::{CampaignId, ContactId, ConversationId, MessageId, MessageState, Timestamp};
use wigwag_store::campaigns::{self, Counts, Flag, Point, RecipientKey, Recipients};

use super::review::ReasonCount;
use super::{CampaignCost, Funnel, one};
use crate::Api;
use crate::auth::Caller;
use crate::page::{self, Limit, Page};
use crate::problem::Problem;
use crate::request::{Id, Params};

/// Failures for one cause.
#[derive(Debug, Serialize, ToSchema)]
pub struct FailureCount {
    /// Meta's code, when Meta refused.
    pub code: Option<i64>,
    /// The stable reason.
    pub reason: String,
    /// How many.
    pub count: i64,
}

/// How many more stood in each stage in a minute.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct SeriesPoint {
    /// The minute's first instant.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Taken by Meta; fewer when one of them failed.
    pub sent: i64,
    /// On the phone.
    pub delivered: i64,
    /// Read.
    pub read: i64,
    /// Answered.
    pub replied: i64,
    /// Followed a link or tapped a quick reply.
    pub clicked: i64,
    /// Opted out.
    pub opted_out: i64,
    /// Reached a goal.
    pub converted: i64,
    /// Failed.
    pub failed: i64,
}

/// What came of a campaign.
#[derive(Debug, Serialize, ToSchema)]
pub struct Report {
    /// People by the state of their message.
    pub counts: BTreeMap<String, i64>,
    /// People by stage.
    pub funnel: Funnel,
    /// How often links were followed: by some people more than once.
    pub clicks: i64,
    /// The campaign's goals, in the order of its settings.
    pub goals: Vec<GoalCount>,
    /// Why messages failed.
    pub failures: Vec<FailureCount>,
    /// Why people got none.
    pub skipped: Vec<ReasonCount>,
    /// Estimated and charged.
    pub cost: CampaignCost,
    /// Minute by minute, those in which something moved.
    pub series: Vec<SeriesPoint>,
}

/// How many people reached a goal.
#[derive(Debug, Serialize, ToSchema)]
pub struct GoalCount {
    /// The event's name.
    pub event: String,
    /// Within how many hours.
    pub within_hours: u32,
    /// People who reached it, each once.
    pub converted: i64,
}

fn goals(goals: &[Goal], counts: &Counts) -> Vec<GoalCount> {
    goals
        .iter()
        .enumerate()
        .map(|(no, goal)| GoalCount {
            event: goal.event.clone(),
            within_hours: goal.within_hours,
            converted: counts.reached(no),
        })
        .collect()
}

fn series(points: Vec<Point>) -> Vec<SeriesPoint> {
    let mut minutes: BTreeMap<Timestamp, SeriesPoint> = BTreeMap::new();
    for point in points {
        let minute = minutes.entry(point.at).or_insert_with(|| SeriesPoint {
            at: point.at,
            ..SeriesPoint::default()
        });
        match point.kind.as_str() {
            "sent" => minute.sent += point.n,
            "delivered" => minute.delivered += point.n,
            "read" => minute.read += point.n,
            "replied" => minute.replied += point.n,
            "clicked" => minute.clicked += point.n,
            "opted_out" => minute.opted_out += point.n,
            "converted" => minute.converted += point.n,
            "failed" => minute.failed += point.n,
            _ => {}
        }
    }
    minutes.into_values().collect()
}

/// Reports on a campaign.
#[utoipa::path(get, path = "/api/v1/campaigns/{id}/report", operation_id = "reportCampaign", tag = "Campaigns",
    params(("id" = String, Path, description = "The campaign")),
    responses((status = 200, description = "What came of it", body = Report)))]
pub async fn report(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CampaignId>,
) -> Result<Json<Report>, Problem> {
    let workspace = caller.scope.workspace;
    let campaign = one(&api, workspace, id).await?;
    let settings = campaigns::get(&mut api.db().reader().await?, workspace, id)
        .await?
        .settings;
    let counts = campaigns::counts_of(api.db(), workspace, id, None).await?;
    let failures = campaigns::failures(api.db(), workspace, id).await?;
    let skips = campaigns::skips(api.db(), workspace, id).await?;
    Ok(Json(Report {
        counts: campaign.counts,
        funnel: campaign.funnel,
        clicks: counts.taps(),
        goals: goals(&settings.goals, &counts),
        cost: campaign.cost,
        failures: failures
            .into_iter()
            .map(|row| FailureCount {
                code: row.code,
                reason: row.reason,
                count: row.count,
            })
            .collect(),
        skipped: skips
            .into_iter()
            .map(|(reason, count)| ReasonCount { reason, count })
            .collect(),
        series: series(campaigns::series(api.db(), workspace, id).await?),
    }))
}

/// A person of a campaign.
#[derive(Debug, Serialize, ToSchema)]
pub struct Recipient {
    /// Who.
    #[schema(value_type = String)]
    pub contact_id: ContactId,
    /// The name to show.
    pub name: String,
    /// E.164.
    pub phone: Option<String>,
    /// The round.
    pub round: i64,
    /// `planned`, `skipped`, or the message's state.
    pub state: String,
    /// Why there is no message, or why it failed.
    pub reason: Option<String>,
    /// Meta's code of a failure.
    pub code: Option<i64>,
    /// Meta's words.
    pub detail: Option<String>,
    /// When the message is or was due.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// The message.
    #[schema(value_type = Option<String>)]
    pub message_id: Option<MessageId>,
    /// Its thread.
    #[schema(value_type = Option<String>)]
    pub conversation_id: Option<ConversationId>,
    /// When Meta took it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub accepted_at: Option<Timestamp>,
    /// When it arrived.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub delivered_at: Option<Timestamp>,
    /// When it was read.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Timestamp>,
    /// When it failed or was skipped.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub failed_at: Option<Timestamp>,
    /// When the person answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub replied_at: Option<Timestamp>,
    /// When the person followed a link.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub clicked_at: Option<Timestamp>,
    /// When the person first reached a goal.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub converted_at: Option<Timestamp>,
    /// When the person opted out.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub opted_out_at: Option<Timestamp>,
    /// When anything last became of it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub updated_at: Option<Timestamp>,
}

impl From<campaigns::Recipient> for Recipient {
    fn from(row: campaigns::Recipient) -> Self {
        let updated_at = [
            row.accepted_at,
            row.sent_at,
            row.delivered_at,
            row.read_at,
            row.failed_at,
            row.replied_at,
            row.clicked_at,
            row.converted_at,
            row.opted_out_at,
        ]
        .into_iter()
        .flatten()
        .max();
        Self {
            contact_id: row.contact,
            name: row.name,
            phone: row.phone,
            round: row.round,
            state: row.state,
            reason: row.reason,
            code: row.code,
            detail: row.detail,
            due_at: row.due_at,
            message_id: row.message,
            conversation_id: row.conversation,
            accepted_at: row.accepted_at,
            delivered_at: row.delivered_at,
            read_at: row.read_at,
            failed_at: row.failed_at,
            replied_at: row.replied_at,
            clicked_at: row.clicked_at,
            converted_at: row.converted_at,
            opted_out_at: row.opted_out_at,
            updated_at,
        }
    }
}

/// Which people.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListRecipients {
    /// In this state, or `replied`, `clicked`, `converted`, `opted_out`.
    #[serde(default)]
    pub state: Option<String>,
    /// Skipped or failed for this reason.
    #[serde(default)]
    pub reason: Option<String>,
    /// A part of a name, or the end of a phone number.
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

impl ListRecipients {
    /// What the store is asked.
    pub(super) fn wish(&self) -> Result<Recipients, Problem> {
        let (mut state, mut flag) = (None, None);
        if let Some(name) = self.state.as_deref() {
            state = MessageState::parse(name);
            flag = Flag::parse(name);
            if state.is_none() && flag.is_none() {
                let message =
                    "take a state of the counts, or replied, clicked, converted, opted_out";
                return Err(Problem::field("state", "unknown", message));
            }
        }
        Ok(Recipients {
            state,
            flag,
            reason: self.reason.clone(),
            query: self.q.clone().filter(|query| !query.trim().is_empty()),
        })
    }
}

/// Lists the people of a campaign with what became of each.
#[utoipa::path(get, path = "/api/v1/campaigns/{id}/recipients", operation_id = "listRecipients", tag = "Campaigns",
    params(("id" = String, Path, description = "The campaign"), ListRecipients),
    responses((status = 200, description = "A page", body = Page<Recipient>)))]
pub async fn recipients(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CampaignId>,
    Params(wish): Params<ListRecipients>,
) -> Result<Json<Page<Recipient>>, Problem> {
    let workspace = caller.scope.workspace;
    campaigns::get(&mut api.db().reader().await?, workspace, id).await?;
    let after: Option<RecipientKey> = page::key("cursor", wish.cursor.as_deref())?;
    let (rows, next) =
        campaigns::recipients(api.db(), workspace, id, &wish.wish()?, after, wish.limit.0).await?;
    Ok(Json(Page::of(rows, next.as_ref())))
}
