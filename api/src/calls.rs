//! The log of calls made with API keys: noted by the gate, written in batches by a task.
//!
//! A full queue drops entries rather than slowing calls down; the metrics count what was dropped.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use utoipa::{IntoParams, ToSchema};
use wigwag_model::{CallId, Timestamp, WorkspaceId};
use wigwag_store::{Db, calls};

use crate::Api;
use crate::auth::Caller;
use crate::page::{Limit, Page};
use crate::problem::Problem;
use crate::request::Params;

const QUEUE: usize = 1_000;
const BATCH: usize = 200;

/// A call as the gate saw it.
pub(crate) struct Call {
    pub(crate) workspace: WorkspaceId,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) duration_us: i64,
    pub(crate) key_prefix: String,
    pub(crate) request_id: String,
}

/// Takes calls to be written.
#[derive(Debug, Clone)]
pub(crate) struct CallLog {
    queue: mpsc::Sender<calls::Call>,
    db: Db,
}

impl CallLog {
    /// Starts the writing task; it ends when the last handle is gone.
    pub(crate) fn start(db: Db) -> Self {
        let (queue, mut waiting) = mpsc::channel(QUEUE);
        let writer = db.clone();
        tokio::spawn(async move {
            let mut batch = Vec::new();
            while waiting.recv_many(&mut batch, BATCH).await > 0 {
                if let Err(error) = calls::append(&writer, std::mem::take(&mut batch)).await {
                    tracing::warn!(%error, "the log of API calls could not be written");
                }
            }
        });
        Self { queue, db }
    }

    pub(crate) fn note(&self, call: Call) {
        let call = calls::Call {
            workspace: call.workspace,
            at: self.db.mint().now(),
            method: call.method,
            path: call.path,
            status: call.status,
            duration_us: call.duration_us,
            key_prefix: Some(call.key_prefix),
            request_id: call.request_id,
        };
        if self.queue.try_send(call).is_err() {
            metrics::counter!("wigwag_api_calls_not_logged_total").increment(1);
        }
    }
}

/// A call that was made with an API key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiCall)]
pub struct ApiCall {
    /// Its id.
    #[schema(value_type = String)]
    pub id: CallId,
    /// When it ended.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The HTTP method.
    pub method: String,
    /// The route.
    pub path: String,
    /// The HTTP status.
    pub status: u16,
    /// How long it took, in milliseconds.
    pub ms: f64,
    /// The key's first characters.
    pub key_prefix: Option<String>,
    /// The request's id.
    pub request_id: String,
}

/// What of the log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wish {
    /// How many, at most 200.
    #[serde(default)]
    #[param(value_type = Option<u32>)]
    pub limit: Limit,
}

/// Lists the last calls made with API keys, newest first.
#[utoipa::path(get, path = "/api/v1/calls", operation_id = "listCalls", tag = "Developers", params(Wish),
    responses((status = 200, description = "The calls", body = Page<ApiCall>)))]
pub async fn list(
    State(api): State<Api>,
    caller: Caller,
    Params(wish): Params<Wish>,
) -> Result<Json<Page<ApiCall>>, Problem> {
    let calls = calls::newest(api.db(), caller.scope.workspace, wish.limit.0).await?;
    let calls = calls.into_iter().map(|logged| ApiCall {
        id: logged.id,
        at: logged.call.at,
        method: logged.call.method,
        path: logged.call.path,
        status: logged.call.status,
        ms: logged.call.duration_us as f64 / 1e3,
        key_prefix: logged.call.key_prefix,
        request_id: logged.call.request_id,
    });
    Ok(Json(Page::whole(calls.collect())))
}
