//! WhatsApp Business Accounts and their access tokens, sealed with the workspace's key.

use wigwag_model::id::Id as _;
use wigwag_model::rates::Billing;
use wigwag_model::{PortfolioId, WabaId, WorkspaceId};
use zeroize::Zeroizing;

use crate::{Db, Priority, Result, Row, sql};

/// A WABA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waba {
    /// Its id here.
    pub id: WabaId,
    /// The portfolio that owns it.
    pub portfolio: Option<PortfolioId>,
    /// The app that it is reached through.
    pub app_id: String,
    /// Meta's id.
    pub waba_id: String,
    /// Its name.
    pub name: String,
    /// The currency of its bill (ISO 4217); `None` until Meta was asked.
    pub currency: Option<String>,
    /// The zone in which its days begin (IANA); `None` until Meta was asked.
    pub time_zone: Option<String>,
}

impl Waba {
    /// What its bill goes by.
    pub fn billing(&self) -> Billing {
        Billing::of(self.currency.as_deref(), self.time_zone.as_deref())
    }
}

/// A WABA to make known.
#[derive(Clone)]
pub struct New {
    /// The portfolio that owns it.
    pub portfolio: Option<PortfolioId>,
    /// The app that it is reached through.
    pub app_id: String,
    /// Meta's id.
    pub waba_id: String,
    /// Its name.
    pub name: String,
    /// The token for Meta's API.
    pub access_token: String,
}

impl std::fmt::Debug for New {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("New")
            .field("waba_id", &self.waba_id)
            .finish_non_exhaustive()
    }
}

fn read(row: &Row) -> Result<Waba> {
    Ok(Waba {
        id: row.id(0)?,
        portfolio: row.opt_id(1)?,
        app_id: row.text(2)?,
        waba_id: row.text(3)?,
        name: row.text(4)?,
        currency: row.opt_text(5)?,
        time_zone: row.opt_text(6)?,
    })
}

/// Makes a WABA known, or changes its name, app and token.
///
/// # Errors
/// What the database says.
pub async fn put(db: &Db, workspace: WorkspaceId, new: New) -> Result<WabaId> {
    let (fresh, now): (WabaId, _) = (db.mint().id(), db.mint().now());
    let key = db.data_key(workspace).await?;
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let known = sql("SELECT id FROM wabas WHERE workspace_id = $1 AND waba_id = $2")
                .bind(workspace)
                .bind(&new.waba_id)
                .fetch_optional(tx)
                .await?;
            let id: WabaId = known.map_or(Ok(fresh), |row| row.id(0))?;
            let token = key.seal(tx.mint(), "wabas", id.uuid().as_bytes(), "access_token", new.access_token.as_bytes())?;
            sql("INSERT INTO wabas (workspace_id, id, portfolio, app_id, waba_id, name, access_token_enc, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                 ON CONFLICT (workspace_id, id) DO UPDATE
                 SET portfolio = $3, app_id = $4, name = $6, access_token_enc = $7")
                .bind(workspace)
                .bind(id)
                .bind(new.portfolio)
                .bind(new.app_id)
                .bind(new.waba_id)
                .bind(new.name)
                .bind(token)
                .bind(now)
                .execute(tx)
                .await?;
            Ok(id)
        })
    })
    .await
}

/// The WABAs of a workspace.
///
/// # Errors
/// What the database says.
pub async fn list(db: &Db, workspace: WorkspaceId) -> Result<Vec<Waba>> {
    let mut reader = db.reader().await?;
    let rows = sql("SELECT id, portfolio, app_id, waba_id, name, currency, time_zone FROM wabas WHERE workspace_id = $1 ORDER BY name, id")
        .bind(workspace)
        .fetch_all(&mut reader)
        .await?;
    rows.iter().map(read).collect()
}

/// One WABA.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn get(db: &Db, workspace: WorkspaceId, id: WabaId) -> Result<Waba> {
    let row = sql("SELECT id, portfolio, app_id, waba_id, name, currency, time_zone FROM wabas WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(id)
        .fetch_one(&mut db.reader().await?)
        .await?;
    read(&row)
}

/// Writes down what Meta says of a WABA's bill. What it does not say stays.
///
/// # Errors
/// What the database says.
pub async fn describe(
    db: &Db,
    workspace: WorkspaceId,
    id: WabaId,
    currency: Option<String>,
    time_zone: Option<String>,
) -> Result<()> {
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            sql("UPDATE wabas SET currency = COALESCE($3, currency), time_zone = COALESCE($4, time_zone)
                 WHERE workspace_id = $1 AND id = $2")
                .bind(workspace)
                .bind(id)
                .bind(currency)
                .bind(time_zone)
                .execute(tx)
                .await?;
            Ok(())
        })
    })
    .await
}

/// Every WABA of the installation with its workspace, for what is read from Meta now and then.
///
/// # Errors
/// What the database says.
pub async fn all(db: &Db) -> Result<Vec<(WorkspaceId, WabaId)>> {
    let rows = sql("SELECT workspace_id, id FROM wabas ORDER BY workspace_id, id")
        .fetch_all(&mut db.reader().await?)
        .await?;
    rows.iter()
        .map(|row| Ok((row.id(0)?, row.id(1)?)))
        .collect()
}

/// The token for Meta's API.
///
/// # Errors
/// [`crate::Error::NotFound`]; [`crate::Error::Sealed`] with another master key.
pub async fn access_token(
    db: &Db,
    workspace: WorkspaceId,
    id: WabaId,
) -> Result<Zeroizing<String>> {
    let mut reader = db.reader().await?;
    let key = db.data_key(workspace).await?;
    let row = sql("SELECT access_token_enc FROM wabas WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(id)
        .fetch_one(&mut reader)
        .await?;
    let token = key.open(
        "wabas",
        id.uuid().as_bytes(),
        "access_token",
        &row.bytes(0)?,
    )?;
    String::from_utf8(token.to_vec())
        .map(Zeroizing::new)
        .map_err(|_| crate::Error::Sealed)
}
