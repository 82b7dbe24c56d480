//! What contacts agreed to: written by members and programs, and everything that was ever said.

use axum::Json;
use axum::extract::State;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wigwag_model::consent::{Category, ConsentState, OWN_SOURCES};
use wigwag_model::{ConsentId, ContactId, Timestamp};
use wigwag_store::consent::{self, Rule, Word};
use wigwag_store::{Priority, contacts};

use crate::Api;
use crate::auth::Caller;
use crate::contacts::{Contact, source};
use crate::page::Page;
use crate::problem::{Code, Problem};
use crate::request::{Body, Id};

/// Most entries of the log that are given out.
const ENTRIES: u32 = 200;

/// What a contact said about a category.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetConsent {
    /// `marketing`, `utility` or `authentication`.
    #[schema(value_type = String)]
    #[garde(skip)]
    pub category: Category,
    /// `granted`, `denied` or `unknown`.
    #[schema(value_type = String)]
    #[garde(skip)]
    pub state: ConsentState,
    /// How it is known: where and with which words the contact said so.
    #[serde(default)]
    #[garde(length(chars, max = 1000))]
    pub text: Option<String>,
}

/// Writes down what a contact agreed to. What the contact stopped itself stays until the contact
/// resumes it.
#[utoipa::path(put, path = "/api/v1/contacts/{id}/consent", operation_id = "setConsent", tag = "Contacts",
    params(("id" = String, Path, description = "The contact")), request_body = SetConsent,
    responses((status = 200, description = "The contact", body = Contact),
        (status = 409, description = "The contact itself said no")))]
pub async fn set(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ContactId>,
    Body(wish): Body<SetConsent>,
) -> Result<Json<Contact>, Problem> {
    let workspace = caller.scope.workspace;
    let contact = contacts::get(&mut api.db().reader().await?, workspace, id).await?;
    let word = Word {
        workspace,
        contact: contact.id,
        category: wish.category,
        state: wish.state,
        source: source(&caller).to_owned(),
        actor: caller.scope.actor.to_string(),
        text: wish.text,
        at: api.clock().now(),
    };
    let said = api
        .db()
        .write(Priority::Foreground, move |tx| {
            Box::pin(async move { consent::put(tx, Rule::Told, &[word]).await })
        })
        .await?;
    let own = |source: &String| OWN_SOURCES.contains(&source.as_str());
    if let Some(outcome) = said.first()
        && !outcome.applied
        && outcome.before_source.as_ref().is_some_and(own)
    {
        return Err(Problem::new(
            Code::Conflict,
            "The contact stopped these messages itself: only the contact resumes them, by writing START.",
        ));
    }
    if wish.state == ConsentState::Denied {
        // What was claimed before and has not begun is decided anew.
        api.engine().context().stop_epoch().raise();
    }
    Ok(Json(
        contacts::details(api.db(), workspace, contact.id)
            .await?
            .into(),
    ))
}

/// Something that was said about consent.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentEntry {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ConsentId,
    /// The category.
    pub category: &'static str,
    /// `granted`, `denied` or `unknown`.
    pub state: &'static str,
    /// How it is known: `keyword`, `whatsapp`, `meta`, `import`, `manual`, `api`.
    pub source: String,
    /// Who wrote it down: a member, a key, the contact, `system`.
    pub actor: String,
    /// The words.
    pub text: Option<String>,
    /// When it was said.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// When it was written down.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
}

/// Lists what was said about a contact's consent, the latest first.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/consent", operation_id = "listConsent", tag = "Contacts",
    params(("id" = String, Path, description = "The contact")),
    responses((status = 200, description = "The last 200 entries", body = Page<ConsentEntry>)))]
pub async fn history(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ContactId>,
) -> Result<Json<Page<ConsentEntry>>, Problem> {
    let workspace = caller.scope.workspace;
    let contact = contacts::get(&mut api.db().reader().await?, workspace, id).await?;
    let entries = consent::history(api.db(), workspace, contact.id, ENTRIES).await?;
    let entries = entries.into_iter().map(|entry| ConsentEntry {
        id: entry.id,
        category: entry.word.category.as_str(),
        state: entry.word.state.as_str(),
        source: entry.word.source,
        actor: entry.word.actor,
        text: entry.word.text,
        at: entry.word.at,
        recorded_at: entry.recorded_at,
    });
    Ok(Json(Page::whole(entries.collect())))
}
