//! Reading parts of a filter from their indexes, the ids of each as few long values.

use uuid::Uuid;
use wigwag_model::id::Id as _;
use wigwag_model::{ContactId, WorkspaceId};

use super::part::{Part, gathered};
use super::sets::Ids;
use super::statement::Builder;
use crate::{Dialect, Result, Snapshot};

/// What was read for a part.
pub(super) struct Read {
    /// Who is there as often as is asked.
    pub(super) ids: Ids,
    /// How many rows were gone through, where that has to be counted.
    pub(super) gone: usize,
}

/// The contact of an id of a set.
pub(super) fn contact(id: u128) -> ContactId {
    ContactId::from_uuid(Uuid::from_u128(id))
}

/// The contact in the middle of a workspace's, by their numbers: of those before it and those from it on,
/// PostgreSQL reads both at a time. Nobody on SQLite, which has one thread for a connection.
///
/// Numbers and ids both rise as contacts are made. Were they not to, the halves would have other sizes.
pub(super) async fn middle(on: &mut Snapshot, workspace: WorkspaceId) -> Result<Option<ContactId>> {
    let builder = Builder::new(on, workspace, None);
    if builder.dialect() == Dialect::Sqlite {
        return Ok(None);
    }
    let row = builder
        .statement(
            "SELECT p.id FROM contacts p WHERE p.workspace_id = $1
               AND p.no >= (SELECT w.next_contact_no / 2 FROM workspaces w WHERE w.id = $1)
             ORDER BY p.no LIMIT 1"
                .to_owned(),
        )
        .fetch_optional(on)
        .await?;
    row.map(|row| row.id(0)).transpose()
}

/// The ids of some parts, in one statement, which the values bound so far belong to.
///
/// Each is read in halves where there is a `middle`. PostgreSQL 15 cannot let several processes join bytes
/// into one value, but it lets each of them make a value of its own under one `UNION ALL`, in one snapshot.
pub(super) async fn read(
    on: &mut Snapshot,
    mut builder: Builder,
    parts: &[Part],
    middle: Option<ContactId>,
) -> Result<Vec<Read>> {
    let dialect = builder.dialect();
    let middle = middle.map(|id| builder.bind(id));
    let mut values = Vec::with_capacity(2 * parts.len());
    for (place, part) in parts.iter().enumerate() {
        let (from, column, ids) = (&part.from, part.column, part.ids(dialect));
        let gone = match dialect {
            Dialect::Postgres if part.walks => "COUNT(*)",
            _ => "CAST(0 AS BIGINT)",
        };
        let asked = format!("{ids} AS ids, {gone} AS gone FROM {from}");
        match &middle {
            None => values.push(format!("SELECT {} AS place, {asked}", 2 * place)),
            Some(id) => {
                for (half, sign) in [(0, "<"), (1, ">=")] {
                    let place = 2 * place + half;
                    values.push(format!(
                        "SELECT {place} AS place, {asked} AND {column} {sign} {id}"
                    ));
                }
            }
        }
    }
    let rows = builder
        .statement(values.join(" UNION ALL "))
        .fetch_all(on)
        .await?;
    let mut halves: Vec<[Vec<u8>; 2]> = vec![[Vec::new(), Vec::new()]; parts.len()];
    let mut gone = vec![0_usize; parts.len()];
    for row in rows {
        let place = usize::try_from(row.int(0)?).unwrap_or(usize::MAX);
        if let (Some(halves), Some(gone)) = (halves.get_mut(place / 2), gone.get_mut(place / 2)) {
            *gone = gone.saturating_add(usize::try_from(row.int(2)?).unwrap_or(usize::MAX));
            if let Some(half) = halves.get_mut(place % 2) {
                *half = row.opt_bytes(1)?.unwrap_or_default();
            }
        }
    }
    let read = parts.iter().zip(halves).zip(gone);
    Ok(read
        .map(|((part, halves), gone)| Read {
            ids: gathered(dialect, &halves, part.times),
            gone,
        })
        .collect())
}

/// The ids of one part, in halves where there is a `middle`.
pub(super) async fn one(
    on: &mut Snapshot,
    builder: Builder,
    part: Part,
    middle: Option<ContactId>,
) -> Result<Ids> {
    let read = read(on, builder, &[part], middle).await?;
    let mut read = read.into_iter().map(|read| read.ids);
    Ok(read.next().unwrap_or_default())
}
