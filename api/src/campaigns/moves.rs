//! Sending campaigns and stopping them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wigwag_engine::campaigns;
use wigwag_model::phone::Phone;
use wigwag_model::{CampaignId, MessageId};

use super::{Campaign, one};
use crate::Api;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::request::{Body, Id};

type Answer = Result<(StatusCode, Json<Campaign>), Problem>;

async fn now(api: &Api, caller: &Caller, id: CampaignId) -> Answer {
    let campaign = one(api, caller.scope.workspace, id).await?;
    Ok((StatusCode::ACCEPTED, Json(campaign)))
}

/// The sender's word.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendCampaign {
    /// How many the review said; kept with the campaign. The plan's own figure rules.
    #[serde(default)]
    #[garde(inner(range(min = 0)))]
    pub confirm_count: Option<i64>,
}

/// Sends a draft, now or at its time. Nothing leaves before `undo_until`.
#[utoipa::path(post, path = "/api/v1/campaigns/{id}/send", operation_id = "sendCampaign", tag = "Campaigns",
    params(("id" = String, Path, description = "The campaign")), request_body = SendCampaign,
    responses((status = 202, description = "It goes out", body = Campaign)))]
pub async fn send(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CampaignId>,
    Body(wish): Body<SendCampaign>,
) -> Answer {
    campaigns::send(
        api.engine().context(),
        &caller.scope,
        id,
        wish.confirm_count,
    )
    .await?;
    now(&api, &caller, id).await
}

macro_rules! moves {
    ($($(#[$doc:meta])* $name:ident = $path:literal, $operation:literal, $done:literal;)*) => {$(
        $(#[$doc])*
        #[utoipa::path(post, path = $path, operation_id = $operation, tag = "Campaigns",
            params(("id" = String, Path, description = "The campaign")),
            responses((status = 202, description = $done, body = Campaign)))]
        pub async fn $name(State(api): State<Api>, caller: Caller, Id(id): Id<CampaignId>) -> Answer {
            campaigns::$name(api.engine().context(), &caller.scope, id).await?;
            now(&api, &caller, id).await
        }
    )*};
}

moves! {
    /// Takes a sending back before anything left: a draft again.
    undo = "/api/v1/campaigns/{id}/undo", "undoCampaign", "A draft again";
    /// Lets nothing more leave for now. What is on its way ends by itself; `out` says how many that are.
    pause = "/api/v1/campaigns/{id}/pause", "pauseCampaign", "Nothing more leaves";
    /// Goes on after a pause.
    resume = "/api/v1/campaigns/{id}/resume", "resumeCampaign", "It goes on";
    /// Ends it for good. What is on its way ends by itself; the others are skipped.
    stop = "/api/v1/campaigns/{id}/stop", "stopCampaign", "Nothing more leaves";
    /// Goes on after it held by itself, or without waiting for its canary.
    release = "/api/v1/campaigns/{id}/release", "releaseCampaign", "It goes on";
}

/// To whom a test goes.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestCampaign {
    /// Phone numbers with their country codes, at most five.
    #[garde(length(min = 1, max = 5), inner(length(chars, max = 40)))]
    pub to: Vec<String>,
}

/// Tests that were sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tested {
    /// The messages.
    #[schema(value_type = Vec<String>)]
    pub message_ids: Vec<MessageId>,
}

/// Sends the message to some phone numbers, with the template's examples where a contact has no value.
#[utoipa::path(post, path = "/api/v1/campaigns/{id}/test", operation_id = "testCampaign", tag = "Campaigns",
    params(("id" = String, Path, description = "The campaign")), request_body = TestCampaign,
    responses((status = 202, description = "They are on their way", body = Tested)))]
pub async fn test(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<CampaignId>,
    Body(wish): Body<TestCampaign>,
) -> Result<(StatusCode, Json<Tested>), Problem> {
    let to = wish
        .to
        .iter()
        .enumerate()
        .map(|(at, text)| {
            Phone::parse(text, None)
                .map_err(|error| Problem::field(format!("to[{at}]"), "invalid", error.to_string()))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let message_ids = campaigns::trial(api.engine().context(), &caller.scope, id, to).await?;
    Ok((StatusCode::ACCEPTED, Json(Tested { message_ids })))
}
