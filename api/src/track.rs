//! What web pages tell: `POST /api/v1/track` with a publishable key, and the script `/track.js` that does
//! it.
//!
//! Whoever looks at the page has the key. The answer therefore never depends on what is known here: a
//! visit that can be read is answered 204, whether its person is new, known or blocked.

mod limits;
mod script;

use std::collections::BTreeMap;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use garde::Validate;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use wigwag_engine::visits;
use wigwag_model::event::name_problem;
use wigwag_model::phone::Phone;
use wigwag_store::contacts::Visitor;
use wigwag_store::visits::{Step, Visit};

use crate::Api;
use crate::auth::Caller;
use crate::contacts::rules::few_traits;
use crate::events::few_properties;
use crate::problem::Problem;
use crate::request::Beacon;

pub(crate) use limits::Limits;
pub use script::{PATH as SCRIPT_PATH, script};

/// Most events of one request.
const MOST_EVENTS: usize = 20;
/// How long a page may have kept an event until it knew the person.
const OLDEST: Duration = Duration::from_hours(7 * 24);

/// The key that stands in the page. The gate reads it; this describes it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TrackKey {
    /// A publishable key (`pk_…`), used from a page of one of its origins.
    pub key: String,
}

/// A visitor and what it did on the page.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Track {
    /// Who. An event without a person belongs to nobody and is refused: keep it until the person is
    /// known, as the script does.
    #[garde(dive)]
    pub person: PagePerson,
    /// What it did, in order: at most 20. None makes the contact only.
    #[serde(default)]
    #[garde(length(max = MOST_EVENTS), dive)]
    pub events: Vec<PageEvent>,
}

/// A person as it was typed into a page. It makes a contact without any consent, whose source is
/// `web`; a contact that is known is never changed by it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PagePerson {
    /// The phone number with `+` and country code.
    #[garde(length(chars, min = 1, max = 40))]
    pub phone: String,
    /// What it calls itself. The name of its WhatsApp profile takes the place of it.
    #[serde(default)]
    #[garde(inner(length(chars, max = 200)))]
    pub name: Option<String>,
    /// E-mail address.
    #[serde(default)]
    #[garde(inner(email))]
    pub email: Option<String>,
    /// Typed fields. Those that the workspace does not have, or has of another kind, are passed over.
    #[serde(default)]
    #[schema(value_type = Object)]
    #[garde(custom(few_traits))]
    pub traits: BTreeMap<String, Value>,
}

/// Something that a visitor did.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PageEvent {
    /// The page's own id of it, at random: the same twice is one event.
    #[garde(length(chars, min = 8, max = 100))]
    pub id: String,
    /// What: `Product Viewed`.
    #[garde(custom(a_name))]
    pub name: String,
    /// The particulars: a JSON object of at most 100 fields and 32 KiB.
    #[serde(default)]
    #[schema(value_type = Object)]
    #[garde(custom(few_properties))]
    pub properties: Map<String, Value>,
    /// How long ago it was, in milliseconds, at most seven days. A span, because clocks of browsers are
    /// wrong.
    #[serde(default)]
    #[garde(range(max = 604_800_000))]
    pub ago_ms: u64,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that garde calls"
)]
fn a_name(name: &str, _: &()) -> garde::Result {
    name_problem(name).map_or(Ok(()), |message| Err(garde::Error::new(message)))
}

/// Tells what somebody did on a web page, by the script `/track.js` or one's own. The body is JSON, as
/// `application/json` or `text/plain`.
#[utoipa::path(post, path = "/api/v1/track", operation_id = "track", tag = "Events", params(TrackKey), request_body = Track,
    responses((status = 204, description = "It is kept; the answer is the same whether the person was known or not"),
        (status = 403, description = "The key is not for pages of this origin"),
        (status = 429, description = "Too much from this page or this address")))]
pub async fn track(
    State(api): State<Api>,
    caller: Caller,
    Beacon(wish): Beacon<Track>,
) -> Result<StatusCode, Problem> {
    let phone = Phone::stated(&wish.person.phone, None)
        .map_err(|error| Problem::field("person.phone", "invalid", error.to_string()))?;
    let now = api.clock().now();
    let visit = Visit {
        visitor: Visitor {
            phone,
            name: wish.person.name,
            email: wish.person.email,
            traits: wish.person.traits,
        },
        steps: wish
            .events
            .into_iter()
            .map(|event| Step {
                id: event.id,
                name: event.name,
                properties: event.properties,
                occurred_at: now.minus(Duration::from_millis(event.ago_ms).min(OLDEST)),
            })
            .collect(),
    };
    visits::record(api.engine().context(), caller.scope.workspace, visit).await?;
    Ok(StatusCode::NO_CONTENT)
}
