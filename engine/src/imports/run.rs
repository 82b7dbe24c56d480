//! The work of an import: chunk by chunk, each with the progress in its transaction.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::time::Duration;
use wigwag_model::audience::TraitKind;
use wigwag_model::{ImportId, Timestamp, WorkspaceId};
use wigwag_store::Dialect;
use wigwag_store::audience::{self, NewList};
use wigwag_store::imports::{self, Chunk, Consented, Import, State};

use super::mapping::Wish;
use super::row::Prepared;
use super::row::Preparer;
use super::stretch::{ReadError, Size, Stretch, stretches};
use crate::Context;
use crate::jobs::{Failure, Spell};

/// Reads a file of contacts.
pub(crate) const IMPORT_RUN: &str = "import.run";
/// How long one transaction may be at work. On SQLite it holds the one writer, and who writes to the shop
/// waits as long; on PostgreSQL it holds the counter of new contacts only.
fn hold(dialect: Dialect) -> Duration {
    match dialect {
        Dialect::Sqlite => Duration::from_millis(15),
        Dialect::Postgres => Duration::from_millis(150),
    }
}

/// Rows of the first transaction, and the fewest of any.
const FEWEST: usize = 50;
/// The most rows of one transaction.
const MOST: usize = 2_000;
/// What the job carries.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Wanted {
    /// The import.
    pub(crate) import: ImportId,
}

/// Why an import cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum NotYet {
    /// Nobody has said what its columns are.
    #[error("check the import first")]
    NotChecked,
    /// The database.
    #[error(transparent)]
    Store(#[from] wigwag_store::Error),
}

/// Begins an import; one that has begun goes on.
///
/// # Errors
/// [`NotYet`].
pub async fn start(
    context: &Context,
    workspace: WorkspaceId,
    id: ImportId,
) -> Result<Import, NotYet> {
    let import = imports::get(&mut context.db().reader().await?, workspace, id).await?;
    let Some(wish) = wish_of(&import) else {
        return Err(NotYet::NotChecked);
    };
    let columns = wish
        .targets()
        .into_iter()
        .filter_map(|target| match target {
            super::Target::Column(name) => Some(name),
            _ => None,
        })
        .collect();
    let list = NewList {
        name: wish.list_name.clone(),
        source: "import",
        created_by: wish.actor.clone(),
        columns,
    };
    let names = import.columns.iter().map(|column| column.name.clone());
    let remembered = names.zip(wish.mapping.iter().cloned()).collect();
    let typed = wish
        .targets()
        .into_iter()
        .filter_map(|target| match target {
            super::Target::Typed(kind, key) => Some((key, kind)),
            _ => None,
        });
    imports::define_traits(context.db(), workspace, typed.collect()).await?;
    let started = imports::start(context.db(), workspace, id, list).await?;
    imports::remember(context.db(), workspace, remembered).await?;
    Ok(started)
}

pub(super) fn wish_of(import: &Import) -> Option<Wish> {
    serde_json::from_str(import.wish.as_deref()?).ok()
}

/// How the people of a file agreed, as it is written down of each of them.
pub(super) fn consented_of(wish: &Wish) -> Option<Consented> {
    wish.consent.as_ref().map(|agreement| Consented {
        category: agreement.category,
        at: agreement.at,
        text: format!("{}: {}", agreement.source, agreement.text),
    })
}

/// Works on an import until it is done or the spell is over.
pub(crate) async fn run(
    context: &Context,
    workspace: WorkspaceId,
    wanted: Wanted,
) -> Result<(), Failure> {
    let mut spell = Spell::begin(context);
    loop {
        let import = match get(context, workspace, wanted.import).await {
            Err(wigwag_store::Error::NotFound) => return Ok(()),
            found => found?,
        };
        if import.state != State::Running {
            return Ok(());
        }
        let before = import.position;
        match work(context, workspace, &import, spell.until()).await {
            Ok(Ended::Whole(position)) => {
                if imports::finish(context.db(), workspace, import.id, position).await? {
                    forget(context, &import).await;
                    return Ok(());
                }
            }
            Ok(Ended::Spell) => {
                imports::next(context.db(), workspace, import.id).await?;
                return Ok(());
            }
            Err(Stopped::File(why)) => {
                imports::fail(context.db(), workspace, import.id, why).await?;
                forget(context, &import).await;
                return Ok(());
            }
            Err(Stopped::Store(
                error @ (wigwag_store::Error::Stale | wigwag_store::Error::Busy),
            )) => {
                // Somebody made one of the people meanwhile, or the database has too much to do:
                // read how far it is and go on from there.
                let now = get(context, workspace, import.id).await?;
                if now.position != before {
                    spell.done();
                }
                spell.rest(error).await?;
            }
            Err(Stopped::Store(error)) => return Err(error.into()),
            Err(Stopped::Files(error)) => return Err(error.into()),
        }
    }
}

/// Ends an import whose job was given up.
pub(crate) async fn give_up(
    context: &Context,
    workspace: WorkspaceId,
    wanted: Wanted,
    reason: &'static str,
) -> wigwag_store::Result<()> {
    imports::fail(context.db(), workspace, wanted.import, reason)
        .await
        .map(drop)
}

async fn get(
    context: &Context,
    workspace: WorkspaceId,
    id: ImportId,
) -> wigwag_store::Result<Import> {
    imports::get(&mut context.db().reader().await?, workspace, id).await
}

enum Ended {
    Whole(i64),
    Spell,
}

enum Stopped {
    File(&'static str),
    Files(crate::files::FileError),
    Store(wigwag_store::Error),
}

impl From<wigwag_store::Error> for Stopped {
    fn from(error: wigwag_store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<ReadError> for Stopped {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Files(error) if error.is_missing() => Self::File("file_missing"),
            ReadError::Files(error) => Self::Files(error),
            ReadError::UnclosedQuote => Self::File("unclosed_quote"),
            ReadError::Io(_) => Self::File("file_unreadable"),
        }
    }
}

/// Reads on from where the import stands and writes chunk after chunk.
async fn work(
    context: &Context,
    workspace: WorkspaceId,
    import: &Import,
    until: Timestamp,
) -> Result<Ended, Stopped> {
    let wish = wish_of(import).ok_or(Stopped::File("wish_missing"))?;
    let kinds: HashMap<String, TraitKind> = audience::traits(context.db(), workspace)
        .await?
        .into_iter()
        .map(|known| (known.key, known.kind))
        .collect();
    let consented = consented_of(&wish);
    let mut preparer = Preparer::new(&wish, &import.columns, &kinds, import.rows_done + 1);
    let from = u64::try_from(import.position).unwrap_or(0);
    let make = move |record| preparer.row(&record);
    let size = Size::of(FEWEST);
    let hold = hold(context.db().dialect());
    let mut told = stretches(
        context.files(),
        &import.object_key,
        from,
        import.delimiter,
        size.clone(),
        make,
    )
    .await?;
    let mut position = import.position;
    while let Some(stretch) = told.recv().await {
        let chunk = chunk_of(stretch?, &wish, consented.as_ref());
        position = chunk.to;
        let rows = usize::try_from(chunk.rows).unwrap_or(MOST);
        let held = imports::apply(context.db(), workspace, import.id, chunk).await?;
        size.set(next_size(size.rows(), rows, held, hold));
        if context.clock().now() >= until || context.stop().is_cancelled() {
            return Ok(Ended::Spell);
        }
    }
    Ok(Ended::Whole(position))
}

/// How many rows the next transaction gets, after one of `rows` rows that was at work for a while.
fn next_size(now: usize, rows: usize, held: Duration, hold: Duration) -> usize {
    let fitting = rows as f64 * hold.as_secs_f64() / held.as_secs_f64().max(1e-6);
    // Those that wait were cut to the size that was known then: by steps, so that it does not swing.
    let step = (fitting / now as f64).clamp(0.5, 1.25);
    ((now as f64 * step) as usize).clamp(FEWEST, MOST)
}

fn chunk_of(stretch: Stretch<Prepared>, wish: &Wish, consented: Option<&Consented>) -> Chunk {
    let rows = i64::try_from(stretch.rows.len()).unwrap_or(i64::MAX);
    let (mut taken, mut problems) = (Vec::with_capacity(stretch.rows.len()), Vec::new());
    for row in stretch.rows {
        match row {
            Ok(row) => taken.push(row),
            Err(problem) => problems.push(problem),
        }
    }
    Chunk {
        from: i64::try_from(stretch.from).unwrap_or(i64::MAX),
        to: i64::try_from(stretch.to).unwrap_or(i64::MAX),
        rows,
        taken,
        problems,
        consented: consented.cloned(),
        actor: wish.actor.clone(),
        update: wish.update_existing,
    }
}

/// Removes the file: what could not be taken is kept row by row.
async fn forget(context: &Context, import: &Import) {
    if let Err(error) = context.files().delete(&import.object_key).await {
        tracing::warn!(%error, import = %import.id, "the file of an import could not be removed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transactions_grow_and_shrink_to_the_time_they_may_take() {
        let hold = Duration::from_millis(15);
        let mut size = FEWEST;
        // 30 µs a row: some 500 rows fit.
        for _ in 0..40 {
            let held = Duration::from_micros(30 * size as u64);
            size = next_size(size, size, held, hold);
        }
        assert!((400..=500).contains(&size), "{size}");
        assert_eq!(next_size(size, size, hold * 100, hold), size / 2);
        assert_eq!(next_size(FEWEST, FEWEST, hold * 100, hold), FEWEST);
        assert_eq!(next_size(MOST, MOST, Duration::ZERO, hold), MOST);
        // The last of a file is small, and says little.
        assert!(next_size(400, 1, Duration::from_millis(1), hold) >= 200);
    }
}
