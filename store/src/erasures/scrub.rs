//! The step before the first: rows that name nobody by id and may still be about the person are found by
//! what is known of them: rows of files that were not taken, dead letters, sample values of imports.

use std::collections::BTreeSet;

use wigwag_model::id::Id as _;
use wigwag_model::{ContactId, DeadLetterId, ImportId, WorkspaceId};

use crate::{Batch, Db, Priority, Result, sql, sql_rows};

/// Rows that are looked through at a time.
const ROWS: i64 = 1_000;
/// Digits of a phone number that tell somebody: without country code, as many files write it.
const DIGITS: usize = 9;

/// What tells that a text is about one of the people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needles {
    digits: BTreeSet<String>,
    words: BTreeSet<String>,
}

impl Needles {
    /// Whether a text names one of them.
    pub fn found_in(&self, text: &str) -> bool {
        if self.words.iter().any(|word| text.contains(word.as_str())) {
            return true;
        }
        if self.digits.is_empty() {
            return false;
        }
        // Numbers are written with spaces, dashes and brackets between.
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        self.digits.iter().any(|number| digits.contains(number))
    }
}

/// What tells that a text is about one of these contacts.
///
/// # Errors
/// What the database says.
pub async fn needles(db: &Db, workspace: WorkspaceId, ids: &[ContactId]) -> Result<Needles> {
    let mut on = db.reader().await?;
    let rows = sql_rows(
        "SELECT p.phone, p.wa_id, p.user_id, p.email, p.name, p.profile_name, p.username FROM {rows}
         JOIN contacts p ON p.workspace_id = {$1} AND p.id = r.id",
        Batch::new().ids("id", ids.iter().copied()),
    )
    .bind(workspace)
    .fetch_all(&mut on)
    .await?;
    let mut needles = Needles::default();
    for row in &rows {
        for at in 0..2 {
            let digits: String = row
                .opt_text(at)?
                .unwrap_or_default()
                .chars()
                .filter(char::is_ascii_digit)
                .collect();
            let from = digits.len().saturating_sub(DIGITS);
            if digits.len() >= DIGITS - 2 {
                needles
                    .digits
                    .insert(digits.get(from..).unwrap_or_default().to_owned());
            }
        }
        for at in 2..7 {
            // Short names are everybody's.
            if let Some(word) = row.opt_text(at)?
                && word.trim().chars().count() >= 5
            {
                needles.words.insert(word.trim().to_owned());
            }
        }
    }
    Ok(needles)
}

/// Removes what names one of them: rows of files that were not taken, samples of files, what dead letters hold.
///
/// # Errors
/// What the database says.
pub async fn scrub(db: &Db, workspace: WorkspaceId, needles: &Needles) -> Result<()> {
    problems(db, workspace, needles).await?;
    samples(db, workspace, needles).await?;
    letters(db, workspace, needles).await
}

async fn problems(db: &Db, workspace: WorkspaceId, needles: &Needles) -> Result<()> {
    let mut after: Option<(ImportId, i64)> = None;
    loop {
        let (import, row_no) = after.unwrap_or((ImportId::from_uuid(uuid::Uuid::nil()), 0));
        let rows = sql("SELECT import_id, row_no, record FROM import_problems
                        WHERE workspace_id = $1 AND (import_id, row_no) > ($2, $3) ORDER BY import_id, row_no LIMIT $4")
            .bind(workspace)
            .bind(import)
            .bind(row_no)
            .bind(ROWS)
            .fetch_all(&mut db.reader().await?)
            .await?;
        let mut about: Vec<(ImportId, i64)> = Vec::new();
        for row in &rows {
            let place = (row.id(0)?, row.int(1)?);
            after = Some(place);
            if needles.found_in(&row.text(2)?) {
                about.push(place);
            }
        }
        if !about.is_empty() {
            db.write(Priority::Background, move |tx| {
                Box::pin(async move {
                    let rows = Batch::new()
                        .ids("workspace_id", about.iter().map(|_| workspace))
                        .ids("import_id", about.iter().map(|place| place.0))
                        .ints("row_no", about.iter().map(|place| place.1));
                    sql_rows(
                        "DELETE FROM import_problems WHERE (workspace_id, import_id, row_no) IN
                         (SELECT r.workspace_id, r.import_id, r.row_no FROM {rows})",
                        rows,
                    )
                    .execute(tx)
                    .await
                })
            })
            .await?;
        }
        if i64::try_from(rows.len()).unwrap_or(0) < ROWS {
            return Ok(());
        }
    }
}

/// Samples show what a column is like before a file is brought in; of a file that was, nobody needs them.
async fn samples(db: &Db, workspace: WorkspaceId, needles: &Needles) -> Result<()> {
    let rows = sql("SELECT id, columns FROM imports WHERE workspace_id = $1")
        .bind(workspace)
        .fetch_all(&mut db.reader().await?)
        .await?;
    let mut emptied: Vec<(ImportId, String)> = Vec::new();
    for row in &rows {
        let text = row.text(1)?;
        if !needles.found_in(&text) {
            continue;
        }
        let wrong = |_| crate::Error::Inconsistent {
            table: "imports",
            column: "columns",
        };
        let mut columns: Vec<serde_json::Value> = serde_json::from_str(&text).map_err(wrong)?;
        for column in &mut columns {
            column["samples"] = serde_json::json!([]);
        }
        emptied.push((row.id(0)?, serde_json::json!(columns).to_string()));
    }
    if emptied.is_empty() {
        return Ok(());
    }
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let rows = Batch::new()
                .ids("id", emptied.iter().map(|one| one.0))
                .texts("columns", emptied.iter().map(|one| one.1.as_str()));
            sql_rows(
                "UPDATE imports SET columns = r.columns FROM {rows}
                 WHERE imports.workspace_id = {$1} AND imports.id = r.id",
                rows,
            )
            .bind(workspace)
            .execute(tx)
            .await
        })
    })
    .await
    .map(drop)
}

/// A dead letter about one of them is emptied and done with: there is nobody to apply it to.
async fn letters(db: &Db, workspace: WorkspaceId, needles: &Needles) -> Result<()> {
    let mut after = DeadLetterId::from_uuid(uuid::Uuid::nil());
    loop {
        let rows = sql("SELECT id, item, detail FROM dead_letters WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3")
            .bind(workspace)
            .bind(after)
            .bind(ROWS)
            .fetch_all(&mut db.reader().await?)
            .await?;
        let mut about: Vec<DeadLetterId> = Vec::new();
        for row in &rows {
            after = row.id(0)?;
            let item = String::from_utf8_lossy(&row.bytes(1)?).into_owned();
            if needles.found_in(&item) || needles.found_in(&row.text(2)?) {
                about.push(after);
            }
        }
        if !about.is_empty() {
            db.write(Priority::Background, move |tx| {
                Box::pin(async move {
                    let now = tx.mint().now();
                    let nothing: &[u8] = b"{}";
                    sql_rows(
                        "UPDATE dead_letters SET item = $1, detail = '', state = 'discarded', changed_at = $2 FROM {rows}
                         WHERE dead_letters.id = r.id",
                        Batch::new().ids("id", about),
                    )
                    .bind(nothing)
                    .bind(now)
                    .execute(tx)
                    .await
                })
            })
            .await?;
        }
        if i64::try_from(rows.len()).unwrap_or(0) < ROWS {
            return Ok(());
        }
    }
}
