//! The client of the Graph API: one token, one base address, one file per resource.
//!
//! Never repeats a request and follows no redirect: whoever calls knows whether another try is safe. The base
//! address is configurable, so that the same client speaks to a simulator. Ids become path segments and are
//! escaped; tokens go into the header, never into an address, except where Graph wants them in the query.

mod accounts;
mod gate;
mod media;
mod numbers;
mod oauth;
mod samples;
mod send;
mod templates;
mod users;

use std::time::Duration;

use bytes::Bytes;
use reqwest::{Method, RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::error::{Error, GraphErrorBody};
use crate::http::{self, ClientError, Options};
use crate::page::Page;

pub use media::{Download, Upload};
pub use templates::DeleteTemplate;
pub use users::{BlockAnswer, BlockFate, BlockResult, BlockedUser};

/// Most bytes of an answer that is not media.
const MAX_ANSWER: usize = 16 * 1024 * 1024;
/// Most pages that a listing reads; 200 pages of 100 hold more than Meta's limits allow.
const MAX_PAGES: usize = 200;

/// Where and how to call.
#[derive(Debug, Clone)]
pub struct Config {
    /// Base address, `https://graph.facebook.com` or a simulator's.
    pub base_url: Url,
    /// Version such as `v25.0`; `None`: none in the path.
    pub version: Option<String>,
    /// Most time for a connection.
    pub connect_timeout: Duration,
    /// Most time for a call, uploads and downloads apart.
    pub timeout: Duration,
    /// Most time between two pieces of an upload's or download's bytes.
    pub transfer_timeout: Duration,
    /// Further hosts that may get the token for media, beside Meta's and the base address.
    pub media_hosts: Vec<String>,
}

impl Config {
    /// Meta's address and the version that the docs of mid-2026 use.
    pub fn meta() -> Result<Self, url::ParseError> {
        Ok(Self {
            version: Some("v25.0".to_owned()),
            ..Self::at(Url::parse("https://graph.facebook.com")?)
        })
    }

    /// Another address, without a version.
    pub fn at(base_url: Url) -> Self {
        Self {
            base_url,
            version: None,
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            transfer_timeout: Duration::from_secs(30),
            media_hosts: Vec::new(),
        }
    }
}

/// A client with a token. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    config: std::sync::Arc<Config>,
    token: SecretString,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.config.base_url.as_str())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client with connections of its own. Use [`Client::with_token`] for further tokens.
    pub fn new(config: Config, token: SecretString) -> Result<Self, ClientError> {
        if config.base_url.cannot_be_a_base() || config.base_url.host_str().is_none() {
            return Err(ClientError::new(
                "the base address must be http or https with a host",
            ));
        }
        let options = Options {
            connect_timeout: config.connect_timeout,
            // Each call sets its own limit: uploads may take longer.
            timeout: None,
            read_timeout: Some(config.transfer_timeout.max(config.timeout)),
            system_proxy: !is_loopback(&config.base_url),
            ..Options::default()
        };
        Ok(Self {
            http: http::client(&options)?,
            config: std::sync::Arc::new(config),
            token,
        })
    }

    /// The same client with another token, on the same connections.
    #[must_use]
    pub fn with_token(&self, token: SecretString) -> Self {
        Self {
            http: self.http.clone(),
            config: self.config.clone(),
            token,
        }
    }

    /// Where it calls.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// An address below base and version; segments and query are escaped.
    fn url(&self, segments: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.config.base_url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty();
            path.extend(self.config.version.iter());
            path.extend(segments);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// A request with token and time limit.
    fn request(&self, method: Method, segments: &[&str], query: &[(&str, &str)]) -> RequestBuilder {
        self.anonymous(method, segments, query)
            .bearer_auth(self.token.expose_secret())
    }

    /// A request without token.
    fn anonymous(
        &self,
        method: Method,
        segments: &[&str],
        query: &[(&str, &str)],
    ) -> RequestBuilder {
        self.http
            .request(method, self.url(segments, query))
            .timeout(self.config.timeout)
    }

    async fn get<T: DeserializeOwned>(
        &self,
        segments: &[&str],
        query: &[(&str, &str)],
    ) -> Result<T, Error> {
        call(self.request(Method::GET, segments, query)).await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        segments: &[&str],
        body: &impl Serialize,
    ) -> Result<T, Error> {
        call(self.request(Method::POST, segments, &[]).json(body)).await
    }

    async fn delete<T: DeserializeOwned>(
        &self,
        segments: &[&str],
        query: &[(&str, &str)],
    ) -> Result<T, Error> {
        call(self.request(Method::DELETE, segments, query)).await
    }

    /// Every entry of a list, page by page.
    async fn list<T: DeserializeOwned>(
        &self,
        segments: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Vec<T>, Error> {
        self.pages(segments, query, MAX_PAGES).await
    }

    /// The same for a list of more pages.
    async fn pages<T: DeserializeOwned>(
        &self,
        segments: &[&str],
        query: &[(&str, &str)],
        most: usize,
    ) -> Result<Vec<T>, Error> {
        let (mut entries, mut after) = (Vec::new(), None::<String>);
        for _ in 0..most {
            let mut query = query.to_vec();
            if let Some(after) = &after {
                query.push(("after", after));
            }
            let page: Page<T> = self.get(segments, &query).await?;
            let next = page.next_cursor().map(str::to_owned);
            entries.extend(page.data);
            // A cursor that does not move would be read for ever.
            match next {
                Some(next) if after.as_ref() != Some(&next) => after = Some(next),
                _ => return Ok(entries),
            }
        }
        Err(Error::TooLarge { limit: most as u64 })
    }
}

/// Sends a request and reads its answer.
async fn call<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, Error> {
    let response = request.send().await.map_err(transport)?;
    read(response).await
}

/// Reads an answer: an object of type `T`, or Meta's error.
async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Error> {
    let status = response.status();
    let body = collect(response).await?;
    if !status.is_success() {
        return Err(failure(status.as_u16(), &body));
    }
    serde_json::from_slice(&body).map_err(|error| unreadable(status.as_u16(), &body, &error))
}

/// The error in a body of failure.
fn failure(status: u16, body: &[u8]) -> Error {
    match serde_json::from_slice::<GraphErrorBody>(body) {
        Ok(GraphErrorBody { error }) => Error::Graph {
            status,
            error: Box::new(error),
        },
        Err(_) => Error::Status { status },
    }
}

/// A body of success that is not what was asked for; Graph may still have put an error into it.
fn unreadable(status: u16, body: &[u8], error: &serde_json::Error) -> Error {
    match failure(status, body) {
        graph @ Error::Graph { .. } => graph,
        // Only where it broke: the text of serde's errors may quote the body.
        _ => Error::Body {
            status,
            reason: format!("line {} column {}", error.line(), error.column()),
        },
    }
}

/// The whole body, up to a limit.
async fn collect(mut response: Response) -> Result<Bytes, Error> {
    let mut body = bytes::BytesMut::new();
    while let Some(piece) = response.chunk().await.map_err(transport)? {
        if body.len() + piece.len() > MAX_ANSWER {
            return Err(Error::TooLarge {
                limit: MAX_ANSWER as u64,
            });
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

/// A transport error by how far the request got; in doubt, it may have left.
fn transport(error: reqwest::Error) -> Error {
    let error = error.without_url();
    if error.is_builder() || error.is_connect() {
        Error::NotSent(http::reason(&error))
    } else if error.is_timeout() {
        Error::Timeout
    } else {
        Error::Broken(http::reason(&error))
    }
}

/// Whether an address names this machine.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}
