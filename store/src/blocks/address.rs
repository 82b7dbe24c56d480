//! Under which addresses Meta knows a contact, and the rows that are missing for them.

use wigwag_model::{ContactId, WorkspaceId};

use super::WITHIN;
use crate::{Batch, Result, Tx, sql_rows_owned};

/// Whether identity `i` of the contact of conversation `v` is an address for its number: the WhatsApp id, and
/// where there is none the user id of the number's portfolio. Whoever has neither has never written.
pub(super) const IS_ADDRESS: &str = "(i.kind = 'wa_id' OR (i.kind = 'user_id'
      AND i.scope = (SELECT COALESCE(f.portfolio_id, '') FROM numbers n
           JOIN wabas w ON w.workspace_id = n.workspace_id AND w.id = n.waba
           LEFT JOIN portfolios f ON f.workspace_id = w.workspace_id AND f.id = w.portfolio
           WHERE n.workspace_id = v.workspace_id AND n.id = v.number_id)
      AND NOT EXISTS (SELECT 1 FROM contact_identities o WHERE o.workspace_id = i.workspace_id
           AND o.contact_id = i.contact_id AND o.kind = 'wa_id')))";

/// Writes the rows of blocked contacts that are not there yet: each address with each number that there is a
/// conversation with. An address that was somebody else's is this contact's now.
pub(super) async fn insert(tx: &mut Tx, workspace: WorkspaceId, ids: &[ContactId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let now = tx.mint().now();
    let text = format!(
        "INSERT INTO blocks (workspace_id, number_id, address, contact_id, wanted, listed, unsure, due_at, heard_at, tries, updated_at)
         SELECT v.workspace_id, v.number_id, i.value, v.contact_id, 1, 0, 0,
            CASE WHEN v.last_inbound_at > $3 THEN $2 END,
            CASE WHEN v.last_inbound_at > $3 THEN NULL ELSE COALESCE(v.last_inbound_at, 0) END, 0, $2
         FROM {{rows}} JOIN conversations v ON v.workspace_id = {{$1}} AND v.contact_id = r.id
         JOIN contact_identities i ON i.workspace_id = v.workspace_id AND i.contact_id = v.contact_id
         WHERE {IS_ADDRESS}
         ON CONFLICT (workspace_id, number_id, address) DO UPDATE SET contact_id = excluded.contact_id, wanted = 1,
            due_at = CASE WHEN blocks.unsure = 1 THEN blocks.due_at WHEN blocks.listed = 0 THEN excluded.due_at END,
            heard_at = CASE WHEN blocks.unsure = 0 AND blocks.listed = 0 THEN excluded.heard_at END,
            tries = 0, code = NULL, updated_at = excluded.updated_at
         WHERE blocks.contact_id <> excluded.contact_id"
    );
    sql_rows_owned(text, Batch::new().ids("id", ids.iter().copied()))
        .bind(workspace)
        .bind(now)
        .bind(now.minus(WITHIN))
        .execute(tx)
        .await
        .map(drop)
}
