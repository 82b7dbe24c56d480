//! The `pricing` object of statuses, by the regime in force at delivery.
//!
//! Before July 2025 conversations were charged, then messages; from October 2026 service messages
//! and utility templates in the service window are charged too. Source: Meta's pricing pages as
//! collected in the reference (8.2 and 4.6).

use serde_json::{Value, json};

use crate::clock::DAY;

/// 2025-07-01 00:00 UTC.
const PER_MESSAGE_FROM_US: i64 = 20_270 * DAY;
/// 2026-10-01 00:00 UTC.
const SERVICE_CHARGED_FROM_US: i64 = 20_727 * DAY;

/// The `pricing` object, and the free entry point's `conversation` origin if there is one.
///
/// `category` is the template's in small letters (`marketing_lite` through the Marketing Messages
/// API) or `service`.
pub(crate) fn pricing(at_us: i64, category: &str, in_window: bool, free_entry: bool) -> Value {
    if at_us < PER_MESSAGE_FROM_US {
        return json!({"billable": category != "service", "pricing_model": "CBP", "category": category});
    }
    if free_entry {
        return json!({
            "billable": false, "pricing_model": "PMP",
            "type": "free_entry_point", "category": "referral_conversion",
        });
    }
    let free_in_window = at_us < SERVICE_CHARGED_FROM_US
        && (category == "service" || (category == "utility" && in_window));
    json!({
        "billable": !free_in_window,
        "pricing_model": "PMP",
        "type": if free_in_window { "free_customer_service" } else { "regular" },
        "category": category,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(date: &str) -> i64 {
        format!("{date}T00:00:00Z")
            .parse::<jiff::Timestamp>()
            .unwrap()
            .as_microsecond()
    }

    #[test]
    fn the_regimes_start_at_their_dates() {
        assert_eq!(at("2025-07-01"), PER_MESSAGE_FROM_US);
        assert_eq!(at("2026-10-01"), SERVICE_CHARGED_FROM_US);
    }

    #[test]
    fn service_is_free_until_october_2026() {
        assert_eq!(
            pricing(at("2026-09-30"), "service", true, false)["type"],
            "free_customer_service"
        );
        let later = pricing(at("2026-10-01"), "service", true, false);
        assert_eq!(
            (later["billable"].as_bool(), later["type"].as_str()),
            (Some(true), Some("regular"))
        );
    }

    #[test]
    fn utility_is_free_in_the_window_only() {
        assert_eq!(
            pricing(at("2026-06-01"), "utility", true, false)["billable"],
            false
        );
        assert_eq!(
            pricing(at("2026-06-01"), "utility", false, false)["billable"],
            true
        );
        assert_eq!(
            pricing(at("2026-11-01"), "utility", true, false)["billable"],
            true
        );
    }

    #[test]
    fn an_ad_click_makes_all_free() {
        let free = pricing(at("2026-11-01"), "marketing", true, true);
        assert_eq!(free["category"], "referral_conversion");
        assert_eq!(free["billable"], false);
    }
}
