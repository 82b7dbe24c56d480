//! How much may be told without a secret: per publishable key, and per client address whatever the key.

use std::net::IpAddr;

use wigwag_model::ApiKeyId;

use crate::budget::Budget;

/// Requests of one key in a minute, from all its pages.
const PER_KEY: u32 = 3_000;
/// Requests of one client address in a minute; behind one of a phone network there are many people.
const PER_ADDRESS: u32 = 300;
/// Deliveries to hooks from one address in a minute: a shop that reads in its customers sends thousands.
const DELIVERIES: u32 = 6_000;

/// The budgets.
#[derive(Debug)]
pub(crate) struct Limits {
    keys: Budget<ApiKeyId>,
    addresses: Budget<IpAddr>,
    deliveries: Budget<IpAddr>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            keys: Budget::new(PER_KEY),
            addresses: Budget::new(PER_ADDRESS),
            deliveries: Budget::new(DELIVERIES),
        }
    }
}

impl Limits {
    /// Takes a request of a key; seconds to wait when it is too much.
    pub(crate) fn key(&self, key: ApiKeyId, now: i64) -> Option<u64> {
        self.keys.take(key, now).wait
    }

    /// Takes a request of a page from an address.
    pub(crate) fn address(&self, address: IpAddr, now: i64) -> Option<u64> {
        self.addresses.take(network(address), now).wait
    }

    /// Takes a delivery to a hook from an address.
    pub(crate) fn delivery(&self, address: IpAddr, now: i64) -> Option<u64> {
        self.deliveries.take(network(address), now).wait
    }
}

/// What is counted of an address: of version 6 the network, because each host has 2⁶⁴ addresses in it.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => IpAddr::V4(four),
            None => IpAddr::V6((six.to_bits() >> 64 << 64).into()),
        },
        four @ IpAddr::V4(_) => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_its_network() {
        let limits = Limits::default();
        let ask = |text: &str| limits.address(text.parse().unwrap(), 0);
        for _ in 0..PER_ADDRESS {
            assert_eq!(ask("2001:db8::1"), None);
        }
        assert!(ask("2001:db8::2").is_some(), "the same network");
        assert_eq!(ask("2001:db8:0:1::1"), None, "another one");
        assert_eq!(ask("192.0.2.1"), None);
        for _ in 1..PER_ADDRESS {
            assert_eq!(ask("::ffff:192.0.2.1"), None);
        }
        assert!(ask("192.0.2.1").is_some(), "the same address in both forms");
    }
}
