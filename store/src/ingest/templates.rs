//! What Meta tells of a template by webhook: status with its reason, quality, category.

use wigwag_model::id::Id as _;
use wigwag_model::{TemplateId, WabaId, WorkspaceId};

use super::items::TemplateNews;
use crate::{Event, Result, Tx, sql};

/// Writes what is new; answers whether the template is known. A status takes the reasons of the status before
/// it away; a category that changed leaves the one before and the time behind.
pub(super) async fn apply(
    tx: &mut Tx,
    workspace: WorkspaceId,
    waba: WabaId,
    meta_template_id: &str,
    news: TemplateNews,
) -> Result<bool> {
    if meta_template_id.is_empty() {
        return Ok(false);
    }
    let now = tx.mint().now();
    let changed = sql(
        "UPDATE templates SET status = COALESCE($4, status), quality = COALESCE($5, quality),
            category = COALESCE($6, category),
            previous_category = CASE WHEN $6 IS NOT NULL AND $6 <> category THEN COALESCE($7, category)
                ELSE COALESCE($7, previous_category) END,
            category_changed_at = CASE WHEN $6 IS NOT NULL AND $6 <> category THEN $14 ELSE category_changed_at END,
            announced_category = CASE WHEN $8 IS NOT NULL THEN $8
                WHEN $6 IS NOT NULL AND $6 <> category THEN NULL ELSE announced_category END,
            rejected_reason = CASE WHEN $4 = 'rejected' THEN $9 WHEN $4 IS NULL THEN rejected_reason ELSE NULL END,
            rejection_words = CASE WHEN $4 = 'rejected' THEN $10 WHEN $4 IS NULL THEN rejection_words ELSE NULL END,
            rejection_advice = CASE WHEN $4 = 'rejected' THEN $11 WHEN $4 IS NULL THEN rejection_advice ELSE NULL END,
            pause_reason = CASE WHEN $4 IN ('paused', 'disabled') THEN $12 WHEN $4 IS NULL THEN pause_reason
                ELSE NULL END,
            pause_words = CASE WHEN $4 IN ('paused', 'disabled') THEN $13 WHEN $4 IS NULL THEN pause_words
                ELSE NULL END
         WHERE workspace_id = $1 AND waba = $2 AND meta_template_id = $3 RETURNING id",
    )
    .bind(workspace)
    .bind(waba)
    .bind(meta_template_id)
    .bind(news.status)
    .bind(news.quality)
    .bind(news.category)
    .bind(news.previous_category)
    .bind(news.announced_category)
    .bind(news.rejected_reason)
    .bind(news.rejection_words)
    .bind(news.rejection_advice)
    .bind(news.pause_reason)
    .bind(news.pause_words)
    .bind(now)
    .fetch_all(tx)
    .await?;
    for row in &changed {
        let id: TemplateId = row.id(0)?;
        tx.record(
            workspace,
            Event {
                kind: crate::templates::CHANGED,
                subject: id.uuid(),
                conversation: None,
            },
        );
    }
    Ok(!changed.is_empty())
}
