//! Signatures of deliveries: Standard Webhooks for our own form, Interakt's for Interakt's.
//!
//! While a secret is being changed the one before signs as well, so that the receiver may change it
//! at any moment of the day: Standard Webhooks has room for several signatures in its header; in
//! Interakt's form the second stands in a header of its own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wigwag_meta::signature::{digest, sign};
use wigwag_model::Timestamp;
use wigwag_model::endpoint::Form;
use wigwag_store::endpoints::Secrets;

/// What the text of a secret begins with (Standard Webhooks, "Signature scheme").
pub(super) const PREFIX: &str = "whsec_";

/// Names and values of headers.
pub type Headers = Vec<(&'static str, String)>;

/// The key of a secret: what its text encodes, or the text itself where it encodes nothing.
fn key(secret: &str) -> Vec<u8> {
    secret
        .strip_prefix(PREFIX)
        .and_then(|text| STANDARD.decode(text).ok())
        .unwrap_or_else(|| secret.as_bytes().to_vec())
}

/// The headers of one try of a delivery: its id, the same in every try, the time of this try and
/// the signatures over both and the body.
pub fn headers(form: Form, secrets: &Secrets, id: &str, now: Timestamp, body: &str) -> Headers {
    let mut headers = vec![("content-type", "application/json".to_owned())];
    let both = [Some(&secrets.current), secrets.previous.as_ref()];
    match form {
        Form::Wigwag => {
            let seconds = now.as_micros().div_euclid(1_000_000).to_string();
            let signed = format!("{id}.{seconds}.{body}");
            let signatures: Vec<String> = both
                .into_iter()
                .flatten()
                .map(|secret| {
                    let mac = digest(&key(secret), signed.as_bytes());
                    format!("v1,{}", STANDARD.encode(mac))
                })
                .collect();
            headers.push(("webhook-id", id.to_owned()));
            headers.push(("webhook-timestamp", seconds));
            headers.push(("webhook-signature", signatures.join(" ")));
        }
        Form::Interakt => {
            let names = ["interakt-signature", "interakt-signature-previous"];
            for (name, secret) in names.into_iter().zip(both.into_iter().flatten()) {
                headers.push((name, sign(secret.as_bytes(), body.as_bytes())));
            }
            // Not Interakt's: by it a receiver knows what it has taken already.
            headers.push(("webhook-id", id.to_owned()));
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    /// HMAC-SHA256 as RFC 2104 defines it, from the hash alone: nothing of what is tested.
    fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
        let mut block = [0_u8; 64];
        if key.len() > 64 {
            block[..32].copy_from_slice(&Sha256::digest(key));
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        let pad = |with: u8| block.map(|byte| byte ^ with);
        let inner = Sha256::new()
            .chain_update(pad(0x36))
            .chain_update(message)
            .finalize();
        let outer = Sha256::new().chain_update(pad(0x5c)).chain_update(inner);
        outer.finalize().to_vec()
    }

    fn secrets(previous: Option<&str>) -> Secrets {
        Secrets {
            // 24 bytes, "a key of twenty-four byt".
            current: "whsec_YSBrZXkgb2YgdHdlbnR5LWZvdXIgYnl0".to_owned().into(),
            previous: previous.map(|text| text.to_owned().into()),
        }
    }

    fn value<'h>(headers: &'h Headers, name: &str) -> Option<&'h str> {
        let found = headers.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    const AT: Timestamp = Timestamp::from_micros(1_674_087_231_999_999);

    #[test]
    fn the_reference_is_right() {
        // RFC 4231, test case 2.
        assert_eq!(
            hex::encode(hmac(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn our_own_form_is_signed_as_standard_webhooks_says() {
        let body = r#"{"type":"message.received"}"#;
        let headers = headers(Form::Wigwag, &secrets(None), "delivery_1", AT, body);
        assert_eq!(value(&headers, "webhook-id"), Some("delivery_1"));
        assert_eq!(value(&headers, "webhook-timestamp"), Some("1674087231"));
        let signed = format!("delivery_1.1674087231.{body}");
        let wanted = hmac(b"a key of twenty-four byt", signed.as_bytes());
        let wanted = format!("v1,{}", STANDARD.encode(wanted));
        assert_eq!(value(&headers, "webhook-signature"), Some(wanted.as_str()));
    }

    #[test]
    fn both_secrets_sign_while_one_is_changed() {
        let both = secrets(Some("whsec_b2xk"));
        let signed = headers(Form::Wigwag, &both, "d", AT, "{}");
        let text = value(&signed, "webhook-signature").unwrap();
        let parts: Vec<&str> = text.split(' ').collect();
        let of = |key: &[u8]| format!("v1,{}", STANDARD.encode(hmac(key, b"d.1674087231.{}")));
        assert_eq!(parts, [of(b"a key of twenty-four byt"), of(b"old")]);
        let signed = headers(Form::Interakt, &both, "d", AT, "{}");
        let of = |key: &[u8]| format!("sha256={}", hex::encode(hmac(key, b"{}")));
        let current = both.current.as_bytes();
        assert_eq!(
            value(&signed, "interakt-signature"),
            Some(of(current).as_str())
        );
        let before = value(&signed, "interakt-signature-previous");
        assert_eq!(before, Some(of(b"whsec_b2xk").as_str()));
        assert_eq!(value(&signed, "webhook-signature"), None);
    }
}
