//! Whether the values of traits are of the kinds that the workspace's traits have.

use std::collections::BTreeMap;

use serde_json::Value;
use wigwag_model::WorkspaceId;
use wigwag_model::audience::TraitKind;

use crate::{Batch, Error, Result, Tx, sql_rows};

/// A value that is not of its trait's kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongKind {
    /// The trait's name.
    pub key: String,
    /// What its values are.
    pub kind: TraitKind,
}

/// Refuses values of the wrong kind. A trait that nobody had before takes any: its first value
/// defines it. Called in the transaction that writes, so that nobody defines one in between.
pub(super) async fn check(
    tx: &mut Tx,
    workspace: WorkspaceId,
    traits: &BTreeMap<String, Value>,
) -> Result<()> {
    if traits.is_empty() {
        return Ok(());
    }
    let rows = sql_rows(
        "SELECT t.key, t.kind FROM {rows} JOIN traits t ON t.workspace_id = {$1} AND t.key = r.key
         ORDER BY t.key",
        Batch::new().texts("key", traits.keys().map(String::as_str)),
    )
    .bind(workspace)
    .fetch_all(tx)
    .await?;
    let mut wrong = Vec::new();
    for row in &rows {
        let (key, kind) = (row.text(0)?, row.text(1)?);
        let kind = TraitKind::parse(&kind).ok_or(Error::Inconsistent {
            table: "traits",
            column: "kind",
        })?;
        if traits.get(&key).is_some_and(|value| !kind.takes(value)) {
            wrong.push(WrongKind { key, kind });
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Error::WrongKind(wrong))
    }
}
