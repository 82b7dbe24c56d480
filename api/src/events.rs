//! Events: what contacts did elsewhere, told by a shop's own programs.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use wigwag_model::event::name_problem;
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, EventId, Timestamp};
use wigwag_store::Error;
use wigwag_store::events::{self, Key, NewEvent, Tracked, Who};

use crate::Api;
use crate::auth::Caller;
use crate::operation::Subject;
use crate::page::{self, Limit, Page};
use crate::problem::{Code, Problem};
use crate::request::{Body, Id, Params};

/// Most particulars of an event.
const MOST_PROPERTIES: usize = 100;
/// Most bytes of all of them as JSON.
const MOST_BYTES: usize = 32 * 1024;
/// How far a sender's clock may be ahead of ours.
pub(crate) const AHEAD: std::time::Duration = std::time::Duration::from_mins(10);

/// Something that a contact did.
#[derive(Debug, Serialize, ToSchema)]
pub struct Event {
    /// Its id.
    #[schema(value_type = String)]
    pub id: EventId,
    /// Who did it.
    #[schema(value_type = String)]
    pub contact_id: ContactId,
    /// What: `Order Placed`.
    pub name: String,
    /// The particulars.
    #[schema(value_type = Object)]
    pub properties: Map<String, Value>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub occurred_at: Timestamp,
    /// The sender's own id of it.
    pub source_id: Option<String>,
    /// When it was told.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Who told it: `api` a program with a secret key, `web` a page with a publishable key (so anybody),
    /// `shopify` and `hook` a system that signs.
    pub source: String,
}

impl From<events::Event> for Event {
    fn from(event: events::Event) -> Self {
        Self {
            id: event.id,
            contact_id: event.contact,
            name: event.name,
            properties: event.properties,
            occurred_at: event.occurred_at,
            source_id: event.source_id,
            created_at: event.created_at,
            source: event.source,
        }
    }
}

/// An event to tell.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrackEvent {
    /// Who did it: the contact's id (`contact_…`), its phone number with `+` and country code, or
    /// the id that your own programs gave it.
    #[garde(length(chars, min = 1, max = 200))]
    pub contact: String,
    /// What: `Order Placed`. Goals of campaigns compare it letter by letter.
    #[garde(custom(a_name))]
    pub name: String,
    /// The particulars: a JSON object of at most 100 fields and 32 KiB.
    #[serde(default)]
    #[schema(value_type = Object)]
    #[garde(custom(few_properties))]
    pub properties: Map<String, Value>,
    /// When; now when left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    #[garde(skip)]
    pub occurred_at: Option<Timestamp>,
    /// Your own id of the event: the same twice is one event.
    #[serde(default)]
    #[garde(inner(length(chars, min = 1, max = 200)))]
    pub id: Option<String>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that garde calls"
)]
fn a_name(name: &str, _: &()) -> garde::Result {
    name_problem(name).map_or(Ok(()), |message| Err(garde::Error::new(message)))
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that garde calls"
)]
pub(crate) fn few_properties(properties: &Map<String, Value>, _: &()) -> garde::Result {
    let size = || serde_json::to_string(properties).map_or(usize::MAX, |text| text.len());
    if properties.len() > MOST_PROPERTIES || size() > MOST_BYTES {
        return Err(garde::Error::new(
            "use at most 100 properties that take at most 32 KiB as JSON",
        ));
    }
    Ok(())
}

/// Who is meant. A phone number begins with `+`; everything else that is no id of ours is one of
/// the shop's.
fn who(text: &str) -> Result<Who, Problem> {
    let text = text.trim();
    if text.starts_with("contact_") {
        return text.parse().map(Who::Id).map_err(|_| {
            let message = "this is no contact's id: list the contacts for theirs";
            Problem::field("contact", "invalid", message)
        });
    }
    if text.starts_with('+') {
        return Phone::parse(text, None)
            .map(Who::Phone)
            .map_err(|error| Problem::field("contact", "invalid", error.to_string()));
    }
    Ok(Who::External(text.to_owned()))
}

fn nobody(error: Error) -> Problem {
    match error {
        Error::NotFound => Problem::new(
            Code::NotFound,
            "There is no such contact: make it first with POST /api/v1/contacts and its phone number, then tell the event again.",
        )
        .with("field", "contact"),
        other => other.into(),
    }
}

/// Tells what a contact did. With an `id` it may be told again: the same event is answered.
#[utoipa::path(post, path = "/api/v1/events", operation_id = "trackEvent", tag = "Events", request_body = TrackEvent,
    responses((status = 201, description = "The event", body = Event), (status = 200, description = "It was known by its id", body = Event),
        (status = 404, description = "There is no such contact")))]
pub async fn track(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<TrackEvent>,
) -> Result<Response, Problem> {
    if wish.occurred_at > Some(api.clock().now().plus(AHEAD)) {
        let message = "this is ahead of us: state when it happened, with the zone, or leave it out";
        return Err(Problem::field("occurred_at", "out_of_range", message));
    }
    let new = NewEvent {
        contact: who(&wish.contact)?,
        name: wish.name,
        properties: wish.properties,
        occurred_at: wish.occurred_at,
        source_id: wish.id,
    };
    let events = api.engine().context().events();
    let tracked = events
        .track(caller.scope.workspace, new)
        .await
        .map_err(nobody)?;
    let (status, event) = match tracked {
        Tracked::New(event) => (StatusCode::CREATED, event),
        Tracked::Known(event) => (StatusCode::OK, event),
    };
    let subject = Subject(event.id.to_string());
    let mut response = (status, Json(Event::from(event))).into_response();
    response.extensions_mut().insert(subject);
    Ok(response)
}

/// Which events.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListEvents {
    /// How many, at most 200.
    #[serde(default)]
    #[param(value_type = Option<u32>)]
    pub limit: Limit,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Lists what a contact did, the newest first.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/events", operation_id = "listContactEvents", tag = "Events",
    params(("id" = String, Path, description = "The contact"), ListEvents),
    responses((status = 200, description = "A page", body = Page<Event>)))]
pub async fn list(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ContactId>,
    Params(wish): Params<ListEvents>,
) -> Result<Json<Page<Event>>, Problem> {
    let after: Option<Key> = page::key("cursor", wish.cursor.as_deref())?;
    let workspace = caller.scope.workspace;
    let (rows, next) = events::list(api.db(), workspace, id, after, wish.limit.0).await?;
    Ok(Json(Page::of(rows, next.as_ref())))
}
