//! What `app` tells this crate about the installation.

use ipnet::IpNet;
use url::Url;

/// The settings of the HTTP side.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where people reach the console; decides cookies and links.
    pub public_url: Url,
    /// Other host names that requests may ask for, besides the public one and the loopback.
    pub hosts: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether this is the demo.
    pub demo: bool,
    /// Where the demo's simulator is.
    pub simulator_url: Option<String>,
    /// The API in Interakt's form.
    pub public_api: PublicApi,
}

/// The settings of the API in Interakt's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicApi {
    /// What its paths begin with: `/v1/public`, without a slash at the end.
    pub prefix: String,
    /// Requests that a key may make in a minute.
    pub requests_per_minute: u32,
}

impl Default for PublicApi {
    /// Interakt's own prefix, and ten times what its dearest published plan allows.
    fn default() -> Self {
        Self {
            prefix: "/v1/public".to_owned(),
            requests_per_minute: 6_000,
        }
    }
}

impl Settings {
    /// Whether the console is served by https.
    pub fn secure(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}
