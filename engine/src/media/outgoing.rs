//! Handing a file to Meta, once per number and month.

use std::time::Duration;

use wigwag_meta::client::Upload;
use wigwag_model::{MediaId, NumberId, WorkspaceId};
use wigwag_store::media::{Media, State};
use wigwag_store::{media, numbers};

use crate::Context;
use crate::files::FileError;

/// How long an id of Meta's is used: it is valid for 30 days.
const ID_LIFE: Duration = Duration::from_hours(29 * 24);

/// Why a file has no id at Meta.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// The file is not kept here: it is still awaited, or it failed.
    #[error("the file is not kept here")]
    NotReady,
    /// The database.
    #[error(transparent)]
    Store(#[from] wigwag_store::Error),
    /// The file store.
    #[error(transparent)]
    Files(#[from] FileError),
    /// Meta refused or could not be reached. No message was sent by it in any case.
    #[error(transparent)]
    Meta(#[from] wigwag_meta::Error),
}

impl UploadError {
    /// Whether trying again later may help.
    pub fn passes(&self) -> bool {
        match self {
            Self::NotReady => false,
            Self::Store(error) => error.is_transient(),
            Self::Files(error) => !error.is_missing(),
            Self::Meta(error) => error.class().passes(),
        }
    }

    /// A stable reason, for the message that cannot be sent.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::NotReady => "media_unavailable",
            Self::Files(error) if error.is_missing() => "media_unavailable",
            Self::Store(_) | Self::Files(_) => "internal",
            Self::Meta(error) => error
                .graph()
                .and_then(wigwag_meta::GraphError::info)
                .map_or("media_rejected", |info| info.reason),
        }
    }
}

/// Meta's id of a file for a number, uploading the file if Meta does not have it or not for long.
///
/// # Errors
/// [`UploadError`]; see [`UploadError::passes`].
pub async fn upload_to_meta(
    context: &Context,
    workspace: WorkspaceId,
    id: MediaId,
    number: NumberId,
) -> Result<String, UploadError> {
    let db = context.db();
    let file = media::get(db, workspace, id).await?;
    if let Some(known) = known(context, &file, number) {
        return Ok(known);
    }
    let (State::Ready, Some(key), Some(size)) = (file.state, &file.object_key, file.size) else {
        return Err(UploadError::NotReady);
    };
    let sender = numbers::get(db, workspace, number).await?;
    let client = context.client(workspace, sender.waba).await?;
    let bytes = context.files().read(key, None).await?;
    let upload = Upload::stream(
        file_name(&file),
        file.mime_type.clone(),
        u64::try_from(size).ok(),
        bytes,
    );
    let uploaded = client.upload_media(&sender.phone_number_id, upload).await?;
    media::uploaded(db, workspace, id, number, uploaded.id.clone()).await?;
    tracing::info!(media = %id, size, "file handed to Meta");
    Ok(uploaded.id)
}

/// The id under which Meta still has a file for a number.
pub(crate) fn known(context: &Context, file: &Media, number: NumberId) -> Option<String> {
    let (id, at) = (file.meta_media_id.clone()?, file.meta_uploaded_at?);
    let young = context.clock().now() < at.plus(ID_LIFE);
    (file.number == Some(number) && young).then_some(id)
}

/// A file's name, or one that its type suggests.
pub(crate) fn file_name(file: &Media) -> String {
    file.filename.clone().unwrap_or_else(|| {
        let essence = file.mime_type.split(';').next().unwrap_or_default();
        let ending = match essence {
            "image/jpeg" => "jpg",
            "image/png" => "png",
            "image/webp" => "webp",
            "video/mp4" => "mp4",
            "video/3gpp" => "3gp",
            "audio/aac" => "aac",
            "audio/amr" => "amr",
            "audio/mpeg" => "mp3",
            "audio/mp4" => "m4a",
            "audio/ogg" => "ogg",
            "application/pdf" => "pdf",
            "text/plain" => "txt",
            _ => "bin",
        };
        format!("file.{ending}")
    })
}
