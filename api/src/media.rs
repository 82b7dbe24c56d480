//! Files of messages: uploaded before they are sent, read by signed addresses.

pub mod download;
mod range;
mod sign;
pub mod upload;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use wigwag_model::{MediaId, WorkspaceId};
use wigwag_store::media;
use wigwag_store::messages::File;

use crate::Api;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::request::Id;

pub(crate) use sign::Signer;

/// A file of a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct Media {
    /// Its id.
    #[schema(value_type = String)]
    pub id: MediaId,
    /// `image`, `video`, `audio`, `document` or `sticker`.
    pub kind: String,
    /// Its media type.
    pub mime_type: String,
    /// Its name.
    pub filename: Option<String>,
    /// Its size in bytes.
    pub size: Option<i64>,
    /// SHA-256 in hex.
    pub sha256: Option<String>,
    /// `pending`, `ready` or `failed`.
    pub state: String,
    /// Where it can be had for some minutes, when it is ready.
    pub url: Option<String>,
    /// Width in pixels.
    pub width: Option<i64>,
    /// Height in pixels.
    pub height: Option<i64>,
    /// Why it could not be had.
    pub failure: Option<String>,
}

impl Media {
    /// A file with a fresh address.
    pub(crate) fn of(api: &Api, workspace: WorkspaceId, file: File) -> Self {
        let ready = file.state == "ready";
        Self {
            url: ready.then(|| api.signer().url(workspace, file.id, api.clock().now())),
            id: file.id,
            kind: file.kind,
            mime_type: file.mime_type,
            filename: file.filename,
            size: file.size,
            sha256: file.sha256.map(hex::encode),
            state: file.state,
            width: file.width,
            height: file.height,
            failure: file.failure,
        }
    }
}

/// Reads what is known of a file, with a fresh address of its bytes: the header of a template, the
/// file of a message.
#[utoipa::path(get, path = "/api/v1/media/{id}", operation_id = "getMedia", tag = "Media",
    params(("id" = String, Path, description = "The file")),
    responses((status = 200, description = "The file", body = Media)))]
pub async fn get(
    State(api): State<Api>,
    caller: Caller,
    Id(id): Id<MediaId>,
) -> Result<Json<Media>, Problem> {
    let workspace = caller.scope.workspace;
    let file = media::get(api.db(), workspace, id).await?;
    Ok(Json(Media::of(&api, workspace, file.into())))
}
