//! Contacts: found, made, edited.

pub mod bulk;
pub mod export;
pub mod merge;
pub(crate) mod rules;

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use wigwag_model::phone::Phone;
use wigwag_model::{ContactId, ConversationId, Timestamp, WorkspaceId};
use wigwag_store::blocks::Standing;
use wigwag_store::contacts::{self, Created, Details, Edit, Key, NewContact};

use rules::{editable_email, editable_name, few_traits};

use crate::Api;
use crate::auth::Caller;
use crate::conversations::{color, initials};
use crate::operation::Subject;
use crate::page::{self, Limit, Page};
use crate::problem::{Code, Problem};
use crate::request::{Body, Id, Params, present};

/// What a contact said about a category of messages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Consent {
    /// `marketing`, `utility` or `authentication`.
    pub category: &'static str,
    /// `granted`, `denied` or `unknown`.
    pub state: &'static str,
    /// How it is known.
    pub source: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// A conversation of a contact.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactConversation {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ConversationId,
    /// The verified name of its number.
    pub number_name: String,
}

/// A contact.
#[derive(Debug, Serialize, ToSchema)]
pub struct Contact {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ContactId,
    /// The name that members gave.
    pub name: Option<String>,
    /// The name of the WhatsApp profile.
    pub profile_name: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// WhatsApp's id.
    pub wa_id: Option<String>,
    /// Meta's business-scoped user id.
    pub user_id: Option<String>,
    /// The WhatsApp user name.
    pub username: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// For the avatar: at most two letters.
    pub initials: String,
    /// For the avatar: 0 to 11.
    pub color: u8,
    /// Tags.
    pub tags: Vec<String>,
    /// Typed fields.
    #[schema(value_type = Object)]
    pub traits: BTreeMap<String, Value>,
    /// What the contact agreed to.
    pub consent: Vec<Consent>,
    /// Whether members blocked the contact.
    pub blocked: bool,
    /// Whether WhatsApp stops the messages of a blocked contact, the worst of all numbers: `listed` (it does), `waiting`
    /// (it blocks only who wrote within 24 hours and is asked once they write), `asked` (it is being asked), `refused`
    /// (it does not). Null for others and in lists.
    pub whatsapp_block: Option<&'static str>,
    /// What made it.
    pub source: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it last wrote.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_seen_at: Option<Timestamp>,
    /// Pass it with an edit.
    pub version: i64,
    /// Its conversations; empty in lists.
    pub conversations: Vec<ContactConversation>,
}

impl From<Details> for Contact {
    fn from(details: Details) -> Self {
        let contact = details.contact;
        let shown = [
            &contact.name,
            &contact.profile_name,
            &contact.phone,
            &contact.username,
        ]
        .into_iter()
        .flatten()
        .next()
        .cloned()
        .unwrap_or_default();
        Self {
            id: contact.id,
            name: contact.name,
            profile_name: contact.profile_name,
            phone: contact.phone,
            wa_id: contact.wa_id,
            user_id: contact.user_id,
            username: contact.username,
            email: contact.email,
            country: contact.country,
            initials: initials(&shown),
            color: color(contact.id),
            tags: contact.tags,
            traits: contact.traits,
            consent: details
                .consent
                .into_iter()
                .map(|row| Consent {
                    category: row.category.as_str(),
                    state: row.state.as_str(),
                    source: row.source,
                    at: row.at,
                })
                .collect(),
            blocked: contact.blocked,
            whatsapp_block: details.whatsapp_block.map(Standing::as_str),
            source: contact.source,
            created_at: contact.created_at,
            last_seen_at: contact.last_seen_at,
            version: contact.version,
            conversations: details
                .conversations
                .into_iter()
                .map(|row| ContactConversation {
                    id: row.id,
                    number_name: row.number_name,
                })
                .collect(),
        }
    }
}

/// Contacts as lists show them: with what they agreed to, without what only the page of one shows.
pub(crate) async fn listed(
    api: &Api,
    workspace: WorkspaceId,
    contacts: Vec<contacts::Contact>,
) -> Result<Vec<Contact>, Problem> {
    let ids = contacts.iter().map(|contact| contact.id);
    let mut said = contacts::consents(api.db(), workspace, ids).await?;
    let shown = contacts.into_iter().map(|contact| {
        Contact::from(Details {
            consent: said.remove(&contact.id).unwrap_or_default(),
            contact,
            conversations: Vec::new(),
            whatsapp_block: None,
        })
    });
    Ok(shown.collect())
}

/// Which contacts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListContacts {
    /// Words of names, digits of phone numbers, e-mail addresses.
    #[serde(default)]
    pub q: Option<String>,
    /// How many, at most 200.
    #[serde(default)]
    #[param(value_type = Option<u32>)]
    pub limit: Limit,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Lists contacts by name.
#[utoipa::path(get, path = "/api/v1/contacts", operation_id = "listContacts", tag = "Contacts", params(ListContacts),
    responses((status = 200, description = "A page", body = Page<Contact>)))]
pub async fn list(
    State(api): State<Api>,
    caller: Caller,
    Params(wish): Params<ListContacts>,
) -> Result<Json<Page<Contact>>, Problem> {
    let after: Option<Key> = page::key("cursor", wish.cursor.as_deref())?;
    let (rows, next) = contacts::list(
        api.db(),
        caller.scope.workspace,
        wish.q.as_deref(),
        after,
        wish.limit.0,
    )
    .await?;
    Ok(Json(Page {
        data: listed(&api, caller.scope.workspace, rows).await?,
        next_cursor: next.as_ref().map(page::cursor),
    }))
}

/// Reads a contact.
#[utoipa::path(get, path = "/api/v1/contacts/{id}", operation_id = "getContact", tag = "Contacts",
    params(("id" = String, Path, description = "The contact")),
    responses((status = 200, description = "The contact", body = Contact)))]
pub async fn get(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ContactId>,
) -> Result<Json<Contact>, Problem> {
    Ok(Json(
        contacts::details(api.db(), caller.scope.workspace, id)
            .await?
            .into(),
    ))
}

/// A contact to make.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateContact {
    /// The name.
    #[serde(default)]
    #[garde(length(chars, max = 200))]
    pub name: Option<String>,
    /// The phone number with its country code.
    #[garde(length(chars, max = 40))]
    pub phone: String,
    /// E-mail address.
    #[serde(default)]
    #[garde(email, length(chars, max = 254))]
    pub email: Option<String>,
    /// Tags.
    #[serde(default)]
    #[garde(length(max = 50), inner(length(chars, min = 1, max = 50)))]
    pub tags: Vec<String>,
    /// Typed fields.
    #[serde(default)]
    #[schema(value_type = Object)]
    #[garde(custom(few_traits))]
    pub traits: BTreeMap<String, Value>,
}

fn phone(text: &str) -> Result<Phone, Problem> {
    Phone::parse(text, None).map_err(|error| Problem::field("phone", "invalid", error.to_string()))
}

/// The contact of a phone number, made when it is not known.
pub(crate) async fn find_or_create(
    api: &Api,
    caller: &Caller,
    text: &str,
    name: Option<String>,
) -> Result<ContactId, Problem> {
    let new = NewContact {
        name: name.filter(|name| !name.trim().is_empty()),
        phone: phone(text)?,
        email: None,
        tags: Vec::new(),
        traits: BTreeMap::new(),
        source: source(caller),
    };
    Ok(contacts::create(api.db(), caller.scope.workspace, new)
        .await?
        .id())
}

pub(crate) fn source(caller: &Caller) -> &'static str {
    if caller.member.is_some() {
        "manual"
    } else {
        "api"
    }
}

/// Makes a contact.
#[utoipa::path(post, path = "/api/v1/contacts", operation_id = "createContact", tag = "Contacts", request_body = CreateContact,
    responses((status = 201, description = "The contact", body = Contact)))]
pub async fn create(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<CreateContact>,
) -> Result<Response, Problem> {
    let new = NewContact {
        name: wish.name.filter(|name| !name.trim().is_empty()),
        phone: phone(&wish.phone)?,
        email: wish.email,
        tags: wish.tags,
        traits: wish.traits,
        source: source(&caller),
    };
    let id = match contacts::create(api.db(), caller.scope.workspace, new).await? {
        Created::New(id) => id,
        Created::Known(id) => {
            return Err(
                Problem::new(Code::Conflict, "A contact with this phone number exists.")
                    .with("contact_id", id.to_string()),
            );
        }
    };
    let contact: Contact = contacts::details(api.db(), caller.scope.workspace, id)
        .await?
        .into();
    let mut response = (StatusCode::CREATED, Json(contact)).into_response();
    response.extensions_mut().insert(Subject(id.to_string()));
    Ok(response)
}

/// What to change. Absent fields stay; null empties name and email and removes a trait.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditContact {
    /// The name.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    #[garde(custom(editable_name))]
    pub name: Option<Option<String>>,
    /// E-mail address.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    #[garde(custom(editable_email))]
    pub email: Option<Option<String>>,
    /// All tags.
    #[serde(default)]
    #[garde(length(max = 50), inner(inner(length(chars, min = 1, max = 50))))]
    pub tags: Option<Vec<String>>,
    /// Fields to set.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    #[garde(inner(custom(few_traits)))]
    pub traits: Option<BTreeMap<String, Value>>,
    /// The version that was read.
    #[garde(skip)]
    pub version: i64,
}

/// Changes a contact.
#[utoipa::path(patch, path = "/api/v1/contacts/{id}", operation_id = "updateContact", tag = "Contacts",
    params(("id" = String, Path, description = "The contact")), request_body = EditContact,
    responses((status = 200, description = "The contact", body = Contact)))]
pub async fn edit(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ContactId>,
    Body(wish): Body<EditContact>,
) -> Result<Json<Contact>, Problem> {
    let edit = Edit {
        name: wish.name,
        email: wish.email,
        tags: wish.tags,
        traits: wish.traits,
        version: wish.version,
    };
    contacts::edit(api.db(), caller.scope.workspace, id, edit).await?;
    Ok(Json(
        contacts::details(api.db(), caller.scope.workspace, id)
            .await?
            .into(),
    ))
}
