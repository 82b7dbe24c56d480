//! What every part of the engine works with: the database, the files, Meta's client and the settings.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wigwag_meta::{Client, Outside};
use wigwag_model::{Clock, WabaId, WorkspaceId};
use wigwag_store::{Db, wabas};

use crate::campaigns::{Clicks, Doorbell};
use crate::dispatch::{InboundCounts, StopEpoch, Wakes};
use crate::events::Events;
use crate::files::Files;

/// What an operator may set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// After how much time in which webhooks for its number came an unknown message counts as
    /// unconfirmed.
    pub unconfirmed_after: Duration,
    /// Most POSTs of one number at a time; a number whose rate needs fewer has fewer.
    pub lane_concurrency: usize,
    /// The name of this installation's process for leases: the same after a restart, different
    /// for each process that may run at the same time.
    pub instance: String,
    /// The address of this installation: short links begin with it.
    pub public_url: String,
    /// What calls addresses that people typed. Without it endpoints are told nothing, and what they
    /// are to be told waits.
    pub outside: Option<Outside>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            unconfirmed_after: Duration::from_mins(15),
            lane_concurrency: 512,
            instance: "local".to_owned(),
            public_url: "http://localhost:8080".to_owned(),
            outside: None,
        }
    }
}

/// Shared by all parts. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Context(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    files: Files,
    meta: Client,
    settings: Settings,
    stop: CancellationToken,
    tasks: TaskTracker,
    clients: Mutex<HashMap<(WorkspaceId, WabaId), Client>>,
    wakes: Wakes,
    stop_epoch: StopEpoch,
    inbound: InboundCounts,
    campaigns: Doorbell,
    clicks: Clicks,
    events: Events,
}

impl Context {
    /// Puts the shared things together. `meta` lends its connections; its token is never used.
    pub fn new(db: Db, files: Files, meta: Client, settings: Settings) -> Self {
        Self(Arc::new(Inner {
            db,
            files,
            meta,
            settings,
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            clients: Mutex::default(),
            wakes: Wakes::default(),
            stop_epoch: StopEpoch::default(),
            inbound: InboundCounts::default(),
            campaigns: Doorbell::default(),
            clicks: Clicks::default(),
            events: Events::default(),
        }))
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// The files of messages.
    pub fn files(&self) -> &Files {
        &self.0.files
    }

    /// The clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        self.0.db.mint().clock()
    }

    /// What an operator set.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Cancelled when the process goes away: claim nothing more.
    pub fn stop(&self) -> &CancellationToken {
        &self.0.stop
    }

    /// Where tasks are spawned whose end the stop waits for.
    pub fn tasks(&self) -> &TaskTracker {
        &self.0.tasks
    }

    /// Wakes the lanes when something was written for them.
    pub fn wakes(&self) -> &Wakes {
        &self.0.wakes
    }

    /// Raised whenever somebody must not be written to any more.
    pub fn stop_epoch(&self) -> &StopEpoch {
        &self.0.stop_epoch
    }

    /// Messages that came in, which Meta counts into a number's throughput.
    pub fn inbound(&self) -> &InboundCounts {
        &self.0.inbound
    }

    /// Calls whoever looks after campaigns, when one was sent, paused or stopped.
    pub fn campaigns(&self) -> &Doorbell {
        &self.0.campaigns
    }

    /// Where events are told.
    pub fn events(&self) -> &Events {
        &self.0.events
    }

    /// Taps on short links that wait to be counted.
    pub fn clicks(&self) -> &Clicks {
        &self.0.clicks
    }

    /// Meta's API with the token of a WABA, read once and kept.
    ///
    /// # Errors
    /// [`wigwag_store::Error::NotFound`] without such a WABA; [`wigwag_store::Error::Sealed`] with
    /// another master key.
    pub async fn client(
        &self,
        workspace: WorkspaceId,
        waba: WabaId,
    ) -> wigwag_store::Result<Client> {
        if let Some(client) = self.0.clients.lock().get(&(workspace, waba)) {
            return Ok(client.clone());
        }
        let token = wabas::access_token(self.db(), workspace, waba).await?;
        let client = self
            .0
            .meta
            .with_token(SecretString::from(token.to_string()));
        self.0
            .clients
            .lock()
            .insert((workspace, waba), client.clone());
        Ok(client)
    }

    /// Forgets the kept token of a WABA, after it was changed or refused.
    pub fn forget_client(&self, workspace: WorkspaceId, waba: WabaId) {
        self.0.clients.lock().remove(&(workspace, waba));
    }
}
