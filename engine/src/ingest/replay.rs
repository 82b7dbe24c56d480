//! Dead letters given another try, through the same door as everything else.

use wigwag_model::{DeadLetterId, WorkspaceId};
use wigwag_store::dead_letters::{self, DeadLetter};
use wigwag_store::ingest::{self, Items};
use wigwag_store::journal::{LANES, Stored};
use wigwag_store::{Error, Priority};

use super::Ingest;
use super::classify::classify;
use super::isolate::refusal;
use super::sort::Body;

/// Why a letter could not be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// It is read, but still has no place; the letter stays open and says why.
    #[error("{0}")]
    Still(String),
    /// It is no longer open.
    #[error("the dead letter was replayed or discarded before")]
    Done,
    /// What the database says; [`Error::NotFound`] when the workspace cannot see the letter.
    #[error(transparent)]
    Store(#[from] Error),
}

impl Ingest {
    /// Applies a dead letter of the workspace again. What was applied meanwhile stays as it is.
    ///
    /// # Errors
    /// [`ReplayError`].
    pub async fn replay(
        &self,
        workspace: WorkspaceId,
        id: DeadLetterId,
    ) -> Result<DeadLetter, ReplayError> {
        let context = &self.0.context;
        let letter = dead_letters::get(&mut context.db().reader().await?, workspace, id).await?;
        if letter.state != "open" {
            return Err(ReplayError::Done);
        }
        // Somebody has just mended something: believe nothing that was read before.
        self.forget();
        let stored = Stored {
            seq: letter.seq,
            app: letter.app.clone(),
            class: classify(&letter.item),
            received_at: letter.received_at,
            body: letter.item.clone(),
        };
        let mut items = self.items(&stored).await?;
        if let Some(dead) = items.dead.first() {
            let why = dead.detail.clone();
            return Err(self.failed(id, why).await);
        }
        // Its place in the thread is the one that it had in its body.
        for message in &mut items.messages {
            message.idx = letter.index.max(message.idx);
        }
        let applied = context
            .db()
            .write(Priority::Foreground, move |tx| {
                Box::pin(async move {
                    dead_letters::replayed(tx, id, true, "").await?;
                    ingest::apply_items(tx, items).await
                })
            })
            .await;
        match applied {
            Ok(()) => {}
            Err(Error::Stale) => return Err(self.lost(workspace, id).await),
            Err(error) if error.is_about_data() => {
                let why = refusal(&error);
                tracing::warn!(%error, letter = %id, "a dead letter is still refused");
                return Err(self.failed(id, why).await);
            }
            Err(error) => return Err(error.into()),
        }
        let mut reader = context.db().reader().await?;
        Ok(dead_letters::get(&mut reader, workspace, id).await?)
    }

    /// Everything in a body, whichever lane it belongs to.
    async fn items(&self, stored: &Stored) -> wigwag_store::Result<Items> {
        let body = Body::read(stored);
        let pieces = body.pieces();
        let keys = pieces.iter().flat_map(super::pieces::Piece::routes);
        let known = self
            .0
            .routes
            .resolve(&self.0.context, keys.collect())
            .await?;
        let mut items = Items::default();
        for lane in LANES {
            body.sort(lane, &known, &mut items);
        }
        Ok(items)
    }

    /// Counts a try that failed.
    async fn failed(&self, id: DeadLetterId, why: String) -> ReplayError {
        let detail = why.clone();
        let noted = self
            .0
            .context
            .db()
            .write(Priority::Foreground, move |tx| {
                Box::pin(async move { dead_letters::replayed(tx, id, false, &detail).await })
            })
            .await;
        match noted {
            Ok(()) => ReplayError::Still(why),
            Err(Error::Stale) => ReplayError::Done,
            Err(error) => error.into(),
        }
    }

    /// What a lost race was about: the letter itself, or the rows that it changes.
    async fn lost(&self, workspace: WorkspaceId, id: DeadLetterId) -> ReplayError {
        let reader = self.0.context.db().reader().await;
        let letter = match reader {
            Ok(mut reader) => dead_letters::get(&mut reader, workspace, id).await,
            Err(error) => Err(error),
        };
        match letter {
            Ok(letter) if letter.state == "open" => Error::Busy.into(),
            Ok(_) => ReplayError::Done,
            Err(error) => error.into(),
        }
    }
}
