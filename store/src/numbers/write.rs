//! Numbers as a listing of Meta shows them, written over what was known.

use std::collections::HashSet;

use wigwag_model::id::Id as _;
use wigwag_model::{NumberId, Timestamp, WabaId, WorkspaceId};

use crate::routes::RouteKind;
use crate::{Db, Event, Priority, Result, Tx, sql};

/// A number in a listing. What Meta does not say is left as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// Meta's id.
    pub phone_number_id: String,
    /// As it is displayed.
    pub display_phone_number: Option<String>,
    /// The name that Meta verified.
    pub verified_name: Option<String>,
    /// Meta's quality in lower case.
    pub quality: Option<String>,
    /// Meta's status in lower case.
    pub status: Option<String>,
    /// Messages per second.
    pub throughput: Option<i64>,
    /// Contacts per 24 hours.
    pub messaging_limit: Limit,
}

/// What a listing says of the contacts that may be written to per 24 hours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Limit {
    /// Nothing.
    #[default]
    Unsaid,
    /// As many as one likes.
    Unlimited,
    /// So many.
    People(i64),
}

/// What a listing changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// Numbers that are new or differ from what was known.
    pub changed: usize,
    /// Numbers that Meta does not list any more.
    pub vanished: usize,
    /// Numbers that belong to another workspace here and were left alone.
    pub foreign: usize,
}

/// The numbers of a WABA as kept, by Meta's id.
struct Known {
    id: NumberId,
    phone_number_id: String,
    listed: Listed,
}

/// Writes the whole listing of a WABA, read at `at`. A number not known yet is made known and
/// routed here, unless another workspace has it; one that is not listed any more is marked
/// `deleted`. Only what differs is told to clients.
///
/// # Errors
/// What the database says; [`crate::Error::NotFound`] for an unknown WABA.
pub async fn replace(
    db: &Db,
    workspace: WorkspaceId,
    waba: WabaId,
    listed: Vec<Listed>,
    at: Timestamp,
) -> Result<Changes> {
    db.write(Priority::Background, move |tx| {
        Box::pin(async move { write(tx, workspace, waba, &listed, at).await })
    })
    .await
}

async fn write(
    tx: &mut Tx,
    workspace: WorkspaceId,
    waba: WabaId,
    listed: &[Listed],
    at: Timestamp,
) -> Result<Changes> {
    let app = sql("SELECT app_id FROM wabas WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(waba)
        .fetch_one(tx)
        .await?
        .text(0)?;
    let known = known(tx, workspace, waba).await?;
    let mut changes = Changes::default();
    // A WABA has twenty numbers at most: one by one is fine.
    for number in listed {
        let old = known
            .iter()
            .find(|old| old.phone_number_id == number.phone_number_id);
        match old {
            Some(old) => {
                let new = merged(&old.listed, number);
                let differs = new != old.listed;
                update(tx, workspace, old.id, &new, at).await?;
                if differs {
                    tell(tx, workspace, old.id);
                    changes.changed += 1;
                }
            }
            None => match insert(tx, workspace, waba, &app, number, at).await? {
                Some(id) => {
                    tell(tx, workspace, id);
                    changes.changed += 1;
                }
                None => changes.foreign += 1,
            },
        }
    }
    let seen: HashSet<&str> = listed
        .iter()
        .map(|number| number.phone_number_id.as_str())
        .collect();
    for old in &known {
        let gone = old.listed.status.as_deref() == Some("deleted");
        if !gone && !seen.contains(old.phone_number_id.as_str()) {
            sql("UPDATE numbers SET status = 'deleted', synced_at = $3 WHERE workspace_id = $1 AND id = $2")
                .bind(workspace)
                .bind(old.id)
                .bind(at)
                .execute(tx)
                .await?;
            tell(tx, workspace, old.id);
            changes.vanished += 1;
        }
    }
    Ok(changes)
}

async fn known(tx: &mut Tx, workspace: WorkspaceId, waba: WabaId) -> Result<Vec<Known>> {
    let rows = sql(
        "SELECT id, phone_number_id, display_phone_number, verified_name, quality, status, throughput, messaging_limit
         FROM numbers WHERE workspace_id = $1 AND waba = $2",
    )
    .bind(workspace)
    .bind(waba)
    .fetch_all(tx)
    .await?;
    rows.iter()
        .map(|row| {
            let phone_number_id = row.text(1)?;
            Ok(Known {
                id: row.id(0)?,
                listed: Listed {
                    phone_number_id: phone_number_id.clone(),
                    display_phone_number: Some(row.text(2)?),
                    verified_name: Some(row.text(3)?),
                    quality: Some(row.text(4)?),
                    status: Some(row.text(5)?),
                    throughput: Some(row.int(6)?),
                    messaging_limit: row.opt_int(7)?.map_or(Limit::Unlimited, Limit::People),
                },
                phone_number_id,
            })
        })
        .collect()
}

/// What is known, with what Meta says now written over it.
fn merged(old: &Listed, new: &Listed) -> Listed {
    let text = |new: &Option<String>, old: &Option<String>| new.clone().or_else(|| old.clone());
    Listed {
        phone_number_id: old.phone_number_id.clone(),
        display_phone_number: text(&new.display_phone_number, &old.display_phone_number),
        verified_name: text(&new.verified_name, &old.verified_name),
        quality: text(&new.quality, &old.quality),
        status: text(&new.status, &old.status),
        throughput: new.throughput.or(old.throughput),
        messaging_limit: match new.messaging_limit {
            Limit::Unsaid => old.messaging_limit,
            said => said,
        },
    }
}

fn people(limit: Limit) -> Option<i64> {
    match limit {
        Limit::Unsaid | Limit::Unlimited => None,
        Limit::People(people) => Some(people),
    }
}

async fn update(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: NumberId,
    new: &Listed,
    at: Timestamp,
) -> Result<()> {
    sql("UPDATE numbers SET display_phone_number = $3, verified_name = $4, quality = $5, status = $6, throughput = $7,
            messaging_limit = $8, synced_at = $9 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace)
        .bind(id)
        .bind(new.display_phone_number.clone().unwrap_or_default())
        .bind(new.verified_name.clone().unwrap_or_default())
        .bind(new.quality.clone().unwrap_or_default())
        .bind(new.status.clone().unwrap_or_default())
        .bind(new.throughput.unwrap_or_default())
        .bind(people(new.messaging_limit))
        .bind(at)
        .execute(tx)
        .await?;
    Ok(())
}

/// Makes a number known; `None` when its route belongs to another workspace.
async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    waba: WabaId,
    app: &str,
    new: &Listed,
    at: Timestamp,
) -> Result<Option<NumberId>> {
    let id: NumberId = tx.mint().id();
    let routed = sql(
        "INSERT INTO routes (kind, external_id, app_id, workspace_id, subject_id) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (kind, external_id) DO NOTHING",
    )
    .bind(RouteKind::PhoneNumber.as_str())
    .bind(&new.phone_number_id)
    .bind(app)
    .bind(workspace)
    .bind(id)
    .execute(tx)
    .await?;
    if routed == 0 {
        return Ok(None);
    }
    // What Meta left unsaid starts with what every number has at first.
    let unknown = || "unknown".to_owned();
    sql("INSERT INTO numbers (workspace_id, id, waba, phone_number_id, display_phone_number, verified_name, quality,
            status, throughput, messaging_limit, enabled, synced_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $11)")
        .bind(workspace)
        .bind(id)
        .bind(waba)
        .bind(&new.phone_number_id)
        .bind(new.display_phone_number.clone().unwrap_or_default())
        .bind(new.verified_name.clone().unwrap_or_default())
        .bind(new.quality.clone().unwrap_or_else(unknown))
        .bind(new.status.clone().unwrap_or_else(unknown))
        .bind(new.throughput.unwrap_or(80))
        .bind(people(new.messaging_limit))
        .bind(at)
        .execute(tx)
        .await?;
    Ok(Some(id))
}

fn tell(tx: &mut Tx, workspace: WorkspaceId, id: NumberId) {
    tx.record(
        workspace,
        Event {
            kind: "number.changed",
            subject: id.uuid(),
            conversation: None,
        },
    );
}
