//! The one decision whether a message may leave, for every path: composer, API, campaign,
//! automation. It is asked when a message is written and again when a lane claims it, both times
//! on facts read in the deciding transaction.

use crate::consent::ConsentState;
use crate::{Timestamp, window};

/// What kind of message it is, as far as permission goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose<'a> {
    /// Free form: only inside the service window.
    Session,
    /// A template.
    Template {
        /// Meta's status in lower case; `None` when the template is not there any more.
        status: Option<&'a str>,
        /// What the contact said about its category.
        consent: ConsentState,
        /// Whether it carries a one-time code, which Meta does not send to user ids.
        authentication: bool,
    },
}

/// How the contact can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// By phone number or WhatsApp id.
    Phone,
    /// By business-scoped user id only.
    UserId,
    /// Not at all.
    Nowhere,
}

/// What the decision is made on.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The present.
    pub now: Timestamp,
    /// Whether an operator lets the number send.
    pub number_enabled: bool,
    /// Meta's status of the number in lower case.
    pub number_status: &'a str,
    /// Whether the contact is blocked.
    pub blocked: bool,
    /// How the contact can be reached.
    pub reach: Reach,
    /// Until when the service window is open.
    pub window_closes_at: Option<Timestamp>,
    /// What kind of message it is.
    pub purpose: Purpose<'a>,
}

/// Why a message may not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The number is switched off or Meta does not let it send.
    #[error("the number cannot send")]
    NumberUnavailable,
    /// The contact has no phone number or id that this message can go to.
    #[error("the contact has no number to write to")]
    NoIdentity,
    /// The business blocked the contact.
    #[error("the contact is blocked")]
    Blocked,
    /// The service window is closed: only a template may be sent.
    #[error("the service window is closed")]
    WindowClosed,
    /// Meta does not take the template now.
    #[error("the template cannot be sent")]
    TemplateUnavailable,
    /// The contact does not want messages of this category.
    #[error("the contact has opted out")]
    OptedOut,
}

impl Refusal {
    /// The stable reason in tables and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NumberUnavailable => "number_unavailable",
            Self::NoIdentity => "no_identity",
            Self::Blocked => "blocked",
            Self::WindowClosed => "window_closed",
            Self::TemplateUnavailable => "template_unavailable",
            Self::OptedOut => "opted_out",
        }
    }
}

/// Statuses of a number with which Meta sends nothing (Meta: Phone number fields, `status`).
/// What is not listed may send: a status that we do not know is Meta's to judge.
const SILENT: &[&str] = &[
    "banned",
    "deleted",
    "disconnected",
    "migrated",
    "pending",
    "restricted",
    "unverified",
];

/// Whether a message may leave now.
///
/// # Errors
/// The first reason against it, the most lasting one first.
pub fn can_send(facts: &Facts<'_>) -> Result<(), Refusal> {
    if !facts.number_enabled || SILENT.contains(&facts.number_status) {
        return Err(Refusal::NumberUnavailable);
    }
    if facts.reach == Reach::Nowhere {
        return Err(Refusal::NoIdentity);
    }
    if facts.blocked {
        return Err(Refusal::Blocked);
    }
    match facts.purpose {
        Purpose::Session if window::is_open(facts.window_closes_at, facts.now) => Ok(()),
        Purpose::Session => Err(Refusal::WindowClosed),
        Purpose::Template {
            authentication: true,
            ..
        } if facts.reach == Reach::UserId => Err(Refusal::NoIdentity),
        Purpose::Template {
            consent: ConsentState::Denied,
            ..
        } => Err(Refusal::OptedOut),
        Purpose::Template { status, .. } if status != Some("approved") => {
            Err(Refusal::TemplateUnavailable)
        }
        Purpose::Template { .. } => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    fn session() -> Facts<'static> {
        Facts {
            now: NOW,
            number_enabled: true,
            number_status: "connected",
            blocked: false,
            reach: Reach::Phone,
            window_closes_at: Some(Timestamp::from_seconds(1_000_001)),
            purpose: Purpose::Session,
        }
    }

    fn template(status: Option<&'static str>, consent: ConsentState) -> Facts<'static> {
        Facts {
            window_closes_at: None,
            purpose: Purpose::Template {
                status,
                consent,
                authentication: false,
            },
            ..session()
        }
    }

    #[test]
    fn a_session_message_needs_an_open_window() {
        assert_eq!(can_send(&session()), Ok(()));
        for window_closes_at in [None, Some(NOW)] {
            let facts = Facts {
                window_closes_at,
                ..session()
            };
            assert_eq!(can_send(&facts), Err(Refusal::WindowClosed));
        }
    }

    #[test]
    fn a_template_needs_approval_and_no_objection() {
        use ConsentState::{Denied, Granted, Unknown};
        assert_eq!(can_send(&template(Some("approved"), Granted)), Ok(()));
        assert_eq!(can_send(&template(Some("approved"), Unknown)), Ok(()));
        assert_eq!(
            can_send(&template(Some("approved"), Denied)),
            Err(Refusal::OptedOut)
        );
        for status in [None, Some("paused"), Some("rejected")] {
            assert_eq!(
                can_send(&template(status, Granted)),
                Err(Refusal::TemplateUnavailable)
            );
        }
    }

    #[test]
    fn nothing_passes_a_block_a_silent_number_or_a_missing_address() {
        for base in [session(), template(Some("approved"), ConsentState::Granted)] {
            let blocked = Facts {
                blocked: true,
                ..base
            };
            assert_eq!(can_send(&blocked), Err(Refusal::Blocked));
            let off = Facts {
                number_enabled: false,
                ..base
            };
            assert_eq!(can_send(&off), Err(Refusal::NumberUnavailable));
            for number_status in SILENT {
                let silent = Facts {
                    number_status,
                    ..base
                };
                assert_eq!(can_send(&silent), Err(Refusal::NumberUnavailable));
            }
            let nowhere = Facts {
                reach: Reach::Nowhere,
                ..base
            };
            assert_eq!(can_send(&nowhere), Err(Refusal::NoIdentity));
        }
    }

    #[test]
    fn codes_do_not_go_to_user_ids() {
        let facts = Facts {
            reach: Reach::UserId,
            purpose: Purpose::Template {
                status: Some("approved"),
                consent: ConsentState::Unknown,
                authentication: true,
            },
            ..session()
        };
        assert_eq!(can_send(&facts), Err(Refusal::NoIdentity));
    }
}
