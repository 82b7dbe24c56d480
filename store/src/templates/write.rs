//! Templates as a listing of Meta shows them, written over what was known.

use std::collections::HashSet;

use wigwag_model::id::Id as _;
use wigwag_model::{TemplateId, Timestamp, WabaId, WorkspaceId};

use crate::{Batch, Db, Event, Priority, Result, Row, Tx, sql, sql_rows};

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
    /// Why Meta rejected it.
    pub rejected_reason: Option<String>,
    /// `positional` or `named`.
    pub parameter_format: String,
    /// Meta's components as JSON.
    pub components: String,
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
/// later listing wrote stays, when two overlap.
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
                     WHERE workspace_id = $1 AND waba = $2 AND synced_at < $3 AND status <> 'deleted' RETURNING id",
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
    let ids: Vec<TemplateId> = listed.iter().map(|_| tx.mint().id()).collect();
    let names = || {
        Batch::new()
            .texts("name", listed.iter().map(|row| row.name.as_str()))
            .texts("language", listed.iter().map(|row| row.language.as_str()))
    };
    let rows = names()
        .ids("id", ids)
        .texts(
            "meta_template_id",
            listed.iter().map(|row| row.meta_template_id.as_str()),
        )
        .texts("category", listed.iter().map(|row| row.category.as_str()))
        .texts("status", listed.iter().map(|row| row.status.as_str()))
        .texts("quality", listed.iter().map(|row| row.quality.as_str()))
        .opt_texts(
            "rejected_reason",
            listed.iter().map(|row| row.rejected_reason.as_deref()),
        )
        .texts(
            "parameter_format",
            listed.iter().map(|row| row.parameter_format.as_str()),
        )
        .texts(
            "components",
            listed.iter().map(|row| row.components.as_str()),
        );
    let changed = sql_rows(
        "INSERT INTO templates (workspace_id, id, waba, meta_template_id, name, language, category, status, quality,
            rejected_reason, parameter_format, components, synced_at, created_at)
         SELECT $1, r.id, $2, r.meta_template_id, r.name, r.language, r.category, r.status, r.quality,
            r.rejected_reason, r.parameter_format, r.components, $3, $3 FROM {rows} WHERE true
         ON CONFLICT (workspace_id, waba, name, language) DO UPDATE SET
            meta_template_id = excluded.meta_template_id, category = excluded.category, status = excluded.status,
            quality = excluded.quality, rejected_reason = excluded.rejected_reason,
            parameter_format = excluded.parameter_format, components = excluded.components, synced_at = excluded.synced_at
         WHERE templates.synced_at <= excluded.synced_at AND (templates.meta_template_id <> excluded.meta_template_id OR templates.category <> excluded.category
            OR templates.status <> excluded.status OR templates.quality <> excluded.quality
            OR templates.rejected_reason IS DISTINCT FROM excluded.rejected_reason
            OR templates.parameter_format <> excluded.parameter_format OR templates.components <> excluded.components)
         RETURNING id",
        rows,
    )
    .bind(workspace)
    .bind(waba)
    .bind(at)
    .fetch_all(tx)
    .await?;
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
    tell(tx, workspace, &changed)
}

/// Tells clients of templates; returns how many.
fn tell(tx: &mut Tx, workspace: WorkspaceId, rows: &[Row]) -> Result<usize> {
    for row in rows {
        let id: TemplateId = row.id(0)?;
        tx.record(
            workspace,
            Event {
                kind: "template.changed",
                subject: id.uuid(),
                conversation: None,
            },
        );
    }
    Ok(rows.len())
}
