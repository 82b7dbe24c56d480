//! Whether a body comes from who knows the hook's secret. The one place where that is decided: over
//! the raw bytes, in constant time.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wigwag_meta::signature;
use wigwag_model::hook::{Encoding, Plan, Proof};

use super::{Headers, shopify};

/// Whether the headers prove the body. Shopify: base64 of HMAC-SHA256 in `X-Shopify-Hmac-Sha256`
/// (Shopify: Verify webhook deliveries).
pub(super) fn fits(plan: &Plan, secret: &[u8], headers: &dyn Headers, body: &[u8]) -> bool {
    match plan {
        Plan::Shopify(_) => headers
            .get(shopify::SIGNATURE)
            .and_then(|given| STANDARD.decode(given.trim()).ok())
            .is_some_and(|given| signs(secret, &given, body)),
        Plan::Generic(generic) => {
            let Some(given) = headers.get(generic.proof.header()) else {
                return false;
            };
            match &generic.proof {
                Proof::Secret { .. } => same(secret, given.as_bytes()),
                Proof::HmacSha256 {
                    encoding, prefix, ..
                } => given
                    .trim()
                    .strip_prefix(prefix.as_str())
                    .and_then(|given| match encoding {
                        Encoding::Hex => hex::decode(given).ok(),
                        Encoding::Base64 => STANDARD.decode(given).ok(),
                    })
                    .is_some_and(|given| signs(secret, &given, body)),
            }
        }
    }
}

fn signs(secret: &[u8], given: &[u8], body: &[u8]) -> bool {
    let header = format!("sha256={}", hex::encode(given));
    signature::verify(&[secret], &header, body).is_ok()
}

/// Whether two secrets are the same, without telling by the time where they differ: what is compared
/// are their signatures.
fn same(secret: &[u8], given: &[u8]) -> bool {
    signature::verify(&[secret], &signature::sign(secret, secret), given).is_ok()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use wigwag_model::hook::{Generic, Mapping, Shopify};

    use super::*;

    struct Sent(HashMap<&'static str, String>);

    impl Headers for Sent {
        fn get(&self, name: &str) -> Option<&str> {
            self.0.get(name).map(String::as_str)
        }
    }

    const SECRET: &[u8] = b"shhh";
    const BODY: &[u8] = br#"{"id": 1}"#;

    fn mac(secret: &[u8], body: &[u8]) -> Vec<u8> {
        let text = signature::sign(secret, body);
        hex::decode(text.trim_start_matches("sha256=")).unwrap()
    }

    fn generic(proof: Proof) -> Plan {
        Plan::Generic(Box::new(Generic {
            proof,
            mapping: Mapping::default(),
        }))
    }

    fn tried(plan: &Plan, header: &'static str, value: &str) -> bool {
        fits(
            plan,
            SECRET,
            &Sent(HashMap::from([(header, value.to_owned())])),
            BODY,
        )
    }

    #[test]
    fn shopify_signs_with_base64() {
        let plan = Plan::Shopify(Shopify::default());
        // By `printf '{"id": 1}' | openssl dgst -sha256 -hmac shhh -binary | base64`.
        let right = "xnor2JhL7PwtGKJtfmpXoSFN1ReZaryEhZRkTjpdq8g=";
        assert!(tried(&plan, "x-shopify-hmac-sha256", right));
        for wrong in [
            String::new(),
            "AAAA".to_owned(),
            hex::encode(mac(SECRET, BODY)),
            STANDARD.encode(mac(b"other", BODY)),
            STANDARD.encode(mac(SECRET, b"{\"id\":1}")),
            STANDARD.encode(mac(b"", BODY)),
        ] {
            assert!(!tried(&plan, "x-shopify-hmac-sha256", &wrong), "{wrong}");
        }
        assert!(!tried(&plan, "x-hub-signature-256", right));
    }

    #[test]
    fn others_sign_as_their_plan_says() {
        let hmac = |encoding, prefix: &str| {
            generic(Proof::HmacSha256 {
                header: "x-signature".to_owned(),
                encoding,
                prefix: prefix.to_owned(),
            })
        };
        let (hex_text, base64_text) = (
            hex::encode(mac(SECRET, BODY)),
            STANDARD.encode(mac(SECRET, BODY)),
        );
        let plain = hmac(Encoding::Hex, "");
        assert!(tried(&plain, "x-signature", &hex_text));
        assert!(!tried(&plain, "x-signature", &base64_text));
        assert!(tried(
            &hmac(Encoding::Base64, ""),
            "x-signature",
            &base64_text
        ));
        let prefixed = hmac(Encoding::Hex, "sha256=");
        assert!(tried(
            &prefixed,
            "x-signature",
            &format!("sha256={hex_text}")
        ));
        assert!(!tried(&prefixed, "x-signature", &hex_text));
    }

    #[test]
    fn a_secret_in_a_header_is_the_whole_secret() {
        let plan = generic(Proof::Secret {
            header: "x-secret".to_owned(),
        });
        assert!(tried(&plan, "x-secret", "shhh"));
        for wrong in ["", "s", "shh", "shhhh", "SHHH"] {
            assert!(!tried(&plan, "x-secret", wrong), "{wrong}");
        }
        let none = Sent(HashMap::from([("x-secret", String::new())]));
        assert!(!fits(&plan, b"", &none, BODY), "an empty secret never fits");
    }
}
