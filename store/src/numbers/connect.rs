//! Making a number known when its WABA is connected. What Meta says of it later is written by the
//! synchronisation.

use wigwag_model::{NumberId, WabaId, WorkspaceId};

use crate::{Db, Priority, Result, sql};

/// A number to make known.
#[derive(Debug, Clone)]
pub struct NewNumber {
    /// The WABA.
    pub waba: WabaId,
    /// Meta's id.
    pub phone_number_id: String,
    /// As it is displayed.
    pub display_phone_number: String,
    /// The name that Meta verified.
    pub verified_name: String,
    /// `green`, `yellow`, `red` or `unknown`.
    pub quality: String,
    /// Meta's status in lower case.
    pub status: String,
    /// Messages per second.
    pub throughput: i64,
    /// Contacts per 24 hours; `None` when unlimited or unknown.
    pub messaging_limit: Option<i64>,
}

/// Makes a number known, or finds it; what is known of it already is left alone.
///
/// # Errors
/// What the database says.
pub async fn connect(db: &Db, workspace: WorkspaceId, number: NewNumber) -> Result<NumberId> {
    let fresh: NumberId = db.mint().id();
    let now = db.mint().now();
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("INSERT INTO numbers (workspace_id, id, waba, phone_number_id, display_phone_number, verified_name,
                    quality, status, throughput, messaging_limit, enabled, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11)
                 ON CONFLICT (workspace_id, phone_number_id) DO NOTHING")
                .bind(workspace)
                .bind(fresh)
                .bind(number.waba)
                .bind(&number.phone_number_id)
                .bind(number.display_phone_number)
                .bind(number.verified_name)
                .bind(number.quality)
                .bind(number.status)
                .bind(number.throughput)
                .bind(number.messaging_limit)
                .bind(now)
                .execute(tx)
                .await?;
            sql("SELECT id FROM numbers WHERE workspace_id = $1 AND phone_number_id = $2")
                .bind(workspace)
                .bind(number.phone_number_id)
                .fetch_one(tx)
                .await?
                .id(0)
        })
    })
    .await
}
