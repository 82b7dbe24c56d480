//! Templates, read from Meta: all pages, all kinds.

use wigwag_meta::phone_number::Quality;
use wigwag_meta::template::{ParameterFormat, Template};
use wigwag_model::{Timestamp, WabaId, WorkspaceId};
use wigwag_store::templates::{self, Changes, Listed};

use crate::wabas::{self, SyncError};
use crate::{Context, jobs};

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
    let (account, client) = wabas::open(context, workspace, waba).await?;
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
    let all = wabas::of(context, workspace).await?;
    jobs::enqueue_syncs(context, jobs::TEMPLATE_SYNC, all).await
}

/// A template as it is kept; `None` for one that Meta shows without a name or a language.
pub(super) fn listed_row(mut template: Template) -> Option<Listed> {
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
    let words = template.rejection_info.unwrap_or_default();
    Some(Listed {
        previous_category: template
            .previous_category
            .filter(|word| !word.is_empty())
            .map(|word| lower(&word)),
        rejection_words: words.reason,
        rejection_advice: words.recommendation,
        ttl_seconds: template.message_send_ttl_seconds,
        updated_at: template.last_updated_time.as_deref().and_then(time),
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

/// A time as Graph writes it: `2026-11-26T10:00:00+0000`, or Unix seconds.
fn time(text: &str) -> Option<Timestamp> {
    if let Ok(seconds) = text.parse() {
        return Some(Timestamp::from_seconds(seconds));
    }
    // Graph leaves the colon of the offset out.
    let text = match text
        .len()
        .checked_sub(5)
        .and_then(|at| text.split_at_checked(at))
    {
        Some((rest, offset)) if offset.starts_with(['+', '-']) && !offset.contains(':') => {
            format!("{rest}{}:{}", &offset[..3], &offset[3..])
        }
        _ => text.to_owned(),
    };
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_graph_writes_them() {
        let wanted: Timestamp = "2026-11-26T10:00:00Z".parse().unwrap();
        assert_eq!(time("2026-11-26T10:00:00+0000"), Some(wanted));
        assert_eq!(time("2026-11-26T15:30:00+0530"), Some(wanted));
        assert_eq!(time("2026-11-26T10:00:00Z"), Some(wanted));
        assert_eq!(time("1795687200"), Some(wanted));
        assert_eq!(time("yesterday"), None);
    }
}
