//! Applying what came in: batches of items that `engine` has read out of journal entries.
//!
//! One transaction applies a batch and moves the lane's cursor, so that every entry is applied
//! exactly once. Items are deduplicated by (workspace, number, wamid) and by status, so that
//! replays and a second app on the same WABA change nothing. Every kind is one statement per
//! batch, never a query per row.

mod accounts;
mod conversations;
mod items;
mod marks;
mod messages;
mod parked;
mod preferences;
mod statuses;

pub use items::{
    AccountChange, Inbound, Items, Mark, MarkKind, NewMedia, Person, Preference, StatusItem, Step,
    UserIdChange,
};
pub use parked::{apply as apply_parked, sweep as sweep_parked};
pub use statuses::callback_of;

use crate::dead_letters;
use crate::{Db, Priority, Result, Tx, journal};

/// Applies a batch and moves the lane's cursor, in one transaction.
///
/// # Errors
/// [`crate::Error::Stale`] when another process got there first; whatever an item's data causes,
/// after which the caller tries the entries singly.
pub async fn apply(db: &Db, step: Step, items: Items) -> Result<()> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            journal::advance(tx, step.partition, step.lane, step.from, step.to).await?;
            apply_items(tx, items).await
        })
    })
    .await
}

/// Applies items without a cursor: the replay of a dead letter.
///
/// # Errors
/// Whatever an item's data causes.
pub async fn apply_items(tx: &mut Tx, items: Items) -> Result<()> {
    if !items.dead.is_empty() {
        dead_letters::insert(tx, &items.dead).await?;
    }
    messages::apply(tx, items.messages).await?;
    marks::apply(tx, items.marks).await?;
    preferences::apply(tx, items.preferences).await?;
    preferences::apply_user_ids(tx, items.user_ids).await?;
    statuses::apply(tx, items.statuses).await?;
    accounts::apply(tx, items.accounts).await?;
    accounts::seen(tx, items.seen).await
}
