//! Two contacts that are one person: who is likely the same, what a merge would make, and the merge.

use axum::Json;
use axum::extract::State;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wigwag_engine::contacts as engine;
use wigwag_model::ContactId;
use wigwag_store::contacts::{self, ConsentRow, Details};
use wigwag_store::merges;

use super::{Contact, listed};
use crate::Api;
use crate::auth::Caller;
use crate::page::Page;
use crate::problem::Problem;
use crate::request::{Body, Id, Params};

/// Whom to make one with the contact.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeContact {
    /// The contact that becomes the one in the address.
    #[schema(value_type = String)]
    #[garde(skip)]
    pub from: ContactId,
}

fn refused(error: wigwag_store::Error) -> Problem {
    match error {
        wigwag_store::Error::Conflict("same") => Problem::field(
            "from",
            "same",
            "both are the same contact already: choose another",
        ),
        other => other.into(),
    }
}

/// Makes another contact one with this one, for good. This one's own values win, what it lacks is filled, tags are
/// united, identities, conversations, events and places in campaigns move over, conversations with the same number
/// become one thread. Of what both agreed to the stricter word stands: a no beats a yes, and blocked stays blocked.
/// The other's id means this contact from now on. Long threads move over in the background.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/merge", operation_id = "mergeContacts", tag = "Contacts",
    params(("id" = String, Path, description = "The contact that stays")), request_body = MergeContact,
    responses((status = 200, description = "The contact that both are now", body = Contact)))]
pub async fn merge(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ContactId>,
    Body(wish): Body<MergeContact>,
) -> Result<Json<Contact>, Problem> {
    let context = api.engine().context();
    let survivor = engine::merge(context, &caller.scope, id, wish.from)
        .await
        .map_err(refused)?;
    Ok(Json(
        contacts::details(api.db(), caller.scope.workspace, survivor)
            .await?
            .into(),
    ))
}

/// With whom.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PreviewMerge {
    /// The contact that would become the one in the address.
    #[param(value_type = String)]
    pub from: ContactId,
}

/// What a merge would make.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergePreview {
    /// The contact that both would be; its conversations are left out.
    pub contact: Contact,
    /// How many conversations it would have.
    pub conversations: i64,
    /// How many of them would be joined of two.
    pub joined: i64,
}

/// Shows what a merge would make, without doing it.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/merge", operation_id = "previewMerge", tag = "Contacts",
    params(("id" = String, Path, description = "The contact that would stay"), PreviewMerge),
    responses((status = 200, description = "The result", body = MergePreview)))]
pub async fn preview(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ContactId>,
    Params(wish): Params<PreviewMerge>,
) -> Result<Json<MergePreview>, Problem> {
    let preview = merges::preview(api.db(), caller.scope.workspace, id, wish.from)
        .await
        .map_err(refused)?;
    let consent = preview.consent.into_iter().map(|word| ConsentRow {
        category: word.category,
        state: word.state,
        source: word.source,
        at: word.at,
    });
    let details = Details {
        contact: preview.contact,
        consent: consent.collect(),
        conversations: Vec::new(),
        whatsapp_block: None,
    };
    Ok(Json(MergePreview {
        contact: details.into(),
        conversations: preview.conversations,
        joined: preview.joined,
    }))
}

/// Somebody who is likely the same person.
#[derive(Debug, Serialize, ToSchema)]
pub struct LikelyDuplicate {
    /// The contact.
    pub contact: Contact,
    /// `email`: the same address. `phone`: the same number, written otherwise.
    pub reason: &'static str,
}

/// Lists contacts that are likely the same person, at most ten.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/duplicates", operation_id = "listLikelyDuplicates", tag = "Contacts",
    params(("id" = String, Path, description = "The contact")),
    responses((status = 200, description = "All of them", body = Page<LikelyDuplicate>)))]
pub async fn duplicates(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ContactId>,
) -> Result<Json<Page<LikelyDuplicate>>, Problem> {
    let workspace = caller.scope.workspace;
    let found = merges::likely(api.db(), workspace, id).await?;
    let (found, reasons): (Vec<_>, Vec<_>) = found
        .into_iter()
        .map(|likely| (likely.contact, likely.reason))
        .unzip();
    let contacts = listed(&api, workspace, found).await?;
    let told = contacts
        .into_iter()
        .zip(reasons)
        .map(|(contact, reason)| LikelyDuplicate { contact, reason });
    Ok(Json(Page::whole(told.collect())))
}
