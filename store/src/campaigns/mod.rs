//! Campaigns: what they are, who gets them, how many are where, and the moves of their states.
//!
//! A recipient's row is `planned`, then `fed` (its message exists and has the one true state) or
//! `skipped`. Counts are moved in the transaction that moves a message ([`counts`]); no function
//! here counts rows of people.

mod api;
mod charges;
mod clicks;
mod counts;
mod feed;
mod flags;
mod goals;
mod moves;
pub mod ongoing;
mod plan;
mod read;
mod report;
mod settle;
mod write;

pub(crate) use api::{API_ROUND, enter};
pub use api::{NewApi, create_api};
pub use charges::charges;
pub(crate) use clicks::tapped;
pub use clicks::{Link, NewLink, Taps, count_taps, destination, links_of, try_links};
pub use counts::{Counts, Flag, counts, counts_of};
pub(crate) use counts::{Moves, Share};
pub use feed::{DueRow, Fed, Feed, due, feed, next_due, put_off, queued};
pub(crate) use flags::{opted_out, replied};
pub(crate) use goals::converted;
pub use moves::{Begin, begin, hold, pause, release, resume, start, stop, undo};
pub use plan::{Planned, clear, history, plan_chunk, planned, second_round, take_over};
pub use read::{AtWork, Campaign, Canary, Filter, Key, at_work, billing, get, list};
pub use report::{
    Failures, Point, Recipient, RecipientKey, Recipients, failures, recipients, series, skips,
};
pub use settle::{
    canary_waits, finish, is_out, set_canary, settle_paused, settle_stopped, tend, unhold,
};
pub use write::{Patch, create, create_ongoing, delete, duplicate, edit};

/// The feed's name for a changed campaign.
pub const CHANGED: &str = "campaign.changed";
