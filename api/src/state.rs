//! What handlers share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use wigwag_engine::Engine;
use wigwag_engine::accounts::Passwords;
use wigwag_model::{ApiKeyId, Clock};
use wigwag_store::Db;

use crate::auth::login_limit::LoginLimit;
use crate::budget::Budget;
use crate::calls::CallLog;
use crate::live::Hub;
use crate::media::Signer;
use crate::public::Redirects;
use crate::settings::Settings;
use crate::track::Limits;

/// What `app` gives.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The running engine, with the database.
    pub engine: Engine,
    /// The installation.
    pub settings: Settings,
}

/// The shared state of all handlers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Api(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    engine: Engine,
    settings: Settings,
    passwords: Passwords,
    login_limit: LoginLimit,
    calls: CallLog,
    live: Hub,
    signer: Signer,
    budget: Budget<ApiKeyId>,
    limits: Limits,
    redirects: Redirects,
    stopping: AtomicBool,
}

impl Api {
    /// Starts what runs beside the handlers. Must be called inside the async runtime.
    pub fn start(parts: Parts) -> Self {
        let db = parts.engine.db().clone();
        Self(Arc::new(Inner {
            passwords: Passwords::new(db.clone()),
            login_limit: LoginLimit::default(),
            calls: CallLog::start(db.clone()),
            live: Hub::new(db.clone()),
            signer: Signer::new(db.keys()),
            budget: Budget::new(parts.settings.public_api.requests_per_minute),
            limits: Limits::default(),
            redirects: Redirects::default(),
            engine: parts.engine,
            settings: parts.settings,
            stopping: AtomicBool::new(false),
            db,
        }))
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// The engine: whatever decides, spends, schedules or talks to Meta.
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// The clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        self.0.db.mint().clock()
    }

    /// The installation.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Makes and checks password hashes.
    pub fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    pub(crate) fn login_limit(&self) -> &LoginLimit {
        &self.0.login_limit
    }

    pub(crate) fn calls(&self) -> &CallLog {
        &self.0.calls
    }

    pub(crate) fn live(&self) -> &Hub {
        &self.0.live
    }

    pub(crate) fn signer(&self) -> &Signer {
        &self.0.signer
    }

    pub(crate) fn budget(&self) -> &Budget<ApiKeyId> {
        &self.0.budget
    }

    /// What may be asked without a secret.
    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn redirects(&self) -> &Redirects {
        &self.0.redirects
    }

    /// Tells load balancers and live clients that the process is going away.
    pub fn stop(&self) {
        self.0.stopping.store(true, Ordering::SeqCst);
        self.0.live.stop();
    }

    /// Whether the process is going away.
    pub fn stopping(&self) -> bool {
        self.0.stopping.load(Ordering::SeqCst)
    }
}
