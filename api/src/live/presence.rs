//! Who is connected, which conversation they look at, and whether they type.

use std::collections::HashMap;

use serde::Serialize;
use wigwag_model::{ConversationId, MemberId, Timestamp};

/// A typing mark lasts this long after the last key, in microseconds.
const TYPING_US: i64 = 6_000_000;

#[derive(Debug)]
struct Seat {
    member: MemberId,
    name: String,
    viewing: Option<ConversationId>,
    typing: Option<(ConversationId, Timestamp)>,
}

/// A member in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Present {
    pub(crate) member_id: MemberId,
    pub(crate) name: String,
    pub(crate) typing: bool,
}

/// The sockets of a workspace by their number.
#[derive(Debug, Default)]
pub(crate) struct Presence {
    next: u64,
    seats: HashMap<u64, Seat>,
}

impl Presence {
    /// A socket has come.
    pub(crate) fn enter(&mut self, member: MemberId, name: String) -> u64 {
        self.next += 1;
        self.seats.insert(
            self.next,
            Seat {
                member,
                name,
                viewing: None,
                typing: None,
            },
        );
        self.next
    }

    /// A socket has gone; the conversation that it looked at is returned.
    pub(crate) fn leave(&mut self, seat: u64) -> Option<ConversationId> {
        self.seats.remove(&seat)?.viewing
    }

    /// A socket looks at a conversation, or at none; the conversations touched are returned.
    pub(crate) fn view(
        &mut self,
        seat: u64,
        conversation: Option<ConversationId>,
    ) -> Vec<ConversationId> {
        let Some(seat) = self.seats.get_mut(&seat) else {
            return Vec::new();
        };
        let before = std::mem::replace(&mut seat.viewing, conversation);
        if before == conversation {
            return Vec::new();
        }
        seat.typing = None;
        before.into_iter().chain(conversation).collect()
    }

    /// A member types.
    pub(crate) fn type_in(&mut self, seat: u64, conversation: ConversationId, now: Timestamp) {
        if let Some(seat) = self.seats.get_mut(&seat) {
            seat.viewing = Some(conversation);
            seat.typing = Some((conversation, now));
        }
    }

    /// The others in a conversation, each once, by name.
    pub(crate) fn others(
        &self,
        conversation: ConversationId,
        me: MemberId,
        now: Timestamp,
    ) -> Vec<Present> {
        let mut others: Vec<Present> = Vec::new();
        for seat in self
            .seats
            .values()
            .filter(|seat| seat.viewing == Some(conversation) && seat.member != me)
        {
            let typing = seat.typing.is_some_and(|(place, at)| {
                place == conversation && now.as_micros() - at.as_micros() < TYPING_US
            });
            match others
                .iter_mut()
                .find(|other| other.member_id == seat.member)
            {
                Some(other) => other.typing |= typing,
                None => others.push(Present {
                    member_id: seat.member,
                    name: seat.name.clone(),
                    typing,
                }),
            }
        }
        others.sort_by(|a, b| a.name.cmp(&b.name));
        others
    }

    /// Whether the member has a socket.
    pub(crate) fn is_online(&self, member: MemberId) -> bool {
        self.seats.values().any(|seat| seat.member == member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wigwag_model::id::Id as _;

    #[test]
    fn others_are_seen_once_and_typing_fades() {
        let at = Timestamp::from_seconds;
        let (asha, ben) = (MemberId::new(at(1), [1; 10]), MemberId::new(at(1), [2; 10]));
        let here = ConversationId::new(at(1), [3; 10]);
        let mut presence = Presence::default();
        let one = presence.enter(asha, "Asha".into());
        let two = presence.enter(asha, "Asha".into());
        let mine = presence.enter(ben, "Ben".into());
        assert_eq!(presence.view(one, Some(here)), [here]);
        presence.view(two, Some(here));
        presence.view(mine, Some(here));
        presence.type_in(two, here, at(10));
        let seen = |presence: &Presence, now| presence.others(here, ben, at(now));
        let typing = Present {
            member_id: asha,
            name: "Asha".into(),
            typing: true,
        };
        assert_eq!(seen(&presence, 12), [typing]);
        assert!(!seen(&presence, 17)[0].typing);
        presence.leave(one);
        assert_eq!(presence.leave(two), Some(here));
        assert!(seen(&presence, 17).is_empty());
        assert!(!presence.is_online(asha) && presence.is_online(ben));
    }
}
