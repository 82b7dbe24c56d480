//! Hooks: addresses for shops and other systems, made and tried here, and called at `/hooks/{token}`.

mod receive;
mod wish;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use wigwag_engine::hooks::{Reading, read};
use wigwag_model::{ContactId, EventId, HookDeliveryId, HookId, Timestamp};
use wigwag_store::hooks::{self, Verdict};

use crate::Api;
use crate::auth::Caller;
use crate::operation::Subject;
use crate::page::{self, Limit, Page};
use crate::problem::Problem;
use crate::request::{Body, Id, Params};

pub use receive::{PATH, receive};
pub use wish::{CheckHook, CreateHook, EditHook};
use wish::{HookPlan, Kind, plan_of, secret_of};

/// A hook, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hook {
    /// Its id.
    #[schema(value_type = String)]
    pub id: HookId,
    /// What people call it.
    pub name: String,
    /// What calls it.
    pub kind: Kind,
    /// The address that the other system calls.
    pub url: String,
    /// How bodies are signed and read.
    pub plan: HookPlan,
    /// Whether it takes anything.
    pub active: bool,
    /// Pass it with a change.
    pub version: i64,
    /// When something with a missing or wrong signature came last, a minute exact.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_refused_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl Hook {
    fn of(api: &Api, hook: hooks::Hook) -> Self {
        let path = format!("hooks/{}", hook.token);
        let url = api.settings().public_url.join(&path);
        Self {
            id: hook.id,
            name: hook.name,
            url: url.map_or_else(|_| format!("/{path}"), String::from),
            kind: Kind::of(&hook.plan),
            plan: hook.plan.into(),
            active: hook.active,
            version: hook.version,
            last_refused_at: hook.last_refused_at,
            created_at: hook.created_at,
        }
    }
}

/// A new hook; the only answer that holds a secret, where it was made here.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewHook {
    /// The hook.
    #[serde(flatten)]
    pub hook: Hook,
    /// The secret to sign with, shown once; null where it was given.
    pub secret: Option<String>,
}

/// Lists the hooks, the newest first.
#[utoipa::path(get, path = "/api/v1/hooks", operation_id = "listHooks", tag = "Developers",
    responses((status = 200, description = "The hooks", body = Page<Hook>)))]
pub async fn list(State(api): State<Api>, caller: Caller) -> Result<Json<Page<Hook>>, Problem> {
    let hooks = hooks::list(api.db(), caller.scope.workspace).await?;
    let hooks = hooks.into_iter().map(|hook| Hook::of(&api, hook));
    Ok(Json(Page::whole(hooks.collect())))
}

/// Makes a hook.
#[utoipa::path(post, path = "/api/v1/hooks", operation_id = "createHook", tag = "Developers", request_body = CreateHook,
    responses((status = 201, description = "The hook", body = NewHook)))]
pub async fn create(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<CreateHook>,
) -> Result<Response, Problem> {
    let plan = plan_of(wish.kind, wish.plan)?;
    let (secret, fresh) = secret_of(&api, wish.kind, wish.secret)?;
    let new = hooks::New {
        name: wish.name,
        token: crate::secret::base32(&api.db().mint().random::<20>()),
        plan,
        secret,
        created_by: caller.member,
    };
    let hook = hooks::insert(api.db(), caller.scope.workspace, new).await?;
    let subject = Subject(hook.id.to_string());
    let made = NewHook {
        hook: Hook::of(&api, hook),
        secret: fresh,
    };
    let mut response = (StatusCode::CREATED, Json(made)).into_response();
    response.extensions_mut().insert(subject);
    Ok(response)
}

/// Changes a hook. A new secret counts at once, and the old one no longer.
#[utoipa::path(patch, path = "/api/v1/hooks/{id}", operation_id = "updateHook", tag = "Developers",
    params(("id" = String, Path, description = "The hook")), request_body = EditHook,
    responses((status = 200, description = "The hook", body = Hook)))]
pub async fn edit(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<HookId>,
    Body(wish): Body<EditHook>,
) -> Result<Json<Hook>, Problem> {
    let workspace = caller.scope.workspace;
    let kind = Kind::of(&hooks::get(api.db(), workspace, id).await?.plan);
    let plan = wish.plan.map(|plan| plan_of(kind, plan)).transpose()?;
    let edit = hooks::Edit {
        name: wish.name,
        plan,
        secret: wish.secret.map(SecretString::from),
        active: wish.active,
        version: wish.version,
    };
    let hook = hooks::edit(api.db(), workspace, id, edit).await?;
    Ok(Json(Hook::of(&api, hook)))
}

/// Ends a hook for ever; what it told stays.
#[utoipa::path(delete, path = "/api/v1/hooks/{id}", operation_id = "deleteHook", tag = "Developers",
    params(("id" = String, Path, description = "The hook")),
    responses((status = 204, description = "Its address takes nothing any more")))]
pub async fn delete(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<HookId>,
) -> Result<StatusCode, Problem> {
    hooks::delete(api.db(), caller.scope.workspace, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a body would become.
#[derive(Debug, Serialize, ToSchema)]
pub struct HookReading {
    /// What it is about.
    pub topic: String,
    /// `recorded`, `passed_over` or `refused`.
    pub outcome: &'static str,
    /// Why it would be passed over, or the field that would be refused.
    pub reason: Option<String>,
    /// The mend.
    pub detail: Option<String>,
    /// Whose it would be.
    pub person: Option<ReadPerson>,
    /// Its events: the first that is not known yet would be written down.
    pub events: Vec<ReadEvent>,
}

/// A person as a body states it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadPerson {
    /// The phone number.
    pub phone: Option<String>,
    /// The id that your own programs gave it.
    pub external_id: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// What it said about marketing, `granted` or `denied`, where the hook counts that.
    pub marketing: Option<&'static str>,
}

/// An event as a body states it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadEvent {
    /// Its name.
    pub name: String,
    /// The particulars.
    #[schema(value_type = Object)]
    pub properties: Map<String, Value>,
    /// When; when it comes where the body does not say.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub occurred_at: Option<Timestamp>,
}

impl From<Reading> for HookReading {
    fn from(reading: Reading) -> Self {
        let nothing = |outcome, reason, detail| Self {
            topic: reading.topic.clone(),
            outcome,
            reason: Some(reason),
            detail,
            person: None,
            events: Vec::new(),
        };
        let stated = match reading.verdict {
            Verdict::PassedOver(reason) => return nothing("passed_over", reason.to_owned(), None),
            Verdict::Refused { field, message } => return nothing("refused", field, Some(message)),
            Verdict::Stated(stated) => *stated,
        };
        let customer = stated.customer;
        Self {
            topic: reading.topic,
            outcome: "recorded",
            reason: None,
            detail: None,
            person: Some(ReadPerson {
                phone: customer.known.phone.map(|phone| phone.to_string()),
                external_id: customer.known.external,
                name: customer.name,
                email: customer.email,
                marketing: stated.marketing.map(|said| said.state.as_str()),
            }),
            events: stated
                .events
                .into_iter()
                .map(|draft| ReadEvent {
                    name: draft.name,
                    properties: draft.properties,
                    occurred_at: draft.occurred_at,
                })
                .collect(),
        }
    }
}

/// Says what a body would become by a plan, with the code that receives; nothing is written.
#[utoipa::path(post, path = "/api/v1/hooks/check", operation_id = "checkHook", tag = "Developers", request_body = CheckHook,
    responses((status = 200, description = "What it would become", body = HookReading)))]
pub async fn check(Body(wish): Body<CheckHook>) -> Result<Json<HookReading>, Problem> {
    let plan = plan_of(wish.kind, wish.plan)?;
    let body = serde_json::to_vec(&wish.sample).unwrap_or_default();
    Ok(Json(read(&plan, wish.topic.as_deref(), &body).into()))
}

/// Something that came for a hook with a right signature.
#[derive(Debug, Serialize, ToSchema)]
pub struct HookDelivery {
    /// Its id.
    #[schema(value_type = String)]
    pub id: HookDeliveryId,
    /// What it was about.
    pub topic: String,
    /// `recorded`, `passed_over` or `refused`.
    pub outcome: &'static str,
    /// Why it was passed over (`topic`, `no_phone`, `completed`, `consent`), or the field that was
    /// refused.
    pub reason: Option<String>,
    /// The mend.
    pub detail: Option<String>,
    /// Whose it is.
    #[schema(value_type = Option<String>)]
    pub contact_id: Option<ContactId>,
    /// The event that it became.
    #[schema(value_type = Option<String>)]
    pub event_id: Option<EventId>,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
}

impl From<hooks::Delivery> for HookDelivery {
    fn from(delivery: hooks::Delivery) -> Self {
        Self {
            id: delivery.id,
            topic: delivery.topic,
            outcome: delivery.outcome.as_str(),
            reason: delivery.reason,
            detail: delivery.detail,
            contact_id: delivery.contact,
            event_id: delivery.event,
            received_at: delivery.received_at,
        }
    }
}

/// Which deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListDeliveries {
    /// How many, at most 200.
    #[serde(default)]
    #[param(value_type = Option<u32>)]
    pub limit: Limit,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Lists what came for a hook in the last 30 days, the newest first, and what became of it.
#[utoipa::path(get, path = "/api/v1/hooks/{id}/deliveries", operation_id = "listHookDeliveries", tag = "Developers",
    params(("id" = String, Path, description = "The hook"), ListDeliveries),
    responses((status = 200, description = "A page", body = Page<HookDelivery>)))]
pub async fn deliveries(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<HookId>,
    Params(wish): Params<ListDeliveries>,
) -> Result<Json<Page<HookDelivery>>, Problem> {
    let after: Option<hooks::Key> = page::key("cursor", wish.cursor.as_deref())?;
    let workspace = caller.scope.workspace;
    let (rows, next) = hooks::deliveries(api.db(), workspace, id, after, wish.limit.0).await?;
    Ok(Json(Page::of(rows, next.as_ref())))
}
