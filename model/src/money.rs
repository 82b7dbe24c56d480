//! Currencies. Amounts of money are `i64` millionths ("micros") with a currency beside them; amounts
//! of different currencies are never added.

use std::fmt;

/// A currency: the three letters of ISO 4217.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The dollar of the United States, in which a card of Meta's covers every market.
    pub const USD: Self = Self(*b"USD");

    /// Reads three letters of either case.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 3] = text.trim().as_bytes().try_into().ok()?;
        letters
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Self(letters.map(|letter| letter.to_ascii_uppercase())))
    }

    /// The three letters.
    pub fn as_str(&self) -> &str {
        // Letters of ASCII are UTF-8; the empty text is there for the type.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a currency has three letters"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_letters_and_nothing_else() {
        assert_eq!(Currency::parse("inr").unwrap().as_str(), "INR");
        assert_eq!(Currency::parse(" USD "), Some(Currency::USD));
        for text in ["", "US", "US1", "DOLLAR", "₹"] {
            assert_eq!(Currency::parse(text), None, "{text}");
        }
    }
}
