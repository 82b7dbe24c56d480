//! Identifiers in Meta's forms, derived from the seed.
//!
//! The n-th identifier of a kind depends on the seed, the boot count of the data folder and n, never
//! on time, so that a run can be repeated. Nothing here is secret.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A source of repeatable identifiers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Ids {
    seed: u64,
    /// Counts the starts of a data folder: what was handed out after the last snapshot is not
    /// handed out again.
    boot: u64,
    object: u64,
    message: u64,
    trace: u64,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            boot: 0,
            object: 0,
            message: 0,
            trace: 0,
        }
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// Called when a stored state is loaded.
    pub(crate) fn set_boot(&mut self, boot: u64) {
        self.boot = boot;
    }

    fn digest(&self, kind: &str, n: u64) -> [u8; 32] {
        digest(self.seed, &format!("{}/{kind}/{n}", self.boot))
    }

    /// A decimal object id of 15 or 16 digits.
    pub(crate) fn object(&mut self) -> String {
        self.object += 1;
        let n = number(&self.digest("object", self.object));
        (100_000_000_000_000 + n % 2_000_000_000_000_000).to_string()
    }

    /// A message id: `wamid.` and base64 of direction, phone digits and a random part.
    pub(crate) fn wamid(&mut self, phone_digits: &str, from_business: bool) -> String {
        self.message += 1;
        let random = self.digest("wamid", self.message);
        let mut raw = Vec::with_capacity(64);
        raw.extend([0x1d, 0x18, phone_digits.len() as u8]);
        raw.extend(phone_digits.as_bytes());
        raw.extend([0x15, 0x02, 0x00]);
        raw.extend(if from_business {
            [0x11, 0x18, 0x12]
        } else {
            [0x12, 0x18, 0x14]
        });
        let tail = hex::encode_upper(random);
        raw.extend(&tail.as_bytes()[..if from_business { 18 } else { 20 }]);
        raw.push(0);
        format!("wamid.{}", STANDARD.encode(raw))
    }

    /// The `fbtrace_id` of an error.
    pub(crate) fn trace(&mut self) -> String {
        self.trace += 1;
        format!(
            "A{}",
            URL_SAFE_NO_PAD.encode(&self.digest("trace", self.trace)[..16])
        )
    }

    /// A number from 0 up to `below`, one per call, repeatable.
    pub(crate) fn below(&mut self, below: u64) -> u64 {
        self.object += 1;
        number(&self.digest("pick", self.object)) % below.max(1)
    }

    /// A hex secret of 32 characters.
    pub(crate) fn secret(&mut self) -> String {
        self.object += 1;
        hex::encode(&self.digest("secret", self.object)[..16])
    }

    /// An access token in Meta's look.
    pub(crate) fn access_token(&mut self) -> String {
        self.object += 1;
        let raw = self.digest("token", self.object);
        let more = digest(self.seed, &hex::encode(raw));
        let text = hex::encode_upper(raw) + &hex::encode(more);
        format!("EAA{}", &text[..120])
    }

    /// An upload handle of the resumable upload.
    pub(crate) fn handle(&mut self) -> String {
        self.object += 1;
        format!(
            "4::aW{}",
            URL_SAFE_NO_PAD.encode(self.digest("handle", self.object))
        )
    }
}

/// SHA-256 over the seed and a label.
pub(crate) fn digest(seed: u64, label: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(seed.to_be_bytes());
    hasher.update(label.as_bytes());
    hasher.finalize().into()
}

fn number(digest: &[u8; 32]) -> u64 {
    digest[..8]
        .iter()
        .fold(0, |n, byte| n << 8 | u64::from(*byte))
}

/// The business-scoped user id of a person in a portfolio: country, dot, digits.
pub(crate) fn user_id(seed: u64, portfolio_id: &str, person_id: &str, country: &str) -> String {
    let raw = digest(seed, &format!("bsuid/{portfolio_id}/{person_id}"));
    let digits = u128::from(number(&raw)) * 100 + u128::from(raw[9] % 100);
    format!("{country}.{:020}", digits % 100_000_000_000_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        let (mut a, mut b, mut c) = (Ids::new(7), Ids::new(7), Ids::new(8));
        assert_eq!(a.object(), b.object());
        assert_eq!(a.wamid("919800000000", true), b.wamid("919800000000", true));
        assert_ne!(a.wamid("919800000000", true), c.wamid("919800000000", true));
        assert!(a.wamid("15551234567", false).starts_with("wamid.HRgL"));
    }

    #[test]
    fn a_new_boot_gives_new_ids() {
        let (mut a, mut b) = (Ids::new(7), Ids::new(7));
        b.set_boot(1);
        assert_ne!(a.wamid("1", true), b.wamid("1", true));
    }
}
