//! Contacts as a file, and everything about one of them.

use axum::Json;
use axum::body::Body as Bytes;
use axum::extract::State;
use axum::response::Response;
use futures::stream;
use garde::Validate;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use wigwag_engine::imports::ContactsFile;
use wigwag_model::ContactId;
use wigwag_model::audience::Filter;
use wigwag_model::bulk::BulkAction;
use wigwag_store::bulk::{NewBulk, Who};
use wigwag_store::contacts;

use crate::Api;
use crate::audience::{faulty, told};
use crate::auth::Caller;
use crate::contacts::bulk::{BulkActionStatus, begun};
use crate::download;
use crate::problem::Problem;
use crate::request::{Body, Id};

/// Whom to write into a file.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportContacts {
    /// The filter.
    #[schema(value_type = Object, example = json!({"tag": "vip"}))]
    #[garde(skip)]
    pub filter: Value,
}

/// Writes the contacts whom a filter finds into a CSV file, the oldest first. An import takes the file back as
/// it is: its columns are named as the import reads them, a cell that a spreadsheet would take for a formula
/// has an apostrophe before it, and spaces around a value are left out.
#[utoipa::path(post, path = "/api/v1/contacts/export", operation_id = "exportContacts", tag = "Contacts", request_body = ExportContacts,
    responses((status = 200, description = "The file", body = String, content_type = "text/csv")))]
pub async fn export(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<ExportContacts>,
) -> Result<Response, Problem> {
    let filter = Filter::read(&wish.filter).map_err(|fault| faulty("filter", fault))?;
    let (context, now) = (api.engine().context().clone(), api.clock().now());
    let file = ContactsFile::begin(&context, caller.scope.workspace, &filter, now)
        .await
        .map_err(told)?;
    let head = file.head();
    let lines = stream::unfold(Some(0_i64), move |after| {
        let (file, context) = (file.clone(), context.clone());
        async move {
            match file.lines(&context, after?).await {
                Ok((lines, next)) => Some((Ok(lines), next)),
                Err(error) => Some((Err(error), None)),
            }
        }
    });
    let text = futures::StreamExt::chain(stream::iter([Ok(head)]), lines);
    Ok(download::csv("contacts.csv", Bytes::from_stream(text)))
}

/// Everything that is known of a contact, as one document: the profile, identities, consent with its history,
/// lists, conversations, messages, events, campaigns and links.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/everything", operation_id = "exportContact", tag = "Contacts",
    params(("id" = String, Path, description = "The contact")),
    responses((status = 200, description = "The document", body = Object)))]
pub async fn everything(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ContactId>,
) -> Result<Response, Problem> {
    let document = contacts::everything(api.db(), caller.scope.workspace, id).await?;
    Ok(download::named("contact.json", Json(document)))
}

/// Erases a contact in the background: names, numbers, identities, messages' content, files, traits, tags and
/// events go for good. That messages were sent, their ids at Meta, what they cost and the counts of campaigns
/// stay without the person, and so does a no, as a keyed digest of the number. Whoever writes from the number
/// again is a new contact. There is no way back.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/erase", operation_id = "eraseContact", tag = "Contacts",
    params(("id" = String, Path, description = "The contact")),
    responses((status = 202, description = "It has begun; follow it as an action on many", body = BulkActionStatus)))]
pub async fn erase(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ContactId>,
) -> Result<Response, Problem> {
    contacts::get(&mut api.db().reader().await?, caller.scope.workspace, id).await?;
    let new = NewBulk {
        action: BulkAction::Erase,
        who: Who::Listed(vec![id]),
        actor: caller.scope.actor.to_string(),
    };
    begun(&api, &caller, new).await
}
