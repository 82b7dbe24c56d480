//! The states of a campaign and who may move it where.

/// Where a campaign is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Being written.
    Draft,
    /// Sent, and waits for its time.
    Scheduled,
    /// Its people are being written down.
    Planning,
    /// Messages leave.
    Running,
    /// Nothing more is claimed; what was on its way ends.
    Pausing,
    /// Nothing is on its way. With a reason it waits for a person.
    Paused,
    /// Everybody has an outcome.
    Done,
    /// Ended by a person.
    Stopped,
    /// Could not begin.
    Failed,
    /// Sends nothing itself: messages that programs send are counted for it.
    Api,
}

/// What people and Wigwag do with campaigns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Change what it says, to whom, when.
    Edit,
    /// Send it, now or at its time.
    Send,
    /// Take the sending back before anything left.
    Undo,
    /// Let nothing more leave for now.
    Pause,
    /// Go on after a pause.
    Resume,
    /// End it.
    Stop,
    /// Go on after it held by itself, or after a canary.
    Release,
    /// Forget it.
    Delete,
}

const TABLE: [(State, &str); 10] = [
    (State::Draft, "draft"),
    (State::Scheduled, "scheduled"),
    (State::Planning, "planning"),
    (State::Running, "running"),
    (State::Pausing, "pausing"),
    (State::Paused, "paused"),
    (State::Done, "done"),
    (State::Stopped, "stopped"),
    (State::Failed, "failed"),
    (State::Api, "api"),
];

impl State {
    /// Every state, in the order of a campaign's life.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.into_iter().map(|(state, _)| state)
    }

    /// The name in the database and the API.
    pub fn as_str(self) -> &'static str {
        TABLE
            .iter()
            .find(|(state, _)| *state == self)
            .map_or("", |(_, name)| name)
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        TABLE
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(state, _)| *state)
    }

    /// Whether this may be done to a campaign in this state. [`Action::Undo`] of a running one has
    /// its time limit beside this.
    pub fn allows(self, action: Action) -> bool {
        use State as S;
        match action {
            Action::Edit | Action::Send => self == S::Draft,
            Action::Undo => matches!(self, S::Scheduled | S::Planning | S::Running),
            Action::Pause => self == S::Running,
            Action::Resume => matches!(self, S::Pausing | S::Paused),
            Action::Release => matches!(self, S::Running | S::Pausing | S::Paused),
            Action::Stop => matches!(
                self,
                S::Scheduled | S::Planning | S::Running | S::Pausing | S::Paused
            ),
            Action::Delete => matches!(self, S::Draft | S::Failed),
        }
    }

    /// Whether nothing more will leave.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Stopped | Self::Failed)
    }
}

macro_rules! held {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// Why a campaign waits for a person, or why it failed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Held { $($(#[$doc])* $name,)* }

        impl Held {
            /// The stable reason.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Reads a reason.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

held! {
    /// Its time went by while nothing ran here.
    StaleSchedule = "stale_schedule";
    /// The people who got it first did not take it well enough.
    CanaryFailed = "canary_failed";
    /// Too many failed.
    FailureRate = "failure_rate";
    /// Too many opted out.
    OptOutRate = "opt_out_rate";
    /// Meta does not take the template now.
    TemplateUnavailable = "template_unavailable";
    /// The template is not there any more.
    TemplateMissing = "template_missing";
    /// Meta put the template into another category.
    TemplateRecategorised = "template_recategorised";
    /// Meta calls the number's quality low.
    QualityRed = "quality_red";
    /// The number cannot send.
    NumberUnavailable = "number_unavailable";
    /// Meta refuses the access token.
    TokenInvalid = "token_invalid";
    /// Meta asks for money or terms.
    Payment = "payment";
    /// Meta restricted the account.
    Policy = "policy";
    /// The header's file could not be brought to Meta.
    MediaFailed = "media_failed";
    /// The message cannot be put together.
    Unrenderable = "unrenderable";
    /// The audience could not be read.
    AudienceUnreadable = "audience_unreadable";
    /// Nobody is left to write to.
    NobodyLeft = "nobody_left";
    /// Variables have neither value nor fallback for somebody.
    MissingVariables = "missing_variables";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for state in State::all() {
            assert_eq!(State::parse(state.as_str()), Some(state));
        }
        assert_eq!(State::parse("gone"), None);
        assert_eq!(Held::parse("quality_red"), Some(Held::QualityRed));
    }

    #[test]
    fn what_is_over_stays_over() {
        use Action as A;
        for state in State::all().filter(|state| state.is_over()) {
            for action in [
                A::Edit,
                A::Send,
                A::Undo,
                A::Pause,
                A::Resume,
                A::Stop,
                A::Release,
            ] {
                assert!(!state.allows(action), "{state:?} {action:?}");
            }
        }
    }

    #[test]
    fn only_drafts_change_and_whatever_may_send_may_be_stopped() {
        for state in State::all() {
            assert_eq!(state.allows(Action::Edit), state == State::Draft);
            let alive = !state.is_over() && !matches!(state, State::Draft | State::Api);
            assert_eq!(state.allows(Action::Stop), alive, "{state:?}");
        }
        for action in [Action::Send, Action::Pause, Action::Resume, Action::Delete] {
            assert!(!State::Api.allows(action), "{action:?}");
        }
        assert!(!State::Paused.allows(Action::Pause));
        assert!(State::Pausing.allows(Action::Resume));
    }
}
