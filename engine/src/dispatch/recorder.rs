//! Records how attempts ended: many in one transaction, none forgotten while the process lives.

use std::time::Duration;

use tokio::sync::mpsc;
use wigwag_store::outbox::{self, Finished};

use crate::{Context, wait};

/// Ends that wait to be recorded, at most; a lane waits when there are more.
const QUEUE: usize = 2_048;
/// Ends in one transaction, at most.
const BATCH: usize = 256;

/// Starts a recorder; it ends when every sender is dropped and everything is recorded.
pub(super) fn start(context: &Context) -> (mpsc::Sender<Finished>, tokio::task::JoinHandle<()>) {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let task = context.tasks().spawn(record(context.clone(), receiver));
    (sender, task)
}

async fn record(context: Context, mut ends: mpsc::Receiver<Finished>) {
    let mut batch = Vec::with_capacity(BATCH);
    while ends.recv_many(&mut batch, BATCH).await > 0 {
        let mut pause = Duration::from_millis(50);
        // Until it is written a restart would find these attempts without an end.
        while let Err(error) = outbox::finish(context.db(), batch.clone()).await {
            tracing::error!(%error, ends = batch.len(), "ends of attempts could not be recorded yet");
            if context.stop().is_cancelled() && !error.is_transient() {
                // They become unknown at the next start, which is safe; an operator should know.
                metrics::counter!("wigwag_attempts_unrecorded_total")
                    .increment(u64::try_from(batch.len()).unwrap_or(0));
                break;
            }
            wait::pause(pause).await;
            pause = (pause * 2).min(Duration::from_secs(5));
        }
        batch.clear();
    }
}
