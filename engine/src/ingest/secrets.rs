//! The secrets of the installation's apps, kept in memory: a webhook must not cost a look-up.
//!
//! All of them are read at once, because an installation has few and because then a stranger who
//! tries names of apps costs one statement a second, however fast the tries come.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use parking_lot::RwLock;
use wigwag_store::apps::{self, Secrets};

use crate::context::Context;

/// Not read again within this time, in microseconds.
const EVERY: i64 = 1_000_000;
/// Read again after this time, in microseconds: a secret that was withdrawn in another process
/// must stop to work.
const OLD: i64 = 10_000_000;

/// The kept secrets.
#[derive(Debug)]
pub(super) struct AppSecrets {
    known: RwLock<HashMap<String, Arc<Secrets>>>,
    /// When they were read, by the monotonic clock.
    read_at: AtomicI64,
    reading: tokio::sync::Mutex<()>,
}

impl AppSecrets {
    /// Reads them for the first time.
    pub(super) async fn read(context: &Context) -> wigwag_store::Result<Self> {
        let secrets = Self {
            known: RwLock::default(),
            read_at: AtomicI64::new(i64::MIN),
            reading: tokio::sync::Mutex::default(),
        };
        secrets.read_again(context).await?;
        Ok(secrets)
    }

    /// The secrets of an app.
    pub(super) fn get(&self, app: &str) -> Option<Arc<Secrets>> {
        self.known.read().get(app).cloned()
    }

    /// Whether they may have changed meanwhile without anybody telling.
    pub(super) fn is_old(&self, context: &Context) -> bool {
        self.age(context) >= OLD
    }

    /// Reads them again unless that was done within the last second.
    pub(super) async fn read_again(&self, context: &Context) -> wigwag_store::Result<()> {
        // Whoever waited here for somebody else's reading finds it done.
        let _one_at_a_time = self.reading.lock().await;
        if self.age(context) < EVERY {
            return Ok(());
        }
        let now = context.clock().monotonic_us();
        let all = apps::all_secrets(context.db()).await?;
        *self.known.write() = all
            .into_iter()
            .map(|(app, secrets)| (app, Arc::new(secrets)))
            .collect();
        self.read_at.store(now, Ordering::Release);
        Ok(())
    }

    /// Lets the next webhook read them again.
    pub(super) fn forget(&self) {
        self.read_at.store(i64::MIN, Ordering::Release);
    }

    fn age(&self, context: &Context) -> i64 {
        let read_at = self.read_at.load(Ordering::Acquire);
        context.clock().monotonic_us().saturating_sub(read_at)
    }
}
