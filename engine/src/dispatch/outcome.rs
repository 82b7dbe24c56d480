//! What the end of a POST means for its message.

use std::time::Duration;

use wigwag_meta::classify::Class;
use wigwag_meta::{Effect, Error, SendOutcome};
use wigwag_model::Timestamp;
use wigwag_model::campaign::Held;
use wigwag_store::outbox::Outcome;

/// How long a message is tried while every try provably had no effect.
const PATIENCE: Duration = Duration::from_hours(24);
/// The longest wait between two tries, where Meta names no longer one.
const LONGEST: Duration = Duration::from_mins(5);

/// What an attempt was, as far as its outcome goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempt {
    /// Which try, from 1.
    pub(super) try_no: i64,
    /// Whether it belongs to a campaign.
    pub(super) campaign: bool,
    /// When the message was written.
    pub(super) written_at: Timestamp,
    /// The present.
    pub(super) now: Timestamp,
    /// Random, so that tries of many messages do not come back together.
    pub(super) spread: u8,
}

/// What to record for a POST's end.
pub(super) fn outcome(end: &SendOutcome, of: Attempt) -> Outcome {
    match (end.effect, &end.error) {
        (Effect::Accepted, _) => match &end.wamid {
            Some(wamid) => Outcome::Accepted {
                wamid: wamid.clone(),
            },
            None => unknown(end),
        },
        (Effect::None, Some(Error::Stopped)) => Outcome::Release { due_at: of.now },
        (Effect::None, Some(error)) => refused(error, of),
        (Effect::None, None) => unknown(end),
        (Effect::Maybe, _) => unknown(end),
    }
}

fn unknown(end: &SendOutcome) -> Outcome {
    let error = end.error.as_ref();
    Outcome::Unknown {
        code: error.and_then(Error::code),
        detail: error.map_or_else(|| "no answer".to_owned(), ToString::to_string),
    }
}

fn refused(error: &Error, of: Attempt) -> Outcome {
    let wait = match error.graph() {
        Some(graph) => graph
            .info()
            .and_then(|info| info.wait_seconds)
            .map(|seconds| Duration::from_secs(u64::from(seconds))),
        // No connection was made, or it ended before the first byte.
        None => Some(Duration::from_millis(500)),
    };
    let (code, reason) = (error.code(), reason(error));
    let detail = error
        .graph()
        .map_or_else(|| error.to_string(), |graph| graph.details().to_owned());
    let held = hold(error).filter(|_| of.campaign);
    // Whom Meta holds marketing back from gets it in a second round of the campaign, or not at all.
    let ends = of.campaign && error.class() == Class::MarketingLimit;
    match wait {
        Some(wait)
            if held != Some(Held::Policy) && !ends && of.now.since(of.written_at) < PATIENCE =>
        {
            Outcome::Retry {
                due_at: of
                    .now
                    .plus(back_off(wait, error.class(), of.try_no, of.spread)),
                code,
                detail: error.to_string(),
            }
        }
        _ if held.is_some() => Outcome::Hold {
            code,
            reason,
            detail,
        },
        _ => Outcome::Failed {
            code,
            reason,
            detail,
        },
    }
}

/// The code of a template that is not there in this language (Meta: Error codes); those of its
/// class that are not listed here are about one person's values.
const TEMPLATE_GONE: i64 = 132_001;
/// Codes of a template or category that Meta takes from nobody for now.
const TEMPLATE_RESTS: &[i64] = &[131_063, 132_007, 132_015, 132_016];
/// A code of policy that is about the person's country only.
const COUNTRY: i64 = 130_497;

/// Why a refusal concerns everybody whom a campaign writes to, where it does.
pub(super) fn hold(error: &Error) -> Option<Held> {
    let code = error.code()?;
    match error.class() {
        Class::Token | Class::Permission => Some(Held::TokenInvalid),
        Class::Template if code == TEMPLATE_GONE => Some(Held::TemplateMissing),
        Class::Template if TEMPLATE_RESTS.contains(&code) => Some(Held::TemplateUnavailable),
        Class::Sender => Some(Held::NumberUnavailable),
        Class::Payment => Some(Held::Payment),
        Class::Policy if code != COUNTRY => Some(Held::Policy),
        Class::Media => Some(Held::MediaFailed),
        _ => None,
    }
}

/// The stable reason of a refusal.
fn reason(error: &Error) -> String {
    let reason = match error.graph() {
        Some(graph) => graph.info().map_or("meta_refused", |info| info.reason),
        None => "meta_unreachable",
    };
    reason.to_owned()
}

/// The wait before the next try: Meta's own for limits, doubling for what passes, up to a
/// quarter more by chance.
fn back_off(wait: Duration, class: Class, try_no: i64, spread: u8) -> Duration {
    let limit = matches!(class, Class::Throughput | Class::Pair);
    let doublings = if limit {
        0
    } else {
        u32::try_from(try_no - 1).unwrap_or(0).min(10)
    };
    let longest = LONGEST.max(wait);
    let base = wait.saturating_mul(1 << doublings).min(longest);
    base + base.mul_f64(f64::from(spread) / 1_024.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wigwag_meta::GraphError;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    const FIRST: Attempt = Attempt {
        try_no: 1,
        campaign: false,
        written_at: NOW,
        now: NOW,
        spread: 0,
    };

    fn of(error: Error) -> Outcome {
        outcome(&SendOutcome::failed(error), FIRST)
    }

    fn in_campaign(error: Error) -> Outcome {
        let of = Attempt {
            campaign: true,
            ..FIRST
        };
        outcome(&SendOutcome::failed(error), of)
    }

    fn graph(code: i64) -> Error {
        Error::Graph {
            status: 400,
            error: Box::new(GraphError::new(code, "refused", "details")),
        }
    }

    #[test]
    fn only_what_provably_had_no_effect_is_tried_again() {
        assert!(matches!(
            of(Error::NotSent("connection refused".to_owned())),
            Outcome::Retry { code: None, .. }
        ));
        assert!(matches!(
            of(graph(130_429)),
            Outcome::Retry {
                code: Some(130_429),
                ..
            }
        ));
        assert!(matches!(
            of(Error::Broken("reset".to_owned())),
            Outcome::Unknown { .. }
        ));
        assert!(matches!(of(graph(131_000)), Outcome::Unknown { .. }));
        assert!(matches!(of(Error::Stopped), Outcome::Release { due_at } if due_at == NOW));
    }

    #[test]
    fn what_will_not_pass_fails_with_its_reason() {
        match of(graph(132_001)) {
            Outcome::Failed {
                code: Some(132_001),
                reason,
                detail,
            } => {
                assert_eq!(detail, "details");
                assert!(reason.starts_with("template"), "{reason}");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_concerns_everybody_holds_and_what_concerns_one_fails() {
        for code in [190, 131_031, 131_048, 132_001, 132_015, 132_016] {
            let end = in_campaign(graph(code));
            assert!(matches!(end, Outcome::Hold { .. }), "{code}: {end:?}");
        }
        for code in [130_497, 131_026, 131_049, 131_050, 132_000] {
            let end = in_campaign(graph(code));
            assert!(matches!(end, Outcome::Failed { .. }), "{code}: {end:?}");
        }
        for code in [130_429, 131_056] {
            let end = in_campaign(graph(code));
            assert!(matches!(end, Outcome::Retry { .. }), "{code}: {end:?}");
        }
        // Without a campaign nothing waits for anybody.
        assert!(matches!(of(graph(132_001)), Outcome::Failed { .. }));
    }

    #[test]
    fn patience_ends() {
        let end = SendOutcome::failed(Error::NotSent("refused".to_owned()));
        let late = NOW.plus(Duration::from_hours(25));
        assert!(matches!(
            outcome(&end, Attempt { try_no: 900, now: late, ..FIRST }),
            Outcome::Failed { code: None, reason, .. } if reason == "meta_unreachable"
        ));
    }

    #[test]
    fn waits_grow_and_are_spread() {
        let half = Duration::from_millis(500);
        assert_eq!(back_off(half, Class::Retry, 1, 0), half);
        assert_eq!(back_off(half, Class::Retry, 4, 0), half * 8);
        assert_eq!(back_off(half, Class::Retry, 60, 0), LONGEST);
        assert!(back_off(half, Class::Retry, 1, 255) < half * 5 / 4);
        let six = Duration::from_secs(6);
        assert_eq!(back_off(six, Class::Pair, 9, 0), six);
    }
}
