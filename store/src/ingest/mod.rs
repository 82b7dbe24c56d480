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
mod opt_out;
mod parked;
mod preferences;
mod statuses;
mod templates;

pub use items::{
    AccountChange, Answer, Inbound, Items, Mark, MarkKind, NewMedia, Notice, OptWord, Person,
    Preference, StatusItem, Step, TemplateNews, UserIdChange,
};
pub(crate) use opt_out::refused;
pub use parked::{apply as apply_parked, sweep as sweep_parked};
pub(crate) use statuses::STOPPED_MARKETING;
pub use statuses::callback_of;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use wigwag_model::WorkspaceId;

use crate::dead_letters;
use crate::{Db, Priority, Result, Tx, journal};

/// The change feed's place of each row's workspace. The counters are locked in one order, so that
/// two transactions that touch the same workspaces wait for each other and never in a ring.
async fn seqs(tx: &mut Tx, rows: impl Iterator<Item = WorkspaceId> + Clone) -> Result<Vec<i64>> {
    for workspace in rows.clone().collect::<BTreeSet<_>>() {
        tx.seq(workspace).await?;
    }
    let mut seqs = Vec::new();
    for workspace in rows {
        seqs.push(tx.seq(workspace).await?);
    }
    Ok(seqs)
}

/// Ends a statement that reads rows which are about to be changed: on PostgreSQL they are locked,
/// in one order and before the feed's counter, as every other transaction does it.
pub(crate) fn locking(text: &str, dialect: crate::Dialect, order: &str, table: &str) -> String {
    match dialect {
        crate::Dialect::Sqlite => text.to_owned(),
        crate::Dialect::Postgres => format!("{text} ORDER BY {order} FOR UPDATE OF {table}"),
    }
}

/// Applies a batch and moves the lane's cursor, in one transaction. Returns how long the
/// transaction's work took, without the wait before it and the commit after it.
///
/// # Errors
/// [`crate::Error::Stale`] when another process got there first; whatever an item's data causes,
/// after which the caller tries the entries singly.
pub async fn apply(db: &Db, step: Step, items: Items) -> Result<Duration> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            let clock = Arc::clone(tx.mint().clock());
            let started = clock.monotonic_us();
            journal::advance(tx, step.partition, step.lane, step.from, step.to).await?;
            apply_items(tx, items).await?;
            let took = clock.monotonic_us().saturating_sub(started);
            Ok(Duration::from_micros(u64::try_from(took).unwrap_or(0)))
        })
    })
    .await
}

/// Applies a part of a batch whose cursor moves with another part. Whoever stops in between applies
/// it again, which changes nothing.
///
/// # Errors
/// Like [`apply`].
pub async fn apply_part(db: &Db, items: Items) -> Result<()> {
    db.write(Priority::Background, move |tx| {
        Box::pin(apply_items(tx, items))
    })
    .await
}

/// Applies items in a transaction of the caller's: the replay of a dead letter.
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
