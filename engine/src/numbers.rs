//! Business phone numbers, read from Meta.

use wigwag_meta::phone_number::{MessagingLimit, PhoneNumber, ThroughputLevel};
use wigwag_model::{NumberId, WabaId, WorkspaceId};
use wigwag_store::numbers::{self, Changes, Limit, Listed};

use crate::wabas::{self, SyncError};
use crate::{Context, jobs};

/// Messages per second of a number that is used in the WhatsApp Business app as well.
const WITH_APP: i64 = 20;
/// Messages per second of every number at first.
const STANDARD: i64 = 80;
/// Messages per second of a raised number.
const HIGH: i64 = 1_000;

/// Why nobody can say which number a message is to leave from.
#[derive(Debug, thiserror::Error)]
pub enum NoSender {
    /// There is none that is switched on.
    #[error("no number can send")]
    Nothing,
    /// There are several and none was named.
    #[error("several numbers can send")]
    Several,
    /// The database.
    #[error(transparent)]
    Store(#[from] wigwag_store::Error),
}

/// The number that a program's messages leave from: the one that was named for it, else the only one.
///
/// # Errors
/// [`NoSender`].
pub async fn sender_of(
    context: &Context,
    workspace: WorkspaceId,
    named: Option<NumberId>,
) -> Result<NumberId, NoSender> {
    if let Some(number) = named {
        return Ok(number);
    }
    let all = numbers::list(context.db(), workspace).await?;
    let mut able = all.iter().filter(|number| number.enabled);
    match (able.next(), able.next()) {
        (Some(only), None) => Ok(only.id),
        (None, _) => Err(NoSender::Nothing),
        (Some(_), Some(_)) => Err(NoSender::Several),
    }
}

/// Reads all numbers of a WABA and writes them over what was known. Clients of the workspace are
/// told of what differs.
///
/// # Errors
/// [`SyncError`].
pub async fn sync(
    context: &Context,
    workspace: WorkspaceId,
    waba: WabaId,
) -> Result<Changes, SyncError> {
    let at = context.clock().now();
    let (account, client) = wabas::open(context, workspace, waba).await?;
    crate::waba_bill::describe(context, &client, workspace, &account).await;
    let listed = client.list_phone_numbers(&account.waba_id).await?;
    let rows: Vec<Listed> = listed.into_iter().map(listed_row).collect();
    let count = rows.len();
    let changes = numbers::replace(context.db(), workspace, waba, rows, at).await?;
    if changes.foreign > 0 {
        tracing::warn!(%waba, foreign = changes.foreign, "numbers of this account belong to another workspace here");
    }
    tracing::info!(%waba, count, changed = changes.changed, vanished = changes.vanished, "numbers read");
    Ok(changes)
}

/// Asks for the numbers of all WABAs of a workspace to be read soon, by whichever process runs jobs.
///
/// # Errors
/// What the database says.
pub async fn request_sync(context: &Context, workspace: WorkspaceId) -> wigwag_store::Result<()> {
    let wabas = wabas::of(context, workspace).await?;
    jobs::enqueue_syncs(context, jobs::NUMBER_SYNC, wabas).await
}

fn listed_row(number: PhoneNumber) -> Listed {
    let limit = match number.messaging_limit() {
        None | Some(MessagingLimit::NotSet | MessagingLimit::Other(_)) => Limit::Unsaid,
        Some(limit) => limit
            .people()
            .map_or(Limit::Unlimited, |people| Limit::People(i64::from(people))),
    };
    let throughput = match number.throughput.map(|throughput| throughput.level) {
        _ if number.is_on_biz_app == Some(true) => Some(WITH_APP),
        Some(ThroughputLevel::Standard) => Some(STANDARD),
        Some(ThroughputLevel::High) => Some(HIGH),
        _ => None,
    };
    Listed {
        phone_number_id: number.id,
        display_phone_number: number.display_phone_number.filter(|text| !text.is_empty()),
        verified_name: number.verified_name.filter(|text| !text.is_empty()),
        quality: number
            .quality_rating
            .map(|word| word.as_str().to_ascii_lowercase()),
        status: number.status.map(|word| word.as_str().to_ascii_lowercase()),
        throughput,
        messaging_limit: limit,
    }
}
