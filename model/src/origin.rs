//! Origins of web pages (RFC 6454): scheme, host and port, compared as a whole and letter by letter.
//!
//! An origin says from which site a browser was asked. It is no proof against programs that are no
//! browser: those write whatever header they like.

use std::fmt;

use url::Url;

/// An origin as browsers write it: `https://shop.example`, the port only where it is not the usual one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

/// Why a text is no origin; the words say the mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// It is no address at all.
    #[error("write the site's address with its scheme, like https://shop.example")]
    Address,
    /// Neither http nor https.
    #[error("an origin begins with https:// or http://")]
    Scheme,
    /// A path, a query or a user's name.
    #[error("write scheme, host and port only, without a path: https://shop.example")]
    Rest,
    /// A `*` in the host.
    #[error("a site is named exactly, without *: add each of its names")]
    Wildcard,
}

impl Origin {
    /// Reads what a person typed. A slash at the end is passed over.
    ///
    /// # Errors
    /// [`OriginError`] says the mend.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        if text.contains('*') {
            return Err(OriginError::Wildcard);
        }
        let url = Url::parse(text.trim()).map_err(|_| OriginError::Address)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(OriginError::Scheme);
        }
        let bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !bare {
            return Err(OriginError::Rest);
        }
        Ok(Self(url.origin().ascii_serialization()))
    }

    /// The origin as browsers write it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_do() {
        for (text, origin) in [
            ("https://shop.example", "https://shop.example"),
            (" HTTPS://Shop.Example/ ", "https://shop.example"),
            ("https://shop.example:443", "https://shop.example"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://[::1]:80", "http://[::1]"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(Origin::parse(text).unwrap().as_str(), origin, "{text}");
        }
    }

    #[test]
    fn what_is_more_or_less_than_an_origin_is_refused() {
        use OriginError::{Address, Rest, Scheme, Wildcard};
        for (text, error) in [
            ("", Address),
            ("shop.example", Address),
            ("null", Address),
            ("https://", Address),
            ("ftp://shop.example", Scheme),
            ("file:///index.html", Scheme),
            ("https://shop.example/cart", Rest),
            ("https://shop.example?a", Rest),
            ("https://shop.example#a", Rest),
            ("https://me@shop.example", Rest),
            ("https://*.shop.example", Wildcard),
            ("*", Wildcard),
        ] {
            assert_eq!(Origin::parse(text), Err(error), "{text}");
        }
    }
}
