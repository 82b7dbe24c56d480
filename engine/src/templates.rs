//! Templates, read from Meta.

use serde::{Deserialize, Serialize};
use wigwag_meta::phone_number::Quality;
use wigwag_meta::template::{ParameterFormat, Template};
use wigwag_model::{WabaId, WorkspaceId};
use wigwag_store::templates::{self, Changes, Listed};
use wigwag_store::wabas;

use crate::{Context, jobs};

/// Why a listing of Meta's could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The database.
    #[error(transparent)]
    Store(#[from] wigwag_store::Error),
    /// Meta refused or could not be reached.
    #[error(transparent)]
    Meta(#[from] wigwag_meta::Error),
}

/// What the jobs `template.sync` and `number.sync` carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sync {
    /// The WABA.
    pub(crate) waba: WabaId,
}

/// Reads all templates of a WABA and writes them over what was known. Clients of the workspace are
/// told of what differs.
///
/// # Errors
/// [`SyncError`]; what was written before stays.
pub async fn sync(
    context: &Context,
    workspace: WorkspaceId,
    waba: WabaId,
) -> Result<Changes, SyncError> {
    let at = context.clock().now();
    let account = wabas::get(context.db(), workspace, waba).await?;
    let client = context.client(workspace, waba).await?;
    let listed = client.list_templates(&account.waba_id).await?;
    let rows: Vec<Listed> = listed.into_iter().filter_map(listed_row).collect();
    let count = rows.len();
    let changes = templates::replace(context.db(), workspace, waba, rows, at).await?;
    tracing::info!(%waba, count, changed = changes.changed, vanished = changes.vanished, "templates read");
    Ok(changes)
}

/// Asks for the templates of all WABAs of a workspace to be read soon, by whichever process runs jobs.
///
/// # Errors
/// What the database says.
pub async fn request_sync(context: &Context, workspace: WorkspaceId) -> wigwag_store::Result<()> {
    jobs::enqueue_syncs(context, jobs::TEMPLATE_SYNC, of(context, workspace).await?).await
}

/// The WABAs of a workspace, each with it.
pub(crate) async fn of(
    context: &Context,
    workspace: WorkspaceId,
) -> wigwag_store::Result<Vec<(WorkspaceId, WabaId)>> {
    let wabas = wabas::list(context.db(), workspace).await?;
    Ok(wabas.into_iter().map(|waba| (workspace, waba.id)).collect())
}

/// A template as it is kept; `None` for one that Meta shows without a name or a language.
fn listed_row(mut template: Template) -> Option<Listed> {
    let language = template.language.filter(|code| !code.is_empty())?;
    if template.name.is_empty() {
        return None;
    }
    let components = match template.extra.remove("components") {
        Some(unread) => unread,
        None => serde_json::to_value(&template.components).ok()?,
    };
    let lower = |word: &str| word.to_ascii_lowercase();
    let quality = template
        .quality_score
        .map_or(Quality::Unknown, |quality| quality.score);
    let format = template
        .parameter_format
        .unwrap_or(ParameterFormat::Positional);
    Some(Listed {
        meta_template_id: template.id,
        name: template.name,
        language,
        category: template
            .category
            .map_or_else(|| "unknown".to_owned(), |word| lower(word.as_str())),
        status: template
            .status
            .map_or_else(|| "unknown".to_owned(), |word| lower(word.as_str())),
        quality: lower(quality.as_str()),
        rejected_reason: template
            .rejected_reason
            .filter(|reason| !reason.is_empty() && reason != "NONE"),
        parameter_format: lower(format.as_str()),
        components: components.to_string(),
    })
}
