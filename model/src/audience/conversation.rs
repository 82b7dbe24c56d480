//! The part of a filter that asks how a contact's conversations stand.

use serde::Serialize;

use crate::{NumberId, Timestamp};

/// Whether a contact has a conversation for which all of this holds. A part left out says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Default)]
pub struct ConversationTest {
    /// Whether it is open, put away or closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Standing>,
    /// Whether something in it is unread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unread: Option<bool>,
    /// Whether a member looks after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned: Option<bool>,
    /// Whether its service window is open (Meta: Customer service windows).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Openness>,
    /// With which number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<NumberId>,
}

super::names! {
    /// How a conversation stands.
    Standing {
        /// Somebody should look after it.
        Open = "open",
        /// Put away until a time.
        Snoozed = "snoozed",
        /// Done.
        Closed = "closed",
    }
}

super::names! {
    /// Whether a service window is open.
    Openness {
        /// Whatever may be written.
        Open = "open",
        /// Templates only.
        Closed = "closed",
    }
}

/// A conversation as filters see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Talk {
    /// How it stands.
    pub status: Standing,
    /// Whether something is unread.
    pub unread: bool,
    /// Whether a member looks after it.
    pub assigned: bool,
    /// When the service window closes or closed.
    pub window_closes_at: Option<Timestamp>,
    /// With which number.
    pub number: NumberId,
}

impl ConversationTest {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether all of it holds for a conversation at an instant.
    pub fn holds(&self, talk: &Talk, now: Timestamp) -> bool {
        let window = if talk.window_closes_at.is_some_and(|closes| closes > now) {
            Openness::Open
        } else {
            Openness::Closed
        };
        self.status.is_none_or(|wanted| wanted == talk.status)
            && self.unread.is_none_or(|wanted| wanted == talk.unread)
            && self.assigned.is_none_or(|wanted| wanted == talk.assigned)
            && self.window.is_none_or(|wanted| wanted == window)
            && self.number.is_none_or(|wanted| wanted == talk.number)
    }
}
