//! Counting a filter: one statement where its rows are the contacts, else the ids are read and put together.

use wigwag_model::audience::{Filter, Plan};
use wigwag_model::{Timestamp, WorkspaceId};

use super::alone::Alone;
use super::found;
#[cfg(any(test, feature = "testing"))]
use super::found::Reach;
use super::place::Place;
use super::plan;
use super::sets::Set;
use super::table::{self, Order};
use crate::contacts::Contact;
use crate::{Result, Snapshot};

/// How many contacts a filter finds. In a snapshot, which is planned for the values of the filter.
///
/// # Errors
/// [`crate::Error::Filter`] for a filter that cannot be asked.
pub async fn count(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    filter: &Filter,
    now: Timestamp,
) -> Result<i64> {
    Ok(count_with_sample(on, workspace, filter, now, 0).await?.0)
}

/// How many contacts a filter finds, and up to `limit` of them, the oldest first.
///
/// # Errors
/// [`crate::Error::Filter`] for a filter that cannot be asked.
pub async fn count_with_sample(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    filter: &Filter,
    now: Timestamp,
    limit: u32,
) -> Result<(i64, Vec<Contact>)> {
    let plan = plan(on, workspace, filter, now).await?;
    let place = Place::new(workspace, Order::Oldest, None, limit);
    counted(on, &plan, &place).await
}

/// In tests: the same with another reach.
///
/// # Errors
/// As [`count_with_sample`].
#[cfg(any(test, feature = "testing"))]
pub async fn count_within(
    reach: Reach,
    on: &mut Snapshot,
    workspace: WorkspaceId,
    filter: &Filter,
    now: Timestamp,
    limit: u32,
) -> Result<(i64, Vec<Contact>)> {
    let plan = plan(on, workspace, filter, now).await?;
    let place = Place {
        reach,
        ..Place::new(workspace, Order::Oldest, None, limit)
    };
    counted(on, &plan, &place).await
}

/// In tests: whom a filter finds when its parts are read as sets, with another reach, in the order of ids.
///
/// # Errors
/// As [`count`].
#[cfg(any(test, feature = "testing"))]
pub async fn set_within(
    reach: Reach,
    on: &mut Snapshot,
    workspace: WorkspaceId,
    filter: &Filter,
    now: Timestamp,
) -> Result<Vec<wigwag_model::ContactId>> {
    let plan = plan(on, workspace, filter, now).await?;
    let found = found::found(on, workspace, &plan, reach).await?;
    Ok(found::ids(on, workspace, found).await?.contacts())
}

/// How many a plan finds, and as many of them as a place shows.
async fn counted(on: &mut Snapshot, plan: &Plan, place: &Place) -> Result<(i64, Vec<Contact>)> {
    let (workspace, reach) = (place.workspace, place.reach);
    if let Some(alone) = Alone::of(on, workspace, plan) {
        // Nobody is read, so that those who are shown must be found besides. Where they are not among the first,
        // the part is read after all: it tells both, and hardly anybody is in it.
        let shown = match place.limit {
            0 => Some((Vec::new(), None)),
            _ => table::looked(on, plan, place).await?,
        };
        if let Some((contacts, _)) = shown
            && let Some(count) = alone.count(on, workspace, reach.few).await?
        {
            return Ok((count, contacts));
        }
    }
    let found = found::found(on, workspace, plan, reach).await?;
    let count = found::size(on, workspace, &found).await?;
    if place.limit == 0 {
        return Ok((count, Vec::new()));
    }
    let looked = match found {
        Set::These(_) => None,
        Set::AllBut(_) => table::looked(on, plan, place).await?,
    };
    let (contacts, _) = match looked {
        Some(page) => page,
        None => table::of_set(on, plan, found, place).await?,
    };
    Ok((count, contacts))
}
