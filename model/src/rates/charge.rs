//! What a delivered message was charged: Meta's pricing object times the card in force.
//!
//! Source: Meta's status webhooks (`pricing`: `billable`, `type`, `category`) and pricing page: charged
//! on delivery, failed ones are free, the day is that of the account's time zone.

use super::card::rate;
use super::market::Place;
use super::rules::{Billing, Category, Free};
use crate::money::Currency;
use crate::time::Timestamp;
use crate::zone::Day;

/// What a status says of the price.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stated {
    /// Free, and why.
    Free(Free),
    /// Charged as this.
    Charged(Category),
}

/// The charge of one message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Charge {
    /// The amount.
    pub micros: i64,
    /// Its currency: the account's, or dollars where no card of it has the figure.
    pub currency: Currency,
    /// The first day of the card; none for what is free.
    pub card: Option<Day>,
}

/// What a message delivered at an instant was charged. `None` where no card says it: the cost is then
/// not known, which is not the same as nothing.
pub fn charge(
    stated: Stated,
    place: Option<Place>,
    billing: &Billing,
    delivered: Timestamp,
) -> Option<Charge> {
    match stated {
        Stated::Free(_) => Some(Charge {
            micros: 0,
            currency: billing.currency(),
            card: None,
        }),
        Stated::Charged(category) => {
            let day = billing.zone.day(delivered);
            let rate = rate(billing.currency(), day, place?, category);
            Some(Charge {
                micros: rate.micros?,
                currency: rate.currency,
                card: Some(rate.card),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rates::place;

    #[test]
    fn the_day_is_the_accounts_own() {
        let kolkata = Billing::of(Some("USD"), Some("Asia/Kolkata"));
        let dubai = place(Some("+971501234567"), None);
        let at = |instant: &str, billing: &Billing| {
            let stated = Stated::Charged(Category::Marketing);
            charge(stated, dubai, billing, instant.parse().unwrap()).unwrap()
        };
        // 1 October begins in Kolkata at 18:30 UTC of the day before.
        assert_eq!(at("2026-09-30T18:29:59Z", &kolkata).micros, 49_900);
        let after = at("2026-09-30T18:30:00Z", &kolkata);
        assert_eq!(after.micros, 57_600);
        assert_eq!(after.card.unwrap().to_string(), "2026-10-01");
        assert_eq!(
            at("2026-09-30T18:30:00Z", &Billing::default()).micros,
            49_900
        );
    }

    #[test]
    fn free_is_nought_and_unknown_is_not() {
        let inr = Billing::of(Some("INR"), None);
        let at = "2026-11-26T09:00:00Z".parse().unwrap();
        let free = charge(Stated::Free(Free::FreeEntryPoint), None, &inr, at).unwrap();
        assert_eq!((free.micros, free.currency.as_str()), (0, "INR"));
        let marketing = Stated::Charged(Category::Marketing);
        assert_eq!(charge(marketing, None, &inr, at), None);
        let india = place(Some("+919876543210"), None);
        let charged = charge(marketing, india, &inr, at).unwrap();
        assert_eq!(
            (charged.micros, charged.currency.as_str()),
            (863_100, "INR")
        );
        let early = "2019-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(charge(marketing, india, &inr, early), None);
    }
}
