//! `X-Hub-Signature-256`: HMAC-SHA256 of the raw body with the app secret.
//!
//! Always over the bytes as they came: parsing and writing again changes escapes and with them the
//! signature. Comparison is constant-time, and every secret is tried even after one has matched.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Name of the header.
pub const HEADER: &str = "x-hub-signature-256";

/// Why a signature is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The header is not `sha256=` and 64 hexadecimal digits.
    #[error("the signature header is not sha256= followed by 64 hexadecimal digits")]
    Malformed,
    /// No secret gives this signature.
    #[error("the signature fits none of the app's secrets")]
    Mismatch,
}

/// The header's value for a body.
pub fn sign(secret: &[u8], body: &[u8]) -> String {
    format!("sha256={}", hex::encode(digest(secret, body)))
}

/// HMAC-SHA256 of some bytes.
pub fn digest(secret: &[u8], bytes: &[u8]) -> [u8; 32] {
    mac(secret, bytes).finalize().into_bytes().into()
}

/// Checks a header against the app's secrets (current first, then previous). Gives the index of the secret
/// that fits. Empty secrets never fit.
pub fn verify<S: AsRef<[u8]>>(
    secrets: &[S],
    header: &str,
    body: &[u8],
) -> Result<usize, SignatureError> {
    let digits = header
        .trim()
        .strip_prefix("sha256=")
        .ok_or(SignatureError::Malformed)?;
    let mut given = [0_u8; 32];
    hex::decode_to_slice(digits, &mut given).map_err(|_| SignatureError::Malformed)?;
    let mut fits = None;
    for (index, secret) in secrets.iter().enumerate() {
        let secret = secret.as_ref();
        // An unset secret must not let anyone sign with the empty key.
        let equal = !secret.is_empty() && mac(secret, body).verify_slice(&given).is_ok();
        if equal && fits.is_none() {
            fits = Some(index);
        }
    }
    fits.ok_or(SignatureError::Mismatch)
}

/// HMAC pads keys up to the hash's block and hashes longer ones; done here, because then nothing can fail.
fn mac(secret: &[u8], body: &[u8]) -> Hmac<Sha256> {
    let mut key = [0_u8; 64];
    if secret.len() <= key.len() {
        key[..secret.len()].copy_from_slice(secret);
    } else {
        key[..32].copy_from_slice(&Sha256::digest(secret));
    }
    let mut mac = Hmac::<Sha256>::new(&key.into());
    mac.update(body);
    mac
}
