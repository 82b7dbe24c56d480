//! The texts of templates that have buttons with addresses, of all workspaces: what nobody signs in for.

use serde_json::Value;
use wigwag_model::TemplateId;
use wigwag_model::id::Id as _;

use crate::{Db, Result, sql};

/// Rows that are read at a time.
const STEP: i64 = 500;

/// The components of every template that Meta has and that has a button with an address. Meta's own words
/// only: what is written here and not handed in is not among them.
///
/// # Errors
/// What the database says.
pub async fn with_links(db: &Db) -> Result<Vec<Value>> {
    let mut found = Vec::new();
    let mut after = TemplateId::from_uuid(uuid::Uuid::nil());
    loop {
        let rows = sql("SELECT id, components FROM templates
             WHERE id > $1 AND meta_template_id <> '' AND status NOT IN ('draft', 'rejected')
               AND components LIKE '%\"url\"%' ORDER BY id LIMIT $2")
        .bind(after)
        .bind(STEP)
        .fetch_all(&mut db.reader().await?)
        .await?;
        for row in &rows {
            after = row.id(0)?;
            // What cannot be read has no buttons.
            found.extend(serde_json::from_str(&row.text(1)?));
        }
        if i64::try_from(rows.len()).unwrap_or_default() < STEP {
            return Ok(found);
        }
    }
}
