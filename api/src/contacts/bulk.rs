//! Actions on many contacts: begun, followed, taken back, and with whom they could not be done.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use wigwag_engine::bulk::{self as engine, NotUndone};
use wigwag_model::audience::Filter;
use wigwag_model::bulk::{BulkAction, MOST_LISTED};
use wigwag_model::{BulkId, ContactId, Permission, Timestamp, Visibility};
use wigwag_store::bulk::{self, Bulk, Key, NewBulk, Who};

use crate::Api;
use crate::audience::{faulty, told};
use crate::auth::Caller;
use crate::operation::Subject;
use crate::page::{self, Limit, Page};
use crate::problem::{Code, Problem};
use crate::request::{Body, Id, Params};

/// What is to be done, and to whom: either a filter or ids.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartBulkAction {
    /// `{"type": "add_tags", "tags": […]}`, `{"type": "remove_tags", "tags": […]}`, `{"type": "assign", "member_id": …}`
    /// (null: nobody), `{"type": "block"}`, `{"type": "unblock"}` or `{"type": "erase"}`. To assign also takes
    /// `conversations.write`, to erase `contacts.erase`.
    #[schema(value_type = Object, example = json!({"type": "add_tags", "tags": ["vip"]}))]
    #[garde(skip)]
    pub action: Value,
    /// Those whom this filter finds now. Contacts that are made later are not touched.
    #[serde(default)]
    #[schema(value_type = Option<Object>, example = json!({"tag": "fair"}))]
    #[garde(skip)]
    pub filter: Option<Value>,
    /// These, at most 5,000.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    #[garde(inner(length(min = 1, max = MOST_LISTED)))]
    pub contact_ids: Option<Vec<ContactId>>,
}

/// How far an action is taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkUndo {
    /// `running`, `done` or `failed`; asked again a failed one goes on.
    pub state: &'static str,
    /// How many of those whom the action changed were looked at.
    pub seen: i64,
    /// How many got back what they had.
    pub undone: i64,
    /// How many were left alone, because somebody changed it since.
    pub kept: i64,
}

/// An action on many contacts. `changed`, `unchanged` and `refused` add up to `seen`.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkActionStatus {
    /// Its id.
    #[schema(value_type = String)]
    pub id: BulkId,
    /// What is done, as it was asked for.
    #[schema(value_type = Object)]
    pub action: Value,
    /// `running`, `done` or `failed`.
    pub state: &'static str,
    /// Why it could not go on: a job's reason, or null.
    pub failure: Option<String>,
    /// How many people it meant when it began.
    pub total: i64,
    /// How many were looked at.
    pub seen: i64,
    /// How many it changed.
    pub changed: i64,
    /// How many were so already.
    pub unchanged: i64,
    /// With how many it could not be done; the list of failures names them.
    pub refused: i64,
    /// Until when it can be taken back; null while it cannot, and for what has no way back.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub undo_until: Option<Timestamp>,
    /// How far it is taken back, once somebody asked for that.
    pub undo: Option<BulkUndo>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
}

impl From<Bulk> for BulkActionStatus {
    fn from(bulk: Bulk) -> Self {
        Self {
            undo_until: engine::undo_until(&bulk),
            id: bulk.id,
            action: serde_json::json!(bulk.action),
            state: bulk.state.as_str(),
            failure: bulk.failure,
            total: bulk.total,
            seen: bulk.seen,
            changed: bulk.changed,
            unchanged: bulk.unchanged,
            refused: bulk.refused,
            undo: bulk.undo.map(|undo| BulkUndo {
                state: undo.state.as_str(),
                seen: undo.seen,
                undone: undo.undone,
                kept: undo.kept,
            }),
            created_at: bulk.created_at,
            ended_at: bulk.ended_at,
        }
    }
}

fn action(value: Value) -> Result<BulkAction, Problem> {
    let read: BulkAction = serde_json::from_value(value)
        .map_err(|error| Problem::field("action", "invalid", error.to_string()))?;
    read.checked().map_err(|fault| {
        Problem::field(format!("action.{}", fault.field), fault.code, fault.message)
    })
}

fn who(filter: Option<&Value>, ids: Option<Vec<ContactId>>) -> Result<Who, Problem> {
    match (filter, ids) {
        (Some(filter), None) => Ok(Who::Filter(
            Filter::read(filter).map_err(|fault| faulty("filter", fault))?,
        )),
        (None, Some(ids)) => Ok(Who::Listed(ids)),
        _ => Err(Problem::field(
            "filter",
            "one_of",
            "say whom you mean: either a filter or contact_ids",
        )),
    }
}

/// What else an action takes than to write contacts.
fn allowed(caller: &Caller, action: &BulkAction) -> Result<(), Problem> {
    let needed = match action {
        BulkAction::Assign { .. } => Permission::ConversationsWrite,
        BulkAction::Erase => Permission::ContactsErase,
        _ => return Ok(()),
    };
    if !caller.scope.may(needed) {
        let message = format!("This needs {}.", needed.as_str());
        return Err(Problem::new(Code::Forbidden, message));
    }
    if matches!(action, BulkAction::Assign { .. }) && caller.scope.visibility != Visibility::All {
        let message = "To assign the conversations of many takes somebody who sees them all.";
        return Err(Problem::new(Code::Forbidden, message));
    }
    Ok(())
}

/// Does something to many contacts in the background. Follow it by its id.
#[utoipa::path(post, path = "/api/v1/contacts/bulk", operation_id = "startBulkAction", tag = "Contacts", request_body = StartBulkAction,
    responses((status = 202, description = "It has begun", body = BulkActionStatus)))]
pub async fn start(
    State(api): State<Api>,
    caller: Caller,
    Body(wish): Body<StartBulkAction>,
) -> Result<Response, Problem> {
    let action = action(wish.action)?;
    allowed(&caller, &action)?;
    let new = NewBulk {
        who: who(wish.filter.as_ref(), wish.contact_ids)?,
        actor: caller.scope.actor.to_string(),
        action,
    };
    begun(&api, &caller, new).await
}

/// Begins an action and answers with it.
pub(super) async fn begun(api: &Api, caller: &Caller, new: NewBulk) -> Result<Response, Problem> {
    let workspace = caller.scope.workspace;
    let begun = bulk::begin(api.db(), workspace, new)
        .await
        .map_err(|error| match error {
            wigwag_store::Error::NotFound => {
                let mend = "one of these is no contact of yours: read the contacts again";
                Problem::field("contact_ids", "unknown", mend)
            }
            wigwag_store::Error::Conflict(_) => {
                let mend = "this is nobody who can sign in here: choose another member";
                Problem::field("action.member_id", "unknown", mend)
            }
            other => told(other),
        })?;
    let row = bulk::get(&mut api.db().reader().await?, workspace, begun.id).await?;
    let mut response = (StatusCode::ACCEPTED, Json(BulkActionStatus::from(row))).into_response();
    response
        .extensions_mut()
        .insert(Subject(begun.id.to_string()));
    Ok(response)
}

/// Which actions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListBulkActions {
    /// How many, at most 200.
    #[serde(default)]
    #[param(value_type = Option<u32>)]
    pub limit: Limit,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Lists actions on many contacts, the newest first.
#[utoipa::path(get, path = "/api/v1/contacts/bulk", operation_id = "listBulkActions", tag = "Contacts", params(ListBulkActions),
    responses((status = 200, description = "A page", body = Page<BulkActionStatus>)))]
pub async fn list(
    State(api): State<Api>,
    caller: Caller,
    Params(wish): Params<ListBulkActions>,
) -> Result<Json<Page<BulkActionStatus>>, Problem> {
    let after: Option<Key> = page::key("cursor", wish.cursor.as_deref())?;
    let (rows, next) = bulk::list(api.db(), caller.scope.workspace, after, wish.limit.0).await?;
    Ok(Json(Page::of(rows, next.as_ref())))
}

/// Reads an action and how far it is.
#[utoipa::path(get, path = "/api/v1/contacts/bulk/{id}", operation_id = "getBulkAction", tag = "Contacts",
    params(("id" = String, Path, description = "The action")),
    responses((status = 200, description = "The action", body = BulkActionStatus)))]
pub async fn get(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<BulkId>,
) -> Result<Json<BulkActionStatus>, Problem> {
    let row = bulk::get(&mut api.db().reader().await?, caller.scope.workspace, id).await?;
    Ok(Json(row.into()))
}

/// Takes an action back in the background, within seven days of its end: those whom it changed, and only
/// those, get back what they had, where nobody has changed it since. Erasing has no way back. Asked again it
/// changes nothing.
#[utoipa::path(post, path = "/api/v1/contacts/bulk/{id}/undo", operation_id = "undoBulkAction", tag = "Contacts",
    params(("id" = String, Path, description = "The action")),
    responses((status = 202, description = "It is being taken back", body = BulkActionStatus),
        (status = 409, description = "It has not ended, ended more than seven days ago, or has no way back")))]
pub async fn undo(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<BulkId>,
) -> Result<Response, Problem> {
    let (actor, workspace) = (caller.scope.actor.to_string(), caller.scope.workspace);
    let row = bulk::get(&mut api.db().reader().await?, workspace, id).await?;
    allowed(&caller, &row.action)?;
    let begun = engine::begin_undo(api.engine().context(), workspace, id, actor).await;
    let row = begun.map_err(|error| match error {
        NotUndone::Never => Problem::new(Code::Conflict, "What was erased cannot be brought back."),
        NotUndone::NotEnded => Problem::new(
            Code::Conflict,
            "Only an action that has ended can be undone: wait for its end.",
        ),
        NotUndone::TooLate => Problem::new(
            Code::TooLate,
            "An action can be undone within seven days of its end.",
        ),
        NotUndone::Store(error) => error.into(),
    })?;
    Ok((StatusCode::ACCEPTED, Json(BulkActionStatus::from(row))).into_response())
}

/// Somebody with whom it could not be done.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkFailure {
    /// The contact.
    #[schema(value_type = String)]
    pub contact_id: ContactId,
    /// The name to show for it.
    pub name: String,
    /// `too_many_tags`: a contact has at most 50. `no_conversation`: there is none to assign. `no_member`: the
    /// member cannot sign in any more. `gone`: the contact was erased, or became one with another.
    pub reason: String,
}

impl From<bulk::Refused> for BulkFailure {
    fn from(row: bulk::Refused) -> Self {
        Self {
            contact_id: row.contact,
            name: row.name,
            reason: row.reason,
        }
    }
}

/// Lists those with whom an action could not be done, and why.
#[utoipa::path(get, path = "/api/v1/contacts/bulk/{id}/failures", operation_id = "listBulkFailures", tag = "Contacts",
    params(("id" = String, Path, description = "The action"), ListBulkActions),
    responses((status = 200, description = "A page", body = Page<BulkFailure>)))]
pub async fn failures(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<BulkId>,
    Params(wish): Params<ListBulkActions>,
) -> Result<Json<Page<BulkFailure>>, Problem> {
    let (workspace, limit) = (caller.scope.workspace, wish.limit.0);
    bulk::get(&mut api.db().reader().await?, workspace, id).await?;
    let after: i64 = page::key("cursor", wish.cursor.as_deref())?.unwrap_or(0);
    let rows = bulk::refused(api.db(), workspace, id, after, limit).await?;
    let full = rows.len() >= limit as usize;
    let next = rows.last().map(|last| last.no).filter(|_| full);
    Ok(Json(Page::of(rows, next.as_ref())))
}
