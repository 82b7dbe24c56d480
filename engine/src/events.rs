//! Taking events in: whatever programs tell at the same time is written in one transaction, so that
//! many small requests cost what one large one does. Each is answered after the commit.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::{Notify, oneshot};
use wigwag_model::WorkspaceId;
use wigwag_store::events::{self, NewEvent, Tracked};
use wigwag_store::{Db, Error, Result};

use crate::Context;

/// Events of one transaction.
const MOST: usize = 256;
/// Transactions at a time: while one is written to the disk the next is put together.
const DESKS: usize = 2;

#[derive(Debug)]
struct Told {
    workspace: WorkspaceId,
    new: NewEvent,
    answer: oneshot::Sender<Result<Option<Tracked>>>,
}

/// Where events are told. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Events(Arc<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    told: Mutex<Queue>,
    bell: Notify,
}

#[derive(Debug, Default)]
struct Queue {
    told: Vec<Told>,
    /// Nobody writes any more.
    closed: bool,
}

impl Events {
    /// Writes an event down together with whatever else is told now.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such contact; [`Error::Busy`] when the engine stops.
    pub async fn track(&self, workspace: WorkspaceId, new: NewEvent) -> Result<Tracked> {
        let (answer, answered) = oneshot::channel();
        {
            let mut queue = self.0.told.lock();
            if queue.closed {
                return Err(Error::Busy);
            }
            queue.told.push(Told {
                workspace,
                new,
                answer,
            });
        }
        self.0.bell.notify_one();
        let done = answered.await.map_err(|_| Error::Busy)??;
        done.ok_or(Error::NotFound)
    }

    /// Those who wait, the first first, at most as many as one transaction takes.
    fn take(&self) -> Vec<Told> {
        let told = &mut self.0.told.lock().told;
        let count = told.len().min(MOST);
        let rest = told.split_off(count);
        let taken = std::mem::replace(told, rest);
        if !told.is_empty() {
            self.0.bell.notify_one();
        }
        taken
    }

    /// Whoever waits, and whoever comes from now on, is told to come again.
    fn close(&self) {
        let mut queue = self.0.told.lock();
        queue.closed = true;
        queue.told.clear();
    }
}

/// Starts the desks.
pub(crate) fn start(context: &Context) {
    for _ in 0..DESKS {
        let context = context.clone();
        context.tasks().clone().spawn(async move {
            loop {
                tokio::select! {
                    () = context.events().0.bell.notified() => {}
                    () = context.stop().cancelled() => break,
                }
                loop {
                    let batch = context.events().take();
                    if batch.is_empty() {
                        break;
                    }
                    write(context.db(), batch).await;
                }
            }
            context.events().close();
        });
    }
}

async fn write(db: &Db, batch: Vec<Told>) {
    let mut groups: BTreeMap<WorkspaceId, Vec<Told>> = BTreeMap::new();
    for told in batch {
        groups.entry(told.workspace).or_default().push(told);
    }
    for (workspace, group) in groups {
        let (new, answers): (Vec<NewEvent>, Vec<_>) = group
            .into_iter()
            .map(|told| (told.new, told.answer))
            .unzip();
        match events::track_all(db, workspace, new.clone()).await {
            Ok(done) => {
                for (answer, done) in answers.into_iter().zip(done) {
                    // Whoever asked may have gone.
                    let _ = answer.send(Ok(done));
                }
            }
            // One of them must not spoil the others: each on its own tells which.
            Err(_) => {
                for (new, answer) in new.into_iter().zip(answers) {
                    let done = events::track_all(db, workspace, vec![new]).await;
                    let _ = answer.send(done.map(|mut done| done.pop().flatten()));
                }
            }
        }
    }
}
