//! Signatures: published vectors, rotation, tampering.

use wigwag_meta::signature::{SignatureError, sign, verify};

/// RFC 4231, cases 1, 2 and 6 (key, data, HMAC-SHA-256).
fn vectors() -> Vec<(Vec<u8>, &'static [u8], &'static str)> {
    vec![
        (
            vec![0x0b; 20],
            b"Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            b"Jefe".to_vec(),
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            vec![0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ]
}

#[test]
fn published_vectors() {
    for (key, data, digest) in vectors() {
        assert_eq!(sign(&key, data), format!("sha256={digest}"));
        assert_eq!(verify(&[&key], &format!("sha256={digest}"), data), Ok(0));
        assert_eq!(
            verify(&[&key], &format!("sha256={}", digest.to_uppercase()), data),
            Ok(0)
        );
    }
}

#[test]
fn the_previous_secret_still_fits_and_is_named() {
    let body = br#"{"object":"whatsapp_business_account","entry":[]}"#;
    let header = sign(b"previous", body);
    assert_eq!(verify(&["current", "previous"], &header, body), Ok(1));
    assert_eq!(
        verify(&["current"], &header, body),
        Err(SignatureError::Mismatch)
    );
}

#[test]
fn one_changed_bit_anywhere_is_refused() {
    let body = "{\"text\":\"gr\\u00fc\u{df}e\"}".as_bytes().to_vec();
    let header = sign(b"secret", &body);
    for index in 0..body.len() {
        let mut changed = body.clone();
        changed[index] ^= 1;
        assert_eq!(
            verify(&["secret"], &header, &changed),
            Err(SignatureError::Mismatch)
        );
    }
    for index in "sha256=".len()..header.len() {
        let mut changed = header.clone().into_bytes();
        changed[index] = if changed[index] == b'0' { b'1' } else { b'0' };
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(
            verify(&["secret"], &changed, &body),
            Err(SignatureError::Mismatch)
        );
    }
    // Parsing and writing again changes the bytes, hence the signature.
    let value: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let again = serde_json::to_vec(&value).unwrap();
    assert_eq!(
        verify(&["secret"], &header, &again),
        Err(SignatureError::Mismatch)
    );
}

#[test]
fn malformed_headers_and_empty_secrets() {
    let full = sign(b"secret", b"{}");
    for header in [
        "",
        "sha256=",
        "sha1=abcd",
        &full[7..],
        &full[..70],
        "sha256=zz",
        &format!("{full}00"),
    ] {
        assert_eq!(
            verify(&["secret"], header, b"{}"),
            Err(SignatureError::Malformed),
            "{header}"
        );
    }
    let by_nobody = sign(b"", b"{}");
    assert_eq!(
        verify(&[""], &by_nobody, b"{}"),
        Err(SignatureError::Mismatch)
    );
    assert_eq!(
        verify::<&str>(&[], &full, b"{}"),
        Err(SignatureError::Mismatch)
    );
}
