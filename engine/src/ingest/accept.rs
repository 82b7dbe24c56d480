//! The door: a signed body goes into the journal, anything else is refused without a trace.

use bytes::Bytes;
use wigwag_meta::signature;
use wigwag_store::apps::Secrets;
use wigwag_store::journal::Entry;

use super::Ingest;
use super::append::AppendError;
use super::classify::classify;

/// The largest body that is taken: Meta's limit of 3 MiB and a margin.
pub const LIMIT: usize = 3 * 1024 * 1024 + 64 * 1024;

/// Why a webhook was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AcceptError {
    /// No signature, a wrong one, or an app that is not known: one answer for all.
    #[error("the signature fits no app of this installation")]
    Refused,
    /// The body is larger than Meta ever sends.
    #[error("the body is larger than {LIMIT} bytes")]
    TooLarge,
    /// The journal takes nothing now; Meta sends it again.
    #[error("the journal is busy")]
    Busy,
    /// The journal could not be written; the log has the reason.
    #[error("the journal could not be written")]
    Failed,
}

impl Ingest {
    /// Takes a webhook: checks `X-Hub-Signature-256` over the raw bytes with the app's current or
    /// previous secret, appends the body to the journal and returns once it is on disk.
    ///
    /// # Errors
    /// [`AcceptError`]; only after `Ok` may Meta be answered 200.
    pub async fn accept(
        &self,
        app: &str,
        signature: Option<&str>,
        body: Bytes,
    ) -> Result<(), AcceptError> {
        let outcome = self.take(app, signature, body).await;
        let name = match outcome {
            Ok(()) => "accepted",
            Err(AcceptError::Refused) => "refused",
            Err(AcceptError::TooLarge) => "too_large",
            Err(AcceptError::Busy) => "busy",
            Err(AcceptError::Failed) => "failed",
        };
        metrics::counter!("wigwag_webhooks_total", "outcome" => name).increment(1);
        outcome
    }

    async fn take(
        &self,
        app: &str,
        signature: Option<&str>,
        body: Bytes,
    ) -> Result<(), AcceptError> {
        if body.len() > LIMIT {
            return Err(AcceptError::TooLarge);
        }
        let signature = signature.ok_or(AcceptError::Refused)?;
        if !self.fits(app, signature, &body).await? {
            return Err(AcceptError::Refused);
        }
        let entry = Entry {
            app: app.to_owned(),
            class: classify(&body),
            received_at: self.0.context.clock().now(),
            body,
        };
        self.0
            .appender
            .append(entry)
            .await
            .map_err(|error| match error {
                AppendError::Busy => AcceptError::Busy,
                AppendError::Failed => AcceptError::Failed,
            })
    }

    /// Whether one of the app's secrets gives this signature. What is kept of the secrets is read
    /// again when it does not, at most once a second.
    async fn fits(&self, app: &str, signature: &str, body: &[u8]) -> Result<bool, AcceptError> {
        let secrets = &self.0.secrets;
        if secrets
            .get(app)
            .is_some_and(|known| fits(&known, signature, body))
            && !secrets.is_old(&self.0.context)
        {
            return Ok(true);
        }
        secrets
            .read_again(&self.0.context)
            .await
            .map_err(|error| match error {
                wigwag_store::Error::Busy => AcceptError::Busy,
                error => {
                    tracing::error!(%error, "the secrets of the apps could not be read");
                    AcceptError::Failed
                }
            })?;
        Ok(secrets
            .get(app)
            .is_some_and(|known| fits(&known, signature, body)))
    }
}

fn fits(secrets: &Secrets, signature: &str, body: &[u8]) -> bool {
    let previous = secrets.previous.as_ref().map(|secret| secret.as_slice());
    match previous {
        Some(previous) => {
            signature::verify(&[secrets.current.as_slice(), previous], signature, body).is_ok()
        }
        None => signature::verify(&[secrets.current.as_slice()], signature, body).is_ok(),
    }
}
