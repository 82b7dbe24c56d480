//! Tags of many contacts, written anew in one step.

use wigwag_model::audience::tag_key;
use wigwag_model::{ContactId, WorkspaceId};

use super::changed;
use crate::{Batch, Result, Tx, sql_rows};

/// Replaces the tags of contacts, in their rows and in the table that filters ask. Tags must be sorted.
pub(crate) async fn put_tags(
    tx: &mut Tx,
    workspace: WorkspaceId,
    people: &[(ContactId, Vec<String>)],
) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let now = tx.mint().now();
    let rows = Batch::new()
        .ids("id", people.iter().map(|(id, _)| *id))
        .texts(
            "tags",
            people
                .iter()
                .map(|(_, tags)| serde_json::json!(tags).to_string()),
        );
    sql_rows(
        "UPDATE contacts SET tags = r.tags, updated_at = $2, version = version + 1
         FROM {rows} WHERE contacts.workspace_id = {$1} AND contacts.id = r.id",
        rows,
    )
    .bind(workspace)
    .bind(now)
    .execute(tx)
    .await?;
    let rows = Batch::new()
        .ids("workspace_id", people.iter().map(|_| workspace))
        .ids("id", people.iter().map(|(id, _)| *id));
    sql_rows(
        "DELETE FROM contact_tags WHERE (workspace_id, contact_id) IN (SELECT r.workspace_id, r.id FROM {rows})",
        rows,
    )
    .execute(tx)
    .await?;
    let tags: Vec<(ContactId, &String)> = people
        .iter()
        .flat_map(|(id, tags)| tags.iter().map(|tag| (*id, tag)))
        .collect();
    if !tags.is_empty() {
        let rows = Batch::new()
            .texts("tag_key", tags.iter().map(|(_, tag)| tag_key(tag)))
            .ids("contact_id", tags.iter().map(|(id, _)| *id))
            .texts("tag", tags.iter().map(|(_, tag)| tag.as_str()));
        sql_rows(
            "INSERT INTO contact_tags (workspace_id, tag_key, contact_id, tag)
             SELECT $1, r.tag_key, r.contact_id, r.tag FROM {rows} WHERE true ON CONFLICT DO NOTHING",
            rows,
        )
        .bind(workspace)
        .execute(tx)
        .await?;
    }
    for (id, _) in people {
        changed(tx, workspace, *id);
    }
    Ok(())
}
