//! Whether WhatsApp stops the messages of somebody who is blocked here.

use wigwag_model::{ContactId, WorkspaceId};

use crate::{Executor, Result, sql};

/// How far a block has come at Meta, the worst of all numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// On the list of every number: their messages do not come.
    Listed,
    /// Meta blocks only who wrote within 24 hours: it is asked once they write.
    Waiting,
    /// Meta is being asked.
    Asked,
    /// Meta refused.
    Refused,
}

impl Standing {
    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::Waiting => "waiting",
            Self::Asked => "asked",
            Self::Refused => "refused",
        }
    }
}

/// Where the block of a blocked contact stands. Whoever never wrote waits.
///
/// # Errors
/// What the database says.
pub async fn standing(
    on: &mut impl Executor,
    workspace: WorkspaceId,
    contact: ContactId,
) -> Result<Standing> {
    let rows = sql("SELECT listed, due_at, heard_at, code FROM blocks
                    WHERE workspace_id = $1 AND contact_id = $2 AND wanted = 1")
    .bind(workspace)
    .bind(contact)
    .fetch_all(on)
    .await?;
    let mut worst = None;
    for row in &rows {
        let (listed, due) = (row.bool(0)?, row.opt_int(1)?.is_some());
        let standing = if due && row.opt_int(3)?.is_none() {
            Standing::Asked
        } else if row.opt_int(2)?.is_some() {
            Standing::Waiting
        } else if listed {
            Standing::Listed
        } else {
            Standing::Refused
        };
        worst = worst.max(Some(standing));
    }
    Ok(worst.unwrap_or(Standing::Waiting))
}
