//! The `pricing` object of statuses, by the regime in force at delivery.
//!
//! Before July 2025 conversations were charged, then messages; from October 2026 service messages
//! and utility templates in the service window are charged too. Source: Meta's pricing pages as
//! collected in the reference (8.2 and 4.6). The regimes begin at 00:00 of the account's time zone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use wigwag_meta::time_zones;

/// The first day on which messages are charged, not conversations.
const PER_MESSAGE_FROM: Date = jiff::civil::date(2025, 7, 1);
/// The first day on which service messages are charged.
const SERVICE_CHARGED_FROM: Date = jiff::civil::date(2026, 10, 1);

/// The day that it is for an account with this `timezone_id`.
pub(crate) fn day(at_us: i64, timezone_id: &str) -> Date {
    let zone = time_zones::name(timezone_id).and_then(|name| TimeZone::get(name).ok());
    let at = jiff::Timestamp::from_microsecond(at_us).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    zone.unwrap_or(TimeZone::UTC).to_datetime(at).date()
}

/// The `pricing` object, and the free entry point's `conversation` origin if there is one.
///
/// `category` is the template's in small letters (`marketing_lite` through the Marketing Messages
/// API) or `service`.
pub(crate) fn pricing(day: Date, category: &str, in_window: bool, free_entry: bool) -> Value {
    if day < PER_MESSAGE_FROM {
        return json!({"billable": category != "service", "pricing_model": "CBP", "category": category});
    }
    if free_entry {
        return json!({
            "billable": false, "pricing_model": "PMP",
            "type": "free_entry_point", "category": "referral_conversion",
        });
    }
    let free_in_window = day < SERVICE_CHARGED_FROM
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

    fn at(date: &str) -> Date {
        date.parse().unwrap()
    }

    #[test]
    fn a_day_begins_in_the_accounts_zone() {
        let instant: jiff::Timestamp = "2026-09-30T18:30:00Z".parse().unwrap();
        assert_eq!(day(instant.as_microsecond(), "71"), at("2026-10-01"));
        assert_eq!(day(instant.as_microsecond() - 1, "71"), at("2026-09-30"));
        assert_eq!(day(instant.as_microsecond(), "0"), at("2026-09-30"));
    }

    #[test]
    fn conversations_were_charged_before_july_2025() {
        let old = pricing(at("2025-06-30"), "marketing", false, false);
        assert_eq!(old["pricing_model"], "CBP");
        assert!(old["type"].is_null());
        let new = pricing(at("2025-07-01"), "marketing", false, false);
        assert_eq!(new["pricing_model"], "PMP");
        assert_eq!(new["type"], "regular");
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
