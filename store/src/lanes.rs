//! Lanes: a number is served by one process at a time.
//!
//! A lane is leased; each take-over raises its epoch, and what the earlier holder was sending
//! becomes unknown in the same transaction. A lease whose owner is known to be dead (the same
//! instance started again, or SQLite, which has one process by an operating-system lock) may be
//! taken at once.

use wigwag_model::{NumberId, Timestamp, WorkspaceId};

use crate::{Db, Dialect, Error, Priority, Result, Tx, outbox, sql};

/// A held lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The tenant of the number.
    pub workspace: WorkspaceId,
    /// The number.
    pub number: NumberId,
    /// Who holds it.
    pub owner: String,
    /// Grows with each take-over.
    pub epoch: i64,
}

/// Takes a lane for `owner` until `until`; `None` while another process holds it.
///
/// # Errors
/// What the database says.
pub async fn acquire(
    db: &Db,
    workspace: WorkspaceId,
    number: NumberId,
    owner: &str,
    until: Timestamp,
) -> Result<Option<Lease>> {
    let owner = owner.to_owned();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let known = sql("SELECT owner, epoch, lease_until FROM lanes WHERE number_id = $1")
                .bind(number)
                .fetch_optional(tx)
                .await?;
            let epoch = match known {
                None => {
                    let made = sql(
                        "INSERT INTO lanes (number_id, workspace_id, owner, epoch, lease_until)
                                    VALUES ($1, $2, $3, 1, $4) ON CONFLICT DO NOTHING",
                    )
                    .bind(number)
                    .bind(workspace)
                    .bind(&owner)
                    .bind(until)
                    .execute(tx)
                    .await?;
                    (made == 1).then_some(1)
                }
                Some(row) => {
                    let (holder, epoch) = (row.text(0)?, row.int(1)?);
                    let free =
                        tx.dialect() == Dialect::Sqlite || holder == owner || row.time(2)? <= now;
                    if !free {
                        return Ok(None);
                    }
                    let taken = sql(
                        "UPDATE lanes SET owner = $3, epoch = epoch + 1, lease_until = $4
                                     WHERE number_id = $1 AND epoch = $2",
                    )
                    .bind(number)
                    .bind(epoch)
                    .bind(&owner)
                    .bind(until)
                    .execute(tx)
                    .await?;
                    (taken == 1).then_some(epoch + 1)
                }
            };
            let Some(epoch) = epoch else { return Ok(None) };
            let unknown = outbox::take_over(tx, workspace, number, epoch, now).await?;
            if unknown > 0 {
                tracing::warn!(%number, unknown, "attempts of an earlier process are unknown now");
            }
            Ok(Some(Lease {
                workspace,
                number,
                owner,
                epoch,
            }))
        })
    })
    .await
}

/// Makes a lease last until `until`.
///
/// # Errors
/// [`Error::Stale`] when the lane is another process's by now.
pub async fn renew(db: &Db, lease: &Lease, until: Timestamp) -> Result<()> {
    let lease = lease.clone();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move { renew_on(tx, &lease, until).await })
    })
    .await
}

/// [`renew`] in a transaction that must not commit without the lane.
pub(crate) async fn renew_on(tx: &mut Tx, lease: &Lease, until: Timestamp) -> Result<()> {
    let held =
        sql("UPDATE lanes SET lease_until = $4 WHERE number_id = $1 AND owner = $2 AND epoch = $3")
            .bind(lease.number)
            .bind(&lease.owner)
            .bind(lease.epoch)
            .bind(until)
            .execute(tx)
            .await?;
    if held == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Gives a lane back, after everything claimed has its record.
///
/// # Errors
/// What the database says.
pub async fn release(db: &Db, lease: &Lease) -> Result<()> {
    match renew(db, lease, Timestamp::from_micros(0)).await {
        Err(Error::Stale) => Ok(()),
        other => other,
    }
}
