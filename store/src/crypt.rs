//! Secrets at rest: XChaCha20-Poly1305, bound to workspace, table, row and field.
//!
//! A ciphertext is version, nonce, data. The additional data names the place it belongs to, so
//! that a ciphertext copied into another row does not open. Each workspace has its own data key,
//! wrapped by the installation's master key, which lives outside the database.

use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::mint::Mint;

const VERSION: u8 = 1;
const NONCE: usize = 24;

/// A secret as it is stored.
pub type Sealed = Vec<u8>;

/// The installation's master key. Its `Debug` shows nothing.
#[derive(Clone)]
pub struct Keys {
    master: Arc<Zeroizing<[u8; 32]>>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// From the 32 bytes of the master key.
    pub fn new(master: [u8; 32]) -> Self {
        Self {
            master: Arc::new(Zeroizing::new(master)),
        }
    }

    /// The key for instance tables (apps).
    pub fn instance(&self) -> DataKey {
        DataKey {
            key: self.master.clone(),
            owner: Uuid::nil(),
        }
    }

    /// A new data key for a workspace, and the same wrapped for `workspaces.data_key`.
    ///
    /// # Errors
    /// [`Error::Sealed`] when encryption fails, which no input causes.
    pub fn new_data_key(&self, mint: &Mint, workspace: Uuid) -> Result<(DataKey, Sealed)> {
        let raw = Zeroizing::new(mint.random::<32>());
        let wrapped =
            self.instance()
                .seal(mint, "workspaces", workspace.as_bytes(), "data_key", &*raw)?;
        Ok((
            DataKey {
                key: Arc::new(raw),
                owner: workspace,
            },
            wrapped,
        ))
    }

    /// Unwraps a workspace's data key.
    ///
    /// # Errors
    /// [`Error::Sealed`] when the master key is another one or the bytes are damaged.
    pub fn data_key(&self, workspace: Uuid, wrapped: &[u8]) -> Result<DataKey> {
        let raw = self
            .instance()
            .open("workspaces", workspace.as_bytes(), "data_key", wrapped)?;
        let raw: [u8; 32] = raw.as_slice().try_into().map_err(|_| Error::Sealed)?;
        Ok(DataKey {
            key: Arc::new(Zeroizing::new(raw)),
            owner: workspace,
        })
    }

    /// A digest of a personal value (a phone number, say) that tells the same value again and cannot be
    /// guessed at without the master key. `kind` tells apart what is digested.
    pub(crate) fn digest(&self, workspace: Uuid, kind: &str, value: &str) -> Vec<u8> {
        // The key goes in twice, as HMAC does: nobody can lengthen what was digested.
        let key = self.derive("personal values");
        let mut inner = Sha256::new();
        inner.update(key);
        inner.update(workspace.as_bytes());
        inner.update(kind.as_bytes());
        inner.update([0]);
        inner.update(value.as_bytes());
        let mut outer = Sha256::new();
        outer.update(key);
        outer.update(inner.finalize());
        outer.finalize().to_vec()
    }

    /// 32 bytes derived from the master key for one purpose (signed media URLs and the like).
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(self.master.as_slice());
        digest.update([0]);
        digest.update(purpose.as_bytes());
        digest.finalize().into()
    }
}

/// A key that seals and opens the secrets of one workspace, or of the installation.
#[derive(Clone)]
pub struct DataKey {
    key: Arc<Zeroizing<[u8; 32]>>,
    owner: Uuid,
}

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(…)")
    }
}

impl DataKey {
    fn place(&self, table: &str, row: &[u8], field: &str) -> Vec<u8> {
        let mut place = self.owner.as_bytes().to_vec();
        for part in [table.as_bytes(), row, field.as_bytes()] {
            place.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            place.extend_from_slice(part);
        }
        place
    }

    /// Encrypts a secret for one field of one row.
    ///
    /// # Errors
    /// [`Error::Sealed`] when encryption fails, which no input causes.
    pub fn seal(
        &self,
        mint: &Mint,
        table: &str,
        row: &[u8],
        field: &str,
        secret: &[u8],
    ) -> Result<Sealed> {
        let nonce: [u8; NONCE] = mint.random();
        let cipher = XChaCha20Poly1305::new(&Key::from(**self.key));
        let aad = self.place(table, row, field);
        let data = cipher
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: secret,
                    aad: &aad,
                },
            )
            .map_err(|_| Error::Sealed)?;
        Ok([&[VERSION][..], &nonce, &data].concat())
    }

    /// Decrypts what [`DataKey::seal`] made for the same place.
    ///
    /// # Errors
    /// [`Error::Sealed`] for another key, another place, another version or damage.
    pub fn open(
        &self,
        table: &str,
        row: &[u8],
        field: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        let (head, data) = sealed.split_at_checked(1 + NONCE).ok_or(Error::Sealed)?;
        if head[0] != VERSION {
            return Err(Error::Sealed);
        }
        let nonce: [u8; NONCE] = head[1..].try_into().map_err(|_| Error::Sealed)?;
        let cipher = XChaCha20Poly1305::new(&Key::from(**self.key));
        let aad = self.place(table, row, field);
        cipher
            .decrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: data,
                    aad: &aad,
                },
            )
            .map(Zeroizing::new)
            .map_err(|_| Error::Sealed)
    }
}

/// The hash under which a random token of at least 128 bits (session, API key, one-time link) is
/// kept. Such tokens need no salt: nobody can guess them.
pub fn hash_token(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wigwag_model::{ManualClock, Timestamp};

    fn mint() -> Mint {
        Mint::new(
            Arc::new(ManualClock::new(Timestamp::from_seconds(1))),
            [7; 32],
        )
    }

    #[test]
    fn a_secret_opens_only_in_its_place() {
        let mint = mint();
        let keys = Keys::new([1; 32]);
        let workspace = Uuid::from_u128(5);
        let (key, wrapped) = keys.new_data_key(&mint, workspace).unwrap();
        let sealed = key
            .seal(&mint, "wabas", b"row1", "access_token", b"EAAB")
            .unwrap();
        let again = keys.data_key(workspace, &wrapped).unwrap();
        assert_eq!(
            again
                .open("wabas", b"row1", "access_token", &sealed)
                .unwrap()
                .as_slice(),
            b"EAAB"
        );
        assert!(
            again
                .open("wabas", b"row2", "access_token", &sealed)
                .is_err()
        );
        assert!(again.open("wabas", b"row1", "other", &sealed).is_err());
        assert!(
            keys.instance()
                .open("wabas", b"row1", "access_token", &sealed)
                .is_err()
        );
        assert!(Keys::new([2; 32]).data_key(workspace, &wrapped).is_err());
        assert!(keys.data_key(Uuid::from_u128(6), &wrapped).is_err());
    }

    #[test]
    fn a_digest_tells_one_value_of_one_workspace() {
        let keys = Keys::new([1; 32]);
        let digest = |workspace: u128, kind: &str, value: &str| {
            keys.digest(Uuid::from_u128(workspace), kind, value)
        };
        let one = digest(5, "phone", "+919876543210");
        assert_eq!(one, digest(5, "phone", "+919876543210"));
        for other in [
            digest(6, "phone", "+919876543210"),
            digest(5, "user_id", "+919876543210"),
            digest(5, "phone", "+919876543211"),
            Keys::new([2; 32]).digest(Uuid::from_u128(5), "phone", "+919876543210"),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(
            format!(
                "{:?} {:?}",
                Keys::new([3; 32]),
                Keys::new([3; 32]).instance()
            ),
            "Keys(…) DataKey(…)"
        );
    }
}
