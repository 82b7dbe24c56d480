//! One table of drafts: good ones, and each rule broken once. Read by the rules' own test and by the one that
//! holds them against the simulator's.

#![expect(
    clippy::needless_pass_by_value,
    reason = "a table reads better without borrows"
)]

mod buttons;
mod drafts;
mod good;
mod kinds;
mod texts;

use serde_json::{Value, json};

use drafts::{draft, filled};

/// What Meta does with a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meta {
    /// Approves it.
    Takes,
    /// Answers the creation with an error.
    Refuses,
    /// Takes it into review and rejects it.
    Rejects,
}

/// A draft and what is to be said of it.
pub(crate) struct Case {
    /// What it shows.
    pub(crate) name: &'static str,
    /// Fields of the draft.
    pub(crate) draft: Value,
    /// The code and field that are to be found; nothing for good drafts.
    pub(crate) wanted: Option<(&'static str, &'static str)>,
    /// What Meta does.
    pub(crate) meta: Meta,
}

/// Drafts that Meta's reviewers reject.
fn rejected() -> Vec<(&'static str, &'static str, Value)> {
    vec![(
        "variables_adjacent",
        "components.body.text",
        draft(json!([filled(
            "Hello {{1}} {{2}}, your order is on its way to you.",
            &["Asha", "Rao"]
        )])),
    )]
}

/// The table.
pub(crate) fn cases() -> Vec<Case> {
    let good = good::good().into_iter().map(|(name, draft)| Case {
        name,
        draft,
        wanted: None,
        meta: Meta::Takes,
    });
    let bad = |meta: Meta, all: Vec<(&'static str, &'static str, Value)>| {
        all.into_iter().map(move |(code, field, draft)| Case {
            name: code,
            draft,
            wanted: Some((code, field)),
            meta,
        })
    };
    let broken = [texts::broken(), buttons::broken(), kinds::broken()].concat();
    good.chain(bad(Meta::Refuses, broken))
        .chain(bad(Meta::Rejects, rejected()))
        .collect()
}
