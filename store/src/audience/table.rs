//! The contacts that a filter finds, as a table shows them: in one of a few orders, page by page.

use serde::{Deserialize, Serialize};
use wigwag_model::audience::{Filter, Plan};
use wigwag_model::{ContactId, Timestamp, WorkspaceId};

#[cfg(any(test, feature = "testing"))]
use super::found::Reach;
use super::place::Place;
use super::sets::Set;
use super::steps::{Most, steps};
use super::{found, plan};
use crate::contacts::Contact;
use crate::{Result, Snapshot};

/// Contacts, and the key of the last one when there may be more.
pub(super) type Page = (Vec<Contact>, Option<TableKey>);

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Those made last first.
    #[default]
    Newest,
    /// Those made first first.
    Oldest,
    /// By name.
    Name,
}

/// The place of a contact in the table. It holds for the order that it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableKey {
    /// Its id.
    pub id: ContactId,
    /// Its folded name, where the order is by name.
    pub name: Option<String>,
}

/// A page of the contacts that a filter finds, and the key of its last when there may be more.
///
/// # Errors
/// [`crate::Error::Filter`] for a filter that cannot be asked.
pub async fn table(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    filter: &Filter,
    now: Timestamp,
    order: Order,
    after: Option<TableKey>,
    limit: u32,
) -> Result<(Vec<Contact>, Option<TableKey>)> {
    let plan = plan(on, workspace, filter, now).await?;
    begin(on, &plan, &Place::new(workspace, order, after, limit)).await
}

/// In tests: the same with another reach.
///
/// # Errors
/// As [`table`].
#[cfg(any(test, feature = "testing"))]
#[expect(clippy::too_many_arguments, reason = "those of `table` and one more")]
pub async fn table_within(
    reach: Reach,
    on: &mut Snapshot,
    workspace: WorkspaceId,
    filter: &Filter,
    now: Timestamp,
    order: Order,
    after: Option<TableKey>,
    limit: u32,
) -> Result<(Vec<Contact>, Option<TableKey>)> {
    let plan = plan(on, workspace, filter, now).await?;
    let place = Place {
        reach,
        ..Place::new(workspace, order, after, limit)
    };
    begin(on, &plan, &place).await
}

/// A page of whom a plan finds. Of most filters enough people are among the next who are looked at one
/// by one; of the others the set is asked for.
async fn begin(on: &mut Snapshot, plan: &Plan, place: &Place) -> Result<Page> {
    let (workspace, reach) = (place.workspace, place.reach);
    let step = steps(on, workspace, plan, true, reach).await?;
    let few = matches!(step.most, Most::Few(_));
    if !few && let Some(page) = looked(on, plan, place).await? {
        return Ok(page);
    }
    let found = found::by_steps(on, workspace, &step, reach).await?;
    of_set(on, plan, found, place).await
}

/// A page of those among the next contacts whom a plan finds; nothing where these are too few to fill it.
///
/// A tenth of them is looked at first: where that has hardly anybody, neither have the others, and what is
/// asked of a contact may take long.
pub(super) async fn looked(on: &mut Snapshot, plan: &Plan, place: &Place) -> Result<Option<Page>> {
    for share in [10, 1] {
        let end = place.end(on, (place.reach.walk / share).max(1)).await?;
        let rows = place.walk(on, plan, end.as_ref()).await?;
        if end.is_none() || rows.len() > place.limit as usize {
            return Ok(Some(place.shown(&rows)?));
        }
        if rows.len() * share as usize <= place.limit as usize {
            break;
        }
    }
    Ok(None)
}

/// A page of a set that a plan finds.
pub(super) async fn of_set(
    on: &mut Snapshot,
    plan: &Plan,
    set: Set,
    place: &Place,
) -> Result<Page> {
    let ids = found::ids(on, place.workspace, set).await?;
    let rows = if place.order == Order::Name && ids.len() > place.reach.named {
        place.walk(on, plan, None).await?
    } else {
        place.of_ids(on, &ids).await?
    };
    place.shown(&rows)
}
