//! API keys: made, shown once, revoked.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wigwag_model::origin::Origin;
use wigwag_model::{ApiKeyId, NumberId, Permission, Timestamp};
use wigwag_store::api_keys::{self, Publishable};

use crate::Api;
use crate::auth::{Caller, api_key, publishable_key};
use crate::operation::Subject;
use crate::page::Page;
use crate::problem::Problem;
use crate::request::{Body, Id};

/// An API key without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKey {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ApiKeyId,
    /// What people call it.
    pub name: String,
    /// Its first characters.
    #[schema(example = "ww_ab12c")]
    pub prefix: String,
    /// Names of permissions.
    pub scopes: Vec<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last used, a minute exact.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
    /// When it ends.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// The number that its messages leave from in the API in Interakt's form; where there is one
    /// number it needs none.
    #[schema(value_type = Option<String>)]
    pub number_id: Option<NumberId>,
    /// What kind of key it is.
    pub kind: KeyKind,
    /// A publishable key itself, which is no secret.
    pub publishable_key: Option<String>,
    /// The origins that a publishable key may be used from.
    pub origins: Vec<String>,
}

/// Who may know a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// Nobody but the program that has it; it may do what its scopes say.
    #[default]
    Secret,
    /// Everybody who looks at a web page; it makes contacts and events, and reads nothing.
    Publishable,
}

impl From<api_keys::ApiKey> for ApiKey {
    fn from(key: api_keys::ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes,
            created_at: key.created_at,
            last_used_at: key.last_used_at,
            expires_at: key.expires_at,
            number_id: key.number,
            kind: match key.publishable {
                Some(_) => KeyKind::Publishable,
                None => KeyKind::Secret,
            },
            publishable_key: key.publishable.as_ref().map(|own| own.key.clone()),
            origins: key.publishable.map(|own| own.origins).unwrap_or_default(),
        }
    }
}

/// A new API key; the only answer that holds the secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewApiKey {
    /// The key.
    #[serde(flatten)]
    pub key: ApiKey,
    /// The secret, shown once; a publishable key has none.
    pub secret: Option<String>,
    /// The same as clients of the API in Interakt's form take it, after `Authorization: Basic`.
    pub basic: Option<String>,
}

/// Lists the keys that work.
#[utoipa::path(get, path = "/api/v1/api_keys", operation_id = "listApiKeys", tag = "Developers",
    responses((status = 200, description = "The keys", body = Page<ApiKey>)))]
pub async fn list(State(api): State<Api>, caller: Caller) -> Result<Json<Page<ApiKey>>, Problem> {
    let keys = api_keys::list(api.db(), caller.scope.workspace).await?;
    Ok(Json(Page::whole(
        keys.into_iter().map(ApiKey::from).collect(),
    )))
}

/// A key to make.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateApiKey {
    /// What people call it.
    #[garde(length(chars, min = 1, max = 100))]
    pub name: String,
    /// Whether it is a secret or stands in web pages.
    #[serde(default)]
    #[garde(skip)]
    pub kind: KeyKind,
    /// Names of permissions: at least one for a secret key, none for a publishable one.
    #[serde(default)]
    #[garde(length(max = 50))]
    pub scopes: Vec<String>,
    /// Where the pages are from that use a publishable key, at most 20: `https://shop.example`.
    #[serde(default)]
    #[garde(length(max = 20))]
    pub origins: Vec<String>,
    /// When it ends; never when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    #[garde(skip)]
    pub expires_at: Option<Timestamp>,
    /// The number that its messages leave from in the API in Interakt's form.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    #[garde(skip)]
    pub number_id: Option<NumberId>,
}

/// Makes a key. Nobody can give a key more than they may do themselves.
#[utoipa::path(post, path = "/api/v1/api_keys", operation_id = "createApiKey", tag = "Developers", request_body = CreateApiKey,
    responses((status = 201, description = "The key with its secret", body = NewApiKey)))]
pub async fn create(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<CreateApiKey>,
) -> Result<Response, Problem> {
    let (fresh, publishable) = match wish.kind {
        KeyKind::Secret => secret(&api, &caller, &wish)?,
        KeyKind::Publishable => publishable(&api, &caller, &wish)?,
    };
    if wish.expires_at.is_some_and(|at| at <= api.clock().now()) {
        return Err(Problem::field(
            "expires_at",
            "invalid",
            "choose a time to come",
        ));
    }
    let new = api_keys::New {
        name: wish.name,
        prefix: fresh.prefix,
        hash: fresh.hash,
        scopes: wish.scopes,
        created_by: caller.member,
        expires_at: wish.expires_at,
        number: wish.number_id,
        publishable,
    };
    let key = api_keys::insert(api.db(), caller.scope.workspace, new)
        .await
        .map_err(of_number)?;
    let subject = Subject(key.id.to_string());
    let secret = key.publishable.is_none().then_some(fresh.secret);
    let made = NewApiKey {
        key: key.into(),
        basic: secret
            .as_ref()
            .map(|secret| STANDARD.encode(format!("{secret}:"))),
        secret,
    };
    let mut response = (StatusCode::CREATED, Json(made)).into_response();
    response.extensions_mut().insert(subject);
    Ok(response)
}

type Made = (api_key::Fresh, Option<Publishable>);

fn secret(api: &Api, caller: &Caller, wish: &CreateApiKey) -> Result<Made, Problem> {
    if wish.scopes.is_empty() {
        let message = "name at least one permission";
        return Err(Problem::field("scopes", "required", message));
    }
    if !wish.origins.is_empty() {
        let message =
            "only publishable keys have origins: a secret key does not belong into a page";
        return Err(Problem::field("origins", "invalid", message));
    }
    check_scopes(caller, &wish.scopes)?;
    Ok((api_key::fresh(api.db().mint().random()), None))
}

/// What a publishable key does is making contacts and telling what they did.
fn publishable(api: &Api, caller: &Caller, wish: &CreateApiKey) -> Result<Made, Problem> {
    if !caller.scope.may(Permission::ContactsWrite) {
        let message = "a publishable key makes contacts, which you may not do yourself";
        return Err(Problem::field("kind", "invalid", message));
    }
    if !wish.scopes.is_empty() {
        let message = "a publishable key has no permissions: leave them out";
        return Err(Problem::field("scopes", "invalid", message));
    }
    if wish.number_id.is_some() {
        let message = "a publishable key sends nothing: leave the number out";
        return Err(Problem::field("number_id", "invalid", message));
    }
    let origins = origins(&wish.origins)?;
    let fresh = publishable_key::fresh(api.db().mint().random());
    let key = fresh.secret.clone();
    Ok((fresh, Some(Publishable { key, origins })))
}

/// The origins as browsers write them, each once; none would let every page in.
fn origins(texts: &[String]) -> Result<Vec<String>, Problem> {
    if texts.is_empty() {
        let message = "name the sites whose pages use the key, like https://shop.example";
        return Err(Problem::field("origins", "required", message));
    }
    let mut origins = Vec::with_capacity(texts.len());
    for (at, text) in texts.iter().enumerate() {
        let origin = Origin::parse(text).map_err(|error| {
            Problem::field(format!("origins[{at}]"), "invalid", error.to_string())
        })?;
        let origin = origin.to_string();
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    Ok(origins)
}

fn check_scopes(caller: &Caller, scopes: &[String]) -> Result<(), Problem> {
    for (at, scope) in scopes.iter().enumerate() {
        let field = format!("scopes[{at}]");
        let Some(permission) = Permission::parse(scope) else {
            let known: Vec<_> = Permission::ALL
                .iter()
                .map(|permission| permission.as_str())
                .collect();
            return Err(Problem::field(
                field,
                "unknown",
                format!("choose among {}", known.join(", ")),
            ));
        };
        if !caller.scope.may(permission) {
            return Err(Problem::field(
                field,
                "invalid",
                "you may not do this yourself",
            ));
        }
    }
    Ok(())
}

/// A number that is not of this workspace.
fn of_number(error: wigwag_store::Error) -> Problem {
    match error {
        wigwag_store::Error::Conflict("origins") => {
            Problem::field("origins", "invalid", "only publishable keys have origins")
        }
        wigwag_store::Error::Conflict(_) => Problem::field(
            "number_id",
            "unknown",
            "choose a number of this workspace: list the numbers for their ids",
        ),
        error => error.into(),
    }
}

/// What to change of a key.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditApiKey {
    /// What people call it.
    #[serde(default)]
    #[garde(inner(length(chars, min = 1, max = 100)))]
    pub name: Option<String>,
    /// The number that its messages leave from; null takes it away.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    #[garde(skip)]
    pub number_id: Option<Option<NumberId>>,
    /// All origins of a publishable key.
    #[serde(default)]
    #[garde(inner(length(max = 20)))]
    pub origins: Option<Vec<String>>,
}

/// Tells an absent field from a null one.
#[expect(clippy::option_option, reason = "absent and null are told apart")]
fn present<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<NumberId>>, D::Error> {
    Option::<NumberId>::deserialize(deserializer).map(Some)
}

/// Changes what a key is called, where its messages leave from, and the origins of a publishable one; its
/// secret and its permissions stay.
#[utoipa::path(patch, path = "/api/v1/api_keys/{id}", operation_id = "updateApiKey", tag = "Developers",
    params(("id" = String, Path, description = "The key")), request_body = EditApiKey,
    responses((status = 200, description = "The key", body = ApiKey)))]
pub async fn edit(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ApiKeyId>,
    Body(wish): Body<EditApiKey>,
) -> Result<Json<ApiKey>, Problem> {
    let edit = api_keys::Edit {
        name: wish.name,
        number: wish.number_id,
        origins: wish.origins.as_deref().map(origins).transpose()?,
    };
    let key = api_keys::edit(api.db(), caller.scope.workspace, id, edit)
        .await
        .map_err(of_number)?;
    Ok(Json(key.into()))
}

/// Ends a key for ever.
#[utoipa::path(delete, path = "/api/v1/api_keys/{id}", operation_id = "revokeApiKey", tag = "Developers",
    params(("id" = String, Path, description = "The key")),
    responses((status = 204, description = "It no longer works")))]
pub async fn revoke(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<ApiKeyId>,
) -> Result<StatusCode, Problem> {
    api_keys::revoke(api.db(), caller.scope.workspace, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
