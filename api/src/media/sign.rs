//! Signed addresses of files: who has one may read the file until it expires, and nothing else.
//!
//! The signature covers workspace, file and expiry with a key derived from the installation's
//! master key. Expiries fall on full five minutes, so that a list that is read twice gives the
//! same address and browsers keep what they have.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha2::Sha256;
use wigwag_model::id::Id as _;
use wigwag_model::{MediaId, Timestamp, WorkspaceId};
use wigwag_store::Keys;

/// Seconds to which expiries are rounded up.
const STEP: i64 = 300;
/// The least time that a fresh address lives.
const LEAST: i64 = 600;

/// Signs and checks addresses.
#[derive(Clone)]
pub(crate) struct Signer {
    key: [u8; 32],
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer(…)")
    }
}

/// The parameters of a signed address.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signed {
    /// The workspace.
    pub(crate) w: WorkspaceId,
    /// When it expires, in seconds since the epoch.
    pub(crate) exp: i64,
    /// The signature.
    pub(crate) sig: String,
}

impl Signer {
    pub(crate) fn new(keys: &Keys) -> Self {
        Self {
            key: keys.derive("media-url"),
        }
    }

    fn mac(&self, workspace: WorkspaceId, media: MediaId, exp: i64) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).ok()?;
        mac.update(workspace.uuid().as_bytes());
        mac.update(media.uuid().as_bytes());
        mac.update(&exp.to_be_bytes());
        Some(mac)
    }

    /// An address that lives ten to fifteen minutes.
    pub(crate) fn url(&self, workspace: WorkspaceId, media: MediaId, now: Timestamp) -> String {
        let exp = ((now.as_micros() / 1_000_000 + LEAST) / STEP + 1) * STEP;
        let sig = self
            .mac(workspace, media, exp)
            .map(|mac| URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
            .unwrap_or_default();
        format!("/api/v1/media/{media}/content?w={workspace}&exp={exp}&sig={sig}")
    }

    /// Whether an address is ours and still lives.
    pub(crate) fn check(&self, signed: &Signed, media: MediaId, now: Timestamp) -> bool {
        let Ok(sig) = URL_SAFE_NO_PAD.decode(&signed.sig) else {
            return false;
        };
        let right = self
            .mac(signed.w, media, signed.exp)
            .is_some_and(|mac| mac.verify_slice(&sig).is_ok());
        right && now < Timestamp::from_seconds(signed.exp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Signed {
        serde_urlencoded::from_str(url.split_once('?').unwrap().1).unwrap()
    }

    #[test]
    fn an_address_opens_one_file_for_a_while() {
        let signer = Signer::new(&Keys::new([9; 32]));
        let now = Timestamp::from_seconds(1_800_000_123);
        let workspace = WorkspaceId::new(now, [1; 10]);
        let (media, other) = (MediaId::new(now, [2; 10]), MediaId::new(now, [3; 10]));
        let signed = parse(&signer.url(workspace, media, now));
        assert!(signer.check(&signed, media, now));
        assert!(!signer.check(&signed, other, now));
        let later = |seconds: i64| Timestamp::from_seconds(1_800_000_123 + seconds);
        assert!(signer.check(&signed, media, later(600)));
        assert!(!signer.check(&signed, media, later(900)));
        let longer = Signed {
            exp: signed.exp + 300,
            ..parse(&signer.url(workspace, media, now))
        };
        assert!(!signer.check(&longer, media, now));
        let elsewhere = Signed {
            w: WorkspaceId::new(now, [4; 10]),
            ..parse(&signer.url(workspace, media, now))
        };
        assert!(!signer.check(&elsewhere, media, now));
        assert!(!Signer::new(&Keys::new([8; 32])).check(&signed, media, now));
    }

    #[test]
    fn a_list_read_twice_gives_one_address() {
        let signer = Signer::new(&Keys::new([9; 32]));
        let at = Timestamp::from_seconds;
        let workspace = WorkspaceId::new(at(1), [1; 10]);
        let media = MediaId::new(at(1), [2; 10]);
        assert_eq!(
            signer.url(workspace, media, at(1_800_000_000)),
            signer.url(workspace, media, at(1_800_000_299))
        );
    }
}
