//! Templates as the console and the composer read them.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wigwag_model::search::fold;
use wigwag_model::{TemplateId, Timestamp, WabaId, WorkspaceId};

use crate::{Db, Error, Result, Row, Sql, sql_owned};

/// A template.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// Its WABA.
    pub waba: WabaId,
    /// Meta's id of the WABA.
    pub waba_id: String,
    /// Meta's id.
    pub meta_template_id: String,
    /// Its name.
    pub name: String,
    /// Its language code.
    pub language: String,
    /// `marketing`, `utility` or `authentication`.
    pub category: String,
    /// Meta's status in lower case.
    pub status: String,
    /// Meta's quality in lower case.
    pub quality: String,
    /// Why Meta rejected it.
    pub rejected_reason: Option<String>,
    /// `positional` or `named`.
    pub parameter_format: String,
    /// Meta's components.
    pub components: Value,
    /// When it was last read from Meta.
    pub synced_at: Timestamp,
}

/// What to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Meta's status in lower case; `None` is every one but `deleted`.
    pub status: Option<String>,
    /// The category.
    pub category: Option<String>,
    /// A part of the name.
    pub query: Option<String>,
    /// Meta's id of the WABA.
    pub waba_id: Option<String>,
}

/// The place of a template in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Its name.
    pub name: String,
    /// Its id, which tells languages apart.
    pub id: TemplateId,
}

const SELECT: &str =
    "SELECT t.id, t.waba, w.waba_id, t.meta_template_id, t.name, t.language, t.category, t.status,
        t.quality, t.rejected_reason, t.parameter_format, t.components, t.synced_at
    FROM templates t JOIN wabas w ON w.workspace_id = t.workspace_id AND w.id = t.waba
    WHERE t.workspace_id = $1";

fn read(row: &Row) -> Result<Template> {
    Ok(Template {
        id: row.id(0)?,
        waba: row.id(1)?,
        waba_id: row.text(2)?,
        meta_template_id: row.text(3)?,
        name: row.text(4)?,
        language: row.text(5)?,
        category: row.text(6)?,
        status: row.text(7)?,
        quality: row.text(8)?,
        rejected_reason: row.opt_text(9)?,
        parameter_format: row.text(10)?,
        components: serde_json::from_str(&row.text(11)?).map_err(|_| Error::Inconsistent {
            table: "templates",
            column: "components",
        })?,
        synced_at: row.time(12)?,
    })
}

/// A page of templates by name, and the key of its last row when there may be more. A WABA holds
/// some thousands at most, so that a part of a name may be looked for row by row.
///
/// # Errors
/// What the database says.
pub async fn list(
    db: &Db,
    workspace: WorkspaceId,
    filter: &Filter,
    after: Option<Key>,
    limit: u32,
) -> Result<(Vec<Template>, Option<Key>)> {
    let mut text = SELECT.to_owned();
    let mut bound = Vec::new();
    // Names are words joined by underscores; a query of words finds them.
    let pattern = filter.query.as_deref().map(|query| {
        let part = fold(query).replace(' ', "_");
        format!(
            "%{}%",
            part.replace('\\', "\\\\")
                .replace('%', "\\%")
                .replace('_', "\\_")
        )
    });
    for (condition, value, end) in [
        ("t.status = $", &filter.status, ""),
        ("t.category = $", &filter.category, ""),
        ("w.waba_id = $", &filter.waba_id, ""),
        ("t.name LIKE $", &pattern, " ESCAPE '\\'"),
    ] {
        if let Some(value) = value {
            bound.push(value.clone());
            text.push_str(&format!(" AND {condition}{}{end}", bound.len() + 1));
        }
    }
    // Kept for the messages that were made from them.
    if filter.status.is_none() {
        text.push_str(" AND t.status <> 'deleted'");
    }
    if after.is_some() {
        let at = bound.len() + 2;
        text.push_str(&format!(" AND (t.name, t.id) > (${at}, ${})", at + 1));
    }
    text.push_str(&format!(
        " ORDER BY t.name, t.id LIMIT {}",
        u64::from(limit) + 1
    ));
    let mut statement = bound
        .into_iter()
        .fold(sql_owned(text).bind(workspace), Sql::bind);
    if let Some(key) = after {
        statement = statement.bind(key.name).bind(key.id);
    }
    let rows = statement.fetch_all(&mut db.reader().await?).await?;
    let more = rows.len() > limit as usize;
    let mut page = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    page.truncate(limit as usize);
    let key = page.last().filter(|_| more).map(|last| Key {
        name: last.name.clone(),
        id: last.id,
    });
    Ok((page, key))
}

/// One template.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(db: &Db, workspace: WorkspaceId, id: TemplateId) -> Result<Template> {
    let row = sql_owned(format!("{SELECT} AND t.id = $2"))
        .bind(workspace)
        .bind(id)
        .fetch_one(&mut db.reader().await?)
        .await?;
    read(&row)
}
