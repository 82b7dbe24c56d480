//! What leaves: messages of ours from the moment they are written until their attempt has an
//! outcome.
//!
//! A row is written with the change that causes it ([`enqueue`]), claimed by the number's lane
//! ([`claim`], which asks [`wigwag_model::can_send`] again in its transaction), and goes when
//! the outcome is recorded ([`finish`]). A row that was claimed and provably not written goes
//! back ([`Outcome::Release`], [`Outcome::Retry`]); one whose POST may have arrived never does: its message
//! becomes `unknown` (a take-over of its lane, [`Outcome::Unknown`]).

mod budget;
mod claim;
mod enqueue;
mod finish;
mod prepare;
mod sender;
mod skip;
mod unknown;

pub(crate) use budget::uncount;
pub use budget::{BUCKET, budget_used};
pub use claim::{Claim, Claimed, Claims, Recipient, claim, next_due};
pub(crate) use enqueue::write as enqueue_in;
pub use enqueue::{Enqueued, Idempotency, New, OwnReaction, enqueue};
pub use finish::{Finished, Outcome, finish};
pub use prepare::{Preparing, fail_preparing, prepared, preparing};
pub use sender::{Sender, senders};
pub(crate) use skip::skip_messages;
pub(crate) use unknown::take_over;
pub use unknown::{AGED, age_unknown};

use std::collections::BTreeMap;

use wigwag_model::id::Id as _;
use wigwag_model::{ConversationId, MessageId, MessageState, WorkspaceId};

use crate::endpoints::Happening;
use crate::{Batch, Event, Result, Tx, sql_rows};

/// Before whom a message goes: the smaller, the sooner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// A person answers a person.
    Reply,
    /// A program sends what somebody waits for.
    Transactional,
    /// An automation.
    Automation,
    /// A campaign.
    Campaign,
}

impl Urgency {
    /// The number in the table.
    pub fn rank(self) -> i64 {
        match self {
            Self::Reply => 10,
            Self::Transactional => 20,
            Self::Automation => 30,
            Self::Campaign => 40,
        }
    }
}

/// A message that changed by what we did, for the feed and the list's tick.
#[derive(Debug, Clone, Copy)]
struct Changed {
    workspace: WorkspaceId,
    message: MessageId,
    conversation: ConversationId,
    state: MessageState,
    /// Campaign messages are told of by progress, not one by one.
    quiet: bool,
}

/// Records the events of changed messages and keeps the list's tick in step.
async fn tell(tx: &mut Tx, changed: &[Changed]) -> Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    for row in changed {
        if matches!(row.state, MessageState::Failed | MessageState::Skipped) {
            let ended = Happening::status(row.message, row.state, None);
            tx.happened(row.workspace, ended);
        }
    }
    for row in changed.iter().filter(|row| !row.quiet) {
        let event = Event {
            kind: "message.changed",
            subject: row.message.uuid(),
            conversation: Some(row.conversation),
        };
        tx.record(row.workspace, event);
    }
    // One row per conversation: a statement may not meet the same row twice.
    let last: BTreeMap<(WorkspaceId, MessageId), &Changed> = changed
        .iter()
        .map(|row| ((row.workspace, row.message), row))
        .collect();
    let rows = Batch::new()
        .ids("workspace_id", last.values().map(|row| row.workspace))
        .ids("id", last.values().map(|row| row.conversation))
        .ids("message_id", last.values().map(|row| row.message))
        .ints("state", last.values().map(|row| row.state.rank()));
    let shown = sql_rows(
        "UPDATE conversations SET last_state = r.state FROM {rows}
         WHERE conversations.workspace_id = r.workspace_id AND conversations.id = r.id
           AND conversations.last_message_id = r.message_id
           AND (conversations.last_state IS NULL OR conversations.last_state <> r.state)
         RETURNING conversations.workspace_id, conversations.id",
        rows,
    )
    .fetch_all(tx)
    .await?;
    for row in &shown {
        let (workspace, id): (WorkspaceId, ConversationId) = (row.id(0)?, row.id(1)?);
        tx.record(
            workspace,
            Event {
                kind: crate::conversations::CHANGED,
                subject: id.uuid(),
                conversation: Some(id),
            },
        );
    }
    Ok(())
}
