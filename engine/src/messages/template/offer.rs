//! Offers that end: when they do.

use serde_json::Value;
use wigwag_meta::outgoing::{Component, LimitedTimeOffer, Parameter};
use wigwag_model::Timestamp;
use wigwag_model::content::TemplateOffer;

use super::super::send::SendError;
use super::filling::Filling;

/// The key of the offer's end.
const KEY: &str = "offer.expires_at";

pub(super) fn fill(
    filling: &Filling<'_>,
    component: &Value,
) -> Result<(TemplateOffer, Option<Component>), SendError> {
    let offer = &component["limited_time_offer"];
    let mut shown = TemplateOffer {
        text: offer["text"].as_str().unwrap_or_default().to_owned(),
        expires_at: None,
    };
    let Some(value) = filling.value(KEY) else {
        return Ok((shown, None));
    };
    let end = instant(value.trim()).ok_or_else(|| {
        SendError::field(
            format!("template.variables.{KEY}"),
            "invalid",
            "give a time like 2026-12-24T18:00:00Z",
        )
    })?;
    shown.expires_at = Some(end.to_string());
    let limited_time_offer = LimitedTimeOffer {
        expiration_time_ms: end.as_micros() / 1_000,
    };
    let parameters = vec![Parameter::LimitedTimeOffer { limited_time_offer }];
    Ok((shown, Some(Component::LimitedTimeOffer { parameters })))
}

/// RFC 3339, or Unix milliseconds as Meta takes them.
fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(millis) = text.parse::<i64>() {
        return Some(Timestamp::from_micros(millis.checked_mul(1_000)?));
    }
    text.parse().ok()
}
