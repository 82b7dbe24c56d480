//! What Meta's error codes mean for us.
//!
//! One row per documented code: class, whether a synchronous refusal with it proves that nothing was sent,
//! how long to wait before another try can make sense, a stable reason and action for translation, and a
//! short English title. Decide on these, never on Meta's texts or on the HTTP status.

pub use crate::codes::ALL;

/// What kind of trouble it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// A fault of Meta's that passes.
    Retry,
    /// Too many calls to the API: slow down the app or WABA.
    BackOff,
    /// Too many messages per second from the number.
    Throughput,
    /// Too many messages to one person in a short time.
    Pair,
    /// The access token is missing, expired, revoked.
    Token,
    /// The token lacks a permission, or the object is not ours.
    Permission,
    /// The template: existence, state or values.
    Template,
    /// Outside the service window; only a template may be sent.
    Window,
    /// The person does not want it.
    OptOut,
    /// Meta limits marketing to this person for now.
    MarketingLimit,
    /// The person cannot be reached at this number or id.
    NumberUnavailable,
    /// Our number cannot send: not registered, not approved, in maintenance.
    Sender,
    /// Money: no valid payment method, terms not accepted.
    Payment,
    /// Restricted, locked or slowed down by policy.
    Policy,
    /// The media.
    Media,
    /// Our request is wrong; the same request will never pass.
    Request,
    /// Anything else that will not pass by itself.
    Terminal,
    /// A code without a row.
    Unknown,
}

impl Class {
    /// A stable word for logs, storage and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::BackOff => "back_off",
            Self::Throughput => "throughput",
            Self::Pair => "pair",
            Self::Token => "token",
            Self::Permission => "permission",
            Self::Template => "template",
            Self::Window => "window",
            Self::OptOut => "opt_out",
            Self::MarketingLimit => "marketing_limit",
            Self::NumberUnavailable => "number_unavailable",
            Self::Sender => "sender",
            Self::Payment => "payment",
            Self::Policy => "policy",
            Self::Media => "media",
            Self::Request => "request",
            Self::Terminal => "terminal",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the trouble may end without anybody doing anything.
    pub const fn passes(self) -> bool {
        matches!(
            self,
            Self::Retry | Self::BackOff | Self::Throughput | Self::Pair
        )
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeInfo {
    /// Meta's code, or subcode for the seven-digit ones.
    pub code: i64,
    /// Our name for the code.
    pub name: &'static str,
    /// Its class.
    pub class: Class,
    /// A synchronous refusal with this code proves that no message was sent.
    pub refuses: bool,
    /// Seconds before another try can make sense; none: the same request will not pass.
    pub wait_seconds: Option<u32>,
    /// Stable key of the reason, for catalogues and reports. Several codes may share one.
    pub reason: &'static str,
    /// Stable key of what to do about it.
    pub action: &'static str,
    /// Short English title.
    pub title: &'static str,
}

/// The row of a code. 200 to 299 share one.
pub fn lookup(code: i64) -> Option<&'static CodeInfo> {
    let code = if (200..300).contains(&code) {
        200
    } else {
        code
    };
    ALL.binary_search_by_key(&code, |info| info.code)
        .ok()
        .map(|index| &ALL[index])
}

/// The row of a subcode where it has one, else of the code.
pub fn lookup_with_subcode(code: i64, subcode: Option<i64>) -> Option<&'static CodeInfo> {
    // Subcodes below a million belong to their code (33 of 100, 463 of 190) and are no codes of ours.
    let narrower = subcode
        .filter(|subcode| *subcode >= 1_000_000)
        .and_then(lookup);
    match (code, subcode) {
        (100, Some(33)) => Some(&UNKNOWN_OBJECT),
        _ => narrower.or_else(|| lookup(code)),
    }
}

/// Code 100 with subcode 33: the id does not exist or is not ours.
const UNKNOWN_OBJECT: CodeInfo = CodeInfo {
    code: 100,
    name: "unknown_object",
    class: Class::Permission,
    refuses: true,
    wait_seconds: None,
    reason: "unknown_object",
    action: "check_access",
    title: "The object does not exist or the token has no access to it",
};
