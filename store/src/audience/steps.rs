//! In which order the parts of a filter are asked, and which of them are read as a whole.

use std::pin::Pin;

use wigwag_model::WorkspaceId;
use wigwag_model::audience::{Plan, Test};

use super::found::Reach;
use super::rows::Rows;
use super::statement::Builder;
use crate::{Result, Snapshot};

/// How many a part finds, as far as that is quickly told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Most {
    /// At most so many.
    Few(usize),
    /// Nobody knows without asking it.
    Unknown,
    /// More than a few.
    Many,
    /// The part says who is left out.
    Rest,
}

/// A plan with its parts in the order in which they are asked.
pub(super) struct Step<'p> {
    pub(super) plan: &'p Plan,
    /// How many it finds at most, where somebody wanted to know.
    pub(super) most: Most,
    /// Those of an *and* that find the fewest come first.
    pub(super) parts: Vec<Step<'p>>,
    /// How many parts below are read as a whole.
    pub(super) reads: usize,
}

type Asked<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// The steps of a plan. `weigh` says whether somebody wants to know how many it finds at most; where an *and*
/// has several parts, that is found out in any case. Each part is asked once, and counted up to a few.
pub(super) fn steps<'a, 'p: 'a>(
    on: &'a mut Snapshot,
    workspace: WorkspaceId,
    plan: &'p Plan,
    weigh: bool,
    reach: Reach,
) -> Asked<'a, Step<'p>> {
    Box::pin(async move {
        Ok(match plan {
            Plan::Everyone => Step::leaf(plan, Most::Rest, 0),
            Plan::Not(part) => Step {
                most: Most::Rest,
                ..Step::of(plan, vec![steps(on, workspace, part, false, reach).await?])
            },
            Plan::All(all) => {
                let weigh = weigh || all.len() > 1;
                let mut parts = Vec::with_capacity(all.len());
                for part in all {
                    parts.push(steps(on, workspace, part, weigh, reach).await?);
                }
                parts.sort_by_key(|part| part.most);
                let least = parts.first().map_or(Most::Rest, |part| part.most);
                let step = Step::of(plan, parts);
                let reads = match (least, step.parts.first()) {
                    // All others are asked of the few.
                    (Most::Few(_), Some(first)) => first.reads,
                    _ => step.reads,
                };
                Step {
                    most: least,
                    reads,
                    ..step
                }
            }
            Plan::Any(any) => {
                let mut parts = Vec::with_capacity(any.len());
                for part in any {
                    parts.push(steps(on, workspace, part, weigh, reach).await?);
                }
                let most = parts
                    .iter()
                    .fold(Most::Few(0), |sum, part| either(sum, part.most, reach.few));
                Step {
                    most,
                    ..Step::of(plan, parts)
                }
            }
            leaf => {
                let most = if weigh {
                    most(on, workspace, leaf, reach).await?
                } else {
                    Most::Unknown
                };
                Step::leaf(leaf, most, 1)
            }
        })
    })
}

impl<'p> Step<'p> {
    fn leaf(plan: &'p Plan, most: Most, reads: usize) -> Self {
        Self {
            plan,
            most,
            parts: Vec::new(),
            reads,
        }
    }

    fn of(plan: &'p Plan, parts: Vec<Self>) -> Self {
        Self {
            plan,
            most: Most::Unknown,
            reads: parts.iter().map(|part| part.reads).sum(),
            parts,
        }
    }

    /// Whether few pass the first part of an *and*: the others are then asked of them, and never read.
    pub(super) fn begins_with_few(&self) -> bool {
        matches!(self.plan, Plan::All(_))
            && matches!(self.parts.first(), Some(first) if matches!(first.most, Most::Few(_)))
    }

    /// The parts that are read as a whole, in the order in which they are needed.
    pub(super) fn whole(&self) -> Vec<&'p Plan> {
        let mut whole = Vec::with_capacity(self.reads);
        self.gather(&mut whole);
        whole
    }

    fn gather(&self, whole: &mut Vec<&'p Plan>) {
        if self.parts.is_empty() {
            whole.extend((self.reads > 0).then_some(self.plan));
        }
        let some = if self.begins_with_few() {
            1
        } else {
            self.parts.len()
        };
        for part in self.parts.iter().take(some) {
            part.gather(whole);
        }
    }
}

/// How many pass one of two at most.
fn either(one: Most, other: Most, few: usize) -> Most {
    match (one, other) {
        (Most::Few(one), Most::Few(other)) if one + other <= few => Most::Few(one + other),
        (Most::Few(_), Most::Few(_)) => Most::Many,
        (one, other) => one.max(other),
    }
}

/// How many a part finds at most, where that is quickly told.
async fn most(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    part: &Plan,
    reach: Reach,
) -> Result<Most> {
    if let Plan::Field { leaf, .. } = part {
        return Ok(if leaf.negated {
            Most::Rest
        } else {
            Most::Unknown
        });
    }
    let mut builder = Builder::new(on, workspace, None);
    Ok(match builder.rows(part) {
        None => Most::Rest,
        Some(rows) if rows.negated => Most::Rest,
        Some(rows) if walks(part) || rows.times > 1 => Most::Unknown,
        Some(rows) => few(on, builder, &rows, reach).await?,
    })
}

async fn few(on: &mut Snapshot, builder: Builder, rows: &Rows, reach: Reach) -> Result<Most> {
    let Rows {
        table, question, ..
    } = rows;
    let firsts = format!(
        "SELECT 1 FROM {table} WHERE t.workspace_id = $1 AND {question} LIMIT {}",
        reach.few.saturating_add(1)
    );
    let row = builder
        .statement(format!("SELECT COUNT(*) FROM ({firsts}) firsts"))
        .fetch_one(on)
        .await?;
    let count = usize::try_from(row.int(0)?).unwrap_or(usize::MAX);
    Ok(if count > reach.few {
        Most::Many
    } else {
        Most::Few(count)
    })
}

/// Whether even the first rows of a part may only be found by looking at many.
fn walks(plan: &Plan) -> bool {
    match plan {
        Plan::Trait { leaf, .. } => matches!(leaf.test, Test::Contains(_)),
        Plan::Event(doing) => !doing.properties.is_empty(),
        Plan::Campaign { .. } | Plan::Conversation(..) => true,
        _ => false,
    }
}
