//! How many conversations wait, for the sidebar. Counting stops at [`CAP`], so that the answer
//! costs the same for a business with ten thousand open conversations and one with a million.

use wigwag_model::{MemberId, Scope};

use super::visible;
use crate::{Db, Result, sql_owned};

/// Counting stops here.
pub const CAP: i64 = 9_999;

/// Counts of open conversations, each at most [`CAP`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub all: i64,
    /// The caller's.
    pub mine: i64,
    /// Nobody's.
    pub unassigned: i64,
    /// Those with unread messages.
    pub unread: i64,
}

/// Counts what the caller may see.
///
/// # Errors
/// What the database says.
pub async fn counts(db: &Db, scope: &Scope, me: Option<MemberId>) -> Result<Counts> {
    let (hidden, member) = visible(scope, 3);
    let count = |condition: &str| {
        format!(
            "(SELECT COUNT(*) FROM (SELECT 1 FROM conversations c
              WHERE c.workspace_id = $1 AND c.status = 'open'{condition}{hidden} LIMIT {CAP}) AS some)"
        )
    };
    let text = format!(
        "SELECT {}, {}, {}, {}",
        count(""),
        count(" AND c.assignee_id = $2"),
        count(" AND c.assignee_id IS NULL"),
        count(" AND c.unread_count > 0"),
    );
    let mut statement = sql_owned(text).bind(scope.workspace).bind(me);
    if let Some(member) = member {
        statement = statement.bind(member);
    }
    let row = statement.fetch_one(&mut db.reader().await?).await?;
    Ok(Counts {
        all: row.int(0)?,
        mine: row.int(1)?,
        unassigned: row.int(2)?,
        unread: row.int(3)?,
    })
}
