//! `POST /create-campaign/`: an API campaign, which counts the messages that name it (Interakt: Create Campaign
//! API).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::Deserialize;
use serde_json::json;
use wigwag_model::id::Id as _;
use wigwag_store::campaigns::{NewApi, create_api};

use super::sender::sender;
use super::template_message::find;
use super::text::Text;
use crate::Api;
use crate::auth::Caller;
use crate::operation::Subject;
use crate::problem::Problem;
use crate::request::Body;

/// The only type that programs make.
const TYPE: &str = "PublicAPI";

/// A campaign to make.
#[derive(Debug, Deserialize, Validate)]
#[garde(allow_unvalidated)]
pub(super) struct Wish {
    campaign_name: Text,
    #[serde(default)]
    campaign_type: Option<Text>,
    #[serde(default)]
    template_name: Option<Text>,
    #[serde(default)]
    language_code: Option<Text>,
}

/// Makes a campaign.
pub(super) async fn create(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<Wish>,
) -> Result<Response, Problem> {
    let name = wish.campaign_name.0.trim().to_owned();
    if name.is_empty() || name.chars().count() > 200 {
        let message = "write a name of 1 to 200 characters";
        return Err(Problem::field("campaign_name", "invalid", message));
    }
    if wish.campaign_type.is_some_and(|kind| kind.0 != TYPE) {
        let message = "must be PublicAPI: other campaigns are made in the console, or with POST /api/v1/campaigns";
        return Err(Problem::field("campaign_type", "invalid", message));
    }
    let number = sender(&api, &caller).await?;
    let filled = |text: Option<Text>| {
        text.map(|text| text.0)
            .filter(|text| !text.trim().is_empty())
    };
    let template = match (filled(wish.template_name), filled(wish.language_code)) {
        (None, _) => None,
        (Some(_), None) => {
            let message = "a template is named with its language, such as en";
            return Err(Problem::field("language_code", "required", message));
        }
        (Some(name), Some(language)) => Some(
            find(&api, &caller, number, name.trim(), language.trim())
                .await?
                .id,
        ),
    };
    let new = NewApi {
        name: name.clone(),
        number: Some(number),
        template,
        actor: caller.scope.actor.to_string(),
    };
    let campaign = create_api(api.db(), caller.scope.workspace, new).await?;
    let id = campaign.uuid();
    let body = json!({"result": true, "message": "Api Campaign Created created successfully",
        "data": {"campaignId": id, "campaign_id": id, "name": name, "type": TYPE}});
    let mut response = (StatusCode::CREATED, Json(body)).into_response();
    let subject = Subject(campaign.to_string());
    response.extensions_mut().insert(subject);
    Ok(response)
}
