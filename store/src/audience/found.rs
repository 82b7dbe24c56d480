//! Whom a filter finds, all at once: each part is read as a set of ids, and the sets are put together
//! in memory.
//!
//! A database that is asked the whole filter asks each part of each contact, a microsecond at a time;
//! reading a part from its index takes a tenth of that. Only when a part leaves few, the rest of the
//! filter is asked of those.

use std::pin::Pin;

use wigwag_model::WorkspaceId;
use wigwag_model::audience::{Plan, Test};

use super::reading::{concatenated, contact, costly, dialect, read, walked};
use super::sets::{Ids, Set};
use super::statement::{Builder, Rows};
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

type Asked<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Those whom a plan finds, without those who became others.
pub(super) async fn found(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    plan: &Plan,
    reach: Reach,
) -> Result<Set> {
    let found = set(on, workspace, plan, reach).await?;
    if let Set::These(ids) = &found
        && ids.len() == 0
    {
        return Ok(found);
    }
    let ids = concatenated(dialect(on), "p.id");
    let row = Builder::new(on, workspace, None)
        .statement(format!(
            "SELECT {ids} FROM contacts p WHERE p.workspace_id = $1 AND p.merged_into IS NOT NULL"
        ))
        .fetch_one(on)
        .await?;
    Ok(found.without(Ids::read(&row.opt_bytes(0)?.unwrap_or_default(), 1)))
}

/// How many a set of [`found`] has.
pub(super) async fn size(on: &mut Snapshot, workspace: WorkspaceId, set: &Set) -> Result<i64> {
    let number = |ids: &Ids| i64::try_from(ids.len()).unwrap_or(i64::MAX);
    Ok(match set {
        Set::These(ids) => number(ids),
        Set::AllBut(ids) => {
            let row = sql("SELECT COUNT(*) FROM contacts p WHERE p.workspace_id = $1")
                .bind(workspace)
                .fetch_one(on)
                .await?;
            row.int(0)? - number(ids)
        }
    })
}

/// The ids of a set of [`found`].
pub(super) async fn ids(on: &mut Snapshot, workspace: WorkspaceId, set: Set) -> Result<Ids> {
    let everyone = match set {
        Set::These(ids) => return Ok(ids),
        Set::AllBut(_) => {
            let builder = Builder::new(on, workspace, None);
            read(
                on,
                builder,
                "contacts p WHERE p.workspace_id = $1",
                "p.id",
                1,
            )
            .await?
        }
    };
    match Set::These(everyone).and(set) {
        Set::These(ids) | Set::AllBut(ids) => Ok(ids),
    }
}

/// How many a plan finds at most, where that is quickly told.
pub(super) fn most<'a>(
    on: &'a mut Snapshot,
    workspace: WorkspaceId,
    plan: &'a Plan,
    reach: Reach,
) -> Asked<'a, Most> {
    Box::pin(async move {
        Ok(match plan {
            Plan::All(parts) => {
                let mut least = Most::Rest;
                for part in parts {
                    least = least.min(most(on, workspace, part, reach).await?);
                }
                least
            }
            Plan::Any(parts) => {
                let mut sum = Most::Few(0);
                for part in parts {
                    sum = match (sum, most(on, workspace, part, reach).await?) {
                        (Most::Few(one), Most::Few(other)) if one + other <= reach.few => {
                            Most::Few(one + other)
                        }
                        (Most::Few(_), Most::Few(_)) => Most::Many,
                        (one, other) => one.max(other),
                    };
                }
                sum
            }
            Plan::Not(_) | Plan::Everyone => Most::Rest,
            Plan::Field { leaf, .. } if leaf.negated => Most::Rest,
            Plan::Field { .. } => Most::Unknown,
            leaf => {
                let mut builder = Builder::new(on, workspace, None);
                match builder.rows(leaf) {
                    Some(rows) if rows.negated => Most::Rest,
                    Some(rows) if walks(leaf) || rows.times > 1 => Most::Unknown,
                    Some(rows) => few(on, builder, &rows, reach).await?,
                    None => Most::Rest,
                }
            }
        })
    })
}

async fn few(on: &mut Snapshot, builder: Builder, rows: &Rows, reach: Reach) -> Result<Most> {
    let Rows {
        table, question, ..
    } = rows;
    let firsts = format!(
        "SELECT 1 FROM {table} WHERE t.workspace_id = $1 AND {question} LIMIT {}",
        reach.few + 1
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

fn set<'a>(
    on: &'a mut Snapshot,
    workspace: WorkspaceId,
    plan: &'a Plan,
    reach: Reach,
) -> Asked<'a, Set> {
    Box::pin(async move {
        Ok(match plan {
            Plan::Everyone => Set::everyone(),
            Plan::Not(part) => set(on, workspace, part, reach).await?.not(),
            Plan::All(parts) => all(on, workspace, parts, reach).await?,
            Plan::Any(parts) => {
                // Whoever passes some part is not one who passes none.
                let mut none = Set::everyone();
                for part in parts {
                    none = none.and(set(on, workspace, part, reach).await?.not());
                }
                none.not()
            }
            Plan::Field { name, leaf } => {
                let mut builder = Builder::new(on, workspace, None);
                let passes = builder.of_field(*name, &leaf.test);
                let from = format!("contacts p WHERE p.workspace_id = $1 AND {passes}");
                let ids = read(on, builder, &from, "p.id", 1).await?;
                if leaf.negated {
                    Set::AllBut(ids)
                } else {
                    Set::These(ids)
                }
            }
            leaf => {
                let mut builder = Builder::new(on, workspace, None);
                let Some(rows) = builder.rows(leaf) else {
                    return Ok(Set::everyone());
                };
                let times = usize::try_from(rows.times).unwrap_or(usize::MAX);
                let ids = if let (Some(walk), Plan::Event(doing)) = (&rows.walk, leaf) {
                    let read = walked(on, builder, walk, times, reach.events).await?;
                    read.ok_or_else(|| costly(doing, reach.events))?
                } else {
                    let from = format!(
                        "{} WHERE t.workspace_id = $1 AND {}",
                        rows.table, rows.question
                    );
                    read(on, builder, &from, "t.contact_id", times).await?
                };
                if rows.negated {
                    Set::AllBut(ids)
                } else {
                    Set::These(ids)
                }
            }
        })
    })
}

/// Those who pass every part: the part that finds the fewest first, and once few are left, these are
/// asked the rest.
async fn all(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    parts: &[Plan],
    reach: Reach,
) -> Result<Set> {
    let mut order = Vec::with_capacity(parts.len());
    for part in parts {
        let most = if parts.len() > 1 {
            most(on, workspace, part, reach).await?
        } else {
            Most::Unknown
        };
        order.push((most, part));
    }
    order.sort_by_key(|(most, _)| *most);
    let mut found = Set::everyone();
    for (at, (_, part)) in order.iter().enumerate() {
        match found {
            Set::These(ids) if ids.len() <= reach.few => {
                if ids.len() == 0 {
                    return Ok(Set::These(ids));
                }
                let rest = order.iter().skip(at).map(|(_, part)| *part);
                return Ok(Set::These(among(on, workspace, &ids, rest).await?));
            }
            _ => {}
        }
        found = found.and(set(on, workspace, part, reach).await?);
    }
    Ok(found)
}

/// Those of a few who pass all parts.
async fn among(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    few: &Ids,
    parts: impl Iterator<Item = &Plan>,
) -> Result<Ids> {
    let mut builder = Builder::new(on, workspace, None);
    let mut passes = String::new();
    for part in parts {
        passes.push_str(" AND ");
        passes.push_str(&builder.condition(part)?);
    }
    let ids = concatenated(builder.dialect(), "p.id");
    let text = format!(
        "SELECT {ids} FROM {{rows}} JOIN contacts p ON p.workspace_id = {{$1}} AND p.id = r.id{passes}"
    );
    let batch = Batch::new().ids("id", few.as_slice().iter().copied().map(contact));
    let row = builder
        .bound(sql_rows_owned(text, batch))
        .fetch_one(on)
        .await?;
    Ok(Ids::read(&row.opt_bytes(0)?.unwrap_or_default(), 1))
}
