//! `POST /track/events/`: what people did (Interakt: Event Track API).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use wigwag_engine::contacts::identify;
use wigwag_model::event::name_problem;
use wigwag_model::id::Id as _;
use wigwag_model::{ContactId, Timestamp};
use wigwag_store::contacts::{self, Known, Profile};
use wigwag_store::events::{NewEvent, Tracked, Who};

use super::person::Person;
use super::text::Text;
use super::users::{nobody, settled, two};
use crate::Api;
use crate::auth::Caller;
use crate::events::{AHEAD, few_properties};
use crate::problem::Problem;
use crate::request::Body;

/// Something that a person did.
#[derive(Debug, Deserialize, Validate)]
#[serde(rename_all = "camelCase")]
#[garde(allow_unvalidated)]
pub(super) struct TrackEvent {
    #[serde(default)]
    user_id: Option<Text>,
    #[serde(default)]
    full_phone_number: Option<Text>,
    #[serde(default)]
    country_code: Option<Text>,
    #[serde(default)]
    phone_number: Option<Text>,
    event: String,
    #[serde(default)]
    traits: Option<Map<String, Value>>,
    #[serde(default)]
    created_at: Option<Timestamp>,
}

/// Writes an event down. A phone number that nobody has makes a contact; an id alone must be known.
pub(super) async fn track(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<TrackEvent>,
) -> Result<Response, Problem> {
    if let Some(message) = name_problem(&wish.event) {
        return Err(Problem::field("event", "invalid", message));
    }
    if wish.created_at > Some(api.clock().now().plus(AHEAD)) {
        let message = "this is ahead of us: state when it happened, in UTC, or leave it out";
        return Err(Problem::field("createdAt", "out_of_range", message));
    }
    let properties = wish.traits.unwrap_or_default();
    if let Err(error) = few_properties(&properties, &()) {
        return Err(Problem::field("traits", "too_many", error.message()));
    }
    let person = Person {
        user_id: wish.user_id,
        full_phone_number: wish.full_phone_number,
        country_code: wish.country_code,
        phone_number: wish.phone_number,
    };
    let new = NewEvent {
        contact: Who::Id(doer(&api, &caller, person.known()?).await?),
        name: wish.event,
        properties,
        occurred_at: wish.created_at,
        source_id: None,
    };
    let events = api.engine().context().events();
    let (Tracked::New(event) | Tracked::Known(event)) =
        events.track(caller.scope.workspace, new).await?;
    let body =
        json!({"result": true, "message": "Event created successfully", "id": event.id.uuid()});
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

async fn doer(api: &Api, caller: &Caller, known: Known) -> Result<ContactId, Problem> {
    match contacts::who(api.db(), caller.scope.workspace, &known).await? {
        Ok(Some(contact)) => Ok(contact),
        Err(_) => Err(two()),
        Ok(None) if known.phone.is_none() => Err(nobody()),
        Ok(None) => {
            let profile = Profile {
                known,
                actor: caller.scope.actor.to_string(),
                at: api.clock().now(),
                ..Profile::default()
            };
            let done = identify(api.engine().context(), &caller.scope, profile).await?;
            settled(done).map(|(contact, _)| contact)
        }
    }
}
