//! Templates as the console and the composer read them.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wigwag_model::search::fold;
use wigwag_model::{MediaId, TemplateId, Timestamp, WabaId, WorkspaceId};

use super::draft::Content;
use crate::{Db, Error, Executor, Result, Row, Sql, sql_owned};

/// A template.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// Its WABA.
    pub waba: WabaId,
    /// Meta's id of the WABA.
    pub waba_id: String,
    /// Meta's id; nothing while Meta does not know it.
    pub meta_template_id: Option<String>,
    /// Its name.
    pub name: String,
    /// Its language code.
    pub language: String,
    /// `marketing`, `utility` or `authentication`.
    pub category: String,
    /// The category before Meta changed it.
    pub previous_category: Option<String>,
    /// When Meta changed its category.
    pub category_changed_at: Option<Timestamp>,
    /// The category that Meta will give it soon.
    pub announced_category: Option<String>,
    /// Meta's status in lower case, or `draft`.
    pub status: String,
    /// Meta's quality in lower case.
    pub quality: String,
    /// Why Meta rejected it: a code of Meta's.
    pub rejected_reason: Option<String>,
    /// Why Meta rejected it, in Meta's words.
    pub rejection_words: Option<String>,
    /// What to change, in Meta's words.
    pub rejection_advice: Option<String>,
    /// Why Meta paused or disabled it: `FIRST_PAUSE`, ….
    pub pause_reason: Option<String>,
    /// Why Meta paused or disabled it, in Meta's words.
    pub pause_words: Option<String>,
    /// `positional` or `named`.
    pub parameter_format: String,
    /// Meta's components.
    pub components: Value,
    /// How long Meta tries to deliver, in seconds.
    pub ttl_seconds: Option<i64>,
    /// The file that is the sample of its header.
    pub header_media: Option<MediaId>,
    /// What was written here and not handed in.
    pub edit: Option<Content>,
    /// What Meta said to the last submission.
    pub refusal: Option<Value>,
    /// Since when a submission waits for its outcome.
    pub submitting_at: Option<Timestamp>,
    /// When it was last handed in from here.
    pub submitted_at: Option<Timestamp>,
    /// Who wrote it first here.
    pub created_by: Option<String>,
    /// When it was made known or written.
    pub created_at: Timestamp,
    /// When it was last written here.
    pub updated_at: Option<Timestamp>,
    /// Counts what was written here, for two people who write at once.
    pub revision: i64,
    /// How many versions there are.
    pub versions: i64,
    /// When it was last read from Meta.
    pub synced_at: Timestamp,
}

impl Template {
    /// What is next handed in: what was written here, or what Meta has.
    pub fn content(&self) -> Content {
        self.edit.clone().unwrap_or_else(|| Content {
            category: self.category.clone(),
            parameter_format: self.parameter_format.clone(),
            components: self.components.clone(),
            ttl_seconds: self.ttl_seconds,
        })
    }

    /// Whether Meta does not know it.
    pub fn is_draft(&self) -> bool {
        self.status == super::DRAFT
    }
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
        t.quality, t.rejected_reason, t.parameter_format, t.components, t.synced_at, t.previous_category,
        t.category_changed_at, t.announced_category, t.rejection_words, t.rejection_advice, t.pause_reason,
        t.pause_words, t.ttl_seconds, t.header_media, t.edit, t.refusal, t.submitting_at, t.submitted_at,
        t.created_by, t.created_at, t.updated_at, t.revision, t.versions
    FROM templates t JOIN wabas w ON w.workspace_id = t.workspace_id AND w.id = t.waba
    WHERE t.workspace_id = $1";

fn read(row: &Row) -> Result<Template> {
    let meta_template_id = row.text(3)?;
    Ok(Template {
        id: row.id(0)?,
        waba: row.id(1)?,
        waba_id: row.text(2)?,
        meta_template_id: (!meta_template_id.is_empty()).then_some(meta_template_id),
        name: row.text(4)?,
        language: row.text(5)?,
        category: row.text(6)?,
        status: row.text(7)?,
        quality: row.text(8)?,
        rejected_reason: row.opt_text(9)?,
        parameter_format: row.text(10)?,
        components: json(&row.text(11)?, "components")?,
        synced_at: row.time(12)?,
        previous_category: row.opt_text(13)?,
        category_changed_at: row.opt_time(14)?,
        announced_category: row.opt_text(15)?,
        rejection_words: row.opt_text(16)?,
        rejection_advice: row.opt_text(17)?,
        pause_reason: row.opt_text(18)?,
        pause_words: row.opt_text(19)?,
        ttl_seconds: row.opt_int(20)?,
        header_media: row.opt_id(21)?,
        edit: row
            .opt_text(22)?
            .map(|text| json(&text, "edit"))
            .transpose()?,
        refusal: row
            .opt_text(23)?
            .map(|text| json(&text, "refusal"))
            .transpose()?,
        submitting_at: row.opt_time(24)?,
        submitted_at: row.opt_time(25)?,
        created_by: row.opt_text(26)?,
        created_at: row.time(27)?,
        updated_at: row.opt_time(28)?,
        revision: row.int(29)?,
        versions: row.int(30)?,
    })
}

fn json<T: DeserializeOwned>(text: &str, column: &'static str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| Error::Inconsistent {
        table: "templates",
        column,
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
    get_in(&mut db.reader().await?, workspace, id).await
}

pub(super) async fn get_in(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    id: TemplateId,
) -> Result<Template> {
    let row = sql_owned(format!("{SELECT} AND t.id = $2"))
        .bind(workspace)
        .bind(id)
        .fetch_one(on)
        .await?;
    read(&row)
}

/// The templates of a WABA with a name: one per language, deleted ones too.
///
/// # Errors
/// What the database says.
pub async fn named(
    db: &Db,
    workspace: WorkspaceId,
    waba: WabaId,
    name: &str,
) -> Result<Vec<Template>> {
    let rows = sql_owned(format!(
        "{SELECT} AND t.waba = $2 AND t.name = $3 ORDER BY t.language"
    ))
    .bind(workspace)
    .bind(waba)
    .bind(name)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter().map(read).collect()
}

/// The template of a WABA with a name and a language.
///
/// # Errors
/// What the database says.
pub async fn find(
    db: &Db,
    workspace: WorkspaceId,
    waba: WabaId,
    name: &str,
    language: &str,
) -> Result<Option<Template>> {
    let found = named(db, workspace, waba, name).await?;
    Ok(found.into_iter().find(|row| row.language == language))
}
