//! Who calls: a key by Basic authentication, its user name being the key and its password empty (Interakt:
//! Authentication).
//!
//! Interakt shows its keys as the base64 of `key:` already, and clients differ in whether they encode what they
//! were given: the key as it is, encoded, and encoded twice are one key.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::{alphabet, engine::DecodePaddingMode};

use crate::Api;
use crate::auth::{Caller, api_key};
use crate::problem::{Code, Problem};

/// How often a key may have been encoded.
const LAYERS: usize = 3;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The caller of a request.
pub(super) async fn identify(api: &Api, headers: &HeaderMap) -> Result<Caller, Problem> {
    let key = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(key)
        .ok_or_else(unauthenticated)?;
    api_key::identify(api, &key)
        .await
        .map_err(|problem| match problem.code() {
            Code::Unauthenticated => unauthenticated(),
            _ => problem,
        })
}

fn unauthenticated() -> Problem {
    Problem::new(
        Code::Unauthenticated,
        "Authorization: send `Basic` and an API key that works, as Settings, Developers shows it.",
    )
}

/// The key in a header's value.
fn key(value: &str) -> Option<String> {
    let (scheme, rest) = value.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let mut text = rest.trim().to_owned();
    for _ in 0..LAYERS {
        if text.starts_with(api_key::PREFIX) {
            let name = text.split(':').next().unwrap_or_default();
            return Some(name.to_owned());
        }
        let encoded = text.strip_suffix(':').unwrap_or(&text);
        text = String::from_utf8(LENIENT.decode(encoded).ok()?).ok()?;
    }
    text.starts_with(api_key::PREFIX)
        .then(|| text.split(':').next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn a_key_is_read_in_each_form() {
        let once = STANDARD.encode("ww_abc123:");
        let twice = STANDARD.encode(format!("{once}:"));
        for value in [
            "Basic ww_abc123".to_owned(),
            "Basic ww_abc123:".to_owned(),
            "basic  ww_abc123".to_owned(),
            format!("Basic {once}"),
            format!("Basic {}", once.trim_end_matches('=')),
            format!("Basic {twice}"),
            format!("Basic {}", STANDARD.encode("ww_abc123:secret")),
        ] {
            assert_eq!(key(&value).as_deref(), Some("ww_abc123"), "{value}");
        }
        for value in ["", "Basic", "Bearer ww_abc123", "Basic YTpi", "Basic %%%"] {
            assert_eq!(key(value), None, "{value}");
        }
    }
}
