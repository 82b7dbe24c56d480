//! The address of the client: the connection's, or what a trusted proxy says it is.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use crate::Api;

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<Api> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Infallible> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
        let forwarded: Vec<&str> = parts
            .headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .collect();
        let trusted = |address: &IpAddr| {
            api.settings()
                .trusted_proxies
                .iter()
                .any(|net| net.contains(address))
        };
        Ok(Self(client(peer, &forwarded, trusted)))
    }
}

/// Walks back from the connection through proxies that are trusted; the first other address is
/// the client. What stands further left could have been written by anyone.
fn client(peer: IpAddr, forwarded: &[&str], trusted: impl Fn(&IpAddr) -> bool) -> IpAddr {
    let mut address = peer;
    for text in forwarded.iter().rev() {
        if !trusted(&address) {
            break;
        }
        let Ok(next) = text.parse() else { break };
        address = next;
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let proxy = |address: &IpAddr| *address == ip("10.0.0.1");
        assert_eq!(
            client(ip("192.0.2.9"), &["203.0.113.5"], proxy),
            ip("192.0.2.9")
        );
        assert_eq!(
            client(ip("10.0.0.1"), &["203.0.113.5"], proxy),
            ip("203.0.113.5")
        );
        assert_eq!(
            client(ip("10.0.0.1"), &["1.1.1.1", "203.0.113.5"], proxy),
            ip("203.0.113.5")
        );
        assert_eq!(
            client(ip("10.0.0.1"), &["203.0.113.5", "10.0.0.1"], proxy),
            ip("203.0.113.5")
        );
        assert_eq!(
            client(ip("10.0.0.1"), &["not an address"], proxy),
            ip("10.0.0.1")
        );
    }
}
