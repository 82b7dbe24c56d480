//! What may happen, drawn from few people and few messages so that things meet.

use proptest::collection::vec;
use proptest::prelude::*;
use wigwag_model::MessageState;

/// A message of a person: who, which wamid, which second, whether it brings a file.
pub(crate) type Written = (u8, u8, i64, bool);
/// A status: of which wamid, what, when, whether it echoes our callback, whether it is priced.
pub(crate) type Reported = (u8, MessageState, i64, bool, bool);

#[derive(Debug, Clone)]
pub(crate) enum Operation {
    /// People write.
    Write(Vec<Written>),
    /// People react, edit, revoke: of which wamid, when, which of the three.
    Mark(Vec<(u8, i64, u8)>),
    /// A person stops or resumes.
    Prefer(u8, bool, i64),
    /// A person gets another number.
    Move(u8, u8),
    /// Statuses arrive.
    Report(Vec<Reported>),
    /// A member answers a person, with an idempotency key.
    Answer(u8, u8),
    /// The lane claims.
    Claim(u8),
    /// A claimed message has an outcome, and perhaps a wamid.
    Finish(u8, u8, u8),
    /// A member closes, snoozes or opens a conversation.
    SetStatus(u8, u8),
    /// Time passes, in minutes.
    Wait(u16),
    /// What went before happens again.
    Again,
}

fn state() -> impl Strategy<Value = MessageState> {
    prop::sample::select(vec![
        MessageState::Sent,
        MessageState::Delivered,
        MessageState::Read,
        MessageState::Played,
        MessageState::Failed,
    ])
}

fn operation() -> impl Strategy<Value = Operation> {
    let written = (0_u8..5, 0_u8..12, 0_i64..50, any::<bool>());
    let reported = (0_u8..6, state(), 0_i64..50, any::<bool>(), any::<bool>());
    prop_oneof![
        4 => vec(written, 1..6).prop_map(Operation::Write),
        2 => vec((0_u8..12, 0_i64..50, 0_u8..4), 1..4).prop_map(Operation::Mark),
        1 => (0_u8..5, any::<bool>(), 0_i64..50).prop_map(|(who, stop, at)| Operation::Prefer(who, stop, at)),
        1 => (0_u8..5, 5_u8..8).prop_map(|(from, to)| Operation::Move(from, to)),
        4 => vec(reported, 1..6).prop_map(Operation::Report),
        4 => (0_u8..5, 0_u8..8).prop_map(|(who, key)| Operation::Answer(who, key)),
        3 => (1_u8..4).prop_map(Operation::Claim),
        4 => (0_u8..4, 0_u8..5, 0_u8..6).prop_map(|(which, outcome, wamid)| Operation::Finish(which, outcome, wamid)),
        1 => (0_u8..5, 0_u8..3).prop_map(|(who, status)| Operation::SetStatus(who, status)),
        1 => (1_u16..600).prop_map(Operation::Wait),
        2 => Just(Operation::Again),
    ]
}

/// A history.
pub(crate) fn history() -> impl Strategy<Value = Vec<Operation>> {
    vec(operation(), 5..60)
}
