//! Reading the ids of one part of a filter from its index, all of them as one value.

use uuid::Uuid;
use wigwag_model::ContactId;
use wigwag_model::audience::{Doing, Fault};
use wigwag_model::id::Id as _;

use super::sets::Ids;
use super::statement::{Builder, Walk};
use crate::{Dialect, Error, Executor, Result, Snapshot};

/// The contact of an id of a set.
pub(super) fn contact(id: u128) -> ContactId {
    ContactId::from_uuid(Uuid::from_u128(id))
}

/// The ids of a column, those that are there so often.
pub(super) async fn read(
    on: &mut Snapshot,
    builder: Builder,
    from: &str,
    column: &str,
    times: usize,
) -> Result<Ids> {
    let ids = concatenated(builder.dialect(), column);
    let row = builder
        .statement(format!("SELECT {ids} FROM {from}"))
        .fetch_one(on)
        .await?;
    Ok(Ids::read(&row.opt_bytes(0)?.unwrap_or_default(), times))
}

/// Who has so many events that pass, unless there are more than `most` to go through.
pub(super) async fn walked(
    on: &mut Snapshot,
    builder: Builder,
    walk: &Walk,
    times: usize,
    most: usize,
) -> Result<Option<Ids>> {
    let ids = concatenated(builder.dialect(), "t.contact_id");
    // Without particulars the index holds all that is asked.
    let (columns, passing) = match &walk.passes {
        Some(passes) => ("contact_id, compared", format!("FILTER (WHERE {passes})")),
        None => ("contact_id", String::new()),
    };
    let ids = match builder.dialect() {
        Dialect::Sqlite => ids.replace(" AS BLOB", &format!(" {passing} AS BLOB")),
        Dialect::Postgres => format!("{ids} {passing}"),
    };
    let row = builder
        .statement(format!(
            "SELECT {ids}, COUNT(*) FROM (SELECT {columns} FROM events t WHERE t.workspace_id = $1 AND {}
               LIMIT {}) t",
            walk.range,
            most + 1
        ))
        .fetch_one(on)
        .await?;
    if usize::try_from(row.int(1)?).unwrap_or(usize::MAX) > most {
        return Ok(None);
    }
    Ok(Some(Ids::read(
        &row.opt_bytes(0)?.unwrap_or_default(),
        times,
    )))
}

/// Why a part about events is not asked.
pub(super) fn costly(doing: &Doing, most: usize) -> Error {
    let mend = if doing.since.is_some() {
        "a shorter time"
    } else {
        "a time, such as within 90 days"
    };
    Error::Filter(Fault::new(
        "",
        format!(
            "too costly: “{}” happened more than {most} times; ask for it within {mend}",
            doing.name
        ),
    ))
}

/// All ids of a column as one value: a row for each would take five times as long.
pub(super) fn concatenated(dialect: Dialect, column: &str) -> String {
    match dialect {
        // Of blobs it joins the bytes as they are.
        Dialect::Sqlite => format!("CAST(group_concat({column}, '') AS BLOB)"),
        Dialect::Postgres => format!("string_agg(uuid_send({column}), ''::bytea)"),
    }
}

/// Which database it is.
pub(super) fn dialect(on: &mut Snapshot) -> Dialect {
    match on.conn() {
        crate::Conn::Sqlite(_) => Dialect::Sqlite,
        crate::Conn::Postgres(_) => Dialect::Postgres,
    }
}
