//! Files of messages: uploaded before they are sent, read by signed addresses.

pub mod download;
mod range;
mod sign;
pub mod upload;

use serde::Serialize;
use utoipa::ToSchema;
use wigwag_model::{MediaId, WorkspaceId};
use wigwag_store::messages::File;

use crate::Api;

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
