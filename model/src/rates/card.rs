//! Rate cards: what a delivered message costs by market and category, from a day on.
//!
//! Source: Meta's rate cards, of which `cards.txt` holds what is known; the page on costs in the
//! book says how sure each one is.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::market::{Market, Place};
use super::rules::{Category, SERVICE_CHARGED_FROM};
use crate::money::Currency;
use crate::zone::Day;

/// The rates of one currency from a day on.
#[derive(Clone, Debug)]
pub struct Card {
    currency: Currency,
    from: Day,
    rates: BTreeMap<Market, Figures>,
}

/// The figures of a market, in micros.
#[derive(Clone, Copy, Default, Debug)]
struct Figures {
    marketing: Option<i64>,
    utility: Option<i64>,
    international: Option<i64>,
}

impl Card {
    /// The currency of its amounts.
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// The first day on which it is in force, by the account's time zone.
    pub fn from(&self) -> Day {
        self.from
    }

    /// What a charged message costs, in micros. `None` where the card has no figure that is known.
    ///
    /// Authentication costs what utility costs, and so does a service message from the day on which
    /// it is charged (Meta: “the rates for utility and authentication messages”). The international
    /// rate exists for the countries that Meta lists (Authentication-international rates): nine
    /// from May 2026, nine more from October 2026, whose rates are not known but for one.
    pub fn rate(&self, market: Market, category: Category) -> Option<i64> {
        let figures = self.rates.get(&market)?;
        match category {
            Category::Marketing => figures.marketing,
            Category::Utility | Category::Authentication | Category::Service => figures.utility,
            Category::AuthenticationInternational => figures.international,
        }
    }

    /// Whether it says nothing of some markets that others say something of.
    pub fn is_partial(&self) -> bool {
        !self.rates.contains_key(&Market::OTHER)
    }
}

/// The card in force on a day in a currency; without one in that currency the one in dollars, whose
/// [`Card::currency`] then differs from what was asked for. For days before all cards it is the
/// oldest one, whose [`Card::from`] is then later.
pub fn card(currency: Currency, day: Day) -> &'static Card {
    let in_force = |currency: Currency| {
        let of = CARDS.iter().filter(move |card| card.currency == currency);
        of.filter(|card| card.from <= day)
            .max_by_key(|card| card.from)
    };
    in_force(currency)
        .or_else(|| in_force(Currency::USD))
        .unwrap_or(&CARDS.0[0])
}

/// What a message to a place costs if it is charged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rate {
    /// The market.
    pub market: Market,
    /// The category.
    pub category: Category,
    /// The currency of the amount: the one asked for, or dollars where its card says nothing.
    pub currency: Currency,
    /// The first day of the card that it is from.
    pub card: Day,
    /// The amount; `None` where no card is known to have one.
    pub micros: Option<i64>,
}

/// The rate of a message delivered on a day: of the card in that currency, else of the one in dollars.
/// Before service messages are charged their rate is nought.
pub fn rate(currency: Currency, day: Day, place: Place, category: Category) -> Rate {
    let market = place.market(day);
    let of = |card: &Card| Rate {
        market,
        category,
        currency: card.currency,
        card: card.from,
        micros: match category {
            _ if day < card.from => None,
            Category::Service if day < SERVICE_CHARGED_FROM => Some(0),
            _ => card.rate(market, category),
        },
    };
    let own = of(card(currency, day));
    if own.micros.is_some() || own.currency == Currency::USD {
        return own;
    }
    let dollars = of(card(Currency::USD, day));
    if dollars.micros.is_some() {
        dollars
    } else {
        own
    }
}

/// All cards; there is always one.
struct Cards(Vec<Card>);

impl Cards {
    fn iter(&self) -> impl Iterator<Item = &Card> {
        self.0.iter()
    }
}

static CARDS: LazyLock<Cards> = LazyLock::new(|| {
    let mut cards = read(include_str!("cards.txt")).unwrap_or_default();
    if cards.is_empty() {
        cards.push(Card {
            currency: Currency::USD,
            from: Day::MAX,
            rates: BTreeMap::new(),
        });
    }
    Cards(cards)
});

/// Reads the cards; the text of a line that is wrong otherwise, for the test.
fn read(text: &'static str) -> Result<Vec<Card>, &'static str> {
    let mut cards: Vec<Card> = Vec::new();
    for line in text.lines() {
        let words: Vec<&'static str> = line.split_ascii_whitespace().collect();
        match words.as_slice() {
            [] => {}
            [first, ..] if first.starts_with('#') => {}
            ["card", currency, from] => cards.push(Card {
                currency: Currency::parse(currency).ok_or(line)?,
                from: from.parse().map_err(|_| line)?,
                rates: BTreeMap::new(),
            }),
            ["card", currency, from, "after", earlier] => {
                let currency = Currency::parse(currency).ok_or(line)?;
                let earlier: Day = earlier.parse().map_err(|_| line)?;
                let base = cards
                    .iter()
                    .find(|card| card.currency == currency && card.from == earlier);
                let rates = base.ok_or(line)?.rates.clone();
                cards.push(Card {
                    currency,
                    from: from.parse().map_err(|_| line)?,
                    rates,
                });
            }
            [market, marketing, utility, international] => {
                let market = Market::parse(market).ok_or(line)?;
                let rates = &mut cards.last_mut().ok_or(line)?.rates;
                let before = rates.get(&market).copied().unwrap_or_default();
                let figures = Figures {
                    marketing: figure(marketing, before.marketing).map_err(|_| line)?,
                    utility: figure(utility, before.utility).map_err(|_| line)?,
                    international: figure(international, before.international).map_err(|_| line)?,
                };
                rates.insert(market, figures);
            }
            _ => return Err(line),
        }
    }
    Ok(cards)
}

/// A figure of a line: a number, `-` for none, `~` for what the earlier card says.
fn figure(word: &str, before: Option<i64>) -> Result<Option<i64>, std::num::ParseIntError> {
    match word {
        "-" => Ok(None),
        "~" => Ok(before),
        _ => word.parse().map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rates::place;

    fn on(currency: &str, day: &str) -> (String, String) {
        let card = card(Currency::parse(currency).unwrap(), day.parse().unwrap());
        (card.currency().to_string(), card.from().to_string())
    }

    #[test]
    fn the_cards_are_read_whole() {
        let cards = read(include_str!("cards.txt")).unwrap();
        let sizes: Vec<_> = cards
            .iter()
            .map(|card| format!("{} {} {}", card.currency, card.from, card.rates.len()))
            .collect();
        assert_eq!(
            sizes,
            [
                "USD 2026-01-01 32",
                "USD 2026-04-01 32",
                "USD 2026-07-01 38",
                "USD 2026-10-01 47",
                "INR 2025-07-01 1",
                "INR 2026-01-01 1",
                "AED 2026-10-01 6",
            ]
        );
        // Every country of a dollar card has its market by then, and every market its figures.
        for card in cards.iter().filter(|card| card.currency == Currency::USD) {
            for (market, figures) in &card.rates {
                assert!(figures.marketing.is_some() && figures.utility.is_some());
                let of_user = format!("{market}.1");
                if market.region().is_none() {
                    let place = place(None, Some(&of_user)).unwrap();
                    assert_eq!(place.market(card.from), *market);
                }
            }
        }
    }

    #[test]
    fn the_newest_card_that_has_begun_is_in_force() {
        let told = |currency: &str, from: &str| (currency.to_owned(), from.to_owned());
        assert_eq!(on("USD", "2026-03-31"), told("USD", "2026-01-01"));
        assert_eq!(on("USD", "2026-04-01"), told("USD", "2026-04-01"));
        assert_eq!(on("USD", "2026-09-30"), told("USD", "2026-07-01"));
        assert_eq!(on("USD", "2031-01-01"), told("USD", "2026-10-01"));
        assert_eq!(on("INR", "2026-11-26"), told("INR", "2026-01-01"));
        // No card of its own, or none yet: dollars. Before all cards: the oldest.
        assert_eq!(on("EUR", "2026-11-26"), told("USD", "2026-10-01"));
        assert_eq!(on("AED", "2026-09-30"), told("USD", "2026-07-01"));
        assert_eq!(on("USD", "2020-01-01"), told("USD", "2026-01-01"));
    }

    #[test]
    fn a_card_after_another_says_what_differs() {
        let rates = |country: &str, day: &str| {
            let day = day.parse().unwrap();
            let place = place(None, Some(&format!("{country}.1"))).unwrap();
            [Category::Marketing, Category::Utility]
                .map(|category| rate(Currency::USD, day, place, category).micros.unwrap())
        };
        assert_eq!(rates("TR", "2026-01-01"), [10_900, 5_300]);
        assert_eq!(rates("TR", "2026-04-01"), [10_900, 900]);
        assert_eq!(rates("HK", "2026-06-30"), [73_200, 11_300]);
        assert_eq!(rates("HK", "2026-07-01"), [73_200, 26_000]);
        assert_eq!(rates("IT", "2026-07-01"), [79_500, 30_000]);
    }

    #[test]
    fn where_a_partial_card_says_nothing_dollars_do() {
        let day = "2026-11-26".parse().unwrap();
        let inr = Currency::parse("INR").unwrap();
        assert!(card(inr, day).is_partial());
        let to =
            |phone: &str, category| rate(inr, day, place(Some(phone), None).unwrap(), category);
        let home = to("+919876543210", Category::Marketing);
        assert_eq!((home.currency, home.micros), (inr, Some(863_100)));
        let abroad = to("+971501234567", Category::Marketing);
        assert_eq!(
            (abroad.currency, abroad.micros),
            (Currency::USD, Some(57_600))
        );
    }

    #[test]
    fn what_is_not_known_is_not_made_up() {
        let day = "2026-11-26".parse().unwrap();
        let to = |phone: &str| {
            let place = place(Some(phone), None).unwrap();
            rate(
                Currency::USD,
                day,
                place,
                Category::AuthenticationInternational,
            )
            .micros
        };
        assert_eq!(to("+919876543210"), Some(30_400));
        assert_eq!(to("+8801712345678"), Some(96_000));
        assert_eq!(to("+96512345678"), None);
        assert_eq!(to("+4915112345678"), None);
        let early = rate(
            Currency::USD,
            "2025-12-31".parse().unwrap(),
            place(Some("+91987"), None).unwrap(),
            Category::Marketing,
        );
        assert_eq!(early.micros, None);
    }

    #[test]
    fn service_costs_nothing_before_october_and_utilitys_rate_from_then() {
        let india = place(Some("+919876543210"), None).unwrap();
        let on = |day: &str| {
            rate(
                Currency::USD,
                day.parse().unwrap(),
                india,
                Category::Service,
            )
            .micros
        };
        assert_eq!(on("2026-09-30"), Some(0));
        assert_eq!(on("2026-10-01"), Some(1_400));
    }
}
