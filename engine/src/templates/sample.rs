//! Samples of media headers: files of ours, or those that Meta shows of a template, taken to Meta by
//! resumable upload and put into the components as handles.

use bytes::BytesMut;
use serde_json::{Value, json};
use wigwag_meta::Client;
use wigwag_meta::client::Upload;
use wigwag_model::{MediaId, WorkspaceId};
use wigwag_store::media::{self, State};
use wigwag_store::wabas::Waba;

use crate::Context;
use crate::media::{UploadError, file_name};

/// Most bytes of a sample that is fetched from Meta's own address: Meta's limit for documents.
const MOST: u64 = 100 * 1024 * 1024;

/// The components as they are sent: every sample is a handle. Answers the file of the header, too.
pub(super) async fn hand_in(
    context: &Context,
    workspace: WorkspaceId,
    (waba, client): (&Waba, &Client),
    mut components: Value,
    kept: Option<MediaId>,
) -> Result<(Value, Option<MediaId>), UploadError> {
    let mut header_media = None;
    for part in components.as_array_mut().into_iter().flatten() {
        if is(part, "HEADER") {
            header_media = one(context, workspace, (waba, client), part, kept).await?;
        } else if is(part, "CAROUSEL") {
            for card in part
                .get_mut("cards")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                for part in card
                    .get_mut("components")
                    .and_then(Value::as_array_mut)
                    .into_iter()
                    .flatten()
                {
                    if is(part, "HEADER") {
                        one(context, workspace, (waba, client), part, None).await?;
                    }
                }
            }
        }
    }
    Ok((components, header_media))
}

fn is(part: &Value, kind: &str) -> bool {
    part["type"]
        .as_str()
        .is_some_and(|word| word.eq_ignore_ascii_case(kind))
}

/// One header. A file of ours wins; an address of Meta's is read and handed back; a handle stays.
async fn one(
    context: &Context,
    workspace: WorkspaceId,
    (waba, client): (&Waba, &Client),
    header: &mut Value,
    kept: Option<MediaId>,
) -> Result<Option<MediaId>, UploadError> {
    let given = header["media_id"].as_str().map(str::to_owned);
    if let Some(object) = header.as_object_mut() {
        object.remove("media_id");
    }
    let format = header["format"].as_str().unwrap_or("TEXT").to_uppercase();
    if !matches!(format.as_str(), "IMAGE" | "VIDEO" | "DOCUMENT" | "GIF") {
        return Ok(None);
    }
    let handle = header["example"]["header_handle"][0]
        .as_str()
        .map(str::to_owned);
    let address = handle.filter(|handle| handle.starts_with("http"));
    let media = match &given {
        Some(given) => Some(given.parse().map_err(|_| UploadError::NotReady)?),
        // What Meta shows of a sample that was ours is better read here.
        None if address.is_some() => kept,
        None => None,
    };
    let upload = match (media, address) {
        (Some(media), _) => of_ours(context, workspace, media).await?,
        (None, Some(address)) => of_metas(client, &address, &format).await?,
        (None, None) => return Ok(None),
    };
    let handle = client.upload_sample(&waba.app_id, upload).await?;
    header["example"] = json!({"header_handle": [handle]});
    Ok(media)
}

async fn of_ours(
    context: &Context,
    workspace: WorkspaceId,
    id: MediaId,
) -> Result<Upload, UploadError> {
    let file = media::get(context.db(), workspace, id).await?;
    let (State::Ready, Some(key), Some(size)) = (file.state, &file.object_key, file.size) else {
        return Err(UploadError::NotReady);
    };
    let bytes = context.files().read(key, None).await?;
    Ok(Upload::stream(
        file_name(&file),
        file.mime_type.clone(),
        u64::try_from(size).ok(),
        bytes,
    ))
}

/// The resumable upload wants the length beforehand, so that the file is held in memory.
async fn of_metas(client: &Client, address: &str, format: &str) -> Result<Upload, UploadError> {
    let mut download = client.download_media(address, MOST).await?;
    let mut bytes = BytesMut::new();
    let mime_type = download.mime_type().map(str::to_owned);
    while let Some(piece) = download.chunk().await? {
        bytes.extend_from_slice(&piece);
    }
    let (fallback, ending) = match format {
        "IMAGE" => ("image/jpeg", "jpg"),
        "VIDEO" | "GIF" => ("video/mp4", "mp4"),
        _ => ("application/pdf", "pdf"),
    };
    let mime_type = mime_type.unwrap_or_else(|| fallback.to_owned());
    Ok(Upload::bytes(
        format!("sample.{ending}"),
        mime_type,
        bytes.freeze(),
    ))
}
