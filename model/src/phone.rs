//! Phone numbers in E.164, and the spellings by which WhatsApp's ids differ from them.
//!
//! Meta's `wa_id` may differ from what was dialled: Brazilian mobiles without the ninth digit,
//! Mexican ones with an extra 1, Argentine ones with an extra 9. [`Phone`] is the one canonical
//! spelling, so that every spelling finds the same contact.

use std::fmt;

/// A phone number in E.164 (`+919876543210`), canonical among WhatsApp's spellings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

/// Why a text is not a phone number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// No digits, or far too few or many.
    #[error("a phone number has 7 to 15 digits with its country code, like +91 98765 43210")]
    Length,
    /// No country code and no default country to assume.
    #[error("write the number with its country code, like +91 98765 43210")]
    Country,
    /// No such number can exist in its country.
    #[error("no such number can exist in its country: check the digits")]
    Invalid,
}

impl Phone {
    /// Reads what a person typed. Without a `+` the number is taken as one of
    /// `default_country` (ISO 3166 alpha-2) when that gives a possible number.
    ///
    /// # Errors
    /// [`PhoneError`] names what is missing.
    pub fn parse(text: &str, default_country: Option<&str>) -> Result<Self, PhoneError> {
        let digits = digits_of(text);
        if !(5..=17).contains(&digits.len()) {
            return Err(PhoneError::Length);
        }
        let country = default_country.and_then(|code| code.to_ascii_uppercase().parse().ok());
        let trimmed = text.trim();
        if trimmed.starts_with('+') || trimmed.starts_with("00") {
            let international = format!("+{}", digits.trim_start_matches("00"));
            return Self::possible(&international, None);
        }
        if let Some(country) = country
            && let Ok(phone) = Self::possible(trimmed, Some(country))
        {
            return Ok(phone);
        }
        if digits.len() < 8 {
            return Err(PhoneError::Country);
        }
        Self::possible(&format!("+{digits}"), None).map_err(|_| PhoneError::Country)
    }

    /// Reads what a machine states, without guessing: with `+` or `00` a number is international, without
    /// it is one of `country`, and without a country none.
    ///
    /// # Errors
    /// [`PhoneError`] names what is missing.
    pub fn stated(text: &str, country: Option<&str>) -> Result<Self, PhoneError> {
        let trimmed = text.trim();
        if trimmed.starts_with('+') || trimmed.starts_with("00") {
            return Self::parse(trimmed, None);
        }
        let country = country.ok_or(PhoneError::Country)?.to_ascii_uppercase();
        let country = country.parse().map_err(|_| PhoneError::Country)?;
        if !(5..=17).contains(&digits_of(trimmed).len()) {
            return Err(PhoneError::Length);
        }
        Self::possible(trimmed, Some(country))
    }

    fn possible(text: &str, country: Option<phonenumber::country::Id>) -> Result<Self, PhoneError> {
        let number = phonenumber::parse(country, text).map_err(|_| PhoneError::Invalid)?;
        let e164 = number.format().mode(phonenumber::Mode::E164).to_string();
        let digits = digits_of(&e164);
        if !(7..=15).contains(&digits.len()) {
            return Err(PhoneError::Length);
        }
        Ok(Self(format!("+{}", canonical(&digits))))
    }

    /// From a `wa_id` or any digits that Meta states; never refuses, because an inbound message
    /// must not be lost over a spelling. `None` only without digits.
    pub fn from_wa_id(wa_id: &str) -> Option<Self> {
        let digits = digits_of(wa_id);
        (!digits.is_empty()).then(|| Self(format!("+{}", canonical(&digits))))
    }

    /// Calling code (`+91`) and the rest of a number in E.164, when it tells its country.
    pub fn parts(e164: &str) -> Option<(String, String)> {
        let code = phonenumber::parse(None, e164).ok()?.country().code();
        let code = format!("+{code}");
        let rest = e164.strip_prefix(&code)?.to_owned();
        Some((code, rest))
    }

    /// The E.164 text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Digits only, as Meta's `to` takes them.
    pub fn digits(&self) -> &str {
        &self.0[1..]
    }

    /// The country (ISO 3166 alpha-2), when the number tells.
    pub fn country(&self) -> Option<String> {
        let number = phonenumber::parse(None, &self.0).ok()?;
        number.country().id().map(|id| id.as_ref().to_owned())
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a text is a country of the numbering plans, ISO 3166 alpha-2.
pub fn is_country(code: &str) -> bool {
    code.to_ascii_uppercase()
        .parse::<phonenumber::country::Id>()
        .is_ok()
}

fn digits_of(text: &str) -> String {
    text.chars()
        .filter_map(|c| c.to_digit(10))
        .filter_map(|d| char::from_digit(d, 10))
        .collect()
}

/// The one spelling among those that WhatsApp uses for the same number.
fn canonical(digits: &str) -> String {
    // Brazil: 55, two digits of area, then 8 digits for old mobiles; all mobiles have a leading 9 now.
    if let Some(rest) = digits.strip_prefix("55")
        && rest.len() == 10
        && rest.as_bytes()[2] >= b'6'
    {
        return format!("55{}9{}", &rest[..2], &rest[2..]);
    }
    // Mexico: 52 1 and ten digits is the old mobile spelling of 52 and ten digits.
    if let Some(rest) = digits.strip_prefix("521")
        && rest.len() == 10
    {
        return format!("52{rest}");
    }
    // Argentina: mobiles are 54 9 and ten digits; WhatsApp numbers without the 9 are mobiles too.
    if let Some(rest) = digits.strip_prefix("54")
        && rest.len() == 10
        && !rest.starts_with('9')
    {
        return format!("549{rest}");
    }
    digits.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_machine_states_is_not_guessed_at() {
        let stated = |text, country| Phone::stated(text, country).map(|phone| phone.to_string());
        assert_eq!(stated("+91 98000 00001", None).unwrap(), "+919800000001");
        assert_eq!(
            stated("0091 98000 00001", Some("DE")).unwrap(),
            "+919800000001"
        );
        assert_eq!(stated("098000 00001", Some("in")).unwrap(), "+919800000001");
        // As an international number it would be one of Iran.
        assert_eq!(stated("9800000001", None), Err(PhoneError::Country));
        assert_eq!(
            stated("98000 00001", Some("Nowhere")),
            Err(PhoneError::Country)
        );
        assert_eq!(stated("12", Some("IN")), Err(PhoneError::Length));
    }

    #[test]
    fn spellings_of_one_number_are_one_phone() {
        for (a, b) in [
            ("5511987654321", "551187654321"),
            ("5215512345678", "525512345678"),
            ("5491123456789", "541123456789"),
        ] {
            assert_eq!(Phone::from_wa_id(a), Phone::from_wa_id(b), "{a} {b}");
        }
    }

    #[test]
    fn typed_numbers_are_read_with_and_without_country() {
        let wanted = "+919876543210";
        for text in ["+91 98765 43210", "0091 98765-43210", "919876543210"] {
            assert_eq!(Phone::parse(text, None).unwrap().as_str(), wanted, "{text}");
        }
        for text in ["98765 43210", "098765 43210"] {
            assert_eq!(
                Phone::parse(text, Some("IN")).unwrap().as_str(),
                wanted,
                "{text}"
            );
        }
        assert_eq!(Phone::parse("12", None), Err(PhoneError::Length));
        assert_eq!(
            Phone::parse("+44 20 7946 0958", Some("IN"))
                .unwrap()
                .country()
                .as_deref(),
            Some("GB")
        );
    }

    #[test]
    fn a_number_is_parted_after_its_calling_code() {
        for (whole, code, rest) in [
            ("+919876543210", "+91", "9876543210"),
            ("+14155550100", "+1", "4155550100"),
            ("+390612345678", "+39", "0612345678"),
        ] {
            let parts = Phone::parts(whole);
            assert_eq!(parts, Some((code.to_owned(), rest.to_owned())));
        }
        assert_eq!(Phone::parts("9876543210"), None);
    }

    #[test]
    fn a_landline_of_brazil_gains_no_nine() {
        assert_eq!(
            Phone::from_wa_id("551133334444").unwrap().as_str(),
            "+551133334444"
        );
    }
}
