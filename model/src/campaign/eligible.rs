//! Who is left out of a campaign, and why: one function for the review, the plan and its second
//! round. The last word has [`can_send`] when the message is claimed.

use crate::Timestamp;
use crate::can_send::{Facts, Purpose, Reach, Refusal, can_send};
use crate::consent::{Category, ConsentState};

/// Why a person gets no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Exclusion {
    /// Has become another contact since it was planned.
    Merged,
    /// The business blocked the contact.
    Blocked,
    /// No phone number and no id.
    NoNumber,
    /// A phone number that cannot exist.
    InvalidNumber,
    /// The same phone number as somebody before.
    Duplicate,
    /// Said no to this category.
    OptedOut,
    /// Never said yes to marketing.
    NoConsent,
    /// Waits for the message of another campaign.
    InOtherCampaign,
    /// Got as many as the cap allows.
    Capped,
    /// A variable has neither a value nor a fallback.
    MissingVariable,
    /// The value of a short link is no address.
    InvalidLink,
}

const TABLE: [(Exclusion, &str); 11] = [
    (Exclusion::Merged, "merged"),
    (Exclusion::Blocked, "blocked"),
    (Exclusion::NoNumber, "no_number"),
    (Exclusion::InvalidNumber, "invalid_number"),
    (Exclusion::Duplicate, "duplicate"),
    (Exclusion::OptedOut, "opted_out"),
    (Exclusion::NoConsent, "no_consent"),
    (Exclusion::InOtherCampaign, "in_other_campaign"),
    (Exclusion::Capped, "capped"),
    (Exclusion::MissingVariable, "missing_variable"),
    (Exclusion::InvalidLink, "invalid_link"),
];

impl Exclusion {
    /// The stable reason in tables and in the API.
    pub fn as_str(self) -> &'static str {
        TABLE
            .iter()
            .find(|(reason, _)| *reason == self)
            .map_or("", |(_, name)| name)
    }

    /// Reads a reason.
    pub fn parse(text: &str) -> Option<Self> {
        TABLE
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(reason, _)| *reason)
    }
}

/// What is known of a person when it is decided.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that do not depend on each other"
)]
pub struct Eligibility<'a> {
    /// The present.
    pub now: Timestamp,
    /// The template's category.
    pub category: Category,
    /// Whether the business blocked it.
    pub blocked: bool,
    /// E.164.
    pub phone: Option<&'a str>,
    /// WhatsApp's id.
    pub wa_id: Option<&'a str>,
    /// The business-scoped user id.
    pub user_id: Option<&'a str>,
    /// What it said about the category.
    pub consent: ConsentState,
    /// Whether somebody before has the same phone number.
    pub duplicate: bool,
    /// Whether it waits for another campaign's message, where that counts.
    pub in_other: bool,
    /// Whether it got as many as the cap allows.
    pub capped: bool,
    /// Whether a variable stays empty.
    pub missing_variable: bool,
    /// Whether the value of a short link is no address.
    pub invalid_link: bool,
}

/// Whether a person is written to.
///
/// # Errors
/// The first reason against it, the most lasting one first.
pub fn decide(of: &Eligibility<'_>) -> Result<(), Exclusion> {
    let facts = Facts {
        now: of.now,
        // Number and template are the campaign's to check: they say nothing about the person.
        number_enabled: true,
        number_status: "connected",
        blocked: of.blocked,
        reach: if of.phone.is_some() || of.wa_id.is_some() {
            Reach::Phone
        } else if of.user_id.is_some() {
            Reach::UserId
        } else {
            Reach::Nowhere
        },
        window_closes_at: None,
        purpose: Purpose::Template {
            status: Some("approved"),
            consent: of.consent,
            authentication: of.category == Category::Authentication,
        },
    };
    match can_send(&facts) {
        Ok(()) => {}
        Err(Refusal::Blocked) => return Err(Exclusion::Blocked),
        Err(Refusal::OptedOut) => return Err(Exclusion::OptedOut),
        Err(_) => return Err(Exclusion::NoNumber),
    }
    if of.phone.or(of.wa_id).is_some_and(|phone| !dialable(phone)) {
        return Err(Exclusion::InvalidNumber);
    }
    if of.duplicate {
        return Err(Exclusion::Duplicate);
    }
    if of.category == Category::Marketing && of.consent != ConsentState::Granted {
        return Err(Exclusion::NoConsent);
    }
    if of.in_other {
        return Err(Exclusion::InOtherCampaign);
    }
    if of.capped {
        return Err(Exclusion::Capped);
    }
    if of.missing_variable {
        return Err(Exclusion::MissingVariable);
    }
    if of.invalid_link {
        return Err(Exclusion::InvalidLink);
    }
    Ok(())
}

/// Whether a number may exist: 7 to 15 digits, no leading nought (ITU-T E.164).
fn dialable(phone: &str) -> bool {
    let digits = phone.strip_prefix('+').unwrap_or(phone);
    (7..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asha() -> Eligibility<'static> {
        Eligibility {
            now: Timestamp::from_seconds(1),
            category: Category::Marketing,
            blocked: false,
            phone: Some("+919800000001"),
            wa_id: None,
            user_id: None,
            consent: ConsentState::Granted,
            duplicate: false,
            in_other: false,
            capped: false,
            missing_variable: false,
            invalid_link: false,
        }
    }

    #[test]
    fn marketing_wants_a_yes_and_the_rest_only_no_no() {
        use ConsentState::{Denied, Granted, Unknown};
        let of = |category, consent| {
            decide(&Eligibility {
                category,
                consent,
                ..asha()
            })
        };
        assert_eq!(of(Category::Marketing, Granted), Ok(()));
        assert_eq!(of(Category::Marketing, Unknown), Err(Exclusion::NoConsent));
        assert_eq!(of(Category::Marketing, Denied), Err(Exclusion::OptedOut));
        assert_eq!(of(Category::Utility, Unknown), Ok(()));
        assert_eq!(of(Category::Utility, Denied), Err(Exclusion::OptedOut));
    }

    #[test]
    fn each_fact_has_its_reason() {
        let cases = [
            (
                Eligibility {
                    blocked: true,
                    ..asha()
                },
                Exclusion::Blocked,
            ),
            (
                Eligibility {
                    phone: None,
                    ..asha()
                },
                Exclusion::NoNumber,
            ),
            (
                Eligibility {
                    phone: Some("+0123"),
                    ..asha()
                },
                Exclusion::InvalidNumber,
            ),
            (
                Eligibility {
                    duplicate: true,
                    ..asha()
                },
                Exclusion::Duplicate,
            ),
            (
                Eligibility {
                    in_other: true,
                    ..asha()
                },
                Exclusion::InOtherCampaign,
            ),
            (
                Eligibility {
                    capped: true,
                    ..asha()
                },
                Exclusion::Capped,
            ),
            (
                Eligibility {
                    missing_variable: true,
                    ..asha()
                },
                Exclusion::MissingVariable,
            ),
            (
                Eligibility {
                    phone: None,
                    user_id: Some("IN.5"),
                    category: Category::Authentication,
                    ..asha()
                },
                Exclusion::NoNumber,
            ),
        ];
        for (of, reason) in cases {
            assert_eq!(decide(&of), Err(reason));
            assert_eq!(Exclusion::parse(reason.as_str()), Some(reason));
        }
        let by_id = Eligibility {
            phone: None,
            user_id: Some("IN.5"),
            ..asha()
        };
        assert_eq!(decide(&by_id), Ok(()));
    }
}
