//! The contacts that a filter finds, as a table shows them: in one of a few orders, page by page.

use serde::{Deserialize, Serialize};
use wigwag_model::audience::{Filter, Plan};
use wigwag_model::id::Id as _;
use wigwag_model::{ContactId, Timestamp, WorkspaceId};

use super::found::{self, Most, Reach};
use super::sets::{Ids, Set};
use super::{Builder, plan, reading};
use crate::contacts::{COLUMNS, Contact, read_contact};
use crate::{Batch, Result, Row, Snapshot, sql_rows_owned};

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
    begin(on, &plan, None, Place::new(workspace, order, after, limit)).await
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
    begin(on, &plan, None, place).await
}

/// A page of whom a plan finds. Of most filters enough people are among the next who are looked at one
/// by one; of the others the set is asked for, unless it is known already.
pub(super) async fn begin(
    on: &mut Snapshot,
    plan: &Plan,
    known: Option<Set>,
    place: Place,
) -> Result<(Vec<Contact>, Option<TableKey>)> {
    let (workspace, reach) = (place.workspace, place.reach);
    let few = match &known {
        Some(set) => matches!(set, Set::These(_)),
        None => matches!(found::most(on, workspace, plan, reach).await?, Most::Few(_)),
    };
    if !few {
        let end = place.end(on).await?;
        let rows = place.walk(on, plan, end.as_ref()).await?;
        if end.is_none() || rows.len() > place.limit as usize {
            return place.shown(&rows);
        }
    }
    let set = match known {
        Some(set) => set,
        None => found::found(on, workspace, plan, reach).await?,
    };
    let ids = found::ids(on, workspace, set).await?;
    let rows = if place.order == Order::Name && ids.len() > reach.named {
        place.walk(on, plan, None).await?
    } else {
        place.of_ids(on, &ids).await?
    };
    place.shown(&rows)
}

/// Where in which table.
pub(super) struct Place {
    workspace: WorkspaceId,
    order: Order,
    after: Option<TableKey>,
    limit: u32,
    reach: Reach,
}

impl Place {
    pub(super) fn new(
        workspace: WorkspaceId,
        order: Order,
        after: Option<TableKey>,
        limit: u32,
    ) -> Self {
        Self {
            workspace,
            order,
            after,
            limit,
            reach: Reach::default(),
        }
    }

    /// The condition for contacts beyond a place in the order, or, turned round, up to it.
    fn beyond(&self, builder: &mut Builder, key: Option<&TableKey>, up_to: bool) -> String {
        let Some(key) = key else {
            return String::new();
        };
        let id = builder.bind(key.id);
        match (self.order, up_to) {
            (Order::Newest, false) => format!(" AND p.id < {id}"),
            (Order::Newest, true) => format!(" AND p.id >= {id}"),
            (Order::Oldest, false) => format!(" AND p.id > {id}"),
            (Order::Oldest, true) => format!(" AND p.id <= {id}"),
            (Order::Name, up_to) => {
                let name = builder.bind(key.name.clone().unwrap_or_default());
                let sign = if up_to { "<=" } else { ">" };
                format!(" AND (p.name_key, p.id) {sign} ({name}, {id})")
            }
        }
    }

    fn by(&self) -> &'static str {
        match self.order {
            Order::Newest => "p.id DESC",
            Order::Oldest => "p.id",
            Order::Name => "p.name_key, p.id",
        }
    }

    /// Where the walk ends; nowhere when fewer are left.
    async fn end(&self, on: &mut Snapshot) -> Result<Option<TableKey>> {
        let mut builder = Builder::new(on, self.workspace, None);
        let begin = self.beyond(&mut builder, self.after.as_ref(), false);
        let row = builder
            .statement(format!(
                "SELECT p.id, p.name_key FROM contacts p WHERE p.workspace_id = $1{begin} ORDER BY {} LIMIT 1 OFFSET {}",
                self.by(),
                self.reach.walk
            ))
            .fetch_optional(on)
            .await?;
        row.map(|row| self.key(&row, 1)).transpose()
    }

    /// The first whom a plan finds, one more than are shown, up to an end.
    async fn walk(
        &self,
        on: &mut Snapshot,
        plan: &Plan,
        end: Option<&TableKey>,
    ) -> Result<Vec<Row>> {
        let mut builder = Builder::new(on, self.workspace, None);
        let condition = builder.condition(plan)?;
        let begin = self.beyond(&mut builder, self.after.as_ref(), false);
        let end = self.beyond(&mut builder, end, true);
        builder
            .statement(format!(
                "SELECT {COLUMNS}, p.name_key FROM contacts p WHERE p.workspace_id = $1{begin}{end}
                   AND p.merged_into IS NULL AND {condition}
                 ORDER BY {} LIMIT {}",
                self.by(),
                u64::from(self.limit) + 1
            ))
            .fetch_all(on)
            .await
    }

    /// The first of a set, one more than are shown.
    async fn of_ids(&self, on: &mut Snapshot, ids: &Ids) -> Result<Vec<Row>> {
        let most = self.limit as usize + 1;
        let all = ids.as_slice();
        let after = self.after.as_ref().map(|key| key.id.uuid().as_u128());
        let wanted: Vec<u128> = match (self.order, after) {
            (Order::Newest, after) => {
                let end = after.map_or(all.len(), |after| all.partition_point(|id| *id < after));
                all.iter().take(end).rev().take(most).copied().collect()
            }
            (Order::Oldest, after) => {
                let begin = after.map_or(0, |after| all.partition_point(|id| *id <= after));
                all.iter().skip(begin).take(most).copied().collect()
            }
            (Order::Name, _) => all.to_vec(),
        };
        let mut builder = Builder::new(on, self.workspace, None);
        let begin = match self.order {
            Order::Name => self.beyond(&mut builder, self.after.as_ref(), false),
            Order::Newest | Order::Oldest => String::new(),
        };
        let text = format!(
            "SELECT {COLUMNS}, p.name_key FROM {{rows}} JOIN contacts p ON p.workspace_id = {{$1}} AND p.id = r.id{begin}
             ORDER BY {} LIMIT {most}",
            self.by()
        );
        let batch = Batch::new().ids("id", wanted.into_iter().map(reading::contact));
        builder
            .bound(sql_rows_owned(text, batch))
            .fetch_all(on)
            .await
    }

    /// The place of a row whose folded name stands in a column.
    fn key(&self, row: &Row, name: usize) -> Result<TableKey> {
        Ok(TableKey {
            id: row.id(0)?,
            name: match self.order {
                Order::Name => Some(row.text(name)?),
                Order::Newest | Order::Oldest => None,
            },
        })
    }

    fn shown(&self, rows: &[Row]) -> Result<(Vec<Contact>, Option<TableKey>)> {
        let shown = rows
            .get(..rows.len().min(self.limit as usize))
            .unwrap_or_default();
        let next = match shown.last() {
            Some(last) if rows.len() > shown.len() => Some(self.key(last, 17)?),
            _ => None,
        };
        Ok((shown.iter().map(read_contact).collect::<Result<_>>()?, next))
    }
}
