//! The work of an import: chunk by chunk, each with the progress in its transaction.

use std::collections::HashMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use wigwag_model::audience::TraitKind;
use wigwag_model::{ImportId, Timestamp, WorkspaceId};
use wigwag_store::audience::{self, NewList};
use wigwag_store::imports::{self, Chunk, Consented, Import, State};

use super::mapping::Wish;
use super::row::Prepared;
use super::row::Preparer;
use super::stretch::{ReadError, Stretch, stretches};
use crate::jobs::Failure;
use crate::{Context, wait};

/// Reads a file of contacts.
pub(crate) const IMPORT_RUN: &str = "import.run";
/// Rows of one transaction: it holds the writer for some 20 ms.
const ROWS: usize = 400;
/// How long one job works before another goes on, well within the lease.
const SPELL: Duration = Duration::from_mins(5);
/// A pause when the database is busy or somebody else was faster.
const BREATH: Duration = Duration::from_millis(100);
/// How often in a row a chunk may be refused before the job is given back.
const PATIENCE: u32 = 50;

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
    let until = context.clock().now().plus(SPELL);
    let mut refused = 0;
    loop {
        let import = match get(context, workspace, wanted.import).await {
            Err(wigwag_store::Error::NotFound) => return Ok(()),
            found => found?,
        };
        if import.state != State::Running {
            return Ok(());
        }
        let before = import.position;
        match work(context, workspace, &import, until).await {
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
                refused = if now.position == before {
                    refused + 1
                } else {
                    1
                };
                if refused > PATIENCE {
                    return Err(error.into());
                }
                wait::pause(BREATH).await;
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
    let mut told = stretches(
        context.files(),
        &import.object_key,
        from,
        import.delimiter,
        ROWS,
        make,
    )
    .await?;
    let mut position = import.position;
    while let Some(stretch) = told.recv().await {
        let chunk = chunk_of(stretch?, &wish, consented.as_ref());
        position = chunk.to;
        imports::apply(context.db(), workspace, import.id, chunk).await?;
        if context.clock().now() >= until || context.stop().is_cancelled() {
            return Ok(Ended::Spell);
        }
    }
    Ok(Ended::Whole(position))
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
