//! The state of an outgoing message and the moves it may make.
//!
//! States are ranks kept in the database as integers; evidence arrives late, twice and in any
//! order, and a state only ever moves forward.

/// One state per outgoing message, in the order of the lattice.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// Written for later (a campaign's recipient).
    Planned,
    /// Decided against before it left; the reason is in the message.
    Skipped,
    /// In the outbox.
    Queued,
    /// Claimed by a lane: a POST may be under way.
    Attempting,
    /// A POST may have been accepted; we cannot know yet.
    Unknown,
    /// Still unknown after the time in which a status should have come.
    Unconfirmed,
    /// Meta answered with a wamid.
    Accepted,
    /// Status `sent`.
    Sent,
    /// Refused by Meta or by our own last check; the reason is in the message.
    Failed,
    /// Status `delivered`.
    Delivered,
    /// Status `read`.
    Read,
    /// Status `played` (a voice message).
    Played,
}

/// Every state with its rank in the database and its name in the API.
const TABLE: [(MessageState, i64, &str); 12] = [
    (MessageState::Planned, 0, "planned"),
    (MessageState::Skipped, 5, "skipped"),
    (MessageState::Queued, 10, "queued"),
    (MessageState::Attempting, 20, "attempting"),
    (MessageState::Unknown, 30, "unknown"),
    (MessageState::Unconfirmed, 40, "unconfirmed"),
    (MessageState::Accepted, 50, "accepted"),
    (MessageState::Sent, 60, "sent"),
    (MessageState::Failed, 70, "failed"),
    (MessageState::Delivered, 80, "delivered"),
    (MessageState::Read, 90, "read"),
    (MessageState::Played, 100, "played"),
];

impl MessageState {
    /// The rank kept in the database.
    pub fn rank(self) -> i64 {
        TABLE
            .iter()
            .find(|(state, ..)| *state == self)
            .map_or(0, |(_, rank, _)| *rank)
    }

    /// The state of a rank read back; `None` for a rank that no version wrote.
    pub fn from_rank(rank: i64) -> Option<Self> {
        TABLE
            .iter()
            .find(|(_, known, _)| *known == rank)
            .map(|(state, ..)| *state)
    }

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        TABLE
            .iter()
            .find(|(state, ..)| *state == self)
            .map_or("", |(.., name)| name)
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        TABLE
            .iter()
            .find(|(.., name)| *name == text)
            .map(|(state, ..)| *state)
    }

    /// The state after evidence for `to`: `Some(to)` when that is a move forward, else `None`.
    ///
    /// `Skipped` is reached from `Planned` and `Queued` only and is final: nothing left us, so no
    /// evidence can concern it. Going back to the outbox after a refusal that proves no effect
    /// is not evidence but a new try, see [`MessageState::may_requeue`].
    #[must_use]
    pub fn advance(self, to: Self) -> Option<Self> {
        match (self, to) {
            (Self::Skipped, _) => None,
            (Self::Planned | Self::Queued, Self::Skipped) => Some(to),
            (_, Self::Skipped) => None,
            (from, to) if to > from => Some(to),
            _ => None,
        }
    }

    /// Whether a row may return to `Queued`: only out of an attempt that provably had no effect.
    #[must_use]
    pub fn may_requeue(self) -> bool {
        self == Self::Attempting
    }

    /// Whether nothing more happens by itself.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::Skipped | Self::Failed | Self::Read | Self::Played
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_state() -> impl Strategy<Value = MessageState> {
        prop::sample::select(TABLE.iter().map(|(state, ..)| *state).collect::<Vec<_>>())
    }

    proptest! {
        #[test]
        fn evidence_in_any_order_ends_alike(mut seen in prop::collection::vec(any_state(), 1..8)) {
            seen.retain(|state| *state != MessageState::Skipped);
            let run = |order: &[MessageState]| order.iter().fold(MessageState::Attempting, |at, to| at.advance(*to).unwrap_or(at));
            let forward = run(&seen);
            seen.reverse();
            prop_assert_eq!(forward, run(&seen));
        }

        #[test]
        fn ranks_read_back(state in any_state()) {
            prop_assert_eq!(MessageState::from_rank(state.rank()), Some(state));
            prop_assert_eq!(MessageState::parse(state.as_str()), Some(state));
        }
    }

    #[test]
    fn skipping_after_a_claim_is_refused() {
        assert_eq!(
            MessageState::Attempting.advance(MessageState::Skipped),
            None
        );
        assert_eq!(MessageState::Skipped.advance(MessageState::Sent), None);
    }

    #[test]
    fn a_late_delivery_overrides_a_failure() {
        assert_eq!(
            MessageState::Failed.advance(MessageState::Delivered),
            Some(MessageState::Delivered)
        );
        assert_eq!(MessageState::Delivered.advance(MessageState::Failed), None);
    }
}
