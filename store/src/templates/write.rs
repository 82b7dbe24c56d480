//! Templates as a listing of Meta shows them, written over what was known.

use std::collections::HashSet;

use wigwag_model::id::Id as _;
use wigwag_model::{TemplateId, Timestamp, WabaId, WorkspaceId};

use super::plan::{self, Plan, Settled};
use super::{CHANGED, versions};
use crate::{Batch, Db, Dialect, Event, Priority, Result, Row, Tx, sql, sql_rows};

/// Rows written in one transaction at most.
const CHUNK: usize = 500;

/// A template in a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Meta's id.
    pub meta_template_id: String,
    /// Its name.
    pub name: String,
    /// Its language code.
    pub language: String,
    /// Its category in lower case.
    pub category: String,
    /// Meta's status in lower case.
    pub status: String,
    /// Meta's quality in lower case.
    pub quality: String,
    /// The category before Meta changed it.
    pub previous_category: Option<String>,
    /// Why Meta rejected it: a code of Meta's.
    pub rejected_reason: Option<String>,
    /// Why Meta rejected it, in Meta's words.
    pub rejection_words: Option<String>,
    /// What to change, in Meta's words.
    pub rejection_advice: Option<String>,
    /// `positional` or `named`.
    pub parameter_format: String,
    /// Meta's components as JSON.
    pub components: String,
    /// How long Meta tries to deliver, in seconds.
    pub ttl_seconds: Option<i64>,
    /// When it last changed at Meta.
    pub updated_at: Option<Timestamp>,
}

/// What a listing changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// Templates that are new or differ from what was known.
    pub changed: usize,
    /// Templates that Meta does not list any more.
    pub vanished: usize,
}

/// Writes the whole listing of a WABA, read at `at`. What is not in it is marked `deleted` and
/// kept: messages that were made from it still name it. Only what differs is told to clients. What a
/// later listing wrote stays, when two overlap. What was written here and not handed in stays too, and what
/// was handed in without an answer is found again by its name and language.
///
/// # Errors
/// What the database says.
pub async fn replace(
    db: &Db,
    workspace: WorkspaceId,
    waba: WabaId,
    listed: Vec<Listed>,
    at: Timestamp,
) -> Result<Changes> {
    let mut changes = Changes::default();
    // One statement must not write a row twice.
    let mut seen = HashSet::new();
    let mut left: Vec<Listed> = listed
        .into_iter()
        .filter(|row| seen.insert((row.name.clone(), row.language.clone())))
        .collect();
    while !left.is_empty() {
        let rest = left.split_off(left.len().min(CHUNK));
        let chunk = std::mem::replace(&mut left, rest);
        changes.changed += db
            .write(Priority::Background, move |tx| {
                Box::pin(async move { upsert(tx, workspace, waba, &chunk, at).await })
            })
            .await?;
    }
    changes.vanished = db
        .write(Priority::Background, move |tx| {
            Box::pin(async move {
                let gone = sql(
                    "UPDATE templates SET status = 'deleted', synced_at = $3
                     WHERE workspace_id = $1 AND waba = $2 AND synced_at < $3 AND status NOT IN ('deleted', 'draft')
                     RETURNING id",
                )
                .bind(workspace)
                .bind(waba)
                .bind(at)
                .fetch_all(tx)
                .await?;
                tell(tx, workspace, &gone)
            })
        })
        .await?;
    Ok(changes)
}

async fn upsert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    waba: WabaId,
    listed: &[Listed],
    at: Timestamp,
) -> Result<usize> {
    if tx.dialect() == Dialect::Postgres {
        // Two listings of one account at once: the second must see what the first has made.
        sql("SELECT 1 FROM wabas WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE")
            .bind(workspace)
            .bind(waba)
            .fetch_optional(tx)
            .await?;
    }
    let names = || {
        Batch::new()
            .texts("name", listed.iter().map(|row| row.name.as_str()))
            .texts("language", listed.iter().map(|row| row.language.as_str()))
    };
    let known = plan::known(tx, workspace, waba, names()).await?;
    let (mut plan, mut ids) = (Plan::default(), Vec::with_capacity(listed.len()));
    for row in listed {
        let known = known.get(&(row.name.clone(), row.language.clone()));
        let id = known.map_or_else(|| tx.mint().id(), |known| known.id);
        plan.take(id, row, known, at);
        ids.push(id);
    }
    let changed = write(tx, workspace, waba, listed, ids, at).await?;
    sql_rows(
        "UPDATE templates SET synced_at = $3 FROM {rows}
         WHERE templates.workspace_id = {$1} AND templates.waba = $2
           AND templates.name = r.name AND templates.language = r.language AND templates.synced_at < $3",
        names(),
    )
    .bind(workspace)
    .bind(waba)
    .bind(at)
    .execute(tx)
    .await?;
    versions::append(tx, workspace, &plan.versions).await?;
    settle(tx, workspace, &plan.settled, at).await?;
    tell(tx, workspace, &changed)
}

/// Ends submissions that the listing shows to have been accepted.
async fn settle(
    tx: &mut Tx,
    workspace: WorkspaceId,
    settled: &[Settled],
    at: Timestamp,
) -> Result<()> {
    if settled.is_empty() {
        return Ok(());
    }
    sql_rows(
        "UPDATE templates SET edit = NULL, submitting_at = NULL, submitted_at = $2 FROM {rows}
         WHERE templates.workspace_id = {$1} AND templates.id = r.id AND templates.submitting_at = r.at",
        Batch::new()
            .ids("id", settled.iter().map(|row| row.id))
            .times("at", settled.iter().map(|row| row.at)),
    )
    .bind(workspace)
    .bind(at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes the rows; answers those that differ from what was known.
async fn write(
    tx: &mut Tx,
    workspace: WorkspaceId,
    waba: WabaId,
    listed: &[Listed],
    ids: Vec<TemplateId>,
    at: Timestamp,
) -> Result<Vec<Row>> {
    let text = |of: fn(&Listed) -> &str| listed.iter().map(of).collect::<Vec<_>>();
    let opt = |of: fn(&Listed) -> Option<&str>| listed.iter().map(of).collect::<Vec<_>>();
    let rows = Batch::new()
        .texts("name", text(|row| &row.name))
        .texts("language", text(|row| &row.language))
        .ids("id", ids)
        .texts("meta_template_id", text(|row| &row.meta_template_id))
        .texts("category", text(|row| &row.category))
        .opt_texts(
            "previous_category",
            opt(|row| row.previous_category.as_deref()),
        )
        .texts("status", text(|row| &row.status))
        .texts("quality", text(|row| &row.quality))
        .opt_texts("rejected_reason", opt(|row| row.rejected_reason.as_deref()))
        .opt_texts("rejection_words", opt(|row| row.rejection_words.as_deref()))
        .opt_texts(
            "rejection_advice",
            opt(|row| row.rejection_advice.as_deref()),
        )
        .texts("parameter_format", text(|row| &row.parameter_format))
        .texts("components", text(|row| &row.components))
        .opt_ints("ttl_seconds", listed.iter().map(|row| row.ttl_seconds));
    // What Meta does not say again stays: words of a rejection come by webhook alone at times.
    sql_rows(
        "INSERT INTO templates (workspace_id, id, waba, meta_template_id, name, language, category, previous_category,
            status, quality, rejected_reason, rejection_words, rejection_advice, parameter_format, components,
            ttl_seconds, synced_at, created_at)
         SELECT $1, r.id, $2, r.meta_template_id, r.name, r.language, r.category, r.previous_category, r.status,
            r.quality, r.rejected_reason, r.rejection_words, r.rejection_advice, r.parameter_format, r.components,
            r.ttl_seconds, $3, $3 FROM {rows} WHERE true
         ON CONFLICT (workspace_id, waba, name, language) DO UPDATE SET
            meta_template_id = excluded.meta_template_id, category = excluded.category,
            previous_category = COALESCE(excluded.previous_category, CASE
                WHEN templates.category <> excluded.category AND templates.status <> 'deleted'
                    AND (templates.status <> 'draft' OR templates.submitting_at IS NOT NULL) THEN templates.category
                ELSE templates.previous_category END),
            category_changed_at = CASE
                WHEN templates.category <> excluded.category AND templates.status <> 'deleted'
                    AND (templates.status <> 'draft' OR templates.submitting_at IS NOT NULL) THEN excluded.synced_at
                ELSE templates.category_changed_at END,
            announced_category = CASE WHEN templates.category <> excluded.category THEN NULL
                ELSE templates.announced_category END,
            status = excluded.status, quality = excluded.quality, rejected_reason = excluded.rejected_reason,
            rejection_words = CASE WHEN excluded.status = 'rejected'
                THEN COALESCE(excluded.rejection_words, templates.rejection_words) END,
            rejection_advice = CASE WHEN excluded.status = 'rejected'
                THEN COALESCE(excluded.rejection_advice, templates.rejection_advice) END,
            pause_reason = CASE WHEN excluded.status IN ('paused', 'disabled') THEN templates.pause_reason END,
            pause_words = CASE WHEN excluded.status IN ('paused', 'disabled') THEN templates.pause_words END,
            parameter_format = excluded.parameter_format, components = excluded.components,
            ttl_seconds = excluded.ttl_seconds, synced_at = excluded.synced_at
         WHERE templates.synced_at <= excluded.synced_at AND (templates.meta_template_id <> excluded.meta_template_id OR templates.category <> excluded.category
            OR templates.status <> excluded.status OR templates.quality <> excluded.quality
            OR templates.rejected_reason IS DISTINCT FROM excluded.rejected_reason
            OR (excluded.previous_category IS NOT NULL AND templates.previous_category IS DISTINCT FROM excluded.previous_category)
            OR (excluded.rejection_advice IS NOT NULL AND templates.rejection_advice IS DISTINCT FROM excluded.rejection_advice)
            OR templates.ttl_seconds IS DISTINCT FROM excluded.ttl_seconds
            OR templates.parameter_format <> excluded.parameter_format OR templates.components <> excluded.components)
         RETURNING id",
        rows,
    )
    .bind(workspace)
    .bind(waba)
    .bind(at)
    .fetch_all(tx)
    .await
}

/// Tells clients of templates; returns how many.
fn tell(tx: &mut Tx, workspace: WorkspaceId, rows: &[Row]) -> Result<usize> {
    for row in rows {
        let id: TemplateId = row.id(0)?;
        tx.record(
            workspace,
            Event {
                kind: CHANGED,
                subject: id.uuid(),
                conversation: None,
            },
        );
    }
    Ok(rows.len())
}
