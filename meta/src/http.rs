//! The one place where HTTP clients are made.
//!
//! Every client of the program comes from here, so that TLS, time limits, redirects and retries are the same
//! everywhere: rustls with ring, HTTP/1.1, no redirect, no retry. A client of [`Options`] for a loopback
//! address uses no proxy, so that demo and tests need no network.

use std::time::Duration;

/// What differs between clients.
#[derive(Debug, Clone)]
pub struct Options {
    /// Most time for the connection, in its entirety.
    pub connect_timeout: Duration,
    /// Most time for a whole call; `None`: none, for streams with [`Options::read_timeout`].
    pub timeout: Option<Duration>,
    /// Most time between two pieces of an answer.
    pub read_timeout: Option<Duration>,
    /// How long an idle connection is kept.
    pub pool_idle_timeout: Duration,
    /// Idle connections kept per host.
    pub pool_max_idle: usize,
    /// Whether the proxies of the environment are used.
    pub system_proxy: bool,
    /// `User-Agent`.
    pub user_agent: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            timeout: Some(Duration::from_secs(30)),
            read_timeout: None,
            pool_idle_timeout: Duration::from_secs(55),
            pool_max_idle: 256,
            system_proxy: true,
            user_agent: concat!("wigwag/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// Why a client could not be made: no usable certificate store, a proxy that is no address.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot be made: {0}")]
pub struct ClientError(String);

impl ClientError {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

/// Makes a client.
pub fn client(options: &Options) -> Result<reqwest::Client, ClientError> {
    build(builder(options))
}

/// Makes a client that connects to no address but those that a guard gives, for
/// [`crate::outside`] alone.
pub(crate) fn guarded(
    options: &Options,
    guard: impl reqwest::dns::Resolve + 'static,
) -> Result<reqwest::Client, ClientError> {
    build(builder(options).dns_resolver(std::sync::Arc::new(guard)))
}

fn build(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, ClientError> {
    builder
        .build()
        .map_err(|error| ClientError::new(reason(&error)))
}

#[expect(clippy::disallowed_methods, reason = "the one place that may")]
fn builder(options: &Options) -> reqwest::ClientBuilder {
    install_provider();
    let mut builder = reqwest::Client::builder()
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(options.connect_timeout)
        .pool_idle_timeout(options.pool_idle_timeout)
        .pool_max_idle_per_host(options.pool_max_idle)
        .tcp_nodelay(true)
        .user_agent(&options.user_agent);
    if let Some(timeout) = options.timeout {
        builder = builder.timeout(timeout);
    }
    if let Some(timeout) = options.read_timeout {
        builder = builder.read_timeout(timeout);
    }
    if !options.system_proxy {
        builder = builder.no_proxy();
    }
    builder
}

/// Makes ring the process's TLS provider, unless one was chosen already.
pub fn install_provider() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Losing the race to another thread is fine: then a provider is there.
        drop(rustls::crypto::ring::default_provider().install_default());
    }
}

/// An error with its causes in one line, without the address: it may hold a token.
pub(crate) fn reason(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        line.push_str(": ");
        line.push_str(&inner.to_string());
        cause = inner.source();
    }
    line
}
