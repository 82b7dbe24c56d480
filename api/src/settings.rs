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
}

impl Settings {
    /// Whether the console is served by https.
    pub fn secure(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}
