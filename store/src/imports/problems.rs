//! Rows that were not taken.

use wigwag_model::{ImportId, WorkspaceId};

use crate::{Batch, Db, Error, Result, Tx, sql, sql_rows};

/// A row that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its number in the file, the first below the header being 1.
    pub row_no: i64,
    /// What is wrong: `phone`, `email`, `trait:spent`, …
    pub field: String,
    /// A stable code.
    pub code: String,
    /// What is wrong and the mend, in words.
    pub message: String,
    /// The row as it stood in the file.
    pub record: Vec<String>,
}

pub(super) async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    import: ImportId,
    problems: &[Problem],
) -> Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ints("row_no", problems.iter().map(|problem| problem.row_no))
        .texts(
            "field",
            problems.iter().map(|problem| problem.field.as_str()),
        )
        .texts("code", problems.iter().map(|problem| problem.code.as_str()))
        .texts(
            "message",
            problems.iter().map(|problem| problem.message.as_str()),
        )
        .texts(
            "record",
            problems
                .iter()
                .map(|problem| serde_json::json!(problem.record).to_string()),
        );
    sql_rows(
        "INSERT INTO import_problems (workspace_id, import_id, row_no, field, code, message, record)
         SELECT $1, $2, r.row_no, r.field, r.code, r.message, r.record FROM {rows}",
        rows,
    )
    .bind(workspace)
    .bind(import)
    .execute(tx)
    .await?;
    Ok(())
}

/// The problems of an import after a row, in the file's order.
///
/// # Errors
/// What the database says.
pub async fn problems(
    db: &Db,
    workspace: WorkspaceId,
    import: ImportId,
    after: i64,
    limit: u32,
) -> Result<Vec<Problem>> {
    let rows = sql(
        "SELECT row_no, field, code, message, record FROM import_problems
         WHERE workspace_id = $1 AND import_id = $2 AND row_no > $3 ORDER BY row_no LIMIT $4",
    )
    .bind(workspace)
    .bind(import)
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter()
        .map(|row| {
            let wrong = |_| Error::Inconsistent {
                table: "import_problems",
                column: "record",
            };
            Ok(Problem {
                row_no: row.int(0)?,
                field: row.text(1)?,
                code: row.text(2)?,
                message: row.text(3)?,
                record: serde_json::from_str(&row.text(4)?).map_err(wrong)?,
            })
        })
        .collect()
}
