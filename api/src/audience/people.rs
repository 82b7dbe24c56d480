//! The contacts that a filter finds, and why it finds one or does not.

use axum::Json;
use axum::extract::State;
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use wigwag_model::ContactId;
use wigwag_model::audience::{self as model, Filter};
use wigwag_store::audience::{self, Order, TableKey};

use super::{faulty, told};
use crate::Api;
use crate::auth::Caller;
use crate::contacts::{Contact, listed};
use crate::page::{self, Page};
use crate::problem::Problem;
use crate::request::Body;

/// A page of contacts to show.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FindContacts {
    /// The filter.
    #[schema(value_type = Object, example = json!({"tag": "vip"}))]
    #[garde(skip)]
    pub filter: Value,
    /// `newest` first, `oldest` first, or by `name`.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "newest")]
    #[garde(skip)]
    pub order: Order,
    /// How many, at most 200.
    #[serde(default = "usual")]
    #[garde(range(min = 1, max = 200))]
    pub limit: u32,
    /// Where the last page ended; of the same filter and order.
    #[serde(default)]
    #[garde(skip)]
    pub cursor: Option<String>,
}

fn usual() -> u32 {
    50
}

/// Lists the contacts that a filter finds.
#[utoipa::path(post, path = "/api/v1/audience/contacts", operation_id = "findContacts", tag = "Audience", request_body = FindContacts,
    responses((status = 200, description = "A page", body = Page<Contact>)))]
pub async fn find(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<FindContacts>,
) -> Result<Json<Page<Contact>>, Problem> {
    let workspace = caller.scope.workspace;
    let filter = Filter::read(&wish.filter).map_err(|fault| faulty("filter", fault))?;
    let after: Option<TableKey> = page::key("cursor", wish.cursor.as_deref())?;
    if after
        .as_ref()
        .is_some_and(|key| key.name.is_some() != (wish.order == Order::Name))
    {
        let message = "this cursor is of another order: begin again without it";
        return Err(Problem::field("cursor", "invalid", message));
    }
    let (now, mut on) = (api.clock().now(), api.db().snapshot().await?);
    let found = audience::table(
        &mut on, workspace, &filter, now, wish.order, after, wish.limit,
    );
    let (contacts, next) = found.await.map_err(told)?;
    drop(on);
    Ok(Json(Page {
        data: listed(&api, workspace, contacts).await?,
        next_cursor: next.as_ref().map(page::cursor),
    }))
}

/// A question about one contact.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskWhy {
    /// The filter.
    #[schema(value_type = Object, example = json!({"tag": "vip"}))]
    #[garde(skip)]
    pub filter: Value,
    /// The contact.
    #[schema(value_type = String)]
    #[garde(skip)]
    pub contact_id: ContactId,
}

/// The answer of one part of a filter. Saved segments are shown as their parts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Why {
    /// What the part is: `all`, `any`, `not`, `tag`, `trait`, `field`, `event` …
    pub kind: &'static str,
    /// Whether it finds the contact.
    pub found: bool,
    /// What the contact has: the trait's value, its tags, how often it did it; null for nothing.
    #[schema(value_type = Value)]
    pub value: Value,
    /// The answers of the parts inside, in the filter's order.
    #[schema(no_recursion)]
    pub parts: Vec<Why>,
}

impl From<model::Why> for Why {
    fn from(why: model::Why) -> Self {
        Self {
            kind: why.kind,
            found: why.found,
            value: why.value,
            parts: why.parts.into_iter().map(Self::from).collect(),
        }
    }
}

/// Tells why a filter finds a contact, or why not.
#[utoipa::path(post, path = "/api/v1/audience/why", operation_id = "explainAudience", tag = "Audience", request_body = AskWhy,
    responses((status = 200, description = "The answer of each part", body = Why), (status = 404, description = "There is no such contact")))]
pub async fn why(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<AskWhy>,
) -> Result<Json<Why>, Problem> {
    let workspace = caller.scope.workspace;
    let filter = Filter::read(&wish.filter).map_err(|fault| faulty("filter", fault))?;
    let (now, mut on) = (api.clock().now(), api.db().snapshot().await?);
    let why = audience::why(&mut on, workspace, &filter, now, wish.contact_id)
        .await
        .map_err(told)?;
    Ok(Json(why.into()))
}
