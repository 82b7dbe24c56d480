//! Random texts that open doors, and the hashes of them that are stored.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::Api;

/// `N` random bytes as text for cookies and links.
pub fn random_text<const N: usize>(api: &Api) -> String {
    URL_SAFE_NO_PAD.encode(api.db().mint().random::<N>())
}

/// What is stored of a token or key.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Lower-case Crockford digits: no letters that are mistaken for another when read out.
pub fn base32(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut text = String::new();
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(DIGITS[((held >> bits) & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(DIGITS[((held << (5 - bits)) & 31) as usize]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_bytes_are_thirty_two_digits() {
        assert_eq!(base32(&[0xff; 20]), "z".repeat(32));
        assert_eq!(base32(&[0; 20]).len(), 32);
    }
}
