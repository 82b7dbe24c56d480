//! Which events there are, for whoever asks for one in a filter.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use wigwag_model::Timestamp;
use wigwag_model::audience::TraitKind;
use wigwag_store::event_names;

use crate::Api;
use crate::auth::Caller;
use crate::page::Page;
use crate::problem::Problem;

const WEEK: Duration = Duration::from_hours(7 * 24);

/// A kind of event that contacts did.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventName {
    /// Its name.
    pub name: String,
    /// When it last happened.
    #[schema(value_type = String, format = DateTime)]
    pub last_at: Timestamp,
    /// How often it happened in the last seven days.
    pub last_week: i64,
    /// The particulars of the last one.
    pub properties: Vec<EventProperty>,
}

/// A particular of an event.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventProperty {
    /// Its name.
    pub key: String,
    /// `text`, `number`, `boolean`, `datetime` or `list`; null where the last event says nothing.
    pub kind: Option<&'static str>,
    /// Its value in the last event.
    #[schema(value_type = Value)]
    pub example: Value,
}

impl From<event_names::EventName> for EventName {
    fn from(event: event_names::EventName) -> Self {
        let property = |(key, example): (String, Value)| EventProperty {
            key,
            kind: TraitKind::of(&example).map(TraitKind::as_str),
            example,
        };
        Self {
            name: event.name,
            last_at: event.last_at,
            last_week: event.lately,
            properties: event.sample.into_iter().map(property).collect(),
        }
    }
}

/// Lists the names of the events that were told, at most 200.
#[utoipa::path(get, path = "/api/v1/event-names", operation_id = "listEventNames", tag = "Events",
    responses((status = 200, description = "By name", body = Page<EventName>)))]
pub async fn list(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Page<EventName>>, Problem> {
    let since = api.clock().now().minus(WEEK);
    let names = event_names::list(api.db(), caller.scope.workspace, since).await?;
    Ok(Json(Page::whole(
        names.into_iter().map(Into::into).collect(),
    )))
}
