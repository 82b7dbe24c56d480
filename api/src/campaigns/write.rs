//! Drafts: made, changed, copied, forgotten.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::ToSchema;
use wigwag_model::audience::Outcome;
use wigwag_model::campaign::ongoing::Ongoing;
use wigwag_model::campaign::{Schedule, Settings, Variables};
use wigwag_model::{CampaignId, NumberId, TemplateId};
use wigwag_store::campaigns::{self, Patch};

use super::{Campaign, one};
use crate::Api;
use crate::auth::Caller;
use crate::operation::Subject;
use crate::problem::Problem;
use crate::request::{Body, Id};

/// A campaign to make.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCampaign {
    /// What people call it.
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
    /// `one_time` when left out, or `ongoing` for one that goes out when something happens.
    #[serde(default)]
    #[garde(skip)]
    pub kind: CampaignKind,
}

/// What kind of campaign.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CampaignKind {
    /// Once, to many people.
    #[default]
    OneTime,
    /// When something happens, to whom it happens.
    Ongoing,
}

/// A new draft as the answer.
async fn made(api: &Api, caller: &Caller, id: CampaignId) -> Result<Response, Problem> {
    let campaign = one(api, caller.scope.workspace, id).await?;
    let mut response = (StatusCode::CREATED, Json(campaign)).into_response();
    response.extensions_mut().insert(Subject(id.to_string()));
    Ok(response)
}

/// Makes an empty draft.
#[utoipa::path(post, path = "/api/v1/campaigns", operation_id = "createCampaign", tag = "Campaigns", request_body = CreateCampaign,
    responses((status = 201, description = "The draft", body = Campaign)))]
pub async fn create(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<CreateCampaign>,
) -> Result<Response, Problem> {
    let actor = caller.scope.actor.to_string();
    let (db, workspace) = (api.db(), caller.scope.workspace);
    let id = match wish.kind {
        CampaignKind::OneTime => campaigns::create(db, workspace, wish.name, actor).await?,
        CampaignKind::Ongoing => campaigns::create_ongoing(db, workspace, wish.name, actor).await?,
    };
    made(&api, &caller, id).await
}

/// Tells an absent field from a null one.
#[expect(clippy::option_option, reason = "absent and null are told apart")]
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// What to change of a draft. Absent fields stay; null empties a field.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditCampaign {
    /// What people call it.
    #[serde(default)]
    #[garde(inner(length(chars, min = 1, max = 200)))]
    pub name: Option<String>,
    /// The number it leaves from.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    #[garde(skip)]
    pub number_id: Option<Option<NumberId>>,
    /// The template.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    #[garde(skip)]
    pub template_id: Option<Option<TemplateId>>,
    /// Who gets it: a filter over contacts.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Object>)]
    #[garde(skip)]
    pub audience: Option<Option<Value>>,
    /// Where each variable's value comes from: `{"body.1": {"from": "trait", "key": "first_name", "fallback": "there"}}`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    #[garde(skip)]
    pub variables: Option<Variables>,
    /// The header's file or place: `{"media_id": …}` or `{"location": {…}}`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Object>)]
    #[garde(skip)]
    pub header: Option<Option<Value>>,
    /// When: `{"when": "now"}`, `{"when": "at", "at": …, "zone": …}` or `{"when": "local", "date": …, "time": …, "trait": …}`,
    /// each with `quiet: {"from": "21:00", "to": "09:00"}` where nobody is to be woken.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Object>)]
    #[garde(skip)]
    pub schedule: Option<Option<Schedule>>,
    /// Limits and the like; what is left out is as it is by default.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    #[garde(skip)]
    pub settings: Option<Settings>,
    /// What makes it on-going, as a whole: what is left out is as it is by default.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    #[garde(skip)]
    pub ongoing: Option<Ongoing>,
    /// The version that was read.
    #[garde(skip)]
    pub version: i64,
}

/// Changes a draft.
#[utoipa::path(patch, path = "/api/v1/campaigns/{id}", operation_id = "updateCampaign", tag = "Campaigns",
    params(("id" = String, Path, description = "The campaign")), request_body = EditCampaign,
    responses((status = 200, description = "The draft", body = Campaign)))]
pub async fn edit(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CampaignId>,
    Body(wish): Body<EditCampaign>,
) -> Result<Json<Campaign>, Problem> {
    let (version, patch) = edits(wish);
    let context = api.engine().context();
    wigwag_engine::campaigns::edit(context, &caller.scope, id, version, patch)
        .await
        .map_err(|error| match error {
            wigwag_engine::campaigns::CampaignError::Store(wigwag_store::Error::Conflict(
                "reference",
            )) => Problem::field(
                "number_id",
                "unknown",
                "there is no such number or template here",
            ),
            wigwag_engine::campaigns::CampaignError::Store(wigwag_store::Error::Conflict(
                "ongoing",
            )) => Problem::field(
                "ongoing",
                "one_time",
                "this campaign goes out once: make an on-going one",
            ),
            other => other.into(),
        })?;
    Ok(Json(one(&api, caller.scope.workspace, id).await?))
}

/// What an edit changes, and the version that it was made of.
pub(super) fn edits(wish: EditCampaign) -> (i64, Patch) {
    let nobody = || Value::Object(serde_json::Map::new());
    let patch = Patch {
        name: wish.name,
        number: wish.number_id,
        template: wish.template_id,
        audience: wish
            .audience
            .map(|audience| audience.unwrap_or_else(nobody)),
        variables: wish.variables,
        header: wish.header,
        schedule: wish.schedule.map(Option::unwrap_or_default),
        settings: wish.settings,
        ongoing: wish.ongoing,
    };
    (wish.version, patch)
}

/// Forgets a draft, or a campaign that failed before anything left.
#[utoipa::path(delete, path = "/api/v1/campaigns/{id}", operation_id = "deleteCampaign", tag = "Campaigns",
    params(("id" = String, Path, description = "The campaign")),
    responses((status = 204, description = "It is gone")))]
pub async fn delete(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CampaignId>,
) -> Result<StatusCode, Problem> {
    wigwag_engine::campaigns::delete(api.engine().context(), &caller.scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the copy is called.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DuplicateCampaign {
    /// Its name; the first one's with “(2)” when left out.
    #[serde(default)]
    #[garde(inner(length(chars, min = 1, max = 200)))]
    pub name: Option<String>,
}

/// Makes a draft that says the same, to be sent at once.
#[utoipa::path(post, path = "/api/v1/campaigns/{id}/duplicate", operation_id = "duplicateCampaign", tag = "Campaigns",
    params(("id" = String, Path, description = "The campaign")), request_body = DuplicateCampaign,
    responses((status = 201, description = "The draft", body = Campaign)))]
pub async fn duplicate(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CampaignId>,
    Body(wish): Body<DuplicateCampaign>,
) -> Result<Response, Problem> {
    let workspace = caller.scope.workspace;
    let name = if let Some(name) = wish.name {
        name
    } else {
        let first = campaigns::get(&mut api.db().reader().await?, workspace, id).await?;
        let stem: String = first.name.chars().take(190).collect();
        format!("{stem} (2)")
    };
    let actor = caller.scope.actor.to_string();
    let copy = campaigns::duplicate(api.db(), workspace, id, name, None, actor).await?;
    made(&api, &caller, copy).await
}

/// Whom to write to again.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetargetCampaign {
    /// What became of it: states of the message, or `replied`, `clicked`, `opted_out`, `converted`.
    #[garde(length(min = 1, max = 16))]
    pub outcome: Vec<String>,
    /// Everybody else among its people instead.
    #[serde(default)]
    #[garde(skip)]
    pub not: bool,
    /// What the draft is called.
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
}

/// Makes a draft to those of whom something became, with the same template.
#[utoipa::path(post, path = "/api/v1/campaigns/{id}/retarget", operation_id = "retargetCampaign", tag = "Campaigns",
    params(("id" = String, Path, description = "The campaign")), request_body = RetargetCampaign,
    responses((status = 201, description = "The draft", body = Campaign)))]
pub async fn retarget(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CampaignId>,
    Body(wish): Body<RetargetCampaign>,
) -> Result<Response, Problem> {
    for (at, name) in wish.outcome.iter().enumerate() {
        if Outcome::parse(name).is_none() {
            let names: Vec<_> = Outcome::ALL.iter().map(|known| known.as_str()).collect();
            return Err(Problem::field(
                format!("outcome[{at}]"),
                "unknown",
                format!("choose among {}", names.join(", ")),
            ));
        }
    }
    let mut test = serde_json::json!({"id": id, "outcome": wish.outcome});
    if wish.not {
        test["not"] = Value::Bool(true);
    }
    let audience = serde_json::json!({ "campaign": test });
    let actor = caller.scope.actor.to_string();
    let workspace = caller.scope.workspace;
    let copy =
        campaigns::duplicate(api.db(), workspace, id, wish.name, Some(audience), actor).await?;
    made(&api, &caller, copy).await
}
