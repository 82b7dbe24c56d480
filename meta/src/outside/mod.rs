//! Calls to addresses that people typed: webhooks to other programs.
//!
//! Such an address may be meant to reach what only this machine can reach. So the client of this
//! module connects to public unicast addresses and to nothing else, unless an operator named an
//! exception ([`Allowed`]). It checks numbers in addresses itself, names when they are looked up to
//! connect (`resolver.rs`), follows no redirect, uses no proxy (which would look names up in our
//! place), waits [`TIMEOUT`] in all and reads [`MOST_ANSWER`] bytes at most, which it forgets: only
//! the status is given on.

mod address;
mod resolver;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::RETRY_AFTER;
use url::Url;

pub use address::{Allowed, NotAllowable, Refusal, is_public};
pub use resolver::{Found, Lookup, Machine};

use crate::http::{self, ClientError, Options};
use resolver::{Guard, NotPublic};

/// Most time for a call, from the look-up to the end of the answer.
pub const TIMEOUT: Duration = Duration::from_secs(15);
/// Most bytes of an answer that are read.
pub const MOST_ANSWER: usize = 64 * 1024;
/// Most characters of a `Retry-After` that are looked at.
const MOST_RETRY_AFTER: usize = 64;

/// What an address answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After` as it was sent: seconds, or a date.
    pub retry_after: Option<String>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The address must not be connected to; nothing was.
    #[error("the address is not public")]
    Refused,
    /// No whole answer in time.
    #[error("no answer in time")]
    Timeout,
    /// No connection, or one that broke.
    #[error("no connection")]
    Connection,
}

/// Calls addresses outside. Cheap to clone.
#[derive(Clone)]
pub struct Outside {
    http: reqwest::Client,
    allowed: Arc<Allowed>,
}

impl std::fmt::Debug for Outside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outside")
            .field("allowed", &self.allowed)
            .finish_non_exhaustive()
    }
}

impl Outside {
    /// A caller that connects to public addresses and to what is allowed besides.
    ///
    /// # Errors
    /// [`ClientError`] without usable certificates.
    pub fn new(allowed: Allowed) -> Result<Self, ClientError> {
        Self::with(allowed, Arc::new(Machine), TIMEOUT)
    }

    /// The same with another way to find the addresses of a name, and another patience.
    ///
    /// # Errors
    /// [`ClientError`] without usable certificates.
    pub fn with(
        allowed: Allowed,
        lookup: Arc<dyn Lookup>,
        timeout: Duration,
    ) -> Result<Self, ClientError> {
        let allowed = Arc::new(allowed);
        let options = Options {
            timeout: Some(timeout),
            pool_idle_timeout: Duration::from_secs(20),
            pool_max_idle: 8,
            system_proxy: false,
            ..Options::default()
        };
        let guard = Guard {
            allowed: allowed.clone(),
            lookup,
        };
        Ok(Self {
            http: http::guarded(&options, guard)?,
            allowed,
        })
    }

    /// What may be called besides public addresses.
    pub fn allowed(&self) -> &Allowed {
        &self.allowed
    }

    /// Posts a body and gives the status of the answer.
    ///
    /// # Errors
    /// [`Failure`]; with [`Failure::Refused`] no connection was made.
    pub async fn post(
        &self,
        url: &Url,
        headers: Vec<(&'static str, String)>,
        body: Bytes,
    ) -> Result<Answer, Failure> {
        // Connections to numbers ask no resolver. What is allowed may have changed since it was typed.
        self.allowed.check(url).map_err(|_| Failure::Refused)?;
        let mut request = self.http.post(url.clone()).body(body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let mut response = request.send().await.map_err(|error| failure(&error))?;
        let answer = Answer {
            status: response.status().as_u16(),
            retry_after: response
                .headers()
                .get(RETRY_AFTER)
                .and_then(|value| value.to_str().ok())
                .filter(|text| text.len() <= MOST_RETRY_AFTER)
                .map(str::to_owned),
        };
        let mut read = 0;
        // To its end, where that is near: the connection can then be used again.
        while let Some(piece) = response.chunk().await.map_err(|error| failure(&error))? {
            read += piece.len();
            if read > MOST_ANSWER {
                break;
            }
        }
        Ok(answer)
    }
}

fn failure(error: &reqwest::Error) -> Failure {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(known) = cause {
        if known.is::<NotPublic>() {
            return Failure::Refused;
        }
        cause = known.source();
    }
    if error.is_timeout() {
        Failure::Timeout
    } else {
        Failure::Connection
    }
}
