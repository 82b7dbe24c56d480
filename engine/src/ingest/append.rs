//! The journal's writer: gathers what came while the last commit was under way and appends it in
//! one statement, so that many webhooks share one fsync.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use wigwag_store::journal::{self, Entry};
use wigwag_store::{Db, Error};

use super::crowd::Crowd;
use super::{PARTITION, Wakes};
use crate::context::Context;

/// Kibibytes of bodies that may wait in memory.
const ROOM: usize = 64 * 1024;
/// How long a webhook waits for room before Meta is asked to come again.
const PATIENCE: Duration = Duration::from_secs(2);
/// Bodies in one commit at most.
const GROUP: usize = 512;
/// Bytes in one commit at most, unless the first body alone is larger.
const GROUP_BYTES: usize = 4 * 1024 * 1024;

/// Why a body was not appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AppendError {
    /// Too much is waiting.
    Busy,
    /// The database refused; it is in the log.
    Failed,
}

struct Waiting {
    entry: Entry,
    answer: oneshot::Sender<Result<(), AppendError>>,
    /// Given back once the answer is out.
    room: OwnedSemaphorePermit,
}

/// The handle to the writing task.
#[derive(Debug)]
pub(super) struct Appender {
    queue: mpsc::UnboundedSender<Waiting>,
    room: Arc<Semaphore>,
}

impl Appender {
    /// Starts the task.
    pub(super) fn start(context: &Context, wakes: Arc<Wakes>, crowd: Crowd) -> Self {
        // The room bounds what waits: by bytes, which is what memory is made of.
        let (queue, waiting) = mpsc::unbounded_channel();
        let (db, stop) = (context.db().clone(), context.stop().clone());
        context
            .tasks()
            .spawn(serve(db, waiting, stop, wakes, crowd));
        Self {
            queue,
            room: Arc::new(Semaphore::new(ROOM)),
        }
    }

    /// Appends a body and returns once it is durable.
    pub(super) async fn append(&self, entry: Entry) -> Result<(), AppendError> {
        let size = u32::try_from(entry.body.len() / 1024 + 1).map_err(|_| AppendError::Busy)?;
        let room = if let Ok(room) = Arc::clone(&self.room).try_acquire_many_owned(size) {
            room
        } else {
            let acquire = Arc::clone(&self.room).acquire_many_owned(size);
            match tokio::time::timeout(PATIENCE, acquire).await {
                Ok(Ok(room)) => room,
                _ => return Err(AppendError::Busy),
            }
        };
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting {
            entry,
            answer,
            room,
        };
        self.queue.send(waiting).map_err(|_| AppendError::Busy)?;
        answered.await.map_err(|_| AppendError::Busy)?
    }
}

async fn serve(
    db: Db,
    mut waiting: mpsc::UnboundedReceiver<Waiting>,
    stop: CancellationToken,
    wakes: Arc<Wakes>,
    crowd: Crowd,
) {
    let mut stopping = false;
    loop {
        let first = tokio::select! {
            biased;
            first = waiting.recv() => first,
            () = stop.cancelled(), if !stopping => {
                // Closing lets through what is queued and refuses more.
                stopping = true;
                waiting.close();
                continue;
            }
        };
        let Some(first) = first else { return };
        let mut bytes = first.entry.body.len();
        let mut group = vec![first];
        while group.len() < GROUP && bytes < GROUP_BYTES {
            let Ok(next) = waiting.try_recv() else { break };
            bytes += next.entry.body.len();
            group.push(next);
        }
        crowd.committed(group.len());
        commit(&db, group, &wakes).await;
    }
}

async fn commit(db: &Db, group: Vec<Waiting>, wakes: &Wakes) {
    metrics::histogram!("wigwag_journal_group_size").record(group.len() as f64);
    let mut entries = Vec::with_capacity(group.len());
    let mut answers = Vec::with_capacity(group.len());
    for waiting in group {
        entries.push(waiting.entry);
        answers.push((waiting.answer, waiting.room));
    }
    let class = entries.iter().fold(0, |class, entry| class | entry.class);
    let outcome = match journal::append(db, PARTITION, entries).await {
        Ok(()) => Ok(()),
        Err(Error::Busy) => Err(AppendError::Busy),
        Err(error) => {
            tracing::error!(%error, "webhooks could not be written to the journal");
            Err(AppendError::Failed)
        }
    };
    for (answer, _room) in answers {
        // A caller that went away does not want its answer; Meta will send the webhook again.
        let _ = answer.send(outcome);
    }
    if outcome.is_ok() {
        wakes.wake(class);
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use wigwag_model::Timestamp;

    use super::*;

    fn entry(size: usize) -> Entry {
        Entry {
            app: "1".to_owned(),
            class: 1,
            received_at: Timestamp::from_seconds(0),
            body: Bytes::from(vec![b'x'; size]),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn without_room_or_writer_the_caller_is_asked_to_come_again() {
        let (queue, mut waiting) = mpsc::unbounded_channel();
        let appender = Appender {
            queue,
            room: Arc::new(Semaphore::new(2)),
        };
        // Larger than everything that may wait: no time makes room for it.
        assert_eq!(appender.append(entry(4_096)).await, Err(AppendError::Busy));
        assert!(waiting.try_recv().is_err(), "nothing was queued");
        let first = appender.append(entry(100));
        let second = appender.append(entry(100));
        let third = appender.append(entry(100));
        let writer = async {
            let kept = waiting.recv().await.unwrap();
            let also = waiting.recv().await.unwrap();
            // Both places are taken for longer than the third is patient.
            crate::wait::pause(PATIENCE * 2).await;
            kept.answer.send(Ok(())).unwrap();
            also.answer.send(Err(AppendError::Failed)).unwrap();
        };
        let (first, second, third, ()) = tokio::join!(first, second, third, writer);
        assert_eq!(
            (first, second, third),
            (Ok(()), Err(AppendError::Failed), Err(AppendError::Busy))
        );
        drop(waiting);
        assert_eq!(
            appender.append(entry(1)).await,
            Err(AppendError::Busy),
            "stopped"
        );
    }
}
