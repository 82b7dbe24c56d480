//! What Meta charges for messages: markets, rate cards, the rules by date, the estimate before a
//! send and the charge after it.
//!
//! Meta charges per delivered message, by its category and the market of the recipient's calling
//! code; cards and rules change at 00:00 of the account's time zone (Meta: Pricing on the WhatsApp
//! Business Platform; Upcoming pricing updates, 1 July 2026). All amounts are `i64` millionths of a
//! currency; there are no floating-point numbers here, and amounts of different currencies are never
//! added. The figures are in `cards.txt` and `markets.txt` and are read once.
//!
//! Not here, because the figures are not published where a program can read them: the thresholds of
//! the volume tiers for utility and authentication. An amount without them is never too low.

mod card;
mod charge;
mod estimate;
mod market;
mod rules;

pub use card::{Card, Rate, card, rate};
pub use charge::{Charge, Stated, charge};
pub use estimate::{Estimate, Line, Total};
pub use market::{Market, Place, market, place};
pub use rules::{Billing, Category, Free, Windows, free, has_international_rate};
