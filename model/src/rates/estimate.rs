//! What a send will cost: at most, and the part of it that is expected to be free.
//!
//! The most is what Meta charges if every message is delivered and no window is open; the expected part
//! is what the windows that are open by then make free. Sums are exact: the totals are the sums of the
//! lines, to the micro.

use std::collections::BTreeMap;

use super::card::Rate;
use super::market::Market;
use super::rules::{Category, Free};
use crate::money::Currency;
use crate::zone::Day;

/// What the lines of an estimate are told apart by.
type Key = (Currency, Market, Category, Day, Option<i64>);

/// A sum over recipients, line by line.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Estimate {
    lines: BTreeMap<Key, Sums>,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Sums {
    count: i64,
    free_count: i64,
}

/// The messages of one market, category and card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The market.
    pub market: Market,
    /// The category.
    pub category: Category,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The first day of the card.
    pub card: Day,
    /// How many messages.
    pub count: i64,
    /// What one costs; `None` where no card is known to say it: such messages are in no amount.
    pub rate_micros: Option<i64>,
    /// What all of them cost when all are delivered and charged.
    pub amount_micros: i64,
    /// How many of them are expected to be free.
    pub free_count: i64,
    /// What those would have cost.
    pub free_micros: i64,
}

/// The sum in one currency.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Total {
    /// The currency.
    pub currency: Currency,
    /// At most, when all are delivered and charged.
    pub max_micros: i64,
    /// The part of it that is expected to be free.
    pub free_micros: i64,
}

impl Total {
    /// What is expected to be charged when all are delivered.
    pub fn expected_micros(&self) -> i64 {
        self.max_micros.saturating_sub(self.free_micros)
    }
}

impl Estimate {
    /// Adds one message: its rate, and why it is expected to be free if it is.
    pub fn add(&mut self, rate: Rate, free: Option<Free>) {
        self.add_many(rate, free, 1);
    }

    /// Adds several alike.
    pub fn add_many(&mut self, rate: Rate, free: Option<Free>, count: i64) {
        let key = (
            rate.currency,
            rate.market,
            rate.category,
            rate.card,
            rate.micros,
        );
        let sums = self.lines.entry(key).or_default();
        sums.count += count;
        sums.free_count += if free.is_some() { count } else { 0 };
    }

    /// Adds all of another estimate.
    pub fn merge(&mut self, other: &Self) {
        for (key, sums) in &other.lines {
            let own = self.lines.entry(*key).or_default();
            own.count += sums.count;
            own.free_count += sums.free_count;
        }
    }

    /// How many messages.
    pub fn count(&self) -> i64 {
        self.lines.values().map(|sums| sums.count).sum()
    }

    /// How many messages are in no amount, because no card is known to say what they cost.
    pub fn unpriced(&self) -> i64 {
        let lines = self.lines.iter();
        lines
            .filter(|((.., rate), _)| rate.is_none())
            .map(|(_, sums)| sums.count)
            .sum()
    }

    /// The lines, by currency, market, category and card.
    pub fn lines(&self) -> impl Iterator<Item = Line> {
        self.lines
            .iter()
            .map(|((currency, market, category, card, rate), sums)| Line {
                market: *market,
                category: *category,
                currency: *currency,
                card: *card,
                count: sums.count,
                rate_micros: *rate,
                amount_micros: times(*rate, sums.count),
                free_count: sums.free_count,
                free_micros: times(*rate, sums.free_count),
            })
    }

    /// The sums, one for each currency that occurs: amounts of different currencies are never added.
    pub fn totals(&self) -> Vec<Total> {
        let mut totals: BTreeMap<Currency, Total> = BTreeMap::new();
        for line in self.lines() {
            let total = totals.entry(line.currency).or_insert(Total {
                currency: line.currency,
                max_micros: 0,
                free_micros: 0,
            });
            total.max_micros = total.max_micros.saturating_add(line.amount_micros);
            total.free_micros = total.free_micros.saturating_add(line.free_micros);
        }
        totals.into_values().collect()
    }

    /// The sum in one currency; nought when it does not occur.
    pub fn total(&self, currency: Currency) -> Total {
        let totals = self.totals();
        let found = totals.iter().find(|total| total.currency == currency);
        found.copied().unwrap_or(Total {
            currency,
            max_micros: 0,
            free_micros: 0,
        })
    }
}

fn times(rate: Option<i64>, count: i64) -> i64 {
    rate.unwrap_or(0).saturating_mul(count)
}
