//! Portfolios, accounts, numbers, template decisions, reset.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Body, Refusal, Reply};
use crate::number::{Number, TIERS};
use crate::phone;
use crate::review::{self, Decision};
use crate::seed;
use crate::state::State as SimState;
use crate::world::World;

fn number_view(state: &SimState, number: &Number) -> Value {
    json!({
        "id": number.id,
        "display_phone_number": number.display,
        "verified_name": number.verified_name,
        "waba_id": number.waba_id,
        "portfolio_id": state.portfolio_of(&number.id),
        "throughput_mps": number.throughput_mps,
        "quality_rating": number.quality,
        "status": number.status,
        "registered": number.registered,
        "token_valid": number.token_valid,
        "account_mode": number.account_mode,
        "allowed_recipients": number.allowed,
        "code": number.code,
        "pin": number.pin,
    })
}

/// `GET /_sim/numbers`.
pub(crate) async fn numbers(State(world): State<Arc<World>>) -> Reply {
    Ok(Json(world.with(|state, _| {
        let mut all: Vec<&Number> = state.numbers.values().collect();
        all.sort_by_key(|number| (number.id != world.credentials.phone_number_id, number.id.clone()));
        json!({"data": all.into_iter().map(|number| number_view(state, number)).collect::<Vec<_>>()})
    })))
}

/// `POST /_sim/numbers {display_phone_number, verified_name, waba_id? | portfolio_id?, throughput_mps?}`.
pub(crate) async fn add_number(State(world): State<Arc<World>>, Body(body): Body) -> Reply {
    world.with(|state, _| {
        let display = body["display_phone_number"]
            .as_str()
            .ok_or_else(|| Refusal::bad("display_phone_number is missing"))?;
        let digits: String = display.chars().filter(char::is_ascii_digit).collect();
        if phone::wa_id(&format!("+{digits}"), "1").is_none() {
            return Err(Refusal::bad(format!(
                "display_phone_number `{display}` is not a phone number"
            )));
        }
        if state.numbers.values().any(|number| number.digits == digits) {
            return Err(Refusal::bad(format!("there is a number {display} already")));
        }
        let name = body["verified_name"]
            .as_str()
            .unwrap_or("Business")
            .to_owned();
        let waba_id = match (body["waba_id"].as_str(), body["portfolio_id"].as_str()) {
            (Some(id), _) if state.wabas.contains_key(id) => id.to_owned(),
            (Some(id), _) => return Err(Refusal::not_found("WABA", id)),
            (None, Some(id)) if !state.portfolios.contains_key(id) => {
                return Err(Refusal::not_found("portfolio", id));
            }
            (None, Some(id)) => match state.wabas.values().find(|waba| waba.portfolio_id == id) {
                Some(waba) => waba.id.clone(),
                None => seed::add_waba(state, id, &name, &world.credentials.app_id),
            },
            (None, None) => world.credentials.waba_id.clone(),
        };
        let id = state.ids.object();
        let number = Number::new(id.clone(), waba_id, format!("+{digits}"), name);
        state.numbers.insert(id.clone(), number);
        change(
            state,
            &id,
            &body,
            &[
                "display_phone_number",
                "verified_name",
                "waba_id",
                "portfolio_id",
            ],
        )?;
        Ok(Json(number_view(state, &state.numbers[&id])))
    })
}

/// Applies the changeable keys of a number.
fn change(
    state: &mut SimState,
    id: &str,
    body: &Value,
    also_known: &[&str],
) -> Result<(), Refusal> {
    let number = state
        .numbers
        .get_mut(id)
        .ok_or_else(|| Refusal::not_found("number", id))?;
    for (key, value) in body.as_object().into_iter().flatten() {
        let text = || {
            value
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| Refusal::bad(format!("{key} must be a text")))
        };
        let flag = || {
            value
                .as_bool()
                .ok_or_else(|| Refusal::bad(format!("{key} must be true or false")))
        };
        match key.as_str() {
            "throughput_mps" => {
                let mps = value.as_u64().filter(|mps| (1..=1_000_000).contains(mps));
                number.throughput_mps = mps
                    .ok_or_else(|| Refusal::bad("throughput_mps must be from 1 to 1000000"))?
                    as u32;
            }
            "quality_rating" => number.quality = text()?,
            "status" => number.status = text()?,
            "registered" => number.registered = flag()?,
            "token_valid" => number.token_valid = flag()?,
            "account_mode" => number.account_mode = text()?,
            "verified_name" => number.verified_name = text()?,
            "allowed_recipients" => {
                let all = value.as_array().map(|all| {
                    all.iter()
                        .filter_map(|one| phone::wa_id(one.as_str()?, &number.digits))
                        .collect()
                });
                number.allowed = all;
            }
            other if also_known.contains(&other) => {}
            other => {
                return Err(Refusal::bad(format!(
                    "a number has no `{other}` that can be set"
                )));
            }
        }
    }
    state.changes += 1;
    Ok(())
}

/// `POST /_sim/numbers/{id}`. A raised throughput is told by webhook, as Meta does; a changed quality is
/// not, since Meta no longer tells it.
pub(crate) async fn change_number(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    Body(body): Body,
) -> Reply {
    world.with(|state, now_us| {
        let before = state.numbers.get(&id).map(|number| number.throughput_mps).ok_or_else(|| Refusal::not_found("number", &id))?;
        change(state, &id, &body, &[])?;
        let number = &state.numbers[&id];
        if before <= 80 && number.throughput_mps > 80 {
            let value = json!({
                "display_phone_number": number.digits, "event": "THROUGHPUT_UPGRADE", "current_limit": "TIER_UNLIMITED",
                "max_daily_conversations_per_business": "TIER_UNLIMITED",
            });
            let waba_id = number.waba_id.clone();
            state.emit(now_us, "phone_number_quality_update", &waba_id, Some(&id), &value, None);
        }
        Ok(Json(number_view(state, &state.numbers[&id])))
    })
}

/// `GET /_sim/portfolios`.
pub(crate) async fn portfolios(State(world): State<Arc<World>>) -> Reply {
    Ok(Json(world.with(|state, _| {
        let data: Vec<Value> = state
            .portfolios
            .values()
            .map(|portfolio| {
                let wabas: Vec<Value> = state
                    .wabas
                    .values()
                    .filter(|waba| waba.portfolio_id == portfolio.id)
                    .map(|waba| json!({"id": waba.id, "name": waba.name}))
                    .collect();
                json!({
                    "id": portfolio.id, "name": portfolio.name, "wabas": wabas,
                    "messaging_limit": portfolio.messaging_limit,
                })
            })
            .collect();
        json!({"data": data})
    })))
}

/// `POST /_sim/portfolios {name}`: a portfolio with one WABA to which the app is subscribed.
pub(crate) async fn add_portfolio(State(world): State<Arc<World>>, Body(body): Body) -> Reply {
    Ok(Json(world.with(|state, _| {
        let name = body["name"].as_str().unwrap_or("Portfolio");
        let id = seed::add_portfolio(state, name);
        let waba_id = seed::add_waba(state, &id, name, &world.credentials.app_id);
        state.changes += 1;
        json!({"id": id, "name": name, "waba_id": waba_id})
    })))
}

/// `POST /_sim/portfolios/{id} {messaging_limit}`: the new limit is told by webhook to all its accounts.
pub(crate) async fn change_portfolio(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    Body(body): Body,
) -> Reply {
    world.with(|state, now_us| {
        let portfolio = state
            .portfolios
            .get_mut(&id)
            .ok_or_else(|| Refusal::not_found("portfolio", &id))?;
        let tier = body["messaging_limit"].as_str().unwrap_or_default();
        if !TIERS.iter().any(|(known, _)| *known == tier) {
            let known: Vec<_> = TIERS.iter().map(|(known, _)| *known).collect();
            return Err(Refusal::bad(format!(
                "messaging_limit `{tier}` is not one of {}",
                known.join(", ")
            )));
        }
        tier.clone_into(&mut portfolio.messaging_limit);
        let wabas = state.wabas.values();
        let wabas: Vec<String> = wabas
            .filter(|waba| waba.portfolio_id == id)
            .map(|waba| waba.id.clone())
            .collect();
        let value = json!({
            "max_daily_conversations_per_business": tier, "max_phone_numbers_per_business": 20,
            "max_phone_numbers_per_waba": 20,
        });
        for waba_id in wabas {
            state.emit(
                now_us,
                "business_capability_update",
                &waba_id,
                None,
                &value,
                None,
            );
        }
        state.changes += 1;
        Ok(Json(json!({"id": id, "messaging_limit": tier})))
    })
}

/// `POST /_sim/wabas {portfolio_id?, name}`.
pub(crate) async fn add_waba(State(world): State<Arc<World>>, Body(body): Body) -> Reply {
    world.with(|state, _| {
        let portfolio = body["portfolio_id"]
            .as_str()
            .unwrap_or(&world.credentials.portfolio_id);
        if !state.portfolios.contains_key(portfolio) {
            return Err(Refusal::not_found("portfolio", portfolio));
        }
        let name = body["name"].as_str().unwrap_or("WABA");
        let id = seed::add_waba(state, portfolio, name, &world.credentials.app_id);
        state.changes += 1;
        Ok(Json(
            json!({"id": id, "name": name, "portfolio_id": portfolio}),
        ))
    })
}

/// Query of the template list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TemplateQuery {
    waba_id: Option<String>,
}

/// `GET /_sim/templates`.
pub(crate) async fn templates(
    State(world): State<Arc<World>>,
    Query(query): Query<TemplateQuery>,
) -> Reply {
    Ok(Json(world.with(|state, _| {
        let data: Vec<Value> = state
            .templates
            .values()
            .filter(|template| {
                query
                    .waba_id
                    .as_ref()
                    .is_none_or(|id| *id == template.waba_id)
            })
            .map(|template| {
                let mut node = template.node();
                node["waba_id"] = template.waba_id.as_str().into();
                node
            })
            .collect();
        json!({"data": data})
    })))
}

/// `POST /_sim/templates/{id}/decision {status|event?, reason?, category?, quality?}`.
pub(crate) async fn decide(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    Body(body): Body,
) -> Reply {
    world.with(|state, now_us| {
        if !state.templates.contains_key(&id) {
            return Err(Refusal::not_found("template", &id));
        }
        let event = body["event"]
            .as_str()
            .or(body["status"].as_str())
            .map(str::to_uppercase);
        let (category, quality) = (body["category"].as_str(), body["quality"].as_str());
        if event.is_none() && category.is_none() && quality.is_none() {
            return Err(Refusal::bad(
                "a decision needs status (or event), category or quality",
            ));
        }
        if let Some(category) = category {
            review::set_category(state, &id, &category.to_uppercase(), now_us)?;
        }
        if let Some(quality) = quality {
            review::set_quality(state, &id, &quality.to_uppercase(), now_us)?;
        }
        if let Some(event) = event {
            let reason = body["reason"].as_str().map(str::to_owned);
            let info = (event == "REJECTED").then(|| {
                let why = reason.as_deref().unwrap_or("INVALID_FORMAT");
                (
                    format!("The review found: {why}."),
                    "Mend the template and submit it again.".to_owned(),
                )
            });
            review::decide(
                state,
                &id,
                Decision {
                    event,
                    reason,
                    info,
                },
                now_us,
            )?;
        }
        Ok(Json(state.templates[&id].node()))
    })
}

/// `POST /_sim/reset`: the seeded content again; webhook URL and clock stay.
pub(crate) async fn reset(State(world): State<Arc<World>>) -> Reply {
    world.reset();
    Ok(Json(json!({"success": true})))
}
