//! Dispatch: what waits in the outbox becomes POSTs to Meta, each at most once.
//!
//! Every number has a lane, leased to one process ([`wigwag_store::lanes`]). The lane claims what may
//! leave within Meta's rates, sends it, and records how it ended. A stop is obeyed between claim
//! and first byte; what may have arrived is never sent again.

mod lane;
mod outcome;
mod rate;
mod recorder;
mod wakes;

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::watch;
use wigwag_model::NumberId;
use wigwag_store::outbox::{self, Sender};

use crate::{Context, wait};

pub use wakes::{InboundCounts, StopEpoch, Wakes};

/// How often numbers are looked for that have no lane here.
const LOOK: Duration = Duration::from_secs(2);

/// Serves every number that no other process serves, until the context stops.
pub fn start(context: &Context) {
    let context = context.clone();
    context.tasks().spawn({
        let context = context.clone();
        async move { supervise(&context).await }
    });
}

async fn supervise(context: &Context) {
    let mut lanes: HashMap<NumberId, Served> = HashMap::new();
    let mut first = true;
    while !context.stop().is_cancelled() {
        match outbox::senders(context.db()).await {
            Ok(senders) => serve(context, &mut lanes, senders, first),
            Err(error) => tracing::warn!(%error, "the numbers could not be read"),
        }
        first = false;
        tokio::select! {
            () = wait::pause(LOOK) => {}
            () = context.stop().cancelled() => {}
        }
    }
}

/// A lane of this process.
struct Served {
    facts: watch::Sender<Sender>,
    task: tokio::task::JoinHandle<()>,
}

fn serve(
    context: &Context,
    lanes: &mut HashMap<NumberId, Served>,
    senders: Vec<Sender>,
    talk: bool,
) {
    lanes.retain(|_, served| !served.task.is_finished());
    for sender in senders {
        if let Some(served) = lanes.get(&sender.number) {
            served.facts.send_if_modified(|known| {
                let changed = *known != sender;
                if changed {
                    known.clone_from(&sender);
                }
                changed
            });
            continue;
        }
        let number = sender.number;
        let (facts, following) = watch::channel(sender);
        let task = context
            .tasks()
            .spawn(lane::serve(context.clone(), following, talk));
        lanes.insert(number, Served { facts, task });
    }
}
