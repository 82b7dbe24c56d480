//! Deleting what has been kept long enough, for tables whose module has no sweep of its own. Each
//! call deletes one piece, so that the writer is never held for long.

use wigwag_model::Timestamp;

use crate::{Db, Priority, Result, outbox, sql};

async fn delete(db: &Db, text: &'static str, before: Timestamp) -> Result<u64> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move { sql(text).bind(before).execute(tx).await })
    })
    .await
}

/// Idempotency keys first seen before an instant, at most 2,000.
///
/// # Errors
/// What the database says.
pub async fn idempotency(db: &Db, before: Timestamp) -> Result<u64> {
    delete(
        db,
        "DELETE FROM idempotency WHERE (workspace_id, key) IN
         (SELECT workspace_id, key FROM idempotency WHERE created_at < $1 ORDER BY created_at LIMIT 2000)",
        before,
    )
    .await
}

/// One-time tokens that expired before an instant, used or not, at most 2,000.
///
/// # Errors
/// What the database says.
pub async fn one_time_tokens(db: &Db, before: Timestamp) -> Result<u64> {
    delete(
        db,
        "DELETE FROM one_time_tokens WHERE token_hash IN
         (SELECT token_hash FROM one_time_tokens WHERE expires_at < $1 LIMIT 2000)",
        before,
    )
    .await
}

/// Attempts that began before an instant, at most 2,000.
///
/// # Errors
/// What the database says.
pub async fn attempts(db: &Db, before: Timestamp) -> Result<u64> {
    delete(
        db,
        "DELETE FROM attempts WHERE (workspace_id, message_id, try_no) IN
         (SELECT workspace_id, message_id, try_no FROM attempts WHERE started_at < $1 ORDER BY started_at LIMIT 2000)",
        before,
    )
    .await
}

/// People whose place in the daily limit began before an instant, at most 2,000.
///
/// # Errors
/// What the database says.
pub async fn portfolio_budget(db: &Db, before: Timestamp) -> Result<u64> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move {
            // By portfolio, because the index is: a look at every row would hold the writer.
            let gone = sql(
                "DELETE FROM portfolio_budget WHERE (workspace_id, portfolio, contact_id) IN
                 (SELECT b.workspace_id, b.portfolio, b.contact_id FROM portfolios p
                  JOIN portfolio_budget b ON b.workspace_id = p.workspace_id AND b.portfolio = p.id
                  WHERE b.first_at < $1 LIMIT 2000)
                 RETURNING workspace_id, portfolio, first_at",
            )
            .bind(before)
            .fetch_all(tx)
            .await?;
            outbox::uncount(tx, &gone).await?;
            sql("DELETE FROM portfolio_budget_counts WHERE n <= 0 AND (workspace_id, portfolio, bucket) IN
                 (SELECT c.workspace_id, c.portfolio, c.bucket FROM portfolios p
                  JOIN portfolio_budget_counts c ON c.workspace_id = p.workspace_id AND c.portfolio = p.id
                  WHERE c.bucket < $1 LIMIT 2000)")
                .bind(before)
                .execute(tx)
                .await?;
            Ok(u64::try_from(gone.len()).unwrap_or(u64::MAX))
        })
    })
    .await
}

/// Dead letters that were dealt with and received before an instant, at most 2,000. Open ones stay.
///
/// # Errors
/// What the database says.
pub async fn dead_letters(db: &Db, before: Timestamp) -> Result<u64> {
    delete(
        db,
        "DELETE FROM dead_letters WHERE id IN
         (SELECT id FROM dead_letters WHERE state IN ('replayed', 'discarded') AND received_at < $1 LIMIT 2000)",
        before,
    )
    .await
}
