//! What templates said, version by version.

use std::collections::HashMap;

use serde_json::Value;
use wigwag_model::{TemplateId, Timestamp, WorkspaceId};

use crate::{Batch, Db, Error, Result, Tx, sql, sql_rows};

/// A version of a template.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Its number, from 1.
    pub no: i64,
    /// When it was handed in, or found at Meta.
    pub at: Timestamp,
    /// `here`, or `meta` when it was written elsewhere.
    pub origin: String,
    /// Who handed it in here.
    pub actor: Option<String>,
    /// Whether it counts into Meta's limits of edits.
    pub counted: bool,
    /// The category.
    pub category: String,
    /// `positional` or `named`.
    pub parameter_format: String,
    /// Meta's components.
    pub components: Value,
    /// How long Meta tries to deliver, in seconds.
    pub ttl_seconds: Option<i64>,
}

/// The versions of a template, the newest first.
///
/// # Errors
/// [`Error::NotFound`] without such a template.
pub async fn versions(db: &Db, workspace: WorkspaceId, id: TemplateId) -> Result<Vec<Version>> {
    let mut reader = db.reader().await?;
    sql("SELECT 1 FROM templates WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(id)
        .fetch_one(&mut reader)
        .await?;
    let rows = sql(
        "SELECT no, at, origin, actor, counted, category, parameter_format, components, ttl_seconds
         FROM template_versions WHERE workspace_id = $1 AND template_id = $2 ORDER BY no DESC LIMIT 500",
    )
    .bind(workspace)
    .bind(id)
    .fetch_all(&mut reader)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Version {
                no: row.int(0)?,
                at: row.time(1)?,
                origin: row.text(2)?,
                actor: row.opt_text(3)?,
                counted: row.int(4)? != 0,
                category: row.text(5)?,
                parameter_format: row.text(6)?,
                components: serde_json::from_str(&row.text(7)?).map_err(|_| {
                    Error::Inconsistent {
                        table: "template_versions",
                        column: "components",
                    }
                })?,
                ttl_seconds: row.opt_int(8)?,
            })
        })
        .collect()
}

/// When templates were changed while they were approved, since an instant.
///
/// # Errors
/// What the database says.
pub async fn edits(
    db: &Db,
    workspace: WorkspaceId,
    ids: &[TemplateId],
    since: Timestamp,
) -> Result<HashMap<TemplateId, Vec<Timestamp>>> {
    let mut found: HashMap<TemplateId, Vec<Timestamp>> = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let rows = sql_rows(
        "SELECT v.template_id, v.at FROM {rows} JOIN template_versions v
            ON v.workspace_id = {$1} AND v.template_id = r.id
         WHERE v.counted = 1 AND v.at > $2",
        Batch::new().ids("id", ids.iter().copied()),
    )
    .bind(workspace)
    .bind(since)
    .fetch_all(&mut db.reader().await?)
    .await?;
    for row in &rows {
        found.entry(row.id(0)?).or_default().push(row.time(1)?);
    }
    Ok(found)
}

/// A version to write.
#[derive(Debug, Clone)]
pub(super) struct NewVersion {
    pub(super) template: TemplateId,
    pub(super) no: i64,
    pub(super) at: Timestamp,
    pub(super) origin: &'static str,
    pub(super) actor: Option<String>,
    pub(super) counted: bool,
    pub(super) category: String,
    pub(super) parameter_format: String,
    pub(super) components: String,
    pub(super) ttl_seconds: Option<i64>,
}

/// Writes versions and how many there are now. A number that is taken stays as it is.
pub(super) async fn append(
    tx: &mut Tx,
    workspace: WorkspaceId,
    versions: &[NewVersion],
) -> Result<()> {
    if versions.is_empty() {
        return Ok(());
    }
    let keys = || {
        Batch::new()
            .ids("template_id", versions.iter().map(|row| row.template))
            .ints("no", versions.iter().map(|row| row.no))
    };
    let rows = keys()
        .times("at", versions.iter().map(|row| row.at))
        .texts("origin", versions.iter().map(|row| row.origin))
        .opt_texts("actor", versions.iter().map(|row| row.actor.as_deref()))
        .ints("counted", versions.iter().map(|row| i64::from(row.counted)))
        .texts("category", versions.iter().map(|row| row.category.as_str()))
        .texts(
            "parameter_format",
            versions.iter().map(|row| row.parameter_format.as_str()),
        )
        .texts(
            "components",
            versions.iter().map(|row| row.components.as_str()),
        )
        .opt_ints("ttl_seconds", versions.iter().map(|row| row.ttl_seconds));
    sql_rows(
        "INSERT INTO template_versions (workspace_id, template_id, no, at, origin, actor, counted, category,
            parameter_format, components, ttl_seconds)
         SELECT $1, r.template_id, r.no, r.at, r.origin, r.actor, r.counted, r.category, r.parameter_format,
            r.components, r.ttl_seconds FROM {rows} WHERE true
         ON CONFLICT (workspace_id, template_id, no) DO NOTHING",
        rows,
    )
    .bind(workspace)
    .execute(tx)
    .await?;
    sql_rows(
        "UPDATE templates SET versions = r.no FROM {rows}
         WHERE templates.workspace_id = {$1} AND templates.id = r.template_id AND templates.versions < r.no",
        keys(),
    )
    .bind(workspace)
    .execute(tx)
    .await?;
    Ok(())
}
