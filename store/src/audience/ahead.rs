//! Reading the parts of a filter ahead of their use, some of them at the same time.

use std::collections::VecDeque;

use wigwag_model::audience::Plan;
use wigwag_model::{ContactId, WorkspaceId};

use super::found::Reach;
use super::part::Part;
use super::reading;
use super::sets::Set;
use super::statement::Builder;
use super::walks::{self, Way};
use crate::{Dialect, Result, Snapshot};

/// So many parts PostgreSQL reads at the same time: enough for each of a few processes to have something to
/// do, and not so many that the ids of all parts lie in memory together.
const TOGETHER: usize = 4;

/// Parts of a filter in the order in which they are needed.
pub(super) struct Ahead<'p> {
    workspace: WorkspaceId,
    reach: Reach,
    /// Those that are neither read nor skipped.
    rest: VecDeque<&'p Plan>,
    /// Those that are read and not needed yet.
    read: VecDeque<Set>,
    /// Where PostgreSQL halves what it reads.
    middle: Option<ContactId>,
}

impl<'p> Ahead<'p> {
    /// Of these parts.
    pub(super) async fn new(
        on: &mut Snapshot,
        workspace: WorkspaceId,
        parts: Vec<&'p Plan>,
        reach: Reach,
    ) -> Result<Self> {
        let middle = if parts.is_empty() {
            None
        } else {
            reading::middle(on, workspace).await?
        };
        Ok(Self {
            workspace,
            reach,
            rest: parts.into(),
            read: VecDeque::new(),
            middle,
        })
    }

    /// Whom the next part finds; everybody when there is none.
    ///
    /// # Errors
    /// [`crate::Error::Filter`] for a part that is too costly.
    pub(super) async fn take(&mut self, on: &mut Snapshot) -> Result<Set> {
        if self.read.is_empty() {
            self.read_some(on).await?;
        }
        Ok(self.read.pop_front().unwrap_or_else(Set::everyone))
    }

    /// Whether so many of the next parts are read already.
    pub(super) fn has(&self, parts: usize) -> bool {
        self.read.len() >= parts
    }

    /// Leaves out so many of the next parts: nobody needs them any more.
    pub(super) fn skip(&mut self, parts: usize) {
        let known = parts.min(self.read.len());
        self.read.drain(..known);
        self.rest.drain(..(parts - known).min(self.rest.len()));
    }

    async fn read_some(&mut self, on: &mut Snapshot) -> Result<()> {
        let mut builder = Builder::new(on, self.workspace, None);
        let together = match builder.dialect() {
            Dialect::Sqlite => 1,
            Dialect::Postgres => TOGETHER,
        };
        let (mut plans, mut parts) = (Vec::new(), Vec::new());
        while let Some(plan) = self
            .rest
            .front()
            .copied()
            .filter(|_| parts.len() < together)
        {
            if let Plan::Event(doing) = plan {
                let most = self.reach.events;
                if walks::way(on, self.workspace, doing, most).await? == Way::Limited {
                    // It is read by itself, once it is the next.
                    if parts.is_empty() {
                        self.rest.pop_front();
                        if let Some(part) = Part::of(&mut builder, plan) {
                            let ids = walks::limited(on, builder, &part, doing, most).await?;
                            self.read.push_back(part.set(ids));
                        }
                        return Ok(());
                    }
                    break;
                }
            }
            self.rest.pop_front();
            if let Some(part) = Part::of(&mut builder, plan) {
                plans.push(plan);
                parts.push(part);
            }
        }
        if parts.is_empty() {
            return Ok(());
        }
        let read = reading::read(on, builder, &parts, self.middle).await?;
        for ((plan, part), read) in plans.into_iter().zip(&parts).zip(read) {
            let ids = match plan {
                Plan::Event(doing) => walks::within(read, doing, self.reach.events)?,
                _ => read.ids,
            };
            self.read.push_back(part.set(ids));
        }
        Ok(())
    }
}
