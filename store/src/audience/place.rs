//! A place in the table of contacts, and the contacts that come next.

use wigwag_model::WorkspaceId;
use wigwag_model::audience::Plan;
use wigwag_model::id::Id as _;

use super::found::Reach;
use super::reading;
use super::sets::Ids;
use super::statement::Builder;
use super::table::{Order, Page, TableKey};
use crate::contacts::{COLUMNS, read_contact};
use crate::{Batch, Result, Row, Snapshot, sql_rows_owned};

/// Where in which table.
pub(super) struct Place {
    pub(super) workspace: WorkspaceId,
    pub(super) order: Order,
    /// Those behind this contact.
    pub(super) after: Option<TableKey>,
    /// So many are shown.
    pub(super) limit: u32,
    pub(super) reach: Reach,
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

    /// Where a walk of so many contacts ends; nowhere when fewer are left.
    pub(super) async fn end(&self, on: &mut Snapshot, walk: u32) -> Result<Option<TableKey>> {
        let mut builder = Builder::new(on, self.workspace, None);
        let begin = self.beyond(&mut builder, self.after.as_ref(), false);
        // Their names are in no index with their ids alone.
        let name = match self.order {
            Order::Name => "p.name_key",
            Order::Newest | Order::Oldest => "NULL",
        };
        let row = builder
            .statement(format!(
                "SELECT p.id, {name} FROM contacts p WHERE p.workspace_id = $1{begin} ORDER BY {} LIMIT 1 OFFSET {walk}",
                self.by()
            ))
            .fetch_optional(on)
            .await?;
        row.map(|row| self.key(&row, 1)).transpose()
    }

    /// The first whom a plan finds, one more than are shown, up to an end.
    pub(super) async fn walk(
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
    pub(super) async fn of_ids(&self, on: &mut Snapshot, ids: &Ids) -> Result<Vec<Row>> {
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

    /// The page that rows are, of which one more than are shown tells that there are more.
    pub(super) fn shown(&self, rows: &[Row]) -> Result<Page> {
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
