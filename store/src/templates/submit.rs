//! Handing templates in: a claim before Meta is called, the outcome after it.
//!
//! Between the two the outcome is not known: the process may die, or Meta's answer may be lost. The claim
//! keeps a second submission away for a while and leaves a job behind that reads Meta's list, which finds by
//! name and language what was accepted (see [`super::replace`]).

use std::time::Duration;

use serde_json::Value;
use wigwag_model::{MediaId, TemplateId, Timestamp, WorkspaceId};

use super::draft::{Content, tell};
use super::read::get_in;
use super::versions::{NewVersion, append};
use super::{DELETED, Template};
use crate::{Batch, Db, Error, Job, Priority, Result, Tx, sql, sql_rows};

/// How long a submission without an outcome keeps another away.
const LEASE: Duration = Duration::from_mins(2);
/// How often reading templates is tried.
const SYNC_TRIES: i64 = 5;

/// A claimed submission.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// The template as it was.
    pub template: Template,
    /// What is handed in.
    pub content: Content,
    /// When it was claimed; names the claim.
    pub at: Timestamp,
    /// Whether an earlier submission has no outcome: look whether Meta has it first.
    pub unsure: bool,
}

/// What became of a wish to hand in.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// Go on.
    Yours(Box<Submission>),
    /// It is being handed in.
    Running,
}

/// Claims the submission of what was written.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Stale`] when there is nothing to hand in.
pub async fn claim(
    db: &Db,
    workspace: WorkspaceId,
    id: TemplateId,
    actor: String,
) -> Result<Claim> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let template = get_in(tx, workspace, id).await?;
            let Some(content) = template.edit.clone() else {
                return Err(Error::Stale);
            };
            if template.status == DELETED {
                return Err(Error::NotFound);
            }
            let claimed = sql(
                "UPDATE templates SET submitting_at = $3, submitted_by = $4, refusal = NULL
                 WHERE workspace_id = $1 AND id = $2 AND (submitting_at IS NULL OR submitting_at <= $5)
                   AND revision = $6",
            )
            .bind(workspace)
            .bind(id)
            .bind(now)
            .bind(actor)
            .bind(now.minus(LEASE))
            .bind(template.revision)
            .execute(tx)
            .await?;
            if claimed == 0 {
                return Ok(Claim::Running);
            }
            // Finds what was accepted when nobody is left to record it.
            tx.enqueue(Job {
                kind: "template.sync",
                workspace: Some(workspace),
                payload: format!("{{\"waba\":\"{}\"}}", template.waba),
                run_at: now.plus(LEASE),
                dedupe_key: Some(format!("template.settle:{id}")),
                max_tries: SYNC_TRIES,
            });
            tell(tx, workspace, id);
            let unsure = template.submitting_at.is_some();
            Ok(Claim::Yours(Box::new(Submission {
                template,
                content,
                at: now,
                unsure,
            })))
        })
    })
    .await
}

/// What Meta accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// Meta's id.
    pub meta_template_id: String,
    /// The status in lower case.
    pub status: String,
    /// The category in lower case, if Meta said.
    pub category: Option<String>,
    /// The components as they were sent.
    pub components: Value,
    /// The file of the header's sample.
    pub header_media: Option<MediaId>,
}

/// Records that Meta accepted a submission. What a listing recorded meanwhile stays.
///
/// # Errors
/// What the database says.
pub async fn accepted(
    db: &Db,
    workspace: WorkspaceId,
    submission: Submission,
    accepted: Accepted,
) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let Submission {
                template,
                content,
                at,
                ..
            } = submission;
            let category = accepted
                .category
                .clone()
                .unwrap_or_else(|| content.category.clone());
            let changed = category != content.category;
            let components = accepted.components.to_string();
            let row = sql(
                "UPDATE templates SET meta_template_id = $4, status = $5, category = $6,
                    previous_category = CASE WHEN $7 = 1 THEN $8 ELSE previous_category END,
                    category_changed_at = CASE WHEN $7 = 1 THEN $9 ELSE category_changed_at END,
                    parameter_format = $10, components = $11, ttl_seconds = $12, edit = NULL, refusal = NULL,
                    header_media = $13, rejected_reason = NULL, rejection_words = NULL, rejection_advice = NULL,
                    pause_reason = NULL, pause_words = NULL, submitting_at = NULL, submitted_at = $9, synced_at = $9
                 WHERE workspace_id = $1 AND id = $2 AND submitting_at = $3 RETURNING versions, submitted_by",
            )
            .bind(workspace)
            .bind(template.id)
            .bind(at)
            .bind(accepted.meta_template_id)
            .bind(accepted.status)
            .bind(category.clone())
            .bind(changed)
            .bind(content.category)
            .bind(now)
            .bind(content.parameter_format.clone())
            .bind(components.clone())
            .bind(content.ttl_seconds)
            .bind(accepted.header_media)
            .fetch_optional(tx)
            .await?;
            let Some(row) = row else { return Ok(()) };
            let version = NewVersion {
                template: template.id,
                no: row.int(0)? + 1,
                at: now,
                origin: "here",
                actor: row.opt_text(1)?,
                counted: template.status == "approved",
                category,
                parameter_format: content.parameter_format,
                components,
                ttl_seconds: content.ttl_seconds,
            };
            append(tx, workspace, &[version]).await?;
            tell(tx, workspace, template.id);
            Ok(())
        })
    })
    .await
}

/// Records that Meta refused a submission, or that it never left; `refusal` is kept for who looks later.
///
/// # Errors
/// What the database says.
pub async fn refused(
    db: &Db,
    workspace: WorkspaceId,
    id: TemplateId,
    at: Timestamp,
    refusal: Option<Value>,
) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("UPDATE templates SET submitting_at = NULL, refusal = $4
                 WHERE workspace_id = $1 AND id = $2 AND submitting_at = $3")
            .bind(workspace)
            .bind(id)
            .bind(at)
            .bind(refusal.map(|refusal| refusal.to_string()))
            .execute(tx)
            .await?;
            tell(tx, workspace, id);
            Ok(())
        })
    })
    .await
}

/// Records that Meta does not have templates any more.
///
/// # Errors
/// What the database says.
pub async fn gone(db: &Db, workspace: WorkspaceId, ids: Vec<TemplateId>) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move { gone_in(tx, workspace, &ids).await })
    })
    .await
}

async fn gone_in(tx: &mut Tx, workspace: WorkspaceId, ids: &[TemplateId]) -> Result<()> {
    let now = tx.mint().now();
    sql_rows(
        "UPDATE templates SET status = 'deleted', edit = NULL, submitting_at = NULL, synced_at = $2 FROM {rows}
         WHERE templates.workspace_id = {$1} AND templates.id = r.id AND templates.status <> 'draft'",
        Batch::new().ids("id", ids.iter().copied()),
    )
    .bind(workspace)
    .bind(now)
    .execute(tx)
    .await?;
    for id in ids {
        tell(tx, workspace, *id);
    }
    Ok(())
}
