//! What Meta tells of accounts and numbers, as endpoints are told it: Meta's own words, under an event
//! of ours.

use serde::Serialize;
use serde_json::{Value, json};
use wigwag_meta::webhook::Change;
use wigwag_model::endpoint::Kind;
use wigwag_model::{Timestamp, WorkspaceId};
use wigwag_store::ingest::{AccountChange, Notice};
use wigwag_store::routes::Resolved;

/// Longest value in bytes that is passed on: an endpoint's body has its limit, and nothing that Meta
/// documents comes near.
const LONGEST: usize = 16_000;
/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// The notice in a change; nothing for fields that are not told on, or are told as something else.
/// `time` is the entry's second, where it states one; `at` the instant that is told.
pub(super) fn notice(
    change: &Change<'_>,
    owner: &Resolved,
    time: Option<i64>,
    at: Timestamp,
) -> Option<AccountChange> {
    let (kind, value) = match change {
        Change::AccountAlert(alert) => (Kind::AccountAlerted, value(alert)),
        Change::AccountUpdate(update) => (Kind::AccountChanged, value(update)),
        Change::AccountReview(review) => (Kind::AccountReviewed, value(review)),
        Change::BusinessCapability(limits) => (Kind::AccountLimitsChanged, value(limits)),
        Change::PhoneNumberQuality(update) => (Kind::NumberChanged, value(update)),
        Change::PhoneNumberName(update) => (Kind::NumberChanged, value(update)),
        _ => return None,
    };
    let workspace: WorkspaceId = owner.route.workspace;
    Some(AccountChange::Notice(Notice {
        workspace,
        subject: owner.route.subject,
        kind,
        field: change.field().to_owned(),
        value,
        at,
        // Meta states the second for these fields. Where it does not, the same words come again on the same day.
        sent: time.unwrap_or_else(|| at.as_micros().div_euclid(DAY)),
    }))
}

/// Meta's value with all its fields, known here or not.
fn value(of: &impl Serialize) -> Value {
    serde_json::to_value(of)
        .ok()
        .filter(|value| value.to_string().len() <= LONGEST)
        .unwrap_or_else(|| json!({}))
}
