//! A rehearsal: what a file would do, without doing it.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use wigwag_model::WorkspaceId;
use wigwag_model::consent::{Category, ConsentState};
use wigwag_model::phone::Phone;
use wigwag_store::audience;
use wigwag_store::imports::{self, Import, Problem, Taken};

use super::mapping::Wish;
use super::receive::Refusal;
use super::row::{Prepared, Preparer};
use super::stretch::{Size, stretches};
use crate::Context;

/// Rows that are looked up at a time.
const ROWS: usize = 1_000;
/// Problems that are told; all of them come with the work itself.
const TOLD: usize = 100;

/// What a file would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// How many rows it has.
    pub rows: i64,
    /// How many contacts it would make.
    pub new: i64,
    /// How many contacts are there already.
    pub existing: i64,
    /// How many rows name somebody whom an earlier row names.
    pub duplicates: i64,
    /// How many rows could not be taken.
    pub failed: i64,
    /// How many people a yes would be written down of.
    pub granted: i64,
    /// How many have said no, which would stay.
    pub kept_denied: i64,
    /// The first problems.
    pub problems: Vec<Problem>,
}

/// Rehearses an import.
///
/// # Errors
/// [`Refusal`] when the file cannot be read or the database asked.
pub async fn check(
    context: &Context,
    workspace: WorkspaceId,
    import: &Import,
    wish: &Wish,
) -> Result<Report, Refusal> {
    let kinds = audience::traits(context.db(), workspace)
        .await?
        .into_iter()
        .map(|known| (known.key, known.kind))
        .collect();
    let mut preparer = Preparer::new(wish, &import.columns, &kinds, 1);
    let from = u64::try_from(import.position).unwrap_or(0);
    let make = move |record| preparer.row(&record);
    let mut told = stretches(
        context.files(),
        &import.object_key,
        from,
        import.delimiter,
        Size::of(ROWS),
        make,
    )
    .await?;
    let mut report = Report::default();
    // Hashes, not numbers: a million of them are few enough bytes.
    let mut seen: HashSet<u64> = HashSet::new();
    while let Some(stretch) = told.recv().await {
        add(
            context,
            workspace,
            wish,
            stretch?.rows,
            &mut seen,
            &mut report,
        )
        .await?;
    }
    Ok(report)
}

/// The first rows of a file as they stand, to show.
///
/// # Errors
/// [`Refusal`] when the file cannot be read.
pub async fn first_rows(
    context: &Context,
    import: &Import,
    count: usize,
) -> Result<Vec<Vec<String>>, Refusal> {
    let from = u64::try_from(import.position).unwrap_or(0);
    let make = |record: csv::StringRecord| {
        record
            .iter()
            .map(|cell| cell.chars().take(200).collect())
            .collect::<Vec<String>>()
    };
    let mut told = stretches(
        context.files(),
        &import.object_key,
        from,
        import.delimiter,
        Size::of(count),
        make,
    )
    .await?;
    Ok(match told.recv().await {
        Some(stretch) => stretch?.rows,
        None => Vec::new(),
    })
}

async fn add(
    context: &Context,
    workspace: WorkspaceId,
    wish: &Wish,
    rows: Vec<Prepared>,
    seen: &mut HashSet<u64>,
    report: &mut Report,
) -> Result<(), Refusal> {
    let mut taken: Vec<Taken> = Vec::with_capacity(rows.len());
    report.rows += i64::try_from(rows.len()).unwrap_or(i64::MAX);
    for row in rows {
        match row {
            Ok(row) if seen.insert(hash(&row.phone)) => taken.push(row),
            Ok(row) => {
                report.duplicates += 1;
                tell(
                    report,
                    Problem {
                        row_no: row.row_no,
                        field: "phone".to_owned(),
                        code: "duplicate".to_owned(),
                        message: "an earlier row of the file has the same number; that one counts"
                            .to_owned(),
                        record: row.record,
                    },
                );
            }
            Err(problem) => {
                report.failed += 1;
                tell(report, problem);
            }
        }
    }
    let phones: Vec<Phone> = taken.iter().map(|row| row.phone.clone()).collect();
    let category = wish
        .consent
        .as_ref()
        .map_or(Category::Marketing, |agreement| agreement.category);
    for known in imports::look(context.db(), workspace, &phones, category).await? {
        let state = known
            .as_ref()
            .map_or(ConsentState::Unknown, |known| known.consent);
        if known.is_some() {
            report.existing += 1;
        } else {
            report.new += 1;
        }
        if wish.consent.is_some() {
            match state {
                ConsentState::Unknown => report.granted += 1,
                ConsentState::Denied => report.kept_denied += 1,
                ConsentState::Granted => {}
            }
        }
    }
    Ok(())
}

fn tell(report: &mut Report, problem: Problem) {
    if report.problems.len() < TOLD {
        report.problems.push(problem);
    }
}

fn hash(phone: &Phone) -> u64 {
    let mut hasher = DefaultHasher::new();
    phone.hash(&mut hasher);
    hasher.finish()
}
