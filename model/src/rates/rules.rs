//! When a message is free, by category, day and open windows.
//!
//! Source: Meta's pricing page and its page “Upcoming pricing updates” of 1 July 2026. Marketing and
//! authentication are always charged. Utility is free in an open service window, and service
//! messages are free, until 30 September 2026; both are charged from 1 October 2026, 00:00 of the
//! account's time zone. In the window of a free entry point everything is free. What fails is free.

use super::market::Place;
use crate::money::Currency;
use crate::time::Timestamp;
use crate::zone::{Day, Zone};

/// The first day on which service messages, and utility in the service window, are charged (Meta:
/// Upcoming pricing updates, 1 July 2026).
pub(crate) const SERVICE_CHARGED_FROM: Day = jiff::civil::date(2026, 10, 1);

/// The category by which a message is charged (Meta: template categories, and `service` for what is
/// no template).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Category {
    /// Marketing, through the Cloud API or the Marketing Messages API.
    Marketing,
    /// Utility.
    Utility,
    /// One-time codes.
    Authentication,
    /// One-time codes at the international rate, which Meta decides on by portfolio and place of
    /// business (Meta: Authentication-international rates).
    AuthenticationInternational,
    /// Everything that is not a template.
    Service,
}

impl Category {
    /// The name, as in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Marketing => "marketing",
            Self::Utility => "utility",
            Self::Authentication => "authentication",
            Self::AuthenticationInternational => "authentication_international",
            Self::Service => "service",
        }
    }

    /// Reads a template's category or the one of a status, in any of Meta's spellings; those of
    /// groups and of the Marketing Messages API cost what the plain ones cost. `None` for
    /// `referral_conversion`, which is always free, and for what nobody knows.
    pub fn parse(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "marketing" | "marketing_lite" | "group_marketing" => Some(Self::Marketing),
            "utility" | "group_utility" => Some(Self::Utility),
            "authentication" => Some(Self::Authentication),
            "authentication_international" | "authentication-international" => {
                Some(Self::AuthenticationInternational)
            }
            "service" | "group_service" => Some(Self::Service),
            _ => None,
        }
    }
}

impl serde::Serialize for Category {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Why a message is free (Meta: `pricing.type` of statuses).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Free {
    /// In the service window, before October 2026.
    CustomerService,
    /// In the window of a free entry point.
    FreeEntryPoint,
    /// Meta says that it is free and not why.
    Unsaid,
}

impl Free {
    /// The reason, as in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CustomerService => "free_customer_service",
            Self::FreeEntryPoint => "free_entry_point",
            Self::Unsaid => "not_billable",
        }
    }
}

/// The windows of a person with a number that are open at an instant.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Windows {
    /// The service window: 24 hours from the person's last message.
    pub service: bool,
    /// The window of a free entry point: 72 hours from our answer to somebody who came from an ad.
    pub free_entry: bool,
}

impl Windows {
    /// What is open at an instant, by when each closes.
    pub fn at(
        at: Timestamp,
        service_until: Option<Timestamp>,
        free_entry_until: Option<Timestamp>,
    ) -> Self {
        let open = |until: Option<Timestamp>| until.is_some_and(|until| at < until);
        Self {
            service: open(service_until),
            free_entry: open(free_entry_until),
        }
    }
}

/// Why a message delivered on this day with these windows open would be free; `None` when it is
/// charged.
pub fn free(category: Category, day: Day, windows: Windows) -> Option<Free> {
    if windows.free_entry {
        return Some(Free::FreeEntryPoint);
    }
    let in_window = match category {
        Category::Marketing | Category::Authentication | Category::AuthenticationInternational => {
            false
        }
        Category::Utility => windows.service,
        // Nothing but a template can be delivered outside the window.
        Category::Service => true,
    };
    (in_window && day < SERVICE_CHARGED_FROM).then_some(Free::CustomerService)
}

/// The countries with an international rate for one-time codes (Meta: Authentication-international
/// rates, May 2026), and those that join in October 2026 (Meta: pricing page, July 2026).
const INTERNATIONAL: [&str; 9] = ["AE", "EG", "ID", "IN", "MY", "NG", "PK", "SA", "ZA"];
const INTERNATIONAL_FROM_OCTOBER: [&str; 9] =
    ["BD", "IQ", "KW", "KZ", "LK", "MA", "NP", "OM", "UA"];

/// Whether one-time codes to a place cost the international rate on a day, for a portfolio that Meta
/// has told so and whose business is in another country. Which portfolios those are only Meta knows:
/// more than 750,000 such messages in 30 days make one, for good and with 30 days' notice.
pub fn has_international_rate(place: Place, day: Day) -> bool {
    place.country().is_some_and(|country| {
        INTERNATIONAL.contains(&country)
            || (day >= SERVICE_CHARGED_FROM && INTERNATIONAL_FROM_OCTOBER.contains(&country))
    })
}

/// What Meta's bill of an account goes by: its currency and the zone in which its days begin (Meta:
/// the fields `currency` and `timezone_id` of a WABA).
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Billing {
    /// The currency; `None` as long as it is not known, then amounts are in dollars.
    pub currency: Option<Currency>,
    /// The zone; UTC as long as it is not known.
    pub zone: Zone,
}

impl Billing {
    /// From the texts that are kept of an account; what cannot be read counts as not known.
    pub fn of(currency: Option<&str>, time_zone: Option<&str>) -> Self {
        Self {
            currency: currency.and_then(Currency::parse),
            zone: time_zone.and_then(Zone::named).unwrap_or_default(),
        }
    }

    /// The currency in which amounts are looked up first.
    pub fn currency(&self) -> Currency {
        self.currency.unwrap_or(Currency::USD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_by_day_and_window() {
        use Category::{Authentication, Marketing, Service, Utility};
        let (before, after) = ("2026-09-30".parse().unwrap(), "2026-10-01".parse().unwrap());
        let shut = Windows::default();
        let open = Windows {
            service: true,
            ..shut
        };
        let entry = Windows {
            free_entry: true,
            ..shut
        };
        for (category, day, windows, wanted) in [
            (Utility, before, open, Some(Free::CustomerService)),
            (Utility, before, shut, None),
            (Utility, after, open, None),
            (Utility, after, entry, Some(Free::FreeEntryPoint)),
            (Service, before, open, Some(Free::CustomerService)),
            (Service, after, open, None),
            (Service, after, entry, Some(Free::FreeEntryPoint)),
            (Marketing, before, open, None),
            (Marketing, before, entry, Some(Free::FreeEntryPoint)),
            (Authentication, before, open, None),
            (Authentication, after, entry, Some(Free::FreeEntryPoint)),
        ] {
            assert_eq!(
                free(category, day, windows),
                wanted,
                "{category:?} {day} {windows:?}"
            );
        }
    }

    #[test]
    fn the_countries_of_the_international_rate_by_day() {
        let on = |id: &str, day: &str| {
            let place = crate::rates::place(None, Some(id)).unwrap();
            has_international_rate(place, day.parse().unwrap())
        };
        assert!(on("IN.1", "2026-09-30") && on("IN.1", "2026-10-01"));
        assert!(!on("KW.1", "2026-09-30") && on("KW.1", "2026-10-01"));
        assert!(!on("DE.1", "2026-10-01") && !on("IS.1", "2026-10-01"));
    }

    #[test]
    fn windows_close_at_their_instant() {
        let at = Timestamp::from_seconds;
        let windows = Windows::at(at(10), Some(at(10)), Some(at(11)));
        assert_eq!((windows.service, windows.free_entry), (false, true));
        assert_eq!(Windows::at(at(10), None, None), Windows::default());
    }

    #[test]
    fn metas_words_for_categories_are_read() {
        for (word, category) in [
            ("MARKETING", Some(Category::Marketing)),
            ("marketing_lite", Some(Category::Marketing)),
            (
                "authentication-international",
                Some(Category::AuthenticationInternational),
            ),
            ("service", Some(Category::Service)),
            ("referral_conversion", None),
            ("what_is_new", None),
        ] {
            assert_eq!(Category::parse(word), category, "{word}");
        }
    }
}
