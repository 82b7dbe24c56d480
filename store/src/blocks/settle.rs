//! What Meta said about somebody whom it was asked to block or to let in.

use wigwag_model::{ContactId, NumberId, Timestamp, WorkspaceId};

use crate::{Batch, Db, Dialect, Priority, Result, Tx, contacts, sql_rows, sql_rows_owned};

/// Meta's word that the person has not written within 24 hours (“Block users”).
const TOO_LONG_AGO: i64 = 131_047;

/// How a try ended for one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Meta did it.
    Done,
    /// Meta blocks only who wrote lately: it is asked again once the person writes.
    Waits,
    /// Meta refuses for good, with this code.
    Refused(i64),
    /// It is tried again.
    Later {
        /// When.
        at: Timestamp,
        /// The refusal, where it is one that somebody must mend.
        code: Option<i64>,
    },
}

/// The end of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The address.
    pub address: String,
    /// When they had last written, as the claim said.
    pub heard_at: Option<Timestamp>,
    /// How it ended.
    pub end: End,
}

/// A row as it stands when an answer is recorded.
struct Row {
    contact: ContactId,
    wanted: bool,
    listed: bool,
    /// Whether the contact is another's or nobody's by now.
    gone: bool,
}

/// What becomes of a row.
#[derive(Debug, PartialEq, Eq)]
struct Next {
    listed: bool,
    unsure: bool,
    due_at: Option<Timestamp>,
    heard_at: Option<Timestamp>,
    code: Option<i64>,
}

/// What Meta said is a fact, whatever is wished by now; where the wish has changed meanwhile, Meta is asked again.
fn next(row: &Row, asked: bool, settled: &Settled, now: Timestamp) -> Next {
    let (listed, unsure, code) = match settled.end {
        End::Done => (asked, false, None),
        End::Waits => (row.listed, false, Some(TOO_LONG_AGO)),
        End::Refused(code) => (row.listed, false, Some(code)),
        End::Later { code, .. } => (row.listed, true, code),
    };
    let never = Timestamp::from_micros(0);
    let (due_at, heard_at) = match settled.end {
        End::Later { at, .. } => (Some(at), None),
        _ if row.wanted != asked => ((row.wanted != listed).then_some(now), None),
        End::Waits if !listed => (None, Some(settled.heard_at.unwrap_or(never))),
        _ => (None, None),
    };
    // A refusal belongs to the wish that it was the answer to.
    let code = code.filter(|_| row.wanted == asked && row.wanted != listed);
    Next {
        listed,
        unsure,
        due_at,
        heard_at,
        code,
    }
}

/// Records answers to what was asked of a number's list: `block` as it was claimed. Whose row is gone is left
/// out. Clients of the workspace are told of the contacts.
///
/// # Errors
/// What the database says.
pub async fn settle(
    db: &Db,
    workspace: WorkspaceId,
    number: NumberId,
    block: bool,
    ends: Vec<Settled>,
) -> Result<()> {
    if ends.is_empty() {
        return Ok(());
    }
    db.write(Priority::Foreground, move |tx| {
        Box::pin(async move {
            let now = tx.mint().now();
            let mut kept: Vec<(&str, Next)> = Vec::with_capacity(ends.len());
            let mut forgotten: Vec<&str> = Vec::new();
            for (at, row) in rows(tx, workspace, number, &ends).await? {
                let Some(settled) = ends.get(at) else {
                    continue;
                };
                let next = next(&row, block, settled, now);
                if row.wanted && !matches!(settled.end, End::Later { code: None, .. }) {
                    contacts::changed(tx, workspace, row.contact);
                }
                if row.gone && !row.wanted && !next.listed && !next.unsure {
                    forgotten.push(&settled.address);
                } else {
                    kept.push((&settled.address, next));
                }
            }
            keep(tx, workspace, number, &kept, now).await?;
            forget(tx, workspace, number, &forgotten).await
        })
    })
    .await
}

/// The rows that are there still, by their place; held on PostgreSQL.
async fn rows(
    tx: &mut Tx,
    workspace: WorkspaceId,
    number: NumberId,
    ends: &[Settled],
) -> Result<Vec<(usize, Row)>> {
    let order = match tx.dialect() {
        Dialect::Sqlite => "",
        Dialect::Postgres => " ORDER BY b.number_id, b.address FOR UPDATE OF b",
    };
    let text = format!(
        "SELECT r.ord, b.contact_id, b.wanted, b.listed, p.merged_into FROM {{rows}}
         JOIN blocks b ON b.workspace_id = {{$1}} AND b.number_id = $2 AND b.address = r.address
         JOIN contacts p ON p.workspace_id = b.workspace_id AND p.id = b.contact_id{order}"
    );
    let batch = Batch::new().texts("address", ends.iter().map(|one| one.address.as_str()));
    let rows = sql_rows_owned(text, batch)
        .bind(workspace)
        .bind(number)
        .fetch_all(tx)
        .await?;
    rows.iter()
        .map(|row| {
            let read = Row {
                contact: row.id(1)?,
                wanted: row.bool(2)?,
                listed: row.bool(3)?,
                gone: row.opt_id::<ContactId>(4)?.is_some(),
            };
            Ok((usize::try_from(row.int(0)?).unwrap_or(usize::MAX), read))
        })
        .collect()
}

async fn keep(
    tx: &mut Tx,
    workspace: WorkspaceId,
    number: NumberId,
    kept: &[(&str, Next)],
    now: Timestamp,
) -> Result<()> {
    if kept.is_empty() {
        return Ok(());
    }
    let batch = Batch::new()
        .texts("address", kept.iter().map(|one| one.0))
        .ints("listed", kept.iter().map(|one| i64::from(one.1.listed)))
        .ints("unsure", kept.iter().map(|one| i64::from(one.1.unsure)))
        .opt_times("due_at", kept.iter().map(|one| one.1.due_at))
        .opt_times("heard_at", kept.iter().map(|one| one.1.heard_at))
        .opt_ints("code", kept.iter().map(|one| one.1.code));
    // The tries are counted until Meta has said something about the person.
    sql_rows(
        "UPDATE blocks SET listed = r.listed, unsure = r.unsure, due_at = r.due_at, heard_at = r.heard_at, code = r.code,
            tries = CASE WHEN r.unsure = 1 THEN blocks.tries ELSE 0 END, updated_at = $3
         FROM {rows} WHERE blocks.workspace_id = {$1} AND blocks.number_id = $2 AND blocks.address = r.address",
        batch,
    )
    .bind(workspace)
    .bind(number)
    .bind(now)
    .execute(tx)
    .await
    .map(drop)
}

/// Forgets the addresses of people who were erased, once Meta lets them in.
async fn forget(
    tx: &mut Tx,
    workspace: WorkspaceId,
    number: NumberId,
    addresses: &[&str],
) -> Result<()> {
    if addresses.is_empty() {
        return Ok(());
    }
    let batch = Batch::new()
        .ids("workspace_id", addresses.iter().map(|_| workspace))
        .ids("number_id", addresses.iter().map(|_| number))
        .texts("address", addresses.iter().copied());
    sql_rows(
        "DELETE FROM blocks WHERE (workspace_id, number_id, address) IN
         (SELECT r.workspace_id, r.number_id, r.address FROM {rows})",
        batch,
    )
    .execute(tx)
    .await
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wigwag_model::id::Id as _;

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    fn after(wanted: bool, listed: bool, asked: bool, end: End) -> Next {
        let row = Row {
            contact: ContactId::from_uuid(uuid::Uuid::nil()),
            wanted,
            listed,
            gone: false,
        };
        let settled = Settled {
            address: "919812345678".to_owned(),
            heard_at: Some(Timestamp::from_seconds(7)),
            end,
        };
        next(&row, asked, &settled, NOW)
    }

    #[test]
    fn an_answer_is_a_fact_whatever_is_wished_by_now() {
        let done = after(true, false, true, End::Done);
        assert!(done.listed && !done.unsure && done.due_at.is_none() && done.code.is_none());
        // Let in while Meta was blocking: it is asked at once to let in.
        let crossed = after(false, false, true, End::Done);
        assert_eq!((crossed.listed, crossed.due_at), (true, Some(NOW)));
        // Blocked while Meta was letting in.
        let crossed = after(true, true, false, End::Done);
        assert_eq!((crossed.listed, crossed.due_at), (false, Some(NOW)));
        // Let in while Meta refused to block: there is nothing to do.
        let crossed = after(false, false, true, End::Waits);
        assert_eq!(
            (crossed.due_at, crossed.heard_at, crossed.code),
            (None, None, None)
        );
    }

    #[test]
    fn who_wrote_too_long_ago_waits_and_a_refusal_stays() {
        let waits = after(true, false, true, End::Waits);
        assert_eq!(waits.heard_at, Some(Timestamp::from_seconds(7)));
        assert_eq!((waits.due_at, waits.code), (None, Some(TOO_LONG_AGO)));
        let refused = after(true, false, true, End::Refused(131_026));
        assert_eq!((refused.due_at, refused.heard_at), (None, None));
        assert_eq!(refused.code, Some(131_026));
    }

    #[test]
    fn without_a_word_it_is_not_known_and_tried_again() {
        let at = Timestamp::from_seconds(2_000);
        let later = after(true, false, true, End::Later { at, code: None });
        assert!(later.unsure && !later.listed);
        assert_eq!(later.due_at, Some(at));
    }
}
