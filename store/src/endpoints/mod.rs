//! Endpoints: addresses outside that are told what happens here, and what they are still to be told.
//!
//! The way of one thing to tell: the change that causes it says so in its own transaction
//! (`Tx::happened`), which writes a row of `happenings` where an endpoint of the workspace
//! is on and costs nothing where none is. Afterwards the row is spread ([`spread`]) over the
//! endpoints that want it, as a delivery with its whole body, in the transaction that deletes it.
//! Deliveries are claimed under a lease ([`claim`]), and the outcome is recorded ([`finish`]). Nothing
//! is lost between two steps, and a step that is done twice does no harm: what was told may be told
//! again, with the same id.
//!
//! Of one topic (a contact, a campaign, …) one delivery to an endpoint is *waiting* at a time, the
//! others are *queued* behind it in the order of the feed; whoever ends one lets the next wait.
//! Spreading and ending both lock the endpoint's row first, so that none is forgotten between them.
//!
//! What may come more than once is compared with what was told last, in the table `told`: the state of a
//! campaign or a template, the marks of an account's or a portfolio's last notices ([`AccountFacts`]), and,
//! under the workspace's own id, the day that was measured last ([`measure`]).

mod clicks;
mod deliveries;
mod facts;
mod happenings;
mod measures;
mod notices;
mod read;
mod rows;
mod work;
mod write;

use std::sync::Arc;

use tokio::sync::watch;
use wigwag_model::endpoint::{Form, Kind};
use wigwag_model::{EndpointId, Timestamp};
use zeroize::Zeroizing;

pub use clicks::{Click, ClickFacts, Followed};
pub use deliveries::{Delivery, Key, NewDelivery, deliveries, delivery, replay, spread, test};
pub use facts::{
    CampaignFacts, ContactFacts, ConversationFacts, Facts, Happened, MessageFacts, TemplateFacts,
    pending,
};
pub(crate) use happenings::{Happening, write};
pub use happenings::{sweep_happenings, watched};
pub use measures::{Figures, begin_of, day_of, measure};
pub use notices::{Account, AccountFacts, AccountNumber};
pub use read::{get, list, secrets};
pub use work::{Claimed, Due, End, Finished, claim, due, expire, finish, release, sweep};
pub use write::{Edit, New, create, delete, edit, rotate};

/// Why an endpoint is off that nobody switched off: it answered 410.
pub const GONE: &str = "gone";

/// Wakes whoever tells endpoints in this process after a commit. Other processes are found by
/// polling.
#[derive(Debug, Clone)]
pub struct EndpointWakes(Arc<watch::Sender<u64>>);

impl Default for EndpointWakes {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
}

impl EndpointWakes {
    pub(crate) fn wake(&self) {
        self.0.send_modify(|count| *count += 1);
    }

    /// Follows the commits.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}

/// An endpoint, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// What people call it.
    pub name: String,
    /// Its address.
    pub url: String,
    /// In which form it is told.
    pub form: Form,
    /// What it is told of; empty: everything.
    pub events: Vec<Kind>,
    /// Whether it is told at all.
    pub on: bool,
    /// Why it is off, when nobody switched it off.
    pub off_reason: Option<String>,
    /// What was recorded before is not told.
    pub on_since: Timestamp,
    /// Until when the secret before is valid.
    pub previous_until: Option<Timestamp>,
    /// Failures since the last success.
    pub failures: i64,
    /// When the first of them was.
    pub failing_since: Option<Timestamp>,
    /// It is left alone until then.
    pub rest_until: Option<Timestamp>,
    /// When it last took a delivery.
    pub last_success_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Endpoint {
    /// Whether it wants to be told of something.
    pub fn wants(&self, kind: Kind) -> bool {
        self.events.is_empty() || self.events.contains(&kind)
    }
}

/// The secrets that deliveries are signed with, as text.
#[derive(Clone)]
pub struct Secrets {
    /// The present one.
    pub current: Zeroizing<String>,
    /// The one before, while both are valid.
    pub previous: Option<Zeroizing<String>>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}
