//! Which addresses are outside: public unicast, and whatever an operator has named.
//!
//! An address that stands for another one inside (IPv4 written as IPv6, tunnels, translators) is
//! not looked into but refused: nobody reaches a public server that way.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use url::{Host, Url};

/// Most characters of an address.
const MOST_ADDRESS: usize = 2_000;

/// IPv4 blocks that are no public unicast (IANA's special-purpose registry, multicast, reserved).
const NOT_PUBLIC_V4: [(Ipv4Addr, u8); 16] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// The IPv6 block that global unicast is given out of; everything else is refused.
const GLOBAL_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// What within it is no public unicast: IETF protocols with Teredo and benchmarks, the
/// documentation blocks, 6to4, AS112.
const NOT_PUBLIC_V6: [(Ipv6Addr, u8); 5] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0x0db8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

fn within_v4(address: Ipv4Addr, (block, length): (Ipv4Addr, u8)) -> bool {
    Ipv4Net::new(block, length).is_ok_and(|net| net.contains(&address))
}

fn within_v6(address: Ipv6Addr, (block, length): (Ipv6Addr, u8)) -> bool {
    Ipv6Net::new(block, length).is_ok_and(|net| net.contains(&address))
}

/// Whether an address is public unicast.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !NOT_PUBLIC_V4.iter().any(|block| within_v4(address, *block)),
        IpAddr::V6(address) => {
            within_v6(address, GLOBAL_V6)
                && !NOT_PUBLIC_V6.iter().any(|block| within_v6(address, *block))
        }
    }
}

/// Why an address is not called. The text is for whoever typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No address at all.
    #[error("write a whole address of at most 2,000 characters, like https://example.com/hooks")]
    Address,
    /// Neither HTTP nor HTTPS.
    #[error("begin the address with https:// (or http://)")]
    Scheme,
    /// A name or a password before the host.
    #[error("leave the name and password before the host out: deliveries are signed instead")]
    UserInfo,
    /// A number that is not public.
    #[error("this address is not public: an operator may allow it with the setting outgoing.allow")]
    NotPublic,
}

/// What an operator allows besides public addresses: networks and host names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed {
    nets: Vec<IpNet>,
    hosts: Vec<String>,
}

/// The entry that is neither a network nor a host name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither a network such as 10.1.0.0/16 nor a host name")]
pub struct NotAllowable(pub String);

impl Allowed {
    /// Reads entries: `10.1.0.0/16`, `127.0.0.1`, `hooks.example.internal`.
    ///
    /// # Errors
    /// [`NotAllowable`] with the first entry that is none of these.
    pub fn parse<T: AsRef<str>>(entries: &[T]) -> Result<Self, NotAllowable> {
        let mut allowed = Self::default();
        for entry in entries {
            let entry = entry.as_ref().trim();
            let net = entry
                .parse::<IpNet>()
                .ok()
                .or_else(|| entry.parse::<IpAddr>().ok().map(IpNet::from));
            if let Some(net) = net {
                allowed.nets.push(net);
                continue;
            }
            let host = plain(entry);
            let right = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            // What looks like a number would be read as an address elsewhere.
            let name = host.chars().any(|c| c.is_ascii_alphabetic());
            if host.is_empty() || !name || !host.chars().all(right) {
                return Err(NotAllowable(entry.to_owned()));
            }
            allowed.hosts.push(host);
        }
        Ok(allowed)
    }

    /// Reads an address that somebody typed. A name is not looked up: what it leads to is asked
    /// whenever it is called.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn address(&self, text: &str) -> Result<Url, Refusal> {
        let text = text.trim();
        if text.chars().count() > MOST_ADDRESS {
            return Err(Refusal::Address);
        }
        let url = Url::parse(text).map_err(|_| Refusal::Address)?;
        self.check(&url)?;
        Ok(url)
    }

    pub(super) fn check(&self, url: &Url) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::UserInfo);
        }
        let number = match url.host() {
            // However a number is spelt, it is one address by now.
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(name)) if !name.is_empty() => return Ok(()),
            _ => return Err(Refusal::Address),
        };
        if self.admits(None, number) {
            Ok(())
        } else {
            Err(Refusal::NotPublic)
        }
    }

    /// Whether a connection to an address may be made, for a host name or without one.
    pub fn admits(&self, host: Option<&str>, address: IpAddr) -> bool {
        is_public(address)
            || self.nets.iter().any(|net| net.contains(&address))
            || host.is_some_and(|host| self.hosts.contains(&plain(host)))
    }
}

/// A host name as it is compared: lower case, without the dot of the root.
fn plain(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_networks_or_names() {
        let allowed = Allowed::parse(&["10.1.0.0/16", "127.0.0.1", "Hooks.Example."]).unwrap();
        let at = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(allowed.admits(None, at("10.1.2.3")));
        assert!(!allowed.admits(None, at("10.2.2.3")));
        assert!(allowed.admits(None, at("127.0.0.1")));
        assert!(!allowed.admits(None, at("127.0.0.2")));
        // The same address in other clothes is not what was allowed.
        assert!(!allowed.admits(None, at("::ffff:127.0.0.1")));
        assert!(allowed.admits(Some("hooks.example"), at("192.168.1.1")));
        assert!(!allowed.admits(Some("other.example"), at("192.168.1.1")));
        for wrong in ["", "10.1.0.0/33", "2130706433", "a b", "http://x"] {
            assert!(Allowed::parse(&[wrong]).is_err(), "{wrong}");
        }
    }
}
