//! The state behind its lock, with what the tasks share: clock, wake-up, HTTP client.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;

use crate::clock::VirtualClock;
use crate::state::{LiveEvent, State};
use crate::{Credentials, seed};

/// What every task and request of one simulator shares.
pub(crate) struct World {
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) credentials: Credentials,
    pub(crate) live: broadcast::Sender<LiveEvent>,
    pub(crate) http: reqwest::Client,
    /// `http://host:port`, without a slash at the end.
    pub(crate) base_url: String,
    pub(crate) stop: CancellationToken,
    pub(crate) wake: Notify,
    pub(crate) empty: bool,
    pub(crate) data: Option<std::path::PathBuf>,
    /// Held by the one snapshot that is being written.
    pub(crate) saving: Mutex<()>,
    state: Mutex<State>,
}

/// What a world is made of.
pub(crate) struct Parts {
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) credentials: Credentials,
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: String,
    pub(crate) empty: bool,
    pub(crate) data: Option<std::path::PathBuf>,
    pub(crate) state: State,
}

impl World {
    pub(crate) fn new(parts: Parts) -> Self {
        Self {
            clock: parts.clock,
            credentials: parts.credentials,
            live: parts.state.live.clone(),
            http: parts.http,
            base_url: parts.base_url,
            stop: CancellationToken::new(),
            wake: Notify::new(),
            empty: parts.empty,
            data: parts.data,
            saving: Mutex::new(()),
            state: Mutex::new(parts.state),
        }
    }

    /// Works on the state at the present time, then wakes the scheduler if something is due sooner.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut State, i64) -> R) -> R {
        let mut state = self.state.lock();
        let now_us = self.clock.now_us();
        let before = next_due(&state);
        let result = work(&mut state, now_us);
        let after = next_due(&state);
        drop(state);
        if after.is_some_and(|after| before.is_none_or(|before| after < before || after <= now_us))
        {
            self.wake.notify_one();
        }
        result
    }

    /// Moves the clock on and does what became due, so that a caller can go on at once.
    pub(crate) fn advance(&self, by: Duration) {
        self.clock.advance(by);
        self.with(|state, now_us| {
            crate::behaviour::run(state, now_us);
            state.tell_all("clock");
        });
    }

    /// Back to the seeded content. Ids start anew, webhook subscription and clock stay.
    pub(crate) fn reset(&self) {
        self.with(|state, now_us| {
            let media_host = std::mem::take(&mut state.media_host);
            let subscription = state
                .apps
                .get(&self.credentials.app_id)
                .and_then(|app| app.subscription.clone());
            let mut fresh = State::new(state.ids.seed(), self.live.clone(), media_host);
            seed::plant(&mut fresh, now_us, self.empty);
            if let Some(app) = fresh.apps.get_mut(&self.credentials.app_id) {
                app.subscription = subscription;
            }
            fresh.changes = state.changes + 1;
            fresh.epoch = state.epoch + 1;
            *state = fresh;
        });
        let _ = self.live.send(LiveEvent {
            event: "reset",
            data: serde_json::json!({}),
        });
    }
}

/// The earliest moment at which the scheduler has something to do.
pub(crate) fn next_due(state: &State) -> Option<i64> {
    let hooks = state.hooks.next_due(&state.faults);
    match (state.timers.next(), hooks) {
        (Some(timer), Some(hook)) => Some(timer.min(hook)),
        (timer, hook) => timer.or(hook),
    }
}
