//! What Meta charged for a message, as it is read back. `ingest` writes it, once.

use serde::Deserialize;

use crate::{Result, Row};

/// The charge of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// The amount in millionths of the currency; nought when it was free.
    pub micros: i64,
    /// The currency (ISO 4217).
    pub currency: String,
    /// The first day of the rate card; none for what was free.
    pub card: Option<String>,
    /// Meta's category: `marketing`, `service`, …
    pub category: Option<String>,
    /// Why it was free: `free_customer_service`, `free_entry_point`, or `not_billable` when Meta gives
    /// no reason.
    pub free_reason: Option<String>,
}

/// What is kept of Meta's pricing object, with the rank of the state that brought it.
#[derive(Default, Deserialize)]
struct Kept {
    #[serde(default)]
    pricing: Pricing,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Pricing {
    #[serde(rename = "type")]
    kind: Option<String>,
    category: Option<String>,
}

/// Reads amount, currency, card and pricing object from a column on.
pub(super) fn read(row: &Row, from: usize) -> Result<Option<Cost>> {
    let Some(micros) = row.opt_int(from)? else {
        return Ok(None);
    };
    let pricing = row.opt_text(from + 3)?;
    let kept: Kept = pricing
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let card = row.opt_text(from + 2)?;
    // What was charged has a card; a rate of nought on it is no present.
    let free_reason = card.is_none().then(|| {
        let reason = kept.pricing.kind.filter(|kind| kind.starts_with("free"));
        reason.unwrap_or_else(|| "not_billable".to_owned())
    });
    Ok(Some(Cost {
        micros,
        currency: row.opt_text(from + 1)?.unwrap_or_default(),
        card,
        category: kept.pricing.category,
        free_reason,
    }))
}
