//! Endpoints: addresses of other programs that are told what happens here, by webhook. What they
//! may be told, in which form, and when a delivery that failed is tried again.

use std::time::Duration;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What an endpoint is told of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[$doc])* $name,)* }

        impl Kind {
            /// Every kind that an endpoint may choose.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name in tables, in the API and in what is told.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Reads a name.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

kinds! {
    /// A contact wrote.
    MessageReceived = "message.received",
    /// A message of ours was handed to Meta, whoever or whatever wrote it.
    MessageSent = "message.sent",
    /// A message of ours was sent, delivered, read or played, or it failed.
    MessageStatus = "message.status",
    /// A contact pressed a quick reply of a template of ours, or followed a short link of ours.
    MessageClicked = "message.clicked",
    /// A conversation was given to a member, or to nobody.
    ConversationAssigned = "conversation.assigned",
    /// A conversation was closed.
    ConversationClosed = "conversation.closed",
    /// A conversation was opened again, by a member or because its snooze ended.
    ConversationOpened = "conversation.opened",
    /// A conversation was put off.
    ConversationSnoozed = "conversation.snoozed",
    /// A contact is new.
    ContactCreated = "contact.created",
    /// A contact changed.
    ContactChanged = "contact.changed",
    /// What a contact agreed to changed.
    ConsentChanged = "consent.changed",
    /// A contact did something elsewhere.
    EventTracked = "event.tracked",
    /// A campaign has another state.
    CampaignChanged = "campaign.changed",
    /// A template has another status at Meta.
    TemplateChanged = "template.changed",
    /// What became of the messages of a template that were sent on one day (UTC).
    TemplateMeasured = "template.measured",
    /// Meta warns or informs of an account, its portfolio or a number (Meta: `account_alerts`).
    AccountAlerted = "account.alerted",
    /// Something of an account is another: a restriction, a ban, a partner (Meta: `account_update`).
    AccountChanged = "account.changed",
    /// Meta has looked at an account and decided (Meta: `account_review_update`).
    AccountReviewed = "account.reviewed",
    /// Limits of the business are others (Meta: `business_capability_update`).
    AccountLimitsChanged = "account.limits_changed",
    /// A number has another throughput, limit or quality, or its name was decided on (Meta:
    /// `phone_number_quality_update`, `phone_number_name_update`).
    NumberChanged = "number.changed",
}

/// The name of what the test button tells; nobody chooses it.
pub const TEST: &str = "webhook.test";

/// In which form an endpoint is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Our own events, signed as Standard Webhooks says.
    Wigwag,
    /// Interakt's types and its signature.
    Interakt,
}

impl Form {
    /// The name in tables and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wigwag => "wigwag",
            Self::Interakt => "interakt",
        }
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "wigwag" => Some(Self::Wigwag),
            "interakt" => Some(Self::Interakt),
            _ => None,
        }
    }
}

/// How long after each failed try the next one follows: four days in all, so that three remain
/// when every wait is as short as it may be.
const WAITS: [Duration; 11] = [
    Duration::from_secs(5),
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(14),
    Duration::from_hours(20),
    Duration::from_hours(24),
    Duration::from_hours(24),
];

/// The longest that an endpoint may ask us to wait.
const MOST_ASKED: Duration = Duration::from_hours(24);
/// Failures in a row before an endpoint is left alone for a while.
const PATIENT: i64 = 10;
/// The longest rest of an endpoint that fails.
const REST: Duration = Duration::from_mins(10);
/// Its rest once it is called unreachable.
const LONG_REST: Duration = Duration::from_hours(1);
/// After how long of nothing but failures people are told.
pub const UNREACHABLE: Duration = Duration::from_hours(24 * 5);
/// How long the secret before stays valid after a change.
pub const ROTATION: Duration = Duration::from_hours(24);

/// When a delivery is tried again after `tries` failed tries; `None`: it is given up. `jitter` from
/// 0 to 1,000 makes the wait up to a fifth shorter or longer. `asked` is what the endpoint wants
/// (`Retry-After`), which counts when it is longer.
pub fn again(tries: i64, jitter: u32, asked: Option<Duration>) -> Option<Duration> {
    let at = usize::try_from(tries.checked_sub(1)?).ok()?;
    let wait = WAITS.get(at)?;
    let wait = wait.saturating_mul(800 + jitter.min(1_000) * 2 / 5) / 1_000;
    Some(wait.max(asked.unwrap_or_default().min(MOST_ASKED)))
}

/// How long an endpoint is left alone after so many failures in a row, the first of them so long
/// ago: it is not asked for each delivery whether it is there again.
pub fn rest(failures: i64, failing: Duration, asked: Option<Duration>) -> Duration {
    let own = if failing >= UNREACHABLE {
        LONG_REST
    } else if failures < PATIENT {
        Duration::ZERO
    } else {
        let more = u32::try_from(failures).unwrap_or(u32::MAX);
        (Duration::from_secs(3).saturating_mul(more)).min(REST)
    };
    own.max(asked.unwrap_or_default().min(MOST_ASKED))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn kinds_and_forms_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(*kind));
        }
        for form in [Form::Wigwag, Form::Interakt] {
            assert_eq!(Form::parse(form.as_str()), Some(form));
        }
        assert_eq!(Kind::parse(TEST), None);
    }

    #[test]
    fn tries_go_on_for_three_days_at_least() {
        for jitter in [0, 500, 1_000] {
            let waits: Vec<_> = (1..)
                .map_while(|tries| again(tries, jitter, None))
                .collect();
            assert_eq!(waits.len(), 11);
            let all: Duration = waits.iter().sum();
            assert!(all >= Duration::from_hours(72), "{all:?}");
        }
        assert_eq!(again(1, 500, None), Some(Duration::from_secs(5)));
        assert_eq!(again(12, 500, None), None);
        assert_eq!(again(0, 500, None), None);
    }

    #[test]
    fn what_is_asked_for_is_kept_within_reason() {
        let asked = Some(Duration::from_mins(2));
        assert_eq!(again(1, 500, asked), asked);
        assert_eq!(again(5, 500, asked), Some(Duration::from_hours(2)));
        let for_ever = Some(Duration::from_hours(9_999));
        assert_eq!(again(1, 500, for_ever), Some(MOST_ASKED));
        assert_eq!(rest(1, Duration::ZERO, asked), Duration::from_mins(2));
    }

    #[test]
    fn an_endpoint_that_fails_is_asked_less_and_less() {
        let hour = Duration::from_hours(1);
        assert_eq!(rest(9, hour, None), Duration::ZERO);
        assert_eq!(rest(10, hour, None), Duration::from_secs(30));
        assert_eq!(rest(1_000_000_000_000, hour, None), REST);
        assert_eq!(rest(3, UNREACHABLE, None), LONG_REST);
    }

    proptest! {
        #[test]
        fn jitter_is_a_fifth_at_most(tries in 1_i64..=11, jitter in 0_u32..=2_000) {
            let plain = again(tries, 500, None).unwrap();
            let wait = again(tries, jitter, None).unwrap();
            prop_assert!(wait >= plain * 4 / 5 && wait <= plain * 6 / 5);
        }
    }
}
