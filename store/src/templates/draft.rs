//! Templates as they are written here, until they are handed in.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wigwag_model::id::Id as _;
use wigwag_model::{TemplateId, WabaId, WorkspaceId};

use super::read::get_in;
use super::{CHANGED, DELETED, Template};
use crate::{Db, Error, Event, Priority, Result, Tx, sql};

/// What a template says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// `marketing`, `utility` or `authentication`.
    pub category: String,
    /// `positional` or `named`.
    pub parameter_format: String,
    /// Meta's components; a header may have `media_id`, a file of ours.
    pub components: Value,
    /// How long Meta tries to deliver, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl_seconds: Option<i64>,
}

/// A template to write.
#[derive(Debug, Clone, PartialEq)]
pub struct New {
    /// Its WABA.
    pub waba: WabaId,
    /// Its name.
    pub name: String,
    /// Its language code.
    pub language: String,
    /// What it says.
    pub content: Content,
    /// Who writes it.
    pub actor: String,
}

/// What is written over a template.
#[derive(Debug, Clone, PartialEq)]
pub struct Save {
    /// WABA, name and language; only of drafts.
    pub place: Option<(WabaId, String, String)>,
    /// What it says.
    pub content: Content,
    /// The revision that was read; `None` writes over any.
    pub revision: Option<i64>,
}

/// Writes a draft. A name and language that Meta does not have any more may be used again.
///
/// # Errors
/// [`Error::Conflict`] when the WABA has a template of this name and language.
pub async fn create(db: &Db, workspace: WorkspaceId, new: New) -> Result<TemplateId> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let (id, now): (TemplateId, _) = (tx.mint().id(), tx.mint().now());
            let edit = text(&new.content)?;
            let row = sql(
                "INSERT INTO templates (workspace_id, id, waba, meta_template_id, name, language, category, status,
                    quality, parameter_format, components, ttl_seconds, edit, created_by, synced_at, created_at,
                    updated_at)
                 VALUES ($1, $2, $3, '', $4, $5, $6, 'draft', 'unknown', $7, $8, $9, $10, $11, $12, $12, $12)
                 ON CONFLICT (workspace_id, waba, name, language) DO UPDATE SET
                    meta_template_id = '', category = excluded.category, status = 'draft', quality = 'unknown',
                    parameter_format = excluded.parameter_format, components = excluded.components,
                    ttl_seconds = excluded.ttl_seconds, edit = excluded.edit, created_by = excluded.created_by,
                    synced_at = excluded.synced_at, updated_at = excluded.updated_at,
                    revision = templates.revision + 1, previous_category = NULL, category_changed_at = NULL,
                    announced_category = NULL, rejected_reason = NULL, rejection_words = NULL,
                    rejection_advice = NULL, pause_reason = NULL, pause_words = NULL, refusal = NULL,
                    header_media = NULL, submitting_at = NULL, submitted_at = NULL
                 WHERE templates.status = 'deleted' RETURNING id",
            )
            .bind(workspace)
            .bind(id)
            .bind(new.waba)
            .bind(new.name)
            .bind(new.language)
            .bind(new.content.category)
            .bind(new.content.parameter_format)
            .bind(new.content.components.to_string())
            .bind(new.content.ttl_seconds)
            .bind(edit)
            .bind(new.actor)
            .bind(now)
            .fetch_optional(tx)
            .await?
            .ok_or(Error::Conflict("template"))?;
            let id = row.id(0)?;
            tell(tx, workspace, id);
            Ok(id)
        })
    })
    .await
}

/// Writes over a draft, or writes the next version of a template that Meta has.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] when somebody wrote meanwhile or it is being handed in;
/// [`Error::Conflict`] when its new name and language are taken.
pub async fn save(db: &Db, workspace: WorkspaceId, id: TemplateId, save: Save) -> Result<Template> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let before = get_in(tx, workspace, id).await?;
            let read = save.revision.is_none_or(|read| read == before.revision);
            if !read || before.submitting_at.is_some() || before.status == DELETED {
                return Err(Error::Stale);
            }
            let edit = text(&save.content)?;
            let content = save.content;
            sql("UPDATE templates SET edit = $4, updated_at = $5, refusal = NULL, revision = revision + 1
                 WHERE workspace_id = $1 AND id = $2 AND revision = $3")
                .bind(workspace)
                .bind(id)
                .bind(before.revision)
                .bind(edit)
                .bind(now)
                .execute(tx)
                .await?;
            if before.is_draft() {
                let (waba, name, language) = save
                    .place
                    .unwrap_or((before.waba, before.name, before.language));
                sql("UPDATE templates SET waba = $3, name = $4, language = $5, category = $6, parameter_format = $7,
                        components = $8, ttl_seconds = $9
                     WHERE workspace_id = $1 AND id = $2 AND status = 'draft'")
                    .bind(workspace)
                    .bind(id)
                    .bind(waba)
                    .bind(name)
                    .bind(language)
                    .bind(content.category)
                    .bind(content.parameter_format)
                    .bind(content.components.to_string())
                    .bind(content.ttl_seconds)
                    .execute(tx)
                    .await?;
            }
            tell(tx, workspace, id);
            get_in(tx, workspace, id).await
        })
    })
    .await
}

/// Takes a draft away, or what was written over a template that Meta has. A template that Meta once had stays
/// as `deleted`, because messages name it.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] while it is being handed in.
pub async fn remove(db: &Db, workspace: WorkspaceId, id: TemplateId) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let before = get_in(tx, workspace, id).await?;
            if before.submitting_at.is_some() {
                return Err(Error::Stale);
            }
            let statement = if !before.is_draft() {
                "UPDATE templates SET edit = NULL, refusal = NULL, revision = revision + 1
                 WHERE workspace_id = $1 AND id = $2"
            } else if before.versions > 0 {
                "UPDATE templates SET status = 'deleted', edit = NULL, refusal = NULL, revision = revision + 1
                 WHERE workspace_id = $1 AND id = $2"
            } else {
                "DELETE FROM templates WHERE workspace_id = $1 AND id = $2"
            };
            sql(statement)
                .bind(workspace)
                .bind(id)
                .execute(tx)
                .await?;
            tell(tx, workspace, id);
            Ok(())
        })
    })
    .await
}

pub(super) fn tell(tx: &mut Tx, workspace: WorkspaceId, id: TemplateId) {
    tx.record(
        workspace,
        Event {
            kind: CHANGED,
            subject: id.uuid(),
            conversation: None,
        },
    );
}

fn text(content: &Content) -> Result<String> {
    serde_json::to_string(content).map_err(|_| Error::Inconsistent {
        table: "templates",
        column: "edit",
    })
}
