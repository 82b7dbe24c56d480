//! Finding the items that the database refuses: ever smaller stretches, then piece by piece. The
//! culprits become dead letters, everything else is applied.

use wigwag_store::ingest::{self, Items};
use wigwag_store::{Error, Result};

use super::lane::Lane;
use super::letters::{self, Reason};
use super::sort::{Body, sort};

impl Lane {
    /// Applies bodies of which at least one item cannot be applied, and moves the cursor to `to`.
    pub(super) async fn isolate(&mut self, bodies: &[Body<'_>], to: i64) -> Result<()> {
        let (mut at, mut size) = (0, bodies.len().div_ceil(2));
        while at < bodies.len() {
            let end = (at + size).min(bodies.len());
            let stretch = &bodies[at..end];
            let target = if end == bodies.len() {
                to
            } else {
                stretch[stretch.len() - 1].stored.seq
            };
            if size == 1 {
                self.singly(&stretch[0], target).await?;
                at = end;
                size = 2;
                continue;
            }
            let known = self.known(stretch).await?;
            let mut items = Items::default();
            for body in stretch {
                body.sort(self.bit, &known, &mut items);
            }
            match self.put(items, target).await {
                Ok(_) => {
                    at = end;
                    size *= 2;
                }
                Err(error) if error.is_about_data() => size = size.div_ceil(2),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Applies a body piece by piece. Each is a transaction of its own; applied again after a
    /// crash it changes nothing.
    async fn singly(&mut self, body: &Body<'_>, to: i64) -> Result<()> {
        let known = self.known(std::slice::from_ref(body)).await?;
        let db = self.context.db().clone();
        let mut dead = Vec::new();
        for piece in body.of_lane(self.bit) {
            let mut items = Items::default();
            sort(body.stored, &piece, &known, &mut items);
            dead.append(&mut items.dead);
            let workspace = items.workspace();
            match self.again(|| ingest::apply_part(&db, items.clone())).await {
                Ok(()) => {}
                Err(error) if error.is_about_data() => {
                    let why = refusal(&error);
                    tracing::error!(%error, lane = self.name(), seq = body.stored.seq, "an item cannot be applied");
                    let letter =
                        letters::of_piece(body.stored, &piece, workspace, Reason::Failed, why);
                    dead.push(letter);
                }
                Err(error) => return Err(error),
            }
        }
        let mut items = Items {
            dead,
            ..Items::default()
        };
        if body.pieces().is_empty() {
            body.sort(self.bit, &known, &mut items);
        }
        self.put(items, to).await?;
        Ok(())
    }
}

/// Why the database refuses an item, for an operator; its own words may repeat what the item holds.
pub(super) fn refusal(error: &Error) -> String {
    match error {
        Error::Conflict("reference") => {
            "it refers to something that is not there, such as a number that was removed".to_owned()
        }
        Error::Conflict("race") => "others kept changing the same rows".to_owned(),
        Error::Conflict(_) => "it conflicts with something that is there".to_owned(),
        Error::Inconsistent { .. } => error.to_string(),
        _ => "the database refused it; the log has the reason".to_owned(),
    }
}
