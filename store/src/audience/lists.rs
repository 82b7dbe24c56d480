//! Lists of contacts, and the tags and traits that there are to filter by.

use serde::{Deserialize, Serialize};
use wigwag_model::audience::TraitKind;
use wigwag_model::{ContactId, ListId, Timestamp, WorkspaceId};

use crate::{Batch, Db, Error, Priority, Result, Row, Tx, sql, sql_owned, sql_rows};

/// A list of contacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Its id.
    pub id: ListId,
    /// Its name.
    pub name: String,
    /// What made it: `import`, `manual`, `api`.
    pub source: String,
    /// The columns that its members bring.
    pub columns: Vec<String>,
    /// How many are on it.
    pub members: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The place of a list among all, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListKey {
    /// Its id, which holds when it was made.
    pub id: ListId,
}

/// A list to make.
#[derive(Debug, Clone)]
pub struct NewList {
    /// Its name.
    pub name: String,
    /// What makes it.
    pub source: &'static str,
    /// Who makes it.
    pub created_by: String,
    /// Its columns.
    pub columns: Vec<String>,
}

pub(crate) async fn insert_list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    new: &NewList,
) -> Result<ListId> {
    let (id, now): (ListId, _) = (tx.mint().id(), tx.mint().now());
    sql("INSERT INTO audience_lists (workspace_id, id, name, source, columns, members, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, 0, $6, $7)")
    .bind(workspace)
    .bind(id)
    .bind(&new.name)
    .bind(new.source)
    .bind(serde_json::json!(new.columns).to_string())
    .bind(&new.created_by)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(id)
}

/// Makes a list of contacts picked by hand. An id of a merged contact stands for the one that it
/// became.
///
/// # Errors
/// [`Error::NotFound`] when a contact is not of this workspace.
pub async fn create_list(
    db: &Db,
    workspace: WorkspaceId,
    new: NewList,
    contacts: Vec<ContactId>,
) -> Result<List> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let id = insert_list(tx, workspace, &new).await?;
            let rows = sql_rows(
                "SELECT r.ord, p.id FROM {rows} JOIN contacts q ON q.workspace_id = {$1} AND q.id = r.id
                 JOIN contacts p ON p.workspace_id = q.workspace_id AND p.id = COALESCE(q.merged_into, q.id)
                   AND p.merged_into IS NULL ORDER BY r.ord",
                Batch::new().ids("id", contacts.iter().copied()),
            )
            .bind(workspace)
            .fetch_all(tx)
            .await?;
            if rows.len() != contacts.len() {
                return Err(Error::NotFound);
            }
            let mut members: Vec<ContactId> = Vec::with_capacity(rows.len());
            for row in &rows {
                members.push(row.id(1)?);
            }
            let numbers = (1..).take(members.len());
            let rows = Batch::new()
                .ids("contact_id", members.iter().copied())
                .ints("row_no", numbers);
            let added = sql_rows(
                "INSERT INTO audience_list_members (workspace_id, list_id, contact_id, columns, row_no)
                 SELECT $1, $2, r.contact_id, '{}', r.row_no FROM {rows} WHERE true ON CONFLICT DO NOTHING",
                rows,
            )
            .bind(workspace)
            .bind(id)
            .execute(tx)
            .await?;
            let added = i64::try_from(added).unwrap_or(i64::MAX);
            let row = sql_owned(format!(
                "UPDATE audience_lists SET members = $3 WHERE workspace_id = $1 AND id = $2 RETURNING {LIST}"
            ))
            .bind(workspace)
            .bind(id)
            .bind(added)
            .fetch_one(tx)
            .await?;
            list(&row)
        })
    })
    .await
}

const LIST: &str = "id, name, source, columns, members, created_at";

fn list(row: &Row) -> Result<List> {
    let wrong = |_| Error::Inconsistent {
        table: "audience_lists",
        column: "columns",
    };
    Ok(List {
        id: row.id(0)?,
        name: row.text(1)?,
        source: row.text(2)?,
        columns: serde_json::from_str(&row.text(3)?).map_err(wrong)?,
        members: row.int(4)?,
        created_at: row.time(5)?,
    })
}

/// A page of lists, the newest first, and the key of its last when there may be more.
///
/// # Errors
/// What the database says.
pub async fn lists(
    db: &Db,
    workspace: WorkspaceId,
    after: Option<ListKey>,
    limit: u32,
) -> Result<(Vec<List>, Option<ListKey>)> {
    let begin = if after.is_some() { " AND id < $2" } else { "" };
    let statement = sql_owned(format!(
        "SELECT {LIST} FROM audience_lists WHERE workspace_id = $1{begin} ORDER BY id DESC LIMIT {}",
        u64::from(limit) + 1
    ))
    .bind(workspace);
    let statement = match after {
        Some(after) => statement.bind(after.id),
        None => statement,
    };
    let rows = statement.fetch_all(&mut db.reader().await?).await?;
    let mut found = rows.iter().map(list).collect::<Result<Vec<_>>>()?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let key = found
        .last()
        .filter(|_| more)
        .map(|last| ListKey { id: last.id });
    Ok((found, key))
}

/// A trait that contacts may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trait {
    /// Its name.
    pub key: String,
    /// What its values are.
    pub kind: TraitKind,
    /// The name to show.
    pub label: String,
}

/// The traits of a workspace by name, at most a thousand.
///
/// # Errors
/// What the database says.
pub async fn traits(db: &Db, workspace: WorkspaceId) -> Result<Vec<Trait>> {
    let rows =
        sql("SELECT key, kind, label FROM traits WHERE workspace_id = $1 ORDER BY key LIMIT 1000")
            .bind(workspace)
            .fetch_all(&mut db.reader().await?)
            .await?;
    rows.iter()
        .map(|row| {
            let wrong = Error::Inconsistent {
                table: "traits",
                column: "kind",
            };
            Ok(Trait {
                key: row.text(0)?,
                kind: TraitKind::parse(&row.text(1)?).ok_or(wrong)?,
                label: row.text(2)?,
            })
        })
        .collect()
}

/// A tag and how many have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagCount {
    /// The tag, in one of its spellings.
    pub tag: String,
    /// How many contacts have it.
    pub contacts: i64,
}

/// The tags of a workspace, the most used first, at most a thousand.
///
/// # Errors
/// What the database says.
pub async fn tags(db: &Db, workspace: WorkspaceId) -> Result<Vec<TagCount>> {
    let rows = sql(
        "SELECT MIN(tag), COUNT(*) FROM contact_tags WHERE workspace_id = $1
                    GROUP BY tag_key ORDER BY COUNT(*) DESC, tag_key LIMIT 1000",
    )
    .bind(workspace)
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(TagCount {
                tag: row.text(0)?,
                contacts: row.int(1)?,
            })
        })
        .collect()
}
