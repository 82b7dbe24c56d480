//! Statuses of our messages as evidence.

use wigwag_meta::classify;
use wigwag_meta::webhook::{DeliveryStatus, Status};
use wigwag_model::rates::Billing;
use wigwag_model::{MessageState, NumberId, Timestamp, WorkspaceId};
use wigwag_store::ingest::{StatusItem, callback_of};

use super::costs;

/// The reason of a failure whose code nobody knows.
const UNKNOWN_REASON: &str = "unknown";

/// What a status proves; `None` for words that prove nothing about a message of ours.
pub(super) fn evidence(
    workspace: WorkspaceId,
    number: NumberId,
    billing: &Billing,
    status: &Status<'_>,
    at: Timestamp,
) -> Option<StatusItem> {
    let state = match &status.status {
        DeliveryStatus::Sent => MessageState::Sent,
        DeliveryStatus::Delivered => MessageState::Delivered,
        DeliveryStatus::Read => MessageState::Read,
        DeliveryStatus::Played => MessageState::Played,
        DeliveryStatus::Failed => MessageState::Failed,
        DeliveryStatus::Deleted | DeliveryStatus::Warning | DeliveryStatus::Other(_) => {
            return None;
        }
    };
    let failed = state == MessageState::Failed;
    let error = status.errors.first().filter(|_| failed);
    let code = error.map(|error| error.code);
    let reason = failed.then(|| {
        code.and_then(classify::lookup)
            .map_or(UNKNOWN_REASON, |info| info.reason)
            .to_owned()
    });
    Some(StatusItem {
        workspace,
        number,
        wamid: status.id.as_str().to_owned(),
        state,
        at,
        message: status
            .biz_opaque_callback_data
            .as_deref()
            .and_then(callback_of),
        failure_code: code,
        failure_reason: reason,
        failure_detail: error
            .and_then(wigwag_meta::webhook::WebhookError::details)
            .map(str::to_owned),
        pricing: status
            .pricing
            .as_ref()
            .and_then(|pricing| serde_json::to_string(pricing).ok()),
        charge: costs::charge_of(status, state, billing, at),
        free_entry_until: costs::free_entry_until(status),
    })
}
