//! Parts about events go through a row for each event and not for each contact: how they are kept from
//! going through too many.

use wigwag_model::WorkspaceId;
use wigwag_model::audience::{Doing, Fault, Plan};

use super::part::{Part, gathered};
use super::reading::Read;
use super::sets::Ids;
use super::statement::Builder;
use crate::{Dialect, Error, Result, Snapshot, sql};

/// How a part about events may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Like any other: there are no more rows than may be, or hardly more, which is told afterwards.
    Freely,
    /// Row by row up to the limit, which PostgreSQL does in one process.
    Limited,
}

/// How a part may be read, found out at the cost of a look where that is possible.
///
/// # Errors
/// [`Error::Filter`] where it is seen now that there are more than `most`.
pub(super) async fn way(
    on: &mut Snapshot,
    workspace: WorkspaceId,
    doing: &Doing,
    most: usize,
) -> Result<Way> {
    let mut builder = Builder::new(on, workspace, None);
    // What events must be like makes looking at them no shorter.
    let range = Plan::Event(Doing {
        properties: Vec::new(),
        ..doing.clone()
    });
    let Some(part) = Part::of(&mut builder, &range) else {
        return Ok(Way::Freely);
    };
    match builder.dialect() {
        Dialect::Sqlite => {
            // There are no more events of this name than of all, and no more of all than the last one's number.
            let last = sql("SELECT MAX(e.rowid) FROM events e")
                .fetch_one(on)
                .await?;
            let all = usize::try_from(last.opt_int(0)?.unwrap_or(0)).unwrap_or(usize::MAX);
            if all <= most {
                return Ok(Way::Freely);
            }
            // A limit inside of the statement that joins the ids would double its time.
            let beyond = builder
                .statement(format!("SELECT 1 FROM {} LIMIT 1 OFFSET {most}", part.from))
                .fetch_optional(on)
                .await?;
            match beyond {
                Some(_) => Err(costly(doing, most)),
                None => Ok(Way::Freely),
            }
        }
        Dialect::Postgres => {
            // To count them takes half as long as to read them. The planner knows roughly; where it is wrong
            // by more than this, some are read in vain.
            let expected = builder
                .statement(format!("EXPLAIN SELECT 1 FROM {}", part.from))
                .fetch_one(on)
                .await?;
            Ok(match rows(&expected.text(0)?) {
                Some(rows) if rows <= most / 4 => Way::Freely,
                _ => Way::Limited,
            })
        }
    }
}

/// How many rows a step of a plan of PostgreSQL is expected to give: `… (cost=0.56..8.58 rows=7 width=4)`.
fn rows(step: &str) -> Option<usize> {
    let (_, rest) = step.split_once(" rows=")?;
    let digits = rest.split(|sign: char| !sign.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// What a part about events gives, unless there are more than `most` to go through.
///
/// # Errors
/// [`Error::Filter`] when there are.
pub(super) fn within(read: Read, doing: &Doing, most: usize) -> Result<Ids> {
    if read.gone > most {
        return Err(costly(doing, most));
    }
    Ok(read.ids)
}

/// The same, read up to the limit and no further.
///
/// # Errors
/// [`Error::Filter`] when there are more than `most` to go through.
pub(super) async fn limited(
    on: &mut Snapshot,
    builder: Builder,
    part: &Part,
    doing: &Doing,
    most: usize,
) -> Result<Ids> {
    let dialect = builder.dialect();
    let ids = part.ids(dialect);
    // Without particulars the index holds all that is asked.
    let columns = if doing.properties.is_empty() {
        "t.contact_id"
    } else {
        "t.contact_id, t.compared"
    };
    let row = builder
        .statement(format!(
            "SELECT {ids}, COUNT(*) FROM (SELECT {columns} FROM {} LIMIT {}) t",
            part.from,
            most.saturating_add(1)
        ))
        .fetch_one(on)
        .await?;
    let bytes = row.opt_bytes(0)?.unwrap_or_default();
    let read = Read {
        ids: gathered(dialect, &[bytes], part.times),
        gone: usize::try_from(row.int(1)?).unwrap_or(usize::MAX),
    };
    within(read, doing, most)
}

/// Why a part about events is not asked.
fn costly(doing: &Doing, most: usize) -> Error {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_s_rows_are_read_from_its_first_step() {
        let scan = "Index Only Scan using events_by_name on events t  (cost=0.56..8.58 rows=618000 width=4)";
        assert_eq!(rows(scan), Some(618_000));
        assert_eq!(rows("Result  (cost=0.00..0.01 rows=1 width=4)"), Some(1));
        assert_eq!(rows("Index Cond: (a = 1)"), None);
    }

    #[test]
    fn what_was_read_in_vain_is_refused() {
        let doing = Doing {
            name: "Viewed".to_owned(),
            at_least: 1,
            since: None,
            properties: Vec::new(),
        };
        let read = |gone| Read {
            ids: Ids::default(),
            gone,
        };
        assert!(within(read(3), &doing, 3).is_ok());
        let refused = within(read(4), &doing, 3).unwrap_err();
        assert!(
            refused.to_string().contains("more than 3 times"),
            "{refused}"
        );
    }
}
