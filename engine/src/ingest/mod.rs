//! What comes in: Meta's webhooks, from the raw request to rows that the inbox shows.
//!
//! [`Ingest::accept`] checks the signature, appends the body to the journal and returns once it is
//! durable; nothing is parsed beyond telling which lanes have work in it. Each lane (messages,
//! statuses, the rest) reads the journal in order, splits bodies into items, finds the workspace of
//! each by its route and applies them in batches together with its cursor. What cannot be read,
//! routed or applied becomes a dead letter, and the rest of the body goes on.

mod accept;
mod accounts;
mod append;
mod batch;
mod classify;
mod content;
mod costs;
mod crowd;
mod isolate;
mod lane;
mod letters;
mod notices;
mod opt_out;
mod people;
mod pieces;
mod replay;
mod routes;
mod secrets;
mod sort;
mod statuses;

use std::sync::Arc;

use tokio::sync::Notify;
use wigwag_store::journal;

pub use accept::{AcceptError, LIMIT};
pub use replay::ReplayError;

use crate::context::Context;
use crate::engine::Role;
use append::Appender;
use crowd::Crowd;
use lane::Lane;
use routes::Routes;
use secrets::AppSecrets;

/// The journal's partition: one, because one writer per database is faster than it must be.
const PARTITION: i64 = 0;

/// The running part that takes webhooks in. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Ingest(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    context: Context,
    secrets: AppSecrets,
    appender: Appender,
    routes: Arc<Routes>,
}

/// What tells the lanes of this process that the journal has something for them.
#[derive(Debug, Default)]
struct Wakes([Notify; journal::LANES.len()]);

impl Wakes {
    /// Wakes the lanes of a class.
    fn wake(&self, class: i64) {
        for (lane, notify) in journal::LANES.into_iter().zip(&self.0) {
            if class & lane != 0 {
                notify.notify_one();
            }
        }
    }

    /// Returns once the lane was woken.
    async fn woken(&self, lane: i64) {
        if let Some((_, notify)) = journal::LANES
            .into_iter()
            .zip(&self.0)
            .find(|(bit, _)| *bit == lane)
        {
            notify.notified().await;
        }
    }
}

impl Ingest {
    /// Opens the journal and starts its writer; with a role that works also the appliers.
    ///
    /// # Errors
    /// What the database says.
    pub async fn start(context: &Context, role: Role) -> wigwag_store::Result<Self> {
        journal::open_partition(context.db(), PARTITION).await?;
        let wakes = Arc::new(Wakes::default());
        let routes = Arc::new(Routes::default());
        let crowd = Crowd::default();
        let ingest = Self(Arc::new(Inner {
            secrets: AppSecrets::read(context).await?,
            appender: Appender::start(context, Arc::clone(&wakes), crowd.clone()),
            routes: Arc::clone(&routes),
            context: context.clone(),
        }));
        if role.works() {
            for lane in journal::LANES {
                Lane::start(
                    context,
                    lane,
                    Arc::clone(&wakes),
                    Arc::clone(&routes),
                    &crowd,
                );
            }
        }
        Ok(ingest)
    }

    /// Forgets what is kept of apps and routes, after they were changed in this process. Other
    /// processes find out within a second.
    pub fn forget(&self) {
        self.0.secrets.forget();
        self.0.routes.forget();
    }
}
