//! Slows down guessing: five bad tries per account and address in fifteen minutes, fifty per
//! address.
//!
//! The key holds the address, so that nobody can lock another person out from elsewhere. Only
//! bad tries count. The counts live in memory: a restart forgives, and each process counts alone.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use parking_lot::Mutex;
use wigwag_model::Timestamp;

/// In this span the tries are counted.
const SPAN: Duration = Duration::from_mins(15);
/// Bad tries for one account from one address.
const PER_ACCOUNT: usize = 5;
/// Bad tries from one address, whatever the account.
const PER_ADDRESS: usize = 50;
/// Keys kept before old ones are swept out.
const SWEEP_AT: usize = 10_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Account(String, IpAddr),
    Address(IpAddr),
}

/// The counts.
#[derive(Debug, Default)]
pub struct LoginLimit {
    bad: Mutex<HashMap<Key, Vec<Timestamp>>>,
}

impl LoginLimit {
    /// Seconds to wait when there were too many bad tries, else `None`.
    pub fn wait(&self, account: &str, address: IpAddr, now: Timestamp) -> Option<u64> {
        let bad = self.bad.lock();
        [
            (Key::Account(account.to_owned(), address), PER_ACCOUNT),
            (Key::Address(address), PER_ADDRESS),
        ]
        .into_iter()
        .filter_map(|(key, allowed)| {
            let recent: Vec<_> = bad
                .get(&key)?
                .iter()
                .filter(|at| now.since(**at) < SPAN)
                .collect();
            let oldest = recent
                .len()
                .checked_sub(allowed)
                .and_then(|from| recent.get(from))?;
            Some(SPAN.saturating_sub(now.since(**oldest)).as_secs() + 1)
        })
        .max()
    }

    /// Counts a bad try.
    pub fn note_bad(&self, account: &str, address: IpAddr, now: Timestamp) {
        let mut bad = self.bad.lock();
        if bad.len() >= SWEEP_AT {
            bad.retain(|_, tries| tries.iter().any(|at| now.since(*at) < SPAN));
        }
        for key in [
            Key::Account(account.to_owned(), address),
            Key::Address(address),
        ] {
            let tries = bad.entry(key).or_default();
            tries.retain(|at| now.since(*at) < SPAN);
            tries.push(now);
        }
    }

    /// Forgets the bad tries of an account from an address that then signed in.
    pub fn forgive(&self, account: &str, address: IpAddr) {
        self.bad
            .lock()
            .remove(&Key::Account(account.to_owned(), address));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(1_800_000_000 + seconds)
    }

    #[test]
    fn the_sixth_try_waits_until_the_first_is_old() {
        let limit = LoginLimit::default();
        for second in 0..5 {
            assert_eq!(limit.wait("asha", HERE, at(second)), None);
            limit.note_bad("asha", HERE, at(second));
        }
        assert_eq!(limit.wait("asha", HERE, at(5)), Some(15 * 60 - 5 + 1));
        assert_eq!(limit.wait("asha", HERE, at(15 * 60)), None);
        assert_eq!(limit.wait("ben", HERE, at(5)), None);
    }

    #[test]
    fn another_address_is_not_locked_out() {
        let limit = LoginLimit::default();
        for second in 0..20 {
            limit.note_bad("asha", HERE, at(second));
        }
        let elsewhere = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
        assert_eq!(limit.wait("asha", elsewhere, at(20)), None);
    }

    #[test]
    fn guessing_many_accounts_from_one_address_ends() {
        let limit = LoginLimit::default();
        for n in 0..50 {
            limit.note_bad(&format!("account {n}"), HERE, at(n));
        }
        assert!(limit.wait("fresh", HERE, at(50)).is_some());
    }

    #[test]
    fn signing_in_forgives() {
        let limit = LoginLimit::default();
        for second in 0..5 {
            limit.note_bad("asha", HERE, at(second));
        }
        limit.forgive("asha", HERE);
        assert_eq!(limit.wait("asha", HERE, at(6)), None);
    }
}
