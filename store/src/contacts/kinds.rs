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

/// Those of the values that a stranger may set: of traits that the workspace has, and of their kind.
/// The rest is left out without a word: a trait that a stranger defined would bind everybody to its
/// kind, and a refusal would tell which traits there are.
pub(super) async fn takeable(
    tx: &mut Tx,
    workspace: WorkspaceId,
    mut traits: BTreeMap<String, Value>,
) -> Result<BTreeMap<String, Value>> {
    traits.retain(|_, value| !value.is_null());
    let known = kinds_of(tx, workspace, &traits).await?;
    traits.retain(|key, value| known.get(key).is_some_and(|kind| kind.takes(value)));
    Ok(traits)
}

/// Refuses values of the wrong kind. A trait that nobody had before takes any: its first value
/// defines it. Called in the transaction that writes, so that nobody defines one in between.
pub(super) async fn check(
    tx: &mut Tx,
    workspace: WorkspaceId,
    traits: &BTreeMap<String, Value>,
) -> Result<()> {
    let mut wrong = Vec::new();
    for (key, kind) in kinds_of(tx, workspace, traits).await? {
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

/// The kinds of those traits that the workspace has.
async fn kinds_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    traits: &BTreeMap<String, Value>,
) -> Result<BTreeMap<String, TraitKind>> {
    if traits.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = sql_rows(
        "SELECT t.key, t.kind FROM {rows} JOIN traits t ON t.workspace_id = {$1} AND t.key = r.key
         ORDER BY t.key",
        Batch::new().texts("key", traits.keys().map(String::as_str)),
    )
    .bind(workspace)
    .fetch_all(tx)
    .await?;
    rows.iter()
        .map(|row| {
            let kind = TraitKind::parse(&row.text(1)?).ok_or(Error::Inconsistent {
                table: "traits",
                column: "kind",
            })?;
            Ok((row.text(0)?, kind))
        })
        .collect()
}
