//! The next people of an action, read outside the writer.

use wigwag_model::bulk::BulkAction;
use wigwag_model::{ContactId, WorkspaceId};

use super::Bulk;
use crate::{Db, Result, audience, sql};

/// People of one transaction: it holds the writer for some 20 ms.
const PEOPLE: u32 = 400;
/// The same where each of them has a thread, events and more that are looked through.
const ERASED: u32 = 50;
/// Numbers that one page looks through at most: where a filter finds hardly anybody a page ends without them,
/// so that nothing is held open for long.
const STRIDE: i64 = 20_000;

/// The next people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The number after which they begin.
    pub(super) from: i64,
    /// The number up to which everybody was looked at.
    pub(super) to: i64,
    /// Their numbers and ids.
    pub(super) people: Vec<(i64, ContactId)>,
    /// Whether there is nobody after them.
    pub(super) last: bool,
}

impl Page {
    /// The people's ids.
    pub fn ids(&self) -> Vec<ContactId> {
        self.people.iter().map(|person| person.1).collect()
    }
}

/// Reads the next people of an action from where it stands. Spans of its filter count from when it began.
///
/// # Errors
/// [`crate::Error::Filter`] when the filter cannot be asked any more.
pub async fn next_page(db: &Db, workspace: WorkspaceId, bulk: &Bulk) -> Result<Page> {
    let limit = if bulk.action == BulkAction::Erase {
        ERASED
    } else {
        PEOPLE
    };
    let (until, people) = match &bulk.filter {
        None => (bulk.last_no, waiting(db, workspace, bulk, limit).await?),
        Some(filter) => {
            let until = bulk.last_no.min(bulk.after_no + STRIDE);
            let numbers = (bulk.after_no, until);
            let mut on = db.snapshot().await?;
            let found =
                audience::numbers(&mut on, workspace, filter, bulk.created_at, numbers, limit);
            (until, found.await?)
        }
    };
    let full = people.len() >= limit as usize;
    let to = match people.last() {
        Some((no, _)) if full => *no,
        _ => until,
    };
    Ok(Page {
        from: bulk.after_no,
        to,
        last: !full && to >= bulk.last_no,
        people,
    })
}

async fn waiting(
    db: &Db,
    workspace: WorkspaceId,
    bulk: &Bulk,
    limit: u32,
) -> Result<Vec<(i64, ContactId)>> {
    let rows = sql("SELECT no, contact_id FROM bulk_people
                    WHERE workspace_id = $1 AND bulk_id = $2 AND no > $3 AND state = 'waiting' ORDER BY no LIMIT $4")
        .bind(workspace)
        .bind(bulk.id)
        .bind(bulk.after_no)
        .bind(i64::from(limit))
        .fetch_all(&mut db.reader().await?)
        .await?;
    rows.iter()
        .map(|row| Ok((row.int(0)?, row.id(1)?)))
        .collect()
}
