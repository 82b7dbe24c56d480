//! Calls the part that looks after campaigns: only a hint of what the database holds.

use tokio::sync::Notify;

/// A bell that one waits at.
#[derive(Debug, Default)]
pub struct Doorbell(Notify);

impl Doorbell {
    /// Something has changed.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Returns once it was rung.
    pub(super) async fn rung(&self) {
        self.0.notified().await;
    }
}
