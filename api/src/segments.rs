//! Segments: filters over contacts saved under a name.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use wigwag_model::audience::Filter;
use wigwag_model::{SegmentId, Timestamp};
use wigwag_store::segments::{self, Key, Refusal};

use crate::Api;
use crate::audience::faulty;
use crate::auth::Caller;
use crate::operation::Subject;
use crate::page::{self, Limit, Page};
use crate::problem::{Code, Problem};
use crate::request::{Body, Id, Params};

/// A filter over contacts with a name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Segment {
    /// Its id; `{"segment": id}` stands for the filter in other filters.
    #[schema(value_type = String)]
    pub id: SegmentId,
    /// Its name.
    pub name: String,
    /// Whom it finds.
    #[schema(value_type = Object)]
    pub filter: Filter,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Grows with each change.
    pub version: i64,
}

impl From<segments::Segment> for Segment {
    fn from(segment: segments::Segment) -> Self {
        Self {
            id: segment.id,
            name: segment.name,
            filter: segment.filter,
            created_by: segment.created_by,
            created_at: segment.created_at,
            updated_at: segment.updated_at,
            version: segment.version,
        }
    }
}

/// A segment to save.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSegment {
    /// Its name, of which there is one whatever its case.
    #[garde(custom(a_name))]
    pub name: String,
    /// Whom it finds. It may hold no other segment.
    #[schema(value_type = Object, example = json!({"event": {"name": "Order Placed", "at_least": 2, "within": "30d"}}))]
    #[garde(skip)]
    pub filter: Value,
}

/// What to change; what is left out stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateSegment {
    /// The name.
    #[serde(default)]
    #[garde(inner(custom(a_name)))]
    pub name: Option<String>,
    /// Whom it finds.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    #[garde(skip)]
    pub filter: Option<Value>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that garde calls"
)]
fn a_name(name: &str, _: &()) -> garde::Result {
    if name.trim().is_empty() || name.chars().count() > 100 {
        return Err(garde::Error::new("name it in 1 to 100 characters"));
    }
    Ok(())
}

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NameTaken => {
            let message = "another segment has this name: choose another, or change that one";
            Problem::field("name", "taken", message)
        }
        Refusal::InUse(name) => Problem::new(
            Code::Conflict,
            format!(
                "The campaign “{name}” asks for this segment. Choose another audience there first."
            ),
        )
        .with("campaign", name),
        Refusal::Store(wigwag_store::Error::Filter(fault)) => faulty("filter", fault),
        Refusal::Store(other) => other.into(),
    }
}

fn read(filter: &Value) -> Result<Filter, Problem> {
    Filter::read(filter).map_err(|fault| faulty("filter", fault))
}

/// Which segments.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListSegments {
    /// How many, at most 200.
    #[serde(default)]
    #[param(value_type = Option<u32>)]
    pub limit: Limit,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Lists the segments by name.
#[utoipa::path(get, path = "/api/v1/segments", operation_id = "listSegments", tag = "Audience", params(ListSegments),
    responses((status = 200, description = "A page", body = Page<Segment>)))]
pub async fn list(
    State(api): State<Api>,
    caller: Caller,
    Params(wish): Params<ListSegments>,
) -> Result<Json<Page<Segment>>, Problem> {
    let after: Option<Key> = page::key("cursor", wish.cursor.as_deref())?;
    let (rows, next) =
        segments::list(api.db(), caller.scope.workspace, after, wish.limit.0).await?;
    Ok(Json(Page::of(rows, next.as_ref())))
}

/// Reads a segment.
#[utoipa::path(get, path = "/api/v1/segments/{id}", operation_id = "getSegment", tag = "Audience",
    params(("id" = String, Path, description = "The segment")),
    responses((status = 200, description = "The segment", body = Segment), (status = 404, description = "There is no such segment")))]
pub async fn get(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<SegmentId>,
) -> Result<Json<Segment>, Problem> {
    let mut reader = api.db().reader().await?;
    let segment = segments::get(&mut reader, caller.scope.workspace, id).await?;
    Ok(Json(segment.into()))
}

/// Saves a filter under a name.
#[utoipa::path(post, path = "/api/v1/segments", operation_id = "createSegment", tag = "Audience", request_body = CreateSegment,
    responses((status = 201, description = "The segment", body = Segment)))]
pub async fn create(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<CreateSegment>,
) -> Result<Response, Problem> {
    let filter = read(&wish.filter)?;
    let by = caller.scope.actor.to_string();
    let made = segments::create(api.db(), caller.scope.workspace, wish.name, filter, by).await;
    let segment: Segment = made.map_err(refused)?.into();
    let subject = Subject(segment.id.to_string());
    let mut response = (StatusCode::CREATED, Json(segment)).into_response();
    response.extensions_mut().insert(subject);
    Ok(response)
}

/// Changes a segment. Campaigns that have been planned keep the people that they have.
#[utoipa::path(patch, path = "/api/v1/segments/{id}", operation_id = "updateSegment", tag = "Audience",
    params(("id" = String, Path, description = "The segment")), request_body = UpdateSegment,
    responses((status = 200, description = "The segment", body = Segment), (status = 404, description = "There is no such segment")))]
pub async fn edit(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<SegmentId>,
    Body(wish): Body<UpdateSegment>,
) -> Result<Json<Segment>, Problem> {
    let filter = wish.filter.as_ref().map(read).transpose()?;
    let changed = segments::update(api.db(), caller.scope.workspace, id, wish.name, filter).await;
    Ok(Json(changed.map_err(refused)?.into()))
}

/// Forgets a segment; the contacts stay.
#[utoipa::path(delete, path = "/api/v1/segments/{id}", operation_id = "deleteSegment", tag = "Audience",
    params(("id" = String, Path, description = "The segment")),
    responses((status = 204, description = "It is gone"), (status = 404, description = "There is no such segment"),
        (status = 409, description = "A campaign that has not been planned asks for it")))]
pub async fn delete(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<SegmentId>,
) -> Result<StatusCode, Problem> {
    segments::delete(api.db(), caller.scope.workspace, id)
        .await
        .map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}
