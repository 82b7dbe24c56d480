//! What became of the people of an action, one row each of those whom it changed or could not change.

use wigwag_model::{BulkId, ContactId, Timestamp, WorkspaceId};

use super::Page;
use crate::contacts::display_name;
use crate::{Batch, Db, Priority, Result, Tx, sql, sql_rows};

/// Somebody with whom it could not be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The contact's number, for the next page.
    pub no: i64,
    /// The contact.
    pub contact: ContactId,
    /// The name to show for it.
    pub name: String,
    /// Why: `too_many_tags`, `no_conversation`, `no_member`, `gone`.
    pub reason: String,
}

/// What became of one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// It was so already.
    Unchanged,
    /// Changed; the JSON says what stood before.
    Changed(String),
    /// It could not be done.
    Refused(&'static str),
}

/// Writes down what became of a page's people. Those who were listed and waited do so no more.
pub(super) async fn put(
    tx: &mut Tx,
    workspace: WorkspaceId,
    bulk: BulkId,
    page: &Page,
    fates: &[Fate],
) -> Result<()> {
    sql("DELETE FROM bulk_people WHERE workspace_id = $1 AND bulk_id = $2 AND no > $3 AND no <= $4 AND state = 'waiting'")
        .bind(workspace)
        .bind(bulk)
        .bind(page.from)
        .bind(page.to)
        .execute(tx)
        .await?;
    let told: Vec<(&(i64, ContactId), &Fate)> = page
        .people
        .iter()
        .zip(fates)
        .filter(|(_, fate)| **fate != Fate::Unchanged)
        .collect();
    if told.is_empty() {
        return Ok(());
    }
    let rows = Batch::new()
        .ints("no", told.iter().map(|(person, _)| person.0))
        .ids("contact_id", told.iter().map(|(person, _)| person.1))
        .texts(
            "state",
            told.iter().map(|(_, fate)| match fate {
                Fate::Refused(_) => "refused",
                _ => "changed",
            }),
        )
        .opt_texts(
            "reason",
            told.iter().map(|(_, fate)| match fate {
                Fate::Refused(reason) => Some(*reason),
                _ => None,
            }),
        )
        .opt_texts(
            "detail",
            told.iter().map(|(_, fate)| match fate {
                Fate::Changed(detail) => Some(detail.as_str()),
                _ => None,
            }),
        );
    sql_rows(
        "INSERT INTO bulk_people (workspace_id, bulk_id, no, contact_id, state, reason, detail)
         SELECT $1, $2, r.no, r.contact_id, r.state, r.reason, r.detail FROM {rows}",
        rows,
    )
    .bind(workspace)
    .bind(bulk)
    .execute(tx)
    .await?;
    Ok(())
}

/// Those with whom it could not be done, after a number.
///
/// # Errors
/// What the database says.
pub async fn refused(
    db: &Db,
    workspace: WorkspaceId,
    bulk: BulkId,
    after: i64,
    limit: u32,
) -> Result<Vec<Refused>> {
    let rows = sql(
        "SELECT b.no, b.contact_id, b.reason, p.name, p.profile_name, p.username, p.phone FROM bulk_people b
         LEFT JOIN contacts p ON p.workspace_id = b.workspace_id AND p.id = b.contact_id
         WHERE b.workspace_id = $1 AND b.bulk_id = $2 AND b.no > $3 AND b.state = 'refused' ORDER BY b.no LIMIT $4",
    )
    .bind(workspace)
    .bind(bulk)
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(&mut db.reader().await?)
    .await?;
    rows.iter()
        .map(|row| {
            let texts = [
                row.opt_text(3)?,
                row.opt_text(4)?,
                row.opt_text(5)?,
                row.opt_text(6)?,
            ];
            let [name, profile, username, phone] = texts.each_ref().map(Option::as_deref);
            Ok(Refused {
                no: row.int(0)?,
                contact: row.id(1)?,
                reason: row.opt_text(2)?.unwrap_or_default(),
                name: display_name(name, profile, username, phone),
            })
        })
        .collect()
}

/// Deletes what was kept to take actions back that ended before an instant, at most 2,000 rows.
///
/// # Errors
/// What the database says.
pub async fn sweep(db: &Db, before: Timestamp) -> Result<u64> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            sql(
                "DELETE FROM bulk_people WHERE (workspace_id, bulk_id, no) IN
                 (SELECT p.workspace_id, p.bulk_id, p.no FROM bulk_actions b
                  JOIN bulk_people p ON p.workspace_id = b.workspace_id AND p.bulk_id = b.id
                  WHERE b.ended_at < $1 LIMIT 2000)",
            )
            .bind(before)
            .execute(tx)
            .await
        })
    })
    .await
}
