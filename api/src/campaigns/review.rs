//! What would happen if a campaign were sent now.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use wigwag_engine::campaigns;
use wigwag_model::campaign::Exclusion;
use wigwag_model::{CampaignId, ContactId};

use crate::Api;
use crate::auth::Caller;
use crate::page::{self, Limit, Page};
use crate::problem::Problem;
use crate::request::{Id, Params};

/// How many for which reason.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonCount {
    /// The stable reason.
    pub reason: String,
    /// How many.
    pub count: i64,
}

/// The messages of one market and category.
#[derive(Debug, Serialize, ToSchema)]
pub struct CostLine {
    /// Meta's market: a country's code, or a region.
    pub market: String,
    /// The category that is charged.
    pub category: &'static str,
    /// How many.
    pub count: i64,
    /// What one costs, in millionths; null where no card says it.
    pub rate_micros: Option<i64>,
    /// What all cost when all are delivered and charged.
    pub amount_micros: i64,
    /// The currency of the amounts.
    pub currency: String,
    /// How many are expected to be free.
    pub free_count: i64,
}

/// What it would cost, in millionths.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewCost {
    /// The currency of the sums: the account's, or dollars where there is no card in it.
    pub currency: String,
    /// At most, when all are delivered and charged.
    pub max_micros: i64,
    /// Without what is expected to be free.
    pub expected_micros: i64,
    /// The first day of the card in force.
    pub card_date: Option<String>,
    /// The card's currency.
    pub card_currency: String,
    /// Whether there is no card in the account's own currency.
    pub fell_back: bool,
    /// How many are in no amount, because no card says what they cost.
    pub unpriced: i64,
    /// Line by line.
    pub by: Vec<CostLine>,
}

/// How it fits into what the portfolio may begin in a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct DailyLimit {
    /// People per 24 hours; null when there is no limit or it is not known.
    pub limit: Option<i64>,
    /// Places taken in the last 24 hours.
    pub used: i64,
    /// Whether all fit now.
    pub fits: bool,
    /// How many days it takes.
    pub days: i64,
}

/// What must be mended before it can be sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewProblem {
    /// The stable code.
    pub code: &'static str,
    /// Where.
    pub field: String,
    /// Figures for the words.
    #[schema(value_type = Object)]
    pub params: BTreeMap<&'static str, i64>,
    /// What is wrong and how to mend it, for a developer.
    pub message: String,
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Someone {
    /// The contact.
    #[schema(value_type = String)]
    pub id: ContactId,
    /// The name to show.
    pub name: String,
    /// E.164.
    pub phone: Option<String>,
}

/// A message as one person would get it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preview {
    /// Who.
    pub contact: Someone,
    /// `typical`, `longest` or `emptiest`.
    pub why: &'static str,
    /// What the thread would show.
    #[schema(value_type = Object)]
    pub message: Value,
}

/// From where people's own time is known.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocalTime {
    /// By a trait.
    pub by_trait: i64,
    /// By the number's country.
    pub by_country: i64,
    /// Of them, those whose country has several times: that of most of its people is taken.
    pub by_country_of_several: i64,
    /// By the workspace's zone.
    pub by_default: i64,
    /// Those whose time has gone by: they get it at once.
    pub late: i64,
    /// The zones, at most fifty.
    pub zones: Vec<String>,
}

/// What would happen if it were sent now, by the plan's own decisions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Review {
    /// How many the audience finds.
    pub matched: i64,
    /// How many of them get it.
    pub eligible: i64,
    /// How many do not, by reason.
    pub excluded: Vec<ReasonCount>,
    /// What it would cost; null while the campaign is not complete.
    pub cost: Option<ReviewCost>,
    /// How long it takes at its rate.
    pub duration_seconds: i64,
    /// Messages per second.
    pub rate_per_second: i64,
    /// How it fits into the day.
    pub daily_limit: DailyLimit,
    /// What must be mended first.
    pub problems: Vec<ReviewProblem>,
    /// Messages as some would get them.
    pub previews: Vec<Preview>,
    /// People's own time, where the schedule asks for it.
    pub local_time: Option<LocalTime>,
}

impl From<campaigns::Review> for Review {
    fn from(review: campaigns::Review) -> Self {
        let cost = review.currency.map(|asked| {
            let lines: Vec<_> = review.cost.lines().collect();
            // Where the account's currency has no card, all amounts are in dollars.
            let currency = lines.first().map_or(asked, |line| {
                if lines.iter().any(|line| line.currency == asked) {
                    asked
                } else {
                    line.currency
                }
            });
            let total = review.cost.total(currency);
            ReviewCost {
                currency: currency.to_string(),
                max_micros: total.max_micros,
                expected_micros: total.expected_micros(),
                card_date: lines
                    .iter()
                    .find(|line| line.currency == currency)
                    .map(|line| line.card.to_string()),
                card_currency: currency.to_string(),
                fell_back: lines.iter().any(|line| line.currency != asked),
                unpriced: review.cost.unpriced(),
                by: lines
                    .into_iter()
                    .map(|line| CostLine {
                        market: line.market.key().to_owned(),
                        category: line.category.as_str(),
                        count: line.count,
                        rate_micros: line.rate_micros,
                        amount_micros: line.amount_micros,
                        currency: line.currency.to_string(),
                        free_count: line.free_count,
                    })
                    .collect(),
            }
        });
        Self {
            matched: review.matched,
            eligible: review.eligible,
            excluded: review
                .excluded
                .into_iter()
                .map(|(reason, count)| ReasonCount {
                    reason: reason.as_str().to_owned(),
                    count,
                })
                .collect(),
            cost,
            duration_seconds: review.duration_seconds,
            rate_per_second: review.rate_per_second,
            daily_limit: review.daily_limit.map_or(
                DailyLimit {
                    limit: None,
                    used: 0,
                    fits: true,
                    days: 1,
                },
                |day| DailyLimit {
                    limit: Some(day.limit),
                    used: day.used,
                    fits: day.fits,
                    days: day.days,
                },
            ),
            problems: review
                .problems
                .into_iter()
                .map(|problem| ReviewProblem {
                    code: problem.code,
                    field: problem.field,
                    params: problem.params,
                    message: problem.message,
                })
                .collect(),
            previews: review
                .previews
                .into_iter()
                .map(|preview| Preview {
                    contact: Someone {
                        id: preview.contact,
                        name: preview.name,
                        phone: preview.phone,
                    },
                    why: preview.why.as_str(),
                    message: preview.message,
                })
                .collect(),
            local_time: review.local_time.map(|local| LocalTime {
                by_trait: local.by_trait,
                by_country: local.by_country,
                by_country_of_several: local.by_country_of_several,
                by_default: local.by_default,
                late: local.late,
                zones: local.zones.into_iter().collect(),
            }),
        }
    }
}

/// Reviews a campaign: who gets it and who does not, the cost, how long it takes, what is wrong.
#[utoipa::path(get, path = "/api/v1/campaigns/{id}/review", operation_id = "reviewCampaign", tag = "Campaigns",
    params(("id" = String, Path, description = "The campaign")),
    responses((status = 200, description = "What would happen", body = Review)))]
pub async fn review(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CampaignId>,
) -> Result<Json<Review>, Problem> {
    let review = campaigns::review(api.engine().context(), &caller.scope, id).await?;
    Ok(Json(review.into()))
}

/// Which of those who are left out.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListExcluded {
    /// For this reason only.
    #[serde(default)]
    pub reason: Option<String>,
    /// How many, at most 200.
    #[serde(default)]
    #[param(value_type = Option<u32>)]
    pub limit: Limit,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A person who would get no message.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExcludedPerson {
    /// Who.
    #[serde(flatten)]
    pub contact: Someone,
    /// Why.
    pub reason: &'static str,
}

/// Lists the people behind a figure of the review. A page may be short and still go on.
#[utoipa::path(get, path = "/api/v1/campaigns/{id}/review/excluded", operation_id = "listExcluded", tag = "Campaigns",
    params(("id" = String, Path, description = "The campaign"), ListExcluded),
    responses((status = 200, description = "A page", body = Page<ExcludedPerson>)))]
pub async fn excluded(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CampaignId>,
    Params(wish): Params<ListExcluded>,
) -> Result<Json<Page<ExcludedPerson>>, Problem> {
    let after: Option<ContactId> = page::key("cursor", wish.cursor.as_deref())?;
    let reason = wish
        .reason
        .as_deref()
        .map(|name| {
            Exclusion::parse(name)
                .ok_or_else(|| Problem::field("reason", "unknown", "take a reason of the review"))
        })
        .transpose()?;
    let context = api.engine().context();
    let (rows, next) = campaigns::excluded(
        context,
        &caller.scope,
        id,
        reason,
        after,
        wish.limit.0 as usize,
    )
    .await?;
    Ok(Json(Page {
        data: rows
            .into_iter()
            .map(|row| ExcludedPerson {
                contact: Someone {
                    id: row.contact,
                    name: row.name,
                    phone: row.phone,
                },
                reason: row.reason.as_str(),
            })
            .collect(),
        next_cursor: next.as_ref().map(page::cursor),
    }))
}
