//! Whom a filter finds, all at once: each part is read as a set of ids, and the sets are put together
//! in memory.
//!
//! A database that is asked the whole filter asks each part of each contact, a microsecond at a time;
//! reading a part from its index takes a tenth of that. Only when a part leaves few, the rest of the
//! filter is asked of those.

use std::pin::Pin;

use wigwag_model::WorkspaceId;
use wigwag_model::audience::Plan;

use super::ahead::Ahead;
use super::part::{Part, gathered};
use super::reading::{contact, middle, one};
use super::sets::{Ids, Set};
use super::statement::Builder;
use super::steps::{Step, steps};
use crate::{Batch, Result, Snapshot, sql, sql_rows_owned};

/// How far each way of asking goes. Tests shorten it, so that each way is gone with few people.
#[derive(Debug, Clone, Copy)]
pub struct Reach {
    /// So many are few: they are asked the rest of a filter one after the other.
    pub few: usize,
    /// So many contacts of a table are looked at one by one.
    pub walk: u32,
    /// So many are brought into the order of their names.
    pub named: usize,
    /// So many events of a name are gone through; a filter that asks for more is refused as too costly.
    pub events: usize,
}

impl Default for Reach {
    fn default() -> Self {
        Self {
            few: 8_000,
            walk: 10_000,
            named: 20_000,
            // 160 MB of ids, and one to two seconds.
            events: 10_000_000,
        }
    }
}

type Asked<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Those whom a plan finds, without those who became others.
///
/// # Errors
/// [`crate::Error::Filter`] for a plan that is too costly.
pub(super) async fn found(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    plan: &Plan,
    reach: Reach,
) -> Result<Set> {
    let step = steps(on, workspace, plan, false, reach).await?;
    by_steps(on, workspace, &step, reach).await
}

/// The same, where the steps are known.
///
/// # Errors
/// As [`found`].
pub(super) async fn by_steps(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    step: &Step<'_>,
    reach: Reach,
) -> Result<Set> {
    let mut ahead = Ahead::new(on, workspace, step.whole(), reach).await?;
    let found = set(on, workspace, step, &mut ahead, reach).await?;
    if let Set::These(ids) = &found
        && ids.len() == 0
    {
        return Ok(found);
    }
    let merged = "contacts p WHERE p.workspace_id = $1 AND p.merged_into IS NOT NULL";
    let builder = Builder::new(on, workspace, None);
    let part = Part::new(merged.to_owned(), "p.id");
    Ok(found.without(one(on, builder, part, None).await?))
}

/// How many a set of [`found`] has.
pub(super) async fn size(on: &mut Snapshot, workspace: WorkspaceId, set: &Set) -> Result<i64> {
    let number = |ids: &Ids| i64::try_from(ids.len()).unwrap_or(i64::MAX);
    Ok(match set {
        Set::These(ids) => number(ids),
        Set::AllBut(ids) => all_contacts(on, workspace).await? - number(ids),
    })
}

/// How many contacts there are, with those who became others.
pub(super) async fn all_contacts(on: &mut Snapshot, workspace: WorkspaceId) -> Result<i64> {
    let row = sql("SELECT COUNT(*) FROM contacts p WHERE p.workspace_id = $1")
        .bind(workspace)
        .fetch_one(on)
        .await?;
    row.int(0)
}

/// The ids of a set of [`found`].
pub(super) async fn ids(on: &mut Snapshot, workspace: WorkspaceId, set: Set) -> Result<Ids> {
    let everyone = match set {
        Set::These(ids) => return Ok(ids),
        Set::AllBut(_) => {
            let middle = middle(on, workspace).await?;
            let builder = Builder::new(on, workspace, None);
            let part = Part::new("contacts p WHERE p.workspace_id = $1".to_owned(), "p.id");
            one(on, builder, part, middle).await?
        }
    };
    match Set::These(everyone).and(set) {
        Set::These(ids) | Set::AllBut(ids) => Ok(ids),
    }
}

fn set<'a>(
    on: &'a mut Snapshot,
    workspace: WorkspaceId,
    step: &'a Step<'_>,
    ahead: &'a mut Ahead<'_>,
    reach: Reach,
) -> Asked<'a, Set> {
    Box::pin(async move {
        Ok(match step.plan {
            Plan::Everyone => Set::everyone(),
            Plan::All(_) => all(on, workspace, step, ahead, reach).await?,
            // Whoever passes some part, or the one of a *not*, is not one who passes none.
            Plan::Any(_) | Plan::Not(_) => {
                let mut none = Set::everyone();
                for part in &step.parts {
                    none = none.and(set(on, workspace, part, ahead, reach).await?.not());
                }
                match step.plan {
                    Plan::Not(_) => none,
                    _ => none.not(),
                }
            }
            _ => ahead.take(on).await?,
        })
    })
}

/// Those who pass every part: the part that finds the fewest first, and once few are left, these are
/// asked the rest.
async fn all(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    step: &Step<'_>,
    ahead: &mut Ahead<'_>,
    reach: Reach,
) -> Result<Set> {
    let mut found = Set::everyone();
    for (at, part) in step.parts.iter().enumerate() {
        let of_few = step.begins_with_few();
        if let Set::These(ids) = &found
            && (ids.len() <= reach.few || of_few)
        {
            let rest = step.parts.get(at..).unwrap_or_default();
            let reads = if of_few {
                0
            } else {
                rest.iter().map(|part| part.reads).sum()
            };
            // What is read already costs nothing any more.
            if ids.len() == 0 || of_few || !ahead.has(reads) {
                ahead.skip(reads);
                return Ok(Set::These(among(on, workspace, ids, rest).await?));
            }
        }
        found = found.and(set(on, workspace, part, ahead, reach).await?);
    }
    Ok(found)
}

/// Those of a few who pass all parts.
async fn among(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    few: &Ids,
    parts: &[Step<'_>],
) -> Result<Ids> {
    if few.len() == 0 {
        return Ok(Ids::default());
    }
    let mut builder = Builder::new(on, workspace, None);
    let mut passes = String::new();
    for part in parts {
        passes.push_str(" AND ");
        passes.push_str(&builder.condition(part.plan)?);
    }
    let dialect = builder.dialect();
    let ids = Part::new(String::new(), "p.id").ids(dialect);
    let text = format!(
        "SELECT {ids} FROM {{rows}} JOIN contacts p ON p.workspace_id = {{$1}} AND p.id = r.id{passes}"
    );
    let batch = Batch::new().ids("id", few.as_slice().iter().copied().map(contact));
    let row = builder
        .bound(sql_rows_owned(text, batch))
        .fetch_one(on)
        .await?;
    let bytes = row.opt_bytes(0)?.unwrap_or_default();
    Ok(gathered(dialect, &[bytes], 1))
}
