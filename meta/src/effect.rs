//! Whether a send can have reached somebody.
//!
//! `none` is claimed only where it is proven: the body of the request never left, or Meta refused with a code
//! that means refusal. Everything that leaves room for doubt is `maybe` and must not be repeated.

use crate::classify;
use crate::error::{Error, GraphError};

/// What a send did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Nothing was sent, provably. May be tried again.
    None,
    /// Meta accepted the message and named it.
    Accepted,
    /// Not known. Must not be tried again by itself.
    Maybe,
}

impl Effect {
    /// `none`, `accepted`, `maybe`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Accepted => "accepted",
            Self::Maybe => "maybe",
        }
    }

    /// Effect of a send that ended with an error.
    pub fn of_error(error: &Error) -> Self {
        match error {
            Error::Stopped | Error::NotSent(_) => Self::None,
            Error::Graph { error, .. } => Self::of_graph(error),
            _ => Self::Maybe,
        }
    }

    /// Effect of a synchronous refusal: none if its code is one that refuses, else not known.
    pub fn of_graph(error: &GraphError) -> Self {
        let refused = classify::lookup(error.code).is_some_and(|info| info.refuses);
        if refused { Self::None } else { Self::Maybe }
    }
}

/// The end of one POST of one message.
#[derive(Debug, Clone, PartialEq)]
pub struct SendOutcome {
    /// Whether it can have reached somebody.
    pub effect: Effect,
    /// The message's name, if accepted.
    pub wamid: Option<String>,
    /// Templates: `accepted`, `held_for_quality_assessment`, `paused`.
    pub message_status: Option<crate::response::MessageStatus>,
    /// WhatsApp id that Meta resolved the recipient to.
    pub wa_id: Option<String>,
    /// Business-scoped user id that Meta resolved the recipient to.
    pub user_id: Option<String>,
    /// Why it was not accepted.
    pub error: Option<Error>,
    /// HTTP status, if there was an answer.
    pub http_status: Option<u16>,
    /// How much of the app's and the WABA's call budget is used, in percent, from Meta's headers.
    pub usage_percent: Option<u8>,
}

impl SendOutcome {
    /// The outcome of a send that ended with an error.
    pub fn failed(error: Error) -> Self {
        Self {
            effect: Effect::of_error(&error),
            wamid: None,
            message_status: None,
            wa_id: None,
            user_id: None,
            http_status: error.status(),
            error: Some(error),
            usage_percent: None,
        }
    }
}
