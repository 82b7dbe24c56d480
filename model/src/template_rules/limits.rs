//! Meta's figures for templates (Meta: Template components, Template management, Rate limits).
//!
//! Lengths are in Unicode code points and count the braces of variables.

use std::time::Duration;

use crate::Timestamp;

/// Characters of a name.
pub const NAME: usize = 512;
/// Characters of a text header.
pub const HEADER: usize = 60;
/// Variables of a text header.
pub const HEADER_VARIABLES: usize = 1;
/// Characters of a body.
pub const BODY: usize = 1_024;
/// Characters of the body of a limited-time offer.
pub const OFFER_BODY: usize = 600;
/// Characters of the body of a carousel's card.
pub const CARD_BODY: usize = 160;
/// Characters of a footer.
pub const FOOTER: usize = 60;
/// Characters of the line of a limited-time offer.
pub const OFFER: usize = 16;
/// Characters of the code of a limited-time offer.
pub const OFFER_CODE: usize = 15;
/// Buttons of all kinds.
pub const BUTTONS: usize = 10;
/// Characters of a button.
pub const BUTTON: usize = 25;
/// Characters of a link.
pub const URL: usize = 2_000;
/// Characters of a phone number.
pub const PHONE: usize = 20;
/// Characters of a code to copy.
pub const CODE: usize = 20;
/// Cards of a carousel.
pub const CARDS: std::ops::RangeInclusive<usize> = 2..=10;
/// Buttons of a carousel's card.
pub const CARD_BUTTONS: std::ops::RangeInclusive<usize> = 1..=2;
/// Minutes after which an authentication template says that its code ends.
pub const CODE_MINUTES: std::ops::RangeInclusive<i64> = 1..=90;
/// Characters of an Android app's signature hash.
pub const SIGNATURE_HASH: usize = 11;
/// Templates that can be made in an hour in one WABA.
pub const CREATIONS_AN_HOUR: usize = 100;
/// Templates of a WABA whose portfolio is not verified.
pub const TEMPLATES_UNVERIFIED: usize = 250;
/// Templates of a WABA whose portfolio is verified and one of whose numbers has an approved name.
pub const TEMPLATES_VERIFIED: usize = 6_000;
/// Edits of an approved template in [`EDIT_MONTH`].
pub const EDITS_A_MONTH: usize = 10;
/// How long a name that was approved and deleted cannot be used.
pub const NAME_HELD: Duration = Duration::from_hours(30 * 24);
/// The month of the edit limit.
pub const EDIT_MONTH: Duration = Duration::from_hours(30 * 24);
/// The day in which an approved template can be edited once.
pub const EDIT_DAY: Duration = Duration::from_hours(24);

/// Own threshold of [`super::check`]: a body has at least `2 × variables + 1` other words. Meta names the
/// rule (error 2388293) and not the figure, so that less is only warned of.
pub const fn words_wanted(variables: usize) -> usize {
    if variables == 0 { 0 } else { 2 * variables + 1 }
}

/// Whether a template may be changed at Meta now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Editable {
    /// Whether it may.
    pub allowed: bool,
    /// Why not: `in_review`, `once_a_day`, `month_used_up`, `disabled`, `deleted`, `archived`, `status`.
    pub reason: Option<&'static str>,
    /// Edits left in the month; `None` where they are not counted.
    pub edits_left: Option<usize>,
    /// When the next edit is allowed, if time alone will do.
    pub next_at: Option<Timestamp>,
}

/// Whether a template in a status may be changed, after these counted edits. Drafts always may; rejected and
/// paused ones as often as one likes; approved ones once a day and ten times in 30 days.
pub fn editable(status: &str, edits: &[Timestamp], now: Timestamp) -> Editable {
    let free = |allowed: bool, reason: Option<&'static str>| Editable {
        allowed,
        reason,
        edits_left: None,
        next_at: None,
    };
    match status {
        "draft" | "rejected" | "paused" => free(true, None),
        "approved" => approved(edits, now),
        "pending" | "in_appeal" => free(false, Some("in_review")),
        "disabled" => free(false, Some("disabled")),
        "deleted" | "pending_deletion" => free(false, Some("deleted")),
        "archived" => free(false, Some("archived")),
        _ => free(false, Some("status")),
    }
}

fn approved(edits: &[Timestamp], now: Timestamp) -> Editable {
    let mut month: Vec<Timestamp> = edits
        .iter()
        .copied()
        .filter(|at| at.plus(EDIT_MONTH) > now)
        .collect();
    month.sort_unstable();
    let left = EDITS_A_MONTH.saturating_sub(month.len());
    // The oldest edit that must leave the month before there is room for one more.
    let month_free = month
        .len()
        .checked_sub(EDITS_A_MONTH)
        .and_then(|at| month.get(at))
        .map(|at| at.plus(EDIT_MONTH));
    let day_free = month
        .last()
        .map(|at| at.plus(EDIT_DAY))
        .filter(|at| *at > now);
    let reason = if month_free.is_some() {
        Some("month_used_up")
    } else {
        day_free.map(|_| "once_a_day")
    };
    Editable {
        allowed: reason.is_none(),
        reason,
        edits_left: Some(left),
        next_at: month_free.max(day_free),
    }
}

/// The seconds that Meta may try to deliver, by category (Meta: Time-to-live); −1 stands for 30 days.
pub fn ttl_is_good(category: &str, seconds: i64) -> bool {
    let (low, high) = ttl_range(category);
    (low..=high).contains(&seconds) || (category == "utility" && seconds == -1)
}

/// Least and most of [`ttl_is_good`].
pub fn ttl_range(category: &str) -> (i64, i64) {
    match category {
        "authentication" => (30, 900),
        "utility" => (30, 43_200),
        _ => (43_200, 2_592_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(hours: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_hours(hours))
    }

    #[test]
    fn approved_ones_are_edited_once_a_day_and_ten_times_a_month() {
        let now = hours(1_000);
        let fresh = editable("approved", &[], now);
        assert_eq!((fresh.allowed, fresh.edits_left), (true, Some(10)));
        let today = editable("approved", &[hours(990)], now);
        assert_eq!(
            (today.allowed, today.reason, today.next_at),
            (false, Some("once_a_day"), Some(hours(1_014)))
        );
        assert!(editable("approved", &[hours(976)], now).allowed);
        let ten: Vec<_> = (0..10).map(|at| hours(300 + at * 40)).collect();
        let full = editable("approved", &ten, now);
        assert_eq!(
            (full.reason, full.edits_left, full.next_at),
            (Some("month_used_up"), Some(0), Some(hours(1_020)))
        );
        assert!(editable("approved", &ten, hours(1_020)).allowed);
    }

    #[test]
    fn other_statuses_allow_always_or_never() {
        let busy = vec![hours(999); 12];
        for status in ["draft", "rejected", "paused"] {
            assert!(editable(status, &busy, hours(1_000)).allowed, "{status}");
        }
        for (status, reason) in [
            ("pending", "in_review"),
            ("disabled", "disabled"),
            ("deleted", "deleted"),
            ("whatever", "status"),
        ] {
            let found = editable(status, &[], hours(1_000));
            assert_eq!((found.allowed, found.reason), (false, Some(reason)));
        }
    }

    #[test]
    fn lifetimes_go_by_category() {
        for (category, seconds, good) in [
            ("authentication", 30, true),
            ("authentication", 901, false),
            ("utility", -1, true),
            ("utility", 43_201, false),
            ("marketing", -1, false),
            ("marketing", 43_200, true),
            ("marketing", 600, false),
        ] {
            assert_eq!(ttl_is_good(category, seconds), good, "{category} {seconds}");
        }
    }
}
