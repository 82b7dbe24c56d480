//! Whom a filter finds, and what there is to filter by: tags, traits, lists.

pub mod people;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use wigwag_model::audience::{Fault, Filter};
use wigwag_model::{ContactId, ListId, Timestamp};
use wigwag_store::audience::{self, ListKey, NewList};

use crate::Api;
use crate::auth::Caller;
use crate::contacts::{Contact, listed, source};
use crate::operation::Subject;
use crate::page::{self, Limit, Page};
use crate::problem::Problem;
use crate::request::{Body, Params};

/// How many of the contacts found are shown.
const SAMPLE: u32 = 5;

/// A question about contacts.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountAudience {
    /// The filter.
    #[schema(value_type = Object, example = json!({"all": [{"tag": "vip"}, {"trait": {"key": "city", "is": {"eq": "Pune"}}}]}))]
    #[garde(skip)]
    pub filter: Value,
}

/// Whom a filter finds.
#[derive(Debug, Serialize, ToSchema)]
pub struct AudienceCount {
    /// How many.
    pub count: i64,
    /// Some of them.
    pub sample: Vec<Contact>,
}

/// A fault of a filter as a problem of the field that holds it.
pub(crate) fn faulty(field: &str, fault: Fault) -> Problem {
    let place = if fault.field == "filter" {
        field.to_owned()
    } else {
        format!("{field}.{}", fault.field)
    };
    Problem::field(place, "filter", fault.message)
}

/// A refusal of the field that holds the filter.
pub(crate) fn told(error: wigwag_store::Error) -> Problem {
    match error {
        wigwag_store::Error::Filter(fault) => faulty("filter", fault),
        other => other.into(),
    }
}

/// Counts the contacts that a filter finds.
#[utoipa::path(post, path = "/api/v1/audience/count", operation_id = "countAudience", tag = "Audience", request_body = CountAudience,
    responses((status = 200, description = "How many, and some of them", body = AudienceCount)))]
pub async fn count(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<CountAudience>,
) -> Result<Json<AudienceCount>, Problem> {
    let workspace = caller.scope.workspace;
    let filter = Filter::read(&wish.filter).map_err(|fault| faulty("filter", fault))?;
    let (now, mut on) = (api.clock().now(), api.db().snapshot().await?);
    let asked = audience::count_with_sample(&mut on, workspace, &filter, now, SAMPLE);
    let (count, sample) = asked.await.map_err(told)?;
    drop(on);
    Ok(Json(AudienceCount {
        count,
        sample: listed(&api, workspace, sample).await?,
    }))
}

/// A trait that contacts may have.
#[derive(Debug, Serialize, ToSchema)]
pub struct TraitDefinition {
    /// Its name.
    pub key: String,
    /// `text`, `number`, `boolean`, `datetime` or `list`.
    pub kind: &'static str,
    /// The name to show.
    pub label: String,
}

/// Lists the traits that contacts may have.
#[utoipa::path(get, path = "/api/v1/traits", operation_id = "listTraits", tag = "Audience",
    responses((status = 200, description = "All of them, by name", body = Page<TraitDefinition>)))]
pub async fn traits(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Page<TraitDefinition>>, Problem> {
    let traits = audience::traits(api.db(), caller.scope.workspace).await?;
    let traits = traits.into_iter().map(|known| TraitDefinition {
        key: known.key,
        kind: known.kind.as_str(),
        label: known.label,
    });
    Ok(Json(Page::whole(traits.collect())))
}

/// A tag.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tag {
    /// The tag.
    pub tag: String,
    /// How many contacts have it.
    pub contacts: i64,
}

/// Lists the tags that contacts have.
#[utoipa::path(get, path = "/api/v1/tags", operation_id = "listTags", tag = "Audience",
    responses((status = 200, description = "The most used first", body = Page<Tag>)))]
pub async fn tags(State(api): State<Api>, caller: Caller) -> Result<Json<Page<Tag>>, Problem> {
    let tags = audience::tags(api.db(), caller.scope.workspace).await?;
    let tags = tags.into_iter().map(|known| Tag {
        tag: known.tag,
        contacts: known.contacts,
    });
    Ok(Json(Page::whole(tags.collect())))
}

/// A list of contacts.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactList {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ListId,
    /// Its name.
    pub name: String,
    /// `import`, `manual` or `api`.
    pub source: String,
    /// The columns that its members bring, for messages to them.
    pub columns: Vec<String>,
    /// How many are on it.
    pub members: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl From<audience::List> for ContactList {
    fn from(list: audience::List) -> Self {
        Self {
            id: list.id,
            name: list.name,
            source: list.source,
            columns: list.columns,
            members: list.members,
            created_at: list.created_at,
        }
    }
}

/// Which lists.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListLists {
    /// How many, at most 200.
    #[serde(default)]
    #[param(value_type = Option<u32>)]
    pub limit: Limit,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Lists the lists of contacts, the newest first.
#[utoipa::path(get, path = "/api/v1/lists", operation_id = "listLists", tag = "Audience", params(ListLists),
    responses((status = 200, description = "A page", body = Page<ContactList>)))]
pub async fn lists(
    State(api): State<Api>,
    caller: Caller,
    Params(wish): Params<ListLists>,
) -> Result<Json<Page<ContactList>>, Problem> {
    let after: Option<ListKey> = page::key("cursor", wish.cursor.as_deref())?;
    let (rows, next) =
        audience::lists(api.db(), caller.scope.workspace, after, wish.limit.0).await?;
    Ok(Json(Page::of(rows, next.as_ref())))
}

/// A list to make.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateList {
    /// Its name.
    #[garde(length(chars, min = 1, max = 200))]
    pub name: String,
    /// Who is on it, at most 10,000.
    #[schema(value_type = Vec<String>)]
    #[garde(length(min = 1, max = 10_000))]
    pub contact_ids: Vec<ContactId>,
}

/// Makes a list of contacts picked by hand.
#[utoipa::path(post, path = "/api/v1/lists", operation_id = "createList", tag = "Audience", request_body = CreateList,
    responses((status = 201, description = "The list", body = ContactList)))]
pub async fn create_list(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<CreateList>,
) -> Result<Response, Problem> {
    let new = NewList {
        name: wish.name,
        source: source(&caller),
        created_by: caller.scope.actor.to_string(),
        columns: Vec::new(),
    };
    let made = audience::create_list(api.db(), caller.scope.workspace, new, wish.contact_ids).await;
    let list: ContactList = match made {
        Err(wigwag_store::Error::NotFound) => {
            let mend = "one of these is no contact of yours: read the contacts again";
            return Err(Problem::field("contact_ids", "unknown", mend));
        }
        made => made?.into(),
    };
    let subject = Subject(list.id.to_string());
    let mut response = (StatusCode::CREATED, Json(list)).into_response();
    response.extensions_mut().insert(subject);
    Ok(response)
}
