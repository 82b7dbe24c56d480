//! Fetching a file that came with a message. Meta's address of it lives five minutes, so each try
//! asks for a fresh one; the id itself lives a week.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use wigwag_meta::client::Download;
use wigwag_meta::limits::MediaKind;
use wigwag_meta::media::MediaInfo;
use wigwag_meta::{Class, Error};
use wigwag_model::{MediaId, WorkspaceId};
use wigwag_store::media::{self, Kept, Media, State};
use wigwag_store::numbers;

use super::dimensions::dimensions;
use crate::Context;
use crate::files::{Files, Written};
use crate::jobs::Failure;

/// What the job `media.fetch` carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fetch {
    /// The file.
    #[serde(alias = "media")]
    pub(crate) media_id: MediaId,
}

/// Fetches the file unless it is there already.
pub(crate) async fn fetch(
    context: &Context,
    workspace: WorkspaceId,
    wish: Fetch,
) -> Result<(), Failure> {
    let db = context.db();
    let file = match media::get(db, workspace, wish.media_id).await {
        // Erased meanwhile, or done by an earlier try whose record was lost.
        Err(wigwag_store::Error::NotFound) => return Ok(()),
        found => found?,
    };
    if file.state != State::Pending {
        return Ok(());
    }
    let (Some(meta_id), Some(number)) = (&file.meta_media_id, file.number) else {
        return Err(Failure::never("unknown_at_meta"));
    };
    let number = numbers::get(db, workspace, number).await?;
    let client = context.client(workspace, number.waba).await?;
    let found = async {
        let info = client
            .media_url(meta_id, Some(&number.phone_number_id))
            .await?;
        // Anything may come in as a document, and that is the largest that Meta passes on.
        let limit = MediaKind::Document.max_bytes();
        if info.file_size.is_some_and(|size| size > limit) {
            return Err(Error::TooLarge { limit });
        }
        let download = client.download_media(&info.url, limit).await?;
        Ok((info, download))
    };
    let (info, download) = found
        .await
        .map_err(|error| failure(context, workspace, number.waba, &error))?;
    let key = Files::key(workspace, file.id);
    let written = keep(context, &key, download).await?;
    if let Some(digest) = expected(&info, &file)
        && digest != written.sha256
    {
        context.files().delete(&key).await?;
        return Err(Failure::later("damaged"));
    }
    let kept = Kept {
        object_key: key.clone(),
        size: i64::try_from(written.size).unwrap_or(i64::MAX),
        sha256: written.sha256,
        dimensions: dimensions(&written.head),
    };
    media::fetched(db, workspace, file.id, kept).await?;
    Ok(())
}

/// Writes the bytes down as they come.
async fn keep(context: &Context, key: &str, mut download: Download) -> Result<Written, Failure> {
    let mut writer = context.files().create(key).await?;
    let failure = loop {
        match download.chunk().await {
            Ok(Some(bytes)) => match writer.write(bytes).await {
                Ok(()) => {}
                Err(error) => break error.into(),
            },
            Ok(None) if writer.size() == 0 => break Failure::later("empty"),
            Ok(None) => return Ok(writer.finish().await?),
            Err(Error::TooLarge { .. }) => break Failure::never("too_large"),
            Err(error) => break Failure::later("interrupted").because(&error),
        }
    };
    writer.abort().await;
    Err(failure)
}

/// The SHA-256 that the bytes must have: Meta's answer says it in hex, the webhook said it in base64.
fn expected(info: &MediaInfo, file: &Media) -> Option<[u8; 32]> {
    let said = info.sha256.as_deref().and_then(|text| {
        let digest = hex::decode(text).or_else(|_| STANDARD.decode(text)).ok()?;
        digest.try_into().ok()
    });
    said.or_else(|| file.sha256.as_deref()?.try_into().ok())
}

/// What an error of Meta's means for the file.
fn failure(
    context: &Context,
    workspace: WorkspaceId,
    waba: wigwag_model::WabaId,
    error: &Error,
) -> Failure {
    let failure = match error {
        Error::TooLarge { .. } => Failure::never("too_large"),
        Error::UntrustedHost { .. } => Failure::never("untrusted_address"),
        // The address is stale: the next try asks for another.
        Error::Status { status: 404 } => Failure::later("address_expired"),
        Error::Graph { error, .. } => match error.class() {
            Class::Token => {
                // Somebody may put a new token in meanwhile.
                context.forget_client(workspace, waba);
                Failure::later("token_refused")
            }
            // Meta does not know the id any more, or never showed it to this token.
            Class::Permission | Class::Media | Class::Request => Failure::never("expired"),
            _ => Failure::later("meta_unavailable"),
        },
        _ => Failure::later("meta_unavailable"),
    };
    failure.because(error)
}

/// The file is given up: whoever looks at its message is told why.
pub(crate) async fn give_up(
    context: &Context,
    workspace: WorkspaceId,
    wish: Fetch,
    reason: &'static str,
) -> wigwag_store::Result<()> {
    media::give_up(context.db(), workspace, wish.media_id, reason).await?;
    Ok(())
}
